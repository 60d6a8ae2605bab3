"""TIFF 6.0: the file is one EXIF structure; further pages are pictures of their own."""

from __future__ import annotations

from photoscan.metadata import exif
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector


def walk(block: Block, path: str, found: Collector) -> None:
    """Every tag that is not needed to show the first page, every further page, and the bytes between."""
    exif.read(block, path, found, file=True)
