"""The forms of plates as data: loaded from `rules/plates/*.toml`, whose README says what each field means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from photoscan import shipped

Sort = Literal["L", "D", "A", "'"]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a form: `sort` L letters, D digits, A either, ' the text `literal` itself; lengths from low to high."""

    sort: Sort
    low: int
    high: int
    literal: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """A country that issues plates. `words` and `states` stand on its plates beside the number, without spaces.

    `series`: (first, last, place) of first parts that were given to one place, in alphabetical order.
    """

    name: str
    code: str
    regions: Mapping[str, str] = field(repr=False)
    words: tuple[str, ...] = field(repr=False)
    states: tuple[str, ...] = field(repr=False)
    series: tuple[tuple[str, str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """One form of plates of a country; the fields are explained in the rules' README."""

    country: Country
    parts: tuple[Part, ...]
    weight: float
    region: Literal["", "start", "first", "second", "last", "series"]
    prefix: re.Pattern[str] | None
    suffix: re.Pattern[str] | None
    without: frozenset[str]
    dashed: bool
    undashed: bool
    gapped: bool
    check: str
    source: str
    samples: tuple[str, ...]
    not_samples: tuple[str, ...]

    @property
    def shortest(self) -> int:
        """Characters of its shortest plate."""
        return sum(part.low for part in self.parts)

    @property
    def longest(self) -> int:
        """Characters of its longest plate."""
        return sum(part.high for part in self.parts)


@cache
def forms() -> tuple[Form, ...]:
    """Every shipped form."""
    return tuple(form for row in _tables("country") for form in _forms(row))


@cache
def countries() -> tuple[Country, ...]:
    """Every country that has a form, once."""
    return tuple({form.country.code: form.country for form in forms()}.values())


@cache
def not_plates() -> frozenset[str]:
    """Words before a number that make it something else: a house number, a price, a lorry's badge."""
    return frozenset(word for row in _tables("never") for word in row.get("words", ()))


@cache
def not_plate_patterns() -> tuple[re.Pattern[str], ...]:
    """What a text as a whole has to look like to be something else: a date, an offer, a measure."""
    return tuple(re.compile(pattern) for row in _tables("never") for pattern in row.get("patterns", ()))


@cache
def ticket_words() -> frozenset[str]:
    """Words of boarding passes and tickets, upper case, without spaces."""
    return frozenset(word for row in _tables("ticket") for word in row["words"])


@cache
def explanations() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a line may be instead of a plate, and how it is written then: searched in upper case, marks and all."""
    return tuple((row["what"], re.compile(pattern)) for row in _tables("otherwise") for pattern in row["patterns"])


def _tables(name: str) -> list[dict[str, Any]]:
    folder = shipped.HOME / "rules/plates"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [row for f in files for row in shipped.rules(f"rules/plates/{f.name}").get(name, [])]


def _forms(row: dict[str, Any]) -> list[Form]:
    country = Country(
        row["name"],
        row["code"],
        row.get("regions", {}),
        tuple(row.get("words", ())),
        tuple(row.get("states", ())),
        tuple((first, last, place) for first, last, place in row.get("series", ())),
    )
    return [_form(country, row.get("without", ""), form) for form in row["format"]]


def _form(country: Country, without: str, row: dict[str, Any]) -> Form:
    return Form(
        country=country,
        parts=tuple(_part(text) for text in row["pattern"].split()),
        weight=row["weight"],
        region=row.get("region", ""),
        prefix=re.compile(row["prefix"]) if "prefix" in row else None,
        suffix=re.compile(row["suffix"]) if "suffix" in row else None,
        without=frozenset(row.get("without", without)),
        dashed=row.get("dashed", False),
        undashed=row.get("undashed", False),
        gapped=row.get("gapped", False),
        check=row.get("check", ""),
        source=row["source"],
        samples=tuple(row["samples"]),
        not_samples=tuple(row["not_samples"]),
    )


def _part(text: str) -> Part:
    if text[0] == "'":
        literal = text.strip("'")
        return Part("'", len(literal), len(literal), literal)
    if text[0] not in "LDA":
        raise ValueError(f"a part of a plate is L, D, A or a text in quotes, not {text!r}")
    low, _, high = text[1:].partition("-")
    return Part(text[0], int(low), int(high or low))  # type: ignore[arg-type]
