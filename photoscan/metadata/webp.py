"""WebP (RFC 9649): chunks beside the picture, also inside animation frames, and what follows."""

from __future__ import annotations

from photoscan.metadata import exif, icc, sniff, tail, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector

MAX_CHUNKS = 100_000
_DECODING = {b"VP8X": 10, b"ANIM": 6}
_CODED = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
_FRAME_HEADER = 16


def walk(block: Block, path: str, found: Collector) -> None:
    """Every chunk that is not needed to show the picture."""
    data = block.data
    declared = 8 + int.from_bytes(data[4:8], "little")
    if declared > len(data):
        found.warn("no end of image")
    end = _chunks(block, 12, min(declared, len(data)), path, found)
    found.unknown(block, path, start=end, end=min(declared, len(data)))
    tail.read(block, min(declared, len(data)), path, found)


def _chunks(block: Block, at: int, end: int, path: str, found: Collector) -> int:
    shown = False
    for _ in range(MAX_CHUNKS):
        if at + 8 > end:
            return at
        kind, length = block.data[at : at + 4], int.from_bytes(block.data[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            found.warn("a chunk is longer than the file")
            return at
        if shown and kind in _CODED:
            found.unknown(block, path, "picture that is not shown", at + 8, at + 8 + length)
        shown = shown or kind in (b"VP8 ", b"VP8L")
        with found.guarded(path):
            _chunk(kind, block.cut(at + 8, at + 8 + length), path, found)
        if length & 1 and block.data[at + 8 + length : at + 9 + length].strip(b"\0"):
            found.unknown(block, path, "padding", at + 8 + length, at + 9 + length)
        at += 8 + length + (length & 1)
    found.warn("too many chunks")
    return at


def _chunk(kind: bytes, content: Block, path: str, found: Collector) -> None:
    if kind == b"EXIF":
        exif.read(content.cut(6 if content.data.startswith(b"Exif\0\0") else 0), f"{path}/exif", found)
    elif kind == b"XMP ":
        xmp.read(content, f"{path}/xmp", found)
    elif kind == b"ICCP":
        icc.read(content, f"{path}/icc", found)
    elif kind == b"ANMF":
        _chunks(content, _FRAME_HEADER, len(content.data), f"{path}/frame", found)
    elif kind in _DECODING:
        found.unknown(content, f"{path}/{kind.decode()}", "surplus", _DECODING[kind])
    elif kind not in _CODED:
        name = f"{path}/{kind.decode('latin-1').strip()}"
        found.unknown(content, name, about=sniff.words(content.data, 0, len(content.data)))
