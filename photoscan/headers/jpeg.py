"""JPEG: the frame header, and the orientation in front of it."""

from __future__ import annotations

import struct

from photoscan.headers.base import MAX_STEPS, Header, exif_orientation


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    at, orientation, size = 2, 1, None
    for _ in range(MAX_STEPS):
        at = data.index(b"\xff", at)
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            continue
        if marker == 0xD9:
            break
        (length,) = struct.unpack_from(">H", data, at)
        body = data[at + 2 : at + length]
        if marker == 0xE1 and body[:6] == b"Exif\0\0" and orientation == 1:
            orientation = exif_orientation(body[6:])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            size = struct.unpack_from(">HH", body, 1)
            # Orientation stands before the frame in every file that decoders agree on.
            return Header(size[1], size[0], orientation)
        if marker == 0xDA:
            break
        at += length
    raise ValueError("no frame")
