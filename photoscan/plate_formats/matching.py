"""Matching a reading with the forms of plates, look-alike characters set right where only one sort can stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from photoscan.plate_formats.forms import (
    Form,
    Part,
    countries,
    explanations,
    forms,
    not_plate_patterns,
    not_plates,
    ticket_words,
)
from photoscan.textual.lookalikes import as_digits, as_letters

REPAIR_COST = 0.12
"""Weight lost for each look-alike that had to be read as the other sort of character."""
REPAIRABLE = ((0.7, 2), (0.5, 1))
"""Forms from that weight on, and how many characters may be repaired by them. Those with less fit too much: what was
read stands."""
SURE_DOUBT = 0.5
"""How much more doubtful it is to repair what the reader was sure of."""
SAME_GLYPH = {"0": "O", "1": "I", "O": "0", "I": "1"}
SAME_COST = 0.05
"""On most plates these are cast from one mould: to take one for the other is no repair, and costs little."""
GAP_COST = 0.15
"""Weight lost by a form whose letters or digits are torn apart by a gap of the reading: gaps are seen more surely than
characters."""
CATCH_ALL = 0.4
"""Forms below that weight fit nearly everything: that a reading has one says little for how it stands."""
DASH_COST = 0.1
"""Weight lost by a form that is written without dashes and dots where the reading has one."""
DOUBTFUL = 0.3
"""The most that a form weighs whose letters usually stand before other numbers."""
SHORT, SHORT_COST = 4, 0.3
"""A plate of so few characters weighs less by that much: badges of cars (C200, XC90) have the same forms."""
OTHER_SIGNS = str.maketrans({"∠": "4"})
"""Signs that the reader knows from formulas: a 4 whose stroke is lost to the rivet or the mud is read as an angle."""
LONGEST = 14
"""Characters of the longest plate there is, with a country's sign in front."""
TICKET_WORDS = 3
"""So many different words of a ticket make one: a gate and a terminal stand on signs of airports, beside cars."""
SIGN = 3
"""Letters of the longest sign of a country on the strip at a plate's left."""


@dataclass(frozen=True, slots=True)
class PlateMatch:
    """A reading as a plate: the text repaired and without spaces, upper case; how telling its form is, 0..1.

    `countries`: every country whose form it has, the likeliest first; `region`: where the likeliest one's code says it
    is registered, or None. `repairs`: how many characters were read as another sort; `swaps`: as the other character of
    the same glyph.
    """

    text: str = field(repr=False)
    weight: float
    countries: tuple[str, ...]
    region: str | None = None
    repairs: int = 0
    swaps: int = 0
    unbounded: float | None = None
    """The weight before a word bounded it; None where none did."""

    @property
    def form(self) -> float:
        """How telling the form alone is, whatever the word before the number says."""
        return self.weight if self.unbounded is None else self.unbounded


def compacted(text: str) -> str:
    """Letters and digits only, upper case, without accents."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKD", text.translate(OTHER_SIGNS)).upper())


def match(text: str, shaped: bool = False, doubtful: frozenset[int] | None = None) -> PlateMatch | None:
    """The best reading of a text as a plate, with every country whose form it has; None when it has no plate's form.

    At least one digit has to be a real one: with look-alikes alone any word would be a plate. The sign on a blue strip,
    read together with the number, is taken off. `shaped` says that the shape of a plate was seen around the text: then
    even a form that starts as house numbers and prices do may be a plate, though a doubtful one. `doubtful`: the places
    in the compacted text at which the reader itself saw another character as well; None where that isn't known. What it
    was sure of is repaired last.
    """
    text = text.translate(OTHER_SIGNS)
    compact = compacted(text)
    if not 3 <= len(compact) <= LONGEST or not any(c.isdigit() for c in compact):
        return None
    other = is_other(text)
    # Digits alone are a price, a date or a telephone number unless a plate is around them.
    if not shaped and (other or compact.isdigit()):
        return None
    groups = tuple(len(compacted(group)) for group in re.findall(r"[A-Za-z0-9]+", text))
    dashed = re.search(r"[A-Za-z0-9]\s?[-.·•]\s?[A-Za-z0-9]", text) is not None
    reading = _Written(compact, groups, dashed, doubtful)
    found = _match(reading) or _without_sign(reading)
    return replace(found, weight=min(found.weight, DOUBTFUL), unbounded=found.weight) if found and other else found


def is_other(text: str) -> bool:
    """Whether it says that it is something else: by the letters before the number (a house number, a price, a lorry's
    badge) or as a whole (a date, an offer, a measure)."""
    compact = compacted(text)
    letters = re.match(r"[A-Z]*", compact)
    return (letters is not None and letters[0] in not_plates()) or any(
        pattern.fullmatch(compact) for pattern in not_plate_patterns()
    )


def explained(text: str) -> str | None:
    """What a line is instead of a plate, as it is written: a date, a time, a size, a price ...; None for nothing."""
    upper = text.upper()
    return next((what for what, pattern in explanations() if pattern.search(upper)), None)


def is_ticket(lines: Iterable[str]) -> bool:
    """Whether lines are those of a boarding pass or a ticket: several of their words stand on it."""
    words: set[str] = set()
    for line in lines:
        single = {compacted(word) for word in re.split(r"[\s:/|]+", line)} & ticket_words()
        words |= single or {compacted(line)} & ticket_words()
    return len(words) >= TICKET_WORDS


class _Written(NamedTuple):
    """A reading: its letters and digits, how many stand together from gap to gap, whether a gap is a dash."""

    compact: str
    groups: tuple[int, ...]
    dashed: bool
    doubtful: frozenset[int] | None

    def behind(self, count: int) -> _Written:
        """The reading without its first characters."""
        groups, left = [], count
        for length in self.groups:
            rest = max(0, length - left)
            left -= length - rest
            groups += [rest] if rest else []
        doubtful = self.doubtful and frozenset(i - count for i in self.doubtful)
        return _Written(self.compact[count:], tuple(groups), self.dashed, doubtful)


@lru_cache(maxsize=4096)
def _match(reading: _Written) -> PlateMatch | None:
    compact, groups, dashed, _ = reading
    found = []
    for form in forms():
        # Of digits alone no letter can be made: any price would be a plate.
        if compact.isdigit() and any(part.sort == "L" for part in form.parts):
            continue
        if form.shortest <= len(compact) <= form.longest and not (form.dashed and len(groups) < len(form.parts)):
            weight = form.weight - (DASH_COST if dashed and form.undashed else 0.0)
            for fit in _fits(compact, form):
                repairs = len(fit.repaired)
                sure = 0 if reading.doubtful is None else sum(i not in reading.doubtful for i in fit.repaired)
                torn = not form.gapped and _torn(fit.lengths, form.parts, groups)
                cost = REPAIR_COST * repairs + SAME_COST * fit.swaps + (GAP_COST if torn else 0.0)
                doubts = repairs + SURE_DOUBT * sure + torn + 0.5 * fit.swaps + (form.weight < CATCH_ALL)
                found.append((doubts, weight - cost, fit, form))
    if not found:
        return None
    # What was read as it stands comes before anything repaired: most readings are right.
    _, weight, fit, _ = best = max(found, key=lambda row: (-row[0], row[1]))
    alike = sorted((row for row in found if row[2].plate == fit.plate), key=lambda row: (row is not best, -row[1]))
    weight -= SHORT_COST if len(fit.plate) <= SHORT else 0.0
    countries_ = tuple(dict.fromkeys(row[3].country.name for row in alike))
    return PlateMatch(fit.plate, weight, countries_, fit.region, len(fit.repaired), fit.swaps)


def _without_sign(reading: _Written) -> PlateMatch | None:
    """The match of what stands behind a country's sign, where it has a form of that country."""
    for country in countries():
        for sign in country.words:
            if len(sign) > SIGN or not reading.compact.startswith(sign):
                continue
            rest = _match(reading.behind(len(sign)))
            if rest is not None and country.name in rest.countries:
                others = [name for name in rest.countries if name != country.name]
                place = rest.region if rest.countries[0] == country.name else None
                return PlateMatch(rest.text, rest.weight, (country.name, *others), place, rest.repairs, rest.swaps)
    return None


class _Fit(NamedTuple):
    """One way in which a text has a form: the plate, what was repaired in it, the lengths of its parts."""

    plate: str
    repaired: tuple[int, ...]
    """Places of characters read as another sort."""
    swaps: int
    """Characters taken for the other one of the same glyph."""
    lengths: tuple[int, ...]
    region: str | None


def _fits(compact: str, form: Form) -> Iterator[_Fit]:
    """Every way in which the text has the form."""
    for pieces in _splits(compact, form.parts):
        parts = [_as(piece, part) for piece, part in zip(pieces, form.parts, strict=True)]
        plate = "".join(parts)
        changed = [i for i, (c, fixed) in enumerate(zip(compact, plate, strict=True)) if c != fixed]
        repaired = tuple(i for i in changed if SAME_GLYPH.get(compact[i]) != plate[i])
        if len(repaired) > next((most for weight, most in REPAIRABLE if form.weight >= weight), 0):
            continue
        if not all(_is(fixed, part) for fixed, part in zip(parts, form.parts, strict=True)):
            continue
        if any(c in form.without for c in plate) or not _ends(parts, form):
            continue
        place = _region(parts, form)
        known = place is not None or form.region in ("", "series")
        if known and not (form.check and not _check_letter(parts)):
            yield _Fit(plate, repaired, len(changed) - len(repaired), tuple(map(len, pieces)), place)


def _torn(lengths: tuple[int, ...], parts: tuple[Part, ...], groups: tuple[int, ...]) -> bool:
    """Whether a gap between the groups falls inside a part of letters or of digits."""
    gaps = set(accumulate(groups))
    ends = accumulate(lengths)
    return any(
        part.sort in "LD" and not gaps.isdisjoint(range(end - length + 1, end))
        for part, length, end in zip(parts, lengths, ends, strict=True)
    )


def _splits(text: str, parts: tuple[Part, ...]) -> Iterator[tuple[str, ...]]:
    if not parts:
        if not text:
            yield ()
        return
    part, rest = parts[0], parts[1:]
    for length in range(part.low, min(part.high, len(text)) + 1):
        for tail in _splits(text[length:], rest):
            yield (text[:length], *tail)


def _as(piece: str, part: Part) -> str:
    """The piece with look-alikes set right."""
    if part.sort == "L":
        return as_letters(piece)[0]
    return as_digits(piece)[0] if part.sort == "D" else piece


def _is(piece: str, part: Part) -> bool:
    if part.sort == "L":
        return not any(c.isdigit() for c in piece)
    return piece == part.literal if part.sort == "'" else part.sort == "A" or not piece or piece.isdigit()


def _ends(parts: Sequence[str], form: Form) -> bool:
    first = form.prefix is None or form.prefix.fullmatch(parts[0]) is not None
    return first and (form.suffix is None or form.suffix.fullmatch(parts[-1]) is not None)


def _region(parts: list[str], form: Form) -> str | None:
    regions = form.country.regions
    if form.region == "start":
        codes = (parts[0][:length] for length in range(len(parts[0]), 0, -1))
        return next((regions[code] for code in codes if code in regions), None)
    if form.region == "series":
        return next((place for first, last, place in form.country.series if first <= parts[0] <= last), None)
    where = {"first": 0, "second": 1, "last": -1}
    return regions.get(parts[where[form.region]]) if form.region else None


def _check_letter(parts: list[str]) -> bool:
    """Singapore's check letter: the last two letters of the prefix and four digits, weighted, modulo 19."""
    prefix, number, letter = parts
    values = [ord(c) - 64 for c in prefix[-2:].rjust(2, "@")] + [int(d) for d in number.rjust(4, "0")]
    return "AZYXUTSRPMLKJHGEDCB"[sum(v * w for v, w in zip(values, (9, 4, 5, 4, 3, 2), strict=True)) % 19] == letter
