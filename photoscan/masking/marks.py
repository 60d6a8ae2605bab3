"""What stands in place of what is hidden: the same few marks for every kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "•"
Parts = Mapping[str, Any]
"""A finding's attributes, of which those that begin with 'value_' are parts of the value."""

LONGEST = 16
"""Characters up to which there is a mark for each; of longer values the number says more than a row of marks."""
MOST_WORDS = 6
RUN = 4
"""Letters and digits that two texts may share by chance."""
_WORD = HIDDEN * 3
_SOME = HIDDEN * 8


def hidden(count: int) -> str:
    """Marks for so many characters: one each, or from 17 on eight and the number: '•••••••• (41)'."""
    return HIDDEN * count if count <= LONGEST else f"{_SOME} ({count})"


def nothing(value: str, parts: Parts) -> str:
    """Always the same marks: of a secret even its length tells something."""
    return _SOME


def length(value: str, parts: Parts) -> str:
    """How long the value is."""
    return hidden(len(value))


def words(value: str, parts: Parts) -> str:
    """How many words there are: three marks a word, the number behind three of more than six; one word's length."""
    count = len(value.split())
    if count < 2:
        return hidden(len(value))
    return " ".join([_WORD] * count) if count <= MOST_WORDS else f"{' '.join([_WORD] * 3)} … ({count})"


def share(a: str, b: str) -> bool:
    """Whether two texts have a run of four letters or digits in common, or one is as short and all in the other."""
    first, second = (re.sub(r"[\W_]", "", text.casefold()) for text in (a, b))
    if not first or not second:
        return False
    size = min(RUN, len(first), len(second))
    runs = {second[i : i + size] for i in range(len(second) - size + 1)}
    return any(first[i : i + size] in runs for i in range(len(first) - size + 1))
