"""The pages to print of a language: its texts as blocks, with timetables and rounds put in where they belong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from photoscan.handouts.blocks import (
    Block,
    Fill,
    Frame,
    Heading,
    Items,
    Lines,
    Name,
    Paragraph,
    Picture,
    Round,
    Table,
)
from photoscan.handouts.lessons import MINUTES, ROUNDS, STEPS, document, notes, plan, round_rule, round_title

FOR = ("teachers", "pupils", "home")
"""For whom a page is, in the order of the index."""
_WIDTHS = {"large": 100, "medium": 62}
_STYLES = {"text": "plain", "lead": "lead", "tip": "tip"}
_LISTS = {"list": "plain", "steps": "steps", "check": "check"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One thing to print. `name`: of its file. `group`: one of FOR. `certificate`: a page across, with a frame.

    `scale`: how much larger its letters are than those of a plan for teachers.
    """

    name: str
    title: str
    about: str
    group: str
    blocks: tuple[Block, ...]
    certificate: bool = False
    scale: float = 1.0


def sheets(language: str) -> tuple[Sheet, ...]:
    """All pages of a language, in their order."""
    return tuple(_sheet(row, language) for row in document(language)["sheet"])


def words(language: str) -> dict[str, str]:
    """The few words that renderers put in themselves."""
    return {name: str(word) for name, word in document(language)["words"].items()}


def certificates(sheet: Sheet, names: Sequence[str]) -> list[tuple[Block, ...]]:
    """The blocks of a certificate, once for each name."""
    return [tuple(Name(name) if isinstance(b, Name) else b for b in sheet.blocks) for name in names]


def _sheet(row: dict[str, Any], language: str) -> Sheet:
    reader = _Reader(language, str(row.get("age", "")))
    return Sheet(
        row["name"],
        row["title"],
        row["about"],
        row["for"],
        tuple(reader.blocks(row["blocks"])),
        certificate=row.get("kind") == "certificate",
        scale=float(row.get("scale", 1)),
    )


class _Reader:
    """From what a file of texts says to blocks. `age`: whose plan it is, if it is one."""

    def __init__(self, language: str, age: str) -> None:
        self.language, self.age = language, age
        self.document = document(language)
        self.words = words(language)

    def blocks(self, rows: Sequence[dict[str, Any]]) -> Iterator[Block]:
        """KeyError for a block that nobody knows."""
        for row in rows:
            ((kind, value),) = row.items()
            if kind in _STYLES:
                yield Paragraph(value, _STYLES[kind])
            elif kind in _LISTS:
                yield Items(tuple(value), _LISTS[kind])
            else:
                yield from _READ[kind](self, value)

    def heading(self, value: str) -> Iterator[Block]:
        yield Heading(value)

    def subheading(self, value: str) -> Iterator[Block]:
        yield Heading(value, 3)

    def step(self, value: str) -> Iterator[Block]:
        yield Heading(self.document["steps"][value], 3)

    def shared(self, value: str) -> Iterator[Block]:
        yield from self.blocks(self.document["shared"][value])

    def ask(self, value: list[list[str]]) -> Iterator[Block]:
        head = (self.words["ask"], self.words["expect"])
        yield Table(head, tuple((question, answer) for question, answer in value), (44, 56), headed=False)

    def table(self, value: dict[str, Any]) -> Iterator[Block]:
        rows = tuple(tuple(row) for row in value["rows"])
        yield Table(tuple(value["head"]), rows, tuple(value["widths"]), writing=True)

    def choices(self, value: dict[str, Any]) -> Iterator[Block]:
        head = tuple(value["head"])
        others = len(head) - 1
        widths = (100 - others * 19, *[19] * others)
        yield Table(head, tuple((row, *[""] * others) for row in value["rows"]), widths, ticked=True)

    def lines(self, value: int) -> Iterator[Block]:
        yield Lines(value)

    def fill(self, value: list[str]) -> Iterator[Block]:
        yield Fill(tuple(value))

    def draw(self, value: float) -> Iterator[Block]:
        yield Frame(value)

    def picture(self, value: dict[str, str]) -> Iterator[Block]:
        yield Picture(value["name"], value["alt"], _WIDTHS[value["size"]])

    def name(self, _: bool) -> Iterator[Block]:
        yield Name()

    def rounds(self, _: bool) -> Iterator[Block]:
        said = notes(self.language)
        for number, name in enumerate(ROUNDS, 1):
            title = round_title(name, self.language)
            rule = round_rule(name, self.language)
            picture = Picture(name, title, 100)
            yield Round(f"{number}  {title}", picture, said[f"round.{name}"], self.words["rule"], rule)

    def timetable(self, _: bool) -> Iterator[Block]:
        """When each step begins and ends, for each length of a lesson, and which rounds there is time for."""
        columns, played = [], []
        for minutes in MINUTES:
            at, column = 0, {}
            for step in plan(self.language, self.age, minutes):
                column[step["name"]] = f"{at}–{at + step['minutes']}"
                at += step["minutes"]
                if step["rounds"]:
                    titles = ", ".join(round_title(name, self.language) for name in step["rounds"])
                    played.append(f"**{self.words['rounds'].format(minutes=minutes)}:** {titles}")
            columns.append(column)
        head = (self.words["column"], *(self.words["minutes"].format(count=minutes) for minutes in MINUTES))
        rows = tuple(
            (self.document["steps"][step], *(column.get(step, "–") for column in columns))
            for step in STEPS
            if any(step in column for column in columns)
        )
        yield Table(head, rows, (46, 18, 18, 18))
        yield Items(tuple(played))


_READ: dict[str, Callable[[_Reader, Any], Iterator[Block]]] = {
    "heading": _Reader.heading,
    "subheading": _Reader.subheading,
    "step": _Reader.step,
    "shared": _Reader.shared,
    "ask": _Reader.ask,
    "table": _Reader.table,
    "choices": _Reader.choices,
    "lines": _Reader.lines,
    "fill": _Reader.fill,
    "draw": _Reader.draw,
    "picture": _Reader.picture,
    "name": _Reader.name,
    "rounds": _Reader.rounds,
    "timetable": _Reader.timetable,
}
"""Who reads a block, by its key."""
