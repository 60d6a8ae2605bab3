"""Which town is nearest? A compact table of GeoNames cities (CC BY 4.0, https://www.geonames.org), searched by
one-degree cells.

The table is read as bytes and never unpacked as a whole, so a look-up costs a fraction of a millisecond and no library.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import asin, cos, floor, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parent / "cities.bin"
HEADER = struct.Struct("<4sIII")
CITY = struct.Struct("<iiI2s")
"""Latitude and longitude in 1e-5 degrees, offset of the name, country code (ISO 3166-1)."""
MAGIC = b"PSG1"
CELLS = 180 * 360 + 1
REACH_KM = 50.0
"""Beyond this no town is named: a point at sea is not 'in' the town of the nearest coast."""
EARTH_KM = 6371.0
KM_A_DEGREE = 111.0
"""A little less than a degree of latitude is long: towns further off to the north or south are passed over."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town: name, country code and name, and how far away its centre is."""

    name: str
    country_code: str
    country: str
    distance_km: float


class Place(NamedTuple):
    """A named point: latitude and longitude in degrees (WGS 84), and how far away it is."""

    name: str
    latitude: float
    longitude: float
    distance_km: float


def nearest(latitude: float, longitude: float) -> Town | None:
    """The nearest town within 50 km of a point in degrees (WGS 84), or None."""
    table = _table()
    best: tuple[float, int] | None = None
    for cell in _cells(latitude, longitude):
        start, end = struct.unpack_from("<HH", table, HEADER.size + 2 * cell)
        for index in range(start, end):
            at = HEADER.size + 2 * CELLS + CITY.size * index
            lat, lon = struct.unpack_from("<ii", table, at)
            if best is not None and abs(latitude - lat / 1e5) * KM_A_DEGREE > best[0]:
                continue
            distance = distance_km(latitude, longitude, lat / 1e5, lon / 1e5)
            if best is None or distance < best[0]:
                best = distance, at
    if best is None or best[0] > REACH_KM:
        return None
    _, _, name_at, code = CITY.unpack_from(table, best[1])
    start = HEADER.size + 2 * CELLS + CITY.size * HEADER.unpack_from(table)[1] + name_at
    name = table[start + 1 : start + 1 + table[start]].decode()
    return Town(name, code.decode(), country_name(code.decode()), round(best[0], 1))


def around(latitude: float, longitude: float, reach_km: float, most: int) -> list[Place]:
    """Up to `most` towns within `reach_km`, at most 50, of a point in degrees (WGS 84), the nearest first."""
    table = _table()
    found = []
    for cell in _cells(latitude, longitude):
        start, end = struct.unpack_from("<HH", table, HEADER.size + 2 * cell)
        for index in range(start, end):
            lat, lon, name_at, _ = CITY.unpack_from(table, HEADER.size + 2 * CELLS + CITY.size * index)
            distance = distance_km(latitude, longitude, lat / 1e5, lon / 1e5)
            if distance <= min(reach_km, REACH_KM):
                found.append((distance, name_at, lat / 1e5, lon / 1e5))
    names = HEADER.size + 2 * CELLS + CITY.size * HEADER.unpack_from(table)[1]
    return [
        Place(table[names + at + 1 : names + at + 1 + table[names + at]].decode(), lat, lon, distance)
        for distance, at, lat, lon in sorted(found)[:most]
    ]


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (haversine) between two points in degrees."""
    a = sin(radians(lat2 - lat1) / 2) ** 2
    b = cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(a + b)))


def country_name(code: str) -> str:
    """The English name of a country by its ISO code; the code itself when it is unknown."""
    return _countries().get(code, code)


def _cells(latitude: float, longitude: float) -> list[int]:
    """The cell of a point and its neighbours; near the poles a degree of longitude is short, so more of them."""
    row, column = min(179, floor(latitude + 90)), floor(longitude + 180)
    reach = min(180, floor(REACH_KM / (111.0 * max(0.003, cos(radians(min(89.9, abs(latitude) + 1)))))) + 1)
    columns = range(360) if reach >= 180 else [(column + d) % 360 for d in range(-reach, reach + 1)]
    return [r * 360 + c for r in range(max(0, row - 1), min(179, row + 1) + 1) for c in columns]


@cache
def _table() -> bytes:
    data = TABLE.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError("cities.bin is not a table of this version")
    return data


@cache
def _countries() -> dict[str, str]:
    table = _table()
    _, cities, names, length = HEADER.unpack_from(table)
    start = HEADER.size + 2 * CELLS + CITY.size * cities + names
    rows = table[start : start + length].decode().split("\n")
    return {row[:2]: row[2:] for row in rows}


def position(name: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees of the one town of that name, in whatever case, or None."""
    return _positions().get(name.casefold())


@cache
def _positions() -> dict[str, tuple[float, float] | None]:
    table = _table()
    _, cities, _, _ = HEADER.unpack_from(table)
    records = HEADER.size + 2 * CELLS
    names = records + CITY.size * cities
    found: dict[str, tuple[float, float] | None] = {}
    for lat, lon, at, _ in CITY.iter_unpack(table[records:names]):
        start = names + at + 1
        name = table[start : start + table[start - 1]].decode().casefold()
        found[name] = None if name in found else (lat / 1e5, lon / 1e5)
    return found


def towns() -> Iterator[tuple[str, str]]:
    """The name and the country code of every town in the table."""
    table = _table()
    _, cities, _, _ = HEADER.unpack_from(table)
    records = HEADER.size + 2 * CELLS
    names = records + CITY.size * cities
    for _, _, at, code in CITY.iter_unpack(table[records:names]):
        start = names + at + 1
        yield table[start : start + table[start - 1]].decode(), code.decode()


def countries() -> dict[str, str]:
    """The English name of every country, by its ISO code."""
    return dict(_countries())
