"""MP4 and QuickTime films: size and turn of the first track of pictures that is shown (ISO 14496-12, 8.3.2)."""

from __future__ import annotations

import struct

from photoscan.headers.base import Header
from photoscan.headers.boxes import box, boxes

_TURNS = {(0, 1, -1, 0): 6, (-1, 0, 0, -1): 3, (0, -1, 1, 0): 8, (-1, 0, 0, 1): 2, (1, 0, 0, -1): 4}
"""Signs of a track's matrix (a, b, c, d) to EXIF's orientation; anything else is shown as it stands."""


def read(data: bytes) -> Header:
    """The header; without a size where there is only sound. ValueError or struct.error where there is no movie box."""
    first = None
    for kind, _, body, end in boxes(data, *box(data, 0, len(data), b"moov")):
        if kind == b"trak" and (found := _shown(data, body, end)):
            if found[1]:
                return found[0]
            first = first or found[0]
    return first or Header(0, 0, sized=False)


def _shown(data: bytes, start: int, end: int) -> tuple[Header, bool] | None:
    """A track's size and turn, and whether it is enabled; None for one that has no pictures."""
    handler, _ = box(data, *box(data, start, end, b"mdia"), b"hdlr")
    if data[handler + 8 : handler + 12] != b"vide":
        return None
    at, _ = box(data, start, end, b"tkhd")
    enabled = bool(data[at + 3] & 1)
    at += 52 if data[at] else 40
    a, b, _, c, d = struct.unpack_from(">5i", data, at)
    width, height = struct.unpack_from(">II", data, at + 36)
    signs = tuple((n > 0) - (n < 0) for n in (a, b, c, d))
    if not width >> 16 or not height >> 16:
        return None
    return Header(width >> 16, height >> 16, _TURNS.get(signs, 1)), enabled
