"""`photoscan kinds`: what is looked for, and all that is known of one kind."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import click

from photoscan import told
from photoscan.catalog import LANGUAGES, has, text
from photoscan.cli.choices import from_outside, plugins
from photoscan.cli.language import spoken
from photoscan.cli.pages import Paged
from photoscan.kind import Family, Kind, check_prefix

_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z])")
"""Between two sentences: none of the four languages puts anything before a sentence's capital."""
_PARTS = ("what", "why", "do", "found", "missed")


@click.command(cls=Paged)
@click.argument("kind", required=False)
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
@plugins
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; by default your system's.")
def kinds(kind: str | None, format_: str, no_plugins: bool, lang: str | None) -> None:
    """List what photoscan looks for, by family. With KIND: what it is, why it matters, how it is found, what is
    missed, and how to suppress it; with a family, its kinds.
    """
    language = lang or spoken()
    from_outside(no_plugins)
    one = kind in {each.value for each in Kind}  # some are the name of a family, too
    chosen = [each for each in Kind if kind is None or (each == kind if one else each.within(check_prefix(kind)))]
    if format_ == "json":
        rows = [_row(each, language, whole=one) for each in chosen]
        click.echo(json.dumps(rows[0] if one else rows, indent=2, ensure_ascii=False))
        return
    width = max(40, min(100, click.HelpFormatter().width + 2))
    click.echo("\n".join(_page(chosen[0], language, width) if one else _list(chosen, language, width)))


def _row(kind: Kind, language: str, whole: bool) -> dict[str, Any]:
    """A kind as data, its texts without Markdown."""
    row: dict[str, Any] = {
        "kind": kind.value,
        "family": kind.family.name,
        "severity": kind.severity.label,
        "title": text(f"kind.{kind.value}.title", language),
        "sentence": _sentence(kind, language),
    }
    if whole:
        row |= _parts(kind, language)
        row["suppress"] = [told.plain(way) for way in told.suppression(kind, language)]
    return row


def _parts(kind: Kind, language: str) -> dict[str, str]:
    """What there is to say of a kind, in the order in which it is read."""
    entry = told.read(told.document()).get(kind.value)
    said = {part: text(f"kind.{kind.value}.{part}", language) for part in ("why", "do")}
    if entry is not None:
        said |= {part: told.plain(getattr(entry, part)) for part in ("what", "found", "missed")}
    return {part: said[part] for part in _PARTS if part in said}


def _sentence(kind: Kind, language: str) -> str:
    """The first sentence on why it matters."""
    return _SENTENCE.split(text(f"kind.{kind.value}.why", language), maxsplit=1)[0]


def _list(kinds: Sequence[Kind], language: str, width: int) -> Iterator[str]:
    column = 2 + max(len(kind.value) for kind in kinds)
    for number, (family, members) in enumerate(groupby(kinds, lambda kind: kind.family)):
        yield f"{'' if number == 0 else chr(10)}{_label(family, language)}"
        for kind in members:
            name, harm = text(f"kind.{kind.value}.title", language), text(f"severity.{kind.severity.label}", language)
            row = f"{name} ({harm}). {_sentence(kind, language)}"
            indent = " " * (column + 2)
            yield _wrapped(row, width, f"  {kind.value:{column}}", indent)
    yield ""
    yield text("kinds.more", language)


def _page(kind: Kind, language: str, width: int) -> Iterator[str]:
    title = text(f"kind.{kind.value}.title", language)
    harm = text(f"severity.{kind.severity.label}", language)
    yield f"{title} ({kind.value}): {_label(kind.family, language)}, {harm}"
    parts = _parts(kind, language)
    for part, words in parts.items():
        yield f"\n{text(f'kinds.{part}', language)}"
        yield _wrapped(words, width, "  ", "  ")
    yield f"\n{text('kinds.suppress', language)}"
    for way in told.suppression(kind, language):
        yield _wrapped(told.plain(way), width, "  - ", "    ")
    if language != "en" and "found" in parts:
        yield f"\n{text('kinds.english', language)}"


def _label(family: Family, language: str) -> str:
    return text(family.key if has(family.key) else "kinds.in_file", language)


def _wrapped(words: str, width: int, first: str, others: str) -> str:
    """Lines of at most that width; names of options stay whole."""
    return textwrap.fill(words, width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
