"""AVIF, by Pillow, which tells a picture's own turning (irot, imir) as its orientation, whatever EXIF says."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from photoscan.decode.items import primary_is
from photoscan.decode.pillow import bgr

if TYPE_CHECKING:
    from photoscan.formats import Format
    from photoscan.pixels import Pixels


def decoded(data: bytes, format_: Format, page: int) -> Pixels:
    """The upright first picture, whatever the page: H x W x 3, uint8, BGR, alpha over white. Raises anything."""
    image = Image.open(io.BytesIO(data), formats=[str(format_.row.pillow)])
    return bgr(ImageOps.exif_transpose(image) or image)


def item(data: bytes, format_: Format, number: int) -> Pixels:
    """Another picture by the number of its item, as if it were the primary one."""
    return decoded(primary_is(data, number), format_, 0)
