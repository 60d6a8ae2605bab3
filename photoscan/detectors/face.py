"""Faces, whether they are probably children's, and whom they look like among those who asked to be known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from photoscan import people
from photoscan.detectors.base import Detector, Input
from photoscan.finding import Finding, Region
from photoscan.kind import Kind
from photoscan.views import Views

if TYPE_CHECKING:
    from photoscan.vision.faces import Face

CHILD_UP_TO = 20.62
"""Expected age up to which a face is flagged: .96 of children under 13 are, .05 of those of 18 to 24, .01 of those over
25 (models/age/README.md)."""
MINOR_UP_TO = 28.0
"""Expected age up to which a face may be a minor's: .91 of those of 13 to 17 are below, and .16 of those over 25."""
CHILDREN = ((10.0, 0.98), (15.0, 0.9), (18.0, 0.75), (CHILD_UP_TO, 0.52))
"""Of faces of about that expected age, the share of minors, if one face in four is a minor's (models/age/README.md)."""
LIKELY = 0.5


class FaceDetector(Detector):
    """One finding a face. Attributes: `size_px`, `angle_degrees` (clockwise), `age_group` ('child', 'possible minor',
    'adult', 'unknown': too small, in profile, cut or blurred). The confidence of a child's face is that of there being
    a face, times that of it being a minor's; where that would make a likely face unlikely, it is a face of a possible
    minor. A face that looks like a known person has the name as its value, and the attributes `value_name`, `distance`
    (smaller is more alike) and `consents`; a known child is told as a child.
    """

    name: ClassVar[str] = "face"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.FACE, Kind.FACE_CHILD, Kind.FACE_KNOWN)
    source: ClassVar[Input] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every face, also possible ones."""
        known = people.read(views.options.people) if views.options.people and views.faces else people.People()
        for face in views.faces:
            match = _match(views, face, known)
            if match is None:
                group, confidence = _age_group(views, face)
            else:
                group, confidence = _stated_age_group(match[0]), face.confidence
            attributes: dict[str, Any] = {"size_px": face.box.h, "angle_degrees": face.angle, "age_group": group}
            reason = face.reason
            if match is not None:
                person, distance = match
                attributes |= {
                    "value_name": person.name,
                    "distance": round(distance, 2),
                    "consents": person.consents,
                }
                reason += f"; distance to a known face {distance:.2f}, alike up to {people.ALIKE}"
            yield Finding(
                kind=_kind(group, match is not None),
                confidence=confidence,
                location=Region(face.box, None, views.page or None),
                detector=self.name,
                reason=reason,
                value=match[0].name if match is not None else None,
                attributes=attributes,
            )


def _kind(group: str, known: bool) -> Kind:
    if group == "child":
        return Kind.FACE_CHILD
    return Kind.FACE_KNOWN if known else Kind.FACE


def _match(views: Views, face: Face, known: people.People) -> tuple[people.Person, float] | None:
    if not known.persons:
        return None
    encoding = views.encoding(face)
    return None if encoding is None else known.alike(encoding)


def _stated_age_group(person: people.Person) -> str:
    """Who knows a person knows whether it is a child."""
    return "child" if person.child else "adult"


def _age_group(views: Views, face: Face) -> tuple[str, float]:
    """How old a face looks, and how sure the finding is that says so."""
    years = views.years(face)
    if years is None:
        return "unknown", face.confidence
    if years > CHILD_UP_TO:
        return "possible minor" if years <= MINOR_UP_TO else "adult", face.confidence
    confidence = face.confidence * _child(years)
    if confidence < LIKELY <= face.confidence:
        return "possible minor", face.confidence
    return "child", confidence


def _child(years: float) -> float:
    """The probability that a face of this expected age is a minor's."""
    (x1, y1), *others = CHILDREN
    for x2, y2 in others:
        if years < x2:
            return y1 + (y2 - y1) * max(0.0, years - x1) / (x2 - x1)
        x1, y1 = x2, y2
    return y1
