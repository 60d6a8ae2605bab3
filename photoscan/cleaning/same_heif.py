"""What a HEIC's or AVIF's primary picture is coded in: its items, and the properties that say how to decode and show
them. Shares no code with the strippers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from photoscan.cleaning import jpeg_code
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import boxes, find
from photoscan.metadata.heif_items import Items

_ALPHA = (b"aux:alpha", b"auxiliary:alpha", b"auxid:1")
_LENGTHS = {b"ispe": 12, b"irot": 1, b"imir": 1, b"pasp": 8, b"clap": 32}
"""Bytes of a property that mean something."""
_VERBATIM = frozenset((b"avcC", b"vvcC", b"lhvC", b"a1lx", b"uncC", b"cmpd", b"jpgC", b"j2kH"))
_PARAMETERS, _MESSAGES = (32, 33, 34), (39, 40)
"""HEVC's NAL units with parameters, and those with messages, which no pixel comes from (ITU-T H.265, table 7-1)."""
_SEQUENCE, _METADATA, _PADDING = 1, 5, 15
"""AV1's units likewise (AV1 specification, 6.2.2)."""
MOST = 20_000
Properties = dict[int, list[tuple[bytes, bytes]]]


def parts(data: bytes) -> list[tuple[object, ...]]:
    """Of each item that the picture is made of, in the order in which they are made up: kind, properties, content.

    ValueError, IndexError or KeyError for what can't be made out.
    """
    items, properties = _read(data)
    return [_part(items, number, properties.get(number, [])) for number in _shown(items)]


def has_alpha(data: bytes) -> bool:
    """Whether the picture has transparency."""
    items, _ = _read(data)
    return any(items.auxiliary.get(number, b"").endswith(_ALPHA) for number in _shown(items))


def _read(data: bytes) -> tuple[Items, Properties]:
    meta = find(data, (b"meta",))
    if meta is None:
        raise ValueError("no items")
    items = Items(Block.of(data), meta.body + 4, meta.end)
    found: Properties = {}
    table: list[tuple[bytes, bytes]] = []
    container = find(data, (b"iprp",), meta.body + 4, meta.end)
    for box in boxes(data, container.body, container.end) if container else ():
        if box.kind == b"ipco":
            table = [(inner.kind, data[inner.body : inner.end]) for inner in boxes(data, box.body, box.end)]
        elif box.kind == b"ipma":
            for number, indices in _linked(data[box.body : box.end]):
                found[number] = [table[index - 1] for index in indices if 0 < index <= len(table)]
    return items, found


def _linked(content: bytes) -> Iterator[tuple[int, list[int]]]:
    wide, large = 4 if content[0] else 2, 2 if content[3] & 1 else 1
    at = 8
    for _ in range(min(MOST, int.from_bytes(content[4:8], "big"))):
        number, count = int.from_bytes(content[at : at + wide], "big"), content[at + wide]
        at += wide + 1
        mask = 0x7FFF if large == 2 else 0x7F
        yield number, [int.from_bytes(content[at + large * i :][:large], "big") & mask for i in range(count)]
        at += large * count


def _shown(items: Items) -> list[int]:
    """The primary item, what it is made of, and the transparency of each, in the order in which they are named."""
    if items.primary not in items.items:
        raise ValueError("no primary item")
    shown: list[int] = []
    waiting = [items.primary]
    while waiting and len(shown) < MOST:
        number = waiting.pop(0)
        if number in shown:
            continue
        shown.append(number)
        for kind, source, targets in items.references:
            if kind == b"dimg" and source == number:
                waiting += targets
            elif kind == b"auxl" and number in targets and items.auxiliary.get(source, b"").endswith(_ALPHA):
                waiting.append(source)
    return shown


def _part(items: Items, number: int, properties: list[tuple[bytes, bytes]]) -> tuple[object, ...]:
    item = items.items[number]
    content = b"".join(items.data[start:end] for start, end in item.extents)
    said = []
    width = 4
    for kind, value in properties:
        if kind in _LENGTHS:
            said.append((kind, value[: _LENGTHS[kind]]))
        elif kind == b"hvcC":
            width = (value[21] & 3) + 1
            said.append((kind, value[:22] + b"".join(_parameters(value))))
        elif kind == b"av1C":
            units = (unit for sort, unit in _av1(value[4:]) if sort == _SEQUENCE)
            said.append((kind, value[:4] + b"".join(units)))
        elif kind == b"pixi":
            said.append((kind, value[: 5 + value[4]]))
        elif kind == b"colr" and value[:4] == b"nclx":
            said.append((kind, value[:11]))
        elif kind in _VERBATIM:
            said.append((kind, value))
    digest = hashlib.sha256()
    for unit in _units(item.kind, content, width):
        digest.update(unit)
    return item.kind, tuple(said), digest.digest()


def _units(kind: bytes, content: bytes, width: int) -> Iterator[bytes]:
    """The content without the messages in it."""
    if kind == b"av01":
        yield from (unit for sort, unit in _av1(content) if sort not in (_METADATA, _PADDING))
    elif kind == b"jpeg":
        yield from jpeg_code.stream(content)
    elif kind != b"hvc1":
        yield content
    else:
        at = 0
        while at + width < len(content):
            end = at + width + int.from_bytes(content[at : at + width], "big")
            if end > len(content):
                raise ValueError("a unit is longer than its item")
            if content[at + width] >> 1 & 0x3F not in _MESSAGES:
                yield content[at:end]
            at = end


def _parameters(record: bytes) -> Iterator[bytes]:
    """The parameter sets of an HEVCDecoderConfigurationRecord (ISO 14496-15)."""
    at = 23
    for _ in range(record[22]):
        kind, count = record[at] & 0x3F, int.from_bytes(record[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            end = at + 2 + int.from_bytes(record[at : at + 2], "big")
            if kind in _PARAMETERS:
                yield record[at:end]
            at = end


def _av1(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and bytes of each unit; ValueError for one that is longer than the data."""
    at = 0
    while at < len(data):
        start, head = at, data[at]
        at += 1 + (head >> 2 & 1)
        size, shift = 0, 0
        while head & 2:
            size |= (data[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not data[at - 1] & 0x80 or shift > 56:
                break
        at = at + size if head & 2 else len(data)
        if at > len(data):
            raise ValueError("a unit is longer than its item")
        yield head >> 3 & 15, data[start:at]
