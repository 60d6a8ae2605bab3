"""Plates washed out by sun or lamps: their sheeting throws light back, so that letters differ from it by a few levels.

The text detector, which sees absolute levels, passes over them. With local contrast equalised it does not (Pizer et
al., Adaptive histogram equalization and its variations, 1987), or where the bright levels are spread apart by a power
law (Gonzalez and Woods, Digital Image Processing, 3.2.3): each shows plates that the other doesn't.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from photoscan.geometry import Box, Polygon
from photoscan.vision.plates.frame import sides
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_detector import TextDetector

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

LONG_SIDE = 832
"""Long side at which washed-out text is looked for; a smaller photo is enlarged to twice its size at most."""
BRIGHT = 190
"""Median grey level from which a patch counts as washed out: there is more sheeting than letters."""
LEAST_BRIGHT = 0.002
"""Share of the picture that has to be so bright before anything is looked for."""
Remedy = Callable[["Pixels"], "Pixels"]
"""What makes washed-out letters visible: BGR pixels in, BGR pixels out."""
POWER = 3.0
LEVELS = np.round(255 * (np.arange(256) / 255) ** POWER).astype(np.uint8)
"""What each level becomes."""
MOST = 6
"""So many patches are looked at close up, the brightest first."""


def equalised(pixels: Pixels) -> Pixels:
    """The picture (BGR) with the contrast of its lightness equalised locally."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)
    lab[:, :, 0] = cv2.createCLAHE(4.0, (8, 8)).apply(lab[:, :, 0])
    return cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)  # type: ignore[return-value]


def darkened(pixels: Pixels) -> Pixels:
    """The picture (BGR) with its bright levels spread apart."""
    return cv2.LUT(pixels, LEVELS)  # type: ignore[return-value]


REMEDIES: tuple[Remedy, ...] = (equalised, darkened)


def find(pyramid: Pyramid, known: Sequence[Box], detector: TextDetector) -> list[tuple[Polygon, Remedy]]:
    """Outlines of text on washed-out patches, in pixels of the full picture, where nothing is known yet, each with the
    remedy that showed it."""
    size = min(LONG_SIDE, 2 * pyramid.long_side)
    pixels = pyramid.at(size)
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    if float((grey >= BRIGHT).mean()) < LEAST_BRIGHT:
        return []
    factor = pyramid.long_side / size
    found: list[tuple[Polygon, Remedy]] = []
    for remedy in REMEDIES:
        seen: list[tuple[float, Polygon]] = []
        for outline in detector.outlines(remedy(pixels)):
            box = Box.around(outline).clipped(pixels.shape[1], pixels.shape[0])
            across, down = sides(outline)
            patch = grey[box.y : box.y2, box.x : box.x2]
            if not patch.size or not 1.2 * down < across < 9 * down or np.median(patch) < BRIGHT:
                continue
            full = tuple((x * factor, y * factor) for x, y in outline)
            if not any(Box.around(full).coverage_by(other) > 0.5 for other in known):
                seen.append((float(np.median(patch)), full))
        found += [(outline, remedy) for _, outline in sorted(seen, key=lambda row: -row[0])[:MOST]]
    return found
