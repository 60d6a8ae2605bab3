"""Dates of birth, behind their label in the same line or in the line above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import labels
from photoscan.textual.lookalikes import DIGIT_LIKE as _D
from photoscan.textual.lookalikes import as_digits
from photoscan.textual.neighbours import follows

_MONTH = r"[^\W\d_]{3,10}\.?"
_DATE = re.compile(
    rf"(?<!\d)(?:{_D}{{1,2}}\s?[-/.,\s]\s?{_D}{{1,2}}\s?[-/.,\s]\s?{_D}{{2,4}}"
    rf"|(?:1[89]|20){_D}{{2}}\s?[-/.年\s]\s?{_D}{{1,2}}\s?[-/.月\s]\s?{_D}{{1,2}}日?"
    rf"|{_D}{{1,2}}(?:st|nd|rd|th|[.º°])?\s?(?:de\s|of\s)?[-\s]?{_MONTH}\s?(?:de\s)?[-,\s]?\s?{_D}{{4}}"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_D}{{4}}"
    rf"|{_D}{{4}}(?:19|20){_D}{{2}}(?!\d))"
)
"""Day, month and year in any order, in digits or with the month's name."""
_REACH = 28
"""Characters that may stand between the label and the date: a place of birth."""


class BirthDetector(TextDetector):
    """The value is the date as it is written."""

    name: ClassVar[str] = "birth"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_BIRTH_DATE,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Dates behind a label of birth."""
        for i, line in enumerate(lines):
            label = labels.behind("birth", line.text)
            if label is None:
                continue
            if found := _date(label.value):
                yield TextMatch(Kind.TEXT_BIRTH_DATE, (i,), found, 0.95, "a date behind a label of birth")
                continue
            below = lines[i + 1] if i + 1 < len(lines) and follows(line, lines[i + 1]) else None
            if below and not any(c.isdigit() for c in label.value) and (found := _date(below.text)):
                yield TextMatch(Kind.TEXT_BIRTH_DATE, (i, i + 1), found, 0.85, "a date under a label of birth")


def _date(text: str) -> str | None:
    """The first date in a text that can be a birthday: with at least four real digits, its year not after 2099."""
    found = _DATE.search(text[: _REACH + 30])
    if not found or found.start() > _REACH or sum(c.isdigit() for c in found[0]) < 3:
        return None
    if re.search(r"[^\W\d_]{3}", found[0]):
        return found[0].strip()
    return as_digits(found[0])[0].strip()
