"""Texts for people, by key and language: one JSON catalogue per language in `locales/`."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources


def text(key: str, language: str = "en", **values: object) -> str:
    """The text for a key with its {placeholders} filled; KeyError for a key that the catalogue lacks."""
    return _catalogue(language)[key].format(**values)


@cache
def _catalogue(language: str) -> dict[str, str]:
    rows = json.loads(resources.files("photoscan").joinpath(f"locales/{language}.json").read_text("utf-8"))
    return {str(key): str(value) for key, value in rows.items()}
