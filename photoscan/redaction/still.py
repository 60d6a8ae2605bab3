"""PNG, WebP, TIFF, BMP, AVIF and JPEG 2000: decoded, painted over and written again, without loss where the source has
none; JPEG 2000 in any case."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PIL import ImageOps

from photoscan.brushes import Brush
from photoscan.clean_phrases import RefusedError, clean_phrase, note
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.redaction import colours, deep
from photoscan.redaction.base import Method, Patch, Redacted, boxes_on
from photoscan.redaction.paint import chosen, hide, paintable
from photoscan.redaction.quality import as_good_as
from photoscan.stripping import Keep

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.photo import Photo

_PACKED = {"tiff_lzw": "tiff_lzw", "tiff_adobe_deflate": "tiff_adobe_deflate", "packbits": "packbits", "raw": None,
           "group3": "group4", "group4": "group4", "tiff_ccitt": "group4"}  # fmt: skip
"""How a TIFF's rows are packed again; anything else, such as JPEG inside of TIFF, by deflate."""


def redact(photo: Photo, keep: Keep, patches: Sequence[Patch], brush: Brush, strength: int) -> Redacted:
    """The upright picture with its patches hidden; all frames of an animation, all kept pages of a TIFF."""
    from PIL import Image

    if deep.is_deep(photo):
        made = deep.redact(photo, patches, brush)
        return replace(made, data=colours.carried(photo.data, made.data, photo.format))
    source = Image.open(io.BytesIO(photo.data), formats=[str(photo.format.row.pillow)])
    if photo.frames > 1 and photo.format is not Format.TIFF:
        # What one frame of an animation shows the next ones may leave standing.
        patches = [Patch(patch.box) for patch in patches]
    profile = source.info.get("icc_profile")
    frames = _frames(photo, source, keep)
    brush, filled = chosen(frames, brush)
    for page, frame in enumerate(frames):
        for box in boxes_on(patches, page):
            hide(frame, box, brush, strength)
    # Pillow writes JPEG 2000 by the reversible transforms (ISO 15444-1, F.3), whatever the source was coded with.
    exact = photo.format.row.exact or photo.format is Format.JP2
    lossless = exact or (photo.format is Format.WEBP and _lossless_webp(photo.data))
    method: Method = "lossless" if lossless else "recoded"
    notes: tuple[Phrase, ...] = () if lossless else (clean_phrase("note.as_good"),)
    if photo.format is Format.TIFF:
        data = _tiff(source, frames, profile)
    elif len(frames) > 1:
        data = _animation(photo, source, frames, profile, lossless)
    elif lossless:
        options: dict[str, Any] = {"lossless": True, "exact": True} if photo.format is Format.WEBP else {}
        data = _saved(frames[0], photo.format, icc_profile=profile, **options)
    else:
        coded = partial(_saved, frames[0], photo.format, icc_profile=profile)
        data = as_good_as(len(photo.data), lambda quality: coded(quality=quality))
    if colours.is_deep(photo.data, photo.format):
        notes += (note("bits"),)
    return Redacted(colours.carried(photo.data, data, photo.format), tuple(patches), method, brush, (*notes, *filled))


def _frames(photo: Photo, source: Image, keep: Keep) -> list[Image]:
    """The frames that the copy has, each upright and in a mode that can be painted."""
    found = []
    # Of a TIFF the copy has the first page alone, unless the others were to be kept.
    count = photo.frames if photo.format is not Format.TIFF or keep.pages else 1
    if count > 1 and photo.format not in (Format.TIFF, Format.WEBP, Format.PNG):
        raise RefusedError("frames", format=photo.format.row.title)
    for page in range(count):
        source.seek(page)
        source.load()
        # Pillow turns TIFF pages by itself.
        picture = source if photo.format is Format.TIFF else ImageOps.exif_transpose(source) or source
        picture = paintable(picture)
        picture = picture.copy() if picture is source else picture
        info: dict[str | tuple[int, int], Any] = {
            name: source.info[name] for name in ("duration", "dpi", "compression") if name in source.info
        }
        picture.info.clear()
        picture.info.update(info)
        found.append(picture)
    return found


def _saved(picture: Image, format_: Format, quality: int | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    if quality is not None:
        options["quality"] = quality
    picture.info.clear()
    picture.save(out, format_.row.pillow, **{k: v for k, v in options.items() if v is not None})
    return out.getvalue()


def _tiff(source: Image, frames: list[Image], profile: bytes | None) -> bytes:
    out = io.BytesIO()
    packed = _PACKED.get(frames[0].info.get("compression", "raw"), "tiff_adobe_deflate")
    if packed == "group4" and any(frame.mode != "1" for frame in frames):
        packed = "tiff_adobe_deflate"
    options: dict[str, Any] = {"compression": packed} if packed else {}
    if profile:
        options["icc_profile"] = profile
    for frame in frames:
        frame.info.clear()
    frames[0].save(out, "TIFF", save_all=len(frames) > 1, append_images=frames[1:], **options)
    return out.getvalue()


def _animation(photo: Photo, source: Image, frames: list[Image], profile: bytes | None, lossless: bool) -> bytes:
    out = io.BytesIO()
    options: dict[str, Any] = {"duration": [frame.info.get("duration", 100) for frame in frames]}
    options["loop"] = source.info.get("loop", 0)
    if profile:
        options["icc_profile"] = profile
    if photo.format is Format.WEBP:
        options |= {"lossless": lossless, "quality": 80 if lossless else 90, "minimize_size": False}
    else:
        # Each frame stands for itself, as it was shown: nothing of an earlier one comes through.
        options |= {"disposal": 0, "blend": 0, "default_image": bool(source.info.get("default_image"))}
    for frame in frames:
        frame.info.clear()
    frames[0].save(out, photo.format.row.pillow, save_all=True, append_images=frames[1:], **options)
    return out.getvalue()


def _lossless_webp(data: bytes) -> bool:
    """Whether a WebP's first picture is coded without loss."""
    return data[8:12] == b"WEBP" and 0 <= data.find(b"VP8L") < (data.find(b"VP8 ") if b"VP8 " in data else len(data))
