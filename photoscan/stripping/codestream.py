"""JPEG 2000 codestreams (ISO 15444-1 Annex A) without what decoding does not need: comments and tables of lengths.

Tile parts are rebuilt with their new lengths; their coded data are taken as they are.
"""

from __future__ import annotations

import struct

from photoscan.stripping.base import Removed

SOC, SIZ, SOT, SOD, EOC = 0xFF4F, 0xFF51, 0xFF90, 0xFF93, 0xFFD9
_MAIN = frozenset((
    0x51, 0x52, 0x53, 0x5C, 0x5D, 0x5E, 0x5F, 0x60, 0x63,  # SIZ COD COC QCD QCC RGN POC PPM CRG
    0x50, 0x59, 0x56,  # CAP CPF PRF (ISO 15444-15 and the third edition of part 1)
    0x70, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79,  # DCO DFS ADS MCT MCC NLT MCO CBD ATK (ISO 15444-2)
))  # fmt: skip
"""Second bytes of markers in the main header whose segments a decoder needs."""
_TILE = frozenset((0x52, 0x53, 0x5C, 0x5D, 0x5E, 0x5F, 0x61, 0x70, 0x72, 0x73, 0x74, 0x75, 0x77, 0x76))
"""Those in a tile part's header: also PPT, packed packet headers."""
_NAMES = {0x64: "comment", 0x55: "table TLM", 0x57: "table PLM", 0x58: "table PLT"}
MAX_SEGMENTS, MAX_TILE_PARTS = 50_000, 200_000
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
            if low in needed:
                out.append(self._source[at : at + 2 + length])
            else:
                name = _NAMES.get(low, f"marker {marker:#06x}")
                self.removed.append(Removed(name, at, 2 + length))
            at += 2 + length
        raise ValueError("too many segments")

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


def _refuse_words(coded: bytes) -> None:
    """ValueError where text or another file stands behind a tile's packets, which no decoder would look at."""
    closing = coded[-CLOSING:]
    words = len(closing) == CLOSING and all(32 <= byte < 127 or byte in b"\0\t\r\n" for byte in closing)
    if (words and closing.strip(b"\0")) or any(sign in coded[-4096:] for sign in _SIGNS):
        raise ValueError("something stands behind the coded picture")
