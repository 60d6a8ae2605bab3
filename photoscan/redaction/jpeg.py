"""JPEG: hidden in the coded data where that can be done, else coded again with the source's own tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL.Image import open as opened

from photoscan import coded
from photoscan.brushes import Brush, NotPaintableError
from photoscan.clean_phrases import clean_phrase
from photoscan.formats import Format
from photoscan.geometry import Box, on_coded, on_upright
from photoscan.redaction.base import Patch, Redacted
from photoscan.redaction.paint import chosen, hide, paintable
from photoscan.stripping import Keep, adobe_rgb, icc, strip

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.photo import Photo


def redact(photo: Photo, keep: Keep, patches: Sequence[Patch], brush: Brush, strength: int) -> Redacted:
    """Blocks are replaced in the coded data, where flat ones can show the style.

    The picture is coded again for other styles, for a turned picture that shall not say so, and where the coding is
    rare (arithmetic, 12 bits).
    """
    if keep.orientation or photo.orientation == 1:
        try:
            return _in_blocks(photo, keep, [patch.box for patch in patches], brush, strength)
        except (coded.NotCodableError, NotPaintableError):
            pass
    return _recoded(photo, patches, brush, strength)


def _in_blocks(photo: Photo, keep: Keep, boxes: Sequence[Box], brush: Brush, strength: int) -> Redacted:
    skeleton = coded.read(strip(photo.data, Format.JPEG, keep).data)
    turned = photo.orientation
    placed = [on_coded(box.clipped(photo.width, photo.height), turned, photo.width, photo.height) for box in boxes]

    def picture() -> Image:
        return opened(io.BytesIO(photo.data))

    hidden = coded.hide(skeleton, placed, brush.blocks(skeleton, picture, placed, strength))
    grown = tuple(Patch(on_upright(box, turned, photo.width, photo.height)) for box in hidden.boxes)
    return Redacted(hidden.data, grown, "blocks", brush)


def _recoded(photo: Photo, patches: Sequence[Patch], brush: Brush, strength: int) -> Redacted:
    from PIL import Image, ImageOps, JpegImagePlugin

    source = Image.open(io.BytesIO(photo.data), formats=["JPEG"])
    source.load()
    picture = paintable(ImageOps.exif_transpose(source) or source)
    brush, filled = chosen([picture], brush)
    for patch in patches:
        hide(picture, patch.box, brush, strength)
    profile = source.info.get("icc_profile")
    if not profile and adobe_rgb.meant(source.info.get("exif", b"")[6:]):
        profile = icc.cleaned(adobe_rgb.profile())
    picture.info.clear()
    out = io.BytesIO()
    sampling = JpegImagePlugin.get_sampling(source)
    rare = sampling < 0 and len(source.getbands()) == 3
    picture.save(
        out,
        "JPEG",
        qtables=getattr(source, "quantization", None),
        # Of a rare sampling, which Pillow does not write, no colour gets lost.
        subsampling=0 if rare else sampling,
        icc_profile=profile,
        optimize=True,
    )
    note = clean_phrase("note.own_tables_full" if rare else "note.own_tables")
    return Redacted(out.getvalue(), tuple(patches), "recoded", brush, (note, *filled))
