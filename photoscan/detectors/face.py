"""Faces, and whether they are probably children's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from photoscan.detectors.base import Detector, Source
from photoscan.finding import Finding, Region
from photoscan.kind import Kind
from photoscan.views import Views

CHILD_UP_TO = 22.0
"""Expected age up to which a face is flagged: .96 of children under 13 are, and .064 of adults
(models/age/README.md)."""
MINOR_UP_TO = 26.0
SMALLEST_AGED = 32
"""Face height in pixels below which no age is told."""


class FaceDetector(Detector):
    """One finding a face; attributes: `size_px`, `age_group` ('child', 'possible minor', 'adult', 'unknown')."""

    name: ClassVar[str] = "face"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.FACE, Kind.FACE_CHILD)
    source: ClassVar[Source] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every face, also possible ones."""
        for face in views.faces:
            attributes: dict[str, Any] = {"size_px": face.box.h, "age_group": "unknown"}
            kind = Kind.FACE
            if face.box.h >= SMALLEST_AGED and face.confidence >= 0.5:
                from photoscan.vision import age

                years = age.estimate(views.pyramid, face.box, views.options.threads)
                attributes["age_group"] = _group(years)
                kind = Kind.FACE_CHILD if years <= CHILD_UP_TO else Kind.FACE
            yield Finding(
                kind=kind,
                confidence=face.confidence,
                location=Region(face.box, None, views.page or None),
                detector=self.name,
                reason=f"CenterFace score {face.score:.2f}",
                attributes=attributes,
            )


def _group(years: float) -> str:
    if years <= CHILD_UP_TO:
        return "child"
    return "possible minor" if years <= MINOR_UP_TO else "adult"
