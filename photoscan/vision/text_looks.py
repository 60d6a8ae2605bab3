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
UPRIGHT_BONUS = 1.0
"""How much better an outline counts that was seen with the text upright: sideways the detector cuts lines short."""


class Candidate(NamedTuple):
    """An outline in pixels of the full picture, how far its scale was from the best one, and which look saw it."""

    polygon: Polygon
    misfit: float
    view: int


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
        candidates.append(Candidate(kept, misfit, -long_side if sideways else long_side))
        if tall >= IDEAL_HEIGHT:
            large.append(upright)
    return Look(np.rot90(heat, -1) if sideways else heat, candidates, large)


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of outlines from different looks that share most of their area, the one seen at the better scale."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: c.misfit):
        if not any(
            other.view != candidate.view and second_look.same(candidate.polygon, other.polygon) for other in kept
        ):
            kept.append(candidate)
    return kept
