"""Text laid out for a terminal: lines that go on under their own beginning, and rows in columns.

Made by hand: libraries that do more take longer to import than reading a photo's metadata takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from photoscan.columns import columns, cut

Run = tuple[str, str]
"""A piece of a line, and its style."""

STYLES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36, "white": 37, "on red": 41}
"""Words of a style, separated by commas, and their numbers (ECMA-48, 8.3.117: SGR)."""
GAP = 2
"""Columns between two columns of a table."""
LONGEST = 3
"""Rows of a table's cell that one word may fill."""


class Terminal:
    """Collects lines. `width` in columns of a terminal; `colour`: whether styles are written, as escape sequences."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self.colour = colour
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        """All lines, each with its end."""
        return "".join(f"{line}\n" for line in self._lines)

    def line(self, *runs: Run, indent: int = 0, lead: str = "", margin: int = 0, wrap: bool = True) -> None:
        """A line, broken where it is too long: it goes on under its own beginning.

        `indent`: columns in front of it; `lead`: what stands in front of its first row, such as a bullet; `margin`:
        columns that are left free behind it. `wrap`: False for what is to be copied whole.
        """
        hang = indent + columns(lead)
        room = self.width - hang - margin
        rows = broken(runs, max(1, room)) if wrap else [list(runs)]
        for number, row in enumerate(rows):
            front = " " * indent + lead if number == 0 else " " * hang
            self._lines.append((front + self._written(row)).rstrip())

    def table(self, rows: Sequence[tuple[str, str, str]], styles: tuple[str, str, str], indent: int) -> None:
        """Rows in three columns; the first is never broken, the others share what room is left."""
        label = max((columns(row[0]) for row in rows), default=0)
        room = max(2, self.width - 2 * indent - label - 2 * GAP)
        left, right = (max((_widest(row[i]) for row in rows), default=0) for i in (1, 2))
        if left + right > room:
            half = room // 2
            left, right = (room - right, right) if right <= half else (min(left, room - half), max(half, room - left))
        for row in rows:
            cells = [
                broken([(_within(row[i], width), styles[i])], width)
                for i, width in ((1, max(1, left)), (2, max(1, right)))
            ]
            for number in range(max(map(len, cells))):
                first = [(row[0] if number == 0 else "", styles[0])]
                parts = [first, *(cell[number] if number < len(cell) else [] for cell in cells)]
                self._lines.append(" " * indent + self._aligned(parts, (label, left, right)))

    def _aligned(self, parts: Sequence[Sequence[Run]], widths: Sequence[int]) -> str:
        line = ""
        for part, width in zip(parts, widths, strict=True):
            taken = sum(columns(text) for text, _ in part)
            line += self._written(part) + " " * (width - taken + GAP)
        return line.rstrip()

    def _written(self, runs: Sequence[Run]) -> str:
        return "".join(self._styled(text, style) for text, style in runs)

    def _styled(self, text: str, style: str) -> str:
        if not (self.colour and style and text):
            return text
        numbers = ";".join(str(STYLES[word]) for word in style.split(", "))
        return f"\x1b[{numbers}m{text}\x1b[0m"


def _within(text: str, width: int) -> str:
    """A cell's text with words that would fill many rows cut short."""
    return "\n".join(" ".join(cut(word, LONGEST * width) for word in line.split(" ")) for line in text.split("\n"))


def _widest(text: str) -> int:
    return max(map(columns, text.split("\n")))


def broken(runs: Sequence[Run], width: int) -> list[list[Run]]:
    """A line in rows of at most `width` columns: broken at blanks, and within a word that is too long for a row."""
    text = "".join(piece for piece, _ in runs)
    rows, at = [], 0
    for line in text.split("\n"):
        rows += [_slice(runs, at + start, at + end) for start, end in _rows(line, width)]
        at += len(line) + 1
    return rows


def _rows(line: str, width: int) -> Iterator[tuple[int, int]]:
    """Where each row of a line begins and ends, without the blanks at its end."""
    start = end = at = 0
    room = width
    while at < len(line):
        behind = line.find(" ", at)
        behind = len(line) if behind < 0 else behind
        word = columns(line[at:behind])
        if word > room and room < width:
            if end > start:
                yield start, end
            start, room = at, width
        while word > room:
            # A word that is longer than a row: as much of it as fits.
            cut = at + 1
            while columns(line[at : cut + 1]) <= room:
                cut += 1
            yield start, cut
            start = at = cut
            word, room = columns(line[at:behind]), width
        end = behind
        room -= word
        at = behind
        while at < len(line) and line[at] == " ":
            at += 1
            room -= 1
    yield start, end


def _slice(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    """What of the runs stands from one character to another."""
    found, at = [], 0
    for text, style in runs:
        piece = text[max(0, start - at) : max(0, end - at)]
        if piece:
            found.append((piece, style))
        at += len(text)
    return found
