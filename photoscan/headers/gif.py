"""GIF: the screen, grown by frames that are larger as decoders do, and how many images follow."""

from __future__ import annotations

import struct

from photoscan.headers.base import Header

MAX_BLOCKS = 1_000_000


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0)
    frames = 0
    for _ in range(MAX_BLOCKS):
        if at >= len(data) or data[at] == 0x3B:
            break
        if data[at] == 0x2C:
            if at + 10 > len(data):
                at = len(data) + 1
                break
            frames += 1
            left, top, wide, high, local = struct.unpack_from("<HHHHB", data, at + 1)
            width, height = max(width, left + wide), max(height, top + high)
            at += 11 + (3 * 2 ** ((local & 7) + 1) if local & 0x80 else 0)
        elif data[at] == 0x21:
            at += 2
        else:
            at += 1
            continue
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    # Some programs leave the trailer out; a block that goes on behind the end was cut.
    return Header(width, height, 1, max(1, frames), whole=at <= len(data))
