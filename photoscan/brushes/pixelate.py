"""A few large cells, each of the average colour of what it hides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from photoscan.brushes.base import Brush
from photoscan.brushes.soft import lifted

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.coded import Paint
    from photoscan.coded.frame import Skeleton
    from photoscan.geometry import Box

CELLS = (6, 4, 2)
"""A region is at most this many cells across, and fewer where a detector still sees something in it."""


class Pixelate(Brush):
    """Cells; their colours say something of what lay below, so it can be undone in part."""

    name: ClassVar[str] = "pixelate"
    reversible: ClassVar[bool] = True

    def pixels(self, picture: Image, box: Box, strength: int) -> None:
        """Averages, over white where the picture is transparent."""
        from PIL.Image import Resampling

        cells = CELLS[strength], max(1, round(CELLS[strength] * box.h / box.w))
        small = lifted(picture, box).resize(cells, Resampling.BOX)
        picture.paste(small.resize((box.w, box.h), Resampling.NEAREST), (box.x, box.y))

    def blocks(self, jpeg: Skeleton, picture: Callable[[], Image], boxes: Sequence[Box], strength: int) -> Paint:
        """Flat blocks, several of them a cell."""
        from photoscan.coded import Averages

        return Averages.of(jpeg, picture(), boxes, CELLS[strength])
