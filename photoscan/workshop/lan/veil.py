"""What phones may know of the rounds, and when.

The name of a round and its words tell what is to be found in it. So phones know each round by a name that says
nothing, its photo can be fetched once it has been asked for, and its words come with the news, when it is time.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from photoscan.catalog import LANGUAGES, has, text
from photoscan.workshop.game.lesson import Lesson

HELD_BACK = ("workshop.leak.", "workshop.round.", "workshop.story.")
"""Beginnings of the keys of texts that tell what is in a photo."""


class Veil:
    """Of one lesson."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._names = {one: secrets.token_urlsafe(9) for one in lesson.names}

    def named(self, name: str) -> str | None:
        """The round that phones know by this name; None where it has not been asked for, and for no such name."""
        return next((one for one in self._lesson.asked if self._names[one] == name), None)

    def over(self, told: dict[str, Any]) -> dict[str, Any]:
        """What `Lesson.for_pupil` tells, with the rounds' other names; `said` has their texts, by language and key."""
        photo, shown = told["round"], told["shown"]
        keys = dict(self._keys(photo["name"] if photo else None, shown, told["played"]))
        return told | {
            "round": photo and photo | {"name": self._names[photo["name"]]},
            "rounds": [self._names[name] for name in told["rounds"]],
            "played": [self._names[name] for name in told["played"]],
            "said": {
                language: {other: text(key, language) for key, other in keys.items() if has(key)}
                for language in LANGUAGES
            },
        }

    def _keys(self, name: str | None, shown: Any, played: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Keys of the texts that may be told, each with the one that phones know it by."""
        if name is None:
            for one in played:
                yield f"workshop.round.{one}.rule", f"workshop.round.{self._names[one]}.rule"
            return
        other = self._names[name]
        yield f"workshop.round.{name}.title", f"workshop.round.{other}.title"
        if shown:
            yield f"workshop.round.{name}.rule", f"workshop.round.{other}.rule"
            for leak in shown["leaks"]:
                yield f"workshop.leak.{name}.{leak['name']}", f"workshop.leak.{other}.{leak['name']}"
