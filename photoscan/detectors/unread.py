"""Writing that could not be read: nothing unread is called clean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.finding import Finding, Region
from photoscan.kind import Kind
from photoscan.views import Views

CONFIDENCE = 0.3
"""That it tells something: most signs and labels in another script are as harmless as those that can be read."""


class UnreadDetector(Detector):
    """One finding for each group of neighbouring lines; it is never more than possible."""

    name: ClassVar[str] = "unread"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_UNREAD,)
    source: ClassVar[Input] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Groups of lines that the reader outlined and could not read. Raises what reading raises."""
        for box in views.unread:
            yield Finding(
                kind=Kind.TEXT_UNREAD,
                confidence=CONFIDENCE,
                location=Region(box, None, views.page or None),
                detector=self.name,
                reason="lettering was seen and could not be read",
            )
