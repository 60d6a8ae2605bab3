"""Where the photo was taken: coordinates in EXIF, XMP, video and any text, with the nearest town."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.detectors.metadata_values import listed, place
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.metadata import districts
from photoscan.metadata.gazetteer import distance_km, nearest
from photoscan.metadata.naming import named
from photoscan.metadata.positions import Fix, fixes
from photoscan.views import Views

SURE = 0.5
"""Below this nothing says that two numbers are a position."""
SAME_KM = 0.1
"""Coordinates nearer to each other than this are copies of one place: writers round differently."""


class GpsDetector(Detector):
    """One finding for each different place; value 'latitude, longitude' in decimal degrees (WGS 84)."""

    name: ClassVar[str] = "gps"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.METADATA_GPS,)
    source: ClassVar[Input] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every place; attributes: town, country, distance_km, altitude_m, direction_deg, accuracy_m where known, and
        value_district and district_km where a village or a part of the town is nearer."""
        groups: list[list[Fix]] = []
        for fix in fixes(views.metadata.entries):
            for group in groups:
                if distance_km(*fix[:2], *group[0][:2]) < SAME_KM:
                    group.append(fix)
                    break
            else:
                groups.append([fix])
        for group in groups:
            first = group[0]
            confidence = max(fix.confidence for fix in group)
            what = "coordinates" if confidence >= SURE else "perhaps coordinates"
            circumstances: dict[str, Any] = {}
            for fix in reversed(group):
                circumstances |= fix.attributes
            yield Finding(
                kind=Kind.METADATA_GPS,
                confidence=confidence,
                location=place(first.entry, len(group)),
                detector=self.name,
                reason=f"{what} in {', '.join(sorted({named(f.entry)[0] for f in group}))}",
                value=f"{first.latitude:.6f}, {first.longitude:.6f}",
                attributes=_town(first) | circumstances | listed([fix.entry for fix in group]),
            )


def _town(fix: Fix) -> dict[str, Any]:
    town = nearest(fix.latitude, fix.longitude)
    if town is None:
        return {"town": None}
    known: dict[str, Any] = {
        "town": town.name,
        "country": town.country,
        "country_code": town.country_code,
        "distance_km": town.distance_km,
    }
    district = districts.nearest(fix.latitude, fix.longitude)
    if district is not None and district.distance_km < town.distance_km:
        known |= {"value_district": district.name, "district_km": district.distance_km}
    return known
