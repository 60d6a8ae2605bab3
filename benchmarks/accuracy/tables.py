"""Tables of figures, as plain text for the terminal and as Markdown for the page that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """Columns and rows of words. `note` says what the figures mean and what they don't."""

    title: str
    columns: Sequence[str]
    note: str = ""
    rows: list[Sequence[str]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """Add a row, one cell a column."""
        self.rows.append([str(cell) for cell in cells])

    def text(self) -> str:
        """For reading in a terminal."""
        widths = [max(map(len, cells)) for cells in zip(self.columns, *self.rows, strict=True)]
        lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in (self.columns, *self.rows)]
        return "\n".join([self.title, *(f"  {line.rstrip()}" for line in lines), ""])

    def markdown(self) -> str:
        """For a page."""
        rows = [self.columns, ["---"] * len(self.columns), *self.rows]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([f"## {self.title}", "", *([self.note, ""] if self.note else []), *lines, ""])


def share(part: float, whole: float) -> str:
    """A part of a whole to three places, '-' where there is no whole."""
    return f"{part / whole:.3f}" if whole else "-"
