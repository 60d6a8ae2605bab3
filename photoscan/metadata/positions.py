"""Where: every position that entries state, in EXIF's rationals, XMP's notation, or plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from photoscan.metadata.entry import Entry, Role
from photoscan.metadata.naming import field_rules

COORDINATES = re.compile(r"(?<![\d.])([-+]?\d{1,2}\.\d{3,})\s*[,;\s]\s*([-+]?\d{1,3}\.\d{3,})(?![\d.])")
"""A latitude and a longitude in decimal degrees, fine enough to be a place (0.001 degrees are 100 m)."""
ISO6709 = re.compile(r"^\s*([-+]\d{2}\.\d{3,})([-+]\d{3}\.\d{3,})(?:[-+]\d+(?:\.\d+)?)?(?:CRS[\w/]+)?/?\s*$")
_LISTED = re.compile(r"\s*,\s*[-+]?\d+\.\d+\s*,\s*[-+]?\d+\.\d")
"""Two more numbers: a rectangle or a row of a table, since behind a position there is a height at most."""
LONGEST_TEXT = 20_000
NEAR = 1000
"""Bytes within which latitude and longitude of one container are told as one range."""

_XMP_COORDINATE = re.compile(r"^\s*(\d{1,3})[,\s](\d{1,2}(?:\.\d+)?)(?:[,\s](\d{1,2}(?:\.\d+)?))?\s*([NSEW])\s*$")
_RATIONALS = re.compile(r"\s*(\d{1,10})/(\d{1,10})[,\s]+(\d{1,10})/(\d{1,10})(?:[,\s]+(\d{1,10})/(\d{1,10}))?\s*")
"""Degrees, minutes and seconds as EXIF's rationals written out."""
_PAIRS = (
    ("GPSLatitude", "GPSLongitude"),
    ("GPSDestLatitude", "GPSDestLongitude"),
    ("exif:GPSLatitude", "exif:GPSLongitude"),
    ("exif:GPSDestLatitude", "exif:GPSDestLongitude"),
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongitude"),
    ("drone-dji:GPSLatitude", "drone-dji:GPSLongitude"),
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongtitude"),  # as DJI misspelt it for some years
)
_CIRCUMSTANCES = (
    ("GPSAltitude", "altitude_m"),
    ("GPSImgDirection", "direction_deg"),
    ("GPSHPositioningError", "accuracy_m"),
    ("GPSSpeed", "speed"),
)


class Fix(NamedTuple):
    """One stated position: decimal degrees (WGS 84), the entry that says so, and what else is said of the moment.

    `attributes`: altitude_m, direction_deg, accuracy_m, speed, where stated.
    """

    latitude: float
    longitude: float
    entry: Entry
    attributes: dict[str, Any]


def fixes(entries: Sequence[Entry]) -> Iterator[Fix]:
    """Every position; copies of one place come as often as they are stated."""
    used: set[int] = set()
    for fields in _positions(entries):
        for latitude, longitude in _PAIRS:
            if latitude in fields and longitude in fields:
                first, second = fields[latitude], fields[longitude]
                lat = _degrees(first, fields.get(latitude + "Ref"))
                lon = _degrees(second, fields.get(longitude + "Ref"))
                used |= {id(first), id(second)}
                if lat is not None and lon is not None and _plausible(lat, lon):
                    yield Fix(lat, lon, _spanning(first, second), _circumstances(fields))
    for entry in entries:
        if entry.role is Role.TAG and id(entry) not in used and isinstance(entry.value, (str, bytes)):
            for lat, lon in _written(entry):
                yield Fix(lat, lon, entry, {})


def _written(entry: Entry) -> Iterator[tuple[float, float]]:
    """Positions in a text of any field but those that hold numbers of something else: rectangles, curves, matrices."""
    fields, silent, prefixes = field_rules()
    name = entry.field.casefold()
    if name not in fields and (name in silent or name.startswith(prefixes)) and "gps" not in name:
        return
    text = entry.text[:LONGEST_TEXT]
    for match in (*COORDINATES.finditer(text), *ISO6709.finditer(text)):
        lat, lon = float(match[1]), float(match[2])
        share = 0 <= lat <= 1 and 0 <= lon <= 1  # of a width or height: there is only sea
        if _plausible(lat, lon) and not share and not _LISTED.match(text, match.end()):
            yield lat, lon


def _positions(entries: Sequence[Entry]) -> Iterator[dict[str, Entry]]:
    """The position fields of each container; a container that says a field twice has two positions."""
    by_container: dict[str, list[dict[str, Entry]]] = {}
    for entry in entries:
        if "GPS" not in entry.field and "Gps" not in entry.field:
            continue
        groups = by_container.setdefault(entry.container, [{}])
        target = next((fields for fields in groups if entry.field not in fields), None)
        if target is None:
            groups.append(target := {})
        target[entry.field] = entry
    for groups in by_container.values():
        yield from groups


def _spanning(first: Entry, second: Entry) -> Entry:
    """The latitude's entry, with a range that reaches over the longitude where that is near."""
    start = min(first.offset, second.offset)
    end = max(first.offset + first.length, second.offset + second.length)
    return replace(first, offset=start, length=end - start) if end - start <= NEAR else first


def _degrees(entry: Entry, reference: Entry | None) -> float | None:
    """Decimal degrees from EXIF's three rationals or XMP's 'DD,MM.mmK' text."""
    if isinstance(entry.value, tuple):
        parts = [*entry.value, 0.0, 0.0, 0.0][:3]
        sign = -1 if reference is not None and reference.text.upper()[:1] in ("S", "W") else 1
        return sign * (parts[0] + parts[1] / 60 + parts[2] / 3600)
    written = entry.text
    if match := _RATIONALS.fullmatch(written):
        above, below = [float(n or 0) for n in match.groups()[::2]], [float(n or 1) for n in match.groups()[1::2]]
        if not all(below):
            return None
        degrees = sum(a / b / 60.0**i for i, (a, b) in enumerate(zip(above, below, strict=True)))
        return -degrees if reference is not None and reference.text.upper()[:1] in ("S", "W") else degrees
    if match := _XMP_COORDINATE.match(written):
        degrees = int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
        return -degrees if match[4] in "SW" else degrees
    try:
        degrees = float(written)
    except ValueError:
        return None
    return -abs(degrees) if reference is not None and reference.text.upper()[:1] in ("S", "W") else degrees


def _plausible(latitude: float, longitude: float) -> bool:
    """Inside the globe, and not the 0, 0 that devices without a fix write."""
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (abs(latitude) > 1e-9 or abs(longitude) > 1e-9)


def _circumstances(fields: dict[str, Entry]) -> dict[str, Any]:
    known = {}
    for field, name in _CIRCUMSTANCES:
        for entry in (fields.get(field), fields.get(f"exif:{field}")):
            if entry is not None and (number := _number(entry)) is not None:
                known[name] = round(number, 1)
    below = fields.get("GPSAltitudeRef") or fields.get("exif:GPSAltitudeRef")
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
