"""ISO base media boxes (ISO 14496-12) for the strippers, which share no code with the readers that check them."""

from __future__ import annotations

import struct

MAX_BOXES = 20_000
Found = tuple[bytes, int, int, int]
"""Type, where the box starts, where its content begins, where it ends."""


def boxes(data: bytes, at: int, end: int) -> list[Found]:
    """The whole boxes of a range; what follows the last whole one is no box: data behind the picture, or a cut."""
    found: list[Found] = []
    while at + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if length == 1 and at + 16 <= end:
            (length,) = struct.unpack_from(">Q", data, body)
            body += 8
        elif length == 0:
            length = end - at
        if length < body - at or at + length > end:
            break
        if len(found) >= MAX_BOXES:
            raise ValueError("too many boxes")
        found.append((kind, at, body, at + length))
        at += length
    return found


def box(kind: bytes, *content: bytes) -> bytes:
    """A box around content."""
    length = 8 + sum(map(len, content))
    if length >= 1 << 32:
        return b"".join((struct.pack(">I4sQ", 1, kind, length + 8), *content))
    return b"".join((struct.pack(">I4s", length, kind), *content))


def full_box(kind: bytes, version: int, flags: int, *content: bytes) -> bytes:
    """A box with version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *content)
