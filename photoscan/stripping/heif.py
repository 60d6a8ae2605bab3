"""HEIC and AVIF: the file is written anew with the primary picture, its tiles and its transparency (ISO 23008-12).

Thumbnails, gain and depth maps, second pictures, EXIF, XMP and whatever else are not copied.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from photoscan.stripping import coded_units, heif_gain_map, heif_sequence, jpeg
from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.boxes import Found, box, boxes, full_box
from photoscan.stripping.heif_items import ALPHA, IN_FILE, IN_IDAT, Items, located
from photoscan.stripping.icc import cleaned
from photoscan.stripping.turning import Turn

_EXACT = {b"ispe": 12, b"irot": 1, b"imir": 1, b"pasp": 8, b"clap": 32, b"clli": 4, b"mdcv": 24, b"a1op": 1,
          b"lsel": 2, b"rloc": 12, b"amve": 8}  # fmt: skip
"""Properties of fixed length, in bytes."""
_VERBATIM = frozenset((b"avcC", b"lhvC", b"vvcC", b"a1lx", b"cclv"))
_SEQUENCE_BRANDS = frozenset((b"avis", b"msf1", b"hevc", b"hevx"))
_STILL_BRANDS = frozenset((b"avif", b"mif1", b"mif2", b"miaf", b"heic", b"heix", b"heim", b"heis", b"tmap"))
_FROM = {b"dimg", b"auxl", b"prem"}
STILLED = "stilled"


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild; ValueError when the primary picture is not whole or needs something unknown."""
    top = boxes(data, 0, len(data))
    places = {kind: (body, end) for kind, _, body, end in top}
    brands = _brands(data[slice(*places[b"ftyp"])])
    moves = b"moov" in places
    movie = heif_sequence.read(data, *places[b"moov"], keep) if moves and keep.movement else None
    if movie and not _names_picture(data, places.get(b"meta")):
        return _sequence_alone(movie, brands, data, top)
    items = Items.read(data, places[b"meta"][0] + 4, places[b"meta"][1])
    if movie is None:
        brands = tuple(b for b in brands if b not in _SEQUENCE_BRANDS) or (b"mif1",)
    gain = heif_gain_map.kept(items) if keep.gain_map else None
    if gain is None:
        # A decoder believes the brand: without the derived picture that it announces, libavif opens nothing.
        brands = tuple(b for b in brands if b != heif_gain_map.BRAND) or (b"mif1",)
    shown = items.shown() if gain is None else sorted({*items.shown(), gain[0], *gain[1]})
    payload: list[tuple[int, int, bytes]] = [
        (number, items.items[number].method, _coded(items, number)) for number in shown
    ]
    told = _told(keep, max(items.items) + 1)
    payload += [(number, IN_FILE, content) for number, (_, content) in told.items()]
    groups = heif_gain_map.group(max(n for n, *_ in payload) + 1, gain[0], items.primary) if gain else b""
    head = box(b"ftyp", brands[0], bytes(4), *brands)
    chunks = movie.chunks if movie else []

    def front(offsets: dict[int, int], moved: list[int]) -> bytes:
        moov = movie.written(moved) if movie else b""
        return head + _meta(items, payload, told, offsets, keep, groups) + moov

    at = len(front({}, [0] * len(chunks))) + 8
    offsets, moved, coded = {}, [], []
    for number, method, content in payload:
        if method == IN_FILE:
            offsets[number] = at
            coded.append(content)
            at += len(content)
    for chunk in chunks:
        moved.append(at)
        coded.append(chunk)
        at += len(chunk)
    result = front(offsets, moved) + box(b"mdat", *coded)
    removed = (*_left_out(items, set(shown), data, top, movie is not None), *_tail(data, top))
    return Stripped(result, removed, (STILLED,) if moves and movie is None else ())


def _names_picture(data: bytes, meta: tuple[int, int] | None) -> bool:
    """Whether a file names a still picture: some sequences have none (ISO 23008-12, 7.2)."""
    return meta is not None and any(kind == b"pitm" for kind, *_ in boxes(data, meta[0] + 4, meta[1]))


def _sequence_alone(
    movie: heif_sequence.Sequence, brands: tuple[bytes, ...], data: bytes, top: list[Found]
) -> Stripped:
    """A sequence without a still picture, which brands must not announce."""
    kept = tuple(b for b in brands if b not in _STILL_BRANDS) or (b"msf1",)
    head = box(b"ftyp", kept[0], bytes(4), *kept)
    at = len(head) + len(movie.written([0] * len(movie.chunks))) + 8
    moved = []
    for chunk in movie.chunks:
        moved.append(at)
        at += len(chunk)
    result = head + movie.written(moved) + box(b"mdat", *movie.chunks)
    left_out = [
        Removed(f"box {kind.decode('latin-1').strip()}", start, end - start)
        for kind, start, body, end in top if kind not in (b"ftyp", b"mdat", b"moov") and data[body:end].strip(b"\0")
    ]  # fmt: skip
    return Stripped(result, (*left_out, *_tail(data, top)))


def _told(keep: Keep, first: int) -> dict[int, tuple[bytes, bytes]]:
    """The items of what is kept on purpose, by number: type with its names (ISO 14496-12, 8.11.6), and content."""
    found: list[tuple[bytes, bytes]] = []
    if statements := keep.exif(Turn()):
        found.append((b"Exif\0", struct.pack(">I", 6) + b"Exif\0\0" + statements))
    if keep.xmp:
        found.append((b"mime\0application/rdf+xml\0", keep.xmp))
    return dict(enumerate(found, first))


def _brands(ftyp: bytes) -> tuple[bytes, ...]:
    """Major brand first, then the compatible ones."""
    rest = [ftyp[at : at + 4] for at in range(8, min(len(ftyp), 264) - 3, 4)]
    return tuple(dict.fromkeys(b for b in (ftyp[:4], *rest) if b.isalnum()))


def _coded(items: Items, number: int) -> bytes:
    """An item's bytes without messages inside them; ValueError when nothing is left."""
    if items.items[number].method not in (IN_FILE, IN_IDAT):
        raise ValueError("unknown place of an item")
    content = _without_messages(items, number)
    if not content:
        raise ValueError("empty item")
    return content


def _without_messages(items: Items, number: int) -> bytes:
    item = items.items[number]
    content = items.content(item)
    if item.kind == b"hvc1":
        widths = [items.table[i - 1][1][21] & 3 for _, i in item.properties
                  if 0 < i <= len(items.table) and items.table[i - 1][0] == b"hvcC"]  # fmt: skip
        return coded_units.hevc_picture(content, widths[0] + 1) if widths else content
    if item.kind == b"tmap":
        return heif_gain_map.tone_map(content)
    if item.kind == b"av01":
        return coded_units.av1_picture(content)
    return jpeg.coded_only(content) if item.kind == b"jpeg" else content


def _meta(
    items: Items,
    payload: list[tuple[int, int, bytes]],
    told: dict[int, tuple[bytes, bytes]],
    offsets: dict[int, int],
    keep: Keep,
    groups: bytes,
) -> bytes:
    """The `meta` box of the copy."""
    numbers = [number for number, _, _ in payload if number not in told]
    kept = set(numbers)
    wide = max(n for n, _, _ in payload) > 0xFFFF
    form = ">I" if wide else ">H"
    entries, rows, idat = [], [], b""
    for number, method, content in payload:
        kind = told[number][0] if number in told else items.items[number].kind + b"\0"
        hidden = number in told or items.items[number].hidden
        head = struct.pack(form, number) + bytes(2) + kind
        entries.append(full_box(b"infe", 3 if wide else 2, int(hidden), head))
        rows.append((number, method, len(idat) if method == IN_IDAT else offsets.get(number, 0), len(content)))
        idat += content if method == IN_IDAT else b""
    references = [
        (kind, source, [t for t in targets if t in kept])
        for kind, source, targets in items.references if kind in _FROM and source in kept
    ]  # fmt: skip
    references += [(b"cdsc", number, [items.primary]) for number in told]
    links = b"".join(
        box(kind, struct.pack(form, source), struct.pack(f">H{len(targets)}{form[1]}", len(targets), *targets))
        for kind, source, targets in references if targets
    )  # fmt: skip
    parts = [
        full_box(b"hdlr", 0, 0, bytes(4), b"pict", bytes(13)),
        full_box(b"pitm", int(wide), 0, struct.pack(form, items.primary)),
        full_box(b"iloc", 2 if wide else 1, 0, located(rows, wide)),
        full_box(b"iinf", 0, 0, struct.pack(">H", len(entries)), *entries),
        full_box(b"iref", int(wide), 0, links) if links else b"",
        _properties(items, numbers, wide, keep),
        box(b"idat", idat) if idat else b"",
        groups,
    ]
    return full_box(b"meta", 0, 0, *parts)


def _properties(items: Items, numbers: list[int], wide: bool, keep: Keep) -> bytes:
    """`iprp` with the properties of the kept items alone; ValueError when an essential one is unknown."""
    table: dict[bytes, int] = {}
    rows = []
    for number in numbers:
        links = []
        for essential, index in items.items[number].properties:
            if index == 0:
                continue
            if index > len(items.table):
                raise ValueError("missing property")
            written = _property(*items.table[index - 1], keep)
            if written is None:
                if essential:
                    raise ValueError("unknown essential property")
                continue
            links.append(essential << 15 | table.setdefault(written, len(table) + 1))
        rows.append(struct.pack(">IB" if wide else ">HB", number, len(links)) + struct.pack(f">{len(links)}H", *links))
    associations = full_box(b"ipma", int(wide), 1, struct.pack(">I", len(rows)), *rows)
    return box(b"iprp", box(b"ipco", *table), associations)


_REWRITTEN: dict[bytes, Callable[[bytes], bytes]] = {
    b"hvcC": coded_units.hevc_configuration,
    b"av1C": coded_units.av1_configuration,
    b"jpgC": jpeg.coded_only,
}


def _property(kind: bytes, content: bytes, keep: Keep) -> bytes | None:
    """A property as it stays, or None for one that does not."""
    if kind in _EXACT:
        if len(content) < _EXACT[kind]:
            raise ValueError("short property")
        return box(kind, content[: _EXACT[kind]])
    if kind == b"pixi":
        return box(kind, content[: 5 + content[4]])
    if kind in _REWRITTEN:
        return box(kind, _REWRITTEN[kind](content))
    if kind == b"colr":
        return colour(content, keep)
    if kind == b"auxC":
        name = content[4:].partition(b"\0")[0]
        return box(kind, bytes(4), name, b"\0") if name in ALPHA else None
    return box(kind, content) if kind in _VERBATIM else None


def colour(content: bytes, keep: Keep) -> bytes | None:
    """A `colr` box: numbers as they are, a profile without names."""
    if content[:4] == b"nclx":
        return box(b"colr", content[:11])
    profile = cleaned(content[4:]) if content[:4] in (b"prof", b"rICC") and keep.profile else None
    return box(b"colr", content[:4], profile) if profile else None


def _left_out(items: Items, shown: set[int], data: bytes, top: list[Found], sequence: bool) -> list[Removed]:
    removed = [
        Removed(f"item {item.kind.decode('latin-1')}", *_range(item.extents))
        for number, item in items.items.items() if number not in shown and item.kind
    ]  # fmt: skip
    known = {b"ftyp", b"meta", b"mdat"} | ({b"moov"} if sequence else set())
    return removed + [
        Removed(f"box {kind.decode('latin-1').strip()}", start, end - start)
        for kind, start, body, end in top if kind not in known and data[body:end].strip(b"\0")
    ]  # fmt: skip


def _range(extents: list[tuple[int, int]]) -> tuple[int, int]:
    if not extents:
        return 0, 0
    return extents[0][0], sum(end - start for start, end in extents)


def _tail(data: bytes, top: list[Found]) -> list[Removed]:
    end = top[-1][3]
    return [Removed("data behind the end of image", end, len(data) - end)] if end < len(data) else []
