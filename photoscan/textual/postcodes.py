"""The postcode in a line of an address: by its form, or a bare number beside a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from photoscan.textual.address_rules import context, languages, vocabulary
from photoscan.textual.lookalikes import as_digits
from photoscan.textual.places import place
from photoscan.textual.street_names import phrases
from photoscan.textual.streets import Street
from photoscan.textual.words import Word, segments

_YEAR = re.compile(r"^(?:19|20)\d\d$")
_CODE = re.compile(r"^\d{3,6}$")
_CODED_BEHIND = frozenset(("LS", "BH", "OM", "MG", "PG"))
"""Countries whose postcodes may have three digits and stand behind the town: Lesotho, Bahrain, Oman and others."""

_MIXED = frozenset(("GB", "CA", "IE"))
"""Countries whose postcodes mix letters and digits so that they are known in small letters; elsewhere the letters are
words then: 'in 46201'."""


def _is_code(word: Word) -> str | None:
    """The digits of a bare postcode, one look-alike in three forgiven."""
    raw = word.raw
    if _CODE.match(raw):
        return raw
    digits, repaired = as_digits(raw)
    if 4 <= len(raw) <= 6 and digits.isdigit() and repaired <= len(raw) // 3 and sum(c.isdigit() for c in raw) >= 3:
        return digits
    return None


def find(line: str, parts: Sequence[Word], street: Street | None) -> tuple[str | None, bool, tuple[str, ...]]:
    """The postcode, whether its form is unmistakable, and the countries that its form speaks for."""
    if any(w.folded in context().not_postcode for w in parts if not _is_state(w)) and not street:
        strong = [f for r in languages() for f in r.postcodes if f.strong and "CEP" in f.pattern.pattern]
        found = next(((m[0], f) for f in strong if (m := f.pattern.search(line))), None)
        return (found[0], True, found[1].countries) if found else (None, False, ())
    small = line.islower() and any(c.isdigit() for c in line)
    for rules in languages():
        for form in rules.postcodes:
            if form.strong and (match := form.pattern.search(line)):
                return match[0].strip(), True, form.countries
            if small and form.strong and form.countries[0] in _MIXED and (match := form.pattern.search(line.upper())):
                return match[0].strip(), True, form.countries
    pieces = segments(parts)
    for at, segment in enumerate(pieces):
        at_first = parts.index(segment[0])
        if street and at_first <= street.last < at_first + len(segment) - 2:
            segment = segment[street.last - at_first + 1 :]  # 'Jalan Ampang 50450 Kuala Lumpur'
        code, rest = _code_and_name(segment)
        if len(rest) > 1 and re.fullmatch(r"\d{1,2}", rest[-1].raw):
            rest = rest[:-1]  # 'Praha 10': the number of a district
        if code and street and at_first <= street.last and street.number == code:
            continue
        beside = at + 1 < len(pieces) or at > 0
        if code and (rest or (beside and len(code) >= 5) or (len(parts) == 1 and len(code) >= 4)):
            if _YEAR.match(code) and not (segment[0].raw == code and town_of(rest)):
                continue
            if len(rest) > 5 or any(w.folded in context().not_postcode for w in rest):
                continue
            named = all(
                w.is_name or w.folded in context().particles or vocabulary("area").exact(w.folded) for w in rest
            )
            if not named and not (line.islower() and town_of(rest)):
                continue
            if len(code) < 4 and not (rest and (town_of(rest) if segment[0].has_digit else _coded_behind(rest))):
                continue  # 'Melaka 198' is how far it is
            return code, False, ()
    return None, False, ()


def _is_state(word: Word) -> bool:
    return word.raw.isupper() and len(word.raw) == 2


def _code_and_name(segment: Sequence[Word]) -> tuple[str | None, list[Word]]:
    """A bare postcode at either end of a segment ('50480 Klang', '411 34 Lund', 'Moca 110075'), and the other words."""
    two = [w.raw for w in segment[:2]]
    if len(segment) > 2 and all(re.fullmatch(r"\d{2,3}", raw) for raw in two):
        return " ".join(two), list(segment[2:])
    two = [w.raw for w in segment[-2:]]
    if len(segment) > 2 and re.fullmatch(r"\d{3}", two[0]) and re.fullmatch(r"\d{2,3}", two[1]):
        return " ".join(two), list(segment[:-2])
    if segment and (code := _is_code(segment[0])):
        return code, list(segment[1:])
    if len(segment) > 1 and (code := _is_code(segment[-1])):
        return code, list(segment[:-1])
    if len(segment) > 2 and _is_state(segment[-1]) and (code := _is_code(segment[-2])):
        return code, list(segment[:-2])
    return None, []


def town_of(rest: Sequence[Word]) -> bool:
    """Whether the name of a place stands among some words."""
    return bool(rest) and any(place(phrase) is not None for i in range(len(rest)) for _, phrase in phrases(rest, i))


def _coded_behind(rest: Sequence[Word]) -> bool:
    """Whether a town lies where codes of three digits stand behind towns; elsewhere it is a distance."""
    known = place(" ".join(w.folded for w in rest))
    return known is not None and bool(_CODED_BEHIND & set(known.countries))
