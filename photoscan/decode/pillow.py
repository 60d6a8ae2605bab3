"""By Pillow."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageSequence

from photoscan import deadline
from photoscan.photo_source import deepest

if TYPE_CHECKING:
    from photoscan.formats import Format
    from photoscan.pixels import Pixels


def decoded(data: bytes, format_: Format, page: int) -> Pixels:
    """H x W x 3, uint8, BGR, alpha over white; not turned, but for what Pillow turns by itself. Raises anything."""
    image = Image.open(io.BytesIO(data), formats=[str(format_.row.pillow)])
    if page:
        # A GIF's frame is made of all before it.
        for frame in range(1, page + 1) if image.format == "GIF" else (page,):
            deadline.check()
            image.seek(frame)
    elif image.format == "GIF" or getattr(image, "is_animated", False):
        return bgr(next(iter(ImageSequence.Iterator(image))))
    return bgr(image)


def bgr(image: Image.Image) -> Pixels:
    """The pixels of Pillow's picture: H x W x 3, uint8, BGR, alpha over white."""
    image.load()
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        grey = np.asarray(image).astype(np.float64)
        top = deepest(float(grey.max(initial=0)), image.mode)
        return np.repeat((np.clip(grey / top, 0, 1) * 255).astype(np.uint8)[:, :, None], 3, axis=2)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper: Any = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, rgba)
    return np.asarray(image.convert("RGB"))[:, :, ::-1]
