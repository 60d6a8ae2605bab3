"""What makes a street's name of the words beside a street word, and what makes a sign, a song or a saying of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

from photoscan.textual.address_rules import language, languages
from photoscan.textual.words import Vocabulary, Word, skeleton

Standing = Literal["never", "sign", "slip", "plain", "name"]
"""How well a phrase names a street: as no word of grammar can; as it does on signs ('one-way'); beside what is a street
word but for a letter; as a common word that streets are named by as well ('High'); as any other."""


def standing(phrase: str, names: Sequence[str]) -> Standing:
    """How well a folded phrase names a street beside a street word of those languages.

    Anything of a long sign's rough shape counts as it: here a slip that goes unseen makes a street of a sign.
    """
    rules = [language(name) for name in names]
    if any(phrase in r.never for r in rules):
        return "never"
    if any(phrase in r.not_names for r in rules):
        return "sign"
    if any(phrase in r.plain for r in rules):
        return "plain"
    rough = len(phrase) >= Vocabulary.LOOSE and any(skeleton(phrase) in _rough_signs(name) for name in names)
    return "sign" if rough else "name"


@cache
def _rough_signs(name: str) -> frozenset[str]:
    return frozenset(skeleton(word) for word in language(name).not_names | language(name).never)


def is_idiom(words: Sequence[Word]) -> bool:
    """Whether a saying of streets stands in a line: 'street food', 'way out'."""
    shape = skeleton(" ".join(w.folded for w in words))
    return any(idiom in shape for idiom in _shapes("idioms"))


def is_title(text: str) -> bool:
    """Whether a folded street is known by a song, a film or a newspaper: 'elm street'."""
    return skeleton(text) in _shapes("titles")


@cache
def _shapes(role: Literal["idioms", "titles"]) -> tuple[str, ...]:
    return tuple(skeleton(phrase) for rules in languages() for phrase in getattr(rules, role))


def phrases(words: Sequence[Word], at: int, longest: int = 4) -> Iterator[tuple[int, str]]:
    """The phrases that begin at a word, the longest first, as (index of the last word, folded phrase)."""
    for count in range(min(longest, len(words) - at), 0, -1):
        part = words[at : at + count]
        if not any(w.broken_before for w in part[1:]):
            yield at + count - 1, " ".join(w.folded for w in part)
