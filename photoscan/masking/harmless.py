"""What thousands of files say alike: marks of encoders, cameras and programs, licences, placeholders.

The list is data: `rules/harmless.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.kind import Kind
from photoscan.patterns import pattern as late

LONGEST = 200
"""Characters of a value that is looked up; a longer one is no mark."""
_FREE = {"{n}": r"\d{1,5}", "{year}": r"(?:19|20)\d\d", "{version}": r"v?\d{1,3}(?:\.\d{1,6}){0,3}[a-z]?"}
"""What patterns leave open. No letters, and no more digits than versions have."""


@dataclass(frozen=True, slots=True)
class _Group:
    """`says`: the kind of what the values say; `kinds`: of which fields, of any where empty."""

    says: Kind
    kinds: frozenset[Kind]
    exact: frozenset[str]
    patterns: tuple[_Pattern, ...]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One pattern; whatever it matches begins with one of `heads`, and it is compiled only where a value does."""

    heads: tuple[str, ...]
    written: str

    def matches(self, plain: str) -> bool:
        return plain.startswith(self.heads) and _compiled(self.written).fullmatch(plain) is not None


def says(kind: Kind, value: str) -> Kind | None:
    """The kind of what a value of a field of that kind says where it is harmless; None for all other values."""
    if len(value) > LONGEST:
        return None
    plain = _plain(value)
    for group in _groups():
        if group.kinds and kind not in group.kinds:
            continue
        if plain in group.exact or any(pattern.matches(plain) for pattern in group.patterns):
            return group.says
    return None


@cache
def resource_names() -> frozenset[str]:
    """The names that Photoshop itself gives its resources, in small letters."""
    return frozenset(name.casefold() for name in _rows()["resources"]["names"])


def _plain(value: str) -> str:
    """As values are compared: small letters, single blanks, without blanks and full stops at the end."""
    return " ".join(value.split()).rstrip(" .").casefold()


@cache
def _groups() -> tuple[_Group, ...]:
    return tuple(
        _Group(
            says=Kind(row["says"]),
            kinds=frozenset(map(Kind, row.get("kinds", ()))),
            exact=frozenset(map(_plain, row.get("exact", ()))),
            patterns=tuple(_Pattern(_heads(pattern), pattern) for pattern in row.get("patterns", ())),
        )
        for row in _rows()["group"]
    )


def _heads(pattern: str) -> tuple[str, ...]:
    """What all that a pattern matches begins with, in small letters: ('',) where that is not plain to see."""
    for name, words in _names().items():
        if pattern.startswith(name):
            return words
    bare, choice = pattern, _CHOICE.match(pattern)
    while _INNER.search(bare):
        bare = _INNER.sub("", bare)
    if "|" in bare:
        return ("",)
    heads = [_PLAIN.match(part) for part in (choice[1].split("|") if choice else [pattern])]
    return tuple(head[0].replace("\\", "").casefold() if head else "" for head in heads)


_CHOICE = late(r"\(\?:((?:[^()\\]|\\.)*)\)(?![?*{])")
"""A choice that can't be left out."""
_INNER = late(r"\\.|\[[^]]*\]|\((?:\?:)?[^()\\[]*\)")
"""What is marked, a class, or a group without another in it."""
_PLAIN = late(r"(?:[A-Za-z0-9 ©_/:]|\\[().])+(?![?*+{])")
"""Characters that stand for themselves, but for one that may be missing."""


@cache
def _names() -> dict[str, tuple[str, ...]]:
    return {"{make}": _folded(_rows()["makes"]), "{program}": _folded(_rows()["programs"])}


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.casefold() for word in words)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for name, words in _names().items():
        pattern = pattern.replace(name, _one_of(words))
    for name, expression in _FREE.items():
        pattern = pattern.replace(name, expression)
    return re.compile(pattern, re.IGNORECASE)


@cache
def _rows() -> dict[str, Any]:
    return shipped.rules("rules/harmless.toml")


def _one_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
