"""Hiding parts of a picture, one module a way of coding; the rest of it stays as close to the source as can be."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from photoscan import brushes
from photoscan.clean_phrases import RefusedError
from photoscan.errors import CorruptPhotoError, PhotoscanError
from photoscan.formats import Format
from photoscan.redaction.base import Method, Patch, Redacted, boxes_on
from photoscan.stripping import Keep

if TYPE_CHECKING:
    from photoscan.photo import Photo

__all__ = ["Method", "Patch", "Redacted", "boxes_on", "redact"]


def redact(
    photo: Photo, keep: Keep, patches: Sequence[Patch], style: str, strength: int = 0, to: Format | None = None
) -> Redacted:
    """The photo with its patches hidden, in its own format or as `to`; metadata is not yet taken out of it.

    `strength`, 0 to 2, makes pixelating and blurring stronger. Raises RefusedError for what can't be written again,
    UsageError for a style that does not exist.
    """
    brush = brushes.brush(style)
    if photo.format.row.redactor is None:
        raise RefusedError("no_decoder", format=photo.format.row.title)
    if to is not None and to is not photo.format:
        from photoscan.redaction.convert import converted

        return converted(photo, to, patches, brush, strength)
    module = import_module(f"photoscan.redaction.{photo.format.row.redactor}")
    try:
        result: Redacted = module.redact(photo, keep, patches, brush, strength)
    except (PhotoscanError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - decoders and encoders raise anything
        name = type(error).__name__
        raise CorruptPhotoError("problem.clean.recode", error=name) from None
    return result
