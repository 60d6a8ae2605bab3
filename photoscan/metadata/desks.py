"""Trailers of picture desks, behind the end of a file: IPTC, previews and texts.

AXS File Concatenation Protocol: the last twelve bytes lead to a directory: its sign ('AXS!' in big, 'AXS*' in
little-endian numbers), a version, how many rows; a row is a sign, a size and a place in the file. FotoStation: parts
one before the other, each with its kind, size and sign behind it. Photo Mechanic: IPTC, its size and a sign.
"""

from __future__ import annotations

from photoscan.metadata import embedded, iptc
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import text

_ORDERS = {b"AXS!": "big", b"AXS*": "little"}
_PICTURES = (b"Nail", b"PrVw")
_TEXT = b"TEXT"
_FOTO_STATION, _PHOTO_MECHANIC = b"\xa1\xb2\xc3\xd4", b"cbipcbbl"
_DATASETS = 1
"""FotoStation's part of IPTC."""
MAX_ROWS = 50
_HEADER = _ROW = _CLOSING = 12


def read(block: Block, start: int, end: int, path: str, found: Collector) -> int:
    """What such trailers say; the position where they begin, `end` where there are none."""
    for _ in range(MAX_ROWS):
        before = end
        for reader in (_concatenated, _foto_station, _photo_mechanic):
            end = reader(block, start, end, path, found)
        if end == before:
            break
    return end


def _foto_station(block: Block, start: int, end: int, path: str, found: Collector) -> int:
    kind, size = (int.from_bytes(block.data[end - at : end - to], "big") for at, to in ((10, 8), (8, 4)))
    if block.data[end - 4 : end] != _FOTO_STATION or not 10 < size <= end - start:
        return end
    part = block.cut(end - size, end - 10)
    with found.guarded(path):
        if kind == _DATASETS:
            iptc.read(part, f"{path}/iptc", found)
        elif kind in (3, 4):
            embedded.part(part, path, "Preview", Role.THUMBNAIL, found)
        else:
            found.unknown(part, path, f"part {kind}", about="FotoStation's trailer")
    return end - size


def _photo_mechanic(block: Block, start: int, end: int, path: str, found: Collector) -> int:
    size = int.from_bytes(block.data[end - 12 : end - 8], "big")
    if block.data[end - 8 : end] != _PHOTO_MECHANIC or not 0 < size <= end - 12 - start:
        return end
    with found.guarded(path):
        iptc.read(block.cut(end - 12 - size, end - 12), f"{path}/iptc", found)
    return end - 12 - size


def _concatenated(block: Block, start: int, end: int, path: str, found: Collector) -> int:
    data = block.data
    closing = end - _CLOSING
    sign = data[closing : closing + 4]
    order = _ORDERS.get(sign)
    if order is None or closing < start:
        return end

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")

    head = number(closing + 4, 4)
    if not start <= head < closing or data[head : head + 4] != sign:
        return end
    first = head
    for row in range(head + _HEADER, min(head + _HEADER + _ROW * min(number(head + 6, 2), MAX_ROWS), closing), _ROW):
        size, at = number(row + 4, 4), number(row + 8, 4)
        if not start <= at <= at + size <= closing or not size:
            continue
        first = min(first, at)
        part, name = block.cut(at, at + size), data[row : row + 4]
        with found.guarded(path):
            if name == b"IPTC":
                iptc.read(part, f"{path}/iptc", found)
            elif name in _PICTURES:
                embedded.part(part, path, "Preview", Role.THUMBNAIL, found)
            elif name == _TEXT:
                found.add(part, path, "Comment", text(part.data))
            else:
                found.unknown(part, path, name.decode("latin-1"), about="AFCP's trailer")
    found.add(block, path, "directory", data[head : head + 64], head, end, Role.UNKNOWN, "AFCP's trailer")
    return first
