"""Another format for the copy, where somebody asks for it: a picture that every program opens."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from photoscan.brushes import Brush
from photoscan.clean_phrases import RefusedError, clean_phrase, note
from photoscan.errors import Phrase, UsageError
from photoscan.formats import Format, targets
from photoscan.redaction import colours
from photoscan.redaction.base import Patch, Redacted
from photoscan.redaction.deep import is_deep
from photoscan.redaction.paint import chosen, hide

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.photo import Photo


def converted(photo: Photo, format_: Format, patches: Sequence[Patch], brush: Brush, strength: int) -> Redacted:
    """The upright picture, painted over, in another format, of 8 bits a sample.

    RefusedError for several pages, UsageError for a format that is no target.
    """
    if (written := format_.row.written) is None:
        raise UsageError("problem.clean.to", word=format_.value, known=", ".join(targets()))
    if photo.frames > 1:
        raise RefusedError("frames", format=format_.row.title)
    picture, profile = _decoded(photo)
    brush, filled = chosen([picture], brush)
    for patch in patches:
        hide(picture, patch.box, brush, strength)
    out = io.BytesIO()
    options = {"icc_profile": profile} if profile else {}
    picture.save(out, format_.row.pillow, **written, **options)
    return Redacted(out.getvalue(), tuple(patches), "recoded", brush, (*phrases(photo, format_), *filled))


def phrases(photo: Photo, format_: Format) -> tuple[Phrase, ...]:
    """That a picture changes its format, and what of it goes with that."""
    changes = clean_phrase("note.converted", before=photo.format.row.title, after=format_.row.title)
    mode, transparent = _mode(photo)
    deep = is_deep(photo) or ";" in mode or colours.is_deep(photo.data, photo.format)
    gone = [name for name, there in (("transparency", transparent), ("bits", deep)) if there]
    return (changes, *map(note, gone))


def _mode(photo: Photo) -> tuple[str, bool]:
    """How a decoder calls the picture's samples, and whether any of them lets something through."""
    from PIL import Image

    if photo.format.row.decoder == "heif":
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

    if photo.format.row.decoder == "heif":
        import pillow_heif

        heif = pillow_heif.open_heif(io.BytesIO(photo.data))
        profile = heif[heif.primary_index].info.get("icc_profile")
        return profile if isinstance(profile, bytes) and profile else None
    if photo.format is Format.JP2:
        return colours.jp2_profile(photo.data) or None
    return Image.open(io.BytesIO(photo.data)).info.get("icc_profile") or None
