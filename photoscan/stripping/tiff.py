"""TIFF: the pages are written anew with the tags that decoding needs, and their strips or tiles (TIFF 6.0)."""

from __future__ import annotations

import struct
import zlib

from PIL import Image

from photoscan import tiff_survey
from photoscan.stripping import flat_tiff, jpeg, tiff_ends, tiff_old_jpeg, turning
from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.icc import cleaned
from photoscan.stripping.tiff_directory import (
    EXIF,
    GPS,
    Directory,
    Layout,
    Value,
    longs,
    read,
    size,
    written,
)
from photoscan.stripping.tiff_shapes import shaped
from photoscan.tiff_survey import Order

MAX_PAGES = 2_000
MAX_REPACKED = 1 << 28
"""Pixels of all pages together that are packed anew."""
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 0x100, 0x101, 0x102, 0x103, 0x106
_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES = 0x111, 0x117, 0x144, 0x145
_TILE_WIDTH, _TILE_HEIGHT, _FILL = 0x142, 0x143, 0x10A
_SAMPLES, _ROWS, _PLANAR = 0x115, 0x116, 0x11C
_SUBFILE, _ORIENTATION, _TABLES, _PROFILE = 0xFE, 0x112, 0x15B, 0x8773
_XMP, _IPTC = 0x2BC, 0x83BB
_KEPT = frozenset((
    _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, 0x10A, _STRIPS, _ORIENTATION, _SAMPLES, _ROWS, _STRIP_SIZES,
    0x11A, 0x11B, _PLANAR, 0x122, 0x123, 0x124, 0x125, 0x128, 0x12D, 0x13D, 0x13E, 0x13F, 0x140, 0x142, 0x143, _TILES,
    _TILE_SIZES, 0x14C, 0x152, 0x153, 0x154, 0x155, _TABLES, 0x211, 0x212, 0x213, 0x214, _PROFILE,
))  # fmt: skip
"""What decoding and showing need: geometry, coding, colour, resolution."""
_TELLING = {_SUBFILE: "", 0x14A: "sub-pictures", _XMP: "XMP", _IPTC: "IPTC", 0x8649: "Photoshop resources",
            EXIF: "EXIF", GPS: "GPS", 0x13B: "artist", 0x8298: "copyright", 0x10E: "description", 0x132: "date",
            0x131: "software"}  # fmt: skip
_JPEG = 7
_DEFLATE = (8, 32946)


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild the first page, or all full pages; UnsupportedFormatError for RAW, ValueError for what is broken."""
    layout = Layout.of(data)
    order = layout.order
    tiff_survey.refuse_loss(data, order, keep.pages)
    pages: list[tuple[Directory, list[bytes]]] = []
    removed: list[Removed] = []
    at = layout.first(data)
    seen: set[int] = set()
    room, pixels = 2 * len(data), MAX_REPACKED
    notes: tuple[str, ...] = ()
    while at and at not in seen:
        if len(seen) >= MAX_PAGES:
            raise ValueError("too many pages")
        seen.add(at)
        tags, following = read(data, layout, at, _KEPT | frozenset(_TELLING))
        reduced = _SUBFILE in tags and tags[_SUBFILE].numbers(order)[0] & 1
        if pages and (reduced or not keep.pages):
            removed.append(Removed("reduced picture" if reduced else f"page {len(seen)}", at, 2 + 12 * len(tags)))
        else:
            old = tiff_old_jpeg.pixels(tags, order)
            pixels -= old
            if pixels < 0:
                raise ValueError("too many pixels")
            notes += (tiff_old_jpeg.NOTE,) if old and not notes else ()
            page = _page(data, order, tags, keep, len(seen) - 1)
            room -= 0 if old else sum(map(len, page[1]))
            if room >= 0 and keep.decode:
                page, unseen = _flattened(page, order)
                removed += [Removed(part, at, 0) for part in unseen]
            pages.append(page)
            removed += [Removed(_TELLING[n], at, len(tags[n].raw)) for n in sorted(tags) if _TELLING.get(n)]
        if room < 0:
            raise ValueError("strips overlap")
        at = following
    if not pages:
        raise ValueError("no page")
    result = _file(pages, order, keep)
    if len(data) > len(result) and not removed:
        removed.append(Removed("bytes that no page uses", 0, len(data) - len(result)))
    return Stripped(result, tuple(removed), notes)


def _page(data: bytes, order: Order, tags: Directory, keep: Keep, index: int) -> tuple[Directory, list[bytes]]:
    """The tags that stay, and the coded strips or tiles. `index`: the page's in the chain."""
    if tiff_old_jpeg.pixels(tags, order):
        if not keep.decode:
            raise ValueError("too many pixels")
        kept, coded = tiff_old_jpeg.repacked(data, index, tags, order)
        return _profiled(kept, keep), coded
    places, sizes = (_TILES, _TILE_SIZES) if _TILES in tags else (_STRIPS, _STRIP_SIZES)
    starts = tags[places].numbers(order)
    if sizes not in tags and len(starts) > 1:
        raise ValueError("no sizes")
    lengths = tags[sizes].numbers(order) if sizes in tags else (len(data) - starts[0],)
    if len(starts) != len(lengths) or any(start >= len(data) for start in starts):
        raise ValueError("strip out of bounds")
    compression = tags[_COMPRESSION].numbers(order)[0] if _COMPRESSION in tags else 1
    walked = compression in (tiff_ends.LZW, tiff_ends.PACKBITS) and len(data) <= tiff_ends.MOST
    rows = _row_sizes(tags, order, len(starts)) if walked or (compression == 1 and places == _STRIPS) else ()
    turned = _FILL in tags and tags[_FILL].numbers(order)[0] == 2
    room = _most(tags, order)
    coded = []
    for index, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        part = data[start : start + length]
        if compression == 1:
            part = part[: rows[index]] if rows else part
        elif compression in _DEFLATE:
            part = _deflated(part, room)
        elif compression == _JPEG:
            part = jpeg.coded_only(part)
        elif walked:
            part = tiff_ends.shortened(part, compression, rows[index] if rows else 0, turned)
        coded.append(part)
    kept = shaped({number: value for number, value in tags.items() if number in _KEPT}, order)
    kept = _profiled(kept, keep)
    _turned(kept, tags, order, keep)
    if _TABLES in kept:
        kept[_TABLES] = Value(7, jpeg.coded_only(kept[_TABLES].raw))
    return kept, coded


def _profiled(kept: Directory, keep: Keep) -> Directory:
    """The tags with their colour profile cleaned, or without it."""
    given = kept.get(_PROFILE)
    profile = cleaned(given.raw) if given and keep.profile else None
    rest = {number: value for number, value in kept.items() if number != _PROFILE}
    return rest | ({_PROFILE: Value(7, profile)} if profile else {})


def _turned(kept: Directory, tags: Directory, order: Order, keep: Keep) -> None:
    """Leave the orientation as one whole number, or what XMP says of it where there is none."""
    value = kept.get(_ORIENTATION)
    if value is not None and not (keep.orientation and value.kind in turning.WHOLE and value.count == 1):
        kept.pop(_ORIENTATION)
    if value is None and _XMP in tags and keep.orientation:
        turns = turning.Turns()
        turns.xmp(tags[_XMP].raw)
        turn = turns.chosen
        if turn.value == 1:
            return
        if keep.xmp or keep.statements:
            kept[_ORIENTATION] = Value(3, struct.pack(order + "H", turn.value))
        else:
            kept[_XMP] = Value(1, keep.packet(turn))


def _flattened(
    page: tuple[Directory, list[bytes]], order: Order
) -> tuple[tuple[Directory, list[bytes]], tuple[str, ...]]:
    """The page with nothing under its transparency, and what was there; as it is where it can't be decoded."""
    tags, coded = page
    if not flat_tiff.has_alpha(tags, order):
        return page, ()
    whole = _file([(flat_tiff.alone(tags, order), coded)], order, Keep())
    try:
        tags, coded, found = flat_tiff.flattened(tags, coded, order, whole)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return page, ()
    return (tags, coded), found


def _row_sizes(tags: Directory, order: Order, strips: int) -> tuple[int, ...]:
    """Bytes of each strip or tile when it is not compressed: what stands behind them shows nowhere. Empty where nobody
    can tell."""
    tiled = _TILES in tags
    width, height = tags[_WIDTH].numbers(order)[0], tags[_HEIGHT].numbers(order)[0]
    samples = tags[_SAMPLES].numbers(order)[0] if _SAMPLES in tags else 1
    bits = tags[_BITS].numbers(order) if _BITS in tags else (1,)
    planes = samples if _PLANAR in tags and tags[_PLANAR].numbers(order)[0] == 2 else 1
    rows = min(tags[_ROWS].numbers(order)[0] if _ROWS in tags else height, height) or height
    if tiled:
        width, rows = tags[_TILE_WIDTH].numbers(order)[0], tags[_TILE_HEIGHT].numbers(order)[0]
    subsampled = 0x212 in tags or (_PHOTOMETRIC in tags and tags[_PHOTOMETRIC].numbers(order)[0] == 6)
    per_plane = strips // planes if tiled else -(-height // rows)
    if subsampled or per_plane * planes != strips:
        return ()
    needed = []
    for plane in range(planes):
        depth = sum(bits) if planes == 1 and len(bits) == samples else bits[plane % len(bits)] * (samples // planes)
        line = (width * depth + 7) // 8
        needed += [line * (rows if tiled else min(rows, height - rows * i)) for i in range(per_plane)]
    return tuple(needed)


def _most(tags: Directory, order: Order) -> int:
    """Bytes that one strip or tile can hold at most when decompressed: the whole page, with tiles' padding."""
    bits = sum(tags[_BITS].numbers(order)) if _BITS in tags else 1
    samples = tags[_SAMPLES].numbers(order)[0] if _SAMPLES in tags else 1
    return 4 * (tags[_WIDTH].numbers(order)[0] * tags[_HEIGHT].numbers(order)[0] * bits * samples // 8 + (1 << 20))


def _deflated(part: bytes, room: int) -> bytes:
    """A zlib stream up to its own end; ValueError when it holds more than `room` bytes."""
    engine = zlib.decompressobj()
    feed = part
    try:
        while feed and not engine.eof:
            room -= len(engine.decompress(feed, 1 << 20))
            feed = engine.unconsumed_tail
            if room < 0:
                raise ValueError("strip too large")
    except zlib.error:
        raise ValueError("broken strip") from None
    return part[: len(part) - len(engine.unused_data)]


def _file(pages: list[tuple[Directory, list[bytes]]], order: Order, keep: Keep) -> bytes:
    """Header, then each page's strips and its directory behind them."""
    out = [b"II*\0" if order == "<" else b"MM\0*", b""]
    at = 8
    for index, (tags, coded) in enumerate(pages):
        places, sizes = (_TILES, _TILE_SIZES) if _TILES in tags else (_STRIPS, _STRIP_SIZES)
        starts = []
        for part in coded:
            starts.append(at)
            out += [part, b"\0" * (len(part) & 1)]
            at += len(part) + (len(part) & 1)
        tags[places], tags[sizes] = longs(order, *starts), longs(order, *map(len, coded))
        below = _statements(keep, order) if not index else {}
        tags |= below.pop(0, {})
        tags |= {number: longs(order, 0) for number in below}
        start, at = at, at + size(tags)
        for number, directory in below.items():
            tags[number] = longs(order, at)
            at += size(directory)
        last = index == len(pages) - 1
        following = 0 if last else at + sum(len(p) + (len(p) & 1) for p in pages[index + 1][1])
        out.append(written(tags, order, start, following))
        behind = start + size(tags)
        for directory in below.values():
            out.append(written(directory, order, behind))
            behind += size(directory)
        if not index:
            out[1] = struct.pack(order + "I", start)
    return b"".join(out)


def _statements(keep: Keep, order: Order) -> dict[int, Directory]:
    """The directories of what is kept on purpose, by the tag that points at them (0: the page's own)."""
    packets = {number: Value(kind, raw) for number, kind, raw in ((_XMP, 1, keep.xmp), (_IPTC, 7, keep.iptc)) if raw}
    if not keep.statements:
        return {0: packets} if packets else {}
    block = keep.statements
    everything = frozenset(range(0x10000)) - {EXIF, GPS}
    layout = Layout.of(block)
    main, _ = read(block, layout, layout.first(block), everything | {EXIF, GPS})
    pointers = {number: main.pop(number).numbers(">")[0] for number in (EXIF, GPS) if number in main}
    main.pop(_ORIENTATION, None)  # the page says its own
    found = {0: main | packets} | {number: read(block, layout, at, everything)[0] for number, at in pointers.items()}
    if order == ">":
        return found
    return {number: {n: v.reordered() for n, v in tags.items()} for number, tags in found.items()}
