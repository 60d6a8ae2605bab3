"""Stripping: write only what decoding needs, so that whatever nobody thought of is gone as well.

One module a container. These walkers share no code with `photoscan.metadata`: that reader checks their work.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from importlib import import_module

from photoscan.errors import CorruptPhotoError, UnsupportedFormatError
from photoscan.formats import Format
from photoscan.stripping import gain_map
from photoscan.stripping.base import Keep, Stripped
from photoscan.stripping.flat import flattened

__all__ = ["Keep", "Stripped", "strip"]


def strip(data: bytes, format_: Format, keep: Keep) -> Stripped:
    """The same picture without anything else; pixels, orientation and colours stay as they are.

    Raises UnsupportedFormatError for a container that can't be rebuilt, CorruptPhotoError for a broken one.
    """
    if format_.row.raw:
        raise UnsupportedFormatError("problem.clean.raw_way", format=format_.row.title)
    if format_.row.stripper is None:
        raise UnsupportedFormatError("problem.clean.format", format=format_.row.title)
    module = import_module(f"photoscan.stripping.{format_.row.stripper}")
    try:
        result: Stripped = module.strip(data, keep)
        flat, unseen = flattened(result.data, format_) if keep.decode else (result.data, ())
        result = replace(result, data=flat, removed=(*result.removed, *unseen))
        if keep.gain_map and format_ is Format.JPEG:
            result = gain_map.kept(data, result, keep)
    except (ArithmeticError, IndexError, KeyError, ValueError, struct.error):
        raise CorruptPhotoError("problem.clean.broken", format=format_.value) from None
    return result
