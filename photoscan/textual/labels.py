"""Labels before values ('Nama:', 'Wi-Fi password'): `rules/labels.toml`, forgiving of a reader's slips."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from photoscan.textual.words import Vocabulary, words

_SEPARATOR = re.compile(
    r"^[.)\]]?\s*(?:[:;=>：]|[-–—]+(?=\s|>)|(?:is|adalah|ialah|é|es|ist|est)\s*:?(?=\s))[\s:=>]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value behind its label. `separated`: a colon or the like stands between; `start` is where the value begins."""

    label: str
    value: str = field(repr=False)
    separated: bool
    start: int
    first: bool
    """Whether nothing stands before the label."""
    exact: bool
    """Whether the label was read without a slip."""


def behind(idea: str, line: str) -> Labelled | None:
    """The value behind the last, longest label of an idea in a line; an empty value where nothing follows."""
    parts = words(line)
    vocabulary = _vocabulary(idea)
    best: Labelled | None = None
    for i in range(len(parts)):
        for last in range(min(len(parts), i + vocabulary.longest) - 1, i - 1, -1):
            phrase = " ".join(w.folded for w in parts[i : last + 1])
            if not vocabulary.like(phrase) or (len(phrase) > 3 and any(w.apart for w in parts[i + 1 : last + 1])):
                continue
            end = parts[last].end
            gap = _SEPARATOR.match(line[end:])
            start = end + (gap.end() if gap else 0)
            rest = line[start:]
            start += len(rest) - len(rest.lstrip(" .\t"))
            found = Labelled(
                phrase, line[start:].strip(), gap is not None, start, i == 0, bool(vocabulary.exact(phrase))
            )
            if best is None or (found.separated, -i) > (best.separated, 0) or (not best.value and found.value):
                best = found
            break
    return best


def is_label(idea: str, line: str) -> bool:
    """Whether a line is nothing but a label of that idea."""
    return bool(_vocabulary(idea).like(" ".join(w.folded for w in words(line))))


def samples() -> Iterator[tuple[str, list[str], list[str]]]:
    """Each idea with lines in which a value has to be found, and lines in which none may be."""
    for idea, rows in _rows().items():
        yield idea, rows["samples"], rows["not_samples"]


@cache
def _rows() -> dict[str, Any]:
    return tomllib.loads(resources.files("photoscan").joinpath("rules/labels.toml").read_text("utf-8"))


@cache
def _vocabulary(idea: str) -> Vocabulary:
    return Vocabulary((word, idea) for word in _rows()[idea]["words"])
