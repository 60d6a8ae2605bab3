"""BMP: the information header."""

from __future__ import annotations

import struct

from photoscan.headers.base import Header


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return Header(width, abs(height))
