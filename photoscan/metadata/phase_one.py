"""Phase One's and Leaf's maker notes: rows of tag, form, length and place (as collected by ExifTool)."""

from __future__ import annotations

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.maker_values import text

_NAMES = {0x0102: "SerialNumber", 0x0203: "Software", 0x0301: "FirmwareVersion", 0x0410: "Model", 0x0412: "LensModel"}
MAX_ROWS = 1000


def is_one(data: bytes, at: int = 0) -> bool:
    """Whether Phase One's block begins here."""
    head = data[at : at + 8]
    return (head[:4] == b"IIII" and head[5:8] == b"waR") or (head[:7] == b"MMMMRaw")


def read(block: Block, path: str, found: Collector) -> None:
    """The texts that name a device or its software."""
    data = block.data

    def number(at: int) -> int:
        return int.from_bytes(data[at : at + 4], "little" if data[:2] == b"II" else "big")

    start = number(8)
    count = min(number(start), MAX_ROWS, (len(data) - start - 8) // 16)
    for row in range(start + 8, start + 8 + 16 * max(0, count), 16):
        name = _NAMES.get(number(row))
        size = number(row + 8)
        at = row + 12 if size <= 4 else number(row + 12)
        if name and at + size <= len(data) and (words := text(data[at : at + min(size, 200)])):
            found.add(block, path, name, words, at, at + size)
