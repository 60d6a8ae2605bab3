"""MP4 and QuickTime films: `moov` written anew with the tracks that are played, `mdat` with their chunks alone.

Samples stay as they are, but for messages of user data between coded pictures (`film_units`).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from photoscan.errors import UnsupportedFormatError
from photoscan.stripping import film_entries, film_tables, film_units
from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.boxes import Found, box, boxes, full_box

_BRANDS = frozenset((
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1",
    b"hvc1", b"hev1", b"av01", b"qt  ", b"M4V ", b"M4A ", b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3g2a", b"3g2b", b"3g2c",
))  # fmt: skip
"""Brands that name a standard, not a maker."""
_AROUND = frozenset((b"ftyp", b"mdat", b"moov", b"wide"))
_ASIDE = frozenset((b"chap", b"thmb", b"hint", b"tmcd", b"scpt", b"auxl", b"vdep", b"cdsc"))
_IDENTITY = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
_UNDETERMINED = 0x55C4
"""The language 'und', packed (ISO 14496-12, 8.4.2)."""
NOTE = "film"
Parts = dict[bytes, bytes]


@dataclass(slots=True)
class _Track:
    """One that is written: its `trak` box but for the offsets, which are set last, in 8 bytes each where `wide`, and
    its chunks with the offsets that they had."""

    before: bytes
    wide: bool
    chunks: list[tuple[int, bytes]] = field(repr=False)


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild. ValueError, KeyError, IndexError or struct.error where it is broken; UnsupportedFormatError for films in
    pieces, whose samples lie elsewhere, or of a coding that is not known here."""
    top = boxes(data, 0, len(data))
    names = [kind for kind, *_ in top]
    if b"moof" in names:
        raise UnsupportedFormatError("problem.clean.film.pieces")
    _, start, body, end = _first(top, b"moov")
    inside = boxes(data, body, end)
    if any(kind == b"cmov" for kind, *_ in inside):
        raise UnsupportedFormatError("problem.clean.film.packed")
    removed = _left_out(data, top, inside)
    _, _, *within = _first(inside, b"mvhd")
    tracks = [_track(data, row, keep) for row in _played(data, [row for row in inside if row[0] == b"trak"], removed)]
    if not tracks:
        raise ValueError("no track that is played")
    movie = _movie_header(data[slice(*within)])
    front = b"".join(_brands(data[at:stop]) for kind, _, at, stop in top[:1] if kind == b"ftyp")
    first = next((at for kind, at, *_ in top if kind == b"mdat"), len(data))
    return Stripped(_written(front, movie, tracks, start < first), tuple(removed), (NOTE,))


def _first(rows: list[Found], kind: bytes) -> Found:
    """The first box of a type; KeyError where there is none."""
    return {row[0]: row for row in reversed(rows)}[kind]


def _left_out(data: bytes, top: list[Found], inside: list[Found]) -> list[Removed]:
    """What stands around the tracks and does not stay."""
    found = [Removed(_named(kind), at, end - at) for kind, at, _, end in top if kind not in _AROUND]
    for kind, at, _, end in inside:
        if kind not in (b"mvhd", b"trak"):
            found.append(Removed(_named(kind), at, end - at))
    last = top[-1][3]
    if last < len(data):
        found.append(Removed("data behind the end", last, len(data) - last))
    return found


def _named(kind: bytes) -> str:
    return "box " + "".join(c if c.isprintable() else "?" for c in kind.decode("latin-1")).strip()


def _played(data: bytes, rows: list[Found], removed: list[Removed]) -> list[Found]:
    """Tracks that a player shows or lets hear: pictures and sound, enabled, and there for no other track."""
    aside: set[int] = set()
    for _, _, body, end in rows:
        for kind, _, at, stop in boxes(data, body, end):
            if kind == b"tref":
                for sort, _, first, last in boxes(data, at, stop):
                    count = min((last - first) // 4, 1000)
                    aside.update(struct.unpack_from(f">{count}I", data, first) if sort in _ASIDE else ())
    there = []
    for row in rows:
        parts = _parts(data, row[2], row[3])
        media = _content(parts[b"mdia"])
        tkhd = parts[b"tkhd"]
        number = int.from_bytes(tkhd[20:24] if tkhd[0] else tkhd[12:16], "big")
        if media[b"hdlr"][8:12] in (b"vide", b"soun") and number not in aside:
            there.append((row, bool(tkhd[3] & 1)))
    shown = [row for row, enabled in there if enabled] or [row for row, _ in there]
    for row in rows:
        if row not in shown:
            removed.append(Removed("hidden track", row[1], row[3] - row[1]))
    return shown


def _parts(data: bytes, start: int, end: int) -> Parts:
    """The content of each box in a range by its type, of several the first."""
    found: Parts = {}
    for kind, _, body, stop in boxes(data, start, end):
        found.setdefault(kind, data[body:stop])
    return found


def _content(content: bytes) -> Parts:
    return _parts(content, 0, len(content))


def _track(data: bytes, row: Found, keep: Keep) -> _Track:
    """A `trak` box whose offsets are left open, and its chunks."""
    parts = _parts(data, row[2], row[3])
    media = _content(parts[b"mdia"])
    inner = _content(media[b"minf"])
    handler = media[b"hdlr"][8:12]
    _here_alone(inner)
    stbl = _content(inner[b"stbl"])
    coding = stbl[b"stsd"][12:16]
    tables = [film_entries.description(stbl[b"stsd"], handler)]
    count = film_tables.samples_in(stbl)
    tables += [film_tables.kept(kind, content, count) for kind, content in stbl.items() if kind != b"stsd"]
    change = film_units.changes(coding, stbl[b"stsd"]) if handler == b"vide" else None
    chunks = film_tables.chunks(data, stbl, coding if handler == b"soun" else b"", change)
    wide = sum(len(raw) for _, raw in chunks) + len(data) >= 1 << 32
    room = (8 if wide else 4) * len(chunks)
    table = struct.pack(">I4sII", 16 + room, b"co64" if wide else b"stco", 0, len(chunks))
    held = b"".join(tables)
    stbl_head = struct.pack(">I4s", 8 + len(held) + 16 + room, b"stbl")
    minf = _media_header(inner, media[b"hdlr"])
    minf_head = struct.pack(">I4s", 8 + len(minf) + len(stbl_head) + len(held) + 16 + room, b"minf")
    mdia = box(b"mdhd", _media_times(media[b"mdhd"])) + box(b"hdlr", _handler(media[b"hdlr"]))
    inside = len(mdia) + len(minf_head) + len(minf) + len(stbl_head) + len(held) + 16 + room
    mdia_head = struct.pack(">I4s", 8 + inside, b"mdia")
    front = box(b"tkhd", _track_header(parts[b"tkhd"], keep)) + _edits(parts)
    trak_head = struct.pack(">I4s", 8 + len(front) + 8 + inside, b"trak")
    before = b"".join((trak_head, front, mdia_head, mdia, minf_head, minf, stbl_head, held, table))
    return _Track(before, wide, chunks)


def _here_alone(inner: Parts) -> None:
    """UnsupportedFormatError where samples lie in another file."""
    references = _content(inner[b"dinf"]).get(b"dref", b"") if b"dinf" in inner else b""
    for _, _, body, end in boxes(references, 8, len(references)):
        if end - body >= 4 and not references[body + 3] & 1:
            raise UnsupportedFormatError("problem.clean.film.elsewhere")


def _media_header(inner: Parts, handler: bytes) -> bytes:
    """What stands in `minf` before the tables."""
    parts = []
    if b"vmhd" in inner:
        parts.append(box(b"vmhd", inner[b"vmhd"][:12]))
    elif b"smhd" in inner:
        parts.append(box(b"smhd", inner[b"smhd"][:6], bytes(2)))
    else:
        parts.append(full_box(b"nmhd", 0, 0))
    if handler[4:8] == b"mhlr":
        parts.append(box(b"hdlr", bytes(4) + b"dhlrurl " + bytes(13)))
    here = full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1))
    return b"".join((*parts, box(b"dinf", here)))


def _handler(content: bytes) -> bytes:
    sort = b"mhlr" if content[4:8] == b"mhlr" else bytes(4)
    return bytes(4) + sort + content[8:12] + bytes(13)


def _movie_header(content: bytes) -> bytes:
    """`mvhd` without times, previews and what is reserved."""
    wide = content[0] == 1
    times, clock = (16, 12) if wide else (8, 8)
    at = 4 + times + clock
    if len(content) < at + 80:
        raise ValueError("a movie header ends early")
    return box(
        b"mvhd", content[:1] + bytes(3), bytes(times), content[at - clock : at], content[at : at + 6], bytes(10),
        content[at + 16 : at + 52], bytes(24), content[at + 76 : at + 80],
    )  # fmt: skip


def _track_header(content: bytes, keep: Keep) -> bytes:
    """`tkhd` without times and what is reserved."""
    wide = content[0] == 1
    times, size = (16, 8) if wide else (8, 4)
    at = 4 + times
    number, length = content[at : at + 4], content[at + 8 : at + 8 + size]
    at += 8 + size + 8
    if len(content) < at + 52:
        raise ValueError("a track header ends early")
    matrix = content[at + 8 : at + 44] if keep.orientation else _IDENTITY
    flags = bytes((content[0], 0, 0, content[3] & 0x0F))
    return b"".join((
        flags, bytes(times), number, bytes(4), length, bytes(8), content[at : at + 6], bytes(2), matrix,
        content[at + 44 : at + 52],
    ))  # fmt: skip


def _media_times(content: bytes) -> bytes:
    """`mdhd` without times and language."""
    times, rest = (16, 12) if content[0] == 1 else (8, 8)
    clock = content[4 + times : 4 + times + rest]
    return content[:1] + bytes(3) + bytes(times) + clock + struct.pack(">HH", _UNDETERMINED, 0)


def _edits(parts: Parts) -> bytes:
    """The edit list: which part of the media is played when."""
    content = _content(parts[b"edts"]).get(b"elst") if b"edts" in parts else None
    if content is None:
        return b""
    return box(b"edts", box(b"elst", content[:8], film_tables.rows(content, 4, 20 if content[0] else 12)))


def _brands(content: bytes) -> bytes:
    """`ftyp` with brands of standards alone."""
    major = content[:4] if content[:4] in _BRANDS else b"mp42"
    others = (content[at : at + 4] for at in range(8, len(content) - 3, 4))
    listed = list(dict.fromkeys((major, *(brand for brand in others if brand in _BRANDS))))
    return box(b"ftyp", major, bytes(4), *listed)


def _written(front: bytes, movie: bytes, tracks: list[_Track], fast: bool) -> bytes:
    """The file: in front the movie box where it was, behind the media otherwise; chunks in the order that they had."""
    # An empty chunk stays where the next one begins.
    order = sorted(
        (offset, bool(raw), t, c) for t, one in enumerate(tracks) for c, (offset, raw) in enumerate(one.chunks)
    )
    sizes = [len(one.before) + (8 if one.wide else 4) * len(one.chunks) for one in tracks]
    length = 8 + len(movie) + sum(sizes)
    payload = sum(len(raw) for one in tracks for _, raw in one.chunks)
    head = struct.pack(">I4s", 8 + payload, b"mdat") if payload + 8 < 1 << 32 else struct.pack(
        ">I4sQ", 1, b"mdat", 16 + payload
    )  # fmt: skip
    at = len(front) + (length if fast else 0) + len(head)
    places: list[list[int]] = [[0] * len(one.chunks) for one in tracks]
    media = [head]
    for _, _, t, c in order:
        places[t][c] = at
        media.append(tracks[t].chunks[c][1])
        at += len(media[-1])
    moov = [struct.pack(">I4s", length, b"moov"), movie]
    for one, offsets in zip(tracks, places, strict=True):
        moov += [one.before, struct.pack(f">{len(offsets)}{'Q' if one.wide else 'I'}", *offsets)]
    return b"".join((front, *moov, *media) if fast else (front, *media, *moov))
