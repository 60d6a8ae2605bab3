"""Reading a whole photo with PP-OCRv6: find lines at the scales that suit their size, then read each once at full
detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from photoscan import deadline
from photoscan.budget import Share
from photoscan.deadline import OutOfTimeError
from photoscan.geometry import Box, Polygon, polygon_area
from photoscan.options import Profile
from photoscan.textline import TextLine
from photoscan.vision import closer, second_look, strokes, text_detector, text_looks, text_recogniser, windows
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import Page, Reader
from photoscan.vision.reading_order import in_reading_order
from photoscan.vision.second_look import SecondLook, Sighting
from photoscan.vision.text_detector import Heat, TextDetector
from photoscan.vision.text_looks import Candidate, Look
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
ENLARGED, TWICE = 1.5, 2.0
"""How much larger a scene is shown where the first look answered faintly, and around text."""
FADES, SLOPE = 2.1e6, 2.5
"""Enlarged, a scene shows the network at most so many pixels: SLOPE times what the photo lacks of FADES, about where
photos begin that are not enlarged at all. So the looks fade out, and there is no size beyond which a photo is read less
well by much, nor costs less by much."""
FAINT_SHARE = 0.75
"""What of them faint answers may take; the rest is for the surroundings of text."""
SOFT = 0.5, 0.7
"""How much smaller a photo with few lines is shown once more in case that it is out of focus; the second only where the
first showed more."""
OVERVIEW = 960
"""Long side of the look that sees large lettering, at most."""
STEP = 1.25
"""... unless the look at half the finest scale is hardly larger and sees it as well."""
FINE_PIXELS: dict[Profile, float] = {"fast": 2.2e6, "balanced": 24e6, "thorough": 64e6}
"""The finest pass sees at most this many pixels; a larger photo is shrunk to that."""
FINE_SHARE = 0.4
"""... and of them at most this share: only noise and endless small patterns are answered faintly everywhere."""
OUTLINING = 0.6
"""Share of the time that is left, where there is a deadline, after which no closer look at the whole is taken: what was
seen shall be read. Text takes less than half of a scan: who has no time for this has none for a whole scan either."""
LEGIBLE = 0.5, 0.3
"""A reading is kept from a mean character probability of a + b / characters on: below, it is texture that looked
like text. The shorter a reading, the surer it has to be: single strokes resemble many signs."""


@dataclass(frozen=True, slots=True)
class PpOcr(Reader):
    """PP-OCRv6: a detector of lines and a recogniser."""

    def read(self, pyramid: Pyramid) -> tuple[TextLine, ...]:
        """Every legible line, in reading order; polygons in pixels of the full picture."""
        return self.page(pyramid).lines

    def page(self, pyramid: Pyramid) -> Page:
        """The same, and the outlines in which nothing was legible."""
        seen = self._seen(pyramid)
        read = [(_as_line(s), _legible(s.reading)) for s in seen]
        illegible = tuple(line for line, legible in read if not legible)
        return Page(in_reading_order(line for line, legible in read if legible), illegible)

    def _seen(self, pyramid: Pyramid) -> list[Sighting]:
        passes = _passes(pyramid, self.profile)
        candidates, heat = self._first_looks(pyramid, passes)
        scene = self.profile != "fast" and SMALL <= pyramid.long_side <= SCENE and len(candidates) <= FEW
        if turned := _lies_sideways(candidates):
            candidates += self._sideways(pyramid, passes)
        seen = self._read(pyramid, text_looks.distinct(candidates))
        try:
            if len(passes) == 1 and sum(_legible(s.reading) for s in seen) <= FEW:
                seen = self._shrunk(pyramid, seen, passes[0])
            if scene and not _settled(seen):
                seen = self._closer(pyramid, seen, candidates, heat, turned)
            if self.profile != "fast":
                seen = SecondLook(self.runtime).again(pyramid, seen)
        except OutOfTimeError:
            deadline.leave_out(Share.LINES)
        return seen

    def _sideways(self, pyramid: Pyramid, passes: Sequence[int]) -> list[Candidate]:
        """What is seen with the picture turned; nothing where there is no time for it."""
        try:
            return self._first_looks(pyramid, passes, sideways=True)[0]
        except OutOfTimeError:
            deadline.leave_out(Share.LINES)
            return []

    def _first_looks(
        self, pyramid: Pyramid, passes: Sequence[int], sideways: bool = False
    ) -> tuple[list[Candidate], Heat]:
        """What is seen at each scale, and the answer at the finest, which looks only where the one before it
        answered, and the one before that only where the photo itself has strokes.

        Where there is no time for all of them, those that were taken; OutOfTimeError where that is none.
        """
        strokes_at = None if len(passes) == 1 else strokes.seen(pyramid.at(passes[-1]))
        looks: list[Look] = []
        try:
            with deadline.part(OUTLINING):
                for i, long_side in enumerate(passes):
                    parts = None
                    if i and i == len(passes) - 1:
                        parts = _finer(looks[-1], pyramid, long_side)
                    elif i and strokes_at is not None:
                        height, width = pyramid.at(long_side).shape[:2]
                        cell = strokes.CELL * long_side / passes[-1]
                        tile = text_detector.TILE, text_detector.OVERLAP
                        parts = windows.cover(strokes_at, cell, width, height, *tile)
                    looks.append(text_looks.look(self._detector, pyramid, long_side, parts, sideways))
        except OutOfTimeError:
            if not looks:
                raise
            deadline.leave_out(Share.LINES)
        return [c for seen in looks for c in seen.candidates], looks[-1].heat

    @property
    def _detector(self) -> TextDetector:
        return TextDetector(self.runtime)

    def _shrunk(self, pyramid: Pyramid, seen: list[Sighting], long_side: int) -> list[Sighting]:
        """With what else smaller pictures show: out of focus, lettering has no edges at full size and the detector is
        blind to it, though people read it."""
        for factor in SOFT:
            letters = _letters(seen)
            shown = text_looks.look(self._detector, pyramid, round(factor * long_side))
            seen = second_look.best(seen + self._read(pyramid, shown.candidates, seen))
            if _letters(seen) <= letters:
                break
        return seen

    def _closer(
        self, pyramid: Pyramid, seen: list[Sighting], first: list[Candidate], heat: Heat, turned: bool
    ) -> list[Sighting]:
        """With what a scene shows enlarged: by half where the first look answered faintly, and, unless all that was
        read is clear, to twice its size around it.

        `first` and `heat` are what the first look showed, `turned` tells whether it was taken sideways as well.
        """
        pixels = pyramid.width * pyramid.height
        amount = max(0.0, SLOPE * (FADES - pixels))
        sure = [s.polygon for s in seen if s.reading.confidence >= SHARP and _legible(s.reading)]
        size = round(text_detector.WHOLE / ENLARGED)
        boxes = closer.affordable(heat, sure, size, closer.WIDE, ENLARGED, FAINT_SHARE * amount)
        larger, parts = round(ENLARGED * pyramid.long_side), [b.scaled(ENLARGED) for b in boxes]
        more = self._part(pyramid, larger, parts)
        if turned or _lies_sideways(first + more):
            more += [] if turned else self._first_looks(pyramid, [pyramid.long_side], sideways=True)[0]
            more += self._part(pyramid, larger, parts, sideways=True)
        seen = seen + self._read(pyramid, more, seen)
        legible = [s for s in seen if _legible(s.reading)]
        if any(s.reading.confidence < SHARP for s in legible):
            left = amount - closer.amount_of(boxes, ENLARGED)
            near = closer.surroundings([s.polygon for s in legible], pyramid.width, pyramid.height, TWICE, left)
            around = self._part(pyramid, round(TWICE * pyramid.long_side), [b.scaled(TWICE) for b in near])
            seen = seen + self._read(pyramid, around, seen)
        return second_look.best(seen)

    def _part(self, pyramid: Pyramid, long_side: int, parts: Sequence[Box], sideways: bool = False) -> list[Candidate]:
        """What enlarged parts show. They are looked at for small lettering: what leaves them is none."""
        seen = text_looks.look(self._detector, pyramid, long_side, parts, sideways).candidates if parts else []
        return [candidate for candidate in seen if not candidate.cut]

    def _read(self, pyramid: Pyramid, candidates: Sequence[Candidate], seen: Sequence[Sighting] = ()) -> list[Sighting]:
        """Read outlines as far as the page's budget allows, but not what was read surely before."""
        new = self._afforded([c for c in candidates if not second_look.shows_nothing_new(c.polygon, seen)])
        readings = SecondLook(self.runtime).read(pyramid, [c.polygon for c in new])
        return [Sighting(c.polygon, r, c.view) for c, r in zip(new, readings, strict=True)]

    def _afforded(self, candidates: list[Candidate]) -> list[Candidate]:
        """All of them, or of too many the largest."""
        wanted = sum(text_recogniser.columns(c.polygon) for c in candidates)
        if (left := self.budget.take(Share.LINES, wanted)) == wanted:
            return candidates
        self.budget.leave_out(Share.LINES)
        kept = []
        for candidate in sorted(candidates, key=lambda c: -polygon_area(c.polygon)):
            if (columns := text_recogniser.columns(candidate.polygon)) <= left:
                kept.append(candidate)
                left -= columns
        return kept


def _finer(coarse: Look, pyramid: Pyramid, long_side: int) -> list[Box]:
    """Where a finer look is called for by a coarse one, in pixels of the finer one."""
    height, width = pyramid.at(long_side).shape[:2]
    factor = width / coarse.heat.shape[1]
    size = int(text_detector.TILE / factor)
    boxes = closer.affordable(coarse.heat, coarse.large, size, closer.MARGIN, factor, FINE_SHARE * width * height)
    return [b.scaled(factor) for b in boxes]


def _letters(seen: list[Sighting]) -> int:
    return sum(len(s.reading.text) for s in seen if _legible(s.reading))


def _settled(seen: list[Sighting]) -> bool:
    """Whether a first look at few lines shows a clear page: some lines, and all that is there reads well."""
    read = [s.reading for s in seen if s.reading.text]
    return sum(_legible(r) for r in read) >= PAGE and all(r.confidence >= CLEAR for r in read)


def _legible(reading: LineReading) -> bool:
    return bool(reading.text) and reading.confidence >= LEGIBLE[0] + LEGIBLE[1] / len(reading.text)


def _lies_sideways(candidates: list[Candidate]) -> bool:
    """Whether most outlines run up or down: the page lies on its side, and lines are seen only in parts."""
    tall = sum(text_recogniser.is_tall(c.polygon) for c in candidates)
    return tall >= 2 and 2 * tall > len(candidates)


def _passes(pyramid: Pyramid, profile: Profile) -> list[int]:
    """The long sides at which a photo is looked at first, coarse ones first; the finest is half as fine again as the
    one before it."""
    long_side = pyramid.long_side
    if long_side < SMALL:
        return [2 * long_side]
    pixels = pyramid.width * pyramid.height
    finest = round(long_side * min(1.0, (FINE_PIXELS[profile] / pixels) ** 0.5))
    if finest <= text_detector.WHOLE:
        return [finest]
    half = round(finest / 2)
    return [half, finest] if half <= STEP * OVERVIEW else [OVERVIEW, half, finest]


def _as_line(sighting: Sighting) -> TextLine:
    reading = sighting.reading
    return TextLine(reading.text, _as_read(sighting.polygon, reading.turned), reading.confidence)


def _as_read(polygon: Polygon, turned: bool) -> Polygon:
    """The corners, clockwise from where the reading starts: a tall line was read from its top right."""
    start = (1 if text_recogniser.is_tall(polygon) else 0) + (2 if turned else 0)
    return polygon[start:] + polygon[:start]
