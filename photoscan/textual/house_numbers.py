"""House numbers: a short number on a line of its own, and what beside it says that it is a house's.

Numbers stand everywhere: on clocks, shirts, prices, calendars and speed limits. One by itself is hardly ever a house's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from photoscan.textline import TextLine
from photoscan.textual.neighbours import near

_LONE = re.compile(
    r"^(?:(?:(?P<label>no|lot|unit|n[º°o]|nr)|#)\.?\s*)?(?P<number>\d{1,4}(?:[A-Za-z]|[-/]\d{1,3})?)$", re.IGNORECASE
)
_FAMILY = re.compile(
    r"(?i)^\W*(?:(?:keluarga|fam[íi]lia|familie|famille|famiglia|fam\.?)\s+\w|(?:the\s)?[^\W\d_][\w'’-]+\s+(?:family|residence)\W*$)"
)
FEW = 3
"""Lines of a photo at most beside which a number may be a door's plate."""
FAINT = 0.15
"""How sure a number is of which nothing more is known: kept in the data, and never covered by default."""


class HouseNumber(NamedTuple):
    """Which line it is, how sure, and why."""

    line: int
    text: str
    confidence: float
    reason: str


def find(
    lines: Sequence[TextLine], streets: Sequence[tuple[int, str | None]], taken: set[int]
) -> Iterator[HouseNumber]:
    """The numbers in lines; `streets` are the lines of streets and addresses with their house number, `taken` other
    findings' lines."""
    matches = ((i, _LONE.match(line.text.strip())) for i, line in enumerate(lines) if i not in taken)
    lone = [(i, match) for i, match in matches if match]
    known = {number.casefold() for _, number in streets if number}
    families = [i for i, line in enumerate(lines) if _FAMILY.match(line.text)]
    listed = len(lone) > 2
    written = [i for i, line in enumerate(lines) if any(map(str.isalnum, line.text))]
    for i, match in lone:
        text, labelled = match.string, match["label"] is not None
        if match["number"].casefold() in known:
            yield HouseNumber(i, text, 0.8, "the number of an address that is written there as well")
        elif any(_beside(lines[i], lines[j]) for j, _ in streets):
            yield HouseNumber(i, text, FAINT if listed else 0.65, "a number beside a street")
        elif any(_beside(lines[i], lines[j]) for j in families):
            yield HouseNumber(i, text, FAINT if listed else 0.65, "a number beside a family's name")
        elif (len(written) <= FEW or (labelled and streets)) and not listed and _alone(i, written, lines):
            reason = "a labelled number" if labelled else "a number by itself"
            yield HouseNumber(i, text, 0.6 if labelled else FAINT, reason)
        elif labelled and not listed:
            yield HouseNumber(i, text, FAINT, "a labelled number among other lines")


def _beside(number: TextLine, other: TextLine) -> bool:
    """Whether two lines stand near each other, a number perhaps written much larger; always so in a caption."""
    if number.polygon is None or other.polygon is None or near(number, other):
        return True
    a, b = number.box, other.box
    if a is None or b is None:
        return False
    across = max(a.x - b.x2, b.x - a.x2, 0)
    down = max(a.y - b.y2, b.y - a.y2, 0)
    return max(across, down) <= max(number.height, other.height)


def _alone(i: int, written: Sequence[int], lines: Sequence[TextLine]) -> bool:
    """Whether no other of the lines with writing stands near one: in tables, prices and scores others do."""
    return not any(j != i and _beside(lines[i], lines[j]) for j in written)
