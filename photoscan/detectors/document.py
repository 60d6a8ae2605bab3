"""Whole documents: identity cards, passports, driving licences, payment cards, boarding passes.

Cues are the words on them, numbers and zones that only they carry, codes, and a face among the lines; the finding
covers the whole document, also what was not read. Words: `rules/documents.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar

from photoscan.detectors.base import Detector, Source
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.views import Views

if TYPE_CHECKING:
    from photoscan.textual.words import Vocabulary

LIKELY_CUES = 3.0
"""Points from which a document is likely; from two it is possible."""
POSSIBLE_CUES = 2.0


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: Kind
    points: float
    box: Box
    why: str


class DocumentDetector(Detector):
    """One finding for each sort of document; attributes: `cues`, what it was recognised by."""

    name: ClassVar[str] = "document"
    kinds: ClassVar[tuple[Kind, ...]] = (
        Kind.DOCUMENT_ID_CARD,
        Kind.DOCUMENT_PASSPORT,
        Kind.DOCUMENT_DRIVING_LICENCE,
        Kind.DOCUMENT_PAYMENT_CARD,
        Kind.DOCUMENT_BOARDING_PASS,
    )
    source: ClassVar[Source] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Documents by their cues; faces are looked for only where words speak for an identity document."""
        lines = [line for line in views.lines if line.box is not None]
        cues = [*_written(lines), *_coded(views)]
        for kind in self.kinds:
            own = [cue for cue in cues if cue.kind is kind]
            points = _points(own)
            if points < POSSIBLE_CUES - 0.5 or not own:
                continue
            box = Box.union([cue.box for cue in own])
            why = list(dict.fromkeys(cue.why for cue in own))
            if kind in _WITH_FACE:
                reach = box.grown(0.6, 0.6)
                for face in views.faces:
                    if face.box.intersection(reach):
                        box, points = Box.union([box, face.box]), points + 1
                        why.append("a face")
            if points < POSSIBLE_CUES:
                continue
            whole = _whole(box, lines, views.pyramid.width, views.pyramid.height)
            confidence = min(0.97, 0.6 + 0.1 * (points - LIKELY_CUES)) if points >= LIKELY_CUES else 0.4
            yield Finding(
                kind=kind,
                confidence=round(confidence, 3),
                location=Region(whole, page=views.page or None),
                detector=self.name,
                reason=" + ".join(why),
                attributes={"cues": why},
            )


_WITH_FACE = (Kind.DOCUMENT_ID_CARD, Kind.DOCUMENT_PASSPORT, Kind.DOCUMENT_DRIVING_LICENCE)


def _points(cues: Sequence[_Cue]) -> float:
    """Each sort of cue counts once, further words half a point each, at most three."""
    best: dict[str, float] = {}
    for cue in cues:
        best[cue.why] = max(best.get(cue.why, 0), cue.points)
    words = sum(cue.why == "words" for cue in cues)
    return sum(best.values()) + 0.5 * min(3, max(0, words - 1))


def _written(lines: Sequence[TextLine]) -> Iterator[_Cue]:
    from photoscan.textual import id_formats, mrz  # many patterns: only where there is text to look at
    from photoscan.textual.id_formats import labels_of

    texts = [line.text for line in lines]
    boxes = [line.box for line in lines]
    for zone in mrz.find(texts):
        document = Kind.DOCUMENT_PASSPORT if zone.passport else Kind.DOCUMENT_ID_CARD
        around = Box.union([b for i in zone.lines if (b := boxes[i]) is not None])
        yield _Cue(document, 3.0 if zone.valid else 2.0, around, "machine-readable zone")
    for text, box in zip(texts, boxes, strict=True):
        if box is None:
            continue
        for name, (title, words) in _words().items():
            kind = Kind(f"document.{name}")
            if labels_of(title, text):
                yield _Cue(kind, 1.5, box, "title")
            elif labels_of(words, text):
                yield _Cue(kind, 0.5, box, "words")
        for number in id_formats.find(text):
            if number.confidence >= 0.5 and not number.format.organisation:
                yield _Cue(_document_of(number.format.name, number.format.kind), 1.0, box, "a number of that sort")
        if _is_card_number(text):
            yield _Cue(Kind.DOCUMENT_PAYMENT_CARD, 2.0, box, "a card's number")


def _document_of(name: str, kind: Kind) -> Kind:
    if kind is Kind.TEXT_PASSPORT:
        return Kind.DOCUMENT_PASSPORT
    return Kind.DOCUMENT_DRIVING_LICENCE if name in ("Driving licence", "CNH") else Kind.DOCUMENT_ID_CARD


def _is_card_number(text: str) -> bool:
    from photoscan.textual.checks import luhn

    digits = "".join(c for c in text if c.isdigit())
    return len(digits) == 16 and digits[0] in "3456" and luhn(digits) and len(text) <= 22


def _coded(views: Views) -> Iterator[_Cue]:
    for code in views.codes:
        from photoscan.textual import payloads

        sort = payloads.understand(code.text).sort
        if sort == "boarding_pass":
            yield _Cue(Kind.DOCUMENT_BOARDING_PASS, 3.0, code.box, "a boarding pass's code")
        elif sort == "driving_licence":
            yield _Cue(Kind.DOCUMENT_DRIVING_LICENCE, 3.0, code.box, "a licence's code")
        elif sort == "identity":
            yield _Cue(Kind.DOCUMENT_ID_CARD, 2.0, code.box, "an identity code")


def _whole(box: Box, lines: Sequence[TextLine], width: int, height: int) -> Box:
    """The document around its cues: lines within two heights of it belong to it, and it has a margin on every side."""
    boxes = [b for line in lines if (b := line.box) is not None]
    heights = sorted(b.h for b in boxes if b.intersection(box)) or [0]
    reach = 2 * heights[len(heights) // 2]
    for _ in range(3):
        near = Box(box.x - reach, box.y - reach, box.w + 2 * reach, box.h + 2 * reach)
        box = Box.union([box, *(b for b in boxes if b.intersection(near))])
    return box.grown(0.06, 0.1).clipped(width, height)


@cache
def _words() -> dict[str, tuple[Vocabulary, Vocabulary]]:
    from photoscan.textual.words import Vocabulary

    rows: dict[str, Any] = tomllib.loads(
        resources.files("photoscan").joinpath("rules/documents.toml").read_text("utf-8")
    )
    return {
        name: (
            Vocabulary((word, word) for word in row["titles"]),
            Vocabulary(((word, word) for word in row["words"]), loose=False),
        )
        for name, row in rows.items()
    }
