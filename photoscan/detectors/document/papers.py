"""What papers hold beside their titles and words: amounts, dates, numbers, values of a laboratory.

Which of them a paper needs is data: `rules/documents.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from photoscan.textual import measures

_MONTH = (
    r"(?:jan|feb|fev|mar|mac|apr|abr|may|mei|mai|jun|jul|aug|ago|ogos|agu|sep|set|oct|okt|out|nov|dec|dis|des|dez)"
    r"[a-zç]*"
)
_PATTERNS: dict[str, re.Pattern[str]] = {
    "amount": re.compile(
        r"(?i)(?<![\w.,])(?:(?:rm|rp\.?|r\$|us\$|s\$|\$|€|£|myr|idr|brl|eur|usd)\s?\d{1,3}(?:[.,]?\d{3}){0,4}(?:[.,]\d{2})?"
        r"|\d{1,3}(?:[.,]?\d{3}){0,4}[.,]\d{2}(?:\s?€)?|\d{1,3}(?:\.\d{3}){1,4})(?![\d%])"
    ),
    "date": re.compile(
        r"(?i)(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}"
        rf"|\d{{1,2}}\.?\s?(?:de\s)?{_MONTH}\.?\s?(?:de\s)?(?:19|20)\d{{2}}|\d{{2}}/20\d{{2}})(?!\d)"
    ),
    "time": re.compile(r"(?i)(?<![\d:.,])[0-2]?\d[:.h][0-5]\d(?:\s?[ap]m)?(?![\d:,])"),
    "number": re.compile(
        r"(?<![\w.,])[A-Z]{0,4}-?\d[\dA-Z -]{3,20}(?<=\d)"
        r"|(?<![A-Z\d])(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{6}(?![A-Z\d])"
    ),
    "case": re.compile(
        r"(?<!\w)(?:[A-Z]{1,4}[-/.])?\d{1,7}(?:[-/.][A-Za-z\d().]{1,9}){0,6}/(?:19|20)\d{2}"
        r"|(?<!\d)\d{7}-\d{2}\.\d{4}\.\d\.\d{2}\.\d{4}"
    ),
    "plate": re.compile(
        r"(?<![A-Z\d])[A-Z]{1,3}\s?\d{1,4}\s?[A-Z]{0,3}(?![A-Z\d])|(?<![A-Z\d])[A-Z]{3}-?\d[A-Z\d]\d{2}(?![A-Z\d])"
    ),
    "chassis": re.compile(r"(?<![A-Z\d])(?=[A-Z]*\d)(?=\d*[A-Z])[A-HJ-NPR-Z\d]{17}(?![A-Z\d])"),
    "seat": re.compile(
        r"(?<![A-Z\d])\d{1,2}[A-K](?![A-Z\d])"
        r"|(?i:\b(?:seat|row|kursi|kerusi|assento|poltrona|fila|platz|asiento)\W{0,3}[A-Z]?\d{1,3}\b)"
    ),
    "stamp": re.compile(r"(?i)(?:^|\s)[0-2]?\d[:.][0-5]\d(?:\s?[ap]\.?m\.?)?\W{0,4}$"),
    "header": re.compile(
        r"(?i)^\W*(?:from|to|subject|sent|date|cc|dari|kepada|subjek|perihal|de|para|assunto|enviada em|von|an|betreff"
        r"|objet|à|asunto)\s?:\s?[^\W\d]"
    ),
}
"""Dates are written with months of six languages; case numbers as courts of the three countries have them (CNJ's in
Brazil); a chassis number is that of ISO 3779."""
_TESTS: dict[str, Callable[[str], bool]] = {
    "measure": lambda text: any(measures.measures(text)),
    "order": measures.prescribes,
}
_LONGEST = 400
"""Characters of a line that are looked at."""


def sorts(text: str, wanted: Collection[str]) -> Iterator[str]:
    """The sorts of values in a line, of those that are wanted."""
    text = text[:_LONGEST]
    for sort in wanted:
        pattern = _PATTERNS.get(sort)
        if pattern.search(text) if pattern else _TESTS[sort](text):
            yield sort


def has_all(needs: Collection[str], counts: Mapping[str, int]) -> bool:
    """Whether enough of everything that is needed is there: 'amount:2|measure' two amounts or a measure, 'a+b' both."""
    return all(any(_has(way, counts) for way in need.split("|")) for need in needs)


def _has(way: str, counts: Mapping[str, int]) -> bool:
    for part in way.split("+"):
        sort, _, least = part.partition(":")
        if counts.get(sort, 0) < int(least or 1):
            return False
    return True
