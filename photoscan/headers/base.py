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


_WHOLE = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I"}
_XMP_NAME = b"tiff:Orientation"


def exif_orientation(tiff: bytes) -> int | None:
    """The orientation tag of IFD0 in a TIFF structure, whatever type of whole number it has; 1 for nonsense, None
    where there is none.
    """
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for i in range(min(count, 500)):
            tag, kind = struct.unpack_from(order + "HH", tiff, at + 2 + 12 * i)
            if tag == 0x0112 and kind in _WHOLE and at + 14 + 12 * i <= len(tiff):
                (value,) = struct.unpack_from(order + _WHOLE[kind], tiff, at + 10 + 12 * i)
                return int(value) if 1 <= value <= 8 else 1
    except (KeyError, struct.error):
        pass
    return None


def xmp_orientation(packet: bytes) -> int | None:
    """The property tiff:Orientation of an XMP packet; 1 for nonsense, None where there is none."""
    at = packet.find(_XMP_NAME)
    while at >= 0:
        behind = packet[at + len(_XMP_NAME) : at + len(_XMP_NAME) + 3].removeprefix(b"=").lstrip(b"\"'>")[:1]
        if behind.isdigit():
            return int(behind) if b"1" <= behind <= b"8" else 1
        at = packet.find(_XMP_NAME, at + 1)
    return None


def first(*said: int | None) -> int:
    """The first orientation that was said; 1 where none was."""
    return next((value for value in said if value is not None), 1)
