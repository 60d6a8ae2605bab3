"""HEIC, by libheif, which turns and crops by itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pillow_heif

from photoscan.decode.items import primary_is
from photoscan.decode.pillow import bgr

if TYPE_CHECKING:
    from photoscan.formats import Format
    from photoscan.pixels import Pixels


def decoded(data: bytes, format_: Format, page: int) -> Pixels:
    """The upright primary picture, whatever the page: H x W x 3, uint8, BGR, alpha over white. Raises anything."""
    heif = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    return bgr(heif[heif.primary_index].to_pillow())


def item(data: bytes, format_: Format, number: int) -> Pixels:
    """Another picture by the number of its item: as an auxiliary one, or as if it were the primary one."""
    heif = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    primary = heif[heif.primary_index]
    known: dict[str, Any] = dict(primary.info)
    if any(number in numbers for numbers in known.get("aux", {}).values()):
        return bgr(primary.get_aux_image(number).to_pillow())
    depths = known.get("depth_images", ())
    if len(depths) == 1:  # of several it is not told which is which
        return bgr(depths[0].to_pillow())
    return decoded(primary_is(data, number), format_, 0)
