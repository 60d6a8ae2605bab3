"""What a teacher may want to say beside each view, and a lesson's steps in minutes."""

from __future__ import annotations

from typing import Any

from photoscan import catalog

VIEWS = "start", "look", "safe"
STEPS = ("start", 5), ("look", 10), ("safe", 8)
"""The view of each step, and its minutes."""


def told(language: str) -> dict[str, Any]:
    """{"views": {view: [sentence, ...]}, "steps": [{"title", "minutes"}, ...]} in a language."""
    return {
        "views": {view: [catalog.text(f"workshop.notes.{view}", language)] for view in VIEWS},
        "steps": [{"title": catalog.text(f"workshop.notes.{view}_step", language), "minutes": m} for view, m in STEPS],
    }
