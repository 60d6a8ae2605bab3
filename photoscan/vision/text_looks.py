"""Looks at a picture for text: at one scale, upright or sideways, whole or at some of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np

from photoscan.geometry import Box, Polygon
from photoscan.vision import second_look, text_detector
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_detector import Heat, TextDetector

IDEAL_HEIGHT = 28.0
"""Text height in the network's input at which a line is outlined best; of two outlines the one nearer to it is kept."""
ALONG = (0.0, 0.25, 0.5, 0.75)
"""Where on each side of an outline it is asked whether it was looked at."""
UPRIGHT_BONUS = 1.0
"""How much better an outline counts that was seen with the text upright: sideways the detector cuts lines short."""


class Candidate(NamedTuple):
    """An outline in pixels of the full picture, how far its scale was from the best one, and which look saw it.

    `cut`: whether it goes on where that look did not look.
    """

    polygon: Polygon
    misfit: float
    view: int
    cut: bool = False


class Look(NamedTuple):
    """What the detector answered at one scale, and what it outlined; `heat` and `large` in pixels of that scale.

    `large` are outlines of lettering so large that a finer look would show nothing more.
    """

    heat: Heat
    candidates: list[Candidate]
    large: list[Polygon]


def look(
    detector: TextDetector,
    pyramid: Pyramid,
    long_side: int,
    parts: Sequence[Box] | None = None,
    sideways: bool = False,
) -> Look:
    """What the detector sees with the picture's long side so many pixels; `parts` are all that it looks at, in pixels
    of that scale. `sideways` turns the picture for it first."""
    pixels = pyramid.at(long_side)
    height, width = pixels.shape[:2]
    shown = pixels
    places = None if parts is None else [p.clipped(width, height) for p in parts]
    if sideways:
        shown = np.ascontiguousarray(np.rot90(pixels))
        places = places and [Box(p.y, width - p.x2, p.h, p.w) for p in places]
    heat = detector.heat(shown, places)
    factor = pyramid.long_side / long_side
    candidates, large = [], []
    for outline in text_detector.boxes(heat):
        tall = text_detector.height_of(outline)
        upright = tuple((width - y, x) for x, y in outline) if sideways else outline
        full = tuple((x * factor, y * factor) for x, y in upright)
        kept = text_detector.clip(full, pyramid.width, pyramid.height)
        misfit = abs(log(tall / IDEAL_HEIGHT)) - (UPRIGHT_BONUS if sideways else 0.0)
        cut = places is not None and _leaves(text_detector.clip(outline, *shown.shape[1::-1]), places)
        candidates.append(Candidate(kept, misfit, -long_side if sideways else long_side, cut))
        if tall >= IDEAL_HEIGHT:
            large.append(upright)
    return Look(np.rot90(heat, -1) if sideways else heat, candidates, large)


def _leaves(outline: Polygon, places: Sequence[Box]) -> bool:
    """Whether an outline reaches out of all the boxes."""
    ring = zip(outline, (*outline[1:], outline[0]), strict=True)
    points = [(x + t * (x2 - x), y + t * (y2 - y)) for (x, y), (x2, y2) in ring for t in ALONG]
    return not all(any(p.x <= x <= p.x2 and p.y <= y <= p.y2 for p in places) for x, y in points)


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of outlines from different looks that share most of their area, the one that is whole, then the one seen at the
    better scale."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.cut, c.misfit)):
        if not any(
            other.view != candidate.view and second_look.same(candidate.polygon, other.polygon) for other in kept
        ):
            kept.append(candidate)
    return kept
