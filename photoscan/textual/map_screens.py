"""Screens of maps and of runs, told by their words: a pin, a home, a route that begins at somebody's door."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from photoscan import shipped

POSSIBLE = 0.4
"""Calibrated confidence: the words are those of many other screens too."""
_DISTANCE = re.compile(r"(?i)(?<![\d.,])\d{1,3}(?:[.,]\d{1,2})? ?(?:km|mi|miles)\b")
_PACE = re.compile(r"(?i)\d{1,2}[:'’]\d{2}[\"”]? ?/ ?(?:km|mi)\b")
_LONGEST = 40
"""Characters of a line that can be a label on a screen."""


class Screen(NamedTuple):
    """A screen: the indices of the lines that show it, how sure that is, and why."""

    lines: tuple[int, ...]
    confidence: float
    reason: str


def find(texts: Sequence[str]) -> Iterator[Screen]:
    """A map with a pin or a home, and a run, if the lines are of such screens."""
    words = _words()
    plain = [_plain(text) if len(text) <= _LONGEST else "" for text in texts]
    beside = {line for line in plain if line in words["maps"]}
    pins = [i for i, line in enumerate(plain) if line in words["pins"]]
    homes = [i for i, line in enumerate(plain) if line in words["homes"]]
    moved = [i for i, text in enumerate(texts) if _DISTANCE.search(text)]
    if pins or (homes and len(beside) >= 2 and moved):
        yield Screen(tuple(sorted({*pins, *homes})), POSSIBLE, "the words of a map that shows a place of one's own")
    runs = [i for i, line in enumerate(plain) if line in words["runs"]]
    paces = [i for i, text in enumerate(texts) if _PACE.search(text)]
    if moved and len({plain[i] for i in runs} | ({"pace"} if paces else set())) >= 3:
        shown = tuple(sorted({*runs, *paces, *moved}))
        yield Screen(shown, POSSIBLE, "the words of a run or a ride, whose route begins at a door")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s-]", " ", text.casefold()).split())


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(rows) for name, rows in shipped.rules("rules/map_screens.toml").items()}
