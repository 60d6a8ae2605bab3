"""Opaque black: what lay below is gone, and anybody can see so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from photoscan.brushes.base import Brush

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    from photoscan.coded import Paint
    from photoscan.coded.frame import Skeleton
    from photoscan.geometry import Box
    from photoscan.pixels import Pixels

DARK = 40
"""Grey level up to which a painted pixel passes for black: coding changes it a little, a palette may have no black."""
BLACK = {
    "1": 0, "L": 0, "RGB": (0, 0, 0), "RGBA": (0, 0, 0, 255), "LA": (0, 255), "CMYK": (0, 0, 0, 255),
    "I;16": 0, "I;16L": 0, "I;16B": 0, "I": 0, "F": 0.0,
}  # fmt: skip
"""The black of Pillow's modes that have one of their own."""


class Fill(Brush):
    """Black in every coding."""

    name: ClassVar[str] = "fill"
    reversible: ClassVar[bool] = False
    proof: ClassVar[str | None] = "opaque"
    modes: ClassVar[frozenset[str]] = frozenset(BLACK)

    def pixels(self, picture: Image, box: Box, strength: int) -> None:
        """Black; every strength is the same."""
        picture.paste(BLACK[picture.mode], (box.x, box.y, box.x2, box.y2))  # type: ignore[arg-type]

    def blocks(self, jpeg: Skeleton, picture: Callable[[], Image], boxes: Sequence[Box], strength: int) -> Paint:
        """Blocks of black, which nothing need be decoded for."""
        from photoscan.coded import Black

        return Black.of(jpeg)

    def samples(self, samples: NDArray, box: Box, top: int) -> None:  # type: ignore[type-arg]
        """Zeros, opaque where there is an alpha (two or four samples a pixel)."""
        count = samples.shape[2]
        samples[box.y : box.y2, box.x : box.x2] = (*(0,) * (count - 1), top) if count in (2, 4) else 0

    def covers(self, patch: Pixels) -> bool:
        """Whether every pixel is black, or as near as coding leaves it."""
        return bool(patch.size) and int(patch.max()) <= DARK
