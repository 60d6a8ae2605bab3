"""EXIF 3.0 (CIPA DC-008) in its TIFF structure: all directories, what they carry, and the bytes in between."""

from __future__ import annotations

from collections import deque

from photoscan.metadata import embedded, icc, iptc, makernotes, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role, Value
from photoscan.metadata.ifd import Structure, Tag, text
from photoscan.metadata.tags import GPS, NAMES, PICTURE, TECHNICAL

_POINTERS = {0x8769: "exif", 0x8825: "gps", 0xA005: "interop", 0x014A: "sub", 0x0190: "parameters"}
ORIENTATION = 0x0112
_WHOLE = (1, 3, 4, 6, 8, 9, 13)
SMALLEST_GAP = 8
"""Shorter runs between values are alignment and what careless writers leave."""
MAX_GAPS = 50
_CODES = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso2022_jp", bytes(8): "utf-8"}


def read(block: Block, path: str, found: Collector, file: bool = False) -> None:
    """Every tag of the TIFF structure that fills a block. `file`: the block is a TIFF file, with pages to show."""
    opened = Structure.opened(block, found)
    if opened is None:
        found.unknown(block, path, about="an EXIF block without a byte order")
        if not file and block.data:
            found.warn("an EXIF block without a byte order")
        return
    structure, first = opened
    reader = _Reader(structure, path, found, file)
    with found.guarded(path):
        reader.all(first)
    gaps = [gap for gap in structure.gaps() if gap[1] - gap[0] >= SMALLEST_GAP]
    for start, end in gaps[:MAX_GAPS]:
        before = len(found.entries)
        found.unknown(block, path, "bytes between values", start, end)
        if reader.pixels_shown and len(found.entries) > before:
            found.unlike(block, range(start, end, max(1, (end - start) // 8)), end, reader.pixels_shown)


class _Reader:
    def __init__(self, structure: Structure, path: str, found: Collector, file: bool) -> None:
        self.structure, self.path, self.found, self.file = structure, path, found, file
        self.waiting: deque[tuple[int, str]] = deque()
        self.make = ""
        self.pixels_shown = b""

    def all(self, first: int) -> None:
        """Directories in the order in which they are named; none twice, so a loop ends."""
        self.waiting.append((first, ""))
        seen: set[int] = set()
        pages = 0
        while self.waiting:
            offset, name = self.waiting.popleft()
            if not offset or offset in seen:
                continue
            seen.add(offset)
            tags, following = self.structure.directory(offset)
            if not name or name.startswith("ifd"):
                if following:
                    self.waiting.append((following, f"ifd{pages + 1}"))
                pages += bool(following)
            self.directory({tag.number: tag for tag in reversed(tags)}, tags, name)

    def directory(self, by_number: dict[int, Tag], tags: list[Tag], name: str) -> None:
        path = self.path if name in ("", "exif") else f"{self.path}/{name}"
        for tag in tags:
            if tag.number in _POINTERS and tag.kind in (4, 9, 13, 16, 18):
                name_below = _POINTERS[tag.number]
                self.waiting += [(int(at), name_below) for at in self.structure.numbers(tag, 50) if at > 0]
            elif name == "gps":
                self.gps(tag, path)
            else:
                with self.found.guarded(path):
                    self.statement(tag, path)
        self.preview(by_number, path)
        self.pixels(by_number, path, name)

    def gps(self, tag: Tag, path: str) -> None:
        label = GPS.get(tag.number)
        if label is None:
            self.found.unknown(self.structure.block, path, f"tag {tag.number:#06x}", tag.start, tag.end)
        else:
            value = self.structure.value(tag)
            if label == "GPSTimeStamp" and isinstance(value, tuple) and len(value) == 3:
                value = "{:02.0f}:{:02.0f}:{:02.0f}Z".format(*value)
            elif label in ("GPSProcessingMethod", "GPSAreaInformation") and isinstance(value, bytes):
                value = _coded(value)
            self.add(path, label, value, tag)

    def statement(self, tag: Tag, path: str) -> None:
        structure, number = self.structure, tag.number
        if number == 0x02BC:
            xmp.read(structure.cut(tag), f"{path}/xmp", self.found)
        elif number == 0x83BB:
            iptc.read(structure.cut(tag), f"{path}/iptc", self.found)
        elif number == 0x8649:
            iptc.read_resources(structure.cut(tag), f"{path}/photoshop", self.found)
        elif number == 0x8773:
            icc.read(structure.cut(tag), f"{path}/icc", self.found)
        elif number == 0x927C:
            makernotes.read(structure, tag, self.make, path, self.found)
        elif number in NAMES:
            self.named(tag, path)
        elif number == 0xEA1C:
            self.found.unknown(structure.block, path, "Padding", tag.start, tag.end)
        elif number == ORIENTATION:
            # One whole number says which way is up and no more.
            if tag.kind not in _WHOLE or tag.size != 1:
                self.found.unknown(structure.block, path, "Orientation", tag.start, tag.end)
        elif number in PICTURE:
            if not self.file:
                self.add(path, PICTURE[number], structure.value(tag), tag, Role.TECHNICAL)
        elif number in TECHNICAL:
            self.add(path, TECHNICAL[number], structure.value(tag), tag, Role.TECHNICAL)
        else:
            self.found.unknown(structure.block, path, f"tag {number:#06x}", tag.start, tag.end)

    def named(self, tag: Tag, path: str) -> None:
        name, value = NAMES[tag.number], self.structure.value(tag)
        if name.startswith("XP"):
            value = self.structure.bytes(tag).decode("utf-16-le", "replace").rstrip("\0")
        elif isinstance(value, bytes):
            value = _coded(value) if name == "UserComment" else text(value)
        if name == "Make":
            self.make = str(value)
        if not isinstance(value, str) or value.strip("\0 "):
            self.add(path, name, value, tag)

    def preview(self, tags: dict[int, Tag], path: str) -> None:
        """The picture that JPEGInterchangeFormat points at: EXIF's thumbnail."""
        if 0x0201 not in tags or 0x0202 not in tags:
            return
        start = self.structure.base + self.structure.number(tags[0x0201])
        length = self.structure.number(tags[0x0202])
        if not length or start >= len(self.structure.data):
            return
        self.structure.used.append((start, start + length))
        embedded.part(self.structure.block.cut(start, start + length), path, "Thumbnail", Role.THUMBNAIL, self.found)

    def pixels(self, tags: dict[int, Tag], path: str, name: str) -> None:
        """Uncompressed pictures: the pages of a TIFF file, or an old camera's thumbnail."""
        for offsets, counts in ((0x0111, 0x0117), (0x0144, 0x0145)):
            if offsets not in tags:
                continue
            starts = self.structure.numbers(tags[offsets], 200_000)
            lengths = self.structure.numbers(tags[counts], 200_000) if counts in tags else (len(self.structure.data),)
            strips = [(int(a), int(a) + int(n)) for a, n in zip(starts, lengths, strict=False) if n]
            self.structure.used += strips
            if self.file and not name:
                self.pixels_shown = b"".join(self.structure.data[start:end] for start, end in strips)
            if not strips or (self.file and not name):
                continue
            small = not self.file or (0xFE in tags and self.structure.number(tags[0xFE]) & 1)
            page = "further page" if name.startswith("ifd") else "further picture"
            role, field = (Role.THUMBNAIL, "Thumbnail") if small else (Role.IMAGE, page)
            size = [self.structure.number(tags[number]) for number in (0x0100, 0x0101) if number in tags]
            about = f"picture, {size[0]} x {size[1]}" if len(size) == 2 else "picture"
            start, end = min(a for a, _ in strips), max(b for _, b in strips)
            if start < len(self.structure.data):
                value = self.structure.data[start : start + 64]
                self.found.add(self.structure.block, path, field, value, start, end, role, about)
                if self.file:
                    places = [(start + end) // 2 for start, end in strips]
                    self.found.unlike(self.structure.block, places, max(end for _, end in strips), self.pixels_shown)

    def add(self, path: str, field: str, value: Value, tag: Tag, role: Role = Role.TAG) -> None:
        self.found.add(self.structure.block, path, field, value, tag.start, tag.end, role)


def _coded(value: bytes) -> str:
    """Text behind EXIF's eight-byte name of a character code."""
    code = _CODES.get(value[:8])
    if code is None:
        return text(value)
    body = value[8:]
    if code == "utf-16":
        little = body[1::2].count(0) >= body[0::2].count(0)
        return body.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\0 ")
    return body.decode(code, "replace").strip("\0 ")
