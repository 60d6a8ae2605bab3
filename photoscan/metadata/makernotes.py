"""Maker notes: the block that each maker fills in its own way, read as far as public knowledge goes.

Every block is told as private data as well: what is known of it is never the whole.
"""

from __future__ import annotations

import re

from photoscan.metadata import embedded, maker_values, phase_one
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import Structure, Tag
from photoscan.metadata.maker_base import directory_at, shift
from photoscan.metadata.makers import BY_MAKE, MAKERS, Maker
from photoscan.patterns import pattern

MAX_PREVIEWS = 5
MAX_DIRECTORIES = 30
MAX_BELOW = 5
"""Directories that one tag leads to."""
_ORDERS = {b"II": "<", b"MM": ">"}
_NUMBER = 0x927C
_RICOH = b"[Ricoh Camera Info]\0"
_JPEG = pattern(rb"\xff\xd8\xff[\xdb\xe0\xe1\xc4\xfe]")
_IN_WORDS = pattern(rb"(?i)(?:serial\s*(?:number|no\.?|num)|sensor_id)\s*[:=]\s*([\w-]{4,40})")
"""Serial numbers in notes that are written as text (Hewlett-Packard's, DJI's)."""


def read(outer: Structure, tag: Tag, make: str, path: str, found: Collector, model: str = "") -> None:
    """What a maker note says of serial numbers, owners and places, and the pictures in it."""
    data = outer.data
    maker = _layout(data[tag.start : tag.start + 64], make, model)
    name = maker.name if maker else BY_MAKE.get(make.partition(" ")[0].casefold(), "an unknown maker")
    found.unknown(outer.block, path, "MakerNote", tag.start, tag.end, f"private data of {name}")
    inside = f"{path}/makernote/{name}"
    known = len(found.entries)
    with found.guarded(f"{path}/makernote"):
        if maker is None and phase_one.is_one(data, tag.start):
            phase_one.read(outer.block.cut(tag.start, tag.end), inside, found)
        elif maker is not None and maker.records:
            maker_values.record(outer, tag.start, tag.end, maker.records, model, inside, found)
        elif maker is not None and maker.tags:
            _Directories(outer, tag, maker, model, inside, found).read()
    told = {entry.text for entry in found.entries[known:]}
    for match in _IN_WORDS.finditer(data, tag.start, tag.end):
        value = match[1].decode("ascii")
        if value not in told:
            found.add(outer.block, inside, "SerialNumber", value, match.start(1), match.end(1))
    _previews(outer.block.cut(tag.start, tag.end), path, found)


def read_alone(block: Block, make: str, model: str, path: str, found: Collector) -> None:
    """A maker's directory that fills a block behind a TIFF header, as in Canon's CR3."""
    opened = Structure.opened(block, found)
    like = next((maker for maker in MAKERS if maker.name == make and not maker.signs), None)
    if opened is None or like is None:
        found.unknown(block, path, "MakerNote")
        return
    found.unknown(block, path, "MakerNote", about=f"private data of {make}")
    maker = Maker(make, tags=like.tags, relative=True, header=True)
    whole = Tag(_NUMBER, 7, len(block.data), 0, len(block.data))
    with found.guarded(f"{path}/makernote"):
        _Directories(opened[0], whole, maker, model, f"{path}/makernote/{make}", found).read()


def _layout(head: bytes, make: str, model: str) -> Maker | None:
    folded = make.casefold()
    for maker in MAKERS:
        if maker.signs and not head.startswith(maker.signs):
            continue
        whole = maker.make.endswith("\0")
        if maker.make and not (folded == maker.make[:-1] if whole else folded.startswith(maker.make)):
            continue
        if maker.models and not re.search(maker.models, model):
            continue
        if maker.records and not any(maker_values.fits(record, head, model) for record in maker.records):
            continue
        return maker
    return None


class _Directories:
    """One note's directories. Their places and what their offsets count from are tried, as editors shift them."""

    def __init__(self, outer: Structure, tag: Tag, maker: Maker, model: str, path: str, found: Collector) -> None:
        self.outer, self.tag, self.maker, self.path, self.found = outer, tag, maker, path, found
        self.model = model

    def read(self) -> None:
        """The main directory and those that known tags lead to."""
        place = self._place()
        if place is None:
            return
        order, base, at = place
        warnings = list(self.found.warnings)
        waiting, seen = [(order, base, at, self.maker.tags)], set[int]()
        while waiting and len(seen) < MAX_DIRECTORIES:
            order, base, at, names = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            structure = Structure(self.outer.block, order, base, self.found)
            for inner in structure.directory(at - base, linked=False)[0]:
                label = names.get(inner.number)
                if isinstance(label, dict):
                    waiting += [(*below, label) for below in self._below(structure, inner)]
                elif label is not None:
                    maker_values.tell(structure, inner, label, self.model, self.path)
            self.outer.used += structure.used
        # Makers point outside of their blocks all the time: that is no damage.
        self.found.warnings[:] = warnings

    def _place(self) -> tuple[str, int, int] | None:
        """Byte order, what offsets count from, and where the main directory begins; None where there is none."""
        outer, tag, maker, data = self.outer, self.tag, self.maker, self.outer.data
        base = tag.start + maker.base if maker.relative else outer.base
        at = tag.start + maker.first
        order = maker.order or outer.order
        if maker.header:  # a TIFF header of its own
            order = _ORDERS.get(data[base : base + 2], order)
            at = base + int.from_bytes(data[base + 4 : base + 8], "little" if order == "<" else "big")
        elif maker.pointer:
            at = base + int.from_bytes(data[at : at + 4], "little")
        elif maker.order_at:
            order = _ORDERS.get(data[tag.start + maker.order_at : tag.start + maker.order_at + 2], order)
        found = directory_at(data, order, at, tag)
        if found is None:
            return None
        order, at = found
        return order, base + shift(data, order, base, at, tag, outer.base), at

    def _below(self, structure: Structure, tag: Tag) -> list[tuple[str, int, int]]:
        """Order, base and place of each directory that a tag points at or holds."""
        data, order, base = structure.data, structure.order, structure.base
        if tag.kind in (4, 13):
            return [(order, base, base + int(at)) for at in structure.numbers(tag, MAX_BELOW) if at > 0]
        if data[tag.start : tag.start + len(_RICOH)] == _RICOH:
            return [(">", base, tag.start + len(_RICOH))]
        mark = _ORDERS.get(data[tag.start : tag.start + 2])
        if mark is not None:  # Kodak's: a byte order, then a directory whose offsets count from the value
            return [(mark, tag.start, tag.start + 2)]
        return [(order, base, tag.start)]


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
