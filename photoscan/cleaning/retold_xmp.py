"""An XMP packet (ISO 16684-1) written anew: simple properties and lists, and how a picture lies on a sphere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.metadata import Entry
from photoscan.patterns import pattern

Property = tuple[str, str, str, Entry]
"""Prefix and namespace with a blank between, the name, the form ('text', 'seq', 'bag', 'alt'), and who says it."""
SPHERE = "GPano http://ns.google.com/photos/1.0/panorama/"
_PIXELS = pattern(r"\d{1,6}")
_DEGREES = pattern(r"-?\d{1,3}(?:\.\d{1,12})?")
_LISTS = {"seq": "Seq", "bag": "Bag", "alt": "Alt"}


@cache
def _sphere() -> dict[str, Any]:
    found: dict[str, Any] = shipped.rules("rules/retold.toml")["projection"]
    return found


def projection(entries: Iterable[Entry]) -> tuple[Property, ...]:
    """What a viewer needs to know of a panorama, each property once; nothing where no known projection is named."""
    found: dict[str, Property] = {}
    for entry in entries:
        prefix, _, name = entry.field.partition(":")
        if prefix == "GPano" and entry.container.count("/") == 1 and name not in found and _fits(name, entry.text):
            found[name] = (SPHERE, name, "text", entry)
    return tuple(found.values()) if "ProjectionType" in found else ()


def _fits(name: str, value: str) -> bool:
    """Whether a property is one of those that stay, and its value a word or number that it may have."""
    rules = _sphere()
    if name in rules["pixels"]:
        return _PIXELS.fullmatch(value) is not None
    if name in rules["degrees"]:
        return _DEGREES.fullmatch(value) is not None and abs(float(value)) <= 360
    return value in rules["words"].get(name, ())


def packet(properties: Sequence[Property]) -> bytes:
    """The packet; lists gather the values of all properties of one name, in their order."""
    spaces = dict.fromkeys(space for space, _, _, _ in properties)
    head = "".join(' xmlns:{}="{}"'.format(*space.split(" ")) for space in spaces)
    by_name: dict[tuple[str, str], list[Property]] = {}
    for row in properties:
        by_name.setdefault(row[:2], []).append(row)
    body = "".join(_element(rows) for rows in by_name.values())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{head}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def _element(rows: Sequence[Property]) -> str:
    space, name, form, _ = rows[0]
    full = f"{space.partition(' ')[0]}:{name}"
    values = [escaped(entry.text) for _, _, _, entry in rows]
    if form in _LISTS:
        language = ' xml:lang="x-default"' if form == "alt" else ""
        items = "".join(f"<rdf:li{language}>{value}</rdf:li>" for value in values)
        return f"<{full}><rdf:{_LISTS[form]}>{items}</rdf:{_LISTS[form]}></{full}>"
    return f"<{full}>{values[0]}</{full}>"


def escaped(text: str) -> str:
    """A text as it stands between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
