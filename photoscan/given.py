"""What callers give, checked as they give it: each function gives the value back in its plain form.

All raise UsageError that says what to give instead, with the name of what was given, never its value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from math import inf
from pathlib import Path
from typing import TypeVar

from photoscan.errors import Phrase, UsageError, phrase

T = TypeVar("T")


def nearest(word: object, known: Iterable[str]) -> Phrase | str:
    """'; did you mean ...?' for a word that is nearly a known one, else nothing: also for what is no word.

    Of words that stand for others (a mapping) the other one is named.
    """
    if not isinstance(word, str):
        return ""
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(word, tuple(known), 1)
    if not close:
        return ""
    return phrase("problem.policy.nearest", word=known[close[0]] if isinstance(known, Mapping) else close[0])


def line_of(error: ValueError) -> Phrase | str:
    """', line N' by the words of the reader of TOML, which tells it in no other way before Python 3.14."""
    found = re.search(r"at line (\d+)", str(error))
    return phrase("problem.policy.line", line=int(found[1])) if found else ""


def words(value: object, name: str, example: str) -> tuple[str, ...]:
    """Several words, from any row of them but one text by itself, whose letters nobody means."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise UsageError("problem.given.words", name=name, example=example)
    rows = tuple(value)
    if not all(isinstance(row, str) for row in rows):
        raise UsageError("problem.given.words", name=name, example=example)
    return rows


def whole(value: object, name: str, least: int) -> int:
    """A whole number of at least so much."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UsageError("problem.given.whole", name=name, least=least)
    return value


def share(value: object, name: str) -> float:
    """A number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise UsageError("problem.given.share", name=name)
    return value


def seconds(value: object, name: str) -> float | None:
    """A number of seconds, at least 0, or None."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < inf):
        raise UsageError("problem.given.seconds", name=name)
    return value


def flag(value: object, name: str) -> bool:
    """True or False: a word such as 'no' would count as yes."""
    if not isinstance(value, bool):
        raise UsageError("problem.given.flag", name=name)
    return value


def a(sort: type[T], value: object, name: str) -> T:
    """An object of a type."""
    if not isinstance(value, sort):
        raise UsageError("problem.given.sort", name=name, wanted=sort.__name__, sort=type(value).__name__)
    return value


def path(value: object, name: str) -> Path:
    """The path of a file, as text or as a path object."""
    if isinstance(value, (str, os.PathLike)):
        return Path(os.fsdecode(value))
    raise UsageError("problem.given.sort", name=name, wanted="Path", sort=type(value).__name__)
