"""A HEIC's or AVIF's gain map, kept where that is asked for: the derived picture 'tmap' (ISO 21496-1, ISO 23008-12)."""

from __future__ import annotations

import struct

from photoscan.stripping.boxes import box, full_box
from photoscan.stripping.gain_map import numbers_of, same_shape
from photoscan.stripping.heif_items import Items

BRAND = b"tmap"


def tone_map(content: bytes) -> bytes:
    """The content of a 'tmap' item with its numbers written anew; empty for what makes no sense."""
    numbers = numbers_of(content[1:]) if content[:1] == b"\0" else b""
    return b"\0" + numbers if numbers else b""


def kept(items: Items) -> tuple[int, list[int]] | None:
    """The 'tmap' item that is made of the primary picture and a map of its shape, and what the map is made of."""
    made_of = {source: targets for kind, source, targets in items.references if kind == b"dimg"}
    for number, item in items.items.items():
        targets = made_of.get(number, [])
        if item.kind != b"tmap" or len(targets) != 2 or targets[0] != items.primary:
            continue
        whole, part = _size(items, items.primary), _size(items, targets[1])
        if whole and same_shape(whole, part) and tone_map(items.content(item)):
            try:
                return number, items.shown(targets[1])
            except ValueError:
                return None
    return None


def group(number: int, tone_mapped: int, primary: int) -> bytes:
    """The boxes that say: show the one that you can, the tone-mapped picture rather than the primary."""
    return box(b"grpl", full_box(b"altr", 0, 0, struct.pack(">IIII", number, 2, tone_mapped, primary)))


def _size(items: Items, number: int) -> tuple[int, int] | None:
    """Width and height by an item's 'ispe' property."""
    for _, index in items.items[number].properties if number in items.items else ():
        if 0 < index <= len(items.table) and items.table[index - 1][0] == b"ispe":
            width, height = struct.unpack_from(">II", items.table[index - 1][1], 4)
            return width, height
    return None
