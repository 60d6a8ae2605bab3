"""BMP: the bytes between headers and pixels, a profile or the path to one, and what stands behind the picture."""

from __future__ import annotations

import struct

from photoscan.metadata import icc, tail
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.ifd import text

_HEAD = 14
_V5 = 124
_LINKED, _EMBEDDED = 0x4C494E4B, 0x4D424544
"""bV5CSType: the profile is a file somewhere, or stands behind the pixels."""


def walk(block: Block, path: str, found: Collector) -> None:
    """Every byte that is neither header, palette nor pixel."""
    data = block.data
    pixels, size = struct.unpack_from("<II", data, 10)
    if size == 12:
        width, height, bits, compression, declared = *struct.unpack_from("<HHxxH", data, 18), 0, 0
    else:
        width, height, bits, compression, declared = struct.unpack_from("<iixxHII", data, 18)
    colours = struct.unpack_from("<I", data, 46)[0] if size >= 40 else 0
    palette = (colours or (1 << bits if bits <= 8 else 0)) * (3 if size == 12 else 4)
    masks = 16 if compression == 6 else 12 if compression == 3 and size == 40 else 0
    found.unknown(block, path, "bytes between headers and pixels", _HEAD + size + masks + palette, pixels)
    rows = (abs(width) * bits + 31) // 32 * 4 * abs(height)
    end = min(len(data), pixels + (rows if compression in (0, 3, 6) else declared))
    if size == _V5:
        end = _profile(block, end, path, found)
    tail.read(block, end, path, found)


def _profile(block: Block, end: int, path: str, found: Collector) -> int:
    space = struct.unpack_from("<I", block.data, _HEAD + 56)[0]
    at, length = map(int, struct.unpack_from("<II", block.data, _HEAD + 112))
    start = _HEAD + at
    if space not in (_LINKED, _EMBEDDED) or not length or start < end:
        return end
    found.unknown(block, path, "bytes before the profile", end, start)
    profile = block.cut(start, start + length)
    if space == _LINKED:
        found.add(profile, path, "linked profile", text(profile.data))
    else:
        icc.read(profile, f"{path}/icc", found)
    return start + length
