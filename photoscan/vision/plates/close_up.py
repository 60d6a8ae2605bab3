"""Looking close up at places that may be plates, as far as the page's budget goes.

A place costs the picture in which its text is looked for and the columns of all that is read there. Both are known
before the recogniser runs: it is asked once for all places that are afforded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import TYPE_CHECKING, NamedTuple

from photoscan.budget import Budget, Share
from photoscan.geometry import Box, Polygon
from photoscan.models import Runtime
from photoscan.textline import TextLine
from photoscan.vision import text_recogniser
from photoscan.vision.plates.frame import Flat
from photoscan.vision.plates.reading import Piece, within
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.text_recogniser import LineReading, TextRecogniser

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

LONGEST_LINE = 28
"""A line of more characters is of running text; twice as many as a plate has with the words in its frame."""
MOST_PIECES = 12
"""So many pieces close to a frame are read: two rows, cut at their gaps, and the small print around them."""
LIKELIEST, FEW_PIECES = 8, 4
"""So many frames are read so; of the others, the number alone in up to so many pieces. Each piece costs a run."""
PIXELS = 320
"""Pixels of the text detector's picture that cost as much as a column of the recogniser, by the multiplications in
their graphs: 6.8 million a column, 21 thousand a pixel."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place laid flat and all that is to be read there.

    `outlines`: of text, in pixels of the flat picture. `lines`: those of the photo in reach, by their index, with
    their boxes in the flat picture. `strips`: the place as one line. `remedied`: whether the flat picture shows more
    than the photo.
    """

    laid: Flat
    remedied: bool
    outlines: tuple[Polygon, ...]
    lines: tuple[tuple[int, Box], ...]
    strips: tuple[Pixels, ...] = field(default=(), repr=False)

    @property
    def lettered(self) -> bool:
        """Whether anything in the frame looks like text: weak shapes in texture hold none."""
        return any(Box.around(outline).intersection(self.laid.frame) for outline in self.outlines)

    @property
    def in_photo(self) -> list[Polygon]:
        """The outlines in pixels of the photo."""
        return [self.laid.to_photo(outline) for outline in self.outlines]


class Read(NamedTuple):
    """What was read at a place: the text seen there, the lines of the photo in reach, the place as one line."""

    pieces: list[Piece]
    again: list[Piece]
    whole: list[LineReading]


class CloseUps:
    """Close looks at one photo with these lines, and what they may cost."""

    def __init__(self, pyramid: Pyramid, lines: Sequence[TextLine], runtime: Runtime, budget: Budget) -> None:
        self._pyramid, self._runtime, self._budget = pyramid, runtime, budget
        self._outlines = [line.polygon for line in lines if line.polygon and len(line.text) <= LONGEST_LINE]
        self._paid: set[int] = set()
        self._places = 0

    def seen(self, laid: Flat, remedied: bool = False) -> Place | None:
        """What there is to read at the next place; None where looking costs more than is left. The likeliest come
        first: of the others less is read."""
        height, width = laid.pixels.shape[:2]
        if not self._spent(height * width // PIXELS):
            return None
        most = MOST_PIECES if self._places < LIKELIEST else FEW_PIECES
        self._places += 1
        outlines = nearest(TextDetector(self._runtime).outlines(laid.pixels), laid.frame, most)
        placed = [(i, Box.around(laid.from_photo(outline))) for i, outline in enumerate(self._outlines)]
        return Place(laid, remedied, tuple(outlines), tuple(row for row in placed if within(row[1], laid.reach)))

    def afforded(self, place: Place) -> bool:
        """Whether all that is to be read there can be paid, and was: lines of the photo are paid once."""
        lines = {i for i, _ in place.lines} - self._paid
        wanted = sum(columns(outline) for outline in place.in_photo)
        wanted += sum(columns(self._outlines[i]) for i in lines)
        wanted += sum(max(text_recogniser.TRAINED, text_recogniser.wide(strip)) for strip in place.strips)
        if not self._spent(wanted):
            return False
        self._paid |= lines
        return True

    def read(self, places: Sequence[Place]) -> list[Read]:
        """What stands at each place, read with care: all pieces at once, all lines, all strips.

        Letters are taken from the photo itself, in all its detail, but from the flat picture where that was remedied.
        """
        full, recogniser = self._pyramid.full, TextRecogniser(self._runtime)
        crops = [
            text_recogniser.crop(*((place.laid.pixels, outline) if place.remedied else (full, photo)))
            for place in places
            for outline, photo in zip(place.outlines, place.in_photo, strict=True)
        ]
        pieces = iter(recogniser.read(crops, careful=True))
        which = sorted({i for place in places for i, _ in place.lines})
        near = [text_recogniser.crop(full, self._outlines[i]) for i in which]
        lines = dict(zip(which, recogniser.read(near, careful=True), strict=True))
        strips = iter(recogniser.read([strip for place in places for strip in place.strips], careful=True))
        return [
            Read(
                [
                    _piece(Box.around(outline), photo, next(pieces))
                    for outline, photo in zip(place.outlines, place.in_photo, strict=True)
                ],
                [_piece(box, self._outlines[i], lines[i]) for i, box in place.lines],
                [next(strips) for _ in place.strips],
            )
            for place in places
        ]

    def further(self, outlines: Sequence[Polygon]) -> int:
        """How many of further outlines in the photo can be read as well, from the first; they are paid."""
        return next((i for i, outline in enumerate(outlines) if not self._spent(columns(outline))), len(outlines))

    def _spent(self, wanted: int) -> bool:
        if self._budget.left(Share.CLOSE_UPS) < wanted:
            return False
        self._budget.take(Share.CLOSE_UPS, wanted)
        return True


def columns(outline: Polygon) -> int:
    """How many columns the recogniser is shown of an outline that it reads with care."""
    return max(text_recogniser.TRAINED, text_recogniser.columns(outline))


def _piece(box: Box, outline: Polygon, read: LineReading) -> Piece:
    return Piece(box, outline, read.text, read.confidence, read.choices)


def nearest(outlines: Sequence[Polygon], frame: Box, most: int = MOST_PIECES) -> list[Polygon]:
    """The outlines that lie nearest to a frame, in their order: a page of text holds hundreds."""
    if len(outlines) <= most:
        return list(outlines)
    near = sorted(range(len(outlines)), key=lambda i: _distance(Box.around(outlines[i]), frame))
    return [outlines[i] for i in sorted(near[:most])]


def _distance(a: Box, b: Box) -> float:
    """Pixels between two boxes; below 0 the more of one lies in the other."""
    x, y = max(a.x, b.x) - min(a.x2, b.x2), max(a.y, b.y) - min(a.y2, b.y2)
    return hypot(max(x, 0), max(y, 0)) or float(max(x, y))
