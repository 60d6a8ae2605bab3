"""Tokens and keys of services by their published forms (`rules/tokens.toml`), forgiving of a reader's slips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from photoscan import shipped

_ALPHABETS = {
    "<word>": "[A-Za-z0-9]",
    "<hex>": "[0-9A-Fa-fOoIlS]",
    "<url>": "[A-Za-z0-9_-]",
    "<b64>": "[A-Za-z0-9+/=]",
}
_COUNT = re.compile(r"\{(\d+)\}")
_LAST_COUNT = re.compile(r"\{(\d+)\}$")
LONG = re.compile(r"\S{16}")
"""What every token holds: so many characters without a space."""
_DISTINCT = 8
"""Different characters that a token has at least: 'xxxxxxxx' stands for one."""


@dataclass(frozen=True, slots=True)
class Token:
    """Where a token stands in a text, whose it is, and whether all of its published length is there."""

    start: int
    end: int
    service: str
    whole: bool


def find(text: str) -> Iterator[Token]:
    """The tokens in a text, in order of the table; those of one place only once. Raises nothing."""
    if not LONG.search(text):
        return
    rows = _rows()
    taken = bytearray(len(text))
    for match in _pattern().finditer(text):
        service, length = rows[int((match.lastgroup or "_0")[1:])]
        body = match[0]
        if any(taken[match.start() : match.end()]) or not _chosen_by_chance(body):
            continue
        taken[match.start() : match.end()] = b"x" * len(body)
        yield Token(match.start(), match.end(), service, whole=length is not None and len(body) >= length)


def _chosen_by_chance(body: str) -> bool:
    """Whether a text looks drawn rather than written: digits and letters within one stretch, not one sign repeated."""
    stretch = max(re.split(r"[^A-Za-z0-9+/=]", body), key=len)
    digits = sum(c.isdigit() for c in body)
    capitals = sum(a.islower() and b.isupper() for a, b in pairwise(stretch))
    return len(set(body)) >= _DISTINCT and digits + capitals >= 2 and len(stretch) >= 6


def samples() -> Iterator[tuple[str, list[str], list[str]]]:
    """Each service with texts that are such tokens, and with texts that are none."""
    for row in _table():
        yield row["service"], ["".join(parts) for parts in row["samples"]], row["not_samples"]


def _table() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = shipped.rules("rules/tokens.toml")["token"]
    return rows


@cache
def _rows() -> list[tuple[str, int | None]]:
    """Each row's service, and the length of a token of it where the form ends with a count."""
    return [(row["service"], _length(row)) for row in _table()]


def _length(row: dict[str, Any]) -> int | None:
    """The published length, which is the shortest sample's; None where a form may be longer than its samples."""
    return min(len("".join(parts)) for parts in row["samples"]) if _LAST_COUNT.search(row["form"]) else None


@cache
def _pattern() -> re.Pattern[str]:
    forms = (f"(?P<r{n}>{_forgiving(row['form'])})" for n, row in enumerate(_table()))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(forms)})")


def _forgiving(form: str) -> str:
    """A form as a reader may have left it: an eighth of a count missing, '_' as another sign or as a space."""
    for name, alphabet in _ALPHABETS.items():
        form = form.replace(name, alphabet.replace("_-", "\0-"))
    least = _COUNT.sub(lambda count: f"{{{int(count[1]) - int(count[1]) // 8},}}", form)
    return least.replace("_", r"[_.\- ]{1,2}").replace("\0", "_")
