"""Where the photo was taken: coordinates in EXIF, XMP and other text, with the nearest town."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from photoscan.detectors.base import Detector, Source
from photoscan.detectors.metadata_values import CERTAIN, place, text
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.metadata import Entry
from photoscan.metadata.gazetteer import distance_km, nearest
from photoscan.views import Views

SAME_KM = 0.1
"""Coordinates nearer to each other than this are copies of one place: writers round differently."""

_XMP_COORDINATE = re.compile(r"^\s*(\d{1,3})[,\s](\d{1,2}(?:\.\d+)?)(?:[,\s](\d{1,2}(?:\.\d+)?))?\s*([NSEW])\s*$")
_DECIMAL_PAIR = re.compile(r"(?<![\d.])([-+]?\d{1,2}\.\d{4,})\s*[,;\s]\s*([-+]?\d{1,3}\.\d{4,})(?![\d.])")
_ISO6709 = re.compile(r"^([-+]\d{2}\.\d{3,})([-+]\d{3}\.\d{3,})([-+]\d+(?:\.\d+)?)?/?$")


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
            yield Finding(
                kind=Kind.METADATA_GPS,
                confidence=CERTAIN,
                location=place(first.entry, len(group)),
                detector=self.name,
                reason=f"coordinates in {', '.join(sorted({f.entry.container for f in group}))}",
                value=f"{first.latitude:.6f}, {first.longitude:.6f}",
                attributes=_town(first) | first.attributes,
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
    by_container: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        by_container.setdefault(entry.container, {}).setdefault(entry.field, entry)
    for fields in by_container.values():
        for latitude, longitude in (
            ("GPSLatitude", "GPSLongitude"),
            ("GPSDestLatitude", "GPSDestLongitude"),
            ("exif:GPSLatitude", "exif:GPSLongitude"),
        ):
            if latitude in fields and longitude in fields:
                lat = _degrees(fields[latitude], fields.get(latitude + "Ref"))
                lon = _degrees(fields[longitude], fields.get(longitude + "Ref"))
                if _plausible(lat, lon):
                    yield _Fix(lat, lon, fields[latitude], _circumstances(fields))  # type: ignore[arg-type]
    for entry in entries:
        if isinstance(entry.value, (str, bytes)) and len(entry.value) < 20_000 and not entry.field.startswith("GPS"):
            if entry.role.value != "tag":
                continue
            written = text(entry)
            for match in (*_DECIMAL_PAIR.finditer(written), *_ISO6709.finditer(written)):
                lat, lon = float(match[1]), float(match[2])
                if _plausible(lat, lon):
                    yield _Fix(lat, lon, entry, {})


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
        return float(written)
    except ValueError:
        return None


def _plausible(latitude: float | None, longitude: float | None) -> bool:
    """Inside the globe, and not the 0, 0 that devices without a fix write."""
    if latitude is None or longitude is None:
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (abs(latitude) > 1e-9 or abs(longitude) > 1e-9)


def _circumstances(fields: dict[str, Entry]) -> dict[str, Any]:
    known = {}
    for field, name in (
        ("GPSAltitude", "altitude_m"),
        ("GPSImgDirection", "direction_deg"),
        ("GPSHPositioningError", "accuracy_m"),
    ):
        if field in fields and isinstance(fields[field].value, tuple) and fields[field].value:
            known[name] = round(float(fields[field].value[0]), 1)  # type: ignore[index]
    return known
