"""JPEG: the frame header, and the orientation in front of the first scan."""

from __future__ import annotations

import struct

from photoscan.headers.base import Header, exif_orientation, first, xmp_orientation

MAX_SEGMENTS = 1_000_000
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    at = 2
    size: tuple[int, int] | None = None
    exif: int | None = None
    xmp: int | None = None
    for _ in range(MAX_SEGMENTS):
        at = data.find(b"\xff", at)
        while 0 <= at < len(data) and data[at] == 0xFF:
            at += 1
        if at < 0 or at + 3 > len(data):
            break
        marker = data[at]
        at += 1
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            continue
        # Decoders know which way is up before the first scan.
        if marker in (0xD9, 0xDA):
            break
        (length,) = struct.unpack_from(">H", data, at)
        if marker == 0xE1:
            body = data[at + 2 : at + length]
            if body.startswith(_EXIF) and exif is None:
                exif = exif_orientation(body[len(_EXIF) :])
            elif body.startswith(_XMP) and xmp is None:
                xmp = xmp_orientation(body)
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and size is None:
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = width, height
        at += length
    if size is None:
        raise ValueError("no frame")
    return Header(*size, first(exif, xmp))
