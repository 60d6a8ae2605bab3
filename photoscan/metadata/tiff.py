"""TIFF 6.0: the file is one EXIF structure; further pages are images of their own."""

from __future__ import annotations

from photoscan.metadata import exif
from photoscan.metadata.entry import Collector


def walk(data: bytes, found: Collector) -> None:
    """Every tag that is not needed to show the pages."""
    exif.read(data, 0, len(data), "tiff", found)
