"""Animated AVIF and HEIC: `moov` with its picture tracks alone, without times and names (ISO 14496-12)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from photoscan.stripping import coded_units
from photoscan.stripping.base import Keep
from photoscan.stripping.boxes import box, boxes, full_box
from photoscan.stripping.icc import cleaned

_HANDLERS = (b"pict", b"auxv")
_CONTAINERS = {
    b"trak": (b"tkhd", b"tref", b"edts", b"mdia"),
    b"edts": (b"elst",),
    b"mdia": (b"mdhd", b"hdlr", b"minf"),
    b"minf": (b"vmhd", b"nmhd", b"dinf", b"stbl"),
    b"stbl": (b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"sdtp"),
}
_TIMED = (b"mvhd", b"tkhd", b"mdhd")
_SAMPLE_ENTRY = 78
"""Bytes of a visual sample entry before its boxes."""
_ENTRY_VERBATIM = frozenset((b"pasp", b"clap", b"ccst", b"auxi"))
MAX_SAMPLES = 100_000


@dataclass(frozen=True, slots=True)
class Sequence:
    """The picture tracks of a file: their coded chunks in order, and the boxes around.

    `parts`: pieces of `moov`'s content; a number stands for the offset of that chunk.
    """

    chunks: list[bytes]
    parts: list[bytes | int]

    def written(self, offsets: list[int]) -> bytes:
        """The `moov` box with the chunks at these offsets."""
        return box(b"moov", *(p if isinstance(p, bytes) else struct.pack(">I", offsets[p]) for p in self.parts))


def read(data: bytes, start: int, end: int, keep: Keep) -> Sequence | None:
    """The sequence in a `moov` box's content; None when it has no picture track, ValueError when it is broken."""
    sequence = Sequence([], [])
    tracks = 0
    for kind, _, body, stop in boxes(data, start, end):
        if kind == b"mvhd":
            sequence.parts.append(box(kind, _untimed(data[body:stop])))
        elif kind == b"trak" and _handler(data, body, stop) in _HANDLERS and not _is_thumbnail(data, body, stop):
            sequence.parts.extend(_container(data, kind, body, stop, sequence.chunks, keep))
            tracks += 1
    return sequence if tracks else None


def _handler(data: bytes, start: int, end: int) -> bytes:
    for kind, _, body, stop in boxes(data, start, end):
        if kind == b"mdia":
            return next((data[at + 8 : at + 12] for name, _, at, _ in boxes(data, body, stop) if name == b"hdlr"), b"")
    return b""


def _is_thumbnail(data: bytes, start: int, end: int) -> bool:
    """Whether a track only previews another one: it refers to that with 'thmb'."""
    for kind, _, body, stop in boxes(data, start, end):
        if kind == b"tref":
            return any(name == b"thmb" for name, *_ in boxes(data, body, stop))
    return False


def _container(data: bytes, kind: bytes, start: int, end: int, chunks: list[bytes], keep: Keep) -> list[bytes | int]:
    """A box with those of its children that stay; its length counts the offsets that are set later."""
    content: list[bytes | int] = []
    inside = boxes(data, start, end)
    table = {name: (body, stop) for name, _, body, stop in inside}
    for name, _, body, stop in inside:
        if name not in _CONTAINERS[kind]:
            continue
        if name in _CONTAINERS:
            content += _container(data, name, body, stop, chunks, keep)
        elif name in (b"stco", b"co64"):
            content += _offsets(data, table, chunks)
        else:
            content.append(box(name, _leaf(name, data[body:stop], keep)))
    length = 8 + sum(len(part) if isinstance(part, bytes) else 4 for part in content)
    return [struct.pack(">I4s", length, kind), *content]


def _leaf(kind: bytes, content: bytes, keep: Keep) -> bytes:
    if kind in _TIMED:
        return _untimed(content)
    if kind == b"hdlr":
        return bytes(8) + content[8:12] + bytes(13)
    if kind == b"dinf":
        return full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1))
    if kind == b"stsd":
        return content[:8] + b"".join(_entry(content, *row, keep) for row in boxes(content, 8, len(content)))
    return content


def _untimed(content: bytes) -> bytes:
    """A header without creation and modification time."""
    width = 16 if content[0] else 8
    return content[:4] + bytes(width) + content[4 + width :]


def _entry(content: bytes, kind: bytes, _start: int, body: int, end: int, keep: Keep) -> bytes:
    """A visual sample entry without the encoder's name, and with the boxes that decoding needs."""
    head = content[body : body + 42] + bytes(32) + content[body + 74 : body + _SAMPLE_ENTRY]
    parts = []
    for name, _, at, stop in boxes(content, body + _SAMPLE_ENTRY, end):
        inner = content[at:stop]
        if name == b"av1C":
            parts.append(box(name, coded_units.av1_configuration(inner)))
        elif name == b"hvcC":
            parts.append(box(name, coded_units.hevc_configuration(inner)))
        elif name == b"colr" and inner[:4] == b"nclx":
            parts.append(box(name, inner[:11]))
        elif name == b"colr" and keep.profile and (profile := cleaned(inner[4:])):
            parts.append(box(name, inner[:4], profile))
        elif name in _ENTRY_VERBATIM:
            parts.append(box(name, inner))
    return box(kind, head, *parts)


def _offsets(data: bytes, table: dict[bytes, tuple[int, int]], chunks: list[bytes]) -> list[bytes | int]:
    """A `stco` box whose offsets are set later (decoders of pictures know no `co64`); the chunks are gathered."""
    found: list[bytes | int] = []
    for start, length in _chunk_ranges(data, table):
        if start + length > len(data):
            raise ValueError("chunk out of bounds")
        found.append(len(chunks))
        chunks.append(data[start : start + length])
    if sum(map(len, chunks)) > 2 * len(data):
        raise ValueError("chunks overlap")
    return [struct.pack(">I4sII", 16 + 4 * len(found), b"stco", 0, len(found)), *found]


def _chunk_ranges(data: bytes, table: dict[bytes, tuple[int, int]]) -> list[tuple[int, int]]:
    """Offset and length of each chunk, from the tables of chunks, samples and sizes."""
    wide = b"co64" in table
    at, _ = table[b"co64" if wide else b"stco"]
    (count,) = struct.unpack_from(">I", data, at + 4)
    sizes = _sample_sizes(data, table[b"stsz"][0])
    if count > MAX_SAMPLES:
        raise ValueError("too many chunks")
    offsets = struct.unpack_from(f">{count}{'Q' if wide else 'I'}", data, at + 8)
    at, _ = table[b"stsc"]
    (rows,) = struct.unpack_from(">I", data, at + 4)
    if rows > MAX_SAMPLES:
        raise ValueError("too many chunks")
    runs = [struct.unpack_from(">III", data, at + 8 + 12 * row) for row in range(rows)]
    found, sample, run = [], 0, 0
    for chunk, offset in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= chunk:
            run += 1
        held = sizes[sample : sample + runs[run][1]]
        sample += len(held)
        found.append((offset, sum(held)))
    return found


def _sample_sizes(data: bytes, at: int) -> tuple[int, ...]:
    same, count = struct.unpack_from(">II", data, at + 4)
    if count > MAX_SAMPLES:
        raise ValueError("too many samples")
    return (same,) * count if same else struct.unpack_from(f">{count}I", data, at + 12)
