"""Tracks of a film that nobody is shown: that they are there, and what of them is understood."""

from __future__ import annotations

from photoscan.metadata import film_motion, film_words, standards
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import boxes
from photoscan.metadata.entry import Collector
from photoscan.metadata.film_tracks import Samples, Track, named
from photoscan.metadata.ifd import text

MAX_TOLD = 50
_READ = 20_000
"""Samples of one track that are searched for positions."""


def track(block: Block, one: Track, held: Samples, path: str, found: Collector) -> None:
    """A track that nobody is shown: that it is there, and what is understood of it."""
    word = named(one.handler)
    field = {"video": "picture track", "sound": "sound track"}.get(word, "data track")
    coding = "".join(c for c in one.coding.decode("latin-1") if c.isprintable()).strip()
    spans = [span for span, _ in zip(held.each(), range(_READ), strict=False)] if held.count else []
    ends = [(start, min(start + size, len(block.data))) for start, size in spans if start < len(block.data)]
    film_motion.hidden(block, f"{path}/{coding or 'trak'}", field, ends, f"{word}, {coding}", found)
    where = f"{path}/{coding}"
    if field != "data track":
        return
    with found.guarded(where):
        _understood(block, one, ends, where, found)


def _understood(block: Block, one: Track, ends: list[tuple[int, int]], path: str, found: Collector) -> None:
    data = block.data
    places: list[tuple[film_motion.Place, int, int]] = []
    if one.coding == b"gpmd":
        for start, end in ends[:: max(1, len(ends) // 20)]:
            standards.read("gpmf", block.cut(start, end), path, found)
    elif one.coding == b"camm":
        places = [(at, start, end) for start, end in ends for at in film_motion.camm(data, start, end)]
    elif one.coding == b"rtmd":
        places = [(at, start, end) for start, end in ends if (at := film_motion.sony_place(data, start, end))]
        _serial(block, ends[:1], path, found)
    elif one.coding == b"mebx":
        _timed(block, one, ends, path, found)
    elif one.handler in (b"text", b"sbtl", b"subt", b"clcp"):
        for start, end in ends[:MAX_TOLD]:
            words = film_motion.texts(block, start, end, path, found)
            places += [(at, start, end) for at in film_motion.in_words(words)]
    else:
        for start, end in ends[:2000]:
            places += film_motion.nmea(data, start, end)
        for start, end in ends[:3]:
            film_words.strings(block.cut(start, end), path, found)
    film_motion.tell(block, [row for row in places if film_motion.plausible(*row[0])], path, found)


def _serial(block: Block, ends: list[tuple[int, int]], path: str, found: Collector) -> None:
    for start, end in ends:
        for tag, at, stop in film_motion.rtmd(block.data, start, end):
            if tag == 0x8114 and (words := text(block.data[at:stop])):
                found.add(block, path, "SerialNumber", words, at, stop)


def _timed(block: Block, one: Track, ends: list[tuple[int, int]], path: str, found: Collector) -> None:
    """Apple's timed metadata: boxes whose type is a local number of a key."""
    data = block.data
    stsd = one.inside[b"stsd"]
    entry = next(boxes(data, stsd.body + 8, stsd.end), None)
    names = film_motion.keys_of(data, entry) if entry else {}
    told: set[str] = set()
    for start, end in ends:
        for box in boxes(data, start, end):
            field = film_words.field_of(names.get(box.kind, ""))
            words = text(data[box.body : box.end])
            again = field in told and field != "GPSCoordinates"
            if not field or again or len(told) >= MAX_TOLD:
                continue
            told.add(words if field == "GPSCoordinates" else field)
            if words.isprintable() and len(words) >= 4:
                found.add(block, path, field, words, box.body, box.end)
            else:
                found.unknown(block, path, field, box.body, box.end)
