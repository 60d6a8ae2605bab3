"""What speaks for a document: words on it, numbers and zones that only documents carry, codes. Words as data:
`rules/documents.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from photoscan import shipped
from photoscan.geometry import Polygon
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import id_formats, labels, mrz
from photoscan.textual.checks import luhn
from photoscan.textual.id_formats import labels_of
from photoscan.textual.words import Vocabulary

if TYPE_CHECKING:
    from photoscan.vision.codes import Code

TITLE, WORDS, NUMBER, CARD_NUMBER = "title", "words", "a number of that sort", "a card's number"
ZONE = "machine-readable zone"
_PATRONYMIC = re.compile(r"[A-Z]\w+ (?i:bin|binti|bte|a/l|a/p|d/o|s/o) [A-Z]\w+")
ALONE = 0.6
"""Share of a line's letters from which a title names the document; in a sentence it speaks of one."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One reason to see a document; `sign` is what was recognised, to tell two documents apart."""

    kind: Kind
    points: float
    polygon: Polygon
    why: str
    sign: str = field(default="", repr=False)

    @property
    def own(self) -> bool:
        """Whether it belongs to this sort of document alone: a title, a number, a zone, a code."""
        return self.why != WORDS


def written(lines: Sequence[TextLine]) -> Iterator[Cue]:
    """The cues in lines of text, in their order."""
    placed = [line for line in lines if line.polygon is not None]
    for zone in mrz.find([line.text for line in placed]):
        document = Kind.DOCUMENT_PASSPORT if zone.passport else Kind.DOCUMENT_ID_CARD
        for i in zone.lines:
            yield Cue(document, 3.0 if zone.valid else 2.0, placed[i].polygon or (), ZONE, str(zone.lines))
    for line in placed:
        text, polygon = line.text, line.polygon or ()
        for kind, titles, words in _words():
            named = labels_of(titles, text)
            if named and _stands_alone(named, text):
                yield Cue(kind, 1.5, polygon, TITLE, min(named))
            for word in sorted(labels_of(words, text)):
                yield Cue(kind, 0.5, polygon, WORDS, word)
        for number in id_formats.find(text):
            if number.confidence >= 0.5 and number.personal:
                kind = _document_of(number.format.name, number.format.kind)
                yield Cue(kind, 1.0, polygon, NUMBER, number.value)
        if _is_card_number(text):
            yield Cue(Kind.DOCUMENT_PAYMENT_CARD, 2.0, polygon, CARD_NUMBER, text)


def coded(codes: Sequence[Code]) -> Iterator[Cue]:
    """The cues in codes."""
    for code in codes:
        sort = code.said.sort
        if sort == "boarding_pass":
            yield Cue(Kind.DOCUMENT_BOARDING_PASS, 3.0, code.whole, "a boarding pass's code", code.text)
        elif sort == "driving_licence":
            yield Cue(Kind.DOCUMENT_DRIVING_LICENCE, 3.0, code.whole, "a licence's code", code.text)
        elif sort == "identity":
            yield Cue(Kind.DOCUMENT_ID_CARD, 2.0, code.whole, "an identity code", code.text)


def points(cues: Sequence[Cue]) -> float:
    """Each sort of cue counts once, further words half a point each, at most three."""
    best: dict[str, float] = {}
    for cue in cues:
        best[cue.why] = max(best.get(cue.why, 0), cue.points)
    words = len({cue.sign for cue in cues if cue.why == WORDS})
    return sum(best.values()) + 0.5 * min(3, max(0, words - 1))


def speaks_of_documents(lines: Sequence[TextLine]) -> bool:
    """Whether words of forms, receipts and offers stand there: papers that name documents without being one."""
    return len({word for line in lines for word in labels_of(_other_papers(), line.text)}) >= 2


def names_somebody(lines: Sequence[TextLine]) -> bool:
    """Whether a name stands there: behind its label, or with a patronymic."""
    for line in lines:
        label = labels.behind("person", line.text)
        if label and label.first and label.separated and label.value[:1].isupper():
            return True
        if _PATRONYMIC.search(line.text):
            return True
    return False


def _stands_alone(named: frozenset[str], text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return max(sum(c.isalpha() for c in title) for title in named) >= ALONE * letters


def _document_of(name: str, kind: Kind) -> Kind:
    if kind is Kind.TEXT_PASSPORT:
        return Kind.DOCUMENT_PASSPORT
    return Kind.DOCUMENT_DRIVING_LICENCE if name in ("Driving licence", "CNH") else Kind.DOCUMENT_ID_CARD


def _is_card_number(text: str) -> bool:
    digits = "".join(c for c in text if c.isdigit())
    return len(digits) == 16 and digits[0] in "3456" and luhn(digits) and len(text) <= 22


@cache
def _rows() -> dict[str, Any]:
    return tomllib.loads(shipped.text("rules/documents.toml"))


@cache
def _words() -> tuple[tuple[Kind, Vocabulary, Vocabulary], ...]:
    return tuple(
        (
            Kind(f"document.{name}"),
            Vocabulary(((word, word) for word in row["titles"]), ordinary=labels.ordinary()),
            Vocabulary(((word, word) for word in row["words"]), loose=False),
        )
        for name, row in _rows().items()
        if isinstance(row, dict)
    )


@cache
def _other_papers() -> Vocabulary:
    return Vocabulary(((word, word) for word in _rows()["other_papers"]), loose=False)


def aspects(kind: Kind) -> tuple[float, ...]:
    """Widths over heights that this sort of document has, the commonest first."""
    return tuple(_rows()[kind.value.partition(".")[2]]["aspects"])
