"""Minolta's MRW: blocks of a name and a length, one of which is a TIFF structure."""

from __future__ import annotations

from photoscan.metadata import exif
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.maker_values import text
from photoscan.metadata.raw_parts import Parts

MAX_BLOCKS = 50
_KNOWN = frozenset((b"\0WBG", b"\0RIF"))


def walk(block: Block, path: str, found: Collector) -> None:
    """The TIFF structure's tags, the firmware's name, and the pictures."""
    data = block.data
    at, end = 8, min(len(data), 8 + int.from_bytes(data[4:8], "big"))
    for _ in range(MAX_BLOCKS):
        if at + 8 > end:
            break
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "big")
        inner = block.cut(at + 8, min(end, at + 8 + size))
        if name == b"\0TTW":
            exif.read(inner, f"{path}/exif", found)
        elif name == b"\0PRD":
            if words := text(inner.data[:8]):
                found.add(inner, path, "FirmwareVersion", words, 0, 8)
        elif name not in _KNOWN:
            found.unknown(inner, path, "block")
        at += 8 + size
    Parts(data).tell(block, path, found)
