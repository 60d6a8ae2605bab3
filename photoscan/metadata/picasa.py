"""Picasa's notes on the photos of a folder (.picasa.ini): faces with names, keywords, captions, positions."""

from __future__ import annotations

from collections.abc import Iterator

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.patterns import pattern

MAX_LINES = 50_000
_FACE = pattern(r"rect64\([0-9a-fA-F]{1,16}\),([0-9a-fA-F]{1,32})")
_UNKNOWN = "ffffffffffffffff"
"""The contact of a face that nobody named."""
_CONTACTS = ("contacts", "contacts2")
_TEXTS = ("keywords", "caption")
_GEOTAG = pattern(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$")


def read(block: Block, path: str, photo: str, found: Collector) -> None:
    """What the section of a photo says. `photo`: its name, which is the section's in small or large letters."""
    contacts: dict[str, str] = {}
    faces: list[str] = []
    for section, key, value in _rows(block.data.decode("utf-8", "replace")):
        if section in _CONTACTS:
            # The name stands before further parts: 'Name;mail;...'.
            contacts[key.casefold()] = value.split(";")[0].strip()
        elif section != photo.casefold():
            continue
        elif key == "faces":
            faces += [face[1].casefold() for face in _FACE.finditer(value)]
        elif key in _TEXTS and value:
            found.add(block, path, f"picasa:{key}", value)
        elif key == "geotag" and (place := _GEOTAG.match(value)):
            found.add(block, f"{path}/geotag", "GPSLatitude", float(place[1]))
            found.add(block, f"{path}/geotag", "GPSLongitude", float(place[2]))
    for face in dict.fromkeys(faces):
        if face != _UNKNOWN and (name := contacts.get(face)):
            found.add(block, path, "picasa:faces", name)


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    """Section (in small letters), key and value of each line that has all of them."""
    section = ""
    for line in text.removeprefix("\ufeff").splitlines()[:MAX_LINES]:
        if line.startswith("[") and line.rstrip().endswith("]"):
            section = line.strip()[1:-1].casefold()
            continue
        key, sign, value = line.partition("=")
        if sign:
            yield section, key.strip().casefold() if section not in _CONTACTS else key.strip(), value.strip()
