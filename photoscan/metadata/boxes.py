"""ISO base media boxes (ISO 14496-12): length, type, content; also used by JPEG 2000, JPEG XL and JUMBF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from photoscan.headers import boxes as whole


class Box(NamedTuple):
    """One box: its type, where it starts, where its content begins, and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int

    @property
    def name(self) -> str:
        """The type in printable characters."""
        return "".join(c if c.isprintable() else "?" for c in self.kind.decode("latin-1")).strip()


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Each whole box in a range, up to the first that makes no sense."""
    end = len(data) if end is None else min(end, len(data))
    return (Box(*row) for row in whole.boxes(data, max(0, start), end))


def find(data: bytes, path: tuple[bytes, ...], start: int = 0, end: int | None = None) -> Box | None:
    """The first box at the end of a path of types."""
    for box in boxes(data, start, end):
        if box.kind == path[0]:
            return box if len(path) == 1 else find(data, path[1:], box.body, box.end)
    return None
