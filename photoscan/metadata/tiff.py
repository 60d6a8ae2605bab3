"""TIFF 6.0: the file is one EXIF structure; further pages are pictures of their own."""

from __future__ import annotations

from photoscan.metadata import exif, strip_ends
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector


def walk(block: Block, path: str, found: Collector) -> None:
    """Every tag that is not needed to show the first page, every further page, and the bytes between."""
    exif.read(block, path, found, file=True)
    with found.guarded(path):
        for strip in strip_ends.strips(block.data):
            if strip.end is not None and strip.stop - strip.end >= exif.SMALLEST_GAP:
                found.unknown(block, path, "bytes behind the rows", strip.end, strip.stop)
