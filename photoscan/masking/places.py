"""Places: an address's town or region, and coordinates to about a kilometre."""

from __future__ import annotations

from photoscan.masking.marks import HIDDEN, Parts, hidden
from photoscan.patterns import pattern

_LONGEST = 60
_DECIMAL = pattern(r"\s*([-+]?\d{1,3}(?:\.\d+)?)°?\s*([NS]?)\s*[,; ]\s*([-+]?\d{1,3}(?:\.\d+)?)°?\s*([EW]?)\s*")
_ISO6709 = pattern(r"\s*([-+]\d{1,2}(?:\.\d+)?)()([-+]\d{1,3}(?:\.\d+)?)()(?:[-+][\d.]+)?/?\s*")
_ANGLE = (
    r"(\d{1,3})\s*(?:°|deg|d|:|,)\s*(\d{1,2}(?:\.\d+)?)\s*"
    r"(?:['′’m:,]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''|s)?)?)?\s*"
)
_DEGREES = pattern(rf"(?i)\s*{_ANGLE}([NS])[,;\s]*{_ANGLE}([EW])\s*")
"""Degrees with minutes, with or without seconds."""


def town(value: str, parts: Parts) -> str:
    """'•••, Kajang, Selangor': of an address the town and the region that the detector knows by a list.

    A town's name before the street may as well be a surname ('c/o Jackson, 12 Elm Street') and is not shown.
    """
    city, state, country = (_name(parts.get(f"value_{part}")) for part in ("city", "state", "country"))
    street = str(parts.get("value_street") or "")
    if city and (city in street or (street and value.find(city) < value.find(street))):
        city = ""
    shown = list(dict.fromkeys(filter(None, (city, state or country))))
    if not shown:
        return hidden(len(value))
    whole = ", ".join(shown)
    return whole if len(whole) >= len(value.strip()) else f"{HIDDEN * 3}, {whole}"


def _name(part: object) -> str:
    """A place's name; empty for what has digits or is a sentence."""
    name = str(part or "").strip()
    return "" if any(c.isdigit() for c in name) or len(name) > _LONGEST else name


def coordinates(value: str, parts: Parts) -> str:
    """'3.13, 101.68': two decimals of degrees, cut off, whatever the notation; else the length."""
    if len(value) > _LONGEST:
        return hidden(len(value))
    if found := _DECIMAL.fullmatch(value) or _ISO6709.fullmatch(value):
        latitude, longitude = _signed(float(found[1]), found[2]), _signed(float(found[3]), found[4])
    elif found := _DEGREES.fullmatch(value):
        latitude = _signed(float(found[1]) + float(found[2]) / 60 + float(found[3] or 0) / 3600, found[4])
        longitude = _signed(float(found[5]) + float(found[6]) / 60 + float(found[7] or 0) / 3600, found[8])
    else:
        return hidden(len(value))
    if abs(latitude) > 90 or abs(longitude) > 180:
        return hidden(len(value))
    return f"{_cut(latitude)}, {_cut(longitude)}"


def _signed(degrees: float, side: str) -> float:
    return -degrees if side in ("S", "W", "s", "w") and side else degrees


def _cut(degrees: float) -> str:
    hundredths = round(abs(degrees) * 1e6) // 10_000
    return f"{'-' if degrees < 0 else ''}{hundredths // 100}.{hundredths % 100:02}"
