"""What a header says, and what several containers share in saying it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAX_STEPS = 100_000
"""Segments, chunks, boxes or frames looked at before a file counts as broken."""


@dataclass(frozen=True, slots=True)
class Header:
    """Stored width and height in pixels, the EXIF orientation (1..8) and the number of frames or pages.

    `sized`: whether it has a size of its own; without one width and height are 0. `whole`: False where it is seen here
    that the file ends early. `seen`: False where nothing in the file can be looked at that stands for the photo.
    """

    width: int
    height: int
    orientation: int = 1
    frames: int = 1
    sized: bool = True
    whole: bool = True
    seen: bool = True


def exif_orientation(tiff: bytes) -> int:
    """The orientation tag of IFD0 in a TIFF structure; 1 where there is none or it is nonsense."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for i in range(min(count, 1000)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at + 2 + 12 * i)
            if tag == 0x0112 and kind == 3 and 1 <= value <= 8:
                return int(value)
    except (KeyError, struct.error):
        pass
    return 1
