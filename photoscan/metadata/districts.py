"""Which village or part of a town is nearest? GeoNames' places of 500 people and more that the gazetteer lacks.

The table (CC BY 4.0, https://www.geonames.org) is searched by one-degree cells; only the cells around a point are read.
Towns are the gazetteer's: names of villages are words of many other meanings, and no text is searched for them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from heapq import nsmallest
from math import cos, floor, radians
from pathlib import Path
from typing import BinaryIO, NamedTuple

from photoscan.metadata.gazetteer import CELLS, KM_A_DEGREE, Place, distance_km

TABLE = Path(__file__).parent / "districts.bin"
HEADER = struct.Struct("<4sII")
"""Magic, the number of places, and the length of their names in bytes."""
PLACE = struct.Struct("<HHI")
"""Latitude and longitude within the cell in 1/65536 degrees (1.7 m), and where the name is."""
START = struct.Struct("<I")
MAGIC = b"PSD1"
REACH_KM = 20.0
"""Beyond this a place tells no more than the town does."""


class District(NamedTuple):
    """A place by its name, and how far away its centre is."""

    name: str
    distance_km: float


def nearest(latitude: float, longitude: float) -> District | None:
    """The nearest such place within 20 km of a point in degrees (WGS 84), or None."""
    return next((District(p.name, round(p.distance_km, 1)) for p in around(latitude, longitude, REACH_KM, 1)), None)


def around(latitude: float, longitude: float, reach_km: float, most: int) -> list[Place]:
    """Up to `most` such places within `reach_km`, at most 20, of a point in degrees (WGS 84), the nearest first."""
    with TABLE.open("rb") as file:
        magic, places, _ = HEADER.unpack(file.read(HEADER.size))
        if magic != MAGIC:
            raise ValueError("districts.bin is not a table of this version")
        seen: list[tuple[float, int, float, float]] = []
        for cell in _cells(latitude, longitude):
            south, west = cell // 360 - 90, cell % 360 - 180
            for lat_part, lon_part, name in _places(file, cell):
                lat, lon = south + lat_part / 65536, west + lon_part / 65536
                distance = distance_km(latitude, longitude, lat, lon)
                if distance <= min(reach_km, REACH_KM):
                    seen.append((distance, name, lat, lon))
        found = []
        for distance, name, lat, lon in nsmallest(most, seen):
            file.seek(HEADER.size + START.size * CELLS + PLACE.size * places + name)
            found.append(Place(file.read(file.read(1)[0]).decode(), lat, lon, distance))
        return found


def _places(file: BinaryIO, cell: int) -> Iterator[tuple[int, int, int]]:
    file.seek(HEADER.size + START.size * cell)
    first, end = struct.unpack("<II", file.read(2 * START.size))
    file.seek(HEADER.size + START.size * CELLS + PLACE.size * first)
    yield from PLACE.iter_unpack(file.read(PLACE.size * (end - first)))


def _cells(latitude: float, longitude: float) -> set[int]:
    """The cells that reach within 20 km of a point; at the poles there are no villages."""
    north = REACH_KM / KM_A_DEGREE
    east = min(179.0, north / max(0.01, cos(radians(min(89.9, abs(latitude) + north)))))
    rows = {min(179, max(0, floor(latitude + d + 90))) for d in (-north, 0, north)}
    first, last = floor(longitude - east + 180), floor(longitude + east + 180)
    return {row * 360 + column % 360 for row in rows for column in range(first, last + 1)}
