"""Names as airlines print them: family name, stroke, given names, title ('HOLLOWAY/MARGARET MS').

The form is that of passenger names in bar-coded boarding passes (IATA Resolution 792). Signs join words in the same way
('CASH/CHEQUE'), so that a title or other words of a flight have to stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from photoscan.textual import names, places
from photoscan.textual.words import fold, words

_FORM = re.compile(
    r"(?:^|[:;|]|\s{2})\W{0,12}((?P<family>[A-ZÀ-Þ][A-ZÀ-Þ' -]{0,26}[A-ZÀ-Þ])\s?/\s?"
    r"(?P<given>[A-ZÀ-Þ][A-ZÀ-Þ' -]{0,26}?[A-ZÀ-Þ]))"
    r"(?P<title>\s?(?:MSTR|MRS|MISS|MDM|MR|MS|CHD|INF))?\s*(?=$|\s{2})"
)
_FLIGHT = re.compile(r"(?<![A-Z0-9])(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])\s?\d{2,4}(?![A-Z0-9])")
_ROUTE = re.compile(r"(?<![A-Z])[A-Z]{3}\s?[-–>/ ]{1,3}\s?[A-Z]{3}(?![A-Z])")
_SEAT = re.compile(r"(?<![A-Z0-9])\d{1,2}[A-K](?![A-Z0-9])")
_TICKET = re.compile(r"(?<!\d)\d{3}[- ]?\d{10}(?!\d)")
SIGNS = 2
"""Different signs of a flight that make a traveller of a name without a title."""


def traveller(text: str) -> tuple[str, bool] | None:
    """The name in a line of that form, without its title, and whether it has one."""
    found = _FORM.search(text)
    if found is None or any(_names_nobody(fold(found[part])) for part in ("family", "given")):
        return None
    if all(places.is_known(fold(found[part].strip())) for part in ("family", "given")) and not found["title"]:
        return None
    return found[1], bool(found["title"]) and len(found["given"]) > 1


def is_labelled(text: str) -> bool:
    """Whether a line is or begins with the label of a traveller's name."""
    folded = " ".join(word.folded for word in words(text)) + " "
    return any(folded.startswith(f"{label} ") for label in names.folded("passengers"))


def signs(texts: Iterable[str]) -> int:
    """How many different signs of a flight stand in lines: its number, a route, a seat, a ticket's number, words."""
    found: set[str] = set()
    for text in texts:
        patterns = (("number", _FLIGHT), ("route", _ROUTE), ("seat", _SEAT), ("ticket", _TICKET))
        found.update(name for name, pattern in patterns if pattern.search(text))
        found.update(word for part in words(text) if (word := part.folded) in _flight_words())
    return len(found)


def _names_nobody(part: str) -> bool:
    inner = part.replace("-", " ").split()
    return not inner or any(
        names.is_ordinary(word) or names.is_heading(word) for word in inner if word not in names.PARTICLES
    )


@cache
def _flight_words() -> frozenset[str]:
    return names.folded("flight_words")
