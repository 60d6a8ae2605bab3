"""Standards that lie in one another: EXIF holds Photoshop resources, which hold EXIF; a video holds XMP with previews.

Each may stand in each, so that imports would go in a circle: whoever meets one names it, and it is looked up here.
"""

from __future__ import annotations

from importlib import import_module

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector

MODULES = {"exif": "exif", "xmp": "xmp", "video": "quicktime", "gpmf": "film_motion"}
"""The module of each, in `photoscan.metadata`; its `read` tells every entry of a block."""


def read(standard: str, block: Block, path: str, found: Collector) -> None:
    """Every entry of a block in one of those standards."""
    import_module(f"photoscan.metadata.{MODULES[standard]}").read(block, path, found)
