"""A frame: the quadrilateral in which a plate may lie, and the picture of it laid flat, with what surrounds it."""

from __future__ import annotations

from math import ceil, hypot
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan.geometry import Box, Point, Polygon

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

Matrix = NDArray[Any]

WIDEST = 14.0
"""A frame is laid flat at most so many times as wide as it is high: no plate is longer, whatever its corners say."""


class Flat(NamedTuple):
    """A frame laid flat: its pixels (BGR), where the frame stands in them, and the way back to the photo."""

    pixels: Pixels
    frame: Box
    back: Matrix

    @property
    def reach(self) -> Box:
        """All of the flat picture, in its pixels."""
        return Box(0, 0, *self.pixels.shape[1::-1])

    def to_photo(self, points: Polygon) -> Polygon:
        """Points of the flat picture as points of the photo."""
        return _mapped(self.back, points)

    def from_photo(self, points: Polygon) -> Polygon:
        """Points of the photo as points of the flat picture."""
        return _mapped(np.linalg.inv(self.back), points)


def sides(quad: Polygon) -> tuple[float, float]:
    """The mean length along the reading direction and across it, in pixels."""
    a, b, c, d = quad
    return (_distance(a, b) + _distance(d, c)) / 2, (_distance(a, d) + _distance(b, c)) / 2


def flat(pixels: Pixels, quad: Polygon, height: int, margin: tuple[float, float]) -> Flat:
    """The quadrilateral `height` pixels high, with so many of its heights around it on each side (across, down).

    `quad`: clockwise from where the reading starts. What lies outside the photo repeats its rim.
    """
    across, down = sides(quad)
    width = max(8, round(height * min(WIDEST, across / max(1.0, down))))
    mx, my = round(margin[0] * height), round(margin[1] * height)
    frame = Box(mx, my, width, height)
    rim = cv2.getPerspectiveTransform(_corners(frame), np.array(quad, np.float32))
    size = width + 2 * mx, height + 2 * my
    outer = Box.around(_mapped(rim, ((0, 0), (size[0], 0), size, (0, size[1])))).clipped(*pixels.shape[1::-1])
    patch, shrink = _shrunk(pixels[outer.y : outer.y2, outer.x : outer.x2], height / max(1.0, down))
    place = np.array([[shrink, 0, -outer.x * shrink], [0, shrink, -outer.y * shrink], [0, 0, 1]])
    matrix = np.linalg.inv(place @ rim)
    laid = cv2.warpPerspective(patch, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Flat(laid, frame, rim)  # type: ignore[arg-type]


def _shrunk(patch: Pixels, factor: float) -> tuple[Pixels, float]:
    """The patch by area averaging where it is much larger than it will be shown: warping skips pixels then."""
    if factor > 0.67 or not patch.size:
        return (patch if patch.size else np.zeros((2, 2, 3), np.uint8)), 1.0
    shrink = min(1.0, factor * 1.33)
    size = max(1, ceil(patch.shape[1] * shrink)), max(1, ceil(patch.shape[0] * shrink))
    return cv2.resize(patch, size, interpolation=cv2.INTER_AREA), shrink  # type: ignore[return-value]


def _corners(box: Box) -> NDArray[np.float32]:
    return np.array([(box.x, box.y), (box.x2, box.y), (box.x2, box.y2), (box.x, box.y2)], np.float32)


def _mapped(matrix: Matrix, points: Polygon) -> Polygon:
    moved = cv2.perspectiveTransform(np.array([points], np.float64), np.asarray(matrix, np.float64))[0]
    return tuple((float(x), float(y)) for x, y in moved)


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])
