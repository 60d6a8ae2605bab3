"""From bytes to upright BGR pixels, by the fastest library that decodes the format faithfully: one module a decoder."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from photoscan.deadline import OutOfTimeError
from photoscan.errors import CorruptPhotoError
from photoscan.formats import Format

if TYPE_CHECKING:
    from photoscan.pixels import Pixels


def upright(data: bytes, format_: Format, orientation: int, page: int = 0) -> Pixels:
    """Pixels of one page: H x W x 3, uint8, BGR, alpha over white, EXIF orientation (1..8) applied.

    Raises CorruptPhotoError when any part is missing: a picture that was half decoded would be half inspected.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pixels = _decoded(data, format_, page)
    except (MemoryError, KeyboardInterrupt, OutOfTimeError):
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise anything on broken input
        raise CorruptPhotoError(f"problem.broken.{_why(error)}", format=format_.value) from None
    return np.ascontiguousarray(pixels if format_.row.turns else turned(pixels, orientation))


def part(data: bytes, format_: Format, orientation: int) -> tuple[Pixels, float | None] | None:
    """What can be decoded of a file that ends early: upright pixels as of `upright`, one colour or a guess where
    nothing is known, and how much of the picture is there, 0 to .99 (None: all of it, but only coarsely). None where
    nothing can be decoded. Raises nothing of its own.
    """
    from photoscan.decode import cut, pillow

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            whole = cut.filled(data, format_)
            if whole is None:
                return None
            # By Pillow: OpenCV's decoders write what they miss to the error output.
            pixels = pillow.decoded(whole, format_, 0)
    except (MemoryError, KeyboardInterrupt, OutOfTimeError):
        raise
    except Exception:  # noqa: BLE001 - decoders raise anything on broken input
        return None
    there = cut.share(pixels, data, format_)
    return np.ascontiguousarray(pixels if format_.row.turns else turned(pixels, orientation)), there


def item(data: bytes, format_: Format, number: int) -> Pixels:
    """Another picture of a HEIF file by the number of its item: H x W x 3, uint8, BGR. Raises CorruptPhotoError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = import_module(f"photoscan.decode.{format_.row.decoder}")
            return np.ascontiguousarray(module.item(data, format_, number))
    except (MemoryError, KeyboardInterrupt, OutOfTimeError):
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise anything on broken input
        raise CorruptPhotoError(f"problem.broken.{_why(error)}", format=format_.value) from None


def _why(error: Exception) -> str:
    """Why, in a word of ours: a decoder's own may quote the photo."""
    return "cut" if "truncated" in str(error).lower() else "pixels"


def _decoded(data: bytes, format_: Format, page: int) -> Pixels:
    if format_.row.decoder is None:
        raise ValueError(f"no decoder for {format_.row.title}")
    module = import_module(f"photoscan.decode.{format_.row.decoder}")
    pixels: Pixels = module.decoded(data, format_, page)
    return pixels


def turned(pixels: Pixels, orientation: int) -> Pixels:
    """Apply an EXIF orientation (TIFF 6.0, tag 274)."""
    if orientation in (2, 3, 5, 7):
        pixels = pixels[:, ::-1] if orientation != 3 else pixels[::-1, ::-1]
    if orientation == 4:
        pixels = pixels[::-1]
    if orientation == 5:
        return np.rot90(pixels, 1)
    if orientation == 6:
        return np.rot90(pixels, -1)
    if orientation == 7:
        return np.rot90(pixels, -1)
    if orientation == 8:
        return np.rot90(pixels, 1)
    return pixels
