"""Hiding parts of a picture, one module a way of coding; the rest of it stays as close to the source as can be."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from photoscan.errors import CorruptPhotoError, PhotoscanError
from photoscan.formats import Format
from photoscan.redaction.base import Method, Patch, Redacted, boxes_on
from photoscan.said import RefusedError
from photoscan.stripping import Keep

if TYPE_CHECKING:
    from photoscan.photo import Photo
    from photoscan.redaction.base import Style

__all__ = ["MODULES", "REVERSIBLE", "Method", "Patch", "Redacted", "boxes_on", "redact"]

MODULES = {
    Format.JPEG: "jpeg", Format.GIF: "gif", Format.HEIC: "heif", Format.PNG: "still", Format.WEBP: "still",
    Format.TIFF: "still", Format.BMP: "still", Format.AVIF: "still",
}  # fmt: skip
"""The module of each format in which parts of a picture can be hidden."""
REVERSIBLE: tuple[Style, ...] = ("pixelate", "blur")
"""Styles that can be undone, at least in part: the receipt says so."""


def redact(
    photo: Photo, keep: Keep, patches: Sequence[Patch], style: Style, attempt: int = 0, to: Format | None = None
) -> Redacted:
    """The photo with its patches hidden, in its own format or as `to`; metadata is not yet taken out of it.

    `attempt`, 0 to 2, makes pixelating and blurring stronger. Raises RefusedError for what can't be written again.
    """
    if photo.format not in MODULES:
        raise RefusedError("no_decoder", format=photo.format.value.upper())
    if to is not None and to is not photo.format:
        from photoscan.redaction.convert import converted

        return converted(photo, to, patches, style, attempt)
    module = import_module(f"photoscan.redaction.{MODULES[photo.format]}")
    try:
        result: Redacted = module.redact(photo, keep, patches, style, attempt)
    except (PhotoscanError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - decoders and encoders raise anything
        name = type(error).__name__
        raise CorruptPhotoError("problem.clean.recode", error=name) from None
    return result
