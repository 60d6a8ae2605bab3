"""What both ways of coding share: which blocks a scan holds, in which order, and which of them are replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from photoscan.coded.frame import Frame, Scan
from photoscan.coded.refusal import NotCodableError

LARGEST = 11
"""The largest category of a DC difference of 8 bits a sample (T.81, F.1.2.1)."""
Cells = list[bytearray]
"""A row of 0 or 1 for each row of units: 1 for those that are replaced."""


class Paint(Protocol):
    """What replaced blocks look like: flat, with one DC coefficient each."""

    def __call__(self, component: int, row: int, column: int) -> int:
        """The quantised DC coefficient of a component's block."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The MCUs of one scan in their order: how many a row, how many rows, and the units they lie in.

    `shares`: for each member the offsets (row, column) of its blocks in an MCU, and how many rows and columns one MCU
    takes. A scan of one component counts its blocks one by one (A.2.2).
    """

    columns: int
    rows: int
    per_unit: tuple[int, int]
    shares: tuple[tuple[tuple[tuple[int, int], ...], int, int], ...]

    @staticmethod
    def of(frame: Frame, scan: Scan) -> Layout:
        """The layout of a scan."""
        if len(scan.members) == 1:
            component = frame.components[scan.members[0][0]]
            single = len(frame.components) == 1
            per_unit = (1, 1) if single else (component.across, component.down)
            return Layout(component.columns, component.rows, per_unit, ((((0, 0),), 1, 1),))
        shares = []
        for index, _, _ in scan.members:
            component = frame.components[index]
            offsets = tuple((r, c) for r in range(component.down) for c in range(component.across))
            shares.append((offsets, component.down, component.across))
        return Layout(*frame.grid, (1, 1), tuple(shares))

    @property
    def count(self) -> int:
        """MCUs in the scan."""
        return self.columns * self.rows

    def replaced(self, cells: Cells) -> bytearray:
        """For each MCU 1 when it is to be replaced."""
        across, down = self.per_unit
        marks = bytearray()
        for row in range(self.rows):
            units = cells[row // down]
            marks += bytes(units[column // across] for column in range(self.columns)) if across > 1 else units
        return marks


def intervals(scan: Scan, count: int) -> Iterator[tuple[int, int, bytes]]:
    """First MCU, the one behind the last, and the bytes of each interval."""
    step = scan.restart or count
    if len(scan.intervals) != -(-count // step):
        raise NotCodableError("restarts that do not fit")
    for number, interval in enumerate(scan.intervals):
        yield number * step, min(count, (number + 1) * step), interval


def signed(bits: int, category: int) -> int:
    """The value that `category` extra bits stand for (F.2.2.1, EXTEND)."""
    return bits if category == 0 or bits >> (category - 1) else bits - (1 << category) + 1


def coded(value: int) -> tuple[int, int]:
    """A value's category and its extra bits."""
    category = abs(value).bit_length()
    return category, value if value >= 0 else value + (1 << category) - 1
