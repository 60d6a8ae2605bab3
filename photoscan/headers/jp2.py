"""JPEG 2000: the image header."""

from __future__ import annotations

import struct

from photoscan.headers.base import Header
from photoscan.headers.boxes import box


def read(data: bytes) -> Header:
    """The image header box, or SIZ of a bare codestream (ISO 15444-1)."""
    if data.startswith(b"\xff\x4f"):
        right, bottom, left, top = struct.unpack_from(">IIII", data, 8)
        return Header(right - left, bottom - top)
    body, end = box(data, 0, len(data), b"jp2h")
    height, width = struct.unpack_from(">II", data, box(data, body, end, b"ihdr")[0])
    return Header(width, height)
