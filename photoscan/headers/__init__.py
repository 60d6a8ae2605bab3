"""Size, orientation and frame count from the header, before anything is decoded: one module a container.

Pure Python and light: linear in the part of the file that it reads, bounded in every loop.
"""

from __future__ import annotations

import struct
from importlib import import_module

from photoscan.errors import CorruptPhotoError
from photoscan.formats import Format
from photoscan.headers.base import Header

__all__ = ["Header", "read"]


def read(data: bytes, format_: Format) -> Header:
    """The header of a photo; CorruptPhotoError when it can't be made out."""
    module = import_module(f"photoscan.headers.{format_.row.header}")
    try:
        header: Header = module.read(data)
    except (struct.error, IndexError, ValueError, OverflowError):
        raise CorruptPhotoError("problem.broken.header", format=format_.value) from None
    if header.sized and (header.width < 1 or header.height < 1):
        raise CorruptPhotoError("problem.broken.empty", format=format_.value)
    return header
