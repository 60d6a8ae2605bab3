"""Sequential scans (baseline and extended Huffman): replaced blocks become flat, all other bits are copied."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photoscan.coded.bits import BitReader, BitWriter
from photoscan.coded.frame import Scan
from photoscan.coded.huffman import Table
from photoscan.coded.refusal import NotCodableError
from photoscan.coded.walk import LARGEST, Layout, Paint, coded, intervals, signed

END, INVALID = 128, 1024
"""Coefficients that 'end of block', and bits that are no code, go forward: more than any block has."""


def rewritten(
    scan: Scan, layout: Layout, replaced: bytearray, paint: Paint, every: bool = False
) -> tuple[bytes, list[bytes]]:
    """Table definitions to put before the scan, and its intervals; `every`: also those where nothing is replaced."""
    if (scan.first, scan.last, scan.high, scan.low) != (0, 63, 0, 0):
        raise NotCodableError("a band in a sequential scan")
    tables = {(0, dc) for _, dc, _ in scan.members} | {(1, ac) for _, _, ac in scan.members}
    if missing := tables - scan.tables.keys():
        raise NotCodableError(f"{len(missing)} Huffman tables are missing")
    walker = _Walker(scan, layout, replaced, paint)
    walker.run(every)
    used = {key: table for key, table in walker.tables.items() if table is not scan.tables[key]}
    return b"".join(table.written(*key) for key, table in used.items()), walker.intervals


class _Walker:
    def __init__(self, scan: Scan, layout: Layout, replaced: bytearray, paint: Paint) -> None:
        self.scan, self.layout, self.replaced, self.paint = scan, layout, replaced, paint
        self.tables = dict(scan.tables)
        # Differences are looked up one by one, coefficients for all bits at once: there are many more of them.
        differences = {dc: _differences(scan.tables[0, dc]).tolist() for _, dc, _ in scan.members}
        self.differences: list[list[int]] = [differences[dc] for _, dc, _ in scan.members]
        numbers = sorted({ac for _, _, ac in scan.members})
        self.lookups = [_coefficients(scan.tables[1, ac]) for ac in numbers]
        self.table_of = [numbers.index(ac) for _, _, ac in scan.members]
        self.intervals: list[bytes] = []

    def run(self, every: bool) -> None:
        for first, end, interval in intervals(self.scan, self.layout.count):
            if every or any(self.replaced[first:end]):
                self.intervals.append(self._interval(first, end, interval))
            else:
                self.intervals.append(interval)

    def _interval(self, first: int, end: int, interval: bytes) -> bytes:
        """One interval. `old` and `new`: DC predictions before and after replacing; they meet again behind it."""
        source = BitReader(interval, self.lookups)
        sink = BitWriter(source)
        count = len(self.scan.members)
        blocks = [i for i, (offsets, _, _) in enumerate(self.layout.shares) for _ in offsets]
        old, new = [0] * count, [0] * count
        differences = self.differences
        at = copied = 0
        try:
            for mcu in range(first, end):
                shift = at - source.advance(at)
                position = at - shift
                windows, entries = source.windows, [source.entries[table] for table in self.table_of]
                hidden = self.replaced[mcu]
                if hidden:
                    sink.copy(copied, at)
                for member in blocks:
                    begin = position
                    entry = differences[member][windows[position]]
                    category, position = entry >> 5, position + (entry & 31)
                    was = old[member]
                    if category:
                        if category > LARGEST:
                            raise NotCodableError("bits that are no code")
                        old[member] += signed(windows[position] >> (16 - category), category)
                        position += category
                    if not hidden:
                        if was != new[member]:
                            # The first block behind a replaced one: only its difference from its neighbour changes.
                            sink.copy(copied, begin + shift)
                            self._difference(sink, member, old[member] - new[member])
                            copied = position + shift
                        new[member] = old[member]
                    k, coefficients = 1, entries[member]
                    while k < 64:
                        entry = coefficients[position]
                        position += entry & 31
                        k += entry >> 5
                    if k != 64 and not END < k < END + 64:
                        raise NotCodableError("bits that are no block")
                at = position + shift
                if hidden:
                    self._paint(sink, mcu, new)
                    copied = at
        except IndexError:
            raise NotCodableError("an interval that ends early") from None
        if at > source.end:
            raise NotCodableError("an interval that ends early")
        sink.copy(copied, at)
        return sink.bytes()

    def _paint(self, sink: BitWriter, mcu: int, new: list[int]) -> None:
        """Write an MCU of flat blocks."""
        row, column = divmod(mcu, self.layout.columns)
        for member, (offsets, down, across) in enumerate(self.layout.shares):
            component, _, ac = self.scan.members[member]
            for r, c in offsets:
                value = self.paint(component, row * down + r, column * across + c)
                self._difference(sink, member, value - new[member])
                new[member] = value
                sink.write(*self._code((1, ac), 0))

    def _difference(self, sink: BitWriter, member: int, value: int) -> None:
        category, bits = coded(value)
        sink.write(*self._code((0, self.scan.members[member][1]), category))
        sink.write(bits, category)

    def _code(self, key: tuple[int, int], symbol: int) -> tuple[int, int]:
        """A symbol's code; where the table has none it gets one, and all others keep theirs."""
        if symbol not in self.tables[key].codes:
            self.tables[key] = self.tables[key].with_symbols({symbol})
        return self.tables[key].codes[symbol]


def _differences(table: Table) -> NDArray[np.uint16]:
    """For 16 bits: the code's length, and 32 times the category of the DC difference; category 1024 for no code."""
    lengths, symbols = table.lookup()
    categories = np.where(lengths == 0, INVALID, np.minimum(symbols.astype(np.uint16), INVALID))
    return (lengths | categories << 5).astype(np.uint16)


def _coefficients(table: Table) -> NDArray[np.uint16]:
    """For 16 bits: the length of a code with its extra bits, and 32 times how many coefficients it goes forward."""
    lengths, symbols = table.lookup()
    run, size = (symbols >> 4).astype(np.uint16), (symbols & 15).astype(np.uint16)
    forward = np.where(size > 0, run + 1, np.where(run == 15, 16, np.where(run == 0, END, INVALID)))
    forward = np.where(lengths == 0, INVALID, forward)
    return (lengths + size | forward << 5).astype(np.uint16)
