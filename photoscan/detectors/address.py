"""Addresses: street words, numbers, postcodes and places of several languages, scored over neighbouring lines.

The words are data: `rules/address_words/`. Tiers: a full address, a street name without more, a house number by itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual.neighbours import blocks

LANGUAGES = ("malay", "portuguese", "english", "german")
PARTICLES = frozenset(("das", "dos", "del", "der", "den", "von", "the", "and", "van"))
"""Small words inside street names that no language capitalises."""
SENTENCE = frozenset(
    ("to", "our", "my", "your", "his", "her", "their", "is", "are", "was", "this", "that", "every", "any")
)
"""Words that make a sentence of what would be a street."""
_NAME = r"[^\W\d_][\w'’.]*"
_STREET_NUMBER = r"\d{1,5}(?:[-/]?[A-Za-z]|[-/]\d{1,4})?"
_LONE_NUMBER = re.compile(r"^(?:(?:no|lot|unit|n[º°o]|#)\.?\s*)?(\d{1,4}(?:[A-Za-z]|[-/]\d{1,3})?)$", re.IGNORECASE)
_LABELLED = re.compile(r"^(?:no|lot|unit|n[º°o]|#)\.?\s*\d", re.IGNORECASE)
_REACH = 2
"""Lines of a block that may stand between two parts of one address."""


@dataclass(frozen=True, slots=True)
class _Words:
    countries: tuple[str, ...]
    street: re.Pattern[str]
    number: re.Pattern[str]
    area: re.Pattern[str]
    postcode: re.Pattern[str]
    places: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Clues:
    """What one line holds of an address, in one language."""

    street: str | None
    number: str | None
    postcode: str | None
    place: str | None
    area: bool

    @property
    def any(self) -> bool:
        return bool(self.street or self.postcode or self.place or self.area)


class AddressDetector(TextDetector):
    """One finding for each address; attributes: `country_codes` and the parts as `value_street`, `value_postcode`
    ..."""

    name: ClassVar[str] = "address"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_ADDRESS, Kind.TEXT_STREET, Kind.TEXT_HOUSE_NUMBER)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Addresses of the language that explains most, streets, then house numbers that belong to neither."""
        taken: set[int] = set()
        for match in sorted(self._all(lines), key=lambda m: (-m.confidence, -len(m.lines))):
            if not taken & set(match.lines):
                taken |= set(match.lines)
                yield match
        yield from _house_numbers(lines, taken)

    def _all(self, lines: Sequence[TextLine]) -> Iterator[TextMatch]:
        for block in blocks(lines):
            for words in _languages():
                yield from _in_block(lines, block, words)


def _in_block(lines: Sequence[TextLine], block: Sequence[int], words: _Words) -> Iterator[TextMatch]:
    clues = {i: _clues(lines[i].text, words) for i in block}
    group: list[int] = []
    gap = 0
    for i in block:
        if clues[i].any or (group and clues[i].number and not gap):
            group.append(i)
            gap = 0
        elif group:
            gap += 1
            if gap > _REACH:
                yield from _judged(lines, group, clues, words)
                group, gap = [], 0
    yield from _judged(lines, group, clues, words)


def _judged(
    lines: Sequence[TextLine], group: Sequence[int], clues: dict[int, _Clues], words: _Words
) -> Iterator[TextMatch]:
    parts: dict[str, str] = {}
    for i in group:
        for name in ("street", "number", "postcode", "place"):
            if (part := getattr(clues[i], name)) and name not in parts:
                parts[name] = part
    if not parts:
        return
    areas = sum(clues[i].area for i in group)
    support = sum(name in parts for name in ("number", "postcode", "place")) + 0.5 * min(2, areas)
    attributes: dict[str, Any] = {"country_codes": list(words.countries)}
    attributes |= {f"value_{name}": part for name, part in parts.items()}
    text = ", ".join(lines[i].text.strip(" ,") for i in group)
    if "street" in parts:
        if support >= 1:
            confidence = min(0.97, 0.6 + 0.13 * support)
            yield TextMatch(Kind.TEXT_ADDRESS, tuple(group), text, confidence, _why(parts, areas), attributes)
        else:
            i = next(i for i in group if clues[i].street)
            yield TextMatch(Kind.TEXT_STREET, (i,), lines[i].text, 0.6, "a street word with a name", attributes)
    elif "postcode" in parts and "place" in parts and support >= 2:
        confidence = 0.55 + 0.1 * min(3, areas)
        yield TextMatch(Kind.TEXT_ADDRESS, tuple(group), text, confidence, _why(parts, areas), attributes)


def _why(parts: dict[str, str], areas: int) -> str:
    return " + ".join(sorted(parts)) + (" + area words" if areas else "")


def _clues(text: str, words: _Words) -> _Clues:
    street = next((s for s in words.street.finditer(text) if _named(s[0])), None)
    number = words.number.search(text)
    postcode = words.postcode.search(text)
    place = words.places.search(text)
    return _Clues(
        street[0].strip() if street else None,
        number[0].strip() if number else None,
        postcode[0] if postcode else None,
        place[0] if place else None,
        bool(words.area.search(text)),
    )


def _named(street: str) -> bool:
    """Whether a street's name looks like one: in mixed case most of its longer words are capitalised.

    'Gang of four' and 'come to our place' are none.
    """
    if SENTENCE & set(street.lower().split()):
        return False
    if street in (street.lower(), street.upper()):
        return True
    words = [word for word in re.findall(r"[^\W\d_]{3,}", street)[:4] if word.lower() not in PARTICLES]
    capitals = sum(word[0].isupper() for word in words)
    numbered = re.search(r"\d", street) is not None
    return 2 * capitals > len(words) or (numbered and 2 * capitals == len(words) > 0)


def _house_numbers(lines: Sequence[TextLine], taken: set[int]) -> Iterator[TextMatch]:
    """Short numbers on a line of their own: likely with a label or beside a street, else possible."""
    for i, line in enumerate(lines):
        text = line.text.strip()
        if i in taken or not _LONE_NUMBER.match(text):
            continue
        labelled = bool(_LABELLED.match(text))
        alone = len(lines) <= 3
        confidence = 0.75 if labelled else 0.45 if alone and len(text) <= 4 else 0.2
        yield TextMatch(
            Kind.TEXT_HOUSE_NUMBER,
            (i,),
            text,
            confidence,
            "a labelled number" if labelled else "a number by itself",
        )


@cache
def _languages() -> tuple[_Words, ...]:
    folder = resources.files("photoscan").joinpath("rules/address_words")
    return tuple(_compiled(tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8"))) for name in LANGUAGES)


def _compiled(rules: dict[str, Any]) -> _Words:
    before, after = _any(rules.get("before", [])), _any(rules.get("after", []))
    street = []
    if before:
        # A name has to follow, with or without a space after the abbreviation's dot; 'jalan-jalan' has none.
        street.append(
            rf"(?<![\w-])(?:{before})(?:\.\s*|\s+)(?!{before}\b)(?:{_NAME}|\d+[/-]?\w*)"
            rf"(?:[ ]+{_NAME}|[ ]+\d+(?:/\d+\w*)?)*"
        )
    if after:
        street.append(rf"(?:{_NAME}[ ]+){{1,3}}(?:{after})(?![\w'])\.?(?![ ]+(?:{_NAME}))")
        street.append(rf"\b{_STREET_NUMBER}[ ,]+(?:{_NAME}[ ]+){{1,3}}(?:{after})(?![\w'])")
    if glued := _any(rules.get("glued", [])):
        street.append(rf"(?<![\w-])(?=[A-ZÄÖÜ]|[^a-z]*$)[^\W\d_][\w-]{{2,}}(?:{glued})(?![\w])(?=[ ,]+\d|\s*$)")
    labels = _any(rules["number"])
    number = rf"(?<!\w)(?:{labels})\.?\s*{_STREET_NUMBER}(?!\w)"
    number += rf"|^\s*{_STREET_NUMBER}(?=[ ,]+[^\W\d])|,\s*{_STREET_NUMBER}(?=\s*(?:,|-|$))"
    area = rf"(?<!\w)(?:{_any(rules['area'])})(?!\w)"
    places = rf"(?<!\w)(?:{_any(rules['places'])})(?!\w)"
    flags = re.IGNORECASE
    return _Words(
        tuple(rules["countries"]),
        re.compile("|".join(street), flags),
        re.compile(number, flags),
        re.compile(area, flags),
        re.compile(rules["postcode"]),
        re.compile(places, flags),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
