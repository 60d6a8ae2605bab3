"""Positions on the globe as people and devices write them: '6°12'31.4"S 106°50'44.2"E', 'Lat 2.99 Long 101.78'.

GPS cameras stamp them into photos, maps and chats show them, captions quote them. Angles are degrees (WGS 84). What is
read stays only as long as it can be a place on earth, and what no word, side of the world or town speaks for is unsure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import isfinite
from typing import Literal

from photoscan.metadata import gazetteer
from photoscan.textual import grids

Axis = Literal["latitude", "longitude"]
EXACT = 0.0011
"""Degrees within which a position leads to a house or a street, some 100 m."""
COARSE = 0.011
"""Degrees within which it still leads to a quarter of a town, some 1 km; what is rounded further is no position."""
CERTAIN, SURE, FAIR, UNSURE = 0.97, 0.9, 0.7, 0.4
"""Calibrated confidence: both angles named or with their side of the world; a pair of fine decimals near a town; the
same where the writing could be something else; and what nothing speaks for."""
ALIKE = 0.1
"""Two bare numbers that differ by less than this share may be prices or results: bid and ask,
before and after."""
FINE, VERY_FINE = 4, 5
"""Decimals from which a bare pair of numbers is a position: with a comma between, and without."""


@dataclass(frozen=True, slots=True)
class Position:
    """A position and where it is written.

    `latitude`, `longitude`: decimal degrees (WGS 84). `lines`: the indices of the lines that hold it. `spans`: for each
    of them, from where to where. `within`: degrees to which it is told.
    """

    latitude: float = field(repr=False)
    longitude: float = field(repr=False)
    lines: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    within: float
    confidence: float
    form: str


@dataclass(frozen=True, slots=True)
class _Angle:
    """One angle of a line. `axis`: None where nothing says which it is; `doubtful`: its side may be the other one."""

    degrees: float
    within: float
    axis: Axis | None
    line: int
    start: int
    end: int
    named: bool
    doubtful: bool = False


_DEGREE = r"(?:[°º˚ᵒ⁰*]|(?<=\d)o(?=\s?\d))"
_MINUTE = r"['’‘′`´ʹ]"
_SECOND = r"(?:[\"”“″ʺ]|['’‘′`´]{2}|['’‘′`´])"
_SIGN = r"(?P<sign>(?<![\w.])[-+−–]\s?)?"
_VALUE = (
    rf"{_SIGN}(?<![\d.])(?:"
    rf"(?P<d>\d{{1,3}})\s?(?:{_DEGREE}|deg\b|d\b)\s?(?P<m>\d{{1,2}})\s?(?:{_MINUTE}|m\b)\s?(?P<s>\d{{1,2}}(?:[.,]\d{{1,4}})?)\s?(?:{_SECOND}|s\b)?"
    rf"|(?P<dm>\d{{1,3}})\s?(?:{_DEGREE}\s?|deg\s?|\s)(?P<mm>[0-5]?\d[.,]\d{{1,5}})\s?{_MINUTE}?(?![\d.,])"
    rf"|(?P<dd>\d{{1,3}}[.,]\d{{2,9}})(?![\d.])(?:\s?(?:{_DEGREE}|deg\b|degrees\b))?"
    rf"|(?P<sd>\d{{1,3}})[ :](?P<sm>[0-5]\d)[ :](?P<ss>[0-5]\d(?:[.,]\d{{1,4}})?)(?![\d.,:])"
    rf")"
)
_SIDES: dict[str, tuple[Axis, int, bool]] = {
    "N": ("latitude", 1, False),
    "S": ("latitude", -1, False),
    "E": ("longitude", 1, False),
    "W": ("longitude", -1, False),
    "LU": ("latitude", 1, False),
    "LS": ("latitude", -1, False),
    "BT": ("longitude", 1, False),
    "BB": ("longitude", -1, False),
    "U": ("latitude", 1, False),
    "L": ("longitude", 1, False),
    "O": ("longitude", -1, True),
    "北纬": ("latitude", 1, False),
    "南纬": ("latitude", -1, False),
    "东经": ("longitude", 1, False),
    "西经": ("longitude", -1, False),
    "北緯": ("latitude", 1, False),
    "南緯": ("latitude", -1, False),
    "東経": ("longitude", 1, False),
    "東經": ("longitude", 1, False),
    "西経": ("longitude", -1, False),
}
"""Sides of the world: English, Indonesian (lintang utara, lintang selatan, bujur timur, bujur barat), Malay (utara),
Portuguese (leste), Chinese, Japanese. 'O' is west in Romance languages, east in German: the one near a town."""
_BEFORE = r"(?P<before>(?<![A-Za-z])(?:[NSEWUO]|LU|LS|BT|BB)(?![A-Za-z])|[北南东西東][纬緯经経經])"
_AFTER = r"(?P<after>(?:LU|LS|BT|BB|[NSEWULO])(?![A-Za-z])|(?:north|south|east|west)\b)"
_LATITUDE = r"lat(?:itude|itud)?|lintang|纬度|緯度|широта"
_LONGITUDE = r"l(?:on|ng|ong)(?:gitude|gitud|itude)?|bujur|经度|經度|経度|долгота"
_NAME = (
    rf"(?P<name>(?<![A-Za-z])(?:(?P<lat>{_LATITUDE})|(?P<lon>{_LONGITUDE}))"
    rf"(?:\s?\(?(?:dd|deg|dms|wgs ?84)\)?)?[\s.:=\"]{{0,4}})"
)


@cache
def _angles() -> re.Pattern[str]:
    return re.compile(rf"(?:{_NAME})?(?:{_BEFORE}[\s.:]{{0,2}})?{_VALUE}(?(before)|(?:\s?{_AFTER})?)", re.IGNORECASE)


_ZERO = re.compile(r"(?<=[\d.])O(?=[\d.])|(?<=\s)O(?=\.\d)")
"""A letter that a reader took a nought for."""
LEAST_DIGITS = 4
"""Digits of a line that can hold an angle; lines with less, and without the sign of a plus code, are passed over."""
_WORD = re.compile(
    r"(?i)\b(?:gps|coord(?:inate|enada|onn[ée]e)s?|koordinat|position|posisi|posição|kedudukan|location|lokasi|localização"
    r"|ubicación|lat\W{0,3}(?:lon|lng|long)\w*)\b|坐标|座標|位置"
)
_PAIR_BETWEEN = re.compile(r"\s*(?:°?\s*[,;/|]\s*|\s+)")
_TEXT_BETWEEN = re.compile(r"[\s,;/|()\[\]&\"'.:]*(?:and|dan|e|y|et|und)?[\s,;/|()\[\]&\"'.:]*", re.IGNORECASE)
_LINKED = re.compile(
    r"(?i)(?:geo:|[?&](?:q|ll|daddr|saddr|destination|query|center|sll|cbll|mlat|loc|to)=(?:loc:)?|/@|/maps/(?:search|place|dir)/|"
    r"#map=\d{1,2}/|ll\.)([-+]?\d{1,2}\.\d{3,})(?:,|%2C|/|&(?:mlon|lon|lng)=|\+)\+?([-+]?\d{1,3}\.\d{3,})"
)
"""Links of maps, and RFC 5870's 'geo:'."""
_THREE_WORDS = re.compile(r"(?<![\w/:])/{3}\s?([a-z]{3,18}\.[a-z]{3,18}\.[a-z]{3,18})(?![\w.])")
"""what3words: three words for a square of three metres. The list is its owner's, so where it is stays unknown."""


def find(texts: Sequence[str]) -> Iterator[Position]:
    """Every position in lines of text, the surest reading of each place; in the order of the lines."""
    angles: list[_Angle] = []
    taken: set[tuple[int, int]] = set()
    for i, text in enumerate(texts):
        if "+" not in text and sum(c.isdigit() for c in text) < LEAST_DIGITS:
            continue
        for position in _direct(i, text):
            taken.update((i, at) for at in range(*position.spans[0]))
            yield position
        angles += (
            a
            for a in _read(i, text, _label(texts[i - 1]) if i else None)
            if not any((i, at) in taken for at in (a.start, a.end - 1))
        )
    yield from _pairs(angles, texts)


def without(texts: Sequence[str]) -> list[str]:
    """The lines with spaces where a position is written: its digits are nobody's telephone number."""
    blanked = list(texts)
    for position in find(texts):
        for line, (start, end) in zip(position.lines, position.spans, strict=True):
            text = blanked[line]
            blanked[line] = text[:start] + " " * (end - start) + text[end:]
    return blanked


def square_of_words(text: str) -> str | None:
    """The three words of a what3words address with its three strokes, or None."""
    found = _THREE_WORDS.search(text)
    return found[1] if found else None


def _direct(line: int, text: str) -> Iterator[Position]:
    """Positions that one writing holds wholly: links, plus codes, grid references."""
    for found in _LINKED.finditer(text):
        latitude, longitude = float(found[1]), float(found[2])
        if _on_earth(latitude, longitude):
            within = max(_decimals(found[1]), _decimals(found[2]))
            yield Position(
                latitude, longitude, (line,), ((found.start(1), found.end(2)),), within, CERTAIN, "a map's link"
            )
    for square in grids.find(text):
        yield Position(*square.centre, (line,), (square.span,), square.degrees, square.confidence, square.form)


def _read(line: int, text: str, above: Axis | None) -> Iterator[_Angle]:
    """The angles of a line. `above`: what the line before says that they are."""
    for found in _angles().finditer(_ZERO.sub("0", text)):
        degrees, within = _measured(found)
        if degrees is None:
            continue
        axis: Axis | None = "latitude" if found["lat"] else "longitude" if found["lon"] else above
        side = (found["before"] or found["after"] or "").upper()
        side = side[0] if side in ("NORTH", "SOUTH", "EAST", "WEST") else side
        doubtful = False
        if side:
            faced, sign, doubtful = _SIDES[side]
            if axis not in (None, faced):
                if not doubtful:
                    continue
                faced, sign, doubtful = axis or faced, 1, False  # a nought that was read as a letter
            axis, degrees = faced, sign * abs(degrees)
        limit = 90 if axis == "latitude" else 180
        if abs(degrees) <= limit and within <= COARSE:
            yield _Angle(degrees, within, axis, line, found.start(), found.end(), bool(side or axis), doubtful)


def _label(text: str) -> Axis | None:
    """What a line names that holds nothing but the name."""
    found = re.fullmatch(rf"(?i)\W*(?:({_LATITUDE})|({_LONGITUDE}))\W*", text)
    return None if found is None else "latitude" if found[1] else "longitude"


def _measured(found: re.Match[str]) -> tuple[float | None, float]:
    """Degrees, and how far off they may be by their last digit; None for minutes or seconds that are none."""
    sign = -1 if (found["sign"] or "").strip() in ("-", "−", "–") else 1
    if found["dd"]:
        return sign * _number(found["dd"]), _decimals(found["dd"])
    if found["dm"]:
        return sign * (int(found["dm"]) + _number(found["mm"]) / 60), _decimals(found["mm"]) / 60
    whole, minutes, seconds = (
        (found["d"], found["m"], found["s"]) if found["d"] else (found["sd"], found["sm"], found["ss"])
    )
    if int(minutes) >= 60 or _number(seconds) >= 60:
        return None, 0.0
    named = found["name"] or found["before"] or found["after"]
    if not found["d"] and not named:
        return None, 0.0  # three numbers by themselves are a time or a date
    return sign * (int(whole) + int(minutes) / 60 + _number(seconds) / 3600), 1 / 3600


def _pairs(angles: Sequence[_Angle], texts: Sequence[str]) -> Iterator[Position]:
    """Latitude and longitude that stand beside or below each other."""
    used = -1
    for at, (first, second) in enumerate(pairwise(angles)):
        named = first.named and second.named
        if at <= used or second.line - first.line > (2 if named else 1):
            continue
        position = _named(first, second, texts) if first.named or second.named else _bare(first, second, texts)
        if position is not None:
            used = at + 1 if at + 1 < len(angles) else at
            yield position


def _named(first: _Angle, second: _Angle, texts: Sequence[str]) -> Position | None:
    """A pair of which words or sides say what it is; one of them may be all that is left of that."""
    axes = {first.axis, second.axis}
    if axes == {"latitude"} or axes == {"longitude"}:
        return None
    swapped = first.axis == "longitude" or second.axis == "latitude"
    latitude, longitude = (second, first) if swapped else (first, second)
    between = texts[first.line][first.end : second.start] if first.line == second.line else ""
    both = first.axis is not None and second.axis is not None
    if not both and not _TEXT_BETWEEN.fullmatch(between):
        return None
    degrees = _meant(latitude, longitude)
    if degrees is None:
        return None
    within = max(first.within, second.within)
    confidence = CERTAIN if both and within <= EXACT else SURE if within <= EXACT else UNSURE
    return _position(degrees, first, second, confidence, "latitude and longitude")


def _bare(first: _Angle, second: _Angle, texts: Sequence[str]) -> Position | None:
    """Two decimal numbers alone, such as a map shows for a pin: fine enough, and not like two prices."""
    text = texts[first.line]
    decimals = min(_digits(texts[a.line][a.start : a.end]) for a in (first, second))
    apart = first.line != second.line
    between = "" if apart else text[first.end : second.start]
    if not apart and not _PAIR_BETWEEN.fullmatch(between):
        return None
    spoken = bool(_WORD.search(text) or (first.line and _WORD.search(texts[first.line - 1])))
    signed = min(first.degrees, second.degrees) < 0
    least = FINE if spoken or signed or any(c in between for c in ",;") else VERY_FINE
    if text[: first.start][-1:].isalnum():
        return None  # a version, a part's number
    if apart and _others(texts, first, second):
        return None
    degrees = _meant(first, second)
    if decimals < least or degrees is None or max(map(abs, degrees)) < 1:
        return None
    town = gazetteer.nearest(*degrees)
    alike = abs(abs(degrees[0]) - abs(degrees[1])) < ALIKE * max(map(abs, degrees))
    if spoken:
        confidence = SURE
    elif town is None or alike or _others(texts, first, second):
        confidence = UNSURE
    else:
        confidence = FAIR if apart or decimals < VERY_FINE else SURE
    return _position(degrees, first, second, confidence, "a pair of decimal degrees")


def _meant(latitude: _Angle, longitude: _Angle) -> tuple[float, float] | None:
    """The two angles as a point; of a side that may be either, the one near a town."""
    point = latitude.degrees, longitude.degrees
    if not _on_earth(*point):
        return None
    other = point[0], -point[1]
    return other if longitude.doubtful and not gazetteer.nearest(*point) and gazetteer.nearest(*other) else point


def _position(degrees: tuple[float, float], first: _Angle, second: _Angle, confidence: float, form: str) -> Position:
    within = max(first.within, second.within)
    if first.line == second.line:
        return Position(*degrees, (first.line,), ((first.start, second.end),), within, confidence, form)
    spans = ((first.start, first.end), (second.start, second.end))
    return Position(*degrees, (first.line, second.line), spans, within, confidence, form)


def _others(texts: Sequence[str], first: _Angle, second: _Angle) -> bool:
    """Whether other decimal numbers stand beside the pair: then it is a part of a table."""
    if first.line == second.line:
        text = texts[first.line]
        rest = text[: first.start] + " " + text[second.end :]
    else:
        one, two = texts[first.line], texts[second.line]
        rest = " ".join((one[: first.start], one[first.end :], two[: second.start], two[second.end :]))
    return bool(re.search(r"\d[.,]\d{2}", rest))


def _number(written: str) -> float:
    return float(written.replace(",", "."))


def _digits(written: str) -> int:
    found = re.search(r"[.,](\d+)", written)
    return len(found[1]) if found else 0


def _decimals(written: str) -> float:
    """The value of the last decimal digit."""
    return float(10.0 ** -_digits(written))


def _on_earth(latitude: float, longitude: float) -> bool:
    """Within the globe, and not the 0, 0 of a device without a fix."""
    inside = isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return inside and (abs(latitude) > 1e-6 or abs(longitude) > 1e-6)
