"""Fujifilm's RAF: a header that names the camera and the place of its JPEG, which holds all EXIF tags."""

from __future__ import annotations

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.maker_values import text
from photoscan.metadata.raw_parts import Parts

_MODEL = (28, 60)


def walk(block: Block, path: str, found: Collector) -> None:
    """The camera's name, and the pictures."""
    if words := text(block.data[slice(*_MODEL)]):
        found.add(block, path, "Model", words, *_MODEL)
    Parts(block.data).tell(block, path, found)
