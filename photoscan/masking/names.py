"""Names: of people their initials; of cameras, programs and colour profiles what everybody's are called."""

from __future__ import annotations

from collections.abc import Callable, Set

from photoscan.masking.known import known
from photoscan.masking.marks import HIDDEN, Parts, hidden
from photoscan.patterns import pattern

_MOST = 6
"""Words of a name; a text with more is none."""
_NAME = pattern(r"[^\W\d_](?:[^\W\d_]|[.'’/-])*,?")
_SIGNS = "()[],;:"
_SIZE = pattern(r"\d{1,2}[a-z]?")
"""A model's number: 'iPhone 13', 'Pixel 7a'."""
_VERSION = pattern(r"v?\d{1,3}(?:\.\d{1,3}){0,3}|20[0-3]\d")


def initials(value: str, parts: Parts) -> str:
    """'S. K. b. R.'; nothing where a word is no name in letters with capitals: an account, a number, Chinese."""
    found = value.split()
    if not 0 < len(found) <= _MOST:
        return hidden(len(value))
    if not all(_NAME.fullmatch(word) and word[0].upper() != word[0].lower() for word in found):
        return hidden(len(value))
    return " ".join(f"{word[0]}." for word in found)


def device(value: str, parts: Parts) -> str:
    """Make and line as long as they are common words, the model's number: "Aina's iPhone" shows nothing."""
    return _known(value, known().makes, known().lines, _SIZE.fullmatch)


def software(value: str, parts: Parts) -> str:
    """A program that many have, and its version."""
    return _known(value, known().programs, known().editions, _VERSION.fullmatch)


def profile(value: str, parts: Parts) -> str:
    """A colour profile that many have; a screen's own is called after its owner's computer."""
    return value if value.strip().casefold() in known().profiles else hidden(len(value))


def _known(value: str, first: Set[str], further: Set[str], number: Callable[[str], object]) -> str:
    """The words up to the first that is not known, if the very first is."""
    shown: list[str] = []
    for word in value.split():
        bare = word.strip(_SIGNS).casefold()
        if bare in first or (shown and (bare in further or number(bare))):
            shown.append(word)
        elif not shown:
            return hidden(len(value))
        else:
            return " ".join([*shown, HIDDEN * 3])
    return " ".join(shown) or hidden(len(value))
