"""Where might a code of squares lie that no decoder saw? Patches as busy as one, within a calm, lighter border.

Source of the idea: the quiet zone of ISO/IEC 18004 (four modules of light around a QR code) stays light and calm
however much the code is blurred, and modules keep edges in every direction, which bars do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from photoscan.geometry import Box, Polygon

if TYPE_CHECKING:
    from photoscan.vision.pyramid import Pyramid

WHOLE = 1600
"""Long side at which the whole photo is searched: large codes are found quickly, and all levels are made of it."""
LEVELS = (832, 416, 208)
"""Long sides at which is looked: a code is found where it is some 30 to 160 pixels wide."""
WINDOW = 11
"""Pixels over which a place is judged: a few modules of such a code."""
SMALLEST, LARGEST = 26, 200
"""Pixels of a patch's sides."""
CONTRAST = 20.0
"""Standard deviation of grey levels within the window from which a place is busy."""
ONE_WAY = 0.85
"""Coherence of gradients, 0..1, above which a place is lines of one direction."""
FILL = 0.6
"""The share of its box, turned as it lies, that a patch fills."""
LONGEST = 1.7
"""Sides of a patch, the longer over the shorter: a square seen from the side."""
RING = 4
"""Pixels of the border that are looked at."""
CALM = 0.5
"""Gradient energy of the border, relative to the patch, above which it is no border."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A place: its centre and sides in pixels of the full picture, how it is turned in degrees, and how it stands out
    from its border."""

    centre: tuple[float, float]
    sides: tuple[float, float]
    angle: float
    score: float

    @property
    def polygon(self) -> Polygon:
        """Its four corners."""
        return tuple((float(x), float(y)) for x, y in cv2.boxPoints((self.centre, self.sides, self.angle)))

    @property
    def box(self) -> Box:
        """The upright box around it."""
        return Box.around(self.polygon)


def find(pyramid: Pyramid, most: int) -> list[Patch]:
    """The likeliest places, at most so many, the likeliest first."""
    seen: list[Patch] = []
    # What the decoders were given is shrunk further: shrinking all of a large photo costs more than looking at it.
    grey = cv2.cvtColor(pyramid.at(min(WHOLE, pyramid.long_side)), cv2.COLOR_BGR2GRAY)
    for level in LEVELS:
        if level > pyramid.long_side and level != LEVELS[-1]:
            continue
        grey = cv2.resize(grey, pyramid.size_at(level), interpolation=cv2.INTER_AREA)
        seen += _patches(grey.astype(np.float32), pyramid.long_side / level)
    kept: list[Patch] = []
    for patch in sorted(seen, key=lambda patch: -patch.score):
        if not any(patch.box.iou(other.box) > 0.3 for other in kept):
            kept.append(patch)
    return kept[:most]


def _patches(grey: Any, factor: float) -> list[Patch]:
    dx, dy = cv2.Scharr(grey, cv2.CV_32F, 1, 0), cv2.Scharr(grey, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.boxFilter(a, -1, (WINDOW, WINDOW)) for a in (dx * dx, dy * dy, dx * dy))
    # How much of the gradients goes one way, squared: no root is needed to compare.
    along = (xx - yy) ** 2 + 4 * xy**2
    mean = cv2.boxFilter(grey, -1, (WINDOW, WINDOW))
    variance = cv2.boxFilter(grey * grey, -1, (WINDOW, WINDOW)) - mean * mean
    busy = ((variance > CONTRAST**2) & (along < (ONE_WAY * (xx + yy)) ** 2)).astype(np.uint8)
    busy = cv2.morphologyEx(busy, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(busy)
    found = []
    for label in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[label])
        if min(w, h) < SMALLEST or max(w, h) > LARGEST:
            continue
        mask = labels[y : y + h, x : x + w] == label
        (cx, cy), (a, b), angle = cv2.minAreaRect(np.argwhere(mask)[:, ::-1].astype(np.float32))
        if area < FILL * (a + 1) * (b + 1) or max(a, b) > LONGEST * max(min(a, b), 1):
            continue
        score = _bordered(grey, dx, dy, mask, Box(x, y, w, h))
        if score is not None:
            centre = ((cx + x) * factor, (cy + y) * factor)
            found.append(Patch(centre, (a * factor, b * factor), float(angle), score))
    return found


def _bordered(grey: Any, dx: Any, dy: Any, patch: Any, box: Box) -> float | None:
    """How much busier a patch is than its border; None where that is neither calm nor light."""
    wide = Box(box.x - RING, box.y - RING, box.w + 2 * RING, box.h + 2 * RING).clipped(grey.shape[1], grey.shape[0])
    mask = np.zeros((wide.h, wide.w), np.uint8)
    mask[box.y - wide.y : box.y - wide.y + box.h, box.x - wide.x : box.x - wide.x + box.w] = patch
    inner = cv2.erode(mask, np.ones((5, 5), np.uint8)) > 0
    ring = (cv2.dilate(mask, np.ones((2 * RING + 1, 2 * RING + 1), np.uint8)) > 0) & (mask == 0)
    if not inner.any() or not ring.any():
        return None
    area = np.s_[wide.y : wide.y2, wide.x : wide.x2]
    energy = dx[area] ** 2 + dy[area] ** 2
    inside, around = float(energy[inner].mean()), float(np.median(energy[ring]))
    lighter = float(np.median(grey[area][ring])) > float(grey[area][inner].mean())
    return inside / max(around, 1.0) if lighter and around < CALM * inside else None
