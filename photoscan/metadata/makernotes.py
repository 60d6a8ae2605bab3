"""Maker notes: the block that each maker fills in its own way, read as far as public knowledge goes.

Every block is told as private data as well: what is known of it is never the whole.
"""

from __future__ import annotations

import re

from photoscan.metadata import embedded
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role, Value
from photoscan.metadata.ifd import Structure, Tag, text
from photoscan.metadata.makers import BY_MAKE, MAKERS, Form, Maker

_JPEG = re.compile(rb"\xff\xd8\xff[\xdb\xe0\xe1\xc4\xfe]")
_SERIAL = re.compile(rb"(?i)serial\s*(?:number|no\.?|num)\s*[:=]\s*([\w-]{4,40})")
MAX_PREVIEWS = 5
MAX_DIRECTORIES = 30
LONGEST = 4096
"""Bytes of one value that are looked at."""


def read(outer: Structure, tag: Tag, make: str, path: str, found: Collector) -> None:
    """What a maker note says of serial numbers, owners and places, and the pictures in it."""
    data = outer.data
    head = data[tag.start : tag.start + 16]
    maker = next((m for m in MAKERS if m.sign and head.startswith(m.sign)), None)
    name = maker.name if maker else BY_MAKE.get(make.partition(" ")[0].casefold(), "an unknown maker")
    if maker is None:
        maker = next((m for m in MAKERS if not m.sign and m.name == name), None)
    found.unknown(outer.block, path, "MakerNote", tag.start, tag.end, f"private data of {name}")
    if maker is not None and maker.tags:
        with found.guarded(f"{path}/makernote"):
            _directories(outer, tag, maker, f"{path}/makernote/{name}", found)
    for match in _SERIAL.finditer(data, tag.start, tag.end):
        value = match[1].decode("ascii")
        found.add(outer.block, f"{path}/makernote/{name}", "SerialNumber", value, match.start(1), match.end(1))
    _previews(outer.block.cut(tag.start, tag.end), path, found)


def _directories(outer: Structure, tag: Tag, maker: Maker, path: str, found: Collector) -> None:
    base = tag.start + maker.base if maker.relative else outer.base
    at = tag.start + maker.first
    order = maker.order or outer.order
    if maker.header:  # a TIFF header of its own
        order = {b"II": "<", b"MM": ">"}.get(outer.data[base : base + 2], order)
        at = base + int.from_bytes(outer.data[base + 4 : base + 8], "little" if order == "<" else "big")
    elif maker.pointer:
        at = base + int.from_bytes(outer.data[at : at + 4], "little")
    elif maker.order_at:
        sign = outer.data[tag.start + maker.order_at : tag.start + maker.order_at + 2]
        order = {b"II": "<", b"MM": ">"}.get(sign, order)
    structure = Structure(outer.block, order, base, found)
    waiting, seen = [(at - base, maker.tags)], set[int]()
    warnings = list(found.warnings)
    while waiting and len(seen) < MAX_DIRECTORIES:
        offset, names = waiting.pop()
        if offset in seen:
            continue
        seen.add(offset)
        for inner in structure.directory(offset, linked=False)[0]:
            label = names.get(inner.number)
            if isinstance(label, dict):
                waiting.append((structure.number(inner) if inner.kind in (4, 13) else inner.start - base, label))
            elif label is not None:
                _statement(structure, inner, label, path, found)
    # Makers point outside of their blocks all the time: that is no damage.
    found.warnings[:] = warnings
    outer.used += structure.used


def _statement(structure: Structure, tag: Tag, label: str, path: str, found: Collector) -> None:
    label, _, form = label.partition("|")
    if form == Form.FACES:
        _faces(structure, tag, path, found)
        return
    value: Value = structure.value(tag)
    if isinstance(value, bytes):
        raw = value[:LONGEST].strip(b"\0 ")
        printable = bool(raw) and all(byte >= 32 for byte in raw)
        value = text(raw) if printable and form != Form.HEX else raw[:64].hex()
    if form == Form.HEX and isinstance(value, tuple):
        value = bytes(int(n) & 255 for n in value[:64]).hex()
    if form == Form.CANON and isinstance(value, int):
        value = f"{value:010d}"
    if form == Form.SWAPPED and isinstance(value, str) and len(value) == 8:
        value = "".join(value[at : at + 2] for at in (6, 4, 2, 0))
    if str(value).strip("0 .-\0") or isinstance(value, float):
        shown = str(value) if isinstance(value, tuple) else value
        found.add(structure.block, path, label, shown, tag.start, tag.end)


def _faces(structure: Structure, tag: Tag, path: str, found: Collector) -> None:
    """Panasonic's recognised faces: three records of name (20 bytes), position and age (20 bytes)."""
    for at in range(tag.start + 4, min(tag.end, tag.start + 4 + 3 * 48) - 19, 48):
        if name := text(structure.data[at : at + 20].partition(b"\0")[0]):
            found.add(structure.block, path, "RecognizedFaceName", name, at, at + 20)


def _previews(block: Block, path: str, found: Collector) -> None:
    at = 0
    for _ in range(MAX_PREVIEWS):
        match = _JPEG.search(block.data, at)
        if match is None:
            return
        following = _JPEG.search(block.data, match.end())
        at = following.start() if following else len(block.data)
        if at - match.start() > 200:
            embedded.part(block.cut(match.start(), at), path, "MakerNote preview", Role.THUMBNAIL, found)
