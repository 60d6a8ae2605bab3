"""What is told of a kind beside its texts in reports: what it is, how it is found, what is missed, how to suppress it.

The first three stand in `rules/told.toml`, in Markdown and in English alone. Kinds from outside have none of them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from photoscan import shipped
from photoscan.catalog import text
from photoscan.kind import Kind

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Told:
    """What reports do not say of a kind, in Markdown."""

    what: str
    found: str
    missed: str


def document() -> str:
    """The TOML of all entries."""
    return shipped.text("rules/told.toml")


def read(toml: str) -> dict[str, Told]:
    """The entries by kind; ValueError names entries that lack a part or have one too many."""
    rows = tomllib.loads(toml)
    parts = set(Told.__dataclass_fields__)
    if odd := sorted(name for name, row in rows.items() if set(row) != parts or not all(row.values())):
        raise ValueError(f"rules/told.toml: each entry needs {sorted(parts)}, so do {odd}")
    return {name: Told(**row) for name, row in rows.items()}


def suppression(kind: Kind, language: str) -> list[str]:
    """The ways in which findings of a kind are made not to count, the narrowest first, in Markdown."""
    ways = ["value", *([] if kind.within("metadata") else ["place"]), "reviewed", "allow", "skip"]
    return [text(f"kinds.suppress.{way}", language, kind=kind.value) for way in ways]


def plain(markdown: str) -> str:
    """A text of Markdown for a terminal: links by their words, and no marks of code."""
    return _LINK.sub(r"\1", markdown).replace("`", "")
