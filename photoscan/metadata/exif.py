"""EXIF 3.0 (CIPA DC-008) in its TIFF structure: all directories, what they carry, and the bytes in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from photoscan.metadata import embedded, icc, iptc, makernotes, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role, Value
from photoscan.metadata.ifd import Structure, Tag, text
from photoscan.metadata.tags import BYTES, GPS, NAMES, PICTURE, TECHNICAL, TEXTS

_POINTERS = {0x8769: "exif", 0x8825: "gps", 0xA005: "interop", 0x014A: "sub", 0x0190: "parameters"}
ORIENTATION = 0x0112
_WHOLE = (1, 3, 4, 6, 8, 9, 13)
_LOWEST, _PANASONIC_PIXELS = 0xFE, 0x0118
"""TIFF 6.0's first number, and Panasonic's for where its sensor's data begin, which reach to the file's end."""
SMALLEST_GAP = 8
"""Shorter runs between values are alignment and what careless writers leave."""
MAX_GAPS = 50
_CODES = {b"ASCII": "utf-8", b"UNICODE": "utf-16", b"JIS": "iso2022_jp", b"": "utf-8"}
_CODED = frozenset(("UserComment", "GPSProcessingMethod", "GPSAreaInformation"))
"""Texts with the name of their character code in front, also where a writer takes another type for them."""
_COUNTS = frozenset((1, 3, 4, 6, 8, 9, 13, 16, 17, 18))
"""Types that an offset may have: the standards say LONG, IFD or LONG8, and writers take any whole number."""
_UNDEFINED = 7


def read(
    block: Block,
    path: str,
    found: Collector,
    file: bool = False,
    pictures: Sequence[tuple[int, int]] | None = None,
    first: str = "",
) -> None:
    """Every tag of the TIFF structure that fills a block. `file`: the block is a TIFF file, with pages to show.

    `pictures`: the file is a camera's RAW, where others tell the pictures: where they stand. `first`: what the first
    directory is, 'gps' or 'exif', where it is not the main one.
    """
    opened = Structure.opened(block, found)
    if opened is None:
        found.unknown(block, path, about="an EXIF block without a byte order")
        if not file and block.data:
            found.warn("an EXIF block without a byte order")
        return
    structure, at = opened
    structure.used += pictures or ()
    reader = _Reader(structure, path, found, file, pictures is not None)
    with found.guarded(path):
        reader.all(at, first)
    gaps = [gap for gap in structure.gaps() if gap[1] - gap[0] >= SMALLEST_GAP]
    for start, end in gaps[:MAX_GAPS]:
        before = len(found.entries)
        found.unknown(block, path, "bytes between values", start, end)
        if reader.pixels_shown and len(found.entries) > before:
            found.unlike(block, range(start, end, max(1, (end - start) // 8)), end, reader.pixels_shown)


class _Reader:
    def __init__(self, structure: Structure, path: str, found: Collector, file: bool, raw: bool = False) -> None:
        self.structure, self.path, self.found, self.file, self.raw = structure, path, found, file, raw
        self.waiting: deque[tuple[int, str]] = deque()
        self.make = self.model = ""
        self.pixels_shown = b""

    def all(self, first: int, name: str = "") -> None:
        """Directories in the order in which they are named; none twice, so a loop ends."""
        self.waiting.append((first, name))
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
            if tag.number in _POINTERS and (offsets := self.offsets(tag)):
                self.waiting += [(at, _POINTERS[tag.number]) for at in offsets]
            elif name == "gps":
                self.gps(tag, path)
            else:
                with self.found.guarded(path):
                    self.statement(tag, path)
        self.preview(by_number, path)
        self.pixels(by_number, path, name)

    def offsets(self, tag: Tag) -> list[int]:
        """Where a pointer points, whatever whole numbers it is made of."""
        if tag.kind == _UNDEFINED and tag.size in (2, 4, 8):
            return [at for at in self.structure.unpack({2: "H", 4: "I", 8: "Q"}[tag.size], tag.start) if at > 0]
        return [int(at) for at in self.structure.numbers(tag, 50) if at > 0] if tag.kind in _COUNTS else []

    def gps(self, tag: Tag, path: str) -> None:
        label = GPS.get(tag.number)
        if label is None:
            self.found.unknown(self.structure.block, path, f"tag {tag.number:#06x}", tag.start, tag.end)
        else:
            value = self.structure.value(tag)
            if label == "GPSTimeStamp" and isinstance(value, tuple) and len(value) == 3:
                value = "{:02.0f}:{:02.0f}:{:02.0f}Z".format(*value)
            elif label in _CODED:
                value = _coded(self.structure.bytes(tag))
            elif isinstance(value, bytes) and label == "GPSDateStamp":
                value = text(value)
            self.add(path, label, value, tag)

    def statement(self, tag: Tag, path: str) -> None:
        structure, number = self.structure, tag.number
        if number == 0x02BC:
            xmp.read(structure.cut(tag), f"{path}/xmp", self.found)
        elif number in (0x83BB, 0x8568):  # the second is AFCP's
            iptc.read(structure.cut(tag), f"{path}/iptc", self.found)
        elif number == 0x8649:
            iptc.read_resources(structure.cut(tag), f"{path}/photoshop", self.found)
        elif number == 0x8773:
            icc.read(structure.cut(tag), f"{path}/icc", self.found)
        elif number == 0x927C:
            makernotes.read(structure, tag, self.make, path, self.found, self.model)
        elif number in NAMES:
            self.named(tag, path)
        elif number == 0xEA1C:  # Windows writes the tag's own number, then zeros
            lead = 2 if structure.bytes(tag)[:2] in (b"\x1c\xea", b"\xea\x1c") else 0
            self.found.unknown(structure.block, path, "Padding", tag.start + lead, tag.end)
        elif number == ORIENTATION:
            # One whole number says which way is up and no more.
            if tag.kind not in _WHOLE or tag.size != 1:
                self.found.unknown(structure.block, path, "Orientation", tag.start, tag.end)
        elif number in PICTURE:
            if not self.file:
                self.add(path, PICTURE[number], structure.value(tag), tag, Role.TECHNICAL)
        elif self.raw and number < _LOWEST:
            # Panasonic's own tags in its RAW files: the sensor's numbers, and pictures that are told elsewhere.
            if tag.kind not in (2, 7):
                self.add(path, f"tag {number:#06x}", structure.value(tag), tag, Role.TECHNICAL)
        elif number in TECHNICAL:
            self.add(path, TECHNICAL[number], structure.value(tag), tag, Role.TECHNICAL)
        else:
            self.found.unknown(structure.block, path, f"tag {number:#06x}", tag.start, tag.end)

    def named(self, tag: Tag, path: str) -> None:
        name, value = NAMES[tag.number], self.structure.value(tag)
        raw = self.structure.bytes(tag)
        if name.startswith("XP"):
            value = _wide(raw)
        elif name in _CODED:
            value = _coded(raw)
        elif tag.number in BYTES and tag.kind not in (2, 129):
            value = raw[:64].hex() if raw.strip(b"\0") else ""
        elif isinstance(value, bytes) or (tag.number in TEXTS and tag.kind in (1, 6)):
            value = text(raw)
        if name == "Make":
            self.make = str(value)
        elif name == "Model":
            self.model = str(value)
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
        if self.raw:
            return
        embedded.part(self.structure.block.cut(start, start + length), path, "Thumbnail", Role.THUMBNAIL, self.found)

    def pixels(self, tags: dict[int, Tag], path: str, name: str) -> None:
        """Uncompressed pictures: the pages of a TIFF file, or an old camera's thumbnail."""
        if self.raw and _PANASONIC_PIXELS in tags:
            self.structure.used.append((self.structure.number(tags[_PANASONIC_PIXELS]), len(self.structure.data)))
        for offsets, counts in ((0x0111, 0x0117), (0x0144, 0x0145)):
            if offsets not in tags:
                continue
            starts = self.structure.numbers(tags[offsets], 200_000)
            lengths = self.structure.numbers(tags[counts], 200_000) if counts in tags else (len(self.structure.data),)
            strips = [(int(a), int(a) + int(n)) for a, n in zip(starts, lengths, strict=False) if n]
            self.structure.used += strips
            if self.raw:
                continue
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


def _wide(raw: bytes) -> str:
    """Windows' texts: UTF-16, but in plain bytes where a writer knew no better."""
    if b"\0" not in raw.rstrip(b"\0") and len(raw.rstrip(b"\0")) > 1:
        return text(raw)
    return raw.decode("utf-16-le", "replace").rstrip("\0")


def _coded(value: bytes) -> str:
    """Text behind EXIF's eight-byte name of a character code."""
    code = _CODES.get(value[:8].rstrip(b"\0 ").upper())
    if code is None or len(value) < 8:
        return text(value)
    body = value[8:]
    if code == "utf-16":
        little = body[1::2].count(0) >= body[0::2].count(0)
        return body.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\0 \ufeff")
    return text(body) if code == "utf-8" else body.decode(code, "replace").strip("\0 ")
