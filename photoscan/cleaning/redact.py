"""Painting over regions, and coding the picture again in its own format."""

from __future__ import annotations

import io
from collections.abc import Sequence

from photoscan.cleaning.plan import Style
from photoscan.errors import UnsupportedFormatError
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.photo import Photo

REVERSIBLE: tuple[Style, ...] = ("pixelate", "blur")
"""Styles that can be undone, at least in part: the receipt says so."""
CELLS = (6, 4, 2)
"""Pixelated regions are this many cells across, and fewer where the detector still sees something in them."""
BLUR = (1 / 6, 1 / 3, 1 / 2)
"""The same for blurring: the standard deviation as a share of the region's longer side."""


def redact(photo: Photo, regions: Sequence[Box], style: Style, attempt: int = 0) -> bytes:
    """The photo, upright, with every region hidden; the rest of its pixels as they were decoded.

    `attempt`, 0 to 2, makes pixelating and blurring stronger.

    A JPEG is coded again with its own quantisation tables and subsampling, a PNG without loss. Raises
    UnsupportedFormatError for other formats and for several frames.
    """
    from PIL import Image, ImageOps

    if photo.format not in (Format.JPEG, Format.PNG) or photo.frames > 1:
        raise UnsupportedFormatError(
            f"{photo.name}: {photo.format.value.upper()} pictures can't be redacted yet: save it as JPEG or PNG first"
        )
    source = Image.open(io.BytesIO(photo.data))
    source.load()
    picture = ImageOps.exif_transpose(source) or source
    if picture.mode not in ("RGB", "L", "RGBA", "LA", "CMYK"):
        picture = picture.convert("RGBA" if "transparency" in source.info or picture.mode == "PA" else "RGB")
    for region in regions:
        box = region.clipped(photo.width, photo.height)
        if box.area:
            _hide(picture, box, style, attempt)
    out = io.BytesIO()
    profile = source.info.get("icc_profile")
    picture.info.clear()
    if photo.format is Format.PNG:
        picture.save(out, "PNG", icc_profile=profile)
    else:
        from PIL import JpegImagePlugin

        tables = getattr(source, "quantization", None)
        sampling = JpegImagePlugin.get_sampling(source)
        picture.save(out, "JPEG", qtables=tables, subsampling=sampling, icc_profile=profile, optimize=True)
    return out.getvalue()


def _hide(picture: object, box: Box, style: Style, attempt: int) -> None:
    from PIL import Image, ImageFilter

    assert isinstance(picture, Image.Image)
    edges = (box.x, box.y, box.x2, box.y2)
    if style == "fill":
        black = {"RGB": (0, 0, 0), "L": 0, "RGBA": (0, 0, 0, 255), "LA": (0, 255), "CMYK": (0, 0, 0, 255)}
        picture.paste(black[picture.mode], edges)  # type: ignore[arg-type]
        return
    patch = picture.crop(edges)
    if style == "pixelate":
        cells = CELLS[attempt], max(1, round(CELLS[attempt] * box.h / box.w))
        patch = patch.resize(cells, Image.Resampling.BOX).resize((box.w, box.h), Image.Resampling.NEAREST)
    else:
        patch = patch.filter(ImageFilter.GaussianBlur(max(box.w, box.h) * BLUR[attempt]))
    picture.paste(patch, edges)
