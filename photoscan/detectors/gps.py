"""Where the photo was taken: coordinates in EXIF, XMP, video and any text, with the nearest town."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple

from photoscan.detectors.base import Detector, Source
from photoscan.detectors.metadata_values import CERTAIN, COORDINATES, ISO6709, listed, place, text
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.metadata import Entry, Role
from photoscan.metadata.gazetteer import distance_km, nearest
from photoscan.views import Views

SAME_KM = 0.1
"""Coordinates nearer to each other than this are copies of one place: writers round differently."""
LONGEST_TEXT = 20_000
NEAR = 1000
"""Bytes within which latitude and longitude of one container are told as one range."""

_XMP_COORDINATE = re.compile(r"^\s*(\d{1,3})[,\s](\d{1,2}(?:\.\d+)?)(?:[,\s](\d{1,2}(?:\.\d+)?))?\s*([NSEW])\s*$")
_PAIRS = (
    ("GPSLatitude", "GPSLongitude"),
    ("GPSDestLatitude", "GPSDestLongitude"),
    ("exif:GPSLatitude", "exif:GPSLongitude"),
    ("exif:GPSDestLatitude", "exif:GPSDestLongitude"),
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongitude"),
    ("drone-dji:GPSLatitude", "drone-dji:GPSLongitude"),
)
_CIRCUMSTANCES = (
    ("GPSAltitude", "altitude_m"),
    ("GPSImgDirection", "direction_deg"),
    ("GPSHPositioningError", "accuracy_m"),
    ("GPSSpeed", "speed"),
)


class _Fix(NamedTuple):
    latitude: float
    longitude: float
    entry: Entry
    attributes: dict[str, Any]


class GpsDetector(Detector):
    """One finding for each different place; value 'latitude, longitude' in decimal degrees (WGS 84)."""

    name: ClassVar[str] = "gps"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.METADATA_GPS,)
    source: ClassVar[Source] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every place; attributes: town, country, distance_km, altitude_m, direction_deg, accuracy_m where known."""
        groups: list[list[_Fix]] = []
        for fix in _fixes(views.metadata.entries):
            for group in groups:
                if distance_km(*fix[:2], *group[0][:2]) < SAME_KM:
                    group.append(fix)
                    break
            else:
                groups.append([fix])
        for group in groups:
            first = group[0]
            circumstances: dict[str, Any] = {}
            for fix in reversed(group):
                circumstances |= fix.attributes
            yield Finding(
                kind=Kind.METADATA_GPS,
                confidence=CERTAIN,
                location=place(first.entry, len(group)),
                detector=self.name,
                reason=f"coordinates in {', '.join(sorted({f.entry.container for f in group}))}",
                value=f"{first.latitude:.6f}, {first.longitude:.6f}",
                attributes=_town(first) | circumstances | listed([fix.entry for fix in group]),
            )


def _town(fix: _Fix) -> dict[str, Any]:
    town = nearest(fix.latitude, fix.longitude)
    if town is None:
        return {"town": None}
    return {
        "town": town.name,
        "country": town.country,
        "country_code": town.country_code,
        "distance_km": town.distance_km,
    }


def _fixes(entries: Sequence[Entry]) -> Iterator[_Fix]:
    used: set[int] = set()
    for fields in _positions(entries):
        for latitude, longitude in _PAIRS:
            if latitude in fields and longitude in fields:
                first, second = fields[latitude], fields[longitude]
                lat = _degrees(first, fields.get(latitude + "Ref"))
                lon = _degrees(second, fields.get(longitude + "Ref"))
                used |= {id(first), id(second)}
                if lat is not None and lon is not None and _plausible(lat, lon):
                    yield _Fix(lat, lon, _spanning(first, second), _circumstances(fields))
    for entry in entries:
        if entry.role is Role.TAG and id(entry) not in used and isinstance(entry.value, (str, bytes)):
            written = text(entry)[:LONGEST_TEXT]
            for match in (*COORDINATES.finditer(written), *ISO6709.finditer(written)):
                lat, lon = float(match[1]), float(match[2])
                if _plausible(lat, lon):
                    yield _Fix(lat, lon, entry, {})


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
        sign = -1 if reference is not None and text(reference).upper()[:1] in ("S", "W") else 1
        return sign * (parts[0] + parts[1] / 60 + parts[2] / 3600)
    written = text(entry)
    if match := _XMP_COORDINATE.match(written):
        degrees = int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
        return -degrees if match[4] in "SW" else degrees
    try:
        degrees = float(written)
    except ValueError:
        return None
    return -abs(degrees) if reference is not None and text(reference).upper()[:1] in ("S", "W") else degrees


def _plausible(latitude: float, longitude: float) -> bool:
    """Inside the globe, and not the 0, 0 that devices without a fix write."""
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (abs(latitude) > 1e-9 or abs(longitude) > 1e-9)


def _circumstances(fields: dict[str, Entry]) -> dict[str, Any]:
    known = {}
    for field, name in _CIRCUMSTANCES:
        for entry in (fields.get(field), fields.get(f"exif:{field}")):
            if entry is not None and (number := _number(entry)) is not None:
                known[name] = round(number, 1)
    below = fields.get("GPSAltitudeRef")
    if "altitude_m" in known and below is not None and text(below) in ("1", "1.0", "b'\\x01'"):
        known["altitude_m"] = -known["altitude_m"]
    return known


def _number(entry: Entry) -> float | None:
    """The first number of a value; XMP writes rationals as 'a/b'."""
    if isinstance(entry.value, tuple):
        return float(entry.value[0]) if entry.value else None
    if isinstance(entry.value, (int, float)):
        return float(entry.value)
    above, _, below = text(entry).partition("/")
    try:
        return float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return None
