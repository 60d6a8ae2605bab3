"""A film's tracks box by box: clocks, names of handlers and encoders, hidden streams, and bytes that no track uses."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from photoscan.metadata import film_hidden, film_motion, film_units, film_words
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes
from photoscan.metadata.entry import Collector, Role, is_fill
from photoscan.metadata.film_clock import clock
from photoscan.metadata.film_names import plain, vendor
from photoscan.metadata.film_tracks import Samples, Track, played, samples
from photoscan.metadata.ifd import text

_PARENTS = {
    b"trak": frozenset((b"tkhd", b"edts", b"tref", b"mdia", b"load", b"tapt", b"clip", b"matt")),
    b"mdia": frozenset((b"mdhd", b"hdlr", b"minf")),
    b"minf": frozenset((b"vmhd", b"smhd", b"nmhd", b"sthd", b"gmhd", b"hmhd", b"hdlr", b"dinf", b"stbl")),
    b"stbl": frozenset((
        b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"stps", b"stsh",
        b"sdtp", b"sgpd", b"sbgp", b"csgp", b"padb", b"stdp", b"saiz", b"saio",
    )),
    b"edts": frozenset((b"elst",)),
}  # fmt: skip
_TABLES = {b"stts": 8, b"ctts": 8, b"stsc": 12, b"stss": 4, b"stps": 4, b"stco": 4, b"co64": 8}
"""Bytes of a row, behind version, flags and the number of rows."""
_ENTRY = frozenset((
    b"avcC", b"hvcC", b"lhvC", b"av1C", b"vpcC", b"vvcC", b"esds", b"dOps", b"dfLa", b"dac3", b"dec3", b"dac4", b"d263",
    b"damr", b"alac", b"colr", b"pasp", b"clap", b"btrt", b"fiel", b"gama", b"mdcv", b"clli", b"SmDm", b"CoLL",
    b"ccst", b"auxi", b"dvcC", b"dvvC", b"dvwC", b"hvcE", b"avcE", b"vexu", b"hfov", b"chan", b"wave", b"chnl", b"amve",
    b"cclv", b"srat", b"glbl", b"jp2h", b"m4ds", b"sgpd", b"\0\0\0\0", b"pcmC", b"dvc1", b"bitr", b"SMI ", b"st3d",
))  # fmt: skip
_GROUPS = frozenset((b"roll", b"prol", b"rap ", b"sync", b"tsas", b"stsa", b"tele", b"tscl", b"alst", b"rash", b"nalm"))
_FIXED = {b"vmhd": 12, b"smhd": 8, b"nmhd": 4, b"sthd": 4}
_UNDETERMINED = frozenset((0, 0x55C4, 0x7FFF))
_WIDE = b"\0\0\0\x08wide\0\0\0\0mdat"
"""Room for a longer length that writers leave in front of their media."""
MAX_TOLD, MAX_GAPS, SMALLEST_GAP = 50, 50, 8


def track(block: Block, one: Track, shown: bool, path: str, found: Collector) -> None:
    """All boxes of a track; of one that nobody is shown, that it is there."""
    _children(block, one.box, one.box.kind, path, found)


def _children(block: Block, parent: Box, kind: bytes, path: str, found: Collector) -> None:
    data = block.data
    for box in boxes(data, parent.body, parent.end):
        with found.guarded(f"{path}/{box.name}"):
            if box.kind == b"udta":
                film_words.user_data(block, box, path, found)
            elif box.kind == b"meta":
                film_words.items(block, box, path, found)
            elif box.kind not in _PARENTS[kind]:
                if not is_fill(data, box.body, box.end):
                    film_words.foreign(block.cut(box.body, box.end), f"{path}/{box.name}", found)
            elif box.kind in _PARENTS:
                _children(block, box, box.kind, path, found)
            else:
                _leaf(block, box, path, found)


def _leaf(block: Block, box: Box, path: str, found: Collector) -> None:
    data = block.data
    if box.kind in (b"tkhd", b"mdhd"):
        field = "TrackCreateDate" if box.kind == b"tkhd" else "MediaCreateDate"
        clock(block, box, path, field, found)
        wide = data[box.body] == 1
        if box.kind == b"mdhd":
            _language(block, box.body + (32 if wide else 20), path, found)
        else:
            at = box.body + (36 if wide else 24)
            found.unknown(block, f"{path}/tkhd", "reserved bytes", at, at + 8)
    elif box.kind == b"hdlr":
        _handler(block, box, path, found)
    elif box.kind == b"dinf":
        _sources(block, box, path, found)
    elif box.kind == b"stsd":
        _entries(block, box, path, found)
    elif box.kind == b"gmhd":
        film_words_only(block, box, f"{path}/gmhd", found)
    elif box.kind == b"sgpd" and data[box.body + 4 : box.body + 8] not in _GROUPS:
        found.unknown(block, f"{path}/sgpd", start=box.body, end=box.end)
    end = box.end
    if box.kind in _TABLES:
        (rows,) = struct.unpack_from(">I", data, box.body + 4)
        end = box.body + 8 + rows * _TABLES[box.kind]
    elif box.kind in _FIXED:
        end = box.body + _FIXED[box.kind]
    elif box.kind == b"stsz":
        size, rows = struct.unpack_from(">II", data, box.body + 4)
        end = box.body + 12 + (0 if size else 4 * rows)
    found.unknown(block, f"{path}/{box.name}", "bytes behind the table", min(end, box.end), box.end)


def film_words_only(block: Block, box: Box, path: str, found: Collector) -> None:
    """Texts in a header of a track that holds neither pictures nor sound, such as a timecode's name or font."""
    for name in (b"tcmi", b"name"):
        at = block.data.find(name, box.body, box.end)
        if at >= 0:
            words = text(bytes(c if 32 <= c < 127 else 32 for c in block.data[at + 4 : box.end]))
            if len(words) >= 4:
                found.add(block, path, "TimeCodeName", words, at + 4, box.end, Role.TECHNICAL)


def _language(block: Block, at: int, path: str, found: Collector) -> None:
    (code,) = struct.unpack_from(">H", block.data, at)
    if code not in _UNDETERMINED:
        letters = "".join(chr(0x60 + (code >> shift & 31)) for shift in (10, 5, 0))
        told = letters if letters.isalpha() and code >= 0x400 else code
        found.add(block, path, "MediaLanguageCode", told, at, at + 2, Role.TECHNICAL)


def _vendor(block: Block, at: int, path: str, found: Collector) -> None:
    if said := vendor(block.data[at : at + 4]):
        found.add(block, path, "VendorID", said, at, at + 4)


def _handler(block: Block, box: Box, path: str, found: Collector) -> None:
    _vendor(block, box.body + 12, path, found)
    raw = block.data[box.body + 24 : box.end]
    if raw and raw[0] == len(raw) - 1:
        raw = raw[1:]
    words = text(raw.strip(b"\0"))
    if words and not plain(words):
        found.add(block, path, "HandlerDescription", words, box.body + 24, box.end)


def _sources(block: Block, dinf: Box, path: str, found: Collector) -> None:
    """References to where the samples lie: any but 'in this file' names a file of somebody's disk."""
    data = block.data
    for dref in boxes(data, dinf.body, dinf.end):
        for box in boxes(data, dref.body + 8, dref.end):
            if not is_fill(data, box.body + 4, box.end):
                film_words.foreign(block.cut(box.body + 4, box.end), f"{path}/dref", found)


def _entries(block: Block, stsd: Box, path: str, found: Collector) -> None:
    """Sample entries: the encoder's name, and boxes that decoding does not need."""
    data = block.data
    for entry in boxes(data, stsd.body + 8, stsd.end):
        head = _head(data, entry, stsd)
        if entry.body + head <= entry.end:
            _vendor(block, entry.body + 12, path, found)
        if head == 78:
            length = min(data[entry.body + 42], 31)
            stop = entry.body + 43 + length
            words = text(data[entry.body + 43 : stop])
            if words and not plain(words):
                found.add(block, path, "CompressorName", words, entry.body + 43, stop)
            found.unknown(block, f"{path}/stsd", "bytes behind a name", stop, entry.body + 74)
        for box in boxes(data, entry.body + head, entry.end):
            if box.kind == b"sv3d":
                found.add(block, f"{path}/sv3d", "projection", data[box.body : box.end], box.body, box.end,
                          Role.TECHNICAL)  # fmt: skip
            elif box.kind not in _ENTRY and head in (78, 28, 44, 64):
                film_words.foreign(block.cut(box.body, box.end), f"{path}/{box.name}", found)


def _head(data: bytes, entry: Box, stsd: Box) -> int:
    """Bytes of a sample entry before its boxes, by the codings' sort: pictures, sound of three versions, else none."""
    width, height = struct.unpack_from(">HH", data, entry.body + 24) if entry.end - entry.body >= 78 else (0, 0)
    version = int.from_bytes(data[entry.body + 8 : entry.body + 10], "big")
    if width and height and entry.end - entry.body >= 78 and data[entry.body + 8 : entry.body + 12] in (
        bytes(4), b"\0\1\0\1", b"\0\1\0\0", b"\0\2\0\1", b"\0\3\0\0"
    ) and data[entry.body + 74 : entry.body + 76] != b"mp":  # fmt: skip
        channels, bits = struct.unpack_from(">HH", data, entry.body + 16)
        if not (1 <= channels <= 24 and bits in (8, 16, 24, 32)):
            return 78
    return {0: 28, 1: 44, 2: 64}.get(version, 28)


def read(block: Block, listed: Sequence[Track], payload: Sequence[Box], path: str, found: Collector) -> None:
    """The samples: tracks that nobody is shown, messages in coded pictures, and what no track uses."""
    shown = {one.box.start for one in played(listed)}
    used: list[tuple[int, int]] = []
    for one in listed:
        with found.guarded(f"{path}/trak"):
            held = samples(block.data, one)
            used += [(start, start + length) for start, length, _ in held.chunks]
            if one.box.start not in shown:
                film_hidden.track(block, one, held, path, found)
            elif one.handler == b"vide":
                _messages(block, one, held, path, found)
    for box in payload:
        _gaps(block, box, used, path, found)


def _gaps(block: Block, box: Box, used: list[tuple[int, int]], path: str, found: Collector) -> None:
    at, told = box.body, 0
    for start, end in [*sorted(span for span in used if box.body <= span[0] < box.end), (box.end, box.end)]:
        if start - at >= SMALLEST_GAP and not is_fill(block.data, at, start) and told < MAX_GAPS:
            told += 1
            if places := list(film_motion.free_gps(block.data, at, min(start, at + 100_000))):
                film_motion.tell(block, places, f"{path}/mdat", found)
            if block.data[at:start] != _WIDE:
                found.unknown(block, f"{path}/mdat", "bytes that no track uses", at, start)
        at = max(at, end)


def _messages(block: Block, one: Track, held: Samples, path: str, found: Collector) -> None:
    seen: set[bytes] = set()
    for start, end, payload in film_units.user_data(block.data, one, held):
        if payload in seen or len(seen) >= MAX_TOLD:
            continue
        seen.add(payload)
        words = text(payload[16:]) if payload[16:].isascii() else ""
        if sum(map(str.isalnum, words)) >= 5:
            found.add(block.cut(start, end).unpacked(payload), f"{path}/SEI", "text", words)
            film_motion.tell_words(block, words, start, end, f"{path}/SEI", found)
        else:
            found.unknown(block, f"{path}/SEI", "user data in the coded pictures", start, end)


def fragments(block: Block, listed: Sequence[Track], path: str, found: Collector) -> None:
    """Of a film in pieces: words in their headers. Which bytes its tracks use is not followed."""
    for box in boxes(block.data):
        if box.kind == b"moof":
            for inner in boxes(block.data, box.body, box.end):
                if inner.kind in (b"udta", b"meta", b"uuid"):
                    film_words.foreign(block.cut(inner.body, inner.end), f"{path}/{inner.name}", found)
