"""People of whom no face is seen: from behind, as a silhouette, cut by the edge. Clothes may tell who it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.figures import has_face
from photoscan.finding import Finding, Region
from photoscan.kind import Kind
from photoscan.views import Views

SEEN = 0.4
"""The object network's score from which a person is told. Of people in crowds whose face was found nine in ten have
more, and mannequins, statues and posters have as much: nothing is told as likely."""
MOST = 0.45
"""The most that such a finding is sure."""
SMALLEST = 0.1
"""Share of the picture's shorter side that a figure is high: nobody is told apart by less."""


class FigureDetector(Detector):
    """One possible finding a person without a face. Nothing where the model of objects is not installed."""

    name: ClassVar[str] = "figure"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.PERSON,)
    source: ClassVar[Input] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every figure that is large enough and has no face."""
        faces = [face.box for face in views.faces]
        least = SMALLEST * min(views.pyramid.width, views.pyramid.height)
        for thing in views.objects or ():
            shown = thing.label == "person" and thing.confidence >= SEEN and thing.box.h >= least
            if shown and not has_face(thing.box, faces):
                yield Finding(
                    kind=Kind.PERSON,
                    confidence=min(MOST, round(thing.confidence / 2, 3)),
                    location=Region(thing.box, None, views.page or None),
                    detector=self.name,
                    reason=f"the object network sees a person ({thing.confidence:.2f}), and there is no face",
                )
