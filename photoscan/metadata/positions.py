"""Where: every position that fields mean (EXIF, XMP, makers, GeoTIFF) or that a text says is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from photoscan.metadata import angles, written_positions
from photoscan.metadata.entry import Entry, Role
from photoscan.metadata.naming import field_rules
from photoscan.metadata.written_positions import SAID, plausible

NEAR = 1000
"""Bytes within which latitude and longitude of one container are told as one range."""
GEOGRAPHIC = 2
"""GTModelTypeGeoKey (1024) of coordinates in degrees: GeoTIFF 1.1, 7.2.1; others are metres of some projection."""
_MODEL_KEY = 1024
_CIRCUMSTANCES = (
    ("GPSAltitude", "altitude_m"),
    ("AbsoluteAltitude", "altitude_m"),
    ("GPSImgDirection", "direction_deg"),
    ("GPSHPositioningError", "accuracy_m"),
    ("GPSSpeed", "speed"),
)
_WHOLE = ("coordinate", "gpsposition", "iso6709", "latlon", "latlng", "latlong", "geopoint", "georss:point", "geotag",
          "geolocation", "geo.position", "icbm", "gpslocation", "gps location", "gps position")  # fmt: skip
"""What the names of fields for a whole position hold."""
_PLACES = ("location", "spot", "place", "where", "venue", "address", "landmark", "site", "standort", "lokasi")
"""What the names of fields for places end in, in which people write positions too."""


class Fix(NamedTuple):
    """One stated position: decimal degrees (WGS 84), the entry that says so, and what else is said of the moment.

    `attributes`: altitude_m, direction_deg, accuracy_m, speed, where stated. `confidence`: below .5 where nothing says
    that the numbers are a position.
    """

    latitude: float
    longitude: float
    entry: Entry
    attributes: dict[str, Any]
    confidence: float = SAID


class _Group:
    """The position fields of one place in one container."""

    def __init__(self) -> None:
        self.angles: dict[tuple[str, str, bool], Entry] = {}
        self.others: dict[str, Entry] = {}


def fixes(entries: Sequence[Entry]) -> Iterator[Fix]:
    """Every position; copies of one place come as often as they are stated."""
    used: set[int] = set()
    for groups in _grouped(entries).values():
        for group in groups:
            for (axis, key, reference), latitude in group.angles.items():
                longitude = group.angles.get(("longitude", key, False))
                if axis == "latitude" and not reference and longitude is not None:
                    used |= {id(latitude), id(longitude)}
                    lat = _degrees(latitude, group.angles.get(("latitude", key, True)))
                    lon = _degrees(longitude, group.angles.get(("longitude", key, True)))
                    if lat is not None and lon is not None and plausible(lat, lon):
                        yield Fix(lat, lon, _spanning(latitude, longitude), _circumstances(group.others))
    yield from _georeferenced(entries)
    for entry in entries:
        if entry.role is Role.TAG and id(entry) not in used and isinstance(entry.value, (str, bytes)):
            for found in _written(entry):
                yield Fix(found.latitude, found.longitude, entry, {}, found.confidence)


def says_only_where(entry: Entry) -> bool:
    """Whether an entry says nothing but a position, so that no other detector need tell its text."""
    if not isinstance(entry.value, str):
        return False
    meant = angles.meaning(entry.field)
    if meant is not None:
        return meant.reference or _degrees(entry, None) is not None
    text = entry.text
    return any(found.end - found.start >= len(text) - 6 for found in _written(entry))


def _written(entry: Entry) -> Iterator[written_positions.Written]:
    """Positions in a text; fields for settings of cameras and programs hold none but those that say so in full."""
    fields, silent, prefixes = field_rules()
    name = entry.field.casefold()
    prose = name in fields or not (name in silent or name.startswith(prefixes))
    prose = prose and "svg" not in entry.container.split("/")
    yield from written_positions.find(entry.text, prose, *_means(entry.field))


@lru_cache(maxsize=4096)
def _means(field: str) -> tuple[bool, bool]:
    """Whether a field of that name is for positions, and whether it is for places."""
    name = field.casefold().replace("_", "")
    position = any(word in name for word in _WHOLE)
    return position, name.rpartition(":")[2].endswith(_PLACES)


def _grouped(entries: Sequence[Entry]) -> dict[str, list[_Group]]:
    """The position fields of each container; one that says a field twice has two positions, one behind the other."""
    containers: dict[str, list[_Group]] = {}
    for entry in entries:
        meant = angles.meaning(entry.field) if entry.role is Role.TAG else None
        if meant is None:
            if "GPS" in entry.field or "Altitude" in entry.field:
                group = containers.setdefault(entry.container, [_Group()])[-1]
                group.others.setdefault(entry.field.rpartition(":")[2], entry)
            continue
        groups = containers.setdefault(entry.container, [_Group()])
        place = meant.axis, meant.key, meant.reference
        if place in groups[-1].angles:
            groups.append(_Group())
        groups[-1].angles[place] = entry
    return containers


def _georeferenced(entries: Sequence[Entry]) -> Iterator[Fix]:
    """The corner of a GeoTIFF whose model is geographic: x of a tie point is its longitude, y its latitude."""
    for keys in entries:
        if keys.field != "GeoKeys" or not isinstance(keys.value, tuple):
            continue
        rows = [keys.value[at : at + 4] for at in range(4, len(keys.value) - 3, 4)]
        if not any(row[0] == _MODEL_KEY and row[1] == 0 and row[3] == GEOGRAPHIC for row in rows):
            continue
        for entry in entries:
            value = entry.value
            if entry.container == keys.container and isinstance(value, tuple):
                if entry.field == "GeoTiePoint" and len(value) >= 6 and plausible(value[4], value[3]):
                    yield Fix(value[4], value[3], entry, {})
                elif entry.field == "GeoTransform" and len(value) == 16 and plausible(value[7], value[3]):
                    yield Fix(value[7], value[3], entry, {})


def _spanning(first: Entry, second: Entry) -> Entry:
    """The latitude's entry, with a range that reaches over the longitude where that is near."""
    start = min(first.offset, second.offset)
    end = max(first.offset + first.length, second.offset + second.length)
    return replace(first, offset=start, length=end - start) if end - start <= NEAR else first


def _degrees(entry: Entry, reference: Entry | None) -> float | None:
    meant = angles.meaning(entry.field)
    value = entry.text if isinstance(entry.value, bytes) else entry.value
    axis, scale = (meant.axis, meant.scale) if meant else (None, 1.0)
    return angles.degrees(value, reference.text if reference is not None else None, axis, scale)


def _circumstances(fields: dict[str, Entry]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for field, name in _CIRCUMSTANCES:
        entry = fields.get(field)
        if entry is not None and name not in known and (number := _number(entry)) is not None:
            known[name] = round(number, 1)
    below = fields.get("GPSAltitudeRef")
    if "altitude_m" in known and below is not None and below.text in ("1", "1.0", "b'\\x01'"):
        known["altitude_m"] = -abs(known["altitude_m"])
    return known


def _number(entry: Entry) -> float | None:
    """The first number of a value; XMP writes rationals as 'a/b'."""
    if isinstance(entry.value, tuple):
        return float(entry.value[0]) if entry.value else None
    if isinstance(entry.value, (int, float)):
        return float(entry.value)
    above, _, below = entry.text.partition("/")
    try:
        return float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return None
