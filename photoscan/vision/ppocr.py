"""Reading a whole photo with PP-OCRv6: find lines at the scales that suit their size, then read each once at full
detail."""

from __future__ import annotations

from math import hypot, log
from typing import NamedTuple

import numpy as np

from photoscan.geometry import Polygon, polygon_area, shared_area
from photoscan.options import Profile
from photoscan.textline import TextLine
from photoscan.vision import text_detector, text_recogniser
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reading_order import in_reading_order

SMALL = 900
"""A photo whose long side is below this reads better enlarged to twice its size."""
SCENE = 1600
"""Up to this long side a photo is looked at once more, enlarged by half, where hardly any text was seen: signs in a
street scene are often a little too small for the detector, lines of a page are not."""
FEW = 8
"""Outlines up to which a photo is a scene rather than a page."""
OVERVIEW = 960
"""Long side of the pass that sees large lettering."""
FINE_PIXELS: dict[Profile, float] = {"fast": 2.2e6, "balanced": 24e6, "thorough": 64e6}
"""The finest pass sees at most this many pixels; a larger photo is shrunk to that."""
IDEAL_HEIGHT = 28.0
"""Text height in the network's input at which a line is outlined best; of two outlines the one nearer to it is kept."""
UPRIGHT_BONUS = 1.0
"""How much better an outline counts that was seen with the text upright: sideways the detector cuts lines short."""
SAME = 0.5
"""Two outlines are of one line when they share this much of the smaller."""
LEGIBLE = 0.5, 0.3
"""A reading is kept from a mean character probability of a + b / characters on: below, it is texture that looked
like text. The shorter a reading, the surer it has to be: single strokes resemble many signs."""


class _Candidate(NamedTuple):
    polygon: Polygon
    misfit: float
    view: int


def read(pyramid: Pyramid, profile: Profile, threads: int) -> tuple[TextLine, ...]:
    """Every legible line, in reading order; polygons in pixels of the full picture."""
    passes = _passes(pyramid, profile)
    candidates = [c for long_side in passes for c in _outlines(pyramid, long_side, threads)]
    if profile != "fast" and SMALL <= pyramid.long_side <= SCENE and len(candidates) <= FEW:
        enlarged = round(1.5 * pyramid.long_side)
        passes.append(enlarged)
        candidates += _outlines(pyramid, enlarged, threads)
    if _lies_sideways(candidates):
        candidates += [c for long_side in passes for c in _outlines(pyramid, long_side, threads, sideways=True)]
    polygons = [c.polygon for c in _distinct(candidates)]
    crops = [text_recogniser.crop(pyramid.full, p) for p in polygons]
    readings = text_recogniser.read(crops, threads)
    lines = [
        TextLine(r.text, _as_read(p, r.turned), r.confidence)
        for p, r in zip(polygons, readings, strict=True)
        if r.text and r.confidence >= LEGIBLE[0] + LEGIBLE[1] / len(r.text)
    ]
    return in_reading_order(lines)


def _outlines(pyramid: Pyramid, long_side: int, threads: int, sideways: bool = False) -> list[_Candidate]:
    """What the detector sees at one scale, in pixels of the full picture; `sideways` turns the picture for it first."""
    pixels = pyramid.at(long_side)
    width = pixels.shape[1]
    factor = pyramid.long_side / long_side
    found = []
    shown = np.ascontiguousarray(np.rot90(pixels)) if sideways else pixels
    for polygon in text_detector.boxes(text_detector.probability(shown, threads)):
        misfit = abs(log(text_detector.height_of(polygon) / IDEAL_HEIGHT)) - (UPRIGHT_BONUS if sideways else 0.0)
        upright = tuple((width - y, x) for x, y in polygon) if sideways else polygon
        full = tuple((x * factor, y * factor) for x, y in upright)
        kept = text_detector.clip(full, pyramid.width, pyramid.height)
        found.append(_Candidate(kept, misfit, -long_side if sideways else long_side))
    return found


def _lies_sideways(candidates: list[_Candidate]) -> bool:
    """Whether most outlines run up or down: the page lies on its side, and lines are seen only in parts."""
    tall = sum(_tall(c.polygon) for c in candidates)
    return tall >= 2 and 2 * tall > len(candidates)


def _passes(pyramid: Pyramid, profile: Profile) -> list[int]:
    long_side = pyramid.long_side
    if long_side < SMALL:
        return [2 * long_side]
    pixels = pyramid.width * pyramid.height
    finest = round(long_side * min(1.0, (FINE_PIXELS[profile] / pixels) ** 0.5))
    return [finest] if finest <= SCENE else [OVERVIEW, finest]


def _distinct(candidates: list[_Candidate]) -> list[_Candidate]:
    """Of outlines from different passes that share most of their area, the one seen at the better scale."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: c.misfit):
        if not any(other.view != candidate.view and _same(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


def _same(a: _Candidate, b: _Candidate) -> bool:
    return shared_area(a.polygon, b.polygon) > SAME * min(polygon_area(a.polygon), polygon_area(b.polygon))


def _tall(polygon: Polygon) -> bool:
    """Whether a crop of the outline stands upright, so that its line runs up or down."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = polygon
    across = max(hypot(x1 - x0, y1 - y0), hypot(x2 - x3, y2 - y3))
    down = max(hypot(x3 - x0, y3 - y0), hypot(x2 - x1, y2 - y1))
    return down >= text_recogniser.TALL * across


def _as_read(polygon: Polygon, turned: bool) -> Polygon:
    """The corners, clockwise from where the reading starts: a tall line was read from its top right."""
    start = (1 if _tall(polygon) else 0) + (2 if turned else 0)
    return polygon[start:] + polygon[:start]
