"""Sentences of the core as a class may read them: without options of the command line, which a page does not have."""

from __future__ import annotations

from collections.abc import Iterable

from photoscan.catalog import LANGUAGES, has
from photoscan.errors import PhotoscanError, Phrase

OURS = "workshop."
"""Before the key of a sentence: the page's own words for the same."""
OPTION = "--"
"""What a sentence for the command line has in it."""


def text(phrase: Phrase, language: str) -> str:
    """A sentence in a language, in the page's own words where it has some."""
    ours = OURS + phrase.key
    return (Phrase(ours, phrase.values) if has(ours) else phrase).text(language)


def sentences(phrases: Iterable[Phrase], language: str) -> list[str]:
    """Sentences in a language, without those that the page has no words of its own for and that name an option."""
    return [words for words in (text(phrase, language) for phrase in phrases) if OPTION not in words]


def refusal(error: PhotoscanError) -> dict[str, str] | None:
    """Why something was refused, by language; None where only the command line's words tell it."""
    said = {language: text(error.phrase, language) for language in LANGUAGES}
    return None if any(OPTION in words for words in said.values()) else said
