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
    pixels = _HEAD + size + palette if pixels == _HEAD + size and bits <= 8 else pixels
    found.unknown(block, path, "bytes between headers and pixels", _HEAD + size + masks + palette, pixels)
    rows = (abs(width) * bits + 31) // 32 * 4 * abs(height)
    if compression in (1, 2):
        end = _packed_end(data, pixels, width, abs(height), bits)
    else:
        end = min(len(data), pixels + (rows if compression in (0, 3, 6) else declared))
    if size == _V5:
        end = _profile(block, end, path, found)
    tail.read(block, end, path, found)


def _packed_end(data: bytes, at: int, width: int, height: int, bits: int) -> int:
    """Where rows packed by run lengths end: behind the code that says so, or the last pixel."""
    column = row = 0
    while at + 1 < len(data):
        run, code = data[at], data[at + 1]
        if row >= height or (row + 1 == height and column >= width and run):
            break
        at += 2
        if run:
            column += run
            continue
        if code == 1:
            break
        if code == 0:
            column, row = 0, row + 1
        elif code == 2:
            steps = data[at : at + 2].ljust(2, b"\0")
            column, row, at = column + steps[0], row + steps[1], at + 2
        else:
            column, at = column + code, at + (code * bits + 15) // 16 * 2
    return min(at, len(data))


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
