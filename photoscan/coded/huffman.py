"""Huffman tables (ITU-T T.81, annex C): looking codes up, and adding a symbol without moving the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from photoscan.coded.refusal import NotCodableError

LONGEST = 16


@dataclass(frozen=True)
class Table:
    """How many codes have 1 to 16 bits, and the symbols in the order of their codes."""

    counts: tuple[int, ...]
    symbols: bytes

    def __post_init__(self) -> None:
        if len(self.counts) != LONGEST or len(self.symbols) != sum(self.counts) or not self.symbols:
            raise NotCodableError("a broken Huffman table")

    @cached_property
    def codes(self) -> dict[int, tuple[int, int]]:
        """Each symbol's code and its length in bits."""
        found: dict[int, tuple[int, int]] = {}
        code = at = 0
        for length, count in enumerate(self.counts, 1):
            for symbol in self.symbols[at : at + count]:
                if code >= 1 << length:
                    raise NotCodableError("a Huffman table with too many codes")
                found.setdefault(symbol, (code, length))
                code += 1
            at += count
            code <<= 1
        return found

    def with_symbols(self, wanted: set[int]) -> Table:
        """A table in which every symbol of this one keeps its code, and the wanted ones have one.

        The code of ones alone is kept free (C.2), so there is always room behind the last code, up to 16 bits.
        NotCodableError when that is not enough.
        """
        counts, symbols = list(self.counts), bytearray(self.symbols)
        last, length = max(self.codes.values(), key=lambda code: (code[1], code[0]))
        for symbol in sorted(wanted - self.codes.keys()):
            free = last + 1
            while free >= (1 << length) - 1:
                free, length = free << 1, length + 1
                if length > LONGEST:
                    raise NotCodableError("no room in a Huffman table")
            counts[length - 1] += 1
            symbols.append(symbol)
            last = free
        return Table(tuple(counts), bytes(symbols))

    def written(self, kind: int, number: int) -> bytes:
        """A DHT segment that defines this table."""
        content = bytes((kind << 4 | number, *self.counts)) + self.symbols
        return b"\xff\xc4" + (len(content) + 2).to_bytes(2, "big") + content

    def lookup(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """For every 16 bits that may come next: the length of the code they begin with, 0 for none, and its symbol."""
        lengths, symbols = np.zeros(1 << LONGEST, np.uint8), np.zeros(1 << LONGEST, np.uint8)
        for symbol, (code, length) in self.codes.items():
            span = slice(code << (LONGEST - length), (code + 1) << (LONGEST - length))
            lengths[span], symbols[span] = length, symbol
        return lengths, symbols
