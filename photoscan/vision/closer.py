"""Closer: which parts of a picture are worth a finer look at text, and how much of that a scan affords.

A coarse look answers faintly, far below what makes an outline, where lettering is too small for it. Skies, walls,
leaves and gravel get no answer at all, whatever their contrast. All boxes are in pixels of the coarse look; an amount
is the number of pixels that the network is shown, after they were enlarged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan.geometry import Box, Polygon
from photoscan.vision import text_detector, windows
from photoscan.vision.text_detector import Heat

CELL = 8
"""Pixels each way of one place of the grid."""
FAINTEST = 3
"""An answer, of 255, that calls for a finer look: to bare surfaces the network answers 0, or 1 at most."""
LEVELS = FAINTEST, 6, 12, 25, 50
"""The same where a scan can't afford all of them: the faintest that it affords counts."""
MARGIN, WIDE = 24, 64
"""Pixels around a faint answer, for the network needs surroundings, and more of them in a scene: there, the line is
often longer than what was seen of it."""
REACHES = 4.0, 2.0, 1.0
"""How far around the text of a scene, in its heights, smaller text is looked for: the farthest that is affordable."""


def called_for(heat: Heat, settled: Iterable[Polygon], size: int, margin: int, level: int = FAINTEST) -> list[Box]:
    """Where a coarse look answered by `level` at least and nothing is settled; no side of a box is above `size`, and
    it has `margin` pixels around."""
    height, width = heat.shape
    return windows.cover(_strongest(_unsettled(heat, settled)) >= level, CELL, width, height, size, margin)


def affordable(
    heat: Heat, settled: Sequence[Polygon], size: int, margin: int, factor: float, amount: float
) -> list[Box]:
    """The same for a look that enlarges by `factor`, at the faintest level at which all boxes come to `amount` at most;
    where there is none, those of the strongest answers. Where the whole picture comes to no more, it is looked at whole
    (in boxes of `size`): the network sees most in wide surroundings."""
    height, width = heat.shape
    boxes = called_for(heat, settled, size, margin)
    if boxes and width * height * factor**2 <= amount:
        return windows.cover(np.ones((1, 1), np.bool_), max(width, height), width, height, size, margin)
    for level in LEVELS:
        boxes = called_for(heat, settled, size, margin, level)
        if amount_of(boxes, factor) <= amount:
            return boxes
    left = _unsettled(heat, settled)
    return _first(sorted(boxes, key=lambda b: -int(left[b.y : b.y2, b.x : b.x2].max())), factor, amount)


def surroundings(polygons: Sequence[Polygon], width: int, height: int, factor: float, amount: float) -> list[Box]:
    """A few lines around what was read, in a picture of width x height: beside words there are more, smaller ones.

    Boxes that are apart, those of the smallest text first. They come to `amount` at most, enlarged by `factor`, and
    reach as far as that allows.
    """
    boxes: list[Box] = []
    for reach in REACHES:
        boxes = [box.clipped(width, height) for box in _around(polygons, reach)]
        if amount_of(boxes, factor) <= amount:
            break
    return _first(boxes, factor, amount)


def _around(polygons: Iterable[Polygon], reach: float) -> list[Box]:
    """Boxes around outlines and so many of their heights around, joined where they touch, smallest text first."""
    apart: list[tuple[float, Box]] = []
    for polygon in polygons:
        tall, inner = text_detector.height_of(polygon), Box.around(polygon)
        far = reach * tall
        box = Box.from_edges(inner.x - far, inner.y - far, inner.x2 + far, inner.y2 + far)
        while touching := [pair for pair in apart if pair[1].intersection(box)]:
            apart = [pair for pair in apart if pair not in touching]
            tall, box = min([tall, *(t for t, _ in touching)]), Box.union([box, *(b for _, b in touching)])
        apart.append((tall, box))
    return [box for _, box in sorted(apart, key=lambda pair: pair[0])]


def amount_of(boxes: Iterable[Box], factor: float) -> float:
    """How many pixels the network is shown of boxes that are enlarged by `factor`."""
    return sum(box.area for box in boxes) * factor**2


def _first(boxes: Iterable[Box], factor: float, amount: float) -> list[Box]:
    """As many of the boxes as the amount suffices for, in their order; one that is too large is passed over."""
    kept: list[Box] = []
    for box in boxes:
        if amount_of([*kept, box], factor) <= amount:
            kept.append(box)
    return kept


def _unsettled(heat: Heat, settled: Iterable[Polygon]) -> Heat:
    left = heat.copy()
    for polygon in settled:
        cv2.fillPoly(left, [np.array(polygon).round().astype(np.int32)], (0,))
    return left


def _strongest(heat: Heat) -> NDArray[np.uint8]:
    """The strongest answer in every place of the grid."""
    height, width = heat.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    filled = np.zeros((rows * CELL, columns * CELL), np.uint8)
    filled[:height, :width] = heat
    strongest: NDArray[np.uint8] = filled.reshape(rows, CELL, columns, CELL).max((1, 3))
    return strongest
