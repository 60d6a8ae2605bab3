"""PNG: IHDR, the number of frames and the orientation in chunks."""

from __future__ import annotations

import struct

from photoscan.headers.base import MAX_STEPS, Header, exif_orientation


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    width, height = struct.unpack_from(">II", data, 16)
    orientation, frames, at = 1, 1, 8
    for _ in range(MAX_STEPS):
        if at + 8 > len(data):
            break
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"acTL":
            frames = max(1, struct.unpack_from(">I", data, at + 8)[0])
        elif kind == b"eXIf":
            orientation = exif_orientation(data[at + 8 : at + 8 + length])
        elif kind == b"IEND":
            break
        at += 12 + length
    return Header(width, height, orientation, frames)
