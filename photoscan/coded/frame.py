"""A JPEG's skeleton: frame, scans and the tables in force at each scan (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from photoscan.coded.huffman import Table
from photoscan.coded.refusal import NotCodableError

_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
MAX_BLOCKS = 10
"""Blocks that one MCU may hold (T.81, B.2.3)."""


@dataclass(frozen=True, slots=True)
class Component:
    """One colour component: its sampling factors, its quantisation table's number, and its size in blocks."""

    identifier: int
    across: int
    down: int
    quantisation: int
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Size in pixels and components. `unit`: width and height in pixels of the smallest part that can be replaced."""

    width: int
    height: int
    progressive: bool
    components: tuple[Component, ...]

    @property
    def unit(self) -> tuple[int, int]:
        """An MCU's width and height in pixels; of a picture with one component a block's."""
        if len(self.components) == 1:
            return 8, 8
        return 8 * max(c.across for c in self.components), 8 * max(c.down for c in self.components)

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of units."""
        return -(-self.width // self.unit[0]), -(-self.height // self.unit[1])


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan: its components with their Huffman tables, the band of coefficients, and its entropy-coded intervals.

    `members`: index of the component, numbers of its DC and AC tables. `first`, `last`: the band in zigzag order;
    `high`, `low`: bits of successive approximation. `restart`: MCUs in an interval, 0 for one interval.
    """

    header: bytes
    members: tuple[tuple[int, int, int], ...]
    first: int
    last: int
    high: int
    low: int
    restart: int
    tables: dict[tuple[int, int], Table]
    intervals: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A whole JPEG: bytes that stay as they are and scans, in their order; the quantisation tables at its first scan.

    `adobe`: the colour transform of an Adobe segment, None where there is none.
    """

    frame: Frame
    parts: tuple[bytes | Scan, ...]
    quantisation: dict[int, tuple[int, ...]]
    adobe: int | None


def read(data: bytes) -> Skeleton:
    """Take a stripped JPEG apart; NotCodableError for what this package does not write."""
    try:
        return _skeleton(data)
    except (IndexError, KeyError, ValueError):
        raise NotCodableError("headers that make no sense") from None


def _skeleton(data: bytes) -> Skeleton:
    frame: Frame | None = None
    adobe: int | None = None
    parts: list[bytes | Scan] = [data[:2]]
    tables: dict[tuple[int, int], Table] = {}
    quantisation: dict[int, tuple[int, ...]] = {}
    restart, at = 0, 2
    while data[at : at + 2] != b"\xff\xd9":
        marker = data[at + 1] if len(data) > at + 4 and data[at] == 0xFF else 0
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker < 0xC0 or end > len(data):
            raise NotCodableError("a broken segment")
        content = data[at + 4 : end]
        if marker == 0xDA:
            match = _SCAN_END.search(data, end)
            if frame is None or match is None:
                raise NotCodableError("a scan without frame or end")
            parts.append(_scan(frame, content, data[at:end], data[end : match.start()], restart, dict(tables)))
            at = match.start()
            continue
        if marker in (0xC0, 0xC1, 0xC2):
            if frame is not None:
                raise NotCodableError("several frames")
            frame = _frame(content, marker == 0xC2)
        elif marker == 0xC4:
            tables.update(_tables(content))
        elif marker == 0xDB:
            quantisation.update(_quantisation(content))
        elif marker == 0xDD:
            restart = int.from_bytes(content[:2], "big")
        elif marker == 0xEE and content[:5] == b"Adobe" and len(content) >= 12:
            adobe = content[11]
        elif not 0xE0 <= marker <= 0xEF:
            raise NotCodableError("arithmetic, lossless or hierarchical coding")
        parts.append(data[at:end])
        at = end
    if frame is None:
        raise NotCodableError("no frame")
    parts.append(data[at:])
    return Skeleton(frame, tuple(parts), quantisation, adobe)


def _frame(content: bytes, progressive: bool) -> Frame:
    precision, height, width, count = content[0], _two(content, 1), _two(content, 3), content[5]
    rows = [content[6 + 3 * i : 9 + 3 * i] for i in range(count)]
    factors = [(row[1] >> 4, row[1] & 15) for row in rows if len(row) == 3]
    if precision != 8 or not width or not height or len(factors) != count or not 1 <= count <= 4:
        raise NotCodableError("not 8 bits a sample, or a size told later")
    if any(not 1 <= factor <= 4 for pair in factors for factor in pair):
        raise NotCodableError("impossible sampling")
    widest, highest = max(a for a, _ in factors), max(d for _, d in factors)
    components = tuple(
        Component(row[0], across, down, row[2], _blocks(width, across, widest), _blocks(height, down, highest))
        for row, (across, down) in zip(rows, factors, strict=True)
    )
    return Frame(width, height, progressive, components)


def _blocks(size: int, factor: int, largest: int) -> int:
    """Blocks along a side of a component (A.1.1, A.2.4)."""
    samples = -(-size * factor // largest)
    return -(-samples // 8)


def _scan(
    frame: Frame, content: bytes, header: bytes, entropy: bytes, restart: int, tables: dict[tuple[int, int], Table]
) -> Scan:
    numbers = {component.identifier: i for i, component in enumerate(frame.components)}
    count = content[0]
    members = tuple(
        (numbers[content[1 + 2 * i]], content[2 + 2 * i] >> 4, content[2 + 2 * i] & 15) for i in range(count)
    )
    first, last, bits = content[1 + 2 * count : 4 + 2 * count]
    if count > 1 and sum(frame.components[i].across * frame.components[i].down for i, _, _ in members) > MAX_BLOCKS:
        raise NotCodableError("too many blocks in an MCU")
    if frame.progressive and first and count > 1:
        raise NotCodableError("a band of several components")
    intervals = tuple(_RESTART.split(entropy)) if restart else (entropy,)
    return Scan(header, members, first, last, bits >> 4, bits & 15, restart, tables, intervals)


def _tables(content: bytes) -> Iterator[tuple[tuple[int, int], Table]]:
    at = 0
    while at < len(content):
        counts = tuple(content[at + 1 : at + 17])
        symbols = content[at + 17 : at + 17 + sum(counts)]
        yield (content[at] >> 4, content[at] & 15), Table(counts, symbols)
        at += 17 + sum(counts)


def _quantisation(content: bytes) -> Iterator[tuple[int, tuple[int, ...]]]:
    at = 0
    while at < len(content):
        size = 2 if content[at] >> 4 else 1
        raw = content[at + 1 : at + 1 + 64 * size]
        yield content[at] & 15, tuple(int.from_bytes(raw[i : i + size], "big") for i in range(0, len(raw), size))
        at += 1 + 64 * size


def _two(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 2], "big")
