"""Texts for people, by key and language: one JSON catalogue per language in `locales/`."""

from __future__ import annotations

import json
import locale
import os
from collections.abc import Mapping
from functools import cache
from pathlib import PurePath

from photoscan import languages, shipped
from photoscan.escapes import visible

LANGUAGES = languages.CODES
"""Languages with a catalogue in `locales/`."""
SOURCE_LANGUAGE = languages.SOURCE
"""The language in which texts are written first; others fall back to it."""
_ADDED: dict[str, dict[str, str]] = {}
"""By language, texts that no catalogue holds."""
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def text(key: str, /, language: str = SOURCE_LANGUAGE, **values: object) -> str:
    """The text for a key with its {placeholders} filled; KeyError for a key that no catalogue has.

    Where `count` takes the singular in that language and there is a text for `<key>.one`, it is that one. Control
    characters in what is filled in are shown as escapes.
    """
    known = languages.LANGUAGES.get(language)
    if known and values.get("count") in known.singular and f"{key}.one" in _catalogue(language):
        key = f"{key}.one"
    shown = {name: visible(str(v)) if isinstance(v, (str, PurePath)) else v for name, v in values.items()}
    return _found(key, language).format(**shown)


def add(texts: Mapping[str, Mapping[str, str]]) -> None:
    """Take in texts by language and key, as cards of kinds from outside bring them. A catalogue's own go first."""
    for language, rows in texts.items():
        _ADDED.setdefault(language, {}).update(rows)


def rows(language: str = SOURCE_LANGUAGE) -> dict[str, str]:
    """The whole catalogue of a language, for a page that fills in its texts itself; in English what it lacks."""
    # Singulars stand where their language has them: English ones would be taken for its own.
    spare = {key: line for key, line in _catalogue(SOURCE_LANGUAGE).items() if not key.endswith(".one")}
    return {**_added(SOURCE_LANGUAGE), **spare, **_added(language), **_catalogue(language)}


def has_singular(language: str) -> bool:
    """Whether a language has a singular of its own (texts named `<key>.one`)."""
    known = languages.LANGUAGES.get(language)
    return known is not None and bool(known.singular)


def has(key: str) -> bool:
    """Whether there is a text for a key."""
    return key in _catalogue(SOURCE_LANGUAGE) or key in _added(SOURCE_LANGUAGE)


def country(name: str, language: str = SOURCE_LANGUAGE) -> str:
    """The name of a country in a language, by its ISO code or its English name; as given where none is known."""
    key = country_key(name)
    return text(key, language) if has(key) else name


def country_key(name: str) -> str:
    """The key of a country's name, by its ISO code or its English name; the name as given where none is known."""
    return f"country.{name}" if has(f"country.{name}") else _countries().get(name, name)


def system_language(environment: dict[str, str] | None = None) -> str:
    """The language of this user's system where there is a catalogue for it, else English.

    By the variables of POSIX, the first that is set; where none is, by what Python's `locale` knows (Windows).
    """
    variables = os.environ if environment is None else environment
    named = next((variables[name] for name in _VARIABLES if variables.get(name)), None)
    if named is None and environment is None:
        named = locale.getlocale()[0]
    return languages.spoken((named or "").split(".")[0]) or SOURCE_LANGUAGE


def _found(key: str, language: str) -> str:
    """The text as it was written: of the catalogue or of a registered card, else the same in English."""
    for rows in (_catalogue(language), _added(language), _catalogue(SOURCE_LANGUAGE)):
        if key in rows:
            return rows[key]
    return _added(SOURCE_LANGUAGE)[key]


def _added(language: str) -> Mapping[str, str]:
    return _ADDED.get(language, {})


@cache
def _catalogue(language: str) -> dict[str, str]:
    if language not in LANGUAGES:
        language = SOURCE_LANGUAGE
    rows = json.loads(shipped.text(f"locales/{language}.json"))
    return {str(key): str(value) for key, value in rows.items()}


@cache
def _countries() -> dict[str, str]:
    return {name: key for key, name in _catalogue(SOURCE_LANGUAGE).items() if key.startswith("country.")}
