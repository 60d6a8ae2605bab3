"""Reading a whole photo with PP-OCRv6: find lines at the scales that suit their size, then read each once at full
detail."""

from __future__ import annotations

from math import hypot, log
from typing import NamedTuple

from photoscan.geometry import Polygon, polygon_area, shared_area
from photoscan.options import Profile
from photoscan.textline import TextLine
from photoscan.vision import text_detector, text_recogniser
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reading_order import in_reading_order

SMALL = 900
"""A photo whose long side is below this reads better enlarged to twice its size."""
OVERVIEW = 1280
"""Long side of the pass that sees large lettering."""
FINE_PIXELS: dict[Profile, float] = {"fast": 2.2e6, "balanced": 24e6, "thorough": 64e6}
"""The finest pass sees at most this many pixels; a larger photo is shrunk to that."""
IDEAL_HEIGHT = 28.0
"""Text height in the network's input at which a line is outlined best; of two outlines the one nearer to it is kept."""
SAME = 0.5
"""Two outlines are of one line when they share this much of the smaller."""
LEGIBLE = 0.5, 0.3
"""A reading is kept from a mean character probability of a + b / characters on: below, it is texture that looked
like text. The shorter a reading, the surer it has to be: single strokes resemble many signs."""


class _Candidate(NamedTuple):
    polygon: Polygon
    misfit: float
    scale: int


def read(pyramid: Pyramid, profile: Profile, threads: int) -> tuple[TextLine, ...]:
    """Every legible line, in reading order; polygons in pixels of the full picture."""
    candidates: list[_Candidate] = []
    for long_side in _passes(pyramid, profile):
        pixels = pyramid.at(long_side)
        factor = pyramid.long_side / long_side
        for polygon in text_detector.boxes(text_detector.probability(pixels, threads)):
            misfit = abs(log(text_detector.height_of(polygon) / IDEAL_HEIGHT))
            full = tuple((x * factor, y * factor) for x, y in polygon)
            candidates.append(_Candidate(text_detector.clip(full, pyramid.width, pyramid.height), misfit, long_side))
    polygons = [c.polygon for c in _distinct(candidates)]
    crops = [text_recogniser.crop(pyramid.full, p) for p in polygons]
    readings = text_recogniser.read(crops, threads)
    lines = [
        TextLine(r.text, _as_read(p, r.turned), r.confidence)
        for p, r in zip(polygons, readings, strict=True)
        if r.text and r.confidence >= LEGIBLE[0] + LEGIBLE[1] / len(r.text)
    ]
    return in_reading_order(lines)


def _passes(pyramid: Pyramid, profile: Profile) -> list[int]:
    long_side = pyramid.long_side
    if long_side < SMALL:
        return [2 * long_side]
    pixels = pyramid.width * pyramid.height
    finest = round(long_side * min(1.0, (FINE_PIXELS[profile] / pixels) ** 0.5))
    return [finest] if finest <= OVERVIEW * 1.25 else [OVERVIEW, finest]


def _distinct(candidates: list[_Candidate]) -> list[_Candidate]:
    """Of outlines from different passes that share most of their area, the one seen at the better scale."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: c.misfit):
        if not any(other.scale != candidate.scale and _same(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


def _same(a: _Candidate, b: _Candidate) -> bool:
    return shared_area(a.polygon, b.polygon) > SAME * min(polygon_area(a.polygon), polygon_area(b.polygon))


def _as_read(polygon: Polygon, turned: bool) -> Polygon:
    """The corners, clockwise from where the reading starts: a tall line was read from its top right."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = polygon
    across = max(hypot(x1 - x0, y1 - y0), hypot(x2 - x3, y2 - y3))
    down = max(hypot(x3 - x0, y3 - y0), hypot(x2 - x1, y2 - y1))
    start = (1 if down >= text_recogniser.TALL * across else 0) + (2 if turned else 0)
    return polygon[start:] + polygon[:start]
