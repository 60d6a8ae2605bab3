"""Positions in texts that say that they are one: 'Lat 2.99 Long 101.78', '3°8'20"N 101°41'13"E', links, JSON, WKT.

Two bare decimals are none: they are weights, prices, sizes, the corners of a face. Degrees are those of WGS 84.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from photoscan.metadata import angles
from photoscan.metadata.gazetteer import nearest
from photoscan.patterns import pattern as late

LONGEST_TEXT = 20_000
SAID, POSSIBLE = 0.99, 0.4
"""Confidence in what is said in so many words; and in a text that is two fine decimals near a town and nothing else, as
maps give them to be pasted."""
NEAR = 200
"""Characters between a latitude and its longitude: in JSON an altitude and other members stand between them."""
FINE = 3
"""Decimals of ISO 6709 in a text without its closing stroke."""


class Written(NamedTuple):
    """A position, and where in the text it is written."""

    latitude: float
    longitude: float
    confidence: float
    start: int
    end: int


_D, _M, _S = r"(?:[°º˚度도]|deg(?:rees?)?\b\.?)", r"(?:['’‘′´`分분]|min\b\.?)", r"(?:[\"”“″秒초]|['’′´`]{2}|sec\b\.?)"
_DMS = (
    rf"[-+−]?\d{{1,3}}\s?{_D}\s?\d{{1,2}}(?:[.,]\d{{1,8}})?\s?"
    rf"(?:{_M}\s?(?:\d{{1,2}}(?:[.,]\d{{1,8}})?\s?{_S}?)?|(?=[\sNSEWO,;]))"
)
_BLANKS = r"[-+−]?\d{1,3}[ :]\d{1,2}(?:[.,]\d{2,8}(?![.,]?\d)|[ :]\d{1,2}(?:[.,]\d{1,8})?(?![.,:]?\d))"
"""Degrees, minutes and perhaps seconds with blanks or colons between them: with a side or a name only."""
_TENTHS = rf"[-+−]?\d{{1,3}}[.,]\d{{1,15}}(?![\d.])(?:\s?{_D})?"
_SIDED = rf"(?:{_DMS}|{_BLANKS}|[-+−]?\d{{1,3}}[.,]\d{{2,15}}\s?{_D}|[-+−]?\d{{1,3}}[.,]\d{{3,15}}(?![\d.]))"
_SIDES: dict[str, tuple[angles.Axis, int]] = {
    "n": ("latitude", 1), "s": ("latitude", -1), "e": ("longitude", 1), "w": ("longitude", -1), "o": ("longitude", 0),
    "north": ("latitude", 1), "south": ("latitude", -1), "east": ("longitude", 1), "west": ("longitude", -1),
    "lu": ("latitude", 1), "ls": ("latitude", -1), "bt": ("longitude", 1), "bb": ("longitude", -1),
    "u": ("latitude", 1), "t": ("longitude", 1), "nord": ("latitude", 1), "süd": ("latitude", -1),
    "sud": ("latitude", -1), "sur": ("latitude", -1), "sul": ("latitude", -1), "norte": ("latitude", 1),
    "ost": ("longitude", 1), "est": ("longitude", 1), "este": ("longitude", 1), "leste": ("longitude", 1),
    "oeste": ("longitude", -1), "ouest": ("longitude", -1), "ovest": ("longitude", -1), "l": ("longitude", 1),
    "utara": ("latitude", 1), "selatan": ("latitude", -1), "timur": ("longitude", 1), "barat": ("longitude", -1),
    "北纬": ("latitude", 1), "南纬": ("latitude", -1), "东经": ("longitude", 1), "西经": ("longitude", -1),
    "北緯": ("latitude", 1), "南緯": ("latitude", -1), "東経": ("longitude", 1), "東經": ("longitude", 1),
    "西経": ("longitude", -1), "西經": ("longitude", -1), "북위": ("latitude", 1), "남위": ("latitude", -1),
    "동경": ("longitude", 1), "서경": ("longitude", -1), "с": ("latitude", 1), "ю": ("latitude", -1),
    "в": ("longitude", 1), "з": ("longitude", -1),
}  # fmt: skip
"""Sides of the world in English, Indonesian and Malay (lintang utara, bujur timur), German, Spanish, Portuguese,
French, Italian, Chinese, Japanese, Korean, Russian (с. ш., в. д.). 'O' is west in Romance languages, east in German."""
_LAT_SIDE = (
    r"(?:n(?:orth|ord|orte)?|s(?:outh|üd|ud|ur|ul|elatan)?|u(?:tara)?|lu|ls|[北南][纬緯]|[북남]위|[сю](?=\.?\s?ш))"
)
_LON_SIDE = (
    r"(?:e(?:ast|st|ste)?|w(?:est)?|o(?:st|este|uest|vest)?|t(?:imur)?|barat|l(?:este)?|bt|bb|[东東西][经經経]|[동서]경"
    r"|[вз](?=\.?\s?д))"
)
_BETWEEN = r"(?:\.?\s?[шд]\.?)?[\s,;:/|&()·-]{0,4}(?:(?:and|et|und|y|e|dan)\s)?[\s(]{0,2}"
_LABEL = (
    r"(?P<label>[A-Za-z_]{0,24}(?:latitud(?:e|ine)?|long?t?itu(?:d(?:e|ine)?|te|tde))(?:E7|_?[dD]eg(?:rees)?)?"
    r"|(?<![A-Za-z])(?:[A-Za-z]{1,16}[_.])?(?:lat|long?|lng)(?![A-Za-z])|breite(?:ngrad)?|l(?:ä|ae)nge(?:ngrad)?|lintang|bujur"
    r"|[纬緯]度|[经經経]度|широта|долгота|위도|경도|ลองจิจูด|ละติจูด)"
)
_GAP = (
    r"(?:\s?[(\[](?:dd|deg|dms|wgs ?84|n/s|e/w|degrees|decimal)[)\]])?(?:&quot;|[\\\s\"'\])}:=>.]){0,10}(?:is |of )?"
    rf"(?:\(?(?P<before>{_LAT_SIDE}|{_LON_SIDE})[\s.:]{{0,2}}(?=\d))?"
)
_LABELS: dict[str, angles.Axis] = {
    "breite": "latitude", "breitengrad": "latitude", "länge": "longitude", "laenge": "longitude", "纬度": "latitude",
    "längengrad": "longitude", "laengengrad": "longitude", "緯度": "latitude", "经度": "longitude", "經度": "longitude",
    "経度": "longitude", "широта": "latitude", "долгота": "longitude", "위도": "latitude", "경도": "longitude",
    "ลองจิจูด": "longitude", "ละติจูด": "latitude",
}  # fmt: skip
_MAP = r"(?i)(?:maps?\b|geo|osm|waze|bing|here\.com|yandex|2gis|baidu|amap|goo\.gl|locat|what3words|openstreet)"
_NAMED = late(
    rf"(?i){_LABEL}{_GAP}(?P<angle>{_DMS}|{_BLANKS}|{_TENTHS}|[-+−]?\d{{1,10}}(?![\d.]))"
    rf"(?:\s?(?P<after>{_LAT_SIDE}|{_LON_SIDE})(?![^\W_]))?"
)
_PAIRS_WITH_SIDES = tuple(
    late(rf"(?i){written}")
    for one, two in ((_LAT_SIDE, _LON_SIDE), (_LON_SIDE, _LAT_SIDE))
    for written in (
        (
            rf"(?<![^\W_])(?P<side1>{one})[\s.:]{{0,2}}(?P<angle1>{_SIDED}){_BETWEEN}"
            rf"(?P<side2>{two})[\s.:]{{0,2}}(?P<angle2>{_SIDED})(?![\d.])"
        ),
        (
            rf"(?<![\d.,])(?P<angle1>{_SIDED})\s?(?P<side1>{one})(?![^\W_ш]){_BETWEEN}"
            rf"(?P<angle2>{_SIDED})\s?(?P<side2>{two})(?![^\W_])"
        ),
    )
)
"""Sides before both angles, or behind both; longitude first in the last two."""
_FINE = rf"[-+−]?\d{{1,3}}[.,]\d{{4,15}}\s?{_D}"
_EXACT = rf"[-+−]?\d{{1,3}}\s?{_D}\s?\d{{1,2}}\s?{_M}\s?\d{{1,2}}(?:[.,]\d{{1,8}})?\s?{_S}"
_MARKED = late(rf"(?<![\d.,])(?:({_FINE})[\s,;/]{{1,3}}({_FINE})|({_EXACT})[\s,;/]{{1,3}}({_EXACT}))(?![CF\d])")
"""Two angles with the marks of degrees and minutes and no side, or two fine ones with the sign of degrees."""
_PAIR = r"([-+]?\d{1,3}\.\d{3,15})\s*(?:,|;|%2C|\s)\s*([-+]?\d{1,3}\.\d{3,15})(?![\d.])"
_N = r"([-+]?\d{1,3}\.\d{1,15})"
_STRUCTURED = (
    (late(rf"(?i)(?<!\w)geo:{_N},{_N}"), "geo:", False),
    (late(rf"(?i)!3d{_N}!4d{_N}"), "!3d", False),
    (late(rf"(?i)[?&]mlat={_N}&(?:amp;)?mlon={_N}"), "mlat", False),
    (late(rf"(?i)#(?:map=)?\d{{1,2}}(?:\.\d+)?/{_N}/{_N}"), "/", False),
    (late(rf"(?i)\bpoint\s?(?:zm?|m)?\s?\(\s?{_N}\s+{_N}"), "point", True),
    (late(rf"(?i)\"point\"\s?,\s?\"coordinates\"\s?:\s?\[\s?{_N}\s?,\s?{_N}"), "coordinates", True),
    (late(rf"(?i)\"coordinates\"\s?:\s?\[\s?{_N}\s?,\s?{_N}\s?(?:,[-\s\d.]{{1,20}})?\]\s?,\s?\"type\"\s?:\s?\"point\""),
     "coordinates", True),
    (late(rf"(?i)\b(?:icbm|geo\.position|georss:point)\W{{1,20}}(?:content\W{{1,4}})?{_N}[\s,;]{{1,2}}{_N}"),
     "", False),
)  # fmt: skip
"""Patterns, a text without which none is there (in small letters), and whether longitude comes first.

RFC 5870 ('geo:'), links of maps, OGC's well-known text (ISO 19125-1), GeoJSON (RFC 7946, 3.1.1), Exif of pages
('ICBM', 'geo.position').
"""
_LINKS = late(
    r"(?i)(?:[?&](?:q|ll|daddr|saddr|destination|query|center|sll|cbll|cp|loc|to|viewpoint|pt|rtext)=(?:loc:)?|/@"
    r"|/(?:search|place|dir|maps)/|ll\.)([-+]?\d{1,3}\.\d{3,15})(?:,|%2C|/|~|\+)\+?([-+]?\d{1,3}\.\d{3,15})(?![\d.])"
)
_SPOKEN = (
    late(
        rf"(?i)(?<![^\W_])(?:gps|geo(?:tag|location|loc)?|lat\W{{0,3}}(?:lon|lng|long)\w{{0,6}}|wgs ?84)"
        rf"(?:\s(?:position|location|coord\w*|point|data|fix|tag))?[\s\"'\]):=\[({{]{{1,6}}{_PAIR}"
    ),
    late(
        r"(?i)(?<![^\W_])(?:coord(?:s|inates?|enadas?|onn[ée]es)?|koordinaten?|koordinat|position|posisi|posição"
        r"|posición|kedudukan|location|lokasi|localização|ubicación|standort|taken(?: at)?|shot(?: at)?|found at"
        rf"|seen at|here|@|坐标|座標|位置)[\s\"'\]):=\[({{]{{1,6}}(?=[-+]?\d+\.\d{{4}}|\S+\s?\S*\d\.\d{{4}}){_PAIR}"
    ),
    late(r"[(\[]?\s*([-+]?\d{1,2}\.\d{4,15}),\s*([-+]?\d{1,3}\.\d{4,15})\s*[)\]]?"),
)
"""A pair behind a word that means positions; behind one that has other meanings; and a pair that is the text."""
_HEIGHT = r"(?:[\s,;]{1,3}[-+]?\d{1,5}(?:\.\d{1,9})?\s?m?)?"
_WHOLE, _FINE_WHOLE = (
    late(
        rf"[\s(\[]*([-+]?\d{{1,2}}\.\d{{{decimals},15}})[\s,;]{{1,3}}([-+]?\d{{1,3}}\.\d{{{decimals},15}})"
        rf"{_HEIGHT}[\s\])]*"
    )
    for decimals in (1, 4)
)
"""A pair, perhaps with a height, that is all of a text; and a pair of fine decimals."""
_NMEA = late(r"\$G[A-Z](?:GGA,[\d.]*|GLL|RMC,[\d.]*,A),(\d{2})(\d{2}\.\d+),([NS]),(\d{3})(\d{2}\.\d+),([EW])")
"""NMEA 0183: degrees and minutes run together."""
_ISO_6709 = late(
    r"\s*([-+])(\d{2})(\d{2})?(\d{2})?(\.\d{1,10})?([-+])(\d{3})(\d{2})?(\d{2})?(\.\d{1,10})?"
    r"(?:[-+]\d+(?:\.\d+)?)?(?:CRS[\w/]+)?/?\s*"
)
"""ISO 6709, annex H, in degrees, or with minutes and seconds."""
_LISTED = late(r"\s*[,;]?\s*[-+]?\d+\.\d+\s*[,;]?\s*[-+]?\d+\.\d")
"""Two more numbers: a rectangle or a row of a table, since behind a position there is a height at most."""
LEAST_DIGITS = 4
LONG = 4
"""Letters of a label that is no short one: 'lat', 'long'."""


def plausible(latitude: float, longitude: float) -> bool:
    """Inside the globe, and not the 0, 0 that devices without a fix write."""
    inside = isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return inside and (abs(latitude) > 1e-9 or abs(longitude) > 1e-9)


def find(text: str, prose: bool = True, position: bool = False, place: bool = False) -> Iterator[Written]:
    """Every position that a text says is one.

    `prose`: the text is somebody's words, so that 'taken at' and a bare pair from a map count. `position`: its field
    means a position, so that a bare pair is one. `place`: it means a place, so that a fine pair is one.
    """
    text = text[:LONGEST_TEXT]
    if sum(character.isdigit() for character in text) < LEAST_DIGITS:
        return
    taken: list[tuple[int, int]] = []
    for found in _all(text, prose, position, place):
        free = all(found.end <= start or end <= found.start for start, end in taken)
        if free and plausible(found.latitude, found.longitude):
            taken.append((found.start, found.end))
            yield found


_FINE_NUMBER = late(r"\d[.,]\d{3}")
_RUN = late(r"\d[ :]\d")
_SIDE = late(r"(?i)[\d°º˚'’′\"”″]\s?\.?[nsul北南북남сю]|[a-z纬緯위]\.?[\s.:]{0,2}\d")
_STEMS = ("lat", "lon", "lng", "breite", "nge", "lintang", "bujur", "度", "широта", "долгота", "위도", "경도", "จูด")
"""What the labels of angles have in them, in small letters."""


def _has_labels(small: str) -> bool:
    """Whether an angle may be labelled. Most texts hold none, and the patterns take long to compile."""
    return any(stem in small for stem in _STEMS)


def _has_sides(text: str, small: str) -> bool:
    """Whether two angles with a side of the world may be there."""
    if any(mark in text for mark in "°º˚度도") or "deg" in small:
        return True
    count = len(_FINE_NUMBER.findall(text)) + len(_RUN.findall(text))
    return count > 1 and _SIDE.search(text) is not None


def _all(text: str, prose: bool, position: bool, place: bool) -> Iterator[Written]:
    small = text.casefold()
    fine = len(_FINE_NUMBER.findall(text)) > 1
    yield from _structures(text, small)
    if _has_labels(small):
        yield from _labelled(text)
    if _has_sides(text, small):
        yield from _sided(text)
    if any(mark in text for mark in "°º˚"):
        for found in _MARKED.finditer(text):
            yield from _told(found[1] or found[3], found[2] or found[4], found)
    yield from _read_out(text)
    wanted = ((0, position or prose), (1, position or prose))
    for at, there in wanted:
        for found in _SPOKEN[at].finditer(text) if there and fine else ():
            share = abs(float(found[1])) <= 1 and abs(float(found[2])) <= 1  # of a width or height: there is only sea
            if not share and not _LISTED.match(text, found.end()):
                yield Written(float(found[1]), float(found[2]), SAID, *found.span())
    if (position or place) and (whole := (_WHOLE if position else _FINE_WHOLE).fullmatch(text)):
        yield Written(float(whole[1]), float(whole[2]), SAID, *whole.span())
    elif prose and fine and (pair := _SPOKEN[2].fullmatch(text.strip())):
        point = float(pair[1]), float(pair[2])
        if plausible(*point) and max(map(abs, point)) > 1 and nearest(*point) is not None:
            yield Written(*point, POSSIBLE, 0, len(text))


def _structures(text: str, small: str) -> Iterator[Written]:
    for pattern, needed, swapped in _STRUCTURED:
        if needed not in small:
            continue
        for found in pattern.finditer(text):
            first, second = float(found[1]), float(found[2])
            yield Written(*((second, first) if swapped else (first, second)), SAID, *found.span())
    if "=" in text or "/" in text or "ll." in small:
        for found in _LINKS.finditer(text):
            address = re.search(r"\S*$", text[max(0, found.start() - 300) : found.start() + 1])
            if address is not None and re.search(_MAP, address[0] + found[0]):
                point = float(found[1]), float(found[2])
                if "yandex" in address[0].casefold():
                    point = point[1], point[0]  # Yandex writes longitude first
                yield Written(*point, SAID, *found.span())


def _labelled(text: str) -> Iterator[Written]:
    """A latitude and a longitude that are called so."""
    read: list[tuple[angles.Axis, str, float, bool, int, int, bool]] = []
    for found in _NAMED.finditer(text):
        label = found["label"]
        meant = angles.meaning(label.replace(".", "_"))
        axis = _LABELS.get(label.casefold()) or (meant.axis if meant else None)
        if axis is None or (meant and meant.reference):
            continue
        side = _small(found["before"] or found["after"] or "")
        facing, sign = _SIDES.get(side, (axis, 1))
        size = angles.degrees(_plain(found["angle"]), scale=meant.scale if meant else 1.0)
        if size is None or facing != axis:
            continue
        degrees = -abs(size) if sign < 0 or (side == "o" and axis == "longitude") else size
        whole = bool(re.fullmatch(r"[-+−]?\d+", found["angle"])) and not (meant and meant.scale != 1)
        read.append((axis, meant.key if meant else "", degrees, whole, found.start(), found.end(), len(label) > LONG))
    used = -1
    for at, (one, two) in enumerate(pairwise(read)):
        if at <= used or one[0] == two[0] or one[1] != two[1] or two[4] - one[5] > NEAR:
            continue
        if (one[3] or two[3]) and not (one[6] and two[6] and one[3] + two[3] < 2):
            continue  # a laptop's number
        used = at + 1
        latitude, longitude = (one, two) if one[0] == "latitude" else (two, one)
        yield Written(latitude[2], longitude[2], SAID, one[4], two[5])


def _sided(text: str) -> Iterator[Written]:
    for pattern in _PAIRS_WITH_SIDES:
        for found in pattern.finditer(text):
            sides = [_small(found[name]) for name in ("side1", "side2")]
            values = [angles.degrees(_plain(found[name])) for name in ("angle1", "angle2")]
            (axis, sign), (_, other) = _SIDES[sides[0]], _SIDES[sides[1]]
            if values[0] is None or values[1] is None:
                continue
            if sides[1] == "w" and re.fullmatch(r"[\d.,]{3,6}\s?n\W{1,4}[\d.,]{3,6}\s?w", found[0].casefold()):
                continue  # newtons and watts
            first, second = (abs(v) * (s or 1) for v, s in zip(values, (sign, other), strict=True) if v is not None)
            point = (first, second) if axis == "latitude" else (second, first)
            if "o" in sides and nearest(point[0], -abs(point[1])) is not None:
                point = point[0], -abs(point[1])
            yield Written(*point, SAID, *found.span())


def _small(side: str) -> str:
    """A side of the world as the table has it; patterns that heed no case take Turkish i's for 'i' as well."""
    return side.casefold().replace("i\u0307", "i").replace("\u0131", "i")


def _told(one: str, two: str, found: re.Match[str]) -> Iterator[Written]:
    latitude, longitude = angles.degrees(_plain(one)), angles.degrees(_plain(two))
    if latitude is not None and longitude is not None:
        yield Written(latitude, longitude, SAID, *found.span())


def _read_out(text: str) -> Iterator[Written]:
    for found in _NMEA.finditer(text) if "$G" in text else ():
        latitude = (int(found[1]) + float(found[2]) / 60) * (-1 if found[3] == "S" else 1)
        longitude = (int(found[4]) + float(found[5]) / 60) * (-1 if found[6] == "W" else 1)
        yield Written(latitude, longitude, SAID, *found.span())
    whole = _ISO_6709.fullmatch(text) if text.strip()[:1] in ("+", "-") else None
    if whole is None:
        return
    closed = text.rstrip().endswith("/")
    fine = all(part and (closed or len(part) > FINE) for part in (whole[5], whole[10]))
    if fine or (closed and whole[3] and whole[8]):
        point = [_run_together(*whole.groups()[at : at + 5]) for at in (0, 5)]
        yield Written(point[0], point[1], SAID, 0, len(text))


def _run_together(sign: str, degrees: str, minutes: str | None, seconds: str | None, rest: str | None) -> float:
    parts = [float(part) for part in (degrees, minutes, seconds) if part]
    parts[-1] += float(rest or 0)
    size = sum(part / 60.0**i for i, part in enumerate(parts))
    return -size if sign == "-" else size


def _plain(angle: str) -> str:
    """An angle's text with the marks of other scripts as blanks."""
    return re.sub(r"[度分秒도분초]", " ", angle).strip()
