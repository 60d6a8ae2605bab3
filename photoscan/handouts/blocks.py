"""The blocks that a page to print is made of. Who draws them decides on their looks; texts know one mark, **bold**."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a page; `level` 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences; `style`: plain, lead (what the page is about), tip (in a box) or quiet."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `style`: plain, steps (numbered) or check (a box to tick before each)."""

    rows: tuple[str, ...]
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head. An empty cell is left free to write in; where `ticked`, with a circle to mark.

    `widths`: shares of the columns, in percent. `writing`: rows are high enough for handwriting. `headed`: the head is
    shown; else it is there only for those who have the page read to them.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    ticked: bool = False
    writing: bool = False
    headed: bool = True


@dataclass(frozen=True, slots=True)
class Lines:
    """So many empty lines to write on."""

    count: int


@dataclass(frozen=True, slots=True)
class Fill:
    """Labels side by side, each before a line to write on."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """An empty frame to draw in; its height in centimetres."""

    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawn photo of a round; `width`: its share of the text's width, in percent."""

    name: str
    alt: str
    width: int


@dataclass(frozen=True, slots=True)
class Round:
    """A round of the game as the teacher sees it: its photo beside its title, the note, and the rule (maybe none)."""

    title: str
    picture: Picture
    note: str
    rule_label: str
    rule: str


@dataclass(frozen=True, slots=True)
class Name:
    """For whom a certificate is; None for a line to write on."""

    name: str | None = None


Block = Heading | Paragraph | Items | Table | Lines | Fill | Frame | Picture | Round | Name


def runs(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, and whether each is bold."""
    return [(piece, bool(index % 2)) for index, piece in enumerate(_BOLD.split(text)) if piece]


def plain(text: str) -> str:
    """A text without its marks."""
    return _BOLD.sub(r"\1", text)
