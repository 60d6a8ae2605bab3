"""The small rows of a plate: the country or the state that stands there in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from photoscan.plate_formats.forms import countries

SHORTEST = 4
"""Letters from which a word names an issuer: shorter ones stand on any bumper."""


class Issuer(NamedTuple):
    """Who issued a plate, as its small rows say: a country, and a state where one is named."""

    country: str
    state: str | None


def issuer(texts: Iterable[str]) -> Issuer | None:
    """The issuer that any of these texts names, or None."""
    read = [_letters(text) for text in texts]
    for country in countries():
        for word in country.states:
            if any(_holds(text, word) for text in read):
                return Issuer(country.name, word.title())
    for country in countries():
        if any(_holds(text, word) for word in country.words for text in read):
            return Issuer(country.name, None)
    return None


def _holds(text: str, word: str) -> bool:
    return len(word) >= SHORTEST and word in text


def _letters(text: str) -> str:
    return re.sub(r"[^A-Z]", "", unicodedata.normalize("NFKD", text).upper())
