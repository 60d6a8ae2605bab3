"""What a teacher may want to say beside each view, and the steps of every plan in minutes."""

from __future__ import annotations

from typing import Any

from photoscan import catalog
from photoscan.handouts import lessons

OF_VIEWS = {"start": "talk", "safe": "copy"}
"""Views whose notes are those of a step of another name."""


def told(language: str) -> dict[str, Any]:
    """What the page needs of a lesson, in a language.

    {"views": {name: [sentence, ...]}: by view, step and round;
    "plans": [{"name", "age", "minutes", "steps": [{"title", "minutes"}, ...]}, ...]}.
    """
    found = lessons.notes(language)
    views = found | {view: found[step] for view, step in OF_VIEWS.items()}
    views["look"] = catalog.text("workshop.notes.look", language)
    return {
        "views": {name: [words] for name, words in views.items()},
        "plans": [
            {
                "name": f"{age}/{minutes}",
                "age": age,
                "minutes": minutes,
                "steps": [
                    {"title": step["title"], "minutes": step["minutes"]}
                    for step in lessons.plan(language, age, minutes)
                ],
            }
            for age in lessons.AGES
            for minutes in lessons.MINUTES
        ],
    }
