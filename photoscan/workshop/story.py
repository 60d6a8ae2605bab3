"""The story of one invented child: four photos that are harmless alone, and what they tell together.

What is asked and answered is data (`story.toml`); where it is in the photos, they say themselves (`rounds/truth.json`).
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from photoscan import shipped

FOLDER = "workshop/rounds"
TAG, LIVE = "tag", "live"
"""What a post says beside its photo: the town, and that it is of this moment."""


@cache
def story() -> dict[str, Any]:
    """What the page is told: posts with their sizes, questions, clues with their boxes, statements, acts.

    FileNotFoundError where the photos were not drawn, KeyError where they lack something that the story names.
    """
    rules = shipped.rules("workshop/story.toml")
    truth = {row["name"]: row for row in json.loads(shipped.text(f"{FOLDER}/truth.json"))["story"]}
    boxes = {(name, leak["name"]): leak["box"] for name, row in truth.items() for leak in row["leaks"]}
    size = ("name", "width", "height")
    return {
        "posts": [{key: truth[name][key] for key in size} for name in rules["posts"]],
        "questions": rules["questions"],
        "clues": [
            {key: row.get(key) for key in ("id", "photo", "question", "nearly")}
            | {"box": boxes[row["photo"], row["leak"]]}
            for row in rules["clue"]
        ],
        "statements": [
            {"id": row["id"], "rests": row["rests"], "shots": _shots(row["rests"], boxes)} for row in rules["statement"]
        ],
        "acts": rules["act"],
    }


def photo(name: str) -> bytes | None:
    """The JPEG file of a photo of the story; None for a name that is none."""
    # Only what is there is remembered: names come from outside.
    return _file(name) if name in shipped.rules("workshop/story.toml")["posts"] else None


@cache
def _file(name: str) -> bytes:
    return (shipped.HOME / f"{FOLDER}/{name}.jpg").read_bytes()


def _shots(rests: list[list[str]], boxes: dict[tuple[str, str], Any]) -> list[dict[str, Any]]:
    """What to show of the photos that a statement rests on: each photo once, with a box where it has one."""
    shots = {}
    for part in (part for way in rests for part in way):
        name, _, leak = part.partition(".")
        if leak not in (TAG, LIVE):
            shots[name, leak] = {"photo": name, "box": boxes[name, leak]}
        else:
            shots.setdefault((name, ""), {"photo": name, "box": None})
    seen = {name for name, leak in shots if leak}
    return [row for (name, leak), row in shots.items() if leak or name not in seen]
