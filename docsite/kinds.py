"""A page for each kind of finding, from its card, the texts of reports and `photoscan/rules/told.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from photoscan.catalog import text
from photoscan.detectors import REGISTRY
from photoscan.kind import Kind
from photoscan.told import Told, document, read
from photoscan.told import suppression as ways

LANGUAGE = "en"


def told(toml: str) -> dict[str, Told]:
    """The entries of `rules/told.toml`; ValueError names kinds without an entry, entries without a kind or a part."""
    rows = tomllib.loads(toml)
    if odd := sorted(set(rows) ^ {kind.value for kind in Kind}):
        raise ValueError(f"rules/told.toml: entries and kinds differ in {odd}")
    return read(toml)


def pages() -> dict[str, str]:
    """The Markdown of each page by its path below `docs/`: one a kind, and their table."""
    entries = told(document())
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
    rows = [f"- {way}" for way in ways(kind, LANGUAGE)]
    return "\n".join([*rows, "", "How these work: [policies](../policies.md)."])


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
