"""Fields that mean a latitude or a longitude, told by their names, and angles in every form of writing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from photoscan.patterns import pattern

Axis = Literal["latitude", "longitude"]
MAX_NAME = 80
"""Characters of a field's name that are looked at."""


class Angle(NamedTuple):
    """What a field's name means. `key`: what is left of the name, alike in latitude and longitude of one point.

    `reference`: the field holds the hemisphere only. `scale`: 1e-7 where it is written in ten millionths. `common`: the
    name consists of common words, so that it tells nothing by itself.
    """

    axis: Axis
    key: str
    reference: bool
    scale: float
    common: bool


_WORDS: dict[str, Axis] = {
    "latitude": "latitude", "latitud": "latitude", "latitudine": "latitude", "breitengrad": "latitude",
    "lintang": "latitude", "longitude": "longitude", "longtitude": "longitude", "longitud": "longitude",
    "longitute": "longitude", "longitutde": "longitude", "longitudine": "longitude", "längengrad": "longitude",
    "laengengrad": "longitude", "bujur": "longitude",
}  # fmt: skip
"""Whole words, as makers misspell them too: DJI wrote 'GpsLongtitude' for years (ExifTool, DJI tags)."""
_SHORT: dict[str, Axis] = {
    "lat": "latitude", "lon": "longitude", "long": "longitude", "lng": "longitude", "longi": "longitude",
}  # fmt: skip
_UNITS = frozenset(("d", "deg", "degree", "degrees", "decimal", "dd", "wgs", "84", "value"))
_POINTS = frozenset(
    (
        "gps", "geo", "exif", "map", "home", "point", "target", "start", "take", "off", "takeoff", "flight", "dest",
        "destination", "location", "position", "pos", "place", "camera", "drone", "photo", "image", "capture", "shot",
        "created", "shown", "user", "original", "current", "last", "dc", "data", "aircraft", "uav", "rtk", "lrf",
        "center", "centre", "corner", "subject", "object", "poi", "coordinate", "coordinates", "dwc", "verbatim", "my",
        "gimbal", "sensor", "true", "end", "landing", "pilot", "operator", "exact", "address", "venue",
    )
)  # fmt: skip
"""Words that tell whose position it is: with 'lat' or 'lon' only beside these, since 'lat' has other meanings."""
_OTHER = frozenset(
    (
        "std", "error", "err", "accuracy", "sigma", "deviation", "precision", "rate", "velocity", "speed", "offset",
        "uncertainty", "resolution", "variance", "exposure", "span", "delta", "label", "name", "zone", "count", "id",
        "step", "yyy", "zzz", "latitudeyyy", "latitudezzz", "dev", "stddev", "tolerance", "scale", "film", "iso",
    )
)  # fmt: skip
"""Words of fields that tell how well a position is known or how fast it changes; and the latitude of exposure."""
_PARTS = pattern(r"[^\W\d_a-z]+(?![a-z])|[^\W\d_a-z]?[a-zäöüß]+|\d+|[^\W\d_]+")


@lru_cache(maxsize=4096)
def meaning(field: str) -> Angle | None:
    """Which angle of a position a field of that name holds, or None."""
    prefix, _, local = field[:MAX_NAME].rpartition(":")
    words = [word.casefold() for word in _PARTS.findall(local)]
    axis: Axis | None = None
    rest: list[str] = []
    short = False
    for word in words:
        whole, before = _whole(word)
        if axis is None and (whole or word in _SHORT):
            axis, short = whole or _SHORT[word], not whole
            rest += [before] if before else []
        else:
            rest.append(word)
    if axis is None or not _OTHER.isdisjoint(rest):
        return None
    reference = bool(rest) and rest[-1] in ("ref", "reference", "hemisphere")
    rest = rest[:-1] if reference else rest
    scale = 1.0
    if rest[-2:] == ["e", "7"]:
        rest, scale = rest[:-2], 1e-7
    rest = [word for word in rest if word not in _UNITS]
    common = _POINTS.issuperset(rest)
    if short and not common:
        return None
    return Angle(axis, ":".join((prefix.casefold(), *rest)), reference, scale, common)


def _whole(word: str) -> tuple[Axis | None, str]:
    """The axis that a word ends in, and what stands before it, as in 'gpslatitude'."""
    for name, axis in _WORDS.items():
        if word.endswith(name):
            return axis, word[: -len(name)]
    return None, ""


SOUTH_OR_WEST = ("S", "W", "OUEST", "OESTE", "OVEST", "ZUID", "SELATAN", "BARAT")
_NORTH_OR_EAST = ("N", "E", "OST", "EST", "L", "UTARA", "TIMUR")
_AXES: dict[str, Axis] = {"N": "latitude", "S": "latitude", "E": "longitude", "W": "longitude"}
_SHAPE = pattern(r"([A-Za-z]{1,10})?[\s.:]*([-+])?\s*(\d[\d\s.,;:/]{0,60})([A-Za-z]{1,10})?\.?")
"""An angle with its side."""
_MARKS = pattern(r"(?i)(?<=[\d\s])(?:degrees?|deg|minutes?|min|seconds?|sec)\b\.?|[°º˚'’′‘`´\"”“″]")
"""Marks of degrees, minutes and seconds."""
_RATIONALS = pattern(r"\d{1,10}/\d{1,10}(?:[,\s]+\d{1,10}/\d{1,10}){0,2}")
_LISTED = pattern(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?")
"""'DD,MM.m' and 'DD,MM,SS'."""
_COMMAS = pattern(r"(\d{1,3},\d+),(\d{1,2},\d+)(?:,(\d{1,2},\d+))?")
"""The same with decimal commas."""


def degrees(value: object, reference: str | None = None, axis: Axis | None = None, scale: float = 1.0) -> float | None:
    """Decimal degrees (WGS 84) out of a field's value, or None where it holds none.

    EXIF's rationals as numbers; in texts, of XMP (part 2, 8.2.2) and of makers: a decimal number with a sign or a side
    ('N3.139'), with a comma too; 'DD,MM.mmK', 'DD,MM,SSK', degrees, minutes and seconds with or without their marks,
    and rationals. `reference`: the side, from a field of its own. A side that contradicts `axis` makes it no angle.
    """
    if isinstance(value, tuple):
        parts = [*value, 0.0, 0.0, 0.0][:3]
        return _signed(parts[0] + parts[1] / 60 + parts[2] / 3600, "", reference)
    if isinstance(value, (int, float)):
        return _signed(value * scale, "", reference)
    if not isinstance(value, str) or len(value) > MAX_NAME:
        return None
    text = _MARKS.sub(" ", value.replace("−", "-").replace("–", "-")).strip()
    if scale != 1.0:
        return _signed(int(text) * scale, "", reference) if re.fullmatch(r"[-+]?\d{1,10}", text) else None
    found = _SHAPE.fullmatch(text)
    if found is None or (found[1] and found[4]):
        return None
    side = (found[1] or found[4] or "").upper()
    if side and not side.startswith((*SOUTH_OR_WEST, *_NORTH_OR_EAST)):
        return None
    if side and axis is not None and _AXES.get(side[0], axis) != axis:
        return None
    size = _size(found[3].strip(" ,;:"), bool(side or reference))
    return None if size is None else _signed(-size if found[2] == "-" else size, side, reference)


def _signed(degrees: float, side: str, reference: str | None) -> float:
    negative = (side or (reference or "").strip(" \0").upper()).startswith(SOUTH_OR_WEST)
    return -abs(degrees) if negative else degrees


def _size(text: str, sided: bool) -> float | None:
    """Degrees without a sign out of digits and what stands between them."""
    if _RATIONALS.fullmatch(text):
        pairs = [part.split("/") for part in re.split(r"[,\s]+", text)]
        if not all(int(below) for _, below in pairs):
            return None
        return _sum([int(above) / int(below) for above, below in pairs])
    if (found := _COMMAS.fullmatch(text)) is not None:
        return _sum([float(part.replace(",", ".")) for part in found.groups() if part])
    if (found := _LISTED.fullmatch(text)) is not None and (found[3] or "." in text or (sided and float(found[2]) < 60)):
        return _sum([float(part) for part in found.groups() if part])
    parts = [part for part in re.split(r"[\s:;]+|,\s+", text) if part]
    if not 1 <= len(parts) <= 3 or not all(re.fullmatch(r"\d{1,3}(?:[.,]\d{1,20})?", part) for part in parts):
        return None
    return _sum([float(part.replace(",", ".")) for part in parts])


def _sum(parts: list[float]) -> float | None:
    """Degrees, minutes and seconds in one number; None for minutes and seconds that are none."""
    if any(part > 60 for part in parts[1:]):
        return None
    return sum(part / 60.0**i for i, part in enumerate(parts))
