"""Progressive scans (T.81, annex G): replaced blocks become flat, all other bits are copied.

A replaced block loses its coefficients, and the corrections of them, in every scan. An end-of-band run that begins in
it stays where it is: its blocks follow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photoscan.coded.bits import BitReader, BitWriter
from photoscan.coded.frame import Frame, Scan
from photoscan.coded.huffman import Table
from photoscan.coded.refusal import NotCodableError
from photoscan.coded.walk import LARGEST, Layout, Paint, coded, intervals, signed


class Progressive:
    """Rewrites the scans of one picture in their order; remembers which coefficients are not zero so far."""

    def __init__(self, frame: Frame, paint: Paint, every: bool = False) -> None:
        """`every`: intervals are written anew where nothing is replaced as well."""
        self.paint, self.every = paint, every
        self.nonzero = [bytearray(64 * c.columns * c.rows) for c in frame.components]

    def rewritten(self, scan: Scan, layout: Layout, replaced: bytearray) -> tuple[bytes, list[bytes]]:
        """Table definitions to put before the scan, and its intervals."""
        band = _Band(scan, layout, replaced, self.paint, self.nonzero[scan.members[0][0]])
        band.every = self.every
        if scan.last > 63 or scan.first > scan.last or (scan.first == 0 and scan.last):
            raise NotCodableError("an impossible band")
        step = {(True, 0): band.differences, (True, 1): band.dc_bits, (False, 0): band.values, (False, 1): band.refined}
        walk = step[scan.first == 0, int(scan.high > 0)]
        done = []
        for first, end, interval in intervals(scan, layout.count):
            try:
                done.append(walk(first, end, interval))
            except (IndexError, KeyError):
                raise NotCodableError("an interval that ends early") from None
        used = {key: table for key, table in band.tables.items() if table is not scan.tables.get(key)}
        return b"".join(table.written(*key) for key, table in used.items()), done


class _Band:
    """One scan."""

    every = False

    def __init__(self, scan: Scan, layout: Layout, replaced: bytearray, paint: Paint, nonzero: bytearray) -> None:
        self.scan, self.layout, self.replaced, self.paint, self.nonzero = scan, layout, replaced, paint, nonzero
        self.tables = dict(scan.tables)

    def differences(self, first: int, end: int, interval: bytes) -> bytes:
        """The first scan of DC coefficients: as in a sequential scan, without the others."""
        scan, layout = self.scan, self.layout
        if not self.every and not any(self.replaced[first:end]):
            return interval
        entries = {dc: _entries(scan.tables[0, dc]).tolist() for _, dc, _ in scan.members}
        lookups: list[list[int]] = [entries[dc] for _, dc, _ in scan.members]
        source = BitReader(interval, [])
        sink = BitWriter(source)
        old, new = [0] * len(scan.members), [0] * len(scan.members)
        at = copied = 0
        for mcu in range(first, end):
            shift = at - source.advance(at)
            position, hidden = at - shift, self.replaced[mcu]
            row, column = divmod(mcu, layout.columns)
            for member, (offsets, down, across) in enumerate(layout.shares):
                for r, c in offsets:
                    begin = position
                    entry = lookups[member][source.windows[position]]
                    category, position = _behind(entry, position)
                    if category > LARGEST:
                        raise NotCodableError("an impossible difference")
                    was = old[member]
                    old[member] += signed(source.windows[position] >> (16 - category) if category else 0, category)
                    position += category
                    if hidden:
                        value = self.paint(scan.members[member][0], row * down + r, column * across + c) >> scan.low
                    elif was == new[member]:
                        new[member] = old[member]
                        continue
                    else:
                        value = old[member]
                    sink.copy(copied, begin + shift)
                    category, bits = coded(value - new[member])
                    sink.write(*self._code((0, scan.members[member][1]), category))
                    sink.write(bits, category)
                    new[member], copied = value, position + shift
            at = position + shift
        sink.copy(copied, _checked(at, source))
        return sink.bytes()

    def dc_bits(self, first: int, end: int, interval: bytes) -> bytes:
        """One more bit of each DC coefficient."""
        source = BitReader(interval, [])
        sink = BitWriter(source)
        at = copied = 0
        for mcu in range(first, end):
            row, column = divmod(mcu, self.layout.columns)
            for member, (offsets, down, across) in enumerate(self.layout.shares):
                for r, c in offsets:
                    if self.replaced[mcu]:
                        sink.copy(copied, at)
                        value = self.paint(self.scan.members[member][0], row * down + r, column * across + c)
                        sink.write(value >> self.scan.low & 1, 1)
                        copied = at + 1
                    at += 1
        sink.copy(copied, _checked(at, source))
        return sink.bytes()

    def values(self, first: int, end: int, interval: bytes) -> bytes:
        """The first scan of a band of AC coefficients."""
        source, sink = self._band(interval)
        at = copied = run = 0
        for block in range(first, end):
            shift = at - source.advance(at)
            position, hidden, k = at - shift, self.replaced[block], self.scan.first
            if run:
                run -= 1
                continue
            if hidden:
                sink.copy(copied, at)
            while k <= self.scan.last:
                begin = position
                symbol, position = _behind(source.entries[0][position], position)
                zeros, size = symbol >> 4, symbol & 15
                if size:
                    k += zeros
                    self.nonzero[64 * block + k] = 1
                    k, position = k + 1, position + size
                elif zeros == 15:
                    k += 16
                else:
                    run = (1 << zeros) + (source.windows[position] >> (16 - zeros) if zeros else 0)
                    position += zeros
                    break
            if k > self.scan.last + 1:
                raise NotCodableError("bits that are no block")
            at = position + shift
            if hidden:
                if run:
                    copied = begin + shift
                else:
                    self._end(sink)
                    copied = at
            run -= run > 0
        sink.copy(copied, _checked(at, source))
        return sink.bytes()

    def refined(self, first: int, end: int, interval: bytes) -> bytes:
        """One more bit of each AC coefficient of a band, and the coefficients that appear with it."""
        source, sink = self._band(interval)
        nonzero, last = self.nonzero, self.scan.last
        at = copied = run = 0
        for block in range(first, end):
            shift = at - source.advance(at)
            position, hidden, base, k = at - shift, self.replaced[block], 64 * block, self.scan.first
            if hidden:
                sink.copy(copied, at)
            while k <= last and not run:
                begin = position
                symbol, position = _behind(source.entries[0][position], position)
                zeros, size = symbol >> 4, symbol & 15
                if size > 1:
                    raise NotCodableError("bits that are no correction")
                if not size and zeros < 15:
                    run = (1 << zeros) + (source.windows[position] >> (16 - zeros) if zeros else 0)
                    position += zeros
                    if hidden:
                        sink.copy(begin + shift, position + shift)
                    break
                position += size
                while k <= last:
                    if nonzero[base + k]:
                        position += 1
                    elif zeros:
                        zeros -= 1
                    else:
                        break
                    k += 1
                if size:
                    if k > last:
                        raise NotCodableError("bits that are no block")
                    nonzero[base + k] = 1
                k += 1
            if run:
                position += nonzero.count(1, base + k, base + last + 1)
                run -= 1
            elif hidden:
                self._end(sink)
            at = position + shift
            if hidden:
                copied = at
        sink.copy(copied, _checked(at, source))
        return sink.bytes()

    def _band(self, interval: bytes) -> tuple[BitReader, BitWriter]:
        source = BitReader(interval, [_entries(self.scan.tables[1, self.scan.members[0][2]])])
        return source, BitWriter(source)

    def _end(self, sink: BitWriter) -> None:
        """A run of one block."""
        sink.write(*self._code((1, self.scan.members[0][2]), 0))

    def _code(self, key: tuple[int, int], symbol: int) -> tuple[int, int]:
        if symbol not in self.tables[key].codes:
            self.tables[key] = self.tables[key].with_symbols({symbol})
        return self.tables[key].codes[symbol]


def _entries(table: Table) -> NDArray[np.uint16]:
    """For 16 bits: the code's length, 0 for none, and 32 times its symbol."""
    lengths, symbols = table.lookup()
    return (lengths | symbols.astype(np.uint16) << 5).astype(np.uint16)


def _behind(entry: int, position: int) -> tuple[int, int]:
    """The symbol of an entry that was looked up at a place, and the place behind its code."""
    if not entry & 31:
        raise NotCodableError("bits that are no code")
    return entry >> 5, position + (entry & 31)


def _checked(at: int, source: BitReader) -> int:
    if at > source.end:
        raise NotCodableError("an interval that ends early")
    return at
