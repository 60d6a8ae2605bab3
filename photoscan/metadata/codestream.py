"""JPEG 2000 codestreams (ISO 15444-1 Annex A): comments of the main header and of tile parts, what nobody knows, and
where the codestream ends."""

from __future__ import annotations

import struct

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import text
from photoscan.patterns import pattern

MAX_SEGMENTS = 50_000
_CODING = frozenset((
    0x51, 0x52, 0x53, 0x5C, 0x5D, 0x5E, 0x5F, 0x55, 0x57, 0x58, 0x60, 0x61, 0x63,  # Table A.2
    0x50,  # capabilities (ISO 15444-15)
))  # fmt: skip
"""Second bytes of markers that tell how the picture is coded."""
_PART_2 = frozenset((0x70, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79))
"""Those of ISO 15444-2, Table A.2, which a file has only if its SIZ says so."""
_WORDS = pattern(rb"[\x20-\x7e]{8}")
_COMMENT, _TILE_PART, _DATA, _END = 0x64, 0x90, 0x93, 0xD9
_ENCODERS = ("Kakadu", "Created by OpenJPEG", "Created by: JasPer", "Creator: JasPer", "Kdu-", "Aware", "Comprimato",
             "Created by Grok", "Created by Pillow", "OpenHTJ2K", "LEADTOOLS", "Adobe")  # fmt: skip
"""Encoders sign their work: 'Kakadu-v8.0', 'Created by OpenJPEG version 2.5.0'."""
_LONGEST_SIGN = 80
_MOST_LEVELS = 32
"""Levels of decomposition that a picture can have (Table A.15)."""


def read(content: Block, path: str, found: Collector) -> int:
    """Every statement of a codestream that fills a block; the position behind its end."""
    data, at = content.data, 2
    last = 0
    extended, components = data[6:7] >= b"\x80", int.from_bytes(data[40:42], "big")
    known = _CODING | _PART_2 if extended else _CODING
    for _ in range(MAX_SEGMENTS):
        if data[at : at + 1] != b"\xff":
            break
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _END:
            return at + 2
        if marker == _DATA:
            # `last` is where the tile part that has begun ends.
            at = last or _end(data, at + 2)
            continue
        if length < 2 or at + 2 + length > len(data):
            break
        if marker == _TILE_PART:
            (size,) = struct.unpack_from(">I", data, at + 6)
            last = at + size if size else 0
        elif marker == _COMMENT:
            _comment(content, at, at + 2 + length, path, found)
        elif marker not in known:
            found.unknown(content, path, f"marker 0xff{marker:02x}", at + 4, at + 2 + length)
        elif marker in _PART_2:
            if _WORDS.search(data, at + 4, at + 2 + length):
                found.unknown(content, path, f"marker 0xff{marker:02x}", at + 4, at + 2 + length)
        else:
            # Behind what its own counts say, a segment says what no decoder reads.
            start = at + 4 + _counted(marker, data[at + 4 : at + 2 + length], components)
            if start < at + 2 + length:
                found.unknown(content, path, f"bytes in marker 0xff{marker:02x}", start, at + 2 + length)
        at += 2 + length
    else:
        found.warn("more marker segments than are looked at")
    if at < len(data):
        found.warn("the codestream ends early or contradicts itself")
    return len(data)


def _counted(marker: int, body: bytes, components: int) -> int:
    """How many bytes of a segment mean something (A.5, A.6); all of those whose counts lie elsewhere."""
    index = 2 if components > 256 else 1
    if marker in (0x52, 0x53):
        style = 0 if marker == 0x52 else index
        levels = 5 if marker == 0x52 else index + 1
        precincts = body[style : style + 1] != b"" and body[style] & 1 and len(body) > levels
        return levels + 5 + (body[levels] + 1 if precincts else 0)
    if marker in (0x5C, 0x5D):
        start = index if marker == 0x5D else 0
        bands = 3 * _MOST_LEVELS + 1
        derived = body[start : start + 1]
        return start + 1 + {0: bands, 1: 2}.get(derived[0] & 0x1F if derived else 0, 2 * bands)
    if marker == 0x50:
        return 4 + 2 * int.from_bytes(body[:4], "big").bit_count()
    return {0x51: 36 + 3 * components, 0x5E: index + 2, 0x63: 4 * components}.get(marker, len(body))


def _end(data: bytes, at: int) -> int:
    end = data.find(b"\xff\xd9", at)
    return len(data) if end < 0 else end


def _comment(content: Block, at: int, end: int, path: str, found: Collector) -> None:
    """COM (A.9.2): registration 0 binary, 1 text in Latin-1."""
    start = at + 6
    if content.data[at + 4 : start] == b"\0\0" and not _printable(content.data[start:end]):
        found.unknown(content, f"{path}/COM", "binary comment", start, end)
        return
    words = text(content.data[start:end])
    signed = words.startswith(_ENCODERS) and len(words) <= _LONGEST_SIGN
    field, role = ("Software", Role.TECHNICAL) if signed else ("Comment", Role.TAG)
    if words:
        found.add(content, f"{path}/COM", field, words, start, end, role)


def _printable(raw: bytes) -> bool:
    return sum(32 <= byte < 127 or byte in b"\0\t\r\n" for byte in raw) >= 0.9 * len(raw)
