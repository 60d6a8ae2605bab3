"""The first sentence: who is seen, how many, and whether they may be children."""

from __future__ import annotations

from collections.abc import Sequence

from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.portrait.told import likely_first

MINOR = "possible minor"
"""The age group of who may be under 18 (`detectors.face`)."""


def who(seen: Sequence[Finding]) -> tuple[str, list[Finding]]:
    """The word of the sentence (`portrait.who.<word>`), and the findings that it rests on.

    `seen`: faces and persons. Nobody is said to be absent: 'nobody' only means that the sentence names none.
    """
    faces = likely_first(finding for finding in seen if finding.kind.within(Kind.FACE))
    if not faces:
        bodies = likely_first(seen)
        return ("nobody", []) if not bodies or not bodies[0].likely else ("body", bodies)
    if not faces[0].likely:
        return "unsure", faces
    children = [finding for finding in faces if finding.kind is Kind.FACE_CHILD]
    minors = [finding for finding in faces if finding.attributes.get("age_group") == MINOR]
    if len(faces) == 1:
        return ("child" if children else "minor" if minors else "face"), faces
    if len(children) == len(faces):
        return "children", faces
    return ("mixed" if children else "minors" if minors else "faces"), faces
