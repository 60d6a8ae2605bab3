"""JPEG 2000: the size of the first codestream."""

from __future__ import annotations

import struct

from photoscan.headers.base import Header
from photoscan.headers.boxes import box, boxes

_CODESTREAM = b"\xff\x4f\xff\x51"


def read(data: bytes) -> Header:
    """Size by SIZ (ISO 15444-1, A.5.1), as decoders see it; without a codestream by the image header box (I.5.3.1)."""
    if data.startswith(_CODESTREAM):
        return Header(*_size(data, 0))
    body, end = box(data, 0, len(data), b"jp2h")
    height, width = struct.unpack_from(">II", data, box(data, body, end, b"ihdr")[0])
    for kind, _, start, stop in boxes(data, 0, len(data)):
        if kind == b"jp2c" and stop - start > 24 and data.startswith(_CODESTREAM, start):
            if _size(data, start) != (width, height):
                raise ValueError("two sizes")
            break
    return Header(width, height)


def _size(data: bytes, start: int) -> tuple[int, int]:
    right, bottom, left, top = struct.unpack_from(">IIII", data, start + 8)
    return right - left, bottom - top
