"""Keys longer than a line: lines joined again where the second can only go on with what the first breaks off."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from photoscan.textline import TextLine
from photoscan.textual.neighbours import follows

_TAIL = re.compile(r"(?:[A-Za-z0-9+/_\-.~%]{10,}|[A-Za-z][\w.-]{2,}\s?[=:]\s?[\"']?)\\?$")
"""What a line may break off: a long row of a key's characters, or a name whose value stands below."""
_HEAD = re.compile(r"^[A-Za-z0-9+/_\-.~%]{4,}={0,2}[\"']?[,;]?$")
_MOST = 60
"""Lines that one key takes at most: a private key of 4,096 bits has 51."""
_LONGER = 1.15
"""How much longer than the line before it a line of the same key may be: they were cut at one width."""
_INDENT = 4


@dataclass(frozen=True, slots=True)
class Joined:
    """A text made of several lines, and where in it each begins."""

    text: str = field(repr=False)
    lines: tuple[int, ...]
    begins: tuple[int, ...]

    def lines_of(self, start: int, end: int) -> tuple[int, ...]:
        """The indices of the lines that hold the characters from `start` to `end`."""
        return self.lines[bisect_right(self.begins, start) - 1 : bisect_right(self.begins, max(start, end - 1))]


def chains(lines: Sequence[TextLine]) -> Iterator[Joined]:
    """Every longest chain of lines that may be one text, two lines or more, in order."""
    i = 0
    while i < len(lines) - 1:
        end = i + 1
        while end < len(lines) and end - i < _MOST and _goes_on(lines[end - 1], lines[end], end - 1 == i):
            end += 1
        if end > i + 1:
            parts = [
                lines[i].text.rstrip().rstrip("\\"),
                *(line.text.strip().rstrip("\\") for line in lines[i + 1 : end]),
            ]
            begins, at = [], 0
            for part in parts:
                begins.append(at)
                at += len(part)
            yield Joined("".join(parts), tuple(range(i, end)), tuple(begins))
        i = end - 1 if end > i + 1 else i + 1


def _goes_on(line: TextLine, below: TextLine, first: bool) -> bool:
    above, head = line.text.rstrip(), below.text.strip()
    if len(head) < 4 or not _HEAD.match(head) or not _TAIL.search(above):
        return False
    if above[-1] not in "=:\"'" and len(head) > _LONGER * len(above) + _INDENT:
        return False
    return (not first or is_key_like(head)) and follows(line, below)


def is_key_like(text: str) -> bool:
    """Whether a row of characters is no word: digits among letters, or capitals behind small letters."""
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(text))
    capitals = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    return changes >= 2 or capitals >= 2 or (changes + capitals >= 1 and len(text) < 12)
