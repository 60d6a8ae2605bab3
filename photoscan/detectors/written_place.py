"""Positions that the picture itself tells: stamped by a camera, shown by a map, written in a caption or a code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind, Severity
from photoscan.metadata.gazetteer import nearest
from photoscan.textline import TextLine
from photoscan.textual import coordinates, map_screens


class WrittenPlaceDetector(TextDetector):
    """One finding for each position, as severe as one in the file: value 'latitude, longitude' in degrees (WGS 84).

    Attributes: `position` (true), town, country, country_code and distance_km of the nearest town, None where none is
    within 50 km; `value_latitude`, `value_longitude` in degrees; `accuracy_m`, by its last digit. Screens of maps and
    runs are told as possible places.
    """

    name: ClassVar[str] = "written_place"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_PLACE,)
    reads_codes: ClassVar[bool] = True

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Positions, addresses of three words, then what only may be a place."""
        texts = [line.text for line in lines]
        for found in coordinates.find(texts):
            value = f"{found.latitude:.6f}, {found.longitude:.6f}"
            severity = Severity.HIGH if found.within <= coordinates.EXACT else Severity.MEDIUM
            yield TextMatch(
                Kind.TEXT_PLACE, found.lines, value, found.confidence, found.form, _attributes(found), severity
            )
        for i, text in enumerate(texts):
            if words := coordinates.square_of_words(text):
                told = {"position": True}
                yield TextMatch(
                    Kind.TEXT_PLACE, (i,), f"///{words}", 0.85, "an address of three words", told, Severity.HIGH
                )
        for screen in map_screens.find(texts):
            value = " ".join(texts[i] for i in screen.lines)
            yield TextMatch(Kind.TEXT_PLACE, screen.lines, value, screen.confidence, screen.reason)


def _attributes(found: coordinates.Position) -> dict[str, Any]:
    told: dict[str, Any] = {
        "position": True,
        "accuracy_m": max(1, round(found.within * 111_000)),
        "value_latitude": round(found.latitude, 6),
        "value_longitude": round(found.longitude, 6),
    }
    town = nearest(found.latitude, found.longitude)
    if town is None:
        return told | {"town": None}
    return told | {
        "town": town.name,
        "country": town.country,
        "country_code": town.country_code,
        "distance_km": town.distance_km,
        "value_city": town.name,
        "value_country": town.country,
    }
