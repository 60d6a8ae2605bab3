"""The one way to HTML: patterns that stand in the code, whose values are escaped as they are filled in (MarkupSafe)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString

from markupsafe import Markup

NOTHING = Markup()
"""No markup at all."""


def html(pattern: LiteralString, *values: object) -> Markup:
    """A pattern with its {} filled in order: text becomes text whatever it holds, markup that was made here stays."""
    return Markup(pattern).format(*values)


def joined(pieces: Iterable[Markup], between: str = "") -> Markup:
    """Pieces of markup in a row."""
    return Markup(between).join(pieces)


def ours(text: str) -> Markup:
    """A file of our own (a style sheet, the outlines of a map) as it stands: never what a photo or a person said."""
    return Markup(text)
