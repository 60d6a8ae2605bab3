"""GIF made flat: colours that no pixel uses, and bytes behind the indices.

Frames that are larger than the screen stay: programs grow the picture to their size, so that they are seen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from photoscan.stripping.flat import UNUSED

BEHIND = "bytes behind the pixels of a frame"


@dataclass(slots=True)
class _Frame:
    """An image block: its head of ten bytes, its own palette, how its indices are packed, and which of them show."""

    head: bytes
    colours: bytes
    coded: bytes
    used: frozenset[int]


def flattened(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The file made flat, and what was there."""
    size = 3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0
    common, at = data[13 : 13 + size], 13 + size
    blocks: list[bytes | _Frame] = []
    found: list[str] = []
    transparent = -1
    while at < len(data) and data[at] != 0x3B:
        start = at
        if data[at] == 0x21:
            at = _behind_blocks(data, at + 2)
            if data[start + 1] == 0xF9:
                transparent = data[start + 6] if data[start + 3] & 1 else -1
            blocks.append(data[start:at])
            continue
        frame, at = _frame(data, start, transparent, found)
        blocks.append(frame)
        transparent = -1
    frames = [block for block in blocks if isinstance(block, _Frame)]
    # Players fill what no frame covers with the background's colour.
    flat = _zeroed(common, {data[11]}.union(*(frame.used for frame in frames if not frame.colours)))
    written = [data[:13], flat]
    if flat != common:
        found.append(UNUSED)
    for block in blocks:
        if isinstance(block, bytes):
            written.append(block)
            continue
        colours = _zeroed(block.colours, block.used)
        if colours != block.colours:
            found.append(UNUSED)
        written += [block.head, colours, block.coded]
    return b"".join([*written, data[at:]]), tuple(dict.fromkeys(found))


def _frame(data: bytes, start: int, transparent: int, found: list[str]) -> tuple[_Frame, int]:
    """The image block at a place, and the place behind it."""
    head = data[start : start + 10]
    body = start + 10 + (3 << (head[9] & 7) + 1 if head[9] & 0x80 else 0)
    colours = data[start + 10 : body]
    at = _behind_blocks(data, body + 1)
    width, height = (int.from_bytes(head[i : i + 2], "little") for i in (5, 7))
    bits, packed = data[body], data[body + 1 : at]
    decoder: Any = ("gif", bits, head[9] >> 6 & 1, -1)
    indices = np.array(Image.frombytes("P", (width, height), packed, *decoder))
    coded = data[body:at]
    if _surplus(packed, bits):
        found.append(BEHIND)
        head = head[:9] + bytes((head[9] & ~0x40,))
        coded = b"\x08" + Image.fromarray(indices).tobytes("gif", "L", 8, 0) + b"\0"
    return _Frame(head, colours, coded, frozenset(np.unique(indices).tolist()) - {transparent}), at


def _surplus(packed: bytes, bits: int) -> bool:
    """Whether bytes follow the code that ends the indices (GIF89a, appendix F)."""
    stream, at = bytearray(), 0
    while packed[at]:
        stream += packed[at + 1 : at + 1 + packed[at]]
        at += 1 + packed[at]
    clear = 1 << bits
    position, width, following, old = 0, bits + 1, clear + 2, False
    while position + width <= 8 * len(stream):
        code = int.from_bytes(stream[position // 8 : position // 8 + 3], "little") >> position % 8 & (1 << width) - 1
        position += width
        if code == clear + 1:
            return position // 8 + (position % 8 > 0) < len(stream)
        if code == clear:
            width, following, old = bits + 1, clear + 2, False
            continue
        if old and following < 4096:
            following += 1
            if following == 1 << width and width < 12:
                width += 1
        old = True
    return False


def _zeroed(colours: bytes, used: Collection[int]) -> bytes:
    """A palette with zeros in the entries that no pixel of its frames shows."""
    return b"".join(colours[at : at + 3] if at // 3 in used else bytes(3) for at in range(0, len(colours), 3))


def _behind_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1
