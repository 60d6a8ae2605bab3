"""What may be shown as it stands because it is everybody's: providers, services, makes, programs.

The lists are data: `rules/masks.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from photoscan import shipped


@dataclass(frozen=True, slots=True)
class Known:
    """Lists of names in small letters. `makes` and `programs` may begin a name, `lines` and `editions` go on with it;
    `phones` are words in the names that phones and computers give themselves after their owner.
    """

    mail: frozenset[str]
    hosts: frozenset[str]
    makes: frozenset[str]
    lines: frozenset[str]
    phones: frozenset[str]
    programs: frozenset[str]
    editions: frozenset[str]
    profiles: frozenset[str]
    fields: frozenset[str]


@cache
def known() -> Known:
    """The lists; TypeError where one is missing or too many."""
    rows = shipped.rules("rules/masks.toml")
    return Known(**{name: frozenset(word.casefold() for word in words) for name, words in rows.items()})
