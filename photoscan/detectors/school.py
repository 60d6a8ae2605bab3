"""Schools and kindergartens: a name of one on a badge, a shirt or a gate tells where a child can be found.

The words are data: `rules/schools.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, ClassVar

from photoscan import shipped
from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual.words import Vocabulary, Word, fold, words

_LONGEST = 6
"""Words in the name of a school."""


class SchoolDetector(TextDetector):
    """The value is the school's name with the word that makes it one."""

    name: ClassVar[str] = "school"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_SCHOOL,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """At most one school a line."""
        for i, line in enumerate(lines):
            if found := _school(line.text):
                value, strong = found
                reason = "a word for schools with a name"
                yield TextMatch(Kind.TEXT_SCHOOL, (i,), value, 0.8 if strong else 0.45, reason)


def _school(line: str) -> tuple[str, bool] | None:
    """The name of a school in a line, and whether its word is used for nothing else."""
    for form in _rules()["forms"]:
        if found := re.search(form, line):
            return found[0], True
    parts = words(line)
    best: tuple[str, bool] | None = None
    for i in range(len(parts)):
        for last in range(min(len(parts), i + 4) - 1, i - 1, -1):
            phrase = " ".join(w.folded for w in parts[i : last + 1])
            span = _named(parts, i, last, phrase)
            if span:
                value = line[parts[span[0]].start : parts[span[1]].end]
                strong = not _weak().exact(phrase)
                if best is None or (strong, len(value)) > (best[1], len(best[0])):
                    best = value, strong
                break
    return best


def _named(parts: Sequence[Word], first: int, last: int, phrase: str) -> tuple[int, int] | None:
    """The first and the last word of a school's name around its word."""
    if _known("before").same_shape(phrase):
        end = last
        while end + 1 < len(parts) and end - last < _LONGEST and _part_of_name(parts[end + 1], end > last):
            end += 1
        if end > last and any(not w.has_digit and len(w.raw) > 2 for w in parts[last + 1 : end + 1]):
            return first, end
    if _known("after").same_shape(phrase):
        start = first
        while start > 0 and first - start < _LONGEST and _part_of_name(parts[start - 1], start < first):
            start -= 1
        behind = parts[last + 1] if last + 1 < len(parts) else None
        if start < first and not (behind and fold(behind.raw) in _not_names()):
            return start, last
    if first == last and any(phrase.endswith(end) and len(phrase) > len(end) + 3 for end in _rules()["glued"]):
        return (first, last) if parts[first].capital else None
    return None


def _part_of_name(word: Word, inside: bool) -> bool:
    if word.folded in _not_names():
        return False
    return word.is_name or (word.has_digit and len(word.raw) <= 3) or (inside and len(word.raw) <= 3)


@cache
def _rules() -> dict[str, Any]:
    return shipped.rules("rules/schools.toml")


@cache
def _known(role: str) -> Vocabulary:
    return Vocabulary(((word, role) for word in _rules()[role]), loose=False)


@cache
def _weak() -> Vocabulary:
    return Vocabulary(((word, "weak") for word in _rules()["weak"]), loose=False)


@cache
def _not_names() -> frozenset[str]:
    return frozenset(fold(word) for word in _rules()["not_names"])
