"""A line of text, as a reader of photos gives it or as a caption carries it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, hypot

from photoscan.errors import UsageError
from photoscan.geometry import Box, Polygon

WIDEST, NARROWEST = 4.0, 0.06
"""Heights of a line that one of its characters takes along it, at most and at least: common type takes .3 to .9."""
SHORT, WHOLE = 3, 0.5
"""So few characters do not fill more than that part of a photo: what is so large is its own texture."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text.

    `polygon`: four corners in upright-photo pixels, clockwise from where the reading starts, or None in a caption.
    `confidence`: the reader's mean character probability, 0..1.
    """

    text: str
    polygon: Polygon | None = None
    confidence: float = 1.0

    @property
    def box(self) -> Box | None:
        """The upright box around the polygon, in pixels of the upright photo; None in a caption."""
        return Box.around(self.polygon) if self.polygon else None

    @property
    def angle(self) -> float:
        """The direction of reading in radians, clockwise from 'to the right'; 0 in a caption."""
        if not self.polygon:
            return 0.0
        (x0, y0), (x1, y1) = self.polygon[:2]
        return atan2(y1 - y0, x1 - x0)

    @property
    def length(self) -> float:
        """Pixels along the reading direction; 0 in a caption."""
        return _distance(self.polygon, 0, 1)

    @property
    def height(self) -> float:
        """Pixels across the reading direction, about 1.4 times the letters' height; 0 in a caption."""
        return _distance(self.polygon, 1, 2)

    def fits(self, width: int, height: int) -> bool:
        """Whether its outline can be that of its characters; always so in a caption. Raises nothing.

        `width`, `height`: the photo's, in pixels.
        """
        characters = sum(not c.isspace() for c in self.text)
        if not self.polygon or not characters or not self.height:
            return True
        if characters <= SHORT and Box.around(self.polygon).area > WHOLE * width * height:
            return False
        return NARROWEST <= self.length / (characters * self.height) <= WIDEST


def _distance(polygon: Polygon | None, a: int, b: int) -> float:
    if not polygon:
        return 0.0
    return hypot(polygon[b][0] - polygon[a][0], polygon[b][1] - polygon[a][1])


def rows_of(text: str | Sequence[str]) -> list[str]:
    """The lines of a text, or of what is lines already; UsageError for what is neither."""
    if isinstance(text, str):
        return text.splitlines()
    rows = list(text) if isinstance(text, Sequence) and not isinstance(text, (bytes, bytearray, memoryview)) else [text]
    for row in rows:
        if not isinstance(row, str):
            raise UsageError("problem.text.sort", sort=type(row).__name__)
    return rows  # type: ignore[return-value]
