"""What the page needs of a lesson: what to say beside each view, and how long each step takes."""

from __future__ import annotations

from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.catalog import SOURCE_LANGUAGE, has, text
from photoscan.errors import UsageError

ROUNDS = (
    "uniform",
    "parcel",
    "car",
    "cake",
    "boarding",
    "cat",
    "key",
    "screen",
    "reflection",
    "selfie",
    "cropped",
    "nothing",
)
"""The rounds of the game, from easy to tricky."""
AGES = ("7-9", "10-12", "13-17", "parents")
MINUTES = (30, 45, 60)
STEPS = ("talk", "join", "game", "story", "stranger", "copy", "phones", "rules")
"""The steps of a lesson in their order; no plan has all of them but the longest."""


def languages() -> tuple[str, ...]:
    """Languages in which there is something to print, the one of the source first."""
    found = sorted(path.stem for path in (shipped.HOME / "handouts" / "texts").glob("*.toml"))
    return tuple(sorted(found, key=lambda language: language != SOURCE_LANGUAGE))


@cache
def document(language: str) -> dict[str, Any]:
    """All texts of a language as its file has them; those of English for a language without a file."""
    return shipped.rules(f"handouts/texts/{language if language in languages() else SOURCE_LANGUAGE}.toml")


def notes(language: str) -> dict[str, str]:
    """What a teacher may say and ask, by view: `talk`, `join`, `game`, `story`, `stranger`, `copy`, `phones`, `rules`,
    and `round.NAME` for each round. Two or three sentences each, in English for a language that has none.
    """
    found = document(language)["notes"]
    return {name: str(found[name]) for name in STEPS} | {f"round.{name}": str(found["round"][name]) for name in ROUNDS}


def plan(language: str, age: str, minutes: int) -> list[dict[str, Any]]:
    """The steps of a lesson in order: `name`, `title`, `minutes` (together those asked for) and `rounds`, the names of
    the rounds that are played in that step.

    `age` is one of AGES, `minutes` one of MINUTES; UsageError for others.
    """
    found = _plans().get((age, minutes))
    if found is None:
        raise UsageError("problem.handouts.plan", ages=", ".join(AGES), minutes=", ".join(map(str, MINUTES)))
    titles = document(language)["steps"]
    return [
        {
            "name": name,
            "title": str(titles[name]),
            "minutes": int(length),
            "rounds": list(found["rounds"]) if name == "game" else [],
        }
        for name, length in found["steps"]
    ]


def round_title(name: str, language: str) -> str:
    """What a round is called in the game."""
    key = f"workshop.round.{name}.title"
    return text(key, language) if has(key) else name.capitalize()


def round_rule(name: str, language: str) -> str:
    """The rule that a round ends with."""
    key = f"workshop.round.{name}.rule"
    return text(key, language) if has(key) else ""


@cache
def _plans() -> dict[tuple[str, int], dict[str, Any]]:
    rows = shipped.rules("handouts/plans.toml")["plan"]
    return {(str(row["age"]), int(row["minutes"])): row for row in rows}
