"""The drawn photos of the rounds as they are printed: smaller, and without what their files say."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image

from photoscan import shipped

LONGEST = 1000
"""Pixels of the longer side: 150 to the inch over the width of a page."""


@cache
def picture(name: str) -> bytes | None:
    """A JPEG file; None where there is no photo of that name."""
    file = shipped.HOME / "workshop" / "rounds" / f"{name}.jpg"
    if not file.is_file():
        return None
    with Image.open(file) as photo:
        small = photo.convert("RGB")
    small.thumbnail((LONGEST, LONGEST))
    written = io.BytesIO()
    small.save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()


@cache
def size(name: str) -> tuple[int, int]:
    """Width and height of such a picture, in pixels. KeyError for a name without a picture."""
    data = picture(name)
    if data is None:
        raise KeyError(name)
    with Image.open(io.BytesIO(data)) as photo:
        return photo.size
