"""Lists of people: several names under each other below a heading ('Senarai nama', 'Class 3B').

Headings are data: `rules/names.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from photoscan.textline import TextLine
from photoscan.textual import names
from photoscan.textual.neighbours import follows
from photoscan.textual.words import words

_ENTRY = re.compile(
    rf"^\W*(?P<number>\d{{1,3}}\s*[.):]?\s*)?(?P<name>{names.NAME})\W*(?:\d{{1,3}}|[A-F][+-]?|[\u2713xX/]+)?\W*$"
)
_CLASS = re.compile(r"(?:\d{1,2}\s?[A-Z]?|[A-Z]|[IVX]{1,4}[ -]?[A-Z]?|\d{1,2}\s[A-Z][a-z]{2,12})")
_NO_ROW = re.compile(r"^[\W\d]{0,5}$")
_LONGEST_HEADING = 60
"""Characters."""
LEAST, LEAST_UNSURE = 2, 3
"""Names that make a list below a heading of names, and below one of a class."""


def listed(lines: Sequence[TextLine]) -> dict[int, tuple[str, float]]:
    """The name in each line that stands in a list of people, and how sure that is: by the line's index."""
    found: dict[int, tuple[str, float]] = {}
    for i, line in enumerate(lines):
        if (heading := _heading(line.text)) is None or i in found:
            continue
        rows = list(_rows(lines, i))
        numbered = sum(number for _, _, number in rows)
        if len(rows) < (LEAST if heading else LEAST_UNSURE):
            continue
        sure = 0.7 if heading else 0.6 if numbered >= LEAST_UNSURE else 0.45
        found.update((j, (name, sure)) for j, name, _ in rows)
    return found


def _rows(lines: Sequence[TextLine], heading: int) -> Iterator[tuple[int, str, bool]]:
    """Each name below a heading, and whether it has a number; up to the first line that is none."""
    before = heading
    numbered = False
    for j in range(heading + 1, len(lines)):
        text = lines[j].text
        if not follows(lines[before], lines[j]):
            return
        before = j
        if _NO_ROW.match(text):  # a number in a column of its own
            numbered |= any(c.isdigit() for c in text)
            continue
        if names.is_heading(text):
            continue
        found = _ENTRY.match(text)
        if found is None or not names.is_plausible(found["name"]):
            return
        yield j, found["name"], numbered or bool(found["number"])


def _heading(text: str) -> bool | None:
    """True for a heading of a list of people, False for one of a class, None for any other line."""
    if len(text) > _LONGEST_HEADING:
        return None
    parts = words(text)
    headings, classes = names.phrases("rolls"), names.phrases("class_words")
    for count in range(len(parts), 0, -1):
        phrase = " ".join(w.folded for w in parts[:count])
        rest = " ".join(w.raw for w in parts[count:])
        of_class = bool(parts[count:]) and bool(classes.exact(parts[count].folded))
        if headings.exact(phrase) and (not rest or of_class or _CLASS.fullmatch(rest)):
            return True
        if classes.exact(phrase) and _CLASS.fullmatch(rest):
            return " " in phrase
    return None
