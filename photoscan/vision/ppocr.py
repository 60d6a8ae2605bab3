"""Reading a whole photo with PP-OCRv6: find lines at the scales that suit their size, then read each once at full
detail."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np

from photoscan.geometry import Box, Polygon
from photoscan.options import Profile
from photoscan.textline import TextLine
from photoscan.vision import second_look, text_detector, text_recogniser
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import Reader
from photoscan.vision.reading_order import in_reading_order
from photoscan.vision.second_look import SecondLook, Sighting
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.text_recogniser import LineReading

SMALL = 900
"""A photo whose long side is below this reads better enlarged to twice its size."""
SCENE = 1600
"""Up to this long side a photo is looked at once more, enlarged by half, where hardly any text was seen: signs in a
street scene are often a little too small for the detector, lines of a page are not."""
FEW = 8
"""Outlines up to which a photo is a scene rather than a page."""
PAGE, CLEAR = 4, 0.9
"""... unless it has that many lines and all read at least so well."""
SHARP = 0.99
"""Where all lines of a scene read at least so well, there is hardly a smaller one beside them that is still unread."""
NEAR = 4.0
"""Around the text of a scene, in its heights, smaller text is looked for at twice the size."""
SOFT = 0.5, 0.7
"""How much smaller a photo with few lines is shown once more in case that it is out of focus; the second only where the
first showed more."""
OVERVIEW = 960
"""Long side of the pass that sees large lettering, at most."""
STEP = 2.5
"""The overview shows a photo this much smaller than the finest pass, which sees lettering up to a hundred pixels."""
FINE_PIXELS: dict[Profile, float] = {"fast": 2.2e6, "balanced": 24e6, "thorough": 64e6}
"""The finest pass sees at most this many pixels; a larger photo is shrunk to that."""
IDEAL_HEIGHT = 28.0
"""Text height in the network's input at which a line is outlined best; of two outlines the one nearer to it is kept."""
UPRIGHT_BONUS = 1.0
"""How much better an outline counts that was seen with the text upright: sideways the detector cuts lines short."""
LEGIBLE = 0.5, 0.3
"""A reading is kept from a mean character probability of a + b / characters on: below, it is texture that looked
like text. The shorter a reading, the surer it has to be: single strokes resemble many signs."""


class _Candidate(NamedTuple):
    polygon: Polygon
    misfit: float
    view: int


@dataclass(frozen=True, slots=True)
class PpOcr(Reader):
    """PP-OCRv6: a detector of lines and a recogniser."""

    def read(self, pyramid: Pyramid) -> tuple[TextLine, ...]:
        """Every legible line, in reading order; polygons in pixels of the full picture."""
        passes = _passes(pyramid, self.profile)
        candidates = [c for long_side in passes for c in self._outlines(pyramid, long_side)]
        scene = self.profile != "fast" and SMALL <= pyramid.long_side <= SCENE and len(candidates) <= FEW
        if turned := _lies_sideways(candidates):
            candidates += self._sideways(pyramid, passes)
        seen = self._read(pyramid, _distinct(candidates))
        if len(passes) == 1 and sum(_legible(s.reading) for s in seen) <= FEW:
            seen = self._shrunk(pyramid, seen, passes[0])
        if scene and not _settled(seen):
            larger = [round(1.5 * pyramid.long_side)]
            more = self._outlines(pyramid, larger[0])
            if turned or _lies_sideways(candidates + more):
                more += self._sideways(pyramid, larger if turned else passes + larger)
            seen = self._around(pyramid, seen + self._read(pyramid, more))
        if self.profile != "fast":
            seen = SecondLook(self.runtime).again(pyramid, seen)
        lines = [
            TextLine(s.reading.text, _as_read(s.polygon, s.reading.turned), s.reading.confidence)
            for s in seen
            if _legible(s.reading)
        ]
        return in_reading_order(lines)

    def _shrunk(self, pyramid: Pyramid, seen: list[Sighting], long_side: int) -> list[Sighting]:
        """With what else smaller pictures show: out of focus, lettering has no edges at full size and the detector is
        blind to it, though people read it."""
        for factor in SOFT:
            letters = _letters(seen)
            more = self._read(pyramid, self._outlines(pyramid, round(factor * long_side)))
            seen = second_look.best(seen + more)
            if _letters(seen) <= letters:
                break
        return seen

    def _sideways(self, pyramid: Pyramid, passes: list[int]) -> list[_Candidate]:
        return [c for long_side in passes for c in self._outlines(pyramid, long_side, sideways=True)]

    def _around(self, pyramid: Pyramid, seen: list[Sighting]) -> list[Sighting]:
        """The best of what was seen of a scene and, unless all of it is clear, of what stands around at twice the
        size."""
        legible = [s for s in seen if _legible(s.reading)]
        if any(s.reading.confidence < SHARP for s in legible):
            for box in _surroundings([s.polygon for s in legible]):
                seen = seen + self._read(pyramid, self._outlines(pyramid, 2 * pyramid.long_side, within=box))
        return second_look.best(seen)

    def _read(self, pyramid: Pyramid, candidates: list[_Candidate]) -> list[Sighting]:
        readings = SecondLook(self.runtime).read(pyramid, [c.polygon for c in candidates])
        return [Sighting(c.polygon, r, c.view) for c, r in zip(candidates, readings, strict=True)]

    def _outlines(
        self, pyramid: Pyramid, long_side: int, sideways: bool = False, within: Box | None = None
    ) -> list[_Candidate]:
        """What the detector sees at one scale, in pixels of the full picture.

        `sideways` turns the picture for it first; `within` is the part to look at, in pixels of the full picture.
        """
        pixels = pyramid.at(long_side)
        factor = pyramid.long_side / long_side
        dx = dy = 0
        if within:
            part = within.scaled(1 / factor).clipped(pixels.shape[1], pixels.shape[0])
            pixels, dx, dy = pixels[part.y : part.y2, part.x : part.x2], part.x, part.y
        width = pixels.shape[1]
        found = []
        shown = np.ascontiguousarray(np.rot90(pixels)) if sideways else pixels
        for polygon in TextDetector(self.runtime).outlines(shown):
            misfit = abs(log(text_detector.height_of(polygon) / IDEAL_HEIGHT)) - (UPRIGHT_BONUS if sideways else 0.0)
            upright = tuple((width - y, x) for x, y in polygon) if sideways else polygon
            full = tuple(((x + dx) * factor, (y + dy) * factor) for x, y in upright)
            kept = text_detector.clip(full, pyramid.width, pyramid.height)
            found.append(_Candidate(kept, misfit, -long_side if sideways else long_side))
        return found


def _letters(seen: list[Sighting]) -> int:
    return sum(len(s.reading.text) for s in seen if _legible(s.reading))


def _settled(seen: list[Sighting]) -> bool:
    """Whether a first look at few lines shows a clear page: some lines, and all that is there reads well."""
    read = [s.reading for s in seen if s.reading.text]
    return sum(_legible(r) for r in read) >= PAGE and all(r.confidence >= CLEAR for r in read)


def _legible(reading: LineReading) -> bool:
    return bool(reading.text) and reading.confidence >= LEGIBLE[0] + LEGIBLE[1] / len(reading.text)


def _lies_sideways(candidates: list[_Candidate]) -> bool:
    """Whether most outlines run up or down: the page lies on its side, and lines are seen only in parts."""
    tall = sum(text_recogniser.is_tall(c.polygon) for c in candidates)
    return tall >= 2 and 2 * tall > len(candidates)


def _passes(pyramid: Pyramid, profile: Profile) -> list[int]:
    long_side = pyramid.long_side
    if long_side < SMALL:
        return [2 * long_side]
    pixels = pyramid.width * pyramid.height
    finest = round(long_side * min(1.0, (FINE_PIXELS[profile] / pixels) ** 0.5))
    return [finest] if finest <= SCENE else [min(OVERVIEW, round(finest / STEP)), finest]


def _distinct(candidates: list[_Candidate]) -> list[_Candidate]:
    """Of outlines from different passes that share most of their area, the one seen at the better scale."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: c.misfit):
        if not any(
            other.view != candidate.view and second_look.same(candidate.polygon, other.polygon) for other in kept
        ):
            kept.append(candidate)
    return kept


def _surroundings(polygons: list[Polygon]) -> list[Box]:
    """Where text was seen, and a few lines around: beside words there are more, smaller ones. Boxes that are apart."""
    apart: list[Box] = []
    for polygon in polygons:
        reach, around = NEAR * text_detector.height_of(polygon), Box.around(polygon)
        box = Box.from_edges(around.x - reach, around.y - reach, around.x2 + reach, around.y2 + reach)
        while touching := [other for other in apart if other.intersection(box)]:
            apart = [other for other in apart if other not in touching]
            box = Box.union([box, *touching])
        apart.append(box)
    return apart


def _as_read(polygon: Polygon, turned: bool) -> Polygon:
    """The corners, clockwise from where the reading starts: a tall line was read from its top right."""
    start = (1 if text_recogniser.is_tall(polygon) else 0) + (2 if turned else 0)
    return polygon[start:] + polygon[:start]
