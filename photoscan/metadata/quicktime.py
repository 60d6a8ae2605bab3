"""MP4 and QuickTime videos: what motion photos say of place, time, device, and whether there is sound."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from photoscan.metadata import xmp
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes, find
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import text

_TEXTS = {
    b"\xa9xyz": "GPSCoordinates", b"\xa9day": "ContentCreateDate", b"\xa9mak": "Make", b"\xa9mod": "Model",
    b"\xa9swr": "Software", b"\xa9too": "Software", b"\xa9nam": "Title", b"\xa9cmt": "Comment", b"\xa9ART": "Artist",
    b"\xa9aut": "Author", b"\xa9cpy": "Copyright", b"\xa9inf": "Information", b"auth": "Author", b"titl": "Title",
    b"cprt": "Copyright", b"dscp": "Description", b"perf": "Performer", b"albm": "Album",
}  # fmt: skip
_KEYS = {
    "com.apple.quicktime.location.ISO6709": "GPSCoordinates", "com.apple.quicktime.make": "Make",
    "com.apple.quicktime.model": "Model", "com.apple.quicktime.software": "Software",
    "com.apple.quicktime.creationdate": "CreationDate", "com.android.version": "Software",
    "com.apple.quicktime.content.identifier": "ContentIdentifier", "com.apple.quicktime.author": "Author",
    "com.android.manufacturer": "Make", "com.android.model": "Model",
}  # fmt: skip
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_HANDLERS = {b"vide": "video", b"soun": "sound", b"pict": "pictures", b"auxv": "auxiliary pictures", b"meta": "data"}
PICTURE_TRACKS = frozenset(("pictures", "auxiliary pictures"))
"""Tracks of an image sequence: they are the photo itself."""
_USER_DATA_SILENT = frozenset((b"meta", b"free", b"skip", b"hnti", b"name", b"vndr"))


def tracks(data: bytes, moov: Box) -> list[str]:
    """What each track of a movie holds, in words."""
    found = []
    for box in boxes(data, moov.body, moov.end):
        if box.kind == b"trak" and (handler := find(data, (b"mdia", b"hdlr"), box.body, box.end)):
            kind = data[handler.body + 8 : handler.body + 12]
            found.append(_HANDLERS.get(kind, kind.decode("latin-1")))
    return found


def read(block: Block, path: str, found: Collector) -> None:
    """Places, times and names in a video's movie box."""
    for box in boxes(block.data):
        if box.kind == b"moov":
            movie(block, box, path, found)
        elif box.kind == b"uuid" and block.data[box.body : box.body + 4] == b"\xbe\x7a\xcf\xcb":
            xmp.read(block.cut(box.body + 16, box.end), f"{path}/xmp", found)


def movie(block: Block, moov: Box, path: str, found: Collector) -> None:
    """The movie box: its clock, user data and metadata, also those of its tracks."""
    data = block.data
    kinds = tracks(data, moov)
    if set(kinds) - PICTURE_TRACKS:
        about = ", ".join(dict.fromkeys(kinds))
        found.add(block, path, "tracks", about, moov.start, moov.body, Role.TECHNICAL)
    for box in boxes(data, moov.body, moov.end):
        if box.kind == b"mvhd":
            _clock(block, box, path, found)
        elif box.kind == b"udta":
            _user_data(block, box, path, found)
        elif box.kind == b"meta":
            _metadata(block, box, path, found)
        elif box.kind == b"trak":
            for inner in boxes(data, box.body, box.end):
                if inner.kind == b"udta":
                    _user_data(block, inner, path, found)
                elif inner.kind == b"meta":
                    _metadata(block, inner, path, found)


def _clock(block: Block, box: Box, path: str, found: Collector) -> None:
    wide = block.data[box.body] == 1
    (seconds,) = struct.unpack_from(">Q" if wide else ">I", block.data, box.body + 4)
    if 2_500_000_000 < seconds < 6_000_000_000:  # 1983 to 2094
        stamp = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y:%m:%d %H:%M:%S")
        found.add(block, path, "MediaCreateDate", stamp, box.body + 4, box.body + (12 if wide else 8))


def _user_data(block: Block, parent: Box, path: str, found: Collector) -> None:
    data = block.data
    for box in boxes(data, parent.body, parent.end):
        if box.kind == b"meta":
            _metadata(block, box, path, found)
        elif box.kind == b"loci":
            _location(block, box, path, found)
        elif box.kind in _TEXTS:
            start = box.body + (4 if box.kind[:1] == b"\xa9" else 6)
            if value := text(data[start : box.end]):
                found.add(block, path, _TEXTS[box.kind], value, start, box.end)
        elif box.kind not in _USER_DATA_SILENT:
            found.unknown(block, f"{path}/{box.name}", start=box.body, end=box.end)


def _location(block: Block, box: Box, path: str, found: Collector) -> None:
    """3GPP's place (TS 26.244): a name, a role, then longitude, latitude and altitude in 16.16 fixed point."""
    name_end = block.data.index(b"\0", box.body + 6, box.end)
    longitude, latitude = struct.unpack_from(">ii", block.data, name_end + 2)
    value = f"{latitude / 65536:+09.5f}{longitude / 65536:+010.5f}/"
    found.add(block, path, "GPSCoordinates", value, name_end + 2, name_end + 10)
    if name := text(block.data[box.body + 6 : name_end]):
        found.add(block, path, "LocationName", name, box.body + 6, name_end)


def _metadata(block: Block, box: Box, path: str, found: Collector) -> None:
    """Apple's keys and values: names in 'keys', texts in 'ilst'."""
    data = block.data
    start = box.body + (0 if data[box.body + 4 : box.body + 8] in (b"hdlr", b"keys", b"ilst") else 4)
    names: list[str] = []
    if keys := find(data, (b"keys",), start, box.end):
        names = [data[key.body : key.end].decode("utf-8", "replace") for key in boxes(data, keys.body + 8, keys.end)]
    items = find(data, (b"ilst",), start, box.end)
    for item in boxes(data, items.body, items.end) if items else ():
        index = int.from_bytes(item.kind, "big")
        name = names[index - 1] if 0 < index <= len(names) else ""
        field = _KEYS.get(name) or _TEXTS.get(item.kind) or name or item.name
        content = find(data, (b"data",), item.body, item.end)
        if content and data[content.body : content.body + 4] in (b"\0\0\0\1", b"\0\0\0\0"):
            if value := text(data[content.body + 8 : content.end]):
                found.add(block, path, field, value, content.body + 8, content.end)
        elif content:
            found.unknown(block, path, field, content.body + 8, content.end)
