"""Do two pictures show the same? Enough to tell a preview from a preview of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoscan.options import Limits
from photoscan.photo import Photo

if TYPE_CHECKING:
    from photoscan.pixels import Pixels
    from photoscan.vision.pyramid import Pyramid

GRID = 24
"""Pixels a side at which pictures are compared: coding and sharpening no longer show."""
PREVIEW = Limits(max_bytes=16 * 1024 * 1024, max_pixels=20_000_000)
_TURNS = {3: 2, 6: 3, 8: 1, 4: 2, 5: 3, 7: 1}
"""Quarter turns against the clock for EXIF orientations; mirrored ones are not mirrored back."""
DARK = 16


def likeness(pyramid: Pyramid, preview: bytes, orientation: int) -> float:
    """Correlation of grey values, -1..1, between the upright photo and a preview in the file's orientation.

    Black bars at a preview's edges are left out. Raises PhotoscanError for a preview that can't be decoded.
    """
    import numpy as np

    small = Photo.open(preview, PREVIEW)
    pixels = small.pixels()
    if small.orientation == 1:
        pixels = np.rot90(pixels, _TURNS.get(orientation, 0))
    photo = _grey(pyramid.at(min(256, pyramid.long_side)))
    shown = _grey(np.ascontiguousarray(_without_bars(pixels)))
    spread = photo.std() * shown.std()
    if spread < 1.0:  # a flat picture is like any other flat picture of its brightness
        return 1.0 if abs(photo.mean() - shown.mean()) < DARK else 0.0
    return float(((photo - photo.mean()) * (shown - shown.mean())).mean() / spread)


def _grey(pixels: Pixels):  # type: ignore[no-untyped-def]
    import cv2
    import numpy as np

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, (GRID, GRID), interpolation=cv2.INTER_AREA).astype(np.float32)


def _without_bars(pixels: Pixels) -> Pixels:
    """The part between black rows or columns at the edges."""
    import numpy as np

    bright = pixels.max(axis=2) > DARK
    rows, columns = np.flatnonzero(bright.mean(axis=1) > 0.05), np.flatnonzero(bright.mean(axis=0) > 0.05)
    if not len(rows) or not len(columns):
        return pixels
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
