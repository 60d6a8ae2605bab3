"""Numbers of payment cards by scheme and check digit: in a line, or in groups that stand under each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from photoscan.textline import TextLine
from photoscan.textual.checks import luhn
from photoscan.textual.lookalikes import DIGIT_LIKE as _D
from photoscan.textual.lookalikes import repairs
from photoscan.textual.neighbours import follows

_BRANDS = (
    ("Elo", re.compile(r"(?:4011(?:78|79)|438935|45763[12]|504175|5067\d\d|5090\d\d|627780|636297|6363\d\d)\d{10}$")),
    ("Visa", re.compile(r"4\d{15}$")),
    ("Mastercard", re.compile(r"(?:5[1-5]\d{2}|2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720))\d{12}$")),
    ("American Express", re.compile(r"3[47]\d{13}$")),
    ("Discover", re.compile(r"6(?:011|4[4-9]\d|5\d\d)\d{12}$")),
    ("UnionPay", re.compile(r"62\d{14}$")),
    ("JCB", re.compile(r"35(?:2[89]|[3-8]\d)\d{12}$")),
    ("Maestro", re.compile(r"(?:50|5[6-9]|6[0-9])\d{14}$")),
    ("Diners Club", re.compile(r"3(?:0[0-5]|[68]\d)\d{11,13}$")),
)
"""Issuer ranges as the schemes publish them (ISO/IEC 7812), narrow ones that lie in wider ones first."""
_GAP = r"(?: {1,3}|[-./·•] ?)"
_GROUPED = re.compile(
    rf"(?<![\w-])(?:{_D}{{4}}({_GAP}){_D}{{4}}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}|3[47]{_D}{{2}}{_GAP}{_D}{{6}}{_GAP}{_D}{{5}}|"
    rf"3[0689]{_D}{{2}}{_GAP}{_D}{{6}}{_GAP}{_D}{{4}})(?![\w-])"
)
_RUN = re.compile(rf"(?<![\w.,-])(?:{_D}{{15,16}}|{_D}{{8}} {_D}{{8}}|{_D}(?: {_D}){{14,15}})(?![\w-])")
_GROUP = re.compile(rf"\W{{0,3}}((?:{_D}{{4}}(?:{_GAP}|$)){{1,3}}|{_D}{{8}}|{_D}{{4,6}}|{_D})\W{{0,3}}$")
"""A line that may be a part of a number: one digit, one to three groups of four, or a group of five or six."""
_SIZES = frozenset(
    ((4, 4, 4, 4), (8, 8), (4, 12), (12, 4), (4, 4, 8), (8, 4, 4), (4, 6, 5), (4, 6, 4), (4, 11), (10, 5))
)
_MOST = 4
"""The share of a number's places, one in so many, that may be look-alikes."""


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A number with its scheme. `grouped`: it is written as on a card; `start` and `end` lie in its line.

    `lines`: the lines that hold its groups, where they stand under each other; `alone`: no other number stands above or
    below them.
    """

    number: str = field(repr=False)
    brand: str
    grouped: bool
    start: int = 0
    end: int = 0
    lines: tuple[int, ...] = ()
    alone: bool = True


def find(text: str) -> Iterator[CardNumber]:
    """Every card number in a line, look-alikes repaired."""
    end = -1
    for pattern, grouped in ((_GROUPED, True), (_RUN, False)):
        for match in pattern.finditer(text):
            if match.start() >= end and (card := _card("".join(c for c in match[0] if c.isalnum() or c in "|!"))):
                end = match.end()
                yield CardNumber(*card, grouped, match.start(), match.end())


def under_each_other(lines: Sequence[TextLine]) -> Iterator[CardNumber]:
    """Every card number whose groups are the whole of consecutive lines, as on cards that stand upright."""
    groups = [_group(line.text) for line in lines]
    i = 0
    while i < len(lines):
        run = i
        while run < len(lines) and groups[run] and (run == i or follows(lines[run - 1], lines[run])):
            run += 1
        found = (
            next((card for at in range(i, run) if (card := _in_run(groups, at, run, i))), None) if run - i > 1 else None
        )
        if found:
            yield found
        i = max(run, i + 1)


def _in_run(groups: Sequence[str], at: int, end: int, begin: int) -> CardNumber | None:
    for stop in range(at + 2, min(end, at + 16) + 1):
        sizes = tuple(map(len, groups[at:stop]))
        if (sizes in _SIZES or (len(sizes) in (15, 16) and set(sizes) == {1})) and (
            card := _card("".join(groups[at:stop]))
        ):
            return CardNumber(*card, True, lines=tuple(range(at, stop)), alone=at == begin and stop == end)
    return None


def _group(text: str) -> str:
    match = _GROUP.match(text)
    if not match or sum(c.isdigit() for c in text) * 2 < len(text.strip()):
        return ""
    return "".join(c for c in match[1] if c.isalnum() or c in "|!")


def _card(written: str) -> tuple[str, str] | None:
    """The number and its scheme, if it can be one."""
    for number, _ in repairs(written, "9" * len(written), _MOST):
        if (brand := _brand(number)) and luhn(number):
            return number, brand
    return None


def _brand(number: str) -> str | None:
    return next((name for name, pattern in _BRANDS if pattern.match(number)), None)
