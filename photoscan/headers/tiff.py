"""TIFF and BigTIFF: the first directory, and how many follow (TIFF 6.0, section 2; BigTIFF by the libtiff project)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from photoscan.headers.base import MAX_STEPS, Header, first, xmp_orientation

_FORMS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_WIDTH, _HEIGHT, _ORIENTATION, _XMP = 0x100, 0x101, 0x112, 0x2BC
MAX_PACKET = 1 << 24


class _Layout(NamedTuple):
    """How numbers stand: byte order, forms of a directory's counter and of offsets, bytes of a row and counter."""

    order: str
    counter: str
    offset: str
    row: int
    head: int


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == 43
    layout = _Layout(order, "Q", "Q", 20, 8) if big else _Layout(order, "H", "I", 12, 2)
    (at,) = struct.unpack_from(order + layout.offset, data, 8 if big else 4)
    seen: set[int] = set()
    size: tuple[int, int] | None = None
    orientation = 1
    while at and at not in seen and len(seen) < MAX_STEPS:
        seen.add(at)
        (count,) = struct.unpack_from(order + layout.counter, data, at)
        if size is None:
            numbers, packet = _directory(data, at, count, layout)
            size = numbers.get(_WIDTH, 0), numbers.get(_HEIGHT, 0)
            turned = numbers.get(_ORIENTATION)
            named = None if turned is None else turned if 1 <= turned <= 8 else 1
            orientation = first(named, xmp_orientation(packet))
        behind = at + layout.head + layout.row * count
        if behind + struct.calcsize(layout.offset) > len(data):
            break
        (at,) = struct.unpack_from(order + layout.offset, data, behind)
    if size is None:
        raise ValueError("no image")
    return Header(*size, orientation, len(seen))


def _directory(data: bytes, at: int, count: int, layout: _Layout) -> tuple[dict[int, int], bytes]:
    """The first number of each tag whose values stand in the directory itself, and the XMP packet."""
    numbers: dict[int, int] = {}
    packet = b""
    order = layout.order
    room = struct.calcsize(layout.offset)
    for row in range(at + layout.head, min(at + layout.head + layout.row * count, len(data)), layout.row):
        tag, kind, values = struct.unpack_from(order + "HH" + layout.offset, data, row)
        value = row + 4 + room
        form = _FORMS.get(kind)
        if tag == _XMP and kind in (1, 7):
            (start,) = struct.unpack_from(order + layout.offset, data, value)
            packet = data[start : start + min(values, MAX_PACKET)]
        elif form and tag not in numbers and values * struct.calcsize(form) <= room:
            (numbers[tag],) = struct.unpack_from(order + form, data, value)
    return numbers, packet
