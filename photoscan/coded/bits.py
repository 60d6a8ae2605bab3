"""Bits of an entropy-coded interval: looked at through windows, and copied to another place."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

CHUNK = 1 << 17
"""Bytes that are made into windows at a time."""
MARGIN = 1 << 12
"""Bytes behind a chunk that are made as well: no MCU is longer (10 blocks of 64 coefficients of up to 27 bits)."""


class BitReader:
    """The bits of one interval, stuffing removed, with windows on a part of them.

    `windows[i]` are the 16 bits that begin `i` bits behind `start`; behind the end there are ones, which begin no code.
    """

    def __init__(self, interval: bytes, lookups: list[NDArray[np.uint16]]) -> None:
        self.data = interval.replace(b"\xff\x00", b"\xff")
        self.end = 8 * len(self.data)
        self.lookups = lookups
        self.start = 0
        self.windows = array("H")
        self.entries: list[array[int]] = []
        self._fill(0)

    def advance(self, at: int) -> int:
        """Make sure that an MCU fits in the windows that begin at bit `at`; where that bit is now."""
        if at - self.start >= 8 * CHUNK:
            self._fill(at // 8)
        return at - self.start

    def _fill(self, byte: int) -> None:
        raw = self.data[byte : byte + CHUNK + MARGIN]
        bytes_ = np.frombuffer(raw + b"\xff" * (MARGIN + 2), np.uint8).astype(np.uint32)
        three = bytes_[:-2] << 16 | bytes_[1:-1] << 8 | bytes_[2:]
        windows = np.empty((len(three), 8), np.uint16)
        for shift in range(8):
            windows[:, shift] = (three >> (8 - shift)) & 0xFFFF
        flat = windows.reshape(-1)
        self.start = 8 * byte
        self.windows = array("H", flat.tobytes())
        self.entries = [array("H", lookup[flat].tobytes()) for lookup in self.lookups]


class BitWriter:
    """Bits in their new order: copied from a source, or written anew."""

    def __init__(self, source: BitReader) -> None:
        self.source = source
        self.done: list[bytes] = []
        self.value, self.count = 0, 0

    def write(self, value: int, count: int) -> None:
        """`count` bits, the lowest of `value`."""
        self.value = self.value << count | value & ((1 << count) - 1)
        self.count += count
        if self.count > 4096:
            self._flush()

    def copy(self, first: int, end: int) -> None:
        """The source's bits from `first` up to before `end`."""
        step = 8 * CHUNK
        if end - first < 64:
            byte, behind = first // 8, -(-end // 8)
            whole = int.from_bytes(self.source.data[byte:behind], "big") >> (8 * behind - end)
            self.write(whole, end - first)
            return
        for at in range(first, end, step):
            self._flush()
            until = min(end, at + step)
            raw = np.frombuffer(self.source.data[at // 8 : -(-until // 8)], np.uint8)
            skipped = at % 8
            bits = np.unpackbits(raw)[skipped : skipped + until - at]
            head = [self.value >> (self.count - 1 - i) & 1 for i in range(self.count)]
            bits = np.concatenate([np.array(head, np.uint8), bits])
            whole = len(bits) // 8 * 8
            self.done.append(np.packbits(bits[:whole]).tobytes())
            rest = bits[whole:].tolist()
            self.value, self.count = int("0" + "".join(map(str, rest)), 2), len(rest)

    def bytes(self) -> bytes:
        """The interval: filled up with ones, bytes of ones stuffed (F.1.2.3)."""
        if self.count % 8:
            missing = 8 - self.count % 8
            self.write((1 << missing) - 1, missing)
        self._flush()
        return b"".join(self.done).replace(b"\xff", b"\xff\x00")

    def _flush(self) -> None:
        whole, rest = divmod(self.count, 8)
        if whole:
            self.done.append((self.value >> rest).to_bytes(whole, "big"))
            self.value, self.count = self.value & ((1 << rest) - 1), rest
