"""AXS File Concatenation Protocol: IPTC, previews and texts that picture desks hang behind the end of a file.

The last twelve bytes lead to a directory: its sign ('AXS!' in big, 'AXS*' in little-endian numbers), a version, how
many rows; a row is a sign, a size and a place, which counts from the beginning of the file.
"""

from __future__ import annotations

from photoscan.metadata import embedded, iptc
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import text

_ORDERS = {b"AXS!": "big", b"AXS*": "little"}
_PICTURES = (b"Nail", b"PrVw")
_TEXT = b"TEXT"
MAX_ROWS = 50
_HEADER = _ROW = _CLOSING = 12


def read(block: Block, start: int, end: int, path: str, found: Collector) -> int:
    """What such a trailer says; the position where it begins, `end` where there is none."""
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
