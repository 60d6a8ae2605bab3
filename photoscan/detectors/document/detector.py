"""Whole documents: identity cards, passports, driving licences, payment cards, boarding passes, and papers.

Cues are the words on them, numbers and zones that only they carry, codes, names, and a face among the lines; the
finding covers the whole document, also what was not read: to its outline where the picture shows one, else as far as
its proportions say. Papers, which have no one form, are likely only with all that their sort needs: names, amounts,
numbers, dates. Words, proportions and needs: `rules/documents.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.detectors.document import cues as document_cues
from photoscan.detectors.document import extent as document_extent
from photoscan.detectors.document.cues import Cue
from photoscan.detectors.document.extent import REACH, Group, groups
from photoscan.finding import Finding, Region
from photoscan.geometry import Box, Polygon, clipped, corners, polygon_area, shared_area
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.views import Views
from photoscan.vision.outline import joined

LIKELY_CUES = 3.0
"""Points from which a document is likely; from two it is possible."""
POSSIBLE_CUES = 2.0
FEW_CUES = 1.5
"""Points of text and codes from which it is worth while to look for a face and an outline."""
DOUBTED = 0.45
"""At most this confidence where other papers are spoken of, or a payment card shows no number."""
FACE, NAME, OUTLINE = "a face", "a name", "an outline of its proportions"
SAME = 0.5
"""Share of the smaller that two findings have in common from which they are one document."""

_WITH_FACE = (
    Kind.DOCUMENT_ID_CARD,
    Kind.DOCUMENT_PASSPORT,
    Kind.DOCUMENT_DRIVING_LICENCE,
    Kind.DOCUMENT_BADGE,
)


@dataclass(frozen=True)
class _Document:
    kind: Kind
    points: float
    own: float
    polygon: Polygon
    content: Box
    why: tuple[str, ...]
    doubted: bool


class DocumentDetector(Detector):
    """One finding for each document; attributes: `cues`, what it was recognised by."""

    name: ClassVar[str] = "document"
    kinds: ClassVar[tuple[Kind, ...]] = (
        Kind.DOCUMENT_ID_CARD,
        Kind.DOCUMENT_PASSPORT,
        Kind.DOCUMENT_DRIVING_LICENCE,
        Kind.DOCUMENT_PAYMENT_CARD,
        Kind.DOCUMENT_BOARDING_PASS,
        Kind.DOCUMENT_BADGE,
        Kind.DOCUMENT_CIVIL_RECORD,
        Kind.DOCUMENT_COURT_PAPER,
        Kind.DOCUMENT_PAYSLIP,
        Kind.DOCUMENT_BANK_PAPER,
        Kind.DOCUMENT_MEDICAL,
        Kind.DOCUMENT_DIPLOMA,
        Kind.DOCUMENT_VEHICLE_PAPER,
        Kind.DOCUMENT_TICKET,
        Kind.DOCUMENT_RECEIPT,
        Kind.DOCUMENT_CONVERSATION,
    )
    source: ClassVar[Input] = "pixels"
    reads: ClassVar[bool] = True

    def find(self, views: Views) -> Iterable[Finding]:
        """Documents by their cues; faces and outlines are looked for only where text or codes speak for one."""
        lines = [line for line in views.lines if line.polygon is not None]
        cues = [*document_cues.written(lines), *document_cues.coded(views.codes)]
        found: list[_Document] = []
        for kind in self.kinds:
            own = [cue for cue in cues if cue.kind is kind]
            if document_cues.points(own) >= FEW_CUES or any(cue.own for cue in own):
                found += _of_kind(kind, own, lines, views)
        for document in _distinct(found):
            yield self._finding(document, views)

    def _finding(self, document: _Document, views: Views) -> Finding:
        photo = Box(0, 0, views.pyramid.width, views.pyramid.height)
        shape = clipped(document.polygon, corners(photo))
        box = Box.union([document.content, Box.around(shape)] if shape else [document.content])
        sure = min(0.97, 0.6 + 0.15 * (document.points - LIKELY_CUES)) if document.points >= LIKELY_CUES else 0.4
        return Finding(
            kind=document.kind,
            confidence=round(min(sure, DOUBTED) if document.doubted else sure, 3),
            location=Region(box.clipped(photo.w, photo.h), shape or None, views.page or None),
            detector=self.name,
            reason=" + ".join(document.why),
            attributes={"cues": list(document.why)},
        )


def _of_kind(kind: Kind, cues: Sequence[Cue], lines: Sequence[TextLine], views: Views) -> list[_Document]:
    """The documents of one sort."""
    found = []
    for group in groups(lines, cues):
        document = _document(kind, group, cues, views, must_be_seen=True)
        if document is None:  # something beside it may have been taken for a part of it
            closer = [
                part
                for part in groups(group.lines, _inside(group, cues), REACH / 2)
                if len(part.lines) < len(group.lines)
            ]
            parts = [_document(kind, part, cues, views, must_be_seen=True) for part in closer]
            document = next((part for part in parts if part), None)
        document = document or _document(kind, group, cues, views, must_be_seen=False)
        if document:
            found.append(document)
    return found


def _inside(group: Group, cues: Sequence[Cue]) -> list[Cue]:
    shapes = {*(line.polygon for line in group.lines), *group.polygons}
    return [cue for cue in cues if cue.polygon in shapes]


def _document(kind: Kind, group: Group, cues: Sequence[Cue], views: Views, must_be_seen: bool) -> _Document | None:
    """What a group amounts to; None where that is too little, or no outline is seen though it must be."""
    own = _inside(group, cues)
    score = document_cues.points(own)
    if score < FEW_CUES and not any(cue.own for cue in own):
        return None
    why = list(dict.fromkeys(cue.why for cue in own))
    paper = document_cues.is_paper(kind)
    named = document_cues.names_somebody(group.lines)
    if named:
        score, why = score + 0.5, [*why, NAME]
    group = group.with_codes([code.whole for code in views.codes])
    aspects = document_cues.aspects(kind)
    shape = document_extent.outline(group, views.pyramid, aspects)
    if kind in _WITH_FACE:
        portrayed = group.with_faces([f.box for f in views.faces if shape is None or _holds(shape, f.box)])
        if len(portrayed.polygons) > len(group.polygons):
            group, score, why = portrayed, score + 1, [*why, FACE]
            shape = shape or document_extent.outline(group, views.pyramid, aspects)
    if shape is not None:
        score, why = score + 0.5, [*why, OUTLINE]
    elif must_be_seen:
        return None
    if score < POSSIBLE_CUES:
        return None
    around = shape or document_extent.extrapolated(group, own, () if paper else aspects)
    numbered = any(cue.why == document_cues.CARD_NUMBER for cue in own)
    sure = any(cue.points >= 3 for cue in own)
    if paper:
        doubted = document_cues.is_lacking(kind, own, group.lines, named, FACE in why)
    else:
        spoken_of = document_cues.speaks_of_documents(group.lines)
        doubted = not sure and (spoken_of or (kind is Kind.DOCUMENT_PAYMENT_CARD and not numbered))
    return _Document(
        kind=kind,
        points=score,
        own=document_cues.points([cue for cue in own if cue.own]),
        polygon=joined(around, group.points),
        content=Box.around(group.points),
        why=tuple(why),
        doubted=doubted,
    )


def _holds(shape: Polygon, face: Box) -> bool:
    """Whether a face lies inside an outline: beside it may lie another card, whose face is as near."""
    return shared_area(corners(face), shape) > SAME * face.area


def _distinct(documents: Sequence[_Document]) -> list[_Document]:
    """Of findings on one place the one that most speaks for: what its sort alone carries first."""
    kept: list[_Document] = []
    for document in sorted(documents, key=lambda d: (d.doubted, -d.own, -d.points)):
        again = False
        for other in kept:
            smaller = min(polygon_area(document.polygon), polygon_area(other.polygon))
            again |= shared_area(document.polygon, other.polygon) > SAME * smaller
        if not again:
            kept.append(document)
    return kept
