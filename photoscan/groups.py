"""Groups of what a file says beside its picture, as people choose what goes and what stays.

A topic is the smallest thing to choose: a kind of findings, or 'settings'. Which belong together is data:
`rules/groups.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from photoscan import shipped

SETTINGS = "settings"
"""The topic of what harms nobody: exposure, flash, ratings."""
ALL = "all"


@cache
def _rows() -> dict[str, Any]:
    return shipped.rules("rules/groups.toml")


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """The topics of each group."""
    return {name: tuple(topics) for name, topics in _rows()["groups"].items()}


@cache
def topics() -> tuple[str, ...]:
    """Every topic, in the order in which receipts name them."""
    return tuple(topic for rows in groups().values() for topic in rows)


@cache
def words() -> tuple[str, ...]:
    """Every word that names topics."""
    return (*groups(), *(topic for topic in topics() if topic not in groups()), ALL)


def named(word: str) -> tuple[str, ...]:
    """The topics of a word: of a group, of 'all', or the topic itself; none for another word."""
    if word == ALL:
        return topics()
    return groups().get(word, (word,) if word in topics() else ())


def left_by(removed: Iterable[str]) -> tuple[str, ...]:
    """The topics that stay when these go: without texts that may speak of one of them."""
    gone = set(removed)
    gone |= {topic for topic, spoken_of in _rows()["unread"].items() if gone.intersection(spoken_of)}
    return tuple(topic for topic in topics() if topic not in gone)
