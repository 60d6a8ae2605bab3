"""Out of focus, by a Gaussian."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from photoscan.brushes.base import Brush
from photoscan.brushes.soft import lifted

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.geometry import Box

SHARES = (1 / 6, 1 / 3, 1 / 2)
"""The standard deviation as a share of the region's longer side, more where a detector still sees something in it."""


class Blur(Brush):
    """Blurred; sharpening brings some of it back. Flat blocks can't show it."""

    name: ClassVar[str] = "blur"
    reversible: ClassVar[bool] = True

    def pixels(self, picture: Image, box: Box, strength: int) -> None:
        """Blurred, over white where the picture is transparent."""
        from PIL.ImageFilter import GaussianBlur

        patch = lifted(picture, box).filter(GaussianBlur(max(box.w, box.h) * SHARES[strength]))
        picture.paste(patch, (box.x, box.y))
