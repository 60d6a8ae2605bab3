"""Blocks: bytes gathered from pieces of a file that still know where in the file they stand.

Metadata is split over segments (extended XMP, colour profiles), cut into sub-blocks (GIF) or compressed (PNG). A reader
of a standard sees one run of bytes; what it finds is told by its place in the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int]
"""Offset and length in bytes of the file."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of bytes. `starts` are positions in `data` where a piece begins, `places` where that piece stands.

    `packed`: the bytes are not literally in the file; everything in them is told by the place of its carrier.
    """

    data: bytes
    starts: tuple[int, ...]
    places: tuple[Span, ...]
    packed: bool = False

    @staticmethod
    def of(data: bytes, offset: int = 0) -> Block:
        """Bytes that stand in the file as they are."""
        return Block(data, (0,), ((offset, len(data)),))

    @staticmethod
    def joined(parts: Iterable[Block]) -> Block:
        """Blocks one behind the other."""
        starts: list[int] = []
        places: list[Span] = []
        chunks: list[bytes] = []
        at, packed = 0, False
        for part in parts:
            starts += [at + start for start in part.starts]
            places += part.places
            chunks.append(part.data)
            at += len(part.data)
            packed |= part.packed
        return Block(b"".join(chunks), tuple(starts) or (0,), tuple(places) or ((0, 0),), packed)

    def cut(self, start: int, end: int | None = None) -> Block:
        """The part between two positions, clipped to what is there."""
        size = len(self.data)
        start = max(0, min(start, size))
        end = size if end is None else max(start, min(end, size))
        if self.packed:
            return Block(self.data[start:end], (0,), (self.place(0, size),), True)
        if len(self.places) == 1:
            return Block.of(self.data[start:end], self.places[0][0] + start)
        starts, places = [], []
        first, last = self._piece(start), self._piece(max(start, end - 1))
        for index in range(first, last + 1):
            begin = max(start, self.starts[index])
            stop = self.starts[index + 1] if index + 1 < len(self.starts) else size
            starts.append(begin - start)
            places.append((self.places[index][0] + begin - self.starts[index], max(0, min(end, stop) - begin)))
        return Block(self.data[start:end], tuple(starts), tuple(places))

    def unpacked(self, data: bytes) -> Block:
        """What came out of this block when it was decompressed or decoded."""
        return Block(data, (0,), (self.place(0, len(self.data)),), True)

    def place(self, start: int, end: int) -> Span:
        """Where the bytes between two positions stand in the file; for several pieces the range that spans them."""
        if self.packed:
            begin = min(offset for offset, _ in self.places)
            return begin, max(offset + length for offset, length in self.places) - begin
        first, last = self._piece(start), self._piece(max(start, end - 1))
        begin = self.places[first][0] + start - self.starts[first]
        stop = self.places[last][0] + end - self.starts[last]
        if first < last:  # pieces may stand in another order than in the file
            ends = [at + length for at, length in self.places[first:last]]
            begin, stop = min(begin, *(at for at, _ in self.places[first + 1 : last + 1])), max(stop, *ends)
        return begin, stop - begin

    def _piece(self, at: int) -> int:
        return max(0, bisect_right(self.starts, at) - 1)
