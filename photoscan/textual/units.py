"""Numbers of houses and flats: behind a label ("No. 12") and as codes of flats in towers ("#04-12", "B-15-08")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from photoscan.textual.address_rules import context, vocabulary
from photoscan.textual.street_names import phrases
from photoscan.textual.words import Word

_LABELLED_NUMBER = re.compile(
    r"^#?(?=.*\d)[A-Za-z]{0,2}[/-]?\d{1,5}[A-Za-z]{0,2}(?:[-/&,.][A-Za-z]{0,2}\d{0,5}[A-Za-z]{0,2}){0,4}$"
)
_FLAT = re.compile(
    r"(?i)^(?:[A-Z]{1,2}\d?-\d{1,2}[A-Z]?-\d{1,3}[A-Z]?|\d{1,3}-\d{1,2}[A-Z]-\d{1,3}[A-Z]?|[A-Z]{1,2}-(?:\d{2,3}|G|PH))$"
)
"""Block, floor and door of a flat as they stand at the beginning of a line ('3A' is what Malaysia calls the fourth
floor); alone it may as well be the number of a part."""
_MONEY = re.compile(r"(?i)rm\s?\d[\d,. ]*[,.]\d{2}")
"""An amount in ringgit, not a room."""
_LONG_NUMBERS = ("no", "lot", "pt", "plot", "unit", "blk", "blok", "h.no")
"""Labels behind which numbers of five and more characters stand; behind others they are something else."""


def find(line: str, parts: Sequence[Word]) -> tuple[str, ...]:
    """Numbers behind a label of houses and flats: 'No. 12', 'Lot 5', 'Blk 51', '#04-12', 'RT 01'."""
    found = []
    for i, word in enumerate(parts):
        if re.fullmatch(r"#\d{1,3}-\d{1,4}[A-Z]?", word.raw) or (
            not i and len(parts) > 1 and not parts[1].has_digit and _FLAT.match(word.raw)
        ):
            found.append(word.raw)
        for last, phrase in phrases(parts, i, 2):
            behind = parts[last + 1] if last + 1 < len(parts) else None
            if not vocabulary("number").exact(phrase) and phrase not in ("rt", "rw"):
                continue
            if (len(phrase) == 1 and phrase != "n") or (i and parts[i - 1].folded in context().numbered):
                break  # 'Order No. 12345'
            if phrase == "rm" and _MONEY.match(line, word.start):
                break
            if behind and _LABELLED_NUMBER.match(behind.raw) and (phrase in _LONG_NUMBERS or len(behind.raw) < 5):
                found.append(behind.raw)
            break
        if glued := re.fullmatch(r"(?i)(?:no|lot|blk|pt|unit)[.:]?(\d{1,5}[A-Z]?(?:[-/&]\w{1,5})*)", word.raw):
            found.append(glued[1])
    return tuple(found)
