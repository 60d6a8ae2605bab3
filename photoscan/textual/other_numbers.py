"""Numbers in a line that count something else than houses: times, prices, weights, dates, exits, tracks and receipts.

A line about an address may hold them as well, so that only they are taken out of it, and nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from photoscan.textual.address_rules import context, vocabulary
from photoscan.textual.words import fold

_TIME = r"(?<![\d:./-])\d{1,2}:[0-5]\d(?:[:.]\d{1,3}){0,2}(?!\d)|(?<![\d:.,/-])0\d\.[0-5]\d(?![\d.,]\d|\d)"
"""A time of day, how long a song is, a lap: '08:12', '3:59.15', '06.20'."""
_AMOUNT = r"(?<![\d.,:/-])\d{1,3}(?:[.,]\d{3})*[.,]\d{2}(?![\d.,/-]?\d)"
"""An amount with two decimals: '89.90', '1.234,00'; behind a label they are two houses, 'No. 12,14'."""
_MEASURE = (
    r"(?<![\w/])(?:\d{1,2}\s)?\d{1,5}(?:[.,/]\d{1,3})?\s?"
    r"(?:kg(?!\.|\s?[A-Z])|mg|cl|mi|(?i:ml|oz|lbs?|cm|mm|km|miles?|kcal|km/h|kwh?|mph)|[GM]B)(?!\w)"
    r"|(?<![\w/])\d{1,4}(?:\d\d|[05])(?:g|gr)(?!\w)|(?<![\w/])\d{1,4}[.,]\d{1,2}\s?[glLmVW](?!\w)"
)
"""A weight, a volume, a length: '125g', '500 ml', '1/2 MILE'. A house may be 12g, so that grams are round numbers;
'Kg' is a village as well, 'MI' a state."""
_DATE = (
    r"(?<![\w./-])(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:0?[1-9]|[12]\d|3[01])/0[1-9]"
    r"|0[1-9]/(?:[12]\d|3[01]))(?![\w/-])"
)
"""A day with its month, one of them with a nought before it."""
_RELEASED = r"\((?:19|20)\d\d\)"
_LIST = r"^\s*\d{1,2}[.)]\s+(?=.*\d{1,2}:\d\d\s*$)"
"""The place of a song in a list, with how long it is at the end of the line."""
_AFTER_LABEL = re.compile(r"[^\W_]+(?=\W*$)")


@cache
def _others() -> re.Pattern[str]:
    made = rf"(?i:(?<!\w)(?:{_one_of(context().origins)}):?\s[^\s,;|.]+(?:\s[^\s,;|.\d]+){{0,2}})"
    size = rf"(?i:(?<!\w)(?:{_one_of(context().sizes)})[.:]?\s?\d{{1,3}}(?:[.,]5)?(?!\w))"
    european = r"(?<!\w)\d\d(?:[.,]5)?\s?EU(?!\w)"
    return re.compile("|".join((_LIST, _TIME, _AMOUNT, _MEASURE, _DATE, _RELEASED, made, size, european)))


def _one_of(phrases: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=lambda p: (-len(p), p))))


@cache
def _things() -> re.Pattern[str]:
    """A thing that is numbered, at the start of a line or behind a comma, a perhaps labelled number behind it."""
    streets = ("before", "before_weak", "number")
    things = (word for word in context().numbered if not any(vocabulary(role).exact(word) for role in streets))
    label = r"(?:(?:no|nr|num|nomor|nombor|n[o°])(?![a-z])[\s.:]{0,3}|n\.\s?|#\s?)?"
    return re.compile(
        rf"(?i)(?:^|[,;|/(]\s*)\W{{0,2}}(?:{_one_of(things)})(?![^\W\d_])[\s.:-]{{0,3}}{label}\d[\w./-]*(?!\w)"
    )


def without(line: str) -> str:
    """The line with each number of something else blanked, as long as before; the very same where it has none."""
    if not any(c.isdigit() for c in line) and not _others().search(line):
        return line
    blanked = _others().sub(lambda m: m[0] if _is_of_house(line, m) else _blank(m[0]), line)
    plain = fold(blanked)
    if len(plain) != len(blanked):
        return blanked
    for found in _things().finditer(plain):
        blanked = blanked[: found.start()] + _blank(found[0]) + blanked[found.end() :]
    return blanked


def _blank(text: str) -> str:
    return "|" + " " * (len(text) - 1)


def _is_of_house(line: str, found: re.Match[str]) -> bool:
    """Whether the word before a number with a dot, a comma or a stroke labels a house, a plot or a street."""
    word = _AFTER_LABEL.search(line[: found.start()])
    if not word or ":" in found[0] or not found[0][0].isdigit():
        return False
    folded = fold(word[0])
    return folded in ("rt", "rw", "nos") or any(vocabulary(r).exact(folded) for r in ("number", "before", "area"))


def is_release(line: str) -> bool:
    """Whether a year in brackets stands in a line, as behind the titles of films and songs."""
    return "(" in line and re.search(_RELEASED, line) is not None


def is_field(line: str) -> bool:
    """Whether a line is the empty field of a form: 'Address line 1 *'."""
    return line.rstrip()[-1:] in ("*", ")", ":") and _field().match(line) is not None


@cache
def _field() -> re.Pattern[str]:
    return re.compile(r"(?i)^\D*\d?\s*(?:\*|\((?:optional|required|opsional|opcional|optionnel)\))[\s*:]*$")


def unlisted(texts: Sequence[str]) -> list[str]:
    """The lines, with the ordinals of a list blanked: '2. Penny Lane' below '1. Blue Jay Way'."""
    ordinals = [re.match(r"\s*(\d{1,2})[.)]\s+(?=\S)", text) for text in texts]
    numbers = [int(found[1]) if found else None for found in ordinals]
    shown = list(texts)
    for i, found in enumerate(ordinals):
        around = {n for n in numbers[max(0, i - 2) : i + 3] if n is not None}
        if found and around & {int(found[1]) - 1, int(found[1]) + 1}:
            shown[i] = _blank(found[0]) + texts[i][found.end() :]
    return shown
