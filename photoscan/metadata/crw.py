"""Canon's CRW: a CIFF heap, and its previews."""

from __future__ import annotations

from photoscan.metadata import ciff
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.raw_parts import Parts


def walk(block: Block, path: str, found: Collector) -> None:
    """What its records tell, and the pictures."""
    with found.guarded(path):
        ciff.read(block, path, found, pictures=False)
    Parts(block.data).tell(block, path, found)
