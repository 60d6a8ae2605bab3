"""A line of text, as a reader of photos gives it or as a caption carries it."""

from __future__ import annotations

from dataclasses import dataclass

from photoscan.geometry import Box, Polygon


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
        """The upright box around the polygon; None in a caption."""
        return Box.around(self.polygon) if self.polygon else None
