"""Marks: what a team says of a photo. They come from pages and phones, so that everything about them is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from photoscan.workshop.game.rounds import Round

MOST = 12
"""How many marks a team may set in a round."""
FILE, NOTHING = "file", "nothing"
PLACES = ("at", "box", "what")


class MarkError(ValueError):
    """Not a mark; the text says what is wrong with it, without quoting it."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One mark: a place in the photo, or what somebody says of the whole of it.

    `box`: (x, y, w, h) in pixels of the photo, w and h being 0 where it is a point; None for `what`, which then is
    'file' (only the file gives it away) or 'nothing' (there is nothing to find).
    """

    box: tuple[float, float, float, float] | None
    what: str
    sure: bool

    def told(self) -> dict[str, Any]:
        """Plain data, in the form in which it came."""
        if self.box is None:
            return {"what": self.what, "sure": self.sure}
        x, y, w, h = self.box
        return {"box": [x, y, w, h], "sure": self.sure} if w or h else {"at": [x, y], "sure": self.sure}


def at(x: float, y: float, sure: bool = True) -> Mark:
    """A point, in pixels."""
    return Mark((x, y, 0, 0), "", sure)


def box(x: float, y: float, w: float, h: float, sure: bool = True) -> Mark:
    """A frame, in pixels."""
    return Mark((x, y, w, h), "", sure)


def what(word: str, sure: bool = True) -> Mark:
    """FILE or NOTHING."""
    return Mark(None, word, sure)


def parse(rows: object, photo: Round) -> tuple[Mark, ...]:
    """The marks in a list that came as JSON, each once. Raises MarkError for anything else."""
    if not isinstance(rows, list):
        raise MarkError("'marks' has to be a list.")
    if len(rows) > MOST:
        raise MarkError(f"A team has at most {MOST} marks.")
    marks = tuple(dict.fromkeys(_mark(row, photo) for row in rows))
    if any(mark.what == NOTHING for mark in marks) and len(marks) > 1:
        raise MarkError("'nothing' stands alone.")
    if sum(mark.what == FILE for mark in marks) > 1:
        raise MarkError("'file' is said once.")
    return marks


def _mark(row: object, photo: Round) -> Mark:
    if not isinstance(row, Mapping):
        raise MarkError("A mark has to be an object.")
    places = [name for name in PLACES if name in row]
    if len(places) != 1 or set(row) != {*places, "sure"}:
        raise MarkError("A mark has one of 'at', 'box' and 'what', and 'sure'.")
    if not isinstance(row["sure"], bool):
        raise MarkError("'sure' has to be true or false.")
    place = row[places[0]]
    if places == ["what"]:
        if place not in (FILE, NOTHING):
            raise MarkError("'what' has to be 'file' or 'nothing'.")
        return what(place, row["sure"])
    x, y, w, h = _numbers(place, 2 if places == ["at"] else 4)
    if not (0 <= x <= x + w <= photo.width and 0 <= y <= y + h <= photo.height):
        raise MarkError("A mark has to lie in the photo.")
    if places == ["box"] and not (w and h):
        raise MarkError("A frame has to be larger than nothing.")
    return box(x, y, w, h, row["sure"])


def _numbers(values: object, count: int) -> tuple[float, float, float, float]:
    """Two or four finite numbers, filled up to four."""
    if not isinstance(values, list) or len(values) != count:
        raise MarkError(f"A place has to be a list of {count} numbers.")
    if any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in values):
        raise MarkError("A place has to be made of numbers.")
    # Larger whole numbers than this are not exact, and too large to be compared with others without care.
    if any(not isfinite(one) if isinstance(one, float) else abs(one) > 1 << 53 for one in values):
        raise MarkError("A place has to be made of numbers of use.")
    x, y, w, h = (*values, 0, 0)[:4]
    return x, y, w, h


def told(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Marks as plain data."""
    return [mark.told() for mark in marks]
