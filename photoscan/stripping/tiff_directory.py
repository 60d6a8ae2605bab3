"""TIFF 6.0 directories, read as they are and written anew: tags with their raw values, in either byte order."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from photoscan.tiff_survey import SIZES, Order

Directory = dict[int, "Value"]
"""Tag number to value; written in ascending order, as TIFF demands."""

_UNITS = {3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4}
"""Bytes that a change of byte order turns round."""
MAX_TAGS = 1000
EXIF, GPS = 0x8769, 0x8825


@dataclass(frozen=True, slots=True)
class Value:
    """One tag's type and raw bytes, in the byte order of the file it belongs to."""

    kind: int
    raw: bytes

    @property
    def count(self) -> int:
        """How many values of its type these are."""
        return len(self.raw) // SIZES[self.kind]

    def numbers(self, order: Order) -> tuple[int, ...]:
        """Whole numbers; ValueError for types that hold none."""
        form = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(self.kind)
        if form is None:
            raise ValueError("not a whole number")
        return struct.unpack(f"{order}{self.count}{form}", self.raw)

    def reordered(self) -> Value:
        """The same value in the other byte order."""
        unit = _UNITS.get(self.kind, 1)
        units = (self.raw[at : at + unit][::-1] for at in range(0, len(self.raw), unit))
        return self if unit == 1 else Value(self.kind, b"".join(units))


def longs(order: Order, *numbers: int) -> Value:
    """A value of 32-bit numbers."""
    return Value(4, struct.pack(f"{order}{len(numbers)}I", *numbers))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a structure's numbers stand: byte order, and whether it is BigTIFF, with 64-bit offsets and counts."""

    order: Order
    big: bool = False

    @classmethod
    def of(cls, data: bytes) -> Layout:
        """That of a TIFF structure; ValueError where there is none."""
        layouts = {b"II*\0": cls("<"), b"MM\0*": cls(">"), b"II+\0": cls("<", True), b"MM\0+": cls(">", True)}
        if data[:4] not in layouts:
            raise ValueError("no TIFF structure")
        return layouts[data[:4]]

    def first(self, data: bytes) -> int:
        """Where the first directory stands."""
        return int(struct.unpack_from(self.order + ("Q" if self.big else "I"), data, 8 if self.big else 4)[0])


def read(data: bytes, layout: Layout, at: int, wanted: frozenset[int]) -> tuple[Directory, int]:
    """The wanted tags of the directory at an offset, and the offset of the next; ValueError for what is out of reach.

    Of a tag that is there twice the first counts, as decoders do it. Numbers of 64 bits come as such of 32.
    """
    order = layout.order
    head, step, room, form = (8, 20, 8, "Q") if layout.big else (2, 12, 4, "I")
    if at + head > len(data):
        raise ValueError("directory out of bounds")
    (count,) = struct.unpack_from(order + ("Q" if layout.big else "H"), data, at)
    behind = at + head + step * count
    if behind > len(data) or count > MAX_TAGS:
        raise ValueError("directory out of bounds")
    tags: Directory = {}
    for row in range(at + head, behind, step):
        number, kind, values = struct.unpack_from(order + "HH" + form, data, row)
        if number not in wanted or number in tags or kind not in SIZES:
            continue
        length = SIZES[kind] * values
        start = row + 4 + room if length <= room else struct.unpack_from(order + form, data, row + 4 + room)[0]
        if start + length > len(data):
            raise ValueError("value out of bounds")
        value = Value(kind, data[start : start + length])
        tags[number] = longs(order, *value.numbers(order)) if kind in (16, 18) else value
    following = struct.unpack_from(order + form, data, behind)[0] if behind + room <= len(data) else 0
    return tags, following


def size(tags: Directory) -> int:
    """Bytes that a directory takes with the values behind it."""
    return 6 + 12 * len(tags) + sum(len(v.raw) + (len(v.raw) & 1) for v in tags.values() if len(v.raw) > 4)


def written(tags: Directory, order: Order, at: int, following: int = 0) -> bytes:
    """The directory as it stands at an offset of the file, its values behind it."""
    rows, values = [], b""
    start = at + 6 + 12 * len(tags)
    for number, value in sorted(tags.items()):
        head = struct.pack(order + "HHI", number, value.kind, value.count)
        if len(value.raw) <= 4:
            rows.append(head + value.raw.ljust(4, b"\0"))
        else:
            rows.append(head + struct.pack(order + "I", start + len(values)))
            values += value.raw + b"\0" * (len(value.raw) & 1)
    return b"".join((struct.pack(order + "H", len(tags)), *rows, struct.pack(order + "I", following), values))
