"""Identity numbers by their written shape (`rules/id_formats.toml`): found in a line, repaired, checked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from photoscan import shipped
from photoscan.kind import Kind, Severity
from photoscan.textual.checks import valid
from photoscan.textual.labels import ordinary
from photoscan.textual.lookalikes import DIGIT_LIKE, LETTER_LIKE, repairs
from photoscan.textual.phone_labels import calls
from photoscan.textual.words import Vocabulary, words

LABELLED = 0.95
UNCHECKED = 0.9
"""Behind a label, where the number has no check of its own."""
MISREAD = 0.45
"""Behind a label, but the check fails: a character was misread, or it is another number."""
DOUBTFUL = 0.35
"""Below this a number without a label is left alone: too many others look like it."""
_MOSTLY = 0.6
"""Share of the places for digits at which digits have to be read."""
REACH = 120
"""Characters before a number in which its label is looked for."""
_GAP = r"[ .\-–—/]{0,2}"
_COLON_GAP = r"[ .:\-–—]{0,2}"
"""Between the bytes of an address of the hardware; elsewhere a colon makes times of day."""
_PLACES = {"9": DIGIT_LIKE, "A": LETTER_LIKE, "X": r"[A-Za-z\d]", "V": r"[A-Za-z\d]", "H": r"[A-Fa-f\dOoIlSZG]"}
"""What may have been read at each place of a shape."""


@dataclass(frozen=True, slots=True)
class IdFormat:
    """One shape of a row of the data file; `plain` is the shape without separators. `severity`: None for the kind's."""

    name: str
    country: str
    kind: Kind
    shape: str
    plain: str
    check: str | None
    labels: tuple[str, ...]
    written: float
    bare: float
    severity: Severity | None
    organisation: bool
    valid: tuple[str, ...]
    invalid: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The shape as a pattern, made when the first line is met that has enough digits for it."""
        return _pattern(self.shape)


class Numbered(Protocol):
    """What is known of a sort of numbers, whichever way they are found."""

    @property
    def name(self) -> str:
        """What the number is called."""

    @property
    def country(self) -> str:
        """ISO code; '' where many countries have it."""

    @property
    def kind(self) -> Kind:
        """What it is found as."""

    @property
    def severity(self) -> Severity | None:
        """None for the kind's own."""

    @property
    def organisation(self) -> bool:
        """Whether it is a company's."""


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number found in a line: where, as it should be written, how sure, and why."""

    format: Numbered
    start: int
    end: int
    value: str
    confidence: float
    reason: str
    labelled: bool = False

    @property
    def personal(self) -> bool:
        """Whether it is one person's: no company's, and no thing's."""
        return not self.format.organisation and self.format.kind is not Kind.TEXT_DEVICE


@cache
def formats() -> tuple[IdFormat, ...]:
    """Every format of the data file; a number that is written in several shapes has one for each."""
    rows = shipped.rules("rules/id_formats.toml")["format"]
    return tuple(_format(row, shape) for row in rows for shape in row.get("shapes", [row.get("shape")]))


def _format(row: Mapping[str, Any], shape: str) -> IdFormat:
    organisation = row.get("organisation", False)
    severity = Severity[row["severity"].upper()] if "severity" in row else Severity.LOW if organisation else None
    return IdFormat(
        name=row["name"],
        country=row["country"],
        kind=Kind(row.get("kind", "text.national_id")),
        shape=shape,
        plain="".join(c for c in shape if c in _PLACES),
        check=row.get("check"),
        labels=tuple(row["labels"]),
        written=row.get("written", 0.0),
        bare=row.get("bare", 0.0),
        severity=severity,
        organisation=organisation,
        valid=tuple(row["valid"]),
        invalid=tuple(row["invalid"]),
    )


@cache
def _pattern(shape: str) -> re.Pattern[str]:
    """The shape as a pattern: look-alikes allowed, separators optional and of any sort."""
    between = _COLON_GAP if ":" in shape else _GAP
    parts, gap = [], False
    for c in shape:
        if c in _PLACES:
            parts.append((between if gap else "") + _PLACES[c])
            gap = False
        elif c in "()":
            parts.append(rf"\s?[{re.escape(c)}]?")
        else:
            gap = True
    return re.compile(rf"(?<![A-Za-z\d])(?<!\d[.,/-]){''.join(parts)}(?![A-Za-z\d])(?![.,/-]\d)")


def labels_in(text: str) -> frozenset[str]:
    """The labels that stand in a text, a slip of the reader forgiven in long ones."""
    return labels_of(_labels(), text)


def is_label(folded: str) -> bool:
    """Whether a folded phrase is the label of some format, as it stands."""
    return bool(_labels().exact(folded))


def labels_of(vocabulary: Vocabulary, text: str) -> frozenset[str]:
    """The known phrases of a vocabulary that stand in a text, tagged."""
    parts = words(text)
    found: set[str] = set()
    for i in range(len(parts)):
        for count in range(1, min(vocabulary.longest, len(parts) - i) + 1):
            found.update(vocabulary.tags(" ".join(w.folded for w in parts[i : i + count])))
    return frozenset(found)


@cache
def _labels() -> Vocabulary:
    return Vocabulary(((label, label) for fmt in formats() for label in fmt.labels), ordinary=ordinary())


def find(line: str, above: str = "") -> Iterator[IdNumber]:
    """The identity numbers in a line; `above` is the text that may hold their label. Of overlapping ones the surest."""
    found: list[IdNumber] = []
    digits = sum(c.isdigit() for c in line)
    if digits < 4:
        return
    # Many formats look at the same place; for this line alone, since what stands in a photo is not to be kept.
    seen = cache(labels_in)
    for fmt in formats():
        if digits < fmt.plain.count("9") * _MOSTLY:
            continue
        for match in fmt.pattern.finditer(line):
            if number := _judged(fmt, line, above, match, seen):
                found.append(number)
    yield from surest(found)


def surest(found: Iterable[IdNumber]) -> list[IdNumber]:
    """Of numbers that overlap in a line the surest, of equally sure ones the longest; in the order of the line."""
    kept: list[IdNumber] = []  # in order, so that only neighbours can overlap
    for number in sorted(found, key=lambda n: (-n.confidence, n.start - n.end)):
        at = bisect_left(kept, number.start, key=lambda n: n.start)
        if all(number.start >= n.end or n.start >= number.end for n in kept[max(0, at - 1) : at + 1]):
            kept.insert(at, number)
    return kept


def _judged(
    fmt: IdFormat, line: str, above: str, match: re.Match[str], labels: Callable[[str], frozenset[str]]
) -> IdNumber | None:
    compact = "".join(c for c in match[0] if c.isalnum() or c in "|!")
    if len(compact) != len(fmt.plain) or sum(c.isdigit() for c in compact) < fmt.plain.count("9") * _MOSTLY:
        return None
    before = line[max(0, match.start() - REACH) : match.start()]
    labelled = not set(fmt.labels).isdisjoint(labels(before) | labels(above)) and not calls(before)
    checked, wrong = _repaired(fmt, compact)
    if checked is None:
        if not labelled or fmt.check is None:
            return None
        return IdNumber(
            fmt, match.start(), match.end(), match[0], MISREAD, f"{fmt.name} behind a label, check fails", True
        )
    if labelled:
        confidence = LABELLED if fmt.check else UNCHECKED - 0.05 * wrong
    else:
        as_written = fmt.plain != fmt.shape and _separators(match[0]) == _separators(fmt.shape)
        confidence = max(fmt.written if as_written else 0.0, fmt.bare)
        # Letters that had to be guessed have no check digit to speak for them.
        confidence -= 0.25 * wrong if {"A", "V"} & set(fmt.plain) else 0.1 * max(0, wrong - 1)
    if confidence < DOUBTFUL:
        return None
    reason = f"{fmt.name}: {'valid' if fmt.check else 'right shape'}{', behind a label' if labelled else ''}"
    return IdNumber(
        fmt, match.start(), match.end(), _written(fmt.shape, checked), round(confidence, 3), reason, labelled
    )


def _repaired(fmt: IdFormat, compact: str) -> tuple[str | None, int]:
    """The number that passes the check, look-alikes set right, and how many had to be."""
    for number, wrong in repairs(compact, fmt.plain):
        if fmt.check is None or valid(fmt.check, number, _written(fmt.shape, number)):
            return number, wrong
    return None, 0


def _separators(text: str) -> str:
    """The separators of a number, dashes made one."""
    return "".join("-" if c in "-–—" else c for c in text if not c.isalnum() and c not in "|!")


def _written(shape: str, number: str) -> str:
    characters = iter(number)
    return "".join(next(characters) if c in _PLACES else c for c in shape)
