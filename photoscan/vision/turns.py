"""Pictures turned by quarter turns, and places in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from photoscan.geometry import Point

if TYPE_CHECKING:
    from photoscan.pixels import Pixels


def turned(pixels: Pixels, turn: int) -> Pixels:
    """The picture after that many quarter turns against the clock."""
    return np.ascontiguousarray(np.rot90(pixels, turn))


def turned_size(width: int, height: int, turn: int) -> tuple[int, int]:
    """Width and height after that many quarter turns."""
    return (height, width) if turn % 2 else (width, height)


def point_back(point: Point, turn: int, width: int, height: int) -> Point:
    """Where a point of the turned picture, which is `width` x `height`, lies in the picture as it was."""
    x, y = point
    return ((x, y), (height - y, x), (width - x, height - y), (y, width - x))[turn % 4]
