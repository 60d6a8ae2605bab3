"""TIFF 6.0's directory structure, also BigTIFF's: numbered tags with typed values, anywhere in a block."""

from __future__ import annotations

import struct
from typing import NamedTuple

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Value

MAX_IFDS = 500
MAX_TAGS = 20_000
"""Directories and tags read of one structure."""
MAX_NUMBERS = 64
"""Numbers given of one value; the entry still tells its whole length."""
MAX_BYTES = 65_536

_FORMS = {1: "B", 3: "H", 4: "I", 5: "II", 6: "b", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I", 16: "Q",
          17: "q", 18: "Q"}  # fmt: skip
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8,
          129: 1}  # fmt: skip
"""Bytes by TIFF type; 129 is EXIF 3.0's UTF-8."""
TEXTS = (2, 129)
SHORTEST_WIDE = 4
"""Letters of a text in two bytes each that has no mark: shorter ones may be several strings of one letter."""


class Tag(NamedTuple):
    """One tag: its number and type, how many values (`size`), and where in the block they stand."""

    number: int
    kind: int
    size: int
    start: int
    end: int


class Structure:
    """Directories of one block. `base` is what offsets count from; `used` gathers the ranges that were understood."""

    def __init__(self, block: Block, order: str, base: int, found: Collector, big: bool = False) -> None:
        self.block, self.order, self.base, self.found, self.big = block, order, base, found, big
        self.data = block.data
        self.used: list[tuple[int, int]] = []
        self.directories = self.tags = 0

    @staticmethod
    def opened(block: Block, found: Collector) -> tuple[Structure, int] | None:
        """The structure whose header begins a block, and the offset of its first directory; None without a header."""
        order = {b"II": "<", b"MM": ">"}.get(block.data[:2])
        if order is None or len(block.data) < 8:
            return None
        version, first = struct.unpack_from(order + "HI", block.data, 2)
        structure = Structure(block, order, 0, found, big=version == 43)
        if structure.big:
            (first,) = struct.unpack_from(order + "Q", block.data, 8)
        structure.used.append((0, 16 if structure.big else 8))
        return structure, first

    def unpack(self, form: str, at: int) -> tuple[int, ...]:
        """Numbers at a position; struct.error outside the block."""
        if at < 0:
            raise struct.error("before the block")
        return struct.unpack_from(self.order + form, self.data, at)

    def directory(self, offset: int, linked: bool = True) -> tuple[list[Tag], int]:
        """The tags of the directory at an offset, and the offset of the next one; empty for what is out of reach."""
        at, tags = self.base + offset, []
        self.directories += 1
        if self.directories > MAX_IFDS or self.tags > MAX_TAGS:
            self.found.warn("too many image file directories")
            return [], 0
        head, step = (8, 20) if self.big else (2, 12)
        try:
            (count,) = self.unpack("Q" if self.big else "H", at)
        except struct.error:
            self.found.warn("an image file directory lies outside its block")
            return [], 0
        whole = (len(self.data) - at - head) // step
        if count > whole:
            self.found.warn("an image file directory ends early")
        last = at + head + step * min(count, whole)
        for position in range(at + head, last, step):
            self.tags += 1
            if self.tags > MAX_TAGS:
                break
            if tag := self._tag(position):
                tags.append(tag)
                self.used.append((tag.start, tag.end))
        width = 8 if self.big else 4
        if not linked or count > whole or last + width > len(self.data):
            self.used.append((at, last))
            return tags, 0
        self.used.append((at, last + width))
        return tags, self.unpack("Q" if self.big else "I", last)[0]

    def _tag(self, at: int) -> Tag | None:
        number, kind, count = self.unpack("HHQ" if self.big else "HHI", at)
        length = _SIZES.get(kind, 0) * count
        if not length:
            return None
        inline, room, form = (12, 8, "Q") if self.big else (8, 4, "I")
        start = at + inline if length <= room else self.base + self.unpack(form, at + inline)[0]
        if start + length > len(self.data):
            self.found.warn("a value lies outside its block")
            return None
        return Tag(number, kind, count, start, start + length)

    def numbers(self, tag: Tag, limit: int = MAX_NUMBERS) -> tuple[float, ...]:
        """The numbers of a value; rationals as quotients, 0 where the denominator is."""
        form = _FORMS.get(tag.kind)
        if form is None:
            return ()
        found = self.unpack(form * min(tag.size, limit), tag.start)
        if len(form) == 1:
            return found
        return tuple(a / b if b else 0.0 for a, b in zip(found[::2], found[1::2], strict=True))

    def number(self, tag: Tag) -> int:
        """The first number of a value; 0 where there is none."""
        found = self.numbers(tag, 1)
        return int(found[0]) if found else 0

    def value(self, tag: Tag) -> Value:
        """The value as text, bytes or numbers; rationals and several numbers as a tuple."""
        if tag.kind in TEXTS:
            return text(self.bytes(tag))
        if tag.kind not in _FORMS:
            return self.bytes(tag)
        found = self.numbers(tag)
        if len(found) == 1 and tag.kind not in (5, 10):
            return found[0]
        return tuple(map(float, found))

    def bytes(self, tag: Tag) -> bytes:
        """The bytes of a value, up to 64 kB of them."""
        return self.data[tag.start : min(tag.end, tag.start + MAX_BYTES)]

    def cut(self, tag: Tag) -> Block:
        """The value as a block of its own, whole."""
        return self.block.cut(tag.start, tag.end)

    def gaps(self) -> list[tuple[int, int]]:
        """Ranges of the block between what was understood."""
        gaps, at = [], 0
        for start, end in sorted(self.used):
            if start > at:
                gaps.append((at, start))
            at = max(at, end)
        if at < len(self.data):
            gaps.append((at, len(self.data)))
        return gaps


def text(raw: bytes) -> str:
    """A string as UTF-8, or as what else it can be; NULs at the end and between several strings go."""
    if wide := _wide(raw):
        return raw.decode(wide, "replace").replace("\0", " ").strip("\ufeff ")
    raw = raw.rstrip(b"\0 ").removeprefix(b"\xef\xbb\xbf")
    for encoding in ("utf-8", "cp932") if _may_be_japanese(raw) else ("utf-8",):
        try:
            return raw.decode(encoding).replace("\0", " ").strip()
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1").replace("\0", " ").strip()


def _wide(raw: bytes) -> str:
    """UTF-16 where a mark says so, or where every other byte of a longer text is zero; else empty."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    half = len(raw) // 2
    if half < SHORTEST_WIDE or len(raw) % 2 or (0 in raw[::2] and 0 in raw[1::2].rstrip(b"\0")):
        return ""
    little, big = raw[1::2].count(0), raw[::2].count(0)
    return "utf-16-le" if little == half else "utf-16-be" if big == half else ""


def _may_be_japanese(raw: bytes) -> bool:
    """Whether half of the bytes are beyond ASCII, some of them where Latin-1 has no characters (JIS X 0208 shifted)."""
    beyond = [byte for byte in raw if byte > 127]
    return 4 <= len(beyond) >= len(raw) / 3 and any(0x81 <= byte <= 0x9F for byte in beyond)
