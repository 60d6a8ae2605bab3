"""The items of a HEIF file (ISO 23008-12), for the stripper: read from `meta`, chosen, and written anew."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from photoscan.stripping.boxes import boxes

ALPHA = frozenset((
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:avc:2015:auxid:1",
))  # fmt: skip
PICTURES = frozenset((b"hvc1", b"av01", b"avc1", b"vvc1", b"jpeg", b"grid", b"iovl", b"iden"))
MAX_ITEMS = 20_000
IN_FILE, IN_IDAT = 0, 1
"""Construction methods of `iloc` that are understood."""


@dataclass(slots=True)
class Item:
    """One item: its type, whether it is hidden, where its bytes are (absolute), and its properties.

    `properties`: (essential, position in `ipco` from 1).
    """

    kind: bytes = b""
    hidden: bool = False
    method: int = IN_FILE
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[tuple[bool, int]] = field(default_factory=list)
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Items:
    """Everything that `meta` lists. `table` holds (type, content) of each property; ValueError for a broken one."""

    data: bytes
    items: dict[int, Item] = field(default_factory=dict)
    references: list[tuple[bytes, int, list[int]]] = field(default_factory=list)
    table: list[tuple[bytes, bytes]] = field(default_factory=list)
    primary: int = 0

    @staticmethod
    def read(data: bytes, start: int, end: int) -> Items:
        """The items of the `meta` box whose children stand between two positions."""
        found = Items(data)
        parts = {kind: (body, stop) for kind, _, body, stop in boxes(data, start, end)}
        body, _ = parts[b"pitm"]
        found.primary = found.number(body + 4, 4 if data[body] else 2)
        found._types(*parts[b"iinf"])
        found._locations(*parts[b"iloc"], parts.get(b"idat", (0, 0))[0])
        if b"iref" in parts:
            found._references(*parts[b"iref"])
        for kind, _, body, stop in boxes(data, *parts[b"iprp"]):
            if kind == b"ipco":
                found.table = [(name, data[at:last]) for name, _, at, last in boxes(data, body, stop)]
            elif kind == b"ipma":
                found._associations(body, stop)
        if found.primary not in found.items:
            raise ValueError("no primary item")
        return found

    def number(self, at: int, size: int) -> int:
        """A whole number of the file; ValueError behind its end."""
        if at + size > len(self.data):
            raise ValueError("file ends early")
        return int.from_bytes(self.data[at : at + size], "big")

    def content(self, item: Item) -> bytes:
        """An item's bytes; ValueError for what lies outside the file."""
        if any(end > len(self.data) for _, end in item.extents):
            raise ValueError("item out of bounds")
        if sum(end - start for start, end in item.extents) > len(self.data):
            raise ValueError("extents overlap")
        return b"".join(self.data[start:end] for start, end in item.extents)

    def auxiliary(self, number: int) -> bytes:
        """The type of an auxiliary picture, empty for any other item."""
        for _, index in self.items[number].properties:
            if 0 < index <= len(self.table) and self.table[index - 1][0] == b"auxC":
                return self.table[index - 1][1][4:].partition(b"\0")[0]
        return b""

    def shown(self, picture: int = 0) -> list[int]:
        """A picture, the primary one where none is named, what it is made of, and its transparency, by number."""
        parts: dict[int, list[int]] = {}
        for kind, source, targets in self.references:
            if kind == b"dimg":
                parts.setdefault(source, []).extend(targets)
            elif kind == b"auxl" and source in self.items and self.auxiliary(source) in ALPHA:
                for target in targets:
                    parts.setdefault(target, []).append(source)
        kept: set[int] = set()
        waiting = [picture or self.primary]
        while waiting:
            number = waiting.pop()
            if number in kept:
                continue
            if self.items.get(number, Item()).kind not in PICTURES:
                raise ValueError("unknown kind of picture")
            kept.add(number)
            waiting += parts.get(number, ())
        return sorted(kept)

    def _types(self, body: int, end: int) -> None:
        for kind, start, at, stop in boxes(self.data, body + (8 if self.data[body] else 6), end):
            version = self.data[at]
            if kind != b"infe" or version < 2:
                raise ValueError("unknown item entry")
            wide = 4 if version == 3 else 2
            item = self.items.setdefault(self.number(at + 4, wide), Item())
            item.hidden = bool(self.data[at + 3] & 1)
            if self.number(at + 4 + wide, 2):
                raise ValueError("protected item")
            item.kind = self.data[at + 6 + wide : at + 10 + wide]
            item.start, item.end = start, stop

    def _locations(self, at: int, end: int, idat: int) -> None:
        version = self.data[at]
        offset_size, length_size = self.data[at + 4] >> 4, self.data[at + 4] & 15
        base_size, index_size = self.data[at + 5] >> 4, self.data[at + 5] & 15 if version else 0
        wide = 4 if version == 2 else 2
        count = self.number(at + 6, wide)
        at += 6 + wide
        if count > MAX_ITEMS:
            raise ValueError("too many items")
        for _ in range(count):
            item = self.items.setdefault(self.number(at, wide), Item())
            at += wide
            if version:
                item.method = self.number(at, 2) & 15
                at += 2
            outside = self.number(at, 2)
            base = self.number(at + 2, base_size) + (idat if item.method == IN_IDAT else 0)
            extents = self.number(at + 2 + base_size, 2)
            at += 4 + base_size
            for _ in range(extents):
                if at >= end:
                    raise ValueError("locations end early")
                at += index_size
                start = base + self.number(at, offset_size)
                length = self.number(at + offset_size, length_size)
                at += offset_size + length_size
                item.extents.append((start, start + length if length else len(self.data)))
            if outside:
                item.extents = [(0, len(self.data) + 1)]

    def _references(self, body: int, end: int) -> None:
        wide = 4 if self.data[body] else 2
        for kind, _, at, stop in boxes(self.data, body + 4, end):
            count = self.number(at + wide, 2)
            first = at + wide + 2
            if first + wide * count > stop:
                raise ValueError("references end early")
            targets = [self.number(first + wide * i, wide) for i in range(count)]
            self.references.append((kind, self.number(at, wide), targets))

    def _associations(self, at: int, end: int) -> None:
        wide, large = 4 if self.data[at] else 2, self.data[at + 3] & 1
        count = self.number(at + 4, 4)
        at += 8
        for _ in range(min(count, MAX_ITEMS)):
            item = self.items.setdefault(self.number(at, wide), Item())
            links = self.number(at + wide, 1)
            at += wide + 1
            for _ in range(links):
                value = self.number(at, 2 if large else 1)
                essential, index = divmod(value, 0x8000 if large else 0x80)
                item.properties.append((bool(essential), index))
                at += 2 if large else 1
            if at > end:
                raise ValueError("associations end early")


def located(items: list[tuple[int, int, int, int]], wide: bool) -> bytes:
    """The content of `iloc` (version 1, or 2 for wide item numbers) from (number, method, offset, length)."""
    form = ">IHHHII" if wide else ">HHHHII"
    rows = (struct.pack(form, number, method, 0, 1, offset, length) for number, method, offset, length in items)
    return b"\x44\0" + struct.pack(">I" if wide else ">H", len(items)) + b"".join(rows)
