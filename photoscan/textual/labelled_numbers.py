"""Numbers that nothing but the label right before them gives away: passports, serials, numbers of staff and students.

They have no check digit, or none everywhere, and their shape is that of many harmless numbers. So the label has to end
where the number begins, but for a sign and small words ('no', 'is'): in the line, or at the end of the line above.
The labels and shapes are data: `rules/labelled_numbers.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.kind import Kind, Severity
from photoscan.textual import id_formats
from photoscan.textual.id_formats import IdNumber
from photoscan.textual.labels import ordinary
from photoscan.textual.lookalikes import DIGIT_LIKE, LETTER_LIKE
from photoscan.textual.words import Vocabulary, Word, fold, lookalike, one_letter_apart, words

_FILLERS = 4
"""Small words that may stand between a label and its number."""
_TOKEN = re.compile(r"([9AXU])(\{\d+(?:,\d+)?\}|\?)?|([()?])|(-)|\\?(.)")
_PLACES = {"9": DIGIT_LIKE, "A": LETTER_LIKE, "X": r"[A-Za-z\d]", "U": r"[A-Z\d]"}
_GAP = r"[ .\-–—/]?"
_OUTER = r"(?<![^\W_])", r"(?![A-Za-z\d])(?![.,/-]\d)"
_MOSTLY = 0.6
"""Share of the places for digits that have to be digits, where no check speaks for look-alikes."""
_SIGN = re.compile(r"[:#=：＃]|\bn[o°º]\.?\s*$|№", re.IGNORECASE)
_REGION = re.compile(r"(?<=[a-z])[/ .-]?(?:[a-z]{2})$")
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*$")
_NUMBER_WORDS = frozenset(("no", "nos", "nº", "nr", "num", "number", "numero", "nomor", "nombor", "id", "#"))
_HEAD = re.compile(r"[A-Z]{1,3}$")
"""Letters of a number that stand apart from its digits: 'SG 12345678901'."""
_PRICE = re.compile(r"(?i)(?<![^\W_])(?:rm|rp|r\$|s\$|us\$|[$€£¥₹₱])\s?$")
_DATE = re.compile(
    r"(?:\d{1,2}([-/.])\d{1,2}\1(?:19|20)?\d{2}|(?:19|20)\d{2}([-/.])\d{1,2}\2\d{1,2}|(?:19|20)\d{2}(?:\s?[-–/]\s?(?:19|20)?\d{2})?)$"
)


@dataclass(frozen=True, slots=True)
class LabelledSort:
    """A row of the data file. `weak` labels are words of other meanings too: they need a sign behind them.

    `digits`: how many there have to be at least. `regions`: a label may end in a state, as in 'CRM/SP'.
    """

    name: str
    country: str
    kind: Kind
    severity: Severity | None
    labels: tuple[str, ...]
    weak: frozenset[str]
    shapes: tuple[str, ...]
    digits: int
    regions: bool
    confidence: float
    valid: tuple[str, ...]
    invalid: tuple[str, ...]
    organisation: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """The shapes as a pattern, made when the first label of the sort is met."""
        return _pattern(self.shapes)


def find_all(line: str, above: str = "") -> list[IdNumber]:
    """The numbers of people and things in a line, by shape or by label; of overlapping ones the surest."""
    return id_formats.surest((*find(line, above), *id_formats.find(line, above)))


def find(line: str, above: str = "") -> Iterator[IdNumber]:
    """Every number in a line that has its label right before it, or at the end of the line `above`."""
    if sum(c.isdigit() for c in line) < 2:
        return
    line = line.replace("#", ":")
    parts = words(line)
    for i, word in enumerate(parts):
        if not word.has_digit and not (_HEAD.match(word.raw) and i + 1 < len(parts) and parts[i + 1].raw[:1].isdigit()):
            continue
        for tag, exact, signed in _before(parts[:i], line[: word.start], above):
            sort = sorts()[tag]
            number = _number(sort, line, word.start, exact)
            # Without a sign behind a word of many meanings, letters and digits together have to speak.
            if number and (signed or (sum(c.isdigit() for c in number.value) > 4 and number.value[0].isalpha())):
                yield number


@cache
def sorts() -> tuple[LabelledSort, ...]:
    """Every row of the data file."""
    return tuple(map(_sort, _rows()["number"]))


@cache
def _rows() -> dict[str, Any]:
    return shipped.rules("rules/labelled_numbers.toml")


def _sort(row: Mapping[str, Any]) -> LabelledSort:
    return LabelledSort(
        name=row["name"],
        country=row.get("country", ""),
        kind=Kind(row.get("kind", "text.national_id")),
        severity=Severity.parse(row["severity"]) if "severity" in row else None,
        labels=tuple(row["labels"]),
        weak=frozenset(map(_folded, row.get("weak", ()))),
        shapes=tuple(row["shapes"]),
        digits=row.get("digits", 4),
        regions=row.get("regions", False),
        confidence=row.get("confidence", 0.85),
        valid=tuple(row["valid"]),
        invalid=tuple(row["invalid"]),
    )


@cache
def _pattern(shapes: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_OUTER[0] + f"(?:{'|'.join(map(_shape, shapes))})" + _OUTER[1])


def _shape(shape: str) -> str:
    """A shape as a pattern: 9 digit, A letter, X either, U capital or digit, with {m,n} or ?; '-' may be a separator.

    Between digits that are repeated a dot, dash or stroke may stand.
    """
    parts = []
    for place, count, bracket, gap, other in _TOKEN.findall(shape):
        if not place:
            parts.append(bracket or (_GAP if gap else re.escape(other)))
        elif count.startswith("{") and place in "9U" and not count.startswith("{0"):
            least, _, most = count[1:-1].partition(",")
            parts.append(f"{_PLACES[place]}(?:[.\\-–/]?{_PLACES[place]}){{{int(least) - 1},{int(most or least) - 1}}}")
        else:
            parts.append(_PLACES[place] + count)
    return "".join(parts)


def _before(parts: Sequence[Word], text: str, above: str) -> Iterator[tuple[int, bool, bool]]:
    """The labels that end where a number begins; as `_ending`."""
    rest = _without_fillers(parts)
    if rest:
        yield from _ending(rest, bool(_SIGN.search(text[rest[-1].end :])) or len(rest) < len(parts))
        return
    # Nothing but small words before it in its line: the label may stand above, which is a sign by itself.
    yield from _ending(_without_fillers(words(above)), True)


def _without_fillers(parts: Sequence[Word]) -> Sequence[Word]:
    end = len(parts)
    fillers = _fillers()
    while end and len(parts) - end < _FILLERS and parts[end - 1].folded in fillers:
        if any(_vocabulary().exact(" ".join(w.folded for w in parts[at:end])) for at in range(max(0, end - 4), end)):
            break
        end -= 1
    return parts[:end]


def ends_in_label(text: str) -> bool:
    """Whether a text ends in a label with a word for numbers ('no', 'ID'), be it in itself or behind it."""
    parts = words(text[-60:])
    folded = [word.folded for word in parts]
    ends = (len(parts), len(_without_fillers(parts)))
    for at, stop in ((at, end) for end in ends for at in range(max(0, end - 6), end)):
        phrase = " ".join(folded[at:stop])
        if _vocabulary().exact(phrase) or id_formats.is_label(phrase):
            return not _NUMBER_WORDS.isdisjoint(folded[at:])
    return False


@cache
def _fillers() -> frozenset[str]:
    return frozenset(fold(word) for word in _rows()["fillers"])


def _ending(parts: Sequence[Word], signed: bool) -> Iterator[tuple[int, bool, bool]]:
    """The tags of the longest phrase that ends with these words, whether it was read without a slip, and whether it
    needs no more: it has a sign behind it, or one meaning."""
    vocabulary = _vocabulary()
    for at in range(max(0, len(parts) - vocabulary.longest), len(parts)):
        phrase = " ".join(w.folded for w in parts[at:])
        if phrase in _not_labels():
            return
        if at and f"{parts[at - 1].folded} {phrase}" in _not_labels():
            return
        known = vocabulary.like(phrase)
        tags = vocabulary.exact(known) if known else []
        short = _REGION.sub("", phrase)
        if short == phrase:
            short = ""
        elif not tags:
            known, tags = short, [tag for tag in vocabulary.exact(short) if sorts()[tag].regions]
        if tags:
            exact = known in (phrase, short)
            signed = signed or known == short
            yield from ((tag, exact, signed or known not in sorts()[tag].weak) for tag in tags)
            return


@cache
def _not_labels() -> frozenset[str]:
    return frozenset(map(_folded, _rows()["ordinary"]))


def _folded(phrase: str) -> str:
    if _PLAIN.match(phrase):  # most labels: nothing in them to be folded or to come apart
        return phrase
    return " ".join(word.folded for word in words(phrase))


class _Labels:
    """The labels of all sorts, found as a `Vocabulary` finds its words; a thousand of them are laid out in no time,
    since slips are looked for among those of one length instead of being laid out beforehand."""

    def __init__(self) -> None:
        self._exact: dict[str, list[int]] = {}
        self._shape: dict[str, str] = {}
        self._sized: dict[tuple[int, int], list[str]] = {}
        self.longest = 1
        for at, sort in enumerate(sorts()):
            for label in sort.labels:
                self._add(_folded(label), at)

    def _add(self, folded: str, at: int) -> None:
        if folded not in self._exact and len(folded) >= Vocabulary.SHAPED:
            self._shape.setdefault(lookalike(folded), folded)
            self._sized.setdefault((folded.count(" "), len(folded)), []).append(folded)
        self._exact.setdefault(folded, []).append(at)
        self.longest = max(self.longest, folded.count(" ") + 1)

    def exact(self, folded: str) -> list[int]:
        """The sorts that a phrase is a label of."""
        return self._exact.get(folded, [])

    def like(self, folded: str) -> str | None:
        """The label that a phrase is, or is but for look-alikes or for one letter of a long word."""
        if folded in self._exact:
            return folded
        if len(folded) < Vocabulary.SHAPED or not (ordinary() | _not_labels()).isdisjoint(folded.split(" ")):
            return None
        if shaped := self._shape.get(lookalike(folded)):
            return shaped
        count, length = folded.count(" "), len(folded)
        near = (known for size in (length - 1, length, length + 1) for known in self._sized.get((count, size), ()))
        return next((known for known in near if one_letter_apart(folded, known, Vocabulary.LOOSE)), None)


@cache
def _vocabulary() -> _Labels:
    return _Labels()


def _number(sort: LabelledSort, line: str, start: int, exact: bool) -> IdNumber | None:
    found = sort.pattern.match(line, start)
    if not found or _PRICE.search(line[:start]) or _DATE.match(found[0]):
        return None
    value = found[0]
    real = sum(c.isdigit() for c in value)
    letters = sum(c.islower() for c in value)
    if real < sort.digits or letters > real:
        return None
    confidence = sort.confidence if exact else sort.confidence - 0.1
    return IdNumber(sort, start, found.end(), value.upper(), confidence, f"{sort.name}, right behind a label", True)
