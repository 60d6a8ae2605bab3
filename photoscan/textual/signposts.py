"""Towns with a distance each, as road signs show them: no address, and their numbers no houses'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from photoscan.textual.places import place
from photoscan.textual.words import fold

FEWEST = 2
"""Towns with a distance from which lines are a road sign: one alone may be a town with its district ('Praha 10')."""


@cache
def _row() -> re.Pattern[str]:
    """A road's number perhaps, a name, and a whole number that ends it."""
    return re.compile(
        r"^\W*(?P<road>[A-Z]{1,3}[- ]?\d{1,4}\s+)?(?P<name>[^\W\d_][^\d,;:/]*?)\s+(?P<far>\d{1,4})\s?(?:km|mi|miles)?$",
    )


def distances(texts: Sequence[str]) -> frozenset[int]:
    """The indices of lines that are rows of a road sign among some neighbouring lines."""
    rows: dict[int, int] = {}
    for i, text in enumerate(texts):
        parts = re.split(r"\s[/|•·]\s", text.strip())
        found = [match for part in parts if (match := _row().match(part))]
        if len(found) == len(parts) and all(place(fold(m["name"].strip())) for m in found):
            rows[i] = len(found) + any(m["road"] for m in found)
    if sum(rows.values()) < FEWEST:
        return frozenset()
    return frozenset(rows)
