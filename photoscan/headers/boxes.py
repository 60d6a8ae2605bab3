"""ISO base media boxes (ISO 14496-12), as far as headers and the readers of metadata go by them."""

from __future__ import annotations

import struct

from photoscan.headers.base import MAX_STEPS


def boxes(data: bytes, start: int, end: int) -> list[tuple[bytes, int, int, int]]:
    """The whole ISOBMFF boxes in a range of bytes: (type, start, start of the body, end).

    What follows the last whole box is no box: data behind the photo, or a cut.
    """
    found: list[tuple[bytes, int, int, int]] = []
    while start + 8 <= end and len(found) < MAX_STEPS:
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            break
        found.append((kind, start, body, start + size))
        start += size
    return found


def box(data: bytes, start: int, end: int, name: bytes) -> tuple[int, int]:
    """Where the content of the first box of a type begins and ends; ValueError where there is none."""
    for kind, _, body, stop in boxes(data, start, end):
        if kind == name:
            return body, stop
    raise ValueError("missing box")
