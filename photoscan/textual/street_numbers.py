"""House numbers beside a street: before or behind it, with or without a comma or a label between."""

from __future__ import annotations

import re
from collections.abc import Sequence

from photoscan.textual.address_rules import context, vocabulary
from photoscan.textual.lookalikes import as_digits
from photoscan.textual.places import place
from photoscan.textual.street_names import phrases
from photoscan.textual.words import Word

_NUMBER = re.compile(r"^\d{1,5}[A-Za-z½]{0,2}(?:[-/&+]\d{0,5}[A-Za-z]{0,2}){0,4}$|^[A-Za-z]?\d{1,4}[A-Za-z]?$")
YEAR = re.compile(r"^(?:19|20)\d\d$")


def is_number(word: Word) -> bool:
    """Whether a word can be a house number: 12, 27a, 16/18, A3, 1O (a reader's slip for 10)."""
    if _NUMBER.match(word.raw):
        return True
    return len(word.raw) <= 5 and word.raw[:1].isdigit() and as_digits(word.raw)[0].isdigit()


def is_label(word: Word) -> bool:
    """Whether a word labels the number of a house or flat."""
    return bool(vocabulary("number").exact(word.folded)) and len(word.folded) > 1


def number_beside(words: Sequence[Word], first: int, end: int) -> str | None:
    """The house number before or behind a street, with or without a comma or a label between."""
    if end < len(words) and words[end].folded in context().unnumbered:
        return words[end].raw
    marked = end < len(words) and labelled(words, end)
    after = end + marked
    if (
        after < len(words)
        and (marked or not words[after].apart)
        and is_house(words[after])
        and (marked or not is_postcode(words, after))
    ):
        counted = after + 1 < len(words) and words[after + 1].folded in context().units
        return None if counted else words[after].raw
    for back in (1, 2):
        at = first - back
        if words[at + 1].apart:
            return None
        if at >= 0 and is_house(words[at]):
            if at and words[at - 1].folded in context().numbered:
                return None  # 'Bus 147 Hougang Ave'
            if back == 2 and not _is_tail(words[first - 1]):
                return None
            return words[at].raw
    return None


def is_postcode(words: Sequence[Word], at: int) -> bool:
    """Whether a number behind a street begins its town: 'Jalan Ampang, 50450 Kuala Lumpur'."""
    town = words[at + 1 :]
    if len(words[at].raw) < 4 or not words[at].raw.isdigit() or not town or town[0].broken_before or town[0].has_digit:
        return False
    return words[at].broken_before or (
        len(words[at].raw) > 4 and any(place(phrase) is not None for _, phrase in phrases(town, 0))
    )


def is_house(word: Word) -> bool:
    """Whether a word can be a house number and is no year."""
    return is_number(word) and not YEAR.match(word.raw)


def labelled(words: Sequence[Word], at: int) -> bool:
    """Whether the word at an index labels the number behind it: 'No', '#'."""
    return bool(vocabulary("number").exact(words[at].folded)) or words[at].raw == "#"


def _is_tail(word: Word) -> bool:
    return word.folded in ("bis", "ter", "a", "b", "c", "w", "e", "n", "s", "west", "east", "north", "south")
