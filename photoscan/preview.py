"""Small upright copies of photos for reports: pixels only, without anything else of the file."""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw

from photoscan.errors import PhotoscanError
from photoscan.geometry import Box
from photoscan.photo import Photo

LARGE = 1400
"""Longest side of the copy in which findings are shown, in pixels."""
SMALL = 260
"""Longest side of a thumbnail."""


def jpeg(photo: Photo, longest: int, covers: Iterable[Box] = ()) -> bytes | None:
    """The photo's first page as a JPEG of at most that size; None where its pixels can't be had.

    `covers`, in upright pixels, are painted black before anything else: nothing of what lies in them is in the JPEG.
    """
    try:
        pixels = photo.pixels()
    except PhotoscanError:
        return None
    image = Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1]))
    for box in covers:
        if box.area:
            ImageDraw.Draw(image).rectangle((box.x, box.y, box.x2 - 1, box.y2 - 1), "black")
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82 if longest > SMALL else 70)
    return buffer.getvalue()
