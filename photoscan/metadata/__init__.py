"""Metadata: everything a file says beside its pixels, read without decoding them.

One module a container, one a standard that is carried inside (`exif`, `xmp`, `iptc`, `icc`). Pure Python, linear in
the size of the file, bounded; damaged structures give warnings, never exceptions.
"""

from __future__ import annotations

import struct
from importlib import import_module

from photoscan.formats import Format
from photoscan.metadata.entry import Collector, Entry, Metadata, Role

__all__ = ["Entry", "Metadata", "Role", "read"]

_MODULES = {
    Format.JPEG: "jpeg",
    Format.PNG: "png",
    Format.WEBP: "webp",
    Format.GIF: "gif",
    Format.TIFF: "tiff",
    Format.BMP: "bmp",
    Format.HEIC: "isobmff",
    Format.AVIF: "isobmff",
}


def read(data: bytes, format_: Format, name: str) -> Metadata:
    """All entries of a file, in file order. `name` is the file's name, which may tell something too."""
    found = Collector()
    try:
        import_module(f"photoscan.metadata.{_MODULES[format_]}").walk(data, found)
    except (struct.error, IndexError, ValueError):
        found.warn("the file's structure ends early or contradicts itself")
    return Metadata(tuple(found.entries), name, tuple(found.warnings))
