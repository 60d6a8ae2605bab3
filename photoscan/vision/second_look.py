"""A second look at single lines that read badly: closer and level, and, where they are steep, with letters upright."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, tan
from typing import TYPE_CHECKING, NamedTuple

import cv2

from photoscan.geometry import Box, Polygon, polygon_area, shared_area
from photoscan.models import Runtime
from photoscan.vision import text_detector, text_recogniser
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.text_recogniser import LineReading, TextRecogniser

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

SAME = 0.5
"""Two outlines are of one line when they share this much of the smaller."""
DOUBTFUL = 0.8
"""Mean character probability below which an outline is looked at again: it may hold two lines, or a part of one."""
SURE = 0.97
"""From this probability on even a steep line is left as it was read."""
STEEP = 0.2
"""Radians from which a line may be level lettering seen from the side: its letters stand upright and lean in a crop."""
CLOSE = 60
"""Height in pixels to which a doubtful outline is brought for the second look."""
MARGIN = 0.5
"""What is looked at around an outline, in its heights."""
ENLARGED, LONGEST = 4.0, 1000
"""Limits of a close look: times enlarged, pixels of its long side."""
BEYOND = 0.5
"""How far, in heights of a line, another outline of it may reach beyond it and hold no character more."""
LEAST = 600
"""Square pixels below which an outline isn't worth another look: a speck, or text too small to be read."""
MOST = 24
"""Second looks in one photo, the largest outlines first."""


class Sighting(NamedTuple):
    """An outline, in pixels of the full picture, what it says, and a number for the look in which it was seen."""

    polygon: Polygon
    reading: LineReading
    view: int


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Reads outlines, and looks closer at doubtful ones."""

    runtime: Runtime

    def read(self, pyramid: Pyramid, polygons: Sequence[Polygon]) -> list[LineReading]:
        """Read each outline; a steep one both as it lies and with upright letters, whichever is surer."""
        recogniser = TextRecogniser(self.runtime)
        readings = recogniser.read([text_recogniser.crop(pyramid.full, p) for p in polygons])
        steep = [i for i, p in enumerate(polygons) if readings[i].confidence < SURE and _leans(p)]
        upright = [text_recogniser.crop(pyramid.full, _upright_sided(polygons[i])) for i in steep]
        for i, other in zip(steep, recogniser.read(upright), strict=True):
            if other.quality > readings[i].quality and not other.turned:
                readings[i] = other
        return readings

    def again(self, pyramid: Pyramid, seen: Sequence[Sighting]) -> list[Sighting]:
        """Doubtful outlines replaced by what a closer look finds in their place, where that reads better."""
        doubtful = [s for s in seen if s.reading.confidence < DOUBTFUL and polygon_area(s.polygon) >= LEAST]
        looks = [Sighting(s.polygon, s.reading, 0) for s in seen]
        for view, sighting in enumerate(sorted(doubtful, key=lambda s: -polygon_area(s.polygon))[:MOST], 1):
            outlines = self._close_outlines(pyramid, sighting.polygon)
            looks += [Sighting(p, r, view) for p, r in zip(outlines, self.read(pyramid, outlines), strict=True)]
        return best(looks)

    def _close_outlines(self, pyramid: Pyramid, polygon: Polygon) -> list[Polygon]:
        """What the detector sees around one outline, enlarged; a line that runs up or down is laid level for it."""
        height = text_detector.height_of(polygon)
        around = Box.around(polygon)
        margin = MARGIN * height
        box = Box.from_edges(around.x - margin, around.y - margin, around.x2 + margin, around.y2 + margin)
        box = box.clipped(pyramid.width, pyramid.height)
        factor = min(ENLARGED, CLOSE / height, LONGEST / max(box.w, box.h))
        patch: Pixels = pyramid.full[box.y : box.y2, box.x : box.x2]
        size = max(1, round(box.w * factor)), max(1, round(box.h * factor))
        patch = cv2.resize(patch, size, interpolation=cv2.INTER_CUBIC)  # type: ignore[assignment]
        level = patch
        if tall := text_recogniser.is_tall(polygon):
            level = cv2.rotate(patch, cv2.ROTATE_90_COUNTERCLOCKWISE)  # type: ignore[assignment]
        found = []
        for outline in TextDetector(self.runtime).outlines(level):
            back = tuple((size[0] - y, x) for x, y in outline) if tall else outline
            full = tuple((x / factor + box.x, y / factor + box.y) for x, y in back)
            found.append(text_detector.clip(full, pyramid.width, pyramid.height))
        return found


def best(seen: Sequence[Sighting]) -> list[Sighting]:
    """Of outlines that were seen in one place by different looks, the one that reads best."""
    kept: list[Sighting] = []
    for one in sorted(seen, key=lambda s: -s.reading.quality):
        if not any(other.view != one.view and same(one.polygon, other.polygon) for other in kept):
            kept.append(one)
    return kept


def same(a: Polygon, b: Polygon) -> bool:
    """Whether two outlines are of one line: they share most of the smaller one."""
    return shared_area(a, b) > SAME * min(polygon_area(a), polygon_area(b))


def shows_nothing_new(polygon: Polygon, seen: Sequence[Sighting]) -> bool:
    """Whether an outline reaches no further than a line that has been read surely."""
    return any(s.reading.confidence >= SURE and _holds(s.polygon, polygon) for s in seen)


def _holds(known: Polygon, other: Polygon) -> bool:
    """Whether an outline ends, on every side, at most half a line's height beyond another one."""
    if not same(known, other):
        return False
    slack = BEYOND * text_detector.height_of(known)
    (x0, y0), (x1, y1), _, (x3, y3) = known
    for x, y in ((x1 - x0, y1 - y0), (x3 - x0, y3 - y0)):
        length = hypot(x, y)
        along = [((px - x0) * x + (py - y0) * y) / max(length, 1e-6) for px, py in other]
        if min(along) < -slack or max(along) > length + slack:
            return False
    return True


def _leans(polygon: Polygon) -> bool:
    (x0, y0), (x1, y1) = polygon[:2]
    return STEEP < abs(atan2(y1 - y0, x1 - x0)) < 1.0 and not text_recogniser.is_tall(polygon)


def _upright_sided(polygon: Polygon) -> Polygon:
    """The parallelogram along the same line whose left and right sides are upright."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = polygon
    slant = atan2(y1 - y0, x1 - x0)
    half_width = hypot(x1 - x0, y1 - y0) * cos(slant) / 2
    half_height = hypot(x3 - x0, y3 - y0) / cos(slant) / 2
    cx, cy, rise = (x0 + x1 + x2 + x3) / 4, (y0 + y1 + y2 + y3) / 4, tan(slant) * half_width
    return (
        (cx - half_width, cy - rise - half_height),
        (cx + half_width, cy + rise - half_height),
        (cx + half_width, cy + rise + half_height),
        (cx - half_width, cy - rise + half_height),
    )
