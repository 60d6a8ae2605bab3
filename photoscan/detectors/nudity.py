"""Explicit nudity, where somebody asked for it: possible at most, since a score says nothing about who and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.views import Views

SHOWN = 0.5
"""Score from which it is told: 2 of 227 ordinary photos had as much. Its makers call .2 safe and .8 unsafe."""
MOST = 0.45
"""The most that such a finding is sure."""


class NudityDetector(Detector):
    """At most one finding a page, its place the whole picture. Attribute: `score`, that of the network."""

    name: ClassVar[str] = "nudity"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.NUDITY,)
    source: ClassVar[Input] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """What the network makes of the picture; nothing where nobody asked for it.

        Raises ModelError where the model is lacking or damaged.
        """
        if not views.options.nudity:
            return
        value = views.nudity
        if value >= SHOWN:
            whole = Box(0, 0, views.pyramid.width, views.pyramid.height)
            yield Finding(
                kind=Kind.NUDITY,
                confidence=round(MOST * value, 3),
                location=Region(whole, None, views.page or None),
                detector=self.name,
                reason=f"the score of an explicit picture is {value:.2f}",
                attributes={"score": round(value, 3)},
            )
