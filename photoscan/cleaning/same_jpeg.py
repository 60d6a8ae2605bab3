"""A JPEG's picture is untouched where its coded data are: what decodes the same bytes shows the same pixels."""

from __future__ import annotations

from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import jpeg_code
from photoscan.cleaning.same_pixels import decoded
from photoscan.errors import Phrase
from photoscan.formats import Format


def proved(before: bytes, after: bytes, format_: Format, pages: int | None) -> tuple[Phrase, ...]:
    """The proof, of all pictures in the copy; RefusedError where they differ."""
    untouched = jpeg_code.same(before, after)
    if untouched is None or not (untouched or _decode_alike(before, after)):
        raise RefusedError("changed")
    return (clean_phrase("proof.same_code" if untouched else "proof.same_code_cut"),)


def _decode_alike(before: bytes, after: bytes) -> bool:
    """Whether a JPEG decodes to another's picture, and each behind it to one of those behind the other."""
    source, *theirs = (decoded(picture, Format.JPEG, 1) for picture in jpeg_code.pictures(before))
    first, *others = (decoded(picture, Format.JPEG, 1) for picture in jpeg_code.pictures(after))
    return source == first and all(other in theirs for other in others)
