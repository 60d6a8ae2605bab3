"""Tracks of a film: what each holds, whether it is played, and where its samples lie (ISO 14496-12, 8.3 to 8.7)."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from photoscan.metadata.boxes import Box, boxes, find

MAX_SAMPLES = 4_000_000
"""Rows of one table that are looked at: a day of pictures, or of sound in frames."""
_HANDLERS = {
    b"vide": "video", b"soun": "sound", b"pict": "pictures", b"auxv": "auxiliary pictures", b"meta": "data",
    b"tmcd": "timecode", b"text": "text", b"sbtl": "subtitles", b"subt": "subtitles", b"hint": "hints",
    b"clcp": "captions",
}  # fmt: skip
PLAYED = frozenset((b"vide", b"soun"))
"""Handlers of what a film shows and lets hear."""
_ASIDE = frozenset((b"chap", b"thmb", b"hint", b"tmcd", b"scpt", b"auxl", b"vdep", b"cdsc"))
"""References to a track that is there for another one: chapters' pictures, thumbnails, hints, depth."""


@dataclass(frozen=True, slots=True)
class Track:
    """One `trak` box. `number`: its track_ID. `handler`: the media's type. `coding`: the first sample entry's.

    `inside`: boxes of the track, its media and their tables by name. `references`: numbers of other tracks by type.
    """

    box: Box
    number: int
    enabled: bool
    handler: bytes
    coding: bytes
    inside: dict[bytes, Box] = field(repr=False)
    references: dict[bytes, tuple[int, ...]] = field(repr=False)


def tracks(data: bytes, moov: Box) -> list[Track]:
    """All tracks of a movie box, in order; what a broken one does not tell is empty."""
    return [_track(data, box) for box in boxes(data, moov.body, moov.end) if box.kind == b"trak"]


def played(found: Sequence[Track]) -> list[Track]:
    """Those that a player shows or lets hear: enabled pictures and sound that are there for no other track.

    Where none is enabled, players play them all.
    """
    aside = {number for track in found for kind, rows in track.references.items() if kind in _ASIDE for number in rows}
    there = [track for track in found if track.handler in PLAYED and track.number not in aside]
    return [track for track in there if track.enabled] or there


def named(handler: bytes) -> str:
    """A handler's type in words; as it stands where there are none."""
    return _HANDLERS.get(handler, handler.decode("latin-1"))


def _track(data: bytes, trak: Box) -> Track:
    inside: dict[bytes, Box] = {}
    for path in ((), (b"mdia",), (b"mdia", b"minf"), (b"mdia", b"minf", b"stbl")):
        parent = find(data, path, trak.body, trak.end) if path else trak
        for box in boxes(data, parent.body, parent.end) if parent else ():
            inside.setdefault(box.kind, box)
    number, enabled = 0, False
    if head := inside.get(b"tkhd"):
        wide = data[head.body : head.body + 1] == b"\1"
        number = int.from_bytes(data[head.body + (20 if wide else 12) :][:4], "big")
        enabled = head.end - head.body >= 4 and bool(data[head.body + 3] & 1)
    media = find(data, (b"mdia", b"hdlr"), trak.body, trak.end)
    entry = inside.get(b"stsd")
    return Track(
        trak,
        number,
        enabled,
        data[media.body + 8 : media.body + 12] if media else b"",
        data[entry.body + 12 : min(entry.body + 16, entry.end)] if entry else b"",
        inside,
        dict(_references(data, inside.get(b"tref"))),
    )


def _references(data: bytes, tref: Box | None) -> Iterator[tuple[bytes, tuple[int, ...]]]:
    for box in boxes(data, tref.body, tref.end) if tref else ():
        count = min((box.end - box.body) // 4, 1000)
        yield box.kind, struct.unpack_from(f">{count}I", data, box.body)


@dataclass(frozen=True, slots=True)
class Samples:
    """Where a track's samples lie. `chunks`: offset, length in bytes and number of samples of each chunk. `sizes`: of
    each sample; empty where all have `size`."""

    chunks: tuple[tuple[int, int, int], ...]
    sizes: array[int]
    size: int

    @property
    def count(self) -> int:
        """How many samples there are."""
        return sum(count for _, _, count in self.chunks)

    def each(self) -> Iterator[tuple[int, int]]:
        """Offset and length of each sample, in order. ValueError for more than MAX_SAMPLES."""
        if self.count > MAX_SAMPLES:
            raise ValueError("too many samples")
        number = 0
        for start, length, count in self.chunks:
            at = start
            each = self.size or (length // count if count else 0)
            for index in range(number, number + count):
                size = self.sizes[index] if self.sizes else each
                yield at, size
                at += size
            number += count


def samples(data: bytes, track: Track) -> Samples:
    """A track's samples by its tables; ValueError, IndexError or struct.error where these contradict one another."""
    inside = track.inside
    if b"stsc" not in inside or not {b"stco", b"co64"} & inside.keys():
        return Samples((), array("I"), 0)
    offsets = _numbers(data, inside[b"co64"], 4, 8) if b"co64" in inside else _numbers(data, inside[b"stco"], 4, 4)
    size, sizes, total = _sizes(data, inside)
    runs = list(struct.iter_unpack(">III", _rows(data, inside[b"stsc"], 4, 12)))
    if not runs and offsets:
        raise ValueError("chunks without samples")
    whole = _whole_chunks(data, track) if not sizes else 0.0
    chunks, number, run = [], 0, 0
    for index, offset in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= index:
            run += 1
        count = min(runs[run][1], max(0, total - number))
        length = sum(sizes[number : number + count]) if sizes else int(count * (whole or size))
        chunks.append((offset, length, count))
        number += count
    return Samples(tuple(chunks), sizes, 0 if whole else size)


def _whole_chunks(data: bytes, track: Track) -> float:
    """Bytes of one sample of sound that QuickTime counts in frames of samples (QTFF, "Sound Sample Description"); 0
    where the table of sizes tells them itself."""
    entry = track.inside.get(b"stsd")
    if track.handler != b"soun" or entry is None:
        return 0.0
    at = entry.body + 16
    version, channels, bits = struct.unpack_from(">H6xHH", data, at + 8)
    size = _sizes(data, track.inside)[0]
    if version == 1:
        packet, _, frame = struct.unpack_from(">III", data, at + 28)
        return frame / packet if packet and frame and size <= 1 else 0.0
    return channels * bits / 8 if size == 1 and bits >= 8 and track.coding in _PLAIN else 0.0


_PLAIN = frozenset((b"twos", b"sowt", b"raw ", b"NONE", b"in24", b"in32", b"fl32", b"fl64", b"lpcm", b"ulaw", b"alaw"))


def _sizes(data: bytes, inside: dict[bytes, Box]) -> tuple[int, array[int], int]:
    """The size that all samples have or 0, each one's size, and how many there are."""
    if box := inside.get(b"stsz"):
        size, count = struct.unpack_from(">II", data, box.body + 4)
        return size, array("I") if size else _numbers(data, box, 8, 4), count
    if (box := inside.get(b"stz2")) is None:
        return 0, array("I"), 0
    width, count = struct.unpack_from(">3xBI", data, box.body + 4)
    if width == 16:
        return 0, array("I", struct.unpack_from(f">{_bounded(count)}H", data, box.body + 12)), count
    raw = data[box.body + 12 : box.end]
    if width == 4:
        raw = bytes(half for byte in raw[: _bounded(count)] for half in (byte >> 4, byte & 15))
    elif width != 8:
        raise ValueError("sizes of an unknown width")
    if len(raw) < count:
        raise ValueError("too few sizes")
    return 0, array("I", raw[:count]), count


def _bounded(count: int) -> int:
    if count > MAX_SAMPLES:
        raise ValueError("too many samples")
    return count


def _rows(data: bytes, box: Box, head: int, width: int) -> bytes:
    """The rows of a table, whose count stands behind `head` bytes; ValueError where they are more than it holds."""
    (count,) = struct.unpack_from(">I", data, box.body + head)
    start = box.body + head + 4
    if start + _bounded(count) * width > box.end:
        raise ValueError("a table is longer than its box")
    return data[start : start + count * width]


def _numbers(data: bytes, box: Box, head: int, width: int) -> array[int]:
    found = array("Q" if width == 8 else "I", _rows(data, box, head, width))
    if sys.byteorder == "little":
        found.byteswap()
    return found
