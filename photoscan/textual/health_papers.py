"""Kinds of health papers by what stands together on them: a sick note, vital signs, an appointment at a telling clinic.

Cues are data: the tables of `rules/medical.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from photoscan import shipped
from photoscan.textual.words import fold

_FORM = (
    r"(?:tabs?|tablets?|tablet|caps?|capsules?|biji|kapsul|kaplet|sendok|sudu|comprimidos?|capsulas?|gotas|ml|puffs?"
    r"|drops|titis|tetes|sachets?|units?)"
)
_OFTEN = r"(?:tds|tid|bd|bid|qid|qds|od|prn|nocte|stat|eod|q\d{1,2}h)"
_UNLIKELY = 0.45
"""The confidence of what may be said to everybody."""


class Paper(NamedTuple):
    """A kind of health paper in a block: its name, which of the lines hold the cues, how sure it is."""

    kind: str
    lines: tuple[int, ...]
    confidence: float


class _Rule(NamedTuple):
    kind: str
    any: tuple[str, ...]
    all: tuple[tuple[str, ...], ...]
    but: tuple[str, ...]
    sure: float


def surest(texts: Sequence[str]) -> Paper | None:
    """The surest paper that the lines of one block make; `Paper.lines` counts in these lines."""
    folded = [fold(text) for text in texts]
    whole = "\n".join(folded)
    return max(_papers(folded, whole), key=lambda paper: paper.confidence, default=None)


def _papers(folded: Sequence[str], whole: str) -> Iterator[Paper]:
    for rule in _rules():
        spans = _cues(rule, whole)
        if spans:
            unlikely = bool(_found((*rule.but, *_data()["to_all"]), whole))
            yield Paper(rule.kind, tuple(_holders(folded, spans)), _UNLIKELY if unlikely else rule.sure)


def _cues(rule: _Rule, whole: str) -> list[tuple[int, int]]:
    """Where the cues of a rule stand; none unless one of `any` or one of each list of `all` does."""
    spans = _found(rule.any, whole)
    groups = []
    for cues in rule.all:
        groups.append(_found(cues, whole))
        if not groups[-1]:  # the other lists are not even compiled
            return spans
    return spans + [span for group in groups for span in group]


def _found(cues: Sequence[str], whole: str) -> list[tuple[int, int]]:
    return [found.span() for cue in cues if (found := _pattern(cue).search(whole))]


def _holders(folded: Sequence[str], spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    start = 0
    for i, text in enumerate(folded):
        if any(low < start + len(text) and start < high for low, high in spans):
            yield i
        start += len(text) + 1


@cache
def _rules() -> tuple[_Rule, ...]:
    tables = ((name, row) for name, row in _data().items() if isinstance(row, dict))
    return tuple(
        _Rule(
            name,
            tuple(row.get("any", ())),
            tuple(map(tuple, row.get("all", ()))),
            tuple(row.get("but", ())),
            row["sure"],
        )
        for name, row in tables
    )


@cache
def _pattern(cue: str) -> re.Pattern[str]:
    """A cue, compiled where it is first needed: most photos need few of them."""
    return re.compile(cue.replace("<form>", _FORM).replace("<med>", _OFTEN), re.MULTILINE)


@cache
def _data() -> dict[str, Any]:
    return shipped.rules("rules/medical.toml")
