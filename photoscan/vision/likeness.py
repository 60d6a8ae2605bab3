"""Do two pictures show the same? Enough to tell a preview from a preview of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from photoscan.options import Limits
from photoscan.photo import Photo

if TYPE_CHECKING:
    from photoscan.pixels import Pixels
    from photoscan.vision.pyramid import Pyramid

GRID = 24
"""Cells a side at which pictures are compared: coding and sharpening no longer show."""
PREVIEW = Limits(max_bytes=16 * 1024 * 1024, max_pixels=20_000_000)
DARK = 16
_TURNS = {3: 2, 6: 3, 8: 1, 4: 2, 5: 3, 7: 1}
"""Quarter turns against the clock for EXIF orientations; mirrored ones are not mirrored back."""


class Likeness(NamedTuple):
    """`whole`: correlation of grey values, -1..1. `part`: the largest difference of a cell, in grey levels 0..255."""

    whole: float
    part: float


def likeness(pyramid: Pyramid, preview: bytes, orientation: int) -> Likeness:
    """How like the upright photo a preview is, which is in the file's orientation.

    Black bars at a preview's edges are left out. Raises PhotoscanError for a preview that can't be decoded.
    """
    small = Photo.open(preview, PREVIEW)
    pixels = small.pixels()
    if small.orientation == 1:
        pixels = np.rot90(pixels, _TURNS.get(orientation, 0))
    photo = _grey(pyramid.at(min(256, pyramid.long_side)))
    shown = _grey(np.ascontiguousarray(_without_bars(pixels, pyramid.width / pyramid.height)))
    part = float(np.abs((photo - photo.mean()) - (shown - shown.mean())).max())
    spread = float(photo.std() * shown.std())
    if spread < 1.0:  # a flat picture is like any other flat picture of its brightness
        return Likeness(1.0 if abs(photo.mean() - shown.mean()) < DARK else 0.0, part)
    return Likeness(float(((photo - photo.mean()) * (shown - shown.mean())).mean()) / spread, part)


def _grey(pixels: Pixels) -> NDArray[np.float32]:
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, (GRID, GRID), interpolation=cv2.INTER_AREA).astype(np.float32)


def _without_bars(pixels: Pixels, proportion: float) -> Pixels:
    """The middle part that has the photo's proportion (width to height), where what lies around it is black."""
    height, width = pixels.shape[:2]
    across = max(0, round((width - height * proportion) / 2))
    down = max(0, round((height - width / proportion) / 2))
    rims = [rim for rim in (pixels[:, :across], pixels[:, width - across :], pixels[:down], pixels[height - down :])
            if rim.size and rim.shape[:2] != (height, width)]  # fmt: skip
    if not rims or max(np.median(rim) for rim in rims) > DARK:
        return pixels
    return pixels[down : height - down, across : width - across]
