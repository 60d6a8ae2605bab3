"""JSON beside a photo: Google Takeout's, and what download programs write (gallery-dl, yt-dlp).

Of Takeout's members each has its meaning here, and every other text is told as well. Of any other JSON only what says
by its name that it is a position, a person or a text about the photo.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector

MAX_DEPTH = 40
MAX_LEAVES = 2_000
"""Objects within each other, and values of one file, that are looked at."""

_SIGNS = frozenset(("photoTakenTime", "geoData", "geoDataExif", "creationTime", "googlePhotosOrigin", "imageViews"))
"""Members of which Takeout's file has two at least."""
_POSITIONS = frozenset(("geoData", "geoDataExif"))
_TIMES = frozenset(("photoTakenTime", "creationTime", "modificationTime", "photoLastModifiedTime"))
_PLAIN = frozenset(
    ("description", "url", "deviceType", "localFolderName", "androidPackageName", "contentOwnerName", "text")
)
_SILENT = frozenset(("imageViews", "timestamp", "formatted", "version", "type"))
"""Counts, the parts of a time, and words of Google's own."""

_LATITUDES, _LONGITUDES = ("latitude", "lat"), ("longitude", "lng", "lon", "long")
_PEOPLE = frozenset(
    ("author", "username", "user_name", "fullname", "full_name", "owner", "ownername", "uploader", "uploader_id",
     "creator", "screen_name", "display_name", "nickname")
)  # fmt: skip
_TEXTS = frozenset(("description", "title", "caption", "content", "text", "comment", "location", "city", "hometown"))


class _Members(tuple[tuple[str, Any], ...]):
    """An object's members as they stand there: a name may stand there twice, and hide the first from other readers."""

    __slots__ = ()


def read(block: Block, path: str, photo: str, found: Collector, sure: bool) -> None:
    """Each statement as an entry. `photo`: the photo's name. `sure`: the file's name says that it is about the photo.

    Of a file of which that is not sure, nothing but positions is told unless it looks like Takeout's.
    """
    try:
        text = block.data.decode(json.detect_encoding(block.data), "replace")
        document = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_Members)
    except (ValueError, RecursionError):
        if sure:
            found.unknown(block, path, "file", about="no JSON that can be read")
        return
    reader = _Reader(block, path, found)
    members = document if isinstance(document, _Members) else _Members()
    if len({name for name, _ in members} & _SIGNS) >= 2:
        reader.takeout(members, photo)
    else:
        reader.other(document, sure)


class _Reader:
    def __init__(self, block: Block, path: str, found: Collector) -> None:
        self.block, self.path, self.found = block, path, found

    def takeout(self, members: _Members, photo: str) -> None:
        for name, value in members:
            if name in _POSITIONS:
                self.position(value, f"{self.path}/{name}", ("latitude",), ("longitude",))
            elif name in _TIMES:
                self.time(name, value)
            elif name == "people":
                for _, person in _leaves(value):
                    self.add("takeout:people", person)
            elif name == "title":
                self.title(value, photo)
            else:
                for leaf, text in _leaves(value, name):
                    self.leaf(leaf, text)

    def title(self, value: Any, photo: str) -> None:
        """The name that the photo had; nothing where the file still has it, as far as Takeout leaves long ones."""
        stem = PurePath(value).stem if isinstance(value, str) else ""
        if stem and PurePath(photo).stem[:40].casefold() not in stem.casefold():
            self.add("takeout:title", value)

    def leaf(self, name: str, text: Any) -> None:
        if name in _PLAIN:
            self.add(f"takeout:{name}", text)
        elif name not in _SILENT and isinstance(text, str) and not text.isdigit():
            self.add("takeout:other", text)

    def time(self, name: str, value: Any) -> None:
        """Seconds since 1970, as a string of digits."""
        for leaf, seconds in _leaves(value):
            if leaf == "timestamp" and (number := _number(seconds)) is not None:
                try:
                    moment = datetime.fromtimestamp(number, UTC)
                except (OverflowError, OSError, ValueError):
                    continue
                self.add(f"takeout:{name}", f"{moment:%Y:%m:%d %H:%M:%S}+00:00")

    def other(self, document: Any, sure: bool) -> None:
        for number, thing in enumerate(_objects(document)):
            self.position(_point(thing) or thing, f"{self.path}/{number}", _LATITUDES, _LONGITUDES)
        if not sure:
            return
        rest = 0
        for name, value in _leaves(document):
            small = name.casefold()
            if small in _PEOPLE:
                self.add("json:person", value)
            elif small in _TEXTS:
                self.add("json:text", value)
            elif small not in (*_LATITUDES, *_LONGITUDES):
                rest += isinstance(value, str) and bool(value.strip())
        if rest:
            self.found.unknown(self.block, self.path, "file", about=f"JSON with more texts, {rest}")

    def position(self, thing: Any, path: str, latitudes: tuple[str, ...], longitudes: tuple[str, ...]) -> None:
        """An object's latitude and longitude as those of a photo; 0, 0 is told by nobody."""
        if not isinstance(thing, _Members):
            return
        known = {name.casefold(): _number(value) for name, value in thing}
        lat = next((known[name] for name in latitudes if known.get(name) is not None), None)
        lon = next((known[name] for name in longitudes if known.get(name) is not None), None)
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            return
        self.found.add(self.block, path, "GPSLatitude", lat)
        self.found.add(self.block, path, "GPSLongitude", lon)
        if height := known.get("altitude"):
            self.found.add(self.block, path, "GPSAltitude", height)

    def add(self, field: str, value: Any) -> None:
        if isinstance(value, str) and value.strip():
            self.found.add(self.block, self.path, field, value)


def _point(thing: _Members) -> _Members | None:
    """GeoJSON's point, longitude first (RFC 7946, section 3.1.2), as an object with both by name."""
    known = dict(thing)
    at = known.get("coordinates")
    if known.get("type") != "Point" or not isinstance(at, list) or len(at) < 2:
        return None
    return _Members((("latitude", at[1]), ("longitude", at[0])))


def _number(value: Any) -> float | None:
    """A number, or one that is written as a text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value[:32] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e12 else None


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no object and no list, with the name of the member that holds it."""
    waiting = [(value, name, 0)]
    for _ in range(MAX_LEAVES):
        if not waiting:
            return
        thing, named, depth = waiting.pop()
        if not isinstance(thing, (list, _Members)):
            yield named, thing
        elif depth < MAX_DEPTH:
            inner = thing if isinstance(thing, _Members) else [(named, one) for one in thing[:MAX_LEAVES]]
            waiting += [(one, member, depth + 1) for member, one in reversed(inner[:MAX_LEAVES])]


def _objects(value: Any) -> Iterator[_Members]:
    """Every object, the outer before the inner."""
    waiting = [value]
    for _ in range(MAX_LEAVES):
        if not waiting:
            return
        thing = waiting.pop()
        if isinstance(thing, _Members):
            yield thing
            waiting += [one for _, one in thing[:MAX_LEAVES] if isinstance(one, (list, _Members))]
        elif isinstance(thing, list):
            waiting += [one for one in thing[:MAX_LEAVES] if isinstance(one, (list, _Members))]
