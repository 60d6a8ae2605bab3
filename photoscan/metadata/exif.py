"""EXIF 3.0 (CIPA DC-008) in its TIFF structure: all IFDs, GPS, thumbnail, maker notes as far as known strings go."""

from __future__ import annotations

import struct
from typing import NamedTuple

from photoscan.metadata import icc, iptc, xmp
from photoscan.metadata.entry import Collector, Role, Value
from photoscan.metadata.tags import GPS, IMAGE_DATA, NAMES, SILENT

MAX_IFDS = 500
MAX_VALUE = 65_536
"""Bytes of one value that are read; the entry still tells its whole length."""

_FORMS = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 6: "b", 7: "s", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_POINTERS = {0x8769: "", 0x8825: "gps", 0xA005: "interop", 0x014A: "sub"}


class _Tag(NamedTuple):
    number: int
    kind: int
    size: int
    offset: int
    length: int


class _Reader:
    def __init__(self, data: bytes, start: int, end: int, container: str, found: Collector) -> None:
        self.data, self.start, self.end = data, start, end
        self.container, self.found = container, found
        self.seen: set[int] = set()
        self.order = {b"II": "<", b"MM": ">"}.get(data[start : start + 2], "")

    def unpack(self, form: str, at: int) -> tuple[int, ...]:
        if at < self.start or at + struct.calcsize(self.order + form) > self.end:
            raise struct.error
        return struct.unpack_from(self.order + form, self.data, at)

    def chain(self, at: int, name: str) -> None:
        """An IFD and those linked behind it: IFD1 holds the thumbnail, in a TIFF file further pages."""
        index = 0
        while at and at not in self.seen:
            self.seen.add(at)
            if len(self.seen) > MAX_IFDS:
                self.found.warn("too many image file directories")
                return
            try:
                at = self.directory(self.start + at, name if index == 0 else f"ifd{index}")
            except struct.error:
                self.found.warn("an image file directory ends early")
                return
            index += 1

    def directory(self, at: int, name: str) -> int:
        (count,) = self.unpack("H", at)
        path = f"{self.container}/{name}" if name else self.container
        thumbnail: dict[int, int] = {}
        for i in range(count):
            tag = self.tag(at + 2 + 12 * i)
            if tag is None:
                continue
            if tag.number in (0x0201, 0x0202):
                thumbnail[tag.number] = self.unpack("I", tag.offset)[0] if tag.kind == 4 else 0
            elif tag.number in _POINTERS and tag.kind in (4, 13):
                for pointer in self.unpack(f"{min(tag.size, 50)}I", tag.offset):
                    self.chain(pointer, _POINTERS[tag.number])
            else:
                self.statement(tag, path, name)
        if thumbnail.get(0x0202):
            offset = self.start + thumbnail.get(0x0201, 0)
            value = self.data[offset : offset + 64]
            self.found.add(path, "Thumbnail", value, offset, thumbnail[0x0202], Role.THUMBNAIL)
        following = at + 2 + 12 * count
        return self.unpack("I", following)[0] if following + 4 <= self.end else 0

    def tag(self, at: int) -> _Tag | None:
        number, kind, count = self.unpack("HHI", at)
        length = _SIZES.get(kind, 0) * count
        if not length:
            return None
        offset = at + 8 if length <= 4 else self.start + self.unpack("I", at + 8)[0]
        if offset + length > self.end:
            self.found.warn("a value lies outside the file")
            return None
        return _Tag(number, kind, count, offset, length)

    def statement(self, tag: _Tag, path: str, name: str) -> None:
        content = self.data[tag.offset : tag.offset + min(tag.length, MAX_VALUE)]
        if name == "gps":
            if tag.number in GPS:
                self.found.add(path, GPS[tag.number], self.value(tag, content), tag.offset, tag.length)
        elif tag.number == 0x02BC:
            xmp.read(self.data[tag.offset : tag.offset + tag.length], f"{path}/xmp", tag.offset, tag.length, self.found)
        elif tag.number == 0x83BB:
            iptc.read(self.data, tag.offset, tag.offset + tag.length, f"{path}/iptc", self.found)
        elif tag.number == 0x8649:
            iptc.read_resources(self.data, tag.offset, tag.offset + tag.length, f"{path}/photoshop", self.found)
        elif tag.number == 0x8773:
            icc.read(self.data[tag.offset : tag.offset + tag.length], f"{path}/icc", tag.offset, self.found)
        elif tag.number in NAMES:
            if content.strip(b"\0 "):
                self.found.add(path, NAMES[tag.number], self.value(tag, content), tag.offset, tag.length)
        elif tag.number == 0x927C:
            self.found.add(path, "MakerNote", content, tag.offset, tag.length, Role.UNKNOWN)
        elif tag.number not in SILENT and tag.number not in IMAGE_DATA:
            self.found.add(path, f"tag {tag.number:#06x}", content[:256], tag.offset, tag.length, Role.UNKNOWN)

    def value(self, tag: _Tag, content: bytes) -> Value:
        form = _FORMS[tag.kind]
        if form == "s":
            return content.rstrip(b"\0 ")
        if tag.kind == 1 and 0x9C9B <= tag.number <= 0x9C9F:
            return content.decode("utf-16-le", "replace").rstrip("\0")
        if tag.kind in (5, 10):
            pairs = self.unpack(form * min(tag.size, 16), tag.offset)
            return tuple(a / b if b else 0.0 for a, b in zip(pairs[::2], pairs[1::2], strict=True))
        numbers = self.unpack(form * min(tag.size, 64), tag.offset)
        return numbers[0] if len(numbers) == 1 else tuple(map(float, numbers))


def read(data: bytes, start: int, end: int, container: str, found: Collector) -> None:
    """Every tag that tells something, of the TIFF structure in data[start:end]; offsets count from the file's start."""
    reader = _Reader(data, start, end, container, found)
    if not reader.order:
        found.add(container, "unknown", data[start : min(end, start + 256)], start, end - start, Role.UNKNOWN)
        found.warn("an EXIF block without a byte order")
        return
    try:
        (first,) = reader.unpack("I", start + 4)
    except struct.error:
        found.warn("an EXIF block ends early")
        return
    reader.chain(first, "")
