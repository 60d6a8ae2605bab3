"""A picture is untouched where what it is coded in is, and all that says how to decode it: for pictures that are too
large to be decoded, or that no decoder here knows. Works on both files by the readers of `metadata`, which share no
code with the strippers; what is decompressed goes through a window.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator

from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import jpeg_code, same_heif
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.metadata import strip_ends
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.ifd import Structure, Tag

WINDOW = 1 << 20
Parts = list[tuple[object, ...]]
_NEEDED = (0x100, 0x101, 0x102, 0x103, 0x106, 0x10A, 0x112, 0x115, 0x116, 0x11C, 0x124, 0x125, 0x13D, 0x140, 0x142,
           0x143, 0x14C, 0x152, 0x153, 0x211, 0x212, 0x213, 0x214)  # fmt: skip
"""TIFF's tags that say how to decode and show a page."""
_SUBFILE, _EXTRA, _TABLES = 0xFE, 0x152, 0x15B
_DEFLATE, _JPEG = (8, 32946), 7
MOST = 1 << 20
"""Numbers of one tag, such as the places of strips."""
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def proved(before: bytes, after: bytes, format_: Format, pages: int | None) -> tuple[Phrase, ...]:
    """The proof; RefusedError where the coded data differ, or can't be told apart from the rest."""
    parts = _PARTS.get(format_)
    if parts is None:
        raise RefusedError("no_proof", format=format_.row.title)
    try:
        same = parts(before, pages) == parts(after, pages)
    except (IndexError, KeyError, ValueError, struct.error, zlib.error):
        raise RefusedError("changed") from None
    if not same:
        raise RefusedError("changed")
    return (clean_phrase("proof.same_code"),)


def has_transparency(data: bytes, format_: Format) -> bool:
    """Whether something may stand under transparency, or in a palette: only decoding tells whether it does."""
    if format_ is Format.PNG:
        return data[25] in (3, 4, 6) or any(kind == b"tRNS" for kind, _ in _chunks(data))
    if format_ is Format.TIFF:
        return any(_EXTRA in tags for _, tags in _directories(data, None))
    return format_ in (Format.HEIC, Format.AVIF) and same_heif.has_alpha(data)


def _jpeg(data: bytes, pages: int | None) -> Parts:
    return [(hashlib.sha256(b"".join(part)).digest(),) for part in jpeg_code.coded(data)]


def _png(data: bytes, pages: int | None) -> Parts:
    """Header, palette, transparency, and the rows of the picture and of each frame that the animation counts."""
    header = data[16:29]
    found: Parts = []
    streams: dict[int, tuple[bytes, list[bytes]]] = {}
    frames, size, place = 0, header[:8], 0
    for kind, content in _chunks(data):
        if kind == b"IHDR" or (kind == b"PLTE" and header[9] == 3) or (kind == b"tRNS" and not streams):
            found.append((kind, content if kind != b"tRNS" else content[: {0: 2, 2: 6}.get(header[9], 256)]))
        elif kind == b"acTL" and not frames:
            frames = int.from_bytes(content[:4], "big")
        elif kind == b"fcTL" and frames:
            frames, size, place = frames - 1, content[4:12], place + 1
            found.append((kind, content[4:]))
        elif kind in (b"IDAT", b"fdAT"):
            still = kind == b"IDAT"
            _, parts = streams.setdefault(0 if still else place, (header[:8] if still else size, []))
            parts.append(content if still else content[4:])
    rows = [(key, _inflated(b"".join(parts), _rows(side, header))) for key, (side, parts) in streams.items()]
    return [*found, *rows]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and content of a PNG's chunks, the last as far as it goes."""
    at = 8
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IEND":
            return


def _rows(size: bytes, header: bytes) -> int:
    """Bytes of all rows with their filters."""
    width, height = struct.unpack(">II", size)
    bits, total = _CHANNELS[header[9]] * header[8], 0
    for x, y, across, down in _PASSES if header[12] else ((0, 0, 1, 1),):
        columns, rows = -(-max(0, width - x) // across), -(-max(0, height - y) // down)
        total += rows * (1 + (columns * bits + 7) // 8) if columns else 0
    return int(total)


def _inflated(stream: bytes, needed: int | None = None) -> tuple[bytes, int]:
    """The hash of what a zlib stream says, up to so many bytes, and how many it were."""
    engine, digest, feed, count = zlib.decompressobj(), hashlib.sha256(), stream, 0
    while feed and not engine.eof and (needed is None or count < needed):
        out = engine.decompress(feed, WINDOW if needed is None else min(WINDOW, needed - count))
        digest.update(out)
        count += len(out)
        feed = engine.unconsumed_tail
    return digest.digest(), count


def _tiff(data: bytes, pages: int | None) -> Parts:
    """Of each full page what says how to decode it, and its strips or tiles."""
    found: Parts = []
    for structure, tags in _directories(data, pages):
        needed = tuple((n, structure.numbers(tags[n], MOST)) for n in _NEEDED if n in tags)
        tables = structure.cut(tags[_TABLES]).data if _TABLES in tags else b""
        found.append((needed, tuple(jpeg_code.stream(tables)), tuple(_strips(structure, tags))))
    return found


def _directories(data: bytes, pages: int | None) -> Iterator[tuple[Structure, dict[int, Tag]]]:
    """Each full page's tags by number."""
    opened = Structure.opened(Block.of(data), Collector())
    if opened is None:
        raise ValueError("no structure")
    structure, at = opened
    seen: set[int] = set()
    told = 0
    while at and at not in seen and (pages is None or told < pages):
        seen.add(at)
        tags, at = structure.directory(at)
        by_number = {tag.number: tag for tag in reversed(tags)}
        if told and _SUBFILE in by_number and structure.number(by_number[_SUBFILE]) & 1:
            continue
        told += 1
        yield structure, by_number


def _strips(structure: Structure, tags: dict[int, Tag]) -> Iterator[object]:
    places, sizes = (0x144, 0x145) if 0x144 in tags else (0x111, 0x117)
    compression = structure.number(tags[0x103]) if 0x103 in tags else 1
    starts, lengths = structure.numbers(tags[places], MOST), structure.numbers(tags[sizes], MOST)
    line = _line(structure, tags) if places == 0x111 else 0
    height, rows = structure.number(tags[0x101]), structure.number(tags[0x116]) if 0x116 in tags else 0
    ends = {strip.start: strip.end for strip in strip_ends.of_page(structure, tags) if strip.end is not None}
    for index, (start, length) in enumerate(zip(map(int, starts), map(int, lengths), strict=True)):
        length = min(length, ends.get(start, start + length) - start)
        part = structure.data[start : start + length]
        if compression in _DEFLATE:
            yield _inflated(part)
        elif compression == _JPEG:
            yield tuple(hashlib.sha256(piece).digest() for piece in jpeg_code.stream(part))
        elif compression == 1 and line:
            lines = min(rows or height, height - (rows or height) * (index % max(1, -(-height // (rows or height)))))
            yield hashlib.sha256(part[: line * lines]).digest(), min(len(part), line * lines)
        else:
            yield hashlib.sha256(part).digest(), len(part)


def _line(structure: Structure, tags: dict[int, Tag]) -> int:
    """Bytes of a row of an uncompressed page with all samples in one plane; 0 where that is not so."""
    planes = structure.number(tags[0x11C]) if 0x11C in tags else 1
    if planes != 1 or 0x212 in tags or (0x106 in tags and structure.number(tags[0x106]) == 6):
        return 0
    samples = structure.number(tags[0x115]) if 0x115 in tags else 1
    bits = structure.numbers(tags[0x102], MOST) if 0x102 in tags else (1.0,)
    depth = int(sum(bits)) if len(bits) == samples else int(bits[0]) * samples
    return (structure.number(tags[0x100]) * depth + 7) // 8


def _heif(data: bytes, pages: int | None) -> Parts:
    return same_heif.parts(data)


_PARTS: dict[Format, Callable[[bytes, int | None], Parts]] = {
    Format.JPEG: _jpeg,
    Format.PNG: _png,
    Format.TIFF: _tiff,
    Format.HEIC: _heif,
    Format.AVIF: _heif,
}
