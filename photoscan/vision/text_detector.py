"""Where is text? PP-OCRv6's detector and the DB post-processing of its probability map.

Source: Liao et al., Real-time Scene Text Detection with Differentiable Binarization (AAAI 2020); the thresholds are
PaddleOCR's published defaults for this model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan import repeated
from photoscan.geometry import Box, Point, Polygon
from photoscan.models import Runtime
from photoscan.models.network import Network
from photoscan.vision import strokes, windows
from photoscan.vision.tiles import tiles

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

BINARISE = 0.3
"""Probability from which a pixel belongs to text."""
BOX_SCORE = 0.5
"""Mean probability inside a box from which it is kept."""
UNCLIP = 1.6
"""How far a shrunk text kernel is grown back: distance = area x UNCLIP / perimeter."""
MIN_SIDE = 3.0
"""Kernels thinner than this many map pixels are noise."""
WHOLE = 1408
"""Up to this side a picture is given to the network whole: beyond about 2,000 pixels it fails to see text at all."""
TILE = 1120
"""The largest side of a tile of a larger picture. In larger ones the network sees less, and its memory grows."""
OVERLAP = 96
"""Pixels that neighbouring tiles share: enough context for the network at the seam, since maps are joined, not
boxes."""

Heat = NDArray[np.uint8]
"""How likely each pixel belongs to text, H x W: 0 (surely not) to 255."""


@dataclass(frozen=True, slots=True)
class TextDetector:
    """The network, with a way to run it."""

    runtime: Runtime

    def heat(self, pixels: Pixels, parts: Sequence[Box] | None = None) -> Heat:
        """How likely every pixel of a picture (BGR, any size) belongs to text.

        Of a large picture only the windows with strokes in them are shown to the network. `parts` are the only boxes
        to look at, in pixels of the picture; outside them it answers 0.
        """
        height, width = pixels.shape[:2]
        if parts is None:
            if max(width, height) <= WHOLE:
                return self._infer(pixels)
            parts = windows.cover(strokes.seen(pixels), strokes.CELL, width, height, TILE, OVERLAP)
        joined = np.zeros((height, width), np.uint8)
        for part in parts:
            for tile in tiles(part.w, part.h, TILE if max(part.w, part.h) > WHOLE else WHOLE, OVERLAP):
                place = np.s_[part.y + tile.y : part.y + tile.y2, part.x + tile.x : part.x + tile.x2]
                np.maximum(joined[place], self._infer(pixels[place]), out=joined[place])
        return joined

    def outlines(self, pixels: Pixels, parts: Sequence[Box] | None = None) -> list[Polygon]:
        """Quadrilaterals around text, in pixels of the picture given, clockwise, unordered; of its parts, if given."""
        return boxes(self.heat(pixels, parts))

    def _infer(self, pixels: Pixels) -> Heat:
        network = self.runtime.network("text-detector")
        return repeated.once(lambda: self._heat(pixels, network), [pixels], "text", self.runtime).copy()

    @staticmethod
    def _heat(pixels: Pixels, network: Network) -> Heat:
        height, width = pixels.shape[:2]
        padded_h, padded_w = -height % 32 + height, -width % 32 + width
        batch = np.zeros((1, 3, padded_h, padded_w), np.float32)
        batch[0, :, :height, :width] = (pixels.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)
        (out,) = network.run(batch).values()
        heat: Heat = np.rint(out[0, 0, :height, :width] * 255).astype(np.uint8)
        return heat


def boxes(heat: Heat) -> list[Polygon]:
    """Quadrilaterals around text, in pixels of the map given, clockwise, unordered."""
    binary = cv2.dilate((heat > 255 * BINARISE).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(binary, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        (cx, cy), (w, h), angle = cv2.minAreaRect(contour)
        if min(w, h) < MIN_SIDE or _mean_inside(heat, contour) < 255 * BOX_SCORE:
            continue
        grow = 2 * w * h * UNCLIP / (2 * (w + h))
        found.append(_clockwise(cv2.boxPoints(((cx, cy), (w + grow, h + grow), angle))))
    return found


def _mean_inside(heat: Heat, contour: NDArray[Any]) -> float:
    x, y, w, h = cv2.boundingRect(contour)
    inside = np.zeros((h, w), np.uint8)
    cv2.fillPoly(inside, [contour - (x, y)], (1,))
    return float(cv2.mean(heat[y : y + h, x : x + w], inside)[0])


def _clockwise(points: NDArray[Any]) -> Polygon:
    """Start at the corner from which the long side runs most nearly to the right."""
    centre = points.mean(axis=0)
    ring = sorted(points.tolist(), key=lambda p: np.arctan2(p[1] - centre[1], p[0] - centre[0]))
    start = min(range(4), key=lambda i: ring[i][0] + ring[i][1])
    ordered: list[Point] = [(float(x), float(y)) for x, y in ring[start:] + ring[:start]]
    return tuple(ordered)


def clip(polygon: Polygon, width: int, height: int) -> Polygon:
    """The polygon with every corner moved inside a picture of that size."""
    return tuple((min(max(0.0, x), float(width)), min(max(0.0, y), float(height))) for x, y in polygon)


def height_of(polygon: Polygon) -> float:
    """The length of the polygon's shorter pair of sides, which is the height of its text, in pixels."""
    (x0, y0), (x1, y1), (x2, y2) = polygon[:3]
    return float(min(np.hypot(x1 - x0, y1 - y0), np.hypot(x2 - x1, y2 - y1)))


def outline(polygon: Polygon) -> Box:
    """The upright box around a polygon."""
    return Box.around(polygon)
