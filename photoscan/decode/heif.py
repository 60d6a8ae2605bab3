"""HEIC, by libheif, which turns and crops by itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pillow_heif

from photoscan.decode.pillow import bgr

if TYPE_CHECKING:
    from photoscan.formats import Format
    from photoscan.pixels import Pixels


def decoded(data: bytes, format_: Format, page: int) -> Pixels:
    """The upright primary picture, whatever the page: H x W x 3, uint8, BGR, alpha over white. Raises anything."""
    heif = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    return bgr(heif[heif.primary_index].to_pillow())
