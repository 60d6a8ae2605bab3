"""WebP: the canvas, or the frame of a simple file (RFC 9649)."""

from __future__ import annotations

import struct

from photoscan.headers.base import MAX_STEPS, Header, exif_orientation, first, xmp_orientation


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    width = height = 0
    frames, at, announced = 0, 12, 0
    exif: int | None = None
    xmp: int | None = None
    for _ in range(MAX_STEPS):
        if at + 8 > len(data):
            break
        kind, length = struct.unpack_from("<4sI", data, at)
        body = at + 8
        if kind == b"VP8X":
            announced = data[body]
            width = int.from_bytes(data[body + 4 : body + 7], "little") + 1
            height = int.from_bytes(data[body + 7 : body + 10], "little") + 1
        elif kind == b"VP8 " and not width:
            width, height = (v & 0x3FFF for v in struct.unpack_from("<HH", data, body + 6))
        elif kind == b"VP8L" and not width:
            (bits,) = struct.unpack_from("<I", data, body + 1)
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"ANMF":
            frames += 1
        # As libwebp does it, EXIF and XMP count only where the file's head announces them.
        elif kind == b"EXIF" and exif is None and announced & 0x08:
            exif = exif_orientation(data[body : body + length].removeprefix(b"Exif\0\0"))
        elif kind == b"XMP " and xmp is None and announced & 0x04:
            xmp = xmp_orientation(data[body : body + length])
        at = body + length + (length & 1)
    return Header(width, height, first(exif, xmp), max(1, frames))
