"""TIFF: the first directory, and how many follow."""

from __future__ import annotations

import struct

from photoscan.errors import CorruptPhotoError
from photoscan.headers.base import MAX_STEPS, Header, exif_orientation


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    order = "<" if data[:2] == b"II" else ">"
    if struct.unpack_from(order + "H", data, 2)[0] != 42:
        raise CorruptPhotoError("problem.photo.bigtiff")
    (at,) = struct.unpack_from(order + "I", data, 4)
    seen: set[int] = set()
    first: tuple[int, int] | None = None
    while at and at not in seen and len(seen) < MAX_STEPS:
        seen.add(at)
        (count,) = struct.unpack_from(order + "H", data, at)
        if first is None:
            tags = {}
            for i in range(count):
                tag, kind, _ = struct.unpack_from(order + "HHI", data, at + 2 + 12 * i)
                form = {1: "B", 3: "H", 4: "I"}.get(kind)
                if form:
                    tags[tag] = struct.unpack_from(order + form, data, at + 10 + 12 * i)[0]
            first = tags.get(0x0100, 0), tags.get(0x0101, 0)
        if at + 2 + 12 * count + 4 > len(data):
            break
        (at,) = struct.unpack_from(order + "I", data, at + 2 + 12 * count)
    if first is None:
        raise ValueError("no image")
    return Header(*first, exif_orientation(data), len(seen))
