"""How much room text takes on a terminal, and text cut to the room there is."""

from __future__ import annotations

import unicodedata

CUT = "..."
"""Stands for what was left out; plain, since not every terminal has the character for it."""


def columns(text: str) -> int:
    """Columns of a terminal that text without control characters takes: none for what is laid over the character
    before it, two for what East Asian writing sets wide (Unicode Standard Annex 11), else one."""
    return len(text) if text.isascii() else sum(map(_column, text))


def cut(text: str, width: int) -> str:
    """The beginning of a text, within so many columns; what was left out is shown where there is room for that."""
    if columns(text) <= width:
        return text
    mark = CUT if width > 2 * len(CUT) else ""
    return _most(text, width - len(mark)) + mark


def cut_begin(text: str, width: int) -> str:
    """The end of a text, within so many columns: of a path it tells more than the beginning."""
    if columns(text) <= width:
        return text
    mark = CUT if width > 2 * len(CUT) else ""
    return mark + _least(text, width - len(mark))


def _most(text: str, width: int) -> str:
    used = 0
    for at, character in enumerate(text):
        used += _column(character)
        if used > width:
            return text[:at]
    return text


def _least(text: str, width: int) -> str:
    used = 0
    for at in range(len(text) - 1, -1, -1):
        used += _column(text[at])
        if used > width:
            # What is laid over a character that was left out would lie over the mark.
            rest = text[at + 1 :]
            return rest.lstrip("".join(c for c in set(rest) if not _column(c)))
    return text


def _column(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        # An emoji's own way of drawing (variation selector 16) makes some characters wide.
        return 1 if character == "\ufe0f" else 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
