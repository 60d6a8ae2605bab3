"""A camera's RAW file: by the full-size JPEG preview in it, which is what people are shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoscan import raw_survey
from photoscan.decode import opencv
from photoscan.formats import Format

if TYPE_CHECKING:
    from photoscan.pixels import Pixels


def decoded(data: bytes, format_: Format, page: int) -> Pixels:
    """H x W x 3, uint8, BGR; not turned. Raises anything for broken data, ValueError without such a preview."""
    shown = raw_survey.shown(raw_survey.previews(data), raw_survey.sensor(data))
    if shown is None or page:
        raise ValueError(f"no full-size preview in {format_.row.title}")
    return opencv.decoded(data[shown.start : shown.end], Format.JPEG, 0)
