"""What thousands of files say alike: marks of encoders, cameras and programs, licences, placeholders.

The list is data: `rules/harmless.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.kind import Kind

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
    pattern: re.Pattern[str] | None


def says(kind: Kind, value: str) -> Kind | None:
    """The kind of what a value of a field of that kind says where it is harmless; None for all other values."""
    if len(value) > LONGEST:
        return None
    plain = _plain(value)
    for group in _groups():
        if group.kinds and kind not in group.kinds:
            continue
        if plain in group.exact or (group.pattern is not None and group.pattern.fullmatch(plain)):
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
    free = _FREE | {"{make}": _one_of(_rows()["makes"]), "{program}": _one_of(_rows()["programs"])}
    groups = []
    for row in _rows()["group"]:
        patterns = [_filled(pattern, free) for pattern in row.get("patterns", ())]
        groups.append(
            _Group(
                says=Kind(row["says"]),
                kinds=frozenset(map(Kind, row.get("kinds", ()))),
                exact=frozenset(map(_plain, row.get("exact", ()))),
                pattern=re.compile("|".join(patterns), re.IGNORECASE) if patterns else None,
            )
        )
    return tuple(groups)


@cache
def _rows() -> dict[str, Any]:
    return tomllib.loads(shipped.text("rules/harmless.toml"))


def _one_of(words: list[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


def _filled(pattern: str, free: dict[str, str]) -> str:
    for name, expression in free.items():
        pattern = pattern.replace(name, expression)
    return pattern
