"""What speaks for a document: words on it, numbers and zones that only documents carry, codes. Words as data:
`rules/documents.toml`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from photoscan import shipped
from photoscan.detectors.document import papers
from photoscan.geometry import Polygon
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import badges, id_formats, labels, mrz, names, travellers
from photoscan.textual.checks import luhn
from photoscan.textual.id_formats import labels_of
from photoscan.textual.words import Vocabulary

if TYPE_CHECKING:
    from photoscan.vision.codes import Code

VALUES = "values of that sort"
TITLE, WORDS, NUMBER, CARD_NUMBER = "title", "words", "a number of that sort", "a card's number"
ZONE = "machine-readable zone"
_PATRONYMIC = re.compile(r"[A-Z]\w{1,40} (?i:bin|binti|bte|a/l|a/p|d/o|s/o) [A-Z]\w+")
PAPER_ALONE = 0.4
"""... of a paper, whose title has a month or a place beside it: 'PAYSLIP FOR MARCH 2026'."""
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
        return self.why not in (WORDS, VALUES)


def written(lines: Sequence[TextLine]) -> Iterator[Cue]:
    """The cues in lines of text, in their order."""
    placed = [line for line in lines if line.polygon is not None]
    for zone in mrz.find([line.text for line in placed]):
        document = Kind.DOCUMENT_PASSPORT if zone.passport else Kind.DOCUMENT_ID_CARD
        for i in zone.lines:
            yield Cue(document, 3.0 if zone.valid else 2.0, placed[i].polygon or (), ZONE, str(zone.lines))
    for line in placed:
        text, polygon = line.text, line.polygon or ()
        yield from _named(text, polygon)
        for number in id_formats.find(text):
            if number.confidence >= 0.5 and number.personal:
                kind = _document_of(number.format.name, number.format.kind)
                yield Cue(kind, 1.0, polygon, NUMBER, number.value)
        if _is_card_number(text):
            yield Cue(Kind.DOCUMENT_PAYMENT_CARD, 2.0, polygon, CARD_NUMBER, text)


def _named(text: str, polygon: Polygon) -> Iterator[Cue]:
    """The cues by titles and words in one line, kind by kind, and the values of papers."""
    titles, words = (_by_kind(labels_of(vocabulary, text)) for vocabulary in _vocabularies())
    for name in _kinds():
        kind, row = Kind(f"document.{name}"), _rows()[name]
        named = titles.get(name)
        if named and _stands_alone(named, text, PAPER_ALONE if is_paper(kind) else ALONE):
            yield Cue(kind, 1.5, polygon, TITLE, min(named))
        for word in sorted(words.get(name, ())):
            yield Cue(kind, 0.5, polygon, WORDS, word)
        if is_paper(kind) and any(papers.sorts(text, row["values"])):
            yield Cue(kind, 0.5, polygon, VALUES, text)


def _by_kind(tags: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for tag in tags:
        name, _, phrase = tag.partition("\t")
        found.setdefault(name, set()).add(phrase)
    return found


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
    words, values = (len({cue.sign for cue in cues if cue.why == why}) for why in (WORDS, VALUES))
    return sum(best.values()) + 0.5 * min(3, max(0, words - 1)) + 0.5 * min(1, max(0, values - 1))


def is_paper(kind: Kind) -> bool:
    """Whether a sort of document is known by the values that it needs beside its words."""
    return "needs" in _rows()[kind.value.partition(".")[2]]


def is_lacking(kind: Kind, cues: Sequence[Cue], lines: Sequence[TextLine], named: bool, face: bool) -> bool:
    """Whether a paper lacks something of what it needs, or is only spoken of."""
    row = _rows()[kind.value.partition(".")[2]]
    counts = Counter(sort for line in lines for sort in papers.sorts(line.text, row["values"]))
    counts.update(name=named, face=face, words=len({cue.sign for cue in cues if cue.why == WORDS}))
    advert = any(labels_of(_vocabulary("adverts"), line.text) for line in lines)
    return advert or not papers.has_all(row["needs"], counts)


def speaks_of_documents(lines: Sequence[TextLine]) -> bool:
    """Whether words of forms, receipts and offers stand there: papers that name documents without being one."""
    return len({word for line in lines for word in labels_of(_vocabulary("other_papers"), line.text)}) >= 2


def names_somebody(lines: Sequence[TextLine]) -> bool:
    """Whether a name stands there: behind or below its label or a phrase of certificates, or in a form of its own."""
    for i, line in enumerate(lines):
        if badges.awarded(line.text) or (travellers.traveller(line.text) or ("", False))[1]:
            return True
        above = lines[i - 1].text if i else ""
        if (labels.is_label("person", above) or badges.announces(above)) and names.is_plausible(line.text):
            return True
        label = labels.behind("person", line.text)
        if label and label.first and label.separated and label.value[:1].isupper():
            return True
        if _PATRONYMIC.search(line.text):
            return True
    return False


def _stands_alone(named: Iterable[str], text: str, least: float) -> bool:
    letters = sum(c.isalpha() for c in text)
    return max(sum(c.isalpha() for c in title) for title in named) >= least * letters


def _document_of(name: str, kind: Kind) -> Kind:
    if kind is Kind.TEXT_PASSPORT:
        return Kind.DOCUMENT_PASSPORT
    return Kind.DOCUMENT_DRIVING_LICENCE if name in ("Driving licence", "CNH") else Kind.DOCUMENT_ID_CARD


def _is_card_number(text: str) -> bool:
    digits = "".join(c for c in text if c.isdigit())
    return len(digits) == 16 and digits[0] in "3456" and luhn(digits) and len(text) <= 22


@cache
def _rows() -> dict[str, Any]:
    return shipped.rules("rules/documents.toml")


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(name for name, row in _rows().items() if isinstance(row, dict))


@cache
def _vocabularies() -> tuple[Vocabulary, Vocabulary]:
    """The titles and the words of all kinds, each tagged with its kind: one look at a line serves all."""
    titles, words = (
        [(phrase, f"{name}\t{phrase}") for name in _kinds() for phrase in _rows()[name][key]]
        for key in ("titles", "words")
    )
    return Vocabulary(titles, ordinary=labels.ordinary()), Vocabulary(words, loose=False)


@cache
def _vocabulary(key: str) -> Vocabulary:
    return Vocabulary(((word, word) for word in _rows()[key]), loose=False)


def aspects(kind: Kind) -> tuple[float, ...]:
    """Widths over heights that this sort of document has, the commonest first."""
    return tuple(_rows()[kind.value.partition(".")[2]]["aspects"])
