"""Which country's plate could a text be? Formats are data: `rules/plate_formats.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from photoscan.textual.lookalikes import DIGIT_FOR, LETTER_FOR, as_digits, as_letters

REPAIR_COST = 0.08
"""Confidence lost for each look-alike that had to be read as the other sort of character."""
MAX_REPAIRS = 2
REPAIRABLE = 0.5
"""Forms with less weight than this fit too much to repair by them: what was read stands."""


@dataclass(frozen=True, slots=True)
class PlateFormat:
    """One form of plates. `two_lines`: index of the run after which it may break into a second line, or None."""

    country: str
    code: str
    weight: float
    two_lines: int | None
    source: str
    samples: tuple[str, ...]
    not_samples: tuple[str, ...]
    runs: tuple[str, ...]
    strict: re.Pattern[str]
    loose: re.Pattern[str]
    prefix: re.Pattern[str] | None
    without: str


@dataclass(frozen=True, slots=True)
class PlateMatch:
    """A reading as a plate: the text repaired and without spaces, upper case; how telling its form is, 0..1."""

    text: str
    weight: float
    countries: tuple[str, ...]


def match(text: str) -> PlateMatch | None:
    """The best reading of a text as a plate, with every country whose form it has; None when it has no plate's form.

    At least one digit and one letter have to be real ones: with look-alikes alone any word or number would be a plate.
    """
    compact = re.sub(r"[^A-Z0-9]", "", text.upper())
    if not 3 <= len(compact) <= 9 or not any(c.isdigit() for c in compact):
        return None
    if compact.isdigit() or is_other(text):
        return None
    found: list[tuple[int, float, str, str]] = []
    for form in formats():
        if (repaired := _repaired(compact, form)) is not None:
            plate, repairs = repaired
            found.append((repairs, form.weight, plate, form.country))
    if not found:
        return None
    # What was read as it stands comes before anything repaired: most readings are right.
    found.sort(key=lambda row: (row[0], -row[1]))
    repairs, weight, plate, _ = found[0]
    countries = dict.fromkeys(country for _, _, other, country in found if other == plate)
    return PlateMatch(plate, weight - REPAIR_COST * repairs, tuple(countries))


def is_other(text: str) -> bool:
    """Whether the letters before the number say that it is something else: a house number, a price, a lorry's badge."""
    letters = re.match(r"[A-Z]*", re.sub(r"[^A-Z0-9]", "", text.upper()))
    return letters is not None and letters[0] in _rules()["never"]


def _repaired(compact: str, form: PlateFormat) -> tuple[str, int] | None:
    shaped = form.strict.fullmatch(compact)
    if shaped is None and form.weight >= REPAIRABLE:
        shaped = form.loose.fullmatch(compact)
    if shaped is None:
        return None
    plate, repairs = "", 0
    for run, part in zip(form.runs, shaped.groups(), strict=True):
        fixed, changed = as_letters(part) if run[0] == "L" else as_digits(part)
        plate, repairs = plate + fixed, repairs + changed
    if repairs > MAX_REPAIRS or any(c in form.without for c in plate):
        return None
    letters = re.match(r"[A-Z]*", plate)
    if form.prefix is not None and (letters is None or not form.prefix.fullmatch(letters[0])):
        return None
    return plate, repairs


@cache
def formats() -> tuple[PlateFormat, ...]:
    """Every shipped form."""
    return tuple(_format(row) for row in _rules()["format"])


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(resources.files("photoscan").joinpath("rules/plate_formats.toml").read_text("utf-8"))


def _format(row: dict[str, Any]) -> PlateFormat:
    runs = tuple(row["pattern"].split())
    prefix = row.get("prefix")
    return PlateFormat(
        country=row["country"],
        code=row["code"],
        weight=row["weight"],
        two_lines=row.get("two_lines"),
        source=row["source"],
        samples=tuple(row["samples"]),
        not_samples=tuple(row["not_samples"]),
        runs=runs,
        strict=re.compile("".join(_run(run, "A-Z", "0-9") for run in runs)),
        loose=re.compile("".join(_run(run, _LOOSE_LETTERS, _LOOSE_DIGITS) for run in runs)),
        prefix=re.compile(prefix) if prefix else None,
        without=row.get("without", ""),
    )


def _run(run: str, letters: str, digits: str) -> str:
    low, _, high = run[1:].partition("-")
    return f"([{letters if run[0] == 'L' else digits}]{{{low},{high or low}}})"


_LOOSE_LETTERS = "A-Z" + "".join(LETTER_FOR)
_LOOSE_DIGITS = "0-9" + "".join(c for c in DIGIT_FOR if c.isupper())
