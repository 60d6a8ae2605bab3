"""Links: which of them log somebody in, invite, pay, or lead to a person or a place; all others are pages.

Which link of which service does what is data: `rules/codes.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, unquote

from photoscan import shipped
from photoscan.kind import Severity
from photoscan.textual.payloads.base import Payload, split
from photoscan.textual.payloads.papers import access_key, buyer

_OWN = "token key auth pwd pass password code sig session invite email mail user uid userid name phone tel nome nama id"
PERSONAL = frozenset(_OWN.split())
"""Names of parameters that make a link somebody's own."""
_CHANCE = "token key auth pwd code sig session invite id uid userid hash state nonce gclid fbclid ref"
_BY_CHANCE = frozenset(_CHANCE.split())
"""Parameters whose values are no text: what is found in them is chance."""
_PAGE = re.compile(r"\d{1,6}|[a-z]\w*(?:\.\w+)+|[a-z]+(?:[-_][a-z]+)*", re.IGNORECASE)
"""What a page of everybody's is called by: a short number, a program's or an exhibit's name."""
_TILL, _KEY = re.compile(r"(?i)nfc?e|sefaz|fazenda|\bsat\b"), re.compile(r"\d{44}(?!\d)")
"""Where Brazilian receipts are looked up, and the form of their keys: there it needs no check digit."""
_LINK = re.compile(r"(?i)(?:https?://|www\.)\S+$")
_POINT = re.compile(r"([-+]?\d{1,2}\.\d{2,}),\s*([-+]?\d{1,3}\.\d{2,})(?!\d)")
_MAPS = re.compile(
    r"(?i)(?:www\.|maps\.)?google\.[a-z.]{2,6}/maps|maps\.google\.|maps\.apple\.com|(?:www\.)?waze\.com/ul|(?:www\.)?openstreetmap\.org"
    r"|(?:www\.)?bing\.com/maps|(?:\w+\.)?here\.com|2gis\.|(?:\w+\.)?yandex\.[a-z.]{2,6}/maps|(?:uri|m)\.amap\.com|maps?\.baidu\.com"
)
_SHORT_MAPS = re.compile(
    r"(?i)maps\.app\.goo\.gl/\w{6,}|goo\.gl/maps/\w{6,}|plus\.codes/[\w%+]{6,}|what3words\.com/\w+\.\w+\.\w+|w3w\.co/\S+"
)
_PARTED = re.compile(
    r"(?i)[?&#](?:m?lat|latitude)=([-+]?\d{1,2}\.\d{2,})\S*?[&](?:m?lon|m?lng|long(?:itude)?)=([-+]?\d{1,3}\.\d{2,})"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    hosts: frozenset[str]
    path: re.Pattern[str]
    sort: str
    service: str | None


@cache
def _rules() -> tuple[tuple[_Rule, ...], tuple[tuple[str, str, str], ...], dict[str, Severity]]:
    """The links, the beginnings of other programs' own, and the severity of each sort."""
    held = shipped.rules("rules/codes.toml")
    links = tuple(
        _Rule(frozenset(row["hosts"]), re.compile(row["path"], re.IGNORECASE), row["sort"], row.get("service"))
        for row in held["links"]
    )
    apps = tuple((row["start"], row["sort"], row["service"]) for row in held["apps"])
    return links, apps, {sort: Severity[word.upper()] for sort, word in held["severities"].items()}


def services() -> frozenset[str]:
    """The names of all services that `Payload.scheme` may hold."""
    links, apps, _ = _rules()
    return frozenset(rule.service for rule in links if rule.service) | {whose for _, _, whose in apps}


def sorts() -> frozenset[str]:
    """The sorts that the table of links knows."""
    links, apps, _ = _rules()
    return frozenset(rule.sort for rule in links) | {sort for _, sort, _ in apps}


def link(text: str) -> Payload | None:
    """What a link opens; a plain page says no more than a sign, one with somebody's key, name or chat in it does."""
    text = text.strip()
    if found := _app(text):
        return found
    if not _LINK.match(text):
        return None
    address = split(text if "://" in text else f"//{text}")
    asked = parse_qsl(address.query)
    parts = {k: v for k, v in asked if "@" in v or (k.lower() in PERSONAL and _own(k, v))}
    rows = _rows(asked, address.fragment)
    if any(access_key(v.partition("|")[0]) or (_TILL.search(address.netloc) and _KEY.match(v)) for _, v in asked):
        return Payload("invoice", Severity.MEDIUM, {}, "NF-e", buyer(address.query))
    if (point := _point(address.netloc + address.path, unquote(text))) is not None:
        held = {"place": point} if point else {}
        return Payload(
            "place", Severity.HIGH if point else None, held, rows=(point.replace(",", ", "),) if point else ()
        )
    host = (address.netloc.rpartition("@")[2].partition(":")[0]).lower()
    if found := _service(host, f"{address.path or '/'}{'?' + address.query if address.query else ''}", parts, rows):
        return found
    if address.fragment and "@" in address.fragment:
        parts["fragment"] = address.fragment
    return Payload("link" if parts else "url", None if parts else Severity.LOW, parts, rows=rows)


def _own(name: str, value: str) -> bool:
    """Whether a parameter's value is somebody's own: a page's number and a program's name are not."""
    return name.lower() not in ("id", "code", "key", "name") or not _PAGE.fullmatch(value)


def _service(host: str, path: str, parts: dict[str, str], rows: tuple[str, ...]) -> Payload | None:
    links, _, severities = _rules()
    for rule in links:
        if not any(host == known or host.endswith(f".{known}") for known in rule.hosts):
            continue
        if found := rule.path.match(path):
            named = {name: _named(name, unquote(value)) for name, value in found.groupdict().items() if value}
            held = {} if rule.sort == "url" else {**parts, **named}
            return Payload(rule.sort, severities.get(rule.sort), held, rule.service, rows)
    return None


def _named(name: str, value: str) -> str:
    return f"+{value}" if name == "phone" and not value.startswith("0") else f"@{value}" if name == "account" else value


def _app(text: str) -> Payload | None:
    _, apps, severities = _rules()
    found = next(((sort, whose) for start, sort, whose in apps if text.lower().startswith(start)), None)
    if found is None or re.search(r"\s", text):
        return None
    asked = dict(parse_qsl(text.partition("?")[2]))
    parts = {}
    if name := asked.get("domain"):
        parts["account"] = f"@{name}"
    if number := asked.get("phone") or asked.get("number"):
        parts["phone"] = f"+{number.strip().lstrip('+')}"
    return Payload(found[0], severities.get(found[0]), parts, found[1])


def _point(place: str, text: str) -> str | None:
    """'3.1390,101.6869' of a map's link; '' where it is written otherwise, None where it leads to no map."""
    if _SHORT_MAPS.match(place.removeprefix("www.")):
        return ""
    if not _MAPS.match(place):
        return None
    found = _POINT.search(text) or _PARTED.search(text) or re.search(r"#map=\d+/([-+]?\d+\.\d+)/([-+]?\d+\.\d+)", text)
    return f"{found[1]},{found[2]}" if found and abs(float(found[1])) <= 90 else None


def _rows(asked: Iterable[tuple[str, str]], fragment: str) -> tuple[str, ...]:
    return tuple(_said(asked)) + tuple(_said(parse_qsl(fragment)))


def _said(asked: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Parameters as lines, 'name: value', without those that hold no text."""
    for name, value in asked:
        low = name.lower()
        if low not in _BY_CHANCE and not low.startswith("utm_") and len(value) <= 200:
            yield f"{re.sub(r'[_-]+', ' ', name)}: {value}"
