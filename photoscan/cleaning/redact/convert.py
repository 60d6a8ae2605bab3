"""Another format for the copy, where somebody asks for it: a picture that every program opens."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from photoscan.cleaning.redact.base import Patch, Redacted
from photoscan.cleaning.redact.paint import hide
from photoscan.cleaning.said import RefusedError, said
from photoscan.errors import Phrase
from photoscan.formats import Format

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.cleaning.plan import Style
    from photoscan.photo import Photo

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
    return Redacted(out.getvalue(), tuple(patches), "recoded", (told(photo.format, format_),))


def told(before: Format, after: Format) -> Phrase:
    """That a picture changes its format."""
    return said("note.converted", before=before.value.upper(), after=after.value.upper())


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
