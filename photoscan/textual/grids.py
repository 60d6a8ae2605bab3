"""Positions written as squares of a grid: plus codes (Open Location Code) and MGRS, the military grid of UTM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import atan, cos, cosh, degrees, radians, sin, sinh, sqrt
from typing import NamedTuple

from photoscan.metadata import gazetteer


class Square(NamedTuple):
    """A square. `centre`: latitude, longitude in degrees (WGS 84). `degrees`: its side. `span`: where it is written."""

    centre: tuple[float, float]
    degrees: float
    span: tuple[int, int]
    confidence: float
    form: str


_ALPHABET = "23456789CFGHJMPQRVWX"
"""The digits of plus codes, in base 20: https://github.com/google/open-location-code, specification 1.0."""
_A = f"[{_ALPHABET}]"
_FULL = re.compile(rf"(?<![\w+])({_A}{{8}})\s?\+\s?({_A}{{2,3}})(?![\w+])")
_SHORT = re.compile(rf"(?<![\w+])({_A}{{4}})\s?\+\s?({_A}{{2,3}})(?![\w+])[,\s]+(\D.{{2,60}})")
_MGRS = re.compile(
    r"(?i)(?<![\w.])(MGRS|USNG)?[:\s]{0,2}(?<!\w)([1-9]|[1-5]\d|60)\s?([C-HJ-NP-X])\s?([A-HJ-NP-Z])\s?([A-HJ-NP-V])\s?(\d{4,5})(\s?)(\d{4,5})(?![\w.])"
)
_UTM = re.compile(
    r"(?i)(?<![\w.])(UTM|zone|fuso|zona)?[:\s]{0,2}(?<!\w)([1-9]|[1-5]\d|60)\s?([C-HJ-NP-X])[,;:\s]+"
    r"(?:E\s?[:=]?\s?)?(\d{6})(?:\.\d+)?\s?m?\s?(E)?[,;\s]+(?:N\s?[:=]?\s?)?(\d{6,7})(?:\.\d+)?\s?m?\s?(N)?(?![\w.])"
)
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = ("ABCDEFGHJKLMNPQRSTUV", "FGHJKLMNPQRSTUVABCDE")
_BANDS = "CDEFGHJKLMNPQRSTUVWX"


def find(text: str) -> Iterator[Square]:
    """Every square that a line names."""
    if "+" in text:
        yield from _plus_codes(text.upper())
    for found in _MGRS.finditer(text):
        if (square := _grid(found)) is not None:
            yield square
    for found in _UTM.finditer(text):
        if (square := _metres(found)) is not None:
            yield square


def _plus_codes(text: str) -> Iterator[Square]:
    for found in _FULL.finditer(text):
        if (corner := decoded(found[1] + found[2])) is not None and re.search(r"[A-Z]", found[0]):
            yield Square(corner, 1 / 8000, found.span(), 0.95, "a plus code")
    for found in _SHORT.finditer(text):
        town = _town(found[3])
        if town is not None and re.search(r"[A-Z]", found[1] + found[2]):
            near = recovered(found[1] + found[2], *town)
            yield Square(near, 1 / 8000, (found.start(), found.end(2)), 0.9, "a plus code with its town")


def decoded(digits: str) -> tuple[float, float] | None:
    """The centre of a plus code's cell, from ten or eleven digits without the plus; None beyond the poles."""
    latitude, longitude, step = -90.0, -180.0, 20.0
    for first, second in zip(digits[0:10:2], digits[1:10:2], strict=False):
        latitude += _ALPHABET.index(first) * step
        longitude += _ALPHABET.index(second) * step
        step /= 20
    size = step * 20
    if latitude >= 90 or longitude >= 180:
        return None
    return latitude + size / 2, longitude + size / 2


def encoded(latitude: float, longitude: float) -> str:
    """The ten digits of the plus code of a point in degrees, without the plus."""
    rows, columns = int((min(latitude, 89.9999) + 90) * 8000), int(((longitude + 180) % 360) * 8000)
    digits = ""
    for _ in range(5):
        digits = _ALPHABET[rows % 20] + _ALPHABET[columns % 20] + digits
        rows, columns = rows // 20, columns // 20
    return digits


def recovered(short: str, latitude: float, longitude: float) -> tuple[float, float]:
    """The centre of the cell with these last digits (six or seven) that is nearest to a point in degrees."""
    centre = decoded(encoded(latitude, longitude)[:4] + short) or (latitude, longitude)
    return _nearest(centre[0], latitude), _nearest(centre[1], longitude)


def _nearest(value: float, near: float) -> float:
    """Of the values that differ by whole degrees of a short code's square, the nearest."""
    return value - 1 if value - near > 0.5 else value + 1 if near - value > 0.5 else value


def _town(words: str) -> tuple[float, float] | None:
    """Where the first town is that stands behind a short code."""
    names = [name.strip(" .") for name in re.split(r"[,;|]", words)]
    names += [" ".join(words.split()[:n]).strip(",. ") for n in (3, 2, 1)]
    return next((at for name in names if (at := gazetteer.position(name))), None)


def _grid(found: re.Match[str]) -> Square | None:
    label, zone, band, column, row, east, gap, north = found.groups()
    if len(east) != len(north) or not (label or len(east) == 5):
        return None
    zone, band, column, row = int(zone), band.upper(), column.upper(), row.upper()
    columns, rows = _COLUMNS[(zone - 1) % 3], _ROWS[(zone - 1) % 2]
    if column not in columns:
        return None
    scale = 10 ** (5 - len(east))
    easting = (columns.index(column) + 1) * 100_000 + (int(east) + 0.5) * scale
    northing = rows.index(row) * 100_000 + (int(north) + 0.5) * scale
    bottom = -80 + 8 * _BANDS.index(band)
    top = 84 if band == "X" else bottom + 8
    for high in range(5):
        point = from_utm(zone, easting, northing + high * 2_000_000 - (10_000_000 if bottom < 0 else 0))
        if bottom - 0.5 <= point[0] <= top + 0.5:
            if not (label or gap or gazetteer.nearest(*point)):
                return None  # fifteen characters of a part's number
            confidence = 0.95 if label else 0.9 if gap else 0.7
            return Square(point, scale / 111_000, found.span(2)[:1] + found.span(8)[1:], confidence, "a grid reference")
    return None


def _metres(found: re.Match[str]) -> Square | None:
    """Easting and northing of a zone; 'S' behind it is the band of the north, or what people say for the south."""
    label, zone, band, easting, east, northing, north = found.groups()
    if not label and not (east and north):
        return None
    bottom = -80 + 8 * _BANDS.index(band.upper())
    for south in (bottom < 0, band.upper() == "S"):
        point = from_utm(int(zone), float(easting), float(northing) - 10_000_000 * south)
        if abs(point[0]) < 84 and (bottom - 1 <= point[0] <= bottom + 9 or south or band.upper() == "N"):
            return Square(point, 1 / 111_000, found.span(2)[:1] + found.span(6)[1:], 0.9, "easting and northing")
    return None


def from_utm(zone: int, easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude in degrees of a point of UTM, metres, northing negative south of the equator.

    Krüger's series to the third order of the flattening, exact to millimetres within a zone: Karney, Transverse
    Mercator with an accuracy of a few nanometers, J. Geodesy 85 (2011), equations 26, 36 and Bowring's latitude.
    """
    flattening = 1 / 298.257223563
    n = flattening / (2 - flattening)
    radius = 6_378_137 / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    xi, eta = northing / (0.9996 * radius), (easting - 500_000) / (0.9996 * radius)
    beta = (n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, n**2 / 48 + n**3 / 15, 17 * n**3 / 480)
    x = xi - sum(b * sin(2 * j * xi) * cosh(2 * j * eta) for j, b in enumerate(beta, 1))
    y = eta - sum(b * cos(2 * j * xi) * sinh(2 * j * eta) for j, b in enumerate(beta, 1))
    conformal = sin(x) / sqrt(sinh(y) ** 2 + cos(x) ** 2)
    delta = (2 * n - 2 * n**2 / 3 - 2 * n**3, 7 * n**2 / 3 - 8 * n**3 / 5, 56 * n**3 / 15)
    chi = atan(conformal)
    latitude = chi + sum(d * sin(2 * j * chi) for j, d in enumerate(delta, 1))
    longitude = radians(6 * zone - 183) + atan(sinh(y) / cos(x))
    return degrees(latitude), degrees(longitude)
