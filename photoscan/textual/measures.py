"""Values of laboratories and orders of medicine: 'HbA1c 8.9 %', 'Tab. Metformin 500mg bd'.

Words are data: `rules/medical.toml`. Food labels name the same substances in grams, and posters name limits: neither
is anybody's value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from photoscan import shipped

_NUMBER = r"(?P<number>\d{1,4}(?:[.,]\d{1,3})?)(?!\s?[-–]\s?\d|[\d/])"
_LIMIT = re.compile(
    r"(?i)(?:[<>≤≥]|\b(?:below|under|above|over|than|bawah|atas|kurang|lebih|dari|daripada|até|abaixo|acima|max|min))\s*$"
)
_RANGE = re.compile(r"(?<![\d/-])\d{1,4}(?:[.,]\d{1,3})?\s?[-–]\s?\d{1,4}(?:[.,]\d{1,3})?(?![\d/-])|[<>]\s?\d")
_SIGN = re.compile(r"(?:^|\s)(?:Rx|RX|R/|℞)(?=[\s:.]|$)(?!\s*(?i:only))")
_FORM = r"(?:tab|tabs|cap|caps|syr|syrup|susp|inj|tablet|tablets|kaps|kapsul|sirup|comp|comprimidos?|cápsulas?)"
_ORDER = re.compile(
    rf"(?i)\b{_FORM}\b\.?\s+[a-z][\w-]{{3,24}}\s+\d{{1,4}}(?:[.,]\d{{1,2}})?\s?(?:mg|mcg|g|ml|iu)\b"
    rf"|\b[a-z][\w-]{{4,24}}\s+\d{{1,4}}(?:[.,]\d{{1,2}})?\s?(?:mg|mcg)\s+{_FORM}\b"
)
_OFTEN = re.compile(
    r"(?i)(?<![\w-])(?:bd|b\.?i\.?d|tds|t\.?i\.?d|qid|q\.i\.d|prn|nocte|[0-3]-[0-3]-[0-3]|\d\s?dd\s?\d"
    r"|[1-4]\s?[x×]\s?(?:1|2|sehari|hari|daily|a day|ao dia)|every \d{1,2} hours|q\d{1,2}h"
    r"|(?:de|a cada) \d{1,2} ?(?:/ ?\d{1,2} ?)?h(?:oras)?|(?:se)?tiap \d{1,2} jam)(?![\w-])"
)


class Measure(NamedTuple):
    """One value of a substance in somebody's blood or the like; `ranged`: what is usual stands behind it."""

    substance: str
    start: int
    end: int
    ranged: bool


def measures(text: str) -> Iterator[Measure]:
    """The values in a text, in order."""
    for found in _value().finditer(text):
        before = re.split(r"\d", found[0].replace(found["word"] or found["in_percent"], "", 1), maxsplit=1)[0]
        if not _LIMIT.search(before):
            ranged = bool(_RANGE.search(text[found.end() : found.end() + 24]))
            yield Measure((found["word"] or found["in_percent"]).lower(), found.start(), found.end(), ranged)


def prescribes(text: str) -> bool:
    """Whether a text orders a medicine: below the sign of prescriptions, or with how often it is to be taken."""
    order = _ORDER.search(text)
    return bool(order) and bool(_SIGN.search(text) or _OFTEN.search(text[order.end() :] if order else ""))


@cache
def _value() -> re.Pattern[str]:
    """A substance, at most a few characters, a number, and a unit in which blood is measured."""
    rows: dict[str, Any] = shipped.rules("rules/medical.toml")

    def one_of(key: str) -> str:
        return "|".join(sorted(map(re.escape, rows[key]), key=len, reverse=True))

    gap = r"[^\w\d]{0,6}(?:\([^()]{1,16}\)\W{0,4})?(?:[a-z]{1,10}\W{1,4})?"
    return re.compile(
        rf"(?i)(?<!\w)(?:(?P<word>{one_of('substances')})(?!\w){gap}{_NUMBER}\s?[*HL]?\s?(?:{one_of('units')})(?!\w)"
        rf"|(?P<in_percent>{one_of('in_percent')})(?!\w){gap}\d{{1,2}}(?:[.,]\d)?(?!\s?[-–]\s?\d|\d)\s?[*HL]?\s?%)"
    )
