"""A film is untouched where every track that is played has the same samples, at the same times, decoded the same way.

Goes by the readers' tables, which share no code with the strippers'.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from hashlib import sha256

from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.metadata import film_units
from photoscan.metadata.boxes import boxes, find
from photoscan.metadata.film_tracks import Samples, Track, played, samples, tracks

_TIMES = {b"stts": 8, b"ctts": 8, b"stss": 4, b"stps": 4}
_NEEDED = (b"avcC", b"hvcC", b"av1C", b"vpcC", b"esds", b"dOps", b"alac", b"dac3", b"dec3", b"pasp", b"clap", b"vvcC")
"""Boxes of a sample entry that the copy may not lack."""


def proved(before: bytes, after: bytes, format_: Format, pages: int | None) -> tuple[Phrase, ...]:
    """The proof; RefusedError where a sample, a time or a decoder's configuration differs."""
    try:
        old, new = _listed(before), _listed(after)
        same = len(old) == len(new) > 0 and all(_alike(before, a, after, b) for a, b in zip(old, new, strict=True))
        bare = same and [_bytes(before, one) for one in old] == [_bytes(after, one) for one in new]
    except (ValueError, KeyError, IndexError, struct.error):
        same = bare = False
    if not same:
        raise RefusedError("changed")
    return (clean_phrase("proof.same_film" if bare else "proof.same_film_filled"),)


def _bytes(data: bytes, one: Track) -> bytes:
    """A hash of all samples in order."""
    found = sha256()
    for start, length, _ in samples(data, one).chunks:
        found.update(data[start : start + length])
    return found.digest()


def around(data: bytes) -> bytes:
    """A film without the samples of its tracks."""
    spans = sorted((a, a + length) for one in _listed(data) for a, length, _ in samples(data, one).chunks)
    parts, at = [], 0
    for start, end in [*spans, (len(data), len(data))]:
        parts.append(data[at:start])
        at = max(at, end)
    return b"\0".join(part for part in parts if part)


def _listed(data: bytes) -> list[Track]:
    moov = find(data, (b"moov",))
    return played(tracks(data, moov)) if moov else []


def _alike(before: bytes, old: Track, after: bytes, new: Track) -> bool:
    """Whether two tracks play the same."""
    if (old.number, old.handler, old.coding, old.enabled) != (new.number, new.handler, new.coding, new.enabled):
        return False
    if _clock(before, old) != _clock(after, new) or _entries(before, old) != _entries(after, new):
        return False
    times = all(_rows(before, old, kind, size) == _rows(after, new, kind, size) for kind, size in _TIMES.items())
    return times and _edits(before, old) == _edits(after, new) and _same_samples(before, old, after, new)


def _clock(data: bytes, one: Track) -> tuple[bytes, ...]:
    """Time scale and length of the media, and the track's length, number, layer, volume and size."""
    head, media = one.inside[b"tkhd"], one.inside[b"mdhd"]
    wide, far = data[head.body] == 1, data[media.body] == 1
    at = head.body + (28 if wide else 20)
    size = 8 if wide else 4
    rest = at + size + 8
    start = media.body + (20 if far else 12)
    shown = data[rest + 44 : rest + 52]
    return data[start : start + (12 if far else 8)], data[at : at + size], data[rest : rest + 6], shown


def _rows(data: bytes, one: Track, kind: bytes, size: int) -> bytes:
    box = one.inside.get(kind)
    if box is None:
        return b""
    (count,) = struct.unpack_from(">I", data, box.body + 4)
    return data[box.body : box.body + 1] + data[box.body + 8 : box.body + 8 + count * size]


def _edits(data: bytes, one: Track) -> bytes:
    box = find(data, (b"edts", b"elst"), one.box.body, one.box.end)
    if box is None:
        return b""
    (count,) = struct.unpack_from(">I", data, box.body + 4)
    return data[box.body : box.body + 8 + count * (20 if data[box.body] == 1 else 12)]


def _entries(data: bytes, one: Track) -> list[tuple[bytes, bytes, list[tuple[bytes, bytes]]]]:
    """Each sample entry: coding, size or channels, and what its decoder is told."""
    stsd, found = one.inside[b"stsd"], []
    for entry in boxes(data, stsd.body + 8, stsd.end):
        head = 78 if one.handler == b"vide" else _sound_head(data, entry.body, data[stsd.body])
        numbers = data[entry.body + 24 : entry.body + 36] if head == 78 else data[entry.body + 16 : entry.body + head]
        told = sorted(_told(data, entry.body + head, entry.end))
        found.append((entry.kind, numbers, told))
    return found


def _sound_head(data: bytes, body: int, version: int) -> int:
    return 28 if version == 1 else {0: 28, 1: 44, 2: 64}[int.from_bytes(data[body + 8 : body + 10], "big")]


def _told(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    for box in boxes(data, start, end):
        content = data[box.body : box.end]
        if box.kind == b"wave":
            yield from _told(data, box.body, box.end)
        elif box.kind == b"esds":
            yield box.kind, _specific(content[4:])
        elif box.kind == b"hvcC":
            yield box.kind, content[:22] + b"".join(_parameter_sets(content))
        elif box.kind == b"avcC":
            yield box.kind, content[: _sets_end(content)]
        elif box.kind == b"colr" and content[:4] in (b"nclx", b"nclc"):
            yield box.kind, content[:11]
        elif box.kind in _NEEDED:
            yield box.kind, content[:24] if box.kind != b"av1C" else content[:4]


def _specific(raw: bytes) -> bytes:
    """The decoder's type and its own bytes, wherever they stand among the descriptors (ISO 14496-1, 7.2.6)."""
    at = 0
    found = b""
    while at + 2 <= len(raw):
        tag, at, length = raw[at], at + 1, 0
        for _ in range(4):
            length, at = length << 7 | raw[at] & 0x7F, at + 1
            if not raw[at - 1] & 0x80:
                break
        if tag == 3:
            flags = raw[at + 2]
            at += 3 + (2 if flags & 0x80 else 0)
            at += 1 + raw[at] if flags & 0x40 else 0
            at += 2 if flags & 0x20 else 0
        elif tag == 4:
            found += raw[at : at + 13]
            at += 13
        elif tag == 5:
            return found + raw[at : at + length]
        else:
            at += length
    return found


def _parameter_sets(content: bytes) -> Iterator[bytes]:
    at = 23
    for _ in range(content[22]):
        start, kind = at, content[at] & 0x3F
        units = int.from_bytes(content[at + 1 : at + 3], "big")
        at += 3
        for _ in range(units):
            at += 2 + int.from_bytes(content[at : at + 2], "big")
        if 32 <= kind <= 34:
            yield content[start:at]


def _sets_end(content: bytes) -> int:
    at = 5
    for mask in (0x1F, 0xFF):
        count, at = content[at] & mask, at + 1
        for _ in range(count):
            at += 2 + int.from_bytes(content[at : at + 2], "big")
    return at


def _same_samples(before: bytes, old: Track, after: bytes, new: Track) -> bool:
    """Whether all samples have the same bytes, but for filler in the place of user data in the same unit."""
    first, second = samples(before, old), samples(after, new)
    if first.count != second.count or first.sizes != second.sizes or first.size != second.size:
        return False
    if len(first.chunks) != len(second.chunks):
        return False
    spans: list[tuple[int, int]] | None = None
    for (a, length, count), (b, other, also) in zip(first.chunks, second.chunks, strict=True):
        if (length, count) != (other, also) or a + length > len(before) or b + length > len(after):
            return False
        if before[a : a + length] == after[b : b + length]:
            continue
        spans = _user_data(before, old, first) if spans is None else spans
        inside = [(start - a, end - a) for start, end in spans if a <= start < a + length]
        if not _filled(before[a : a + length], after[b : b + length], inside):
            return False
    return True


def _user_data(data: bytes, one: Track, held: Samples) -> list[tuple[int, int]]:
    return [(start, end) for start, end, _ in film_units.user_data(data, one, held)]


def _filled(old: bytes, new: bytes, spans: list[tuple[int, int]]) -> bool:
    """Whether two chunks differ within units of user data alone."""
    rest, other = bytearray(old), bytearray(new)
    for start, end in spans:
        rest[start - 4 : end] = other[start - 4 : end] = bytes(end - start + 4)
    return rest == other
