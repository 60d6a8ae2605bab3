"""WebP: the canvas, or the frame of a simple file (RFC 9649)."""

from __future__ import annotations

import struct

from photoscan.headers.base import MAX_STEPS, Header, exif_orientation


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    width = height = 0
    orientation, frames, at = 1, 0, 12
    for _ in range(MAX_STEPS):
        if at + 8 > len(data):
            break
        kind, length = struct.unpack_from("<4sI", data, at)
        body = at + 8
        if kind == b"VP8X":
            width = int.from_bytes(data[body + 4 : body + 7], "little") + 1
            height = int.from_bytes(data[body + 7 : body + 10], "little") + 1
        elif kind == b"VP8 " and not width:
            width, height = (v & 0x3FFF for v in struct.unpack_from("<HH", data, body + 6))
        elif kind == b"VP8L" and not width:
            (bits,) = struct.unpack_from("<I", data, body + 1)
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"ANMF":
            frames += 1
        elif kind == b"EXIF":
            tiff = data[body : body + length]
            orientation = exif_orientation(tiff.removeprefix(b"Exif\0\0"))
        at = body + length + (length & 1)
    return Header(width, height, orientation, max(1, frames))
