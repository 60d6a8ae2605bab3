"""Canon's CRW: a CIFF heap, its previews, and XMP that programs put behind it."""

from __future__ import annotations

from photoscan.metadata import ciff, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.raw_parts import Parts

_PACKET, _END = b"<x:xmpmeta", b"</x:xmpmeta>"


def walk(block: Block, path: str, found: Collector) -> None:
    """What its records tell, and the pictures."""
    with found.guarded(path):
        ciff.read(block, path, found, pictures=False)
    at = block.data.rfind(_PACKET)
    if at >= 0:
        end = block.data.find(_END, at)
        xmp.read(block.cut(at, len(block.data) if end < 0 else end + len(_END)), f"{path}/xmp", found)
    Parts(block.data).tell(block, path, found)
