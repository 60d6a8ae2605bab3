"""JPEG 2000 codestreams (ISO 15444-1 Annex A) without what decoding does not need: comments and tables of lengths.

Tile parts are rebuilt with their new lengths; their coded data are taken as they are.
"""

from __future__ import annotations

import struct

from photoscan.patterns import pattern
from photoscan.stripping.base import Removed

SOC, SIZ, SOT, SOD, EOC = 0xFF4F, 0xFF51, 0xFF90, 0xFF93, 0xFFD9
_MAIN = frozenset((
    0x51, 0x52, 0x53, 0x5C, 0x5D, 0x5E, 0x5F, 0x60, 0x63,  # SIZ COD COC QCD QCC RGN POC PPM CRG
    0x50,  # CAP (ISO 15444-15)
    0x70, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79,  # DCO DFS ADS MCT MCC NLT MCO CBD ATK (ISO 15444-2)
))  # fmt: skip
"""Second bytes of markers in the main header whose segments a decoder needs."""
_TILE = frozenset((0x52, 0x53, 0x5C, 0x5D, 0x5E, 0x5F, 0x61, 0x70, 0x72, 0x73, 0x74, 0x75, 0x77, 0x76))
"""Those in a tile part's header: also PPT, packed packet headers."""
_EXTENSIONS = frozenset((0x70, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79))
_EXTENDED, _CAPABLE = 0x8000, 0x4000
"""Bits of SIZ's capabilities: extensions of part 2, and a CAP segment (A.5.1)."""
_NAMES = {0x64: "comment", 0x55: "table TLM", 0x57: "table PLM", 0x58: "table PLT"}
MAX_SEGMENTS, MAX_TILE_PARTS = 50_000, 200_000
_LEVELS = 32
"""Levels of decomposition that a picture can have (Table A.15)."""
_RUN = pattern(rb"[\x20-\x7e]{8}")
CLOSING = 48
"""Bytes at a tile part's end that are looked at: coded data never are all printable."""
_SIGNS = (b"\xff\xd8\xff", b"Exif\0", b"<?xpacket", b"<x:xmpmeta", b"PK\3\4", b"\x89PNG", b"%PDF")


class Codestream:
    """One codestream of data[start:end], rebuilt; ValueError where it is none or something else stands in it.

    `data`: the new codestream. `removed`: what is not in it. `end`: where the old one ends.
    """

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._source, self._stop = data, end
        self.removed: list[Removed] = []
        if data[start : start + 4] != b"\xff\x4f\xff\x51":
            raise ValueError("no codestream")
        self._capabilities, self._components = _size(data, start + 4)
        self._levels = _LEVELS
        self._deepest = 0
        # Once to see how many levels there are anywhere, then with no more steps than these need.
        self._rebuild(start, end)
        self._levels = self._deepest
        self.removed = []
        self._rebuild(start, end)

    def _rebuild(self, start: int, end: int) -> None:
        data = self._source
        out = [data[start : start + 2]]
        at = self._segments(start + 2, end, _MAIN, out)
        parts = 0
        while self._marker(at) == SOT:
            at = self._tile_part(at, out)
            parts += 1
            if parts > MAX_TILE_PARTS:
                raise ValueError("too many tile parts")
        if not parts:
            raise ValueError("no picture")
        if self._marker(at) == EOC:
            at += 2
        if at < end:
            self.removed.append(Removed("data behind the end of image", at, end - at))
        self.end = at
        self.data = b"".join((*out, b"\xff\xd9"))

    def _marker(self, at: int) -> int:
        return int.from_bytes(self._source[at : at + 2], "big") if at + 2 <= self._stop else 0

    def _segments(self, at: int, stop: int, needed: frozenset[int], out: list[bytes]) -> int:
        """Marker segments up to the next SOT, SOD or EOC; where that stands."""
        for _ in range(MAX_SEGMENTS):
            marker = self._marker(at)
            if marker in (SOT, SOD, EOC):
                return at
            length = int.from_bytes(self._source[at + 2 : at + 4], "big")
            if marker >> 8 != 0xFF or length < 2 or at + 2 + length > stop:
                raise ValueError("a broken segment")
            low = marker & 0xFF
            segment = self._source[at : at + 2 + length]
            kept = self._exact(low, segment) if low in needed else b""
            if kept:
                out.append(kept)
                if len(kept) < len(segment):
                    self.removed.append(Removed("steps of no level", at, len(segment) - len(kept)))
            else:
                name = _NAMES.get(low, f"marker {marker:#06x}")
                self.removed.append(Removed(name, at, 2 + length))
            at += 2 + length
        raise ValueError("too many segments")

    def _exact(self, low: int, segment: bytes) -> bytes:
        """A segment as long as its own counts say (A.5, A.6), b'' for one that the file has no use for; ValueError for
        any other length, as anything can be said behind what a decoder reads."""
        body = segment[4:]
        wide = 1 if self._components < 257 else 2
        if low in _EXTENSIONS:
            if not self._capabilities & _EXTENDED:
                return b""
            _refuse_run(body)
            return segment
        if low == 0x50 and not self._capabilities & _CAPABLE:
            return b""
        if low in (0x5C, 0x5D):
            return self._steps(segment, 4 + (wide if low == 0x5D else 0))
        if low in (0x52, 0x53):
            style, levels = (0, 5) if low == 0x52 else (wide, wide + 1)
            if len(body) <= levels or body[levels] > _LEVELS:
                raise ValueError("a segment with no levels")
            self._deepest = max(self._deepest, body[levels])
            wanted = levels + 5 + (body[levels] + 1 if body[style] & 1 else 0)
        elif low == 0x5F:
            wanted = len(body) if _orders(body, wide) else -1
        else:
            capabilities = 4 + 2 * int.from_bytes(body[:4], "big").bit_count()
            lengths = {0x51: 36 + 3 * self._components, 0x5E: wide + 2, 0x63: 4 * self._components, 0x50: capabilities}
            wanted = lengths.get(low, len(body))
        if len(body) != wanted:
            raise ValueError("a segment of another length")
        return segment

    def _steps(self, segment: bytes, at: int) -> bytes:
        """Quantization (A.6.4) without steps of levels that the picture does not have. `at`: of its style."""
        if len(segment) <= at:
            raise ValueError("a segment without a style")
        style = segment[at] & 0x1F
        steps = {0: 3 * self._levels + 1, 1: 2, 2: 2 * (3 * self._levels + 1)}.get(style)
        if steps is None:
            raise ValueError("an unknown quantization")
        kept = segment[: at + 1 + steps]
        return b"".join((kept[:2], (len(kept) - 2).to_bytes(2, "big"), kept[4:]))

    def _tile_part(self, at: int, out: list[bytes]) -> int:
        """SOT, its header's segments, SOD and the coded data; where the next one begins (A.4.2)."""
        length, tile, size, part, parts = struct.unpack_from(">HHIBB", self._source, at + 2)
        if length != 10 or (size and (size < 14 or at + size > self._stop)):
            raise ValueError("a broken tile part")
        stop = at + size if size else self._stop
        header: list[bytes] = []
        body = self._segments(at + 12, stop, _TILE, header)
        if self._marker(body) != SOD or body + 2 > stop:
            raise ValueError("a tile part without data")
        if not size:
            # It reaches up to the end of the codestream; coded data never hold that marker (B.10.1, C.3).
            found = self._source.find(b"\xff\xd9", body + 2, self._stop)
            stop = found if found >= 0 else self._stop
        coded = self._source[body + 2 : stop]
        _refuse_words(coded)
        content = b"".join((*header, b"\xff\x93", coded))
        if len(content) + 12 >= 1 << 32:
            raise ValueError("too large a tile part")
        out += [struct.pack(">HHHIBB", SOT, 10, tile, len(content) + 12, part, parts), content]
        return stop


def _size(data: bytes, at: int) -> tuple[int, int]:
    """Capabilities and the number of components of SIZ (A.5.1)."""
    if at + 38 > len(data):
        raise ValueError("no size")
    return int.from_bytes(data[at + 2 : at + 4], "big"), int.from_bytes(data[at + 36 : at + 38], "big")


def _orders(body: bytes, wide: int) -> bool:
    """Whether these are changes of the order of packets (A.6.6): resolutions and orders that there are."""
    row = 5 + 2 * wide
    rows = [body[at : at + row] for at in range(0, len(body), row)]
    return bool(rows) and all(
        len(r) == row and r[0] <= _LEVELS and r[wide + 3] <= _LEVELS + 1 and r[-1] <= 4 for r in rows
    )


def _refuse_run(body: bytes) -> None:
    """ValueError for text in an extension's segment, whose own counts are not looked at."""
    if _RUN.search(body):
        raise ValueError("text in a segment of numbers")


def _refuse_words(coded: bytes) -> None:
    """ValueError where text or another file stands behind a tile's packets, which no decoder would look at."""
    closing = coded[-CLOSING:]
    words = len(closing) == CLOSING and all(32 <= byte < 127 or byte in b"\0\t\r\n" for byte in closing)
    if (words and closing.strip(b"\0")) or any(sign in coded[-4096:] for sign in _SIGNS):
        raise ValueError("something stands behind the coded picture")
