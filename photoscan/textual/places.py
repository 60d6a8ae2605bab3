"""Names of towns, states and countries as they stand in addresses: is this phrase one, and of which country?

Towns are those of the gazetteer (GeoNames, CC BY 4.0); states, local names and other spellings are data in
`rules/address_words/`.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from photoscan.metadata import gazetteer
from photoscan.textual.address_rules import languages
from photoscan.textual.words import Vocabulary, fold_all, lookalike, one_letter_apart

Level = Literal["town", "state", "country"]
"""How large a place is."""
SHORTEST_TOWN = 4
"""Letters of a town's name below which it is too likely to be a common word."""

LONG_TOWN = 6
"""Letters from which a town's name is known although digits in it were read for the letters that they look like."""

VERY_LONG_TOWN = 10
"""Letters from which one of them may be wrong."""


class Place(NamedTuple):
    """What a phrase names: how large a place, and the codes of the countries that it may lie in."""

    level: Level
    countries: tuple[str, ...]


def place(folded: str) -> Place | None:
    """The place that a folded phrase names; where none has this very name, one slip of the reader is forgiven."""
    wide: tuple[tuple[Level, Vocabulary], ...] = (("country", _countries()), ("state", _states()))
    for level, known in wide:
        if codes := known.exact(folded):
            return Place(level, tuple(dict.fromkeys(codes)))
    if len(folded) >= SHORTEST_TOWN and (found := _towns().get(folded)):
        return Place("town", found)
    for level, known in wide:
        if codes := known.tags(folded):
            return Place(level, tuple(dict.fromkeys(codes)))
    if len(folded) >= LONG_TOWN and (found := _town_shapes().get(lookalike(folded))):
        return Place("town", found)
    if len(folded) >= VERY_LONG_TOWN and (near := _one_off(folded)):
        return Place("town", _towns()[near])
    return None


def _one_off(folded: str) -> str | None:
    """The long town's name that differs in one letter: one of its two ends is as read."""
    ends = _long_towns()
    near = (*ends.get((folded[:4], True), ()), *ends.get((folded[-4:], False), ()))
    return next((name for name in near if one_letter_apart(folded, name, VERY_LONG_TOWN)), None)


def is_known(folded: str) -> bool:
    """Whether a folded phrase is the very name of a country, a state or a town, without a slip forgiven."""
    return bool(_countries().exact(folded) or _states().exact(folded)) or is_town(folded)


def is_town(folded: str) -> bool:
    """Whether a folded phrase is the very name of a town."""
    return folded in _towns()


@cache
def _countries() -> Vocabulary:
    entries = [(name, code) for code, name in gazetteer.countries().items()]
    entries += [(name, code) for rules in languages() for name in rules.country_names for code in rules.countries[:1]]
    return Vocabulary(entries)


@cache
def _states() -> Vocabulary:
    return Vocabulary((name, code) for rules in languages() for name in rules.places for code in rules.countries[:1])


@cache
def _towns() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    towns = list(gazetteer.towns())
    for folded, (_, code) in zip(fold_all(name for name, _ in towns), towns, strict=True):
        if code not in found.get(folded, ()):
            found[folded] = (*found.get(folded, ()), code)
    return found


@cache
def _town_shapes() -> dict[str, tuple[str, ...]]:
    long = {name: codes for name, codes in _towns().items() if len(name) >= LONG_TOWN}
    return dict(zip(lookalike("\n".join(long)).split("\n"), long.values(), strict=True))


@cache
def _long_towns() -> dict[tuple[str, bool], list[str]]:
    """Long names by their first four letters (True) and by their last four (False)."""
    found: dict[tuple[str, bool], list[str]] = {}
    for name in _towns():
        if len(name) >= VERY_LONG_TOWN:
            found.setdefault((name[:4], True), []).append(name)
            found.setdefault((name[-4:], False), []).append(name)
    return found
