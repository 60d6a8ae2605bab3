"""CIFF (Camera Image File Format, Canon 1997): heaps with directories at their ends, in CRW files and in APP0.

A heap's last four bytes say where its directory is; rows of ten bytes: type, length, place. Tags as collected by
ExifTool.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from photoscan.metadata import embedded
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.maker_values import text

_TEXTS = {
    0x0805: "Comment", 0x080B: "FirmwareVersion", 0x0810: "OwnerName", 0x0815: "ImageType", 0x0816: "OriginalFileName",
    0x0817: "ThumbnailFileName",
}  # fmt: skip
_MAKE_MODEL, _SERIAL, _TIME, _JPEG, _THUMBNAIL = 0x080A, 0x180B, 0x180E, 0x2007, 0x2008
MAX_ROWS, MAX_HEAPS = 500, 100


def read(block: Block, path: str, found: Collector, pictures: bool = True) -> None:
    """What a CIFF structure tells; with `pictures` the previews in it as well."""
    walker = Walker(block.data)
    for kind, start, length in walker.rows():
        end = start + length
        if kind in _TEXTS:
            if words := text(block.data[start : min(end, start + 1000)]):
                found.add(block, path, _TEXTS[kind], words, start, end)
        elif kind == _MAKE_MODEL:
            make, _, rest = block.data[start:end].partition(b"\0")
            for name, at, raw in (("Make", start, make), ("Model", start + len(make) + 1, rest)):
                if words := text(raw[:100]):
                    found.add(block, path, name, words, at, at + len(words))
        elif kind == _SERIAL and length >= 4:
            (number,) = walker.unpack("I", start)
            if number:
                found.add(block, path, "SerialNumber", f"{number:010d}", start, start + 4)
        elif kind == _TIME and length >= 4:
            (seconds,) = walker.unpack("I", start)
            if seconds:
                moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y:%m:%d %H:%M:%S")
                found.add(block, path, "DateTimeOriginal", moment, start, start + 4)
        elif kind in (_JPEG, _THUMBNAIL) and pictures:
            embedded.part(block.cut(start, end), path, "Thumbnail", Role.THUMBNAIL, found)


class Walker:
    """All rows of all heaps of one structure."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.order = ">" if data[:2] == b"MM" else "<"

    def unpack(self, form: str, at: int) -> tuple[int, ...]:
        """Numbers at a position; struct.error outside of the data."""
        if at < 0:
            raise struct.error("before the data")
        return struct.unpack_from(self.order + form, self.data, at)

    def rows(self) -> list[tuple[int, int, int]]:
        """Type, start and length of every value."""
        (head,) = self.unpack("I", 2)
        waiting, seen = [(head, len(self.data))], set[int]()
        found: list[tuple[int, int, int]] = []
        while waiting and len(seen) < MAX_HEAPS:
            start, end = waiting.pop()
            if end - start < 6 or end > len(self.data):
                continue
            at = start + self.unpack("I", end - 4)[0]
            if at in seen or at + 2 > end:
                continue
            seen.add(at)
            count = min(self.unpack("H", at)[0], MAX_ROWS, (end - at - 2) // 10)
            for row in range(at + 2, at + 2 + 10 * count, 10):
                kind, length, place = self.unpack("HII", row)
                if kind & 0x4000:  # the value stands in the row
                    found.append((kind & 0x3FFF, row + 2, 8))
                elif start + place + length <= end:
                    where = (start + place, start + place + length)
                    if kind >> 8 & 0x38 in (0x28, 0x30):
                        waiting.append(where)
                    else:
                        found.append((kind & 0x3FFF, where[0], length))
        return found
