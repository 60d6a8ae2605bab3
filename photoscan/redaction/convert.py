"""Another format for the copy, where somebody asks for it: a picture that every program opens."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.redaction.base import Patch, Redacted
from photoscan.redaction.deep import is_deep
from photoscan.redaction.paint import hide
from photoscan.said import RefusedError, note, said

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.photo import Photo
    from photoscan.redaction.base import Style

QUALITY = 92
"""JPEG quality of a converted picture: no loss that is seen, at a fair size."""


def converted(photo: Photo, format_: Format, patches: Sequence[Patch], style: Style, attempt: int) -> Redacted:
    """The upright picture, painted over, as a JPEG or PNG of 8 bits a sample; RefusedError for several pages."""
    if photo.frames > 1:
        raise RefusedError("frames", format=format_.value.upper())
    picture, profile = _decoded(photo)
    for patch in patches:
        hide(picture, patch.box, style, attempt)
    out = io.BytesIO()
    options = {"icc_profile": profile} if profile else {}
    if format_ is Format.JPEG:
        picture.save(out, "JPEG", quality=QUALITY, optimize=True, **options)
    else:
        picture.save(out, "PNG", **options)
    return Redacted(out.getvalue(), tuple(patches), "recoded", told(photo, format_))


def told(photo: Photo, format_: Format) -> tuple[Phrase, ...]:
    """That a picture changes its format, and what of it goes with that."""
    changes = said("note.converted", before=photo.format.value.upper(), after=format_.value.upper())
    mode, transparent = _mode(photo)
    deep = is_deep(photo) or ";" in mode
    gone = [name for name, there in (("transparency", transparent), ("bits", deep)) if there]
    return (changes, *map(note, gone))


def _mode(photo: Photo) -> tuple[str, bool]:
    """How a decoder calls the picture's samples, and whether any of them lets something through."""
    from PIL import Image

    if photo.format is Format.HEIC:
        import pillow_heif

        heif = pillow_heif.open_heif(io.BytesIO(photo.data), convert_hdr_to_8bit=False)
        return heif[heif.primary_index].mode, heif[heif.primary_index].has_alpha
    picture = Image.open(io.BytesIO(photo.data))
    return picture.mode, picture.has_transparency_data


def _decoded(photo: Photo) -> tuple[Image, bytes | None]:
    """Upright RGB or grey pixels, transparency over white, and the colour profile that goes with them."""
    from PIL import Image

    pixels = photo.pixels()
    picture = Image.fromarray(pixels[:, :, ::-1])
    profile = _profile(photo)
    if profile is not None and profile[16:20] != b"RGB ":
        # The decoder made RGB of it: a profile of ink or grey would be wrong.
        profile = None
    return picture, profile


def _profile(photo: Photo) -> bytes | None:
    from PIL import Image

    if photo.format is Format.HEIC:
        import pillow_heif

        heif = pillow_heif.open_heif(io.BytesIO(photo.data))
        profile = heif[heif.primary_index].info.get("icc_profile")
        return profile if isinstance(profile, bytes) and profile else None
    return Image.open(io.BytesIO(photo.data)).info.get("icc_profile") or None
