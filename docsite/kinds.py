"""A page for each kind of finding, from its card, the texts of reports and `docs/kinds.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from photoscan.catalog import text
from photoscan.detectors import REGISTRY
from photoscan.kind import Kind

LANGUAGE = "en"
TEXTS = Path(__file__).parent.parent / "docs" / "kinds.toml"


@dataclass(frozen=True, slots=True)
class Told:
    """What only the documentation says of a kind, in Markdown."""

    what: str
    found: str
    missed: str


def told(toml: str) -> dict[str, Told]:
    """The entries of `docs/kinds.toml`; ValueError names kinds without an entry, entries without a kind or a part."""
    rows = tomllib.loads(toml)
    if odd := sorted(set(rows) ^ {kind.value for kind in Kind}):
        raise ValueError(f"docs/kinds.toml: entries and kinds differ in {odd}")
    parts = set(Told.__dataclass_fields__)
    if odd := sorted(name for name, row in rows.items() if set(row) != parts or not all(row.values())):
        raise ValueError(f"docs/kinds.toml: each entry needs {sorted(parts)}, so do {odd}")
    return {name: Told(**row) for name, row in rows.items()}


def pages() -> dict[str, str]:
    """The Markdown of each page by its path below `docs/`: one a kind, and their table."""
    entries = told(TEXTS.read_text("utf-8"))
    made = {f"kinds/{kind.value}.md": page(kind, entries[kind.value]) for kind in Kind}
    return made | {"kinds/index.md": overview(entries)}


def page(kind: Kind, entry: Told) -> str:
    """The page of one kind."""
    title, why, do = (_said(kind, part) for part in ("title", "why", "do"))
    detectors = ", ".join(f"`{detector.name}`" for detector in REGISTRY if kind in detector.kinds)
    return f"""# {title}

`{kind.value}` · severity *{kind.severity.label}* · detector {detectors}

{entry.what}

## Why it matters

{why}

## What to do

{do}

## How it is found

{entry.found}

## What it misses

{entry.missed}

## How its value is shown

Masked by the method `{kind.mask}`: [what a masked value shows](../masks.md).

## How to suppress it

{suppression(kind)}
"""


def suppression(kind: Kind) -> str:
    """The ways in which findings of a kind are made not to count, the narrowest first."""
    name = kind.value
    ways = [f"- A value of your own: `photoscan policy allow --kind {name}` asks for it and prints its keyed hash."]
    if not kind.within("metadata"):
        ways.append("- A part of the picture: an `[[ignore]]` row with a box in a policy.")
    ways += [
        "- Everything that somebody has reviewed: `--baseline reviewed.json --update-baseline`.",
        f'- The kind as a whole: `"{name}" = "allow"` below `[kinds]` in a policy. It is still reported and scored.',
        f"- Not looking for it: `--skip {name}`. The report then says that this was left out.",
    ]
    return "\n".join([*ways, "", "How these work: [policies](../policies.md)."])


def overview(entries: Mapping[str, Told]) -> str:
    """The table of all kinds, with the tree of their pages."""
    rows = [
        f"| [{_said(k, 'title')}]({k.value}.md) | `{k.value}` | {k.severity.label} | {entries[k.value].what} |"
        for k in Kind
    ]
    tree = "\n".join(kind.value for kind in Kind)
    return "\n".join(
        [
            "# What photoscan finds",
            "",
            "Each kind has a page: what it is, why it matters, how it is found, what is missed, how to suppress it.",
            "",
            "| finding | kind | severity | |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            f"```{{toctree}}\n:hidden:\n\n{tree}\n```",
            "",
        ]
    )


def _said(kind: Kind, part: str) -> str:
    return text(f"kind.{kind.value}.{part}", LANGUAGE)
