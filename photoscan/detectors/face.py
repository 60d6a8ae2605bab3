"""Faces, and whether they are probably children's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from photoscan.detectors.base import Detector, Source
from photoscan.finding import Finding, Region
from photoscan.kind import Kind
from photoscan.views import Views

if TYPE_CHECKING:
    from photoscan.vision.faces import Face

CHILD_UP_TO = 20.7
"""Expected age up to which a face is flagged: .96 of children under 13 are, .07 of those of 18 to 24, .01 of those over
25 (models/age/README.md)."""
MINOR_UP_TO = 28.0
"""Expected age up to which a face may be a minor's: .91 of those of 13 to 17 are below, and .16 of those over 25."""
SMALLEST_AGED = 32
"""Face height in pixels below which no age is told."""


class FaceDetector(Detector):
    """One finding a face; attributes: `size_px`, `angle_degrees` (clockwise), `age_group` ('child', 'possible minor',
    'adult', 'unknown').
    """

    name: ClassVar[str] = "face"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.FACE, Kind.FACE_CHILD)
    source: ClassVar[Source] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every face, also possible ones."""
        for face in views.faces:
            group = _age_group(views, face)
            attributes: dict[str, Any] = {
                "size_px": face.box.h,
                "angle_degrees": face.angle,
                "age_group": group,
            }
            yield Finding(
                kind=Kind.FACE_CHILD if group == "child" else Kind.FACE,
                confidence=face.confidence,
                location=Region(face.box, None, views.page or None),
                detector=self.name,
                reason=f"CenterFace score {face.score:.2f}",
                attributes=attributes,
            )


def _age_group(views: Views, face: Face) -> str:
    if face.box.h < SMALLEST_AGED:
        return "unknown"
    from photoscan.vision import age

    years = age.estimate(views.pyramid, face.landmarks, views.options.threads)
    if years <= CHILD_UP_TO:
        return "child"
    return "possible minor" if years <= MINOR_UP_TO else "adult"
