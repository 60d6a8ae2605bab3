"""Which language the command line speaks: what --lang says, else that of the user's system."""

from __future__ import annotations

import sys

from photoscan.catalog import LANGUAGES, system_language, text


def spoken() -> str:
    """The language of help and complaints; looked up in the arguments, since wrong ones have to be told in it too."""
    for number, word in enumerate(sys.argv):
        named = sys.argv[number + 1] if word == "--lang" and number + 1 < len(sys.argv) else word
        named = named.removeprefix("--lang=")
        if word.startswith("--lang") and named in LANGUAGES:
            return named
    return system_language()


def say(key: str, /, **values: object) -> str:
    """The text for a key in that language."""
    return text(key, spoken(), **values)
