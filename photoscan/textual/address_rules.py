"""The words of addresses, by language: `rules/address_words/*.toml`, read once.

In each file: `before` and `after` are street words that stand before or after the name, `glued` those that end it.
The `_weak` ones are also common words or abbreviations, and need more evidence; `dotted` ones are as good as others
with a dot. `number` labels a house, flat or
plot, `area` names a quarter, `boxes` are post boxes, behind `numbered_names` a number is a part of the street's name.
Of endings, those in `glued_common` end many words of other languages as well ('monitoring').
What stands beside a street word may undo it: `never` are words of grammar that name nothing, `not_names` make a sign
of it ('one-way street'), `plain` are common words that signs have and streets as well ('High Street'), `titles` are
known by songs, films and papers, `idioms` as whole phrases. `forms` are whole addresses by their shape, `quarters`
large parts of one, `postcodes` by theirs (`strong`: nothing else looks so). `samples` and `not_samples` are what the
file must and must not find; a test tries them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from photoscan import shipped
from photoscan.textual.words import Vocabulary, fold, words

ROLES = ("before", "before_weak", "after", "after_weak")


@dataclass(frozen=True, slots=True)
class Form:
    """A pattern with the countries in which it is used; `strong` where hardly anything else looks like it."""

    pattern: re.Pattern[str]
    countries: tuple[str, ...]
    strong: bool


@dataclass(frozen=True, slots=True)
class Language:
    """The rules of one file, words folded."""

    name: str
    countries: tuple[str, ...]
    roles: dict[str, tuple[str, ...]]
    glued: tuple[str, ...]
    glued_weak: tuple[str, ...]
    glued_common: tuple[str, ...]
    numbered_names: frozenset[str]
    not_names: frozenset[str]
    never: frozenset[str]
    plain: frozenset[str]
    idioms: tuple[str, ...]
    titles: tuple[str, ...]
    forms: tuple[Form, ...]
    quarters: tuple[Form, ...]
    streets: tuple[Form, ...]
    postcodes: tuple[Form, ...]
    places: tuple[str, ...]
    country_names: tuple[str, ...]
    region_codes: frozenset[str]
    samples: tuple[str, ...]
    not_samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Words of no address (`rules/address_context.toml`), folded."""

    not_postcode: frozenset[str]
    not_street: frozenset[str]
    particles: frozenset[str]
    units: frozenset[str]
    unnumbered: frozenset[str]
    numbered: frozenset[str]
    announcing: frozenset[str]
    shows: frozenset[str]
    origins: frozenset[str]
    sizes: frozenset[str]


@cache
def languages() -> tuple[Language, ...]:
    """Every language, in the order of their file names."""
    folder = shipped.HOME / "rules/address_words"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(_language(f.name.removesuffix(".toml"), shipped.rules(f"rules/address_words/{f.name}")) for f in files)


@cache
def context() -> Context:
    """The words of no address."""
    rows = shipped.rules("rules/address_context.toml")
    roles = (
        "not_postcode",
        "not_street",
        "particles",
        "units",
        "unnumbered",
        "numbered",
        "announcing",
        "shows",
        "origins",
        "sizes",
    )
    return Context(*(frozenset(fold(w) for w in rows[role]) for role in roles))


def announces(line: str) -> bool:
    """Whether a line says that an address comes: 'I live at', 'alamat', 'ship to'."""
    return bool(_any_of("announcing").search(fold(line)))


def tells_a_show(line: str) -> bool:
    """Whether a line speaks of a song, a film or a book."""
    return bool(_any_of("shows").search(fold(line)))


@cache
def _any_of(role: Literal["announcing", "shows"]) -> re.Pattern[str]:
    phrases = sorted(getattr(context(), role))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, phrases)) + r")(?!\w)")


@cache
def vocabulary(role: str) -> Vocabulary:
    """The words of one role in all languages, tagged with the languages' names."""
    return Vocabulary((word, rules.name) for rules in languages() for word in rules.roles.get(role, ()))


@cache
def language(name: str) -> Language:
    """The rules of one language by its name."""
    return next(rules for rules in languages() if rules.name == name)


@cache
def endings() -> tuple[tuple[str, int, str], ...]:
    """Street words glued to their name: (ending, tier, language), the longest first; 0 is strong, 1 weak, 2 common."""
    tiers = [(r, (r.glued, r.glued_weak, r.glued_common)) for r in languages()]
    found = [(e, tier, r.name) for r, words_of in tiers for tier in range(3) for e in words_of[tier]]
    return tuple(sorted(found, key=lambda row: (-len(row[0]), row[1])))


def _language(name: str, rows: dict[str, Any]) -> Language:
    roles = {role: tuple(rows.get(role, ())) for role in (*ROLES, "dotted", "number", "area", "boxes", "directions")}
    return Language(
        name,
        tuple(rows["countries"]),
        roles,
        tuple(fold(word) for word in rows.get("glued", ())),
        tuple(fold(word) for word in rows.get("glued_weak", ())),
        tuple(fold(word) for word in rows.get("glued_common", ())),
        frozenset(rows.get("numbered_names", ())),
        frozenset(fold(word) for word in rows.get("not_names", ())),
        frozenset(fold(word) for word in rows.get("never", ())),
        frozenset(fold(word) for word in rows.get("plain", ())),
        tuple(" ".join(w.folded for w in words(phrase)) for phrase in rows.get("idioms", ())),
        tuple(" ".join(w.folded for w in words(phrase)) for phrase in rows.get("titles", ())),
        _forms(rows, "forms"),
        _forms(rows, "quarters"),
        _forms(rows, "streets"),
        _forms(rows, "postcodes"),
        tuple(rows.get("places", ())),
        tuple(rows.get("country_names", ())),
        frozenset(rows.get("region_codes", ())),
        tuple(rows["samples"]),
        tuple(rows["not_samples"]),
    )


def _forms(rows: dict[str, Any], key: str) -> tuple[Form, ...]:
    return tuple(
        Form(re.compile(row["pattern"]), tuple(row["countries"]), row.get("strong", False)) for row in rows.get(key, ())
    )
