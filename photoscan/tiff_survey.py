"""Every picture that a TIFF file holds, wherever a directory names it: a copy must not be a preview of the photo.

Cameras' RAW files are TIFF files whose first picture is a small one; the sensor's stands in a sub-directory, a later
directory or a maker's own (TIFF 6.0; TIFF/EP, ISO 12234-2; Adobe's DNG 1.7; layouts as ExifTool tells them).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from photoscan.errors import PhotoscanError, UnsupportedFormatError
from photoscan.patterns import pattern

Order = Literal["<", ">"]
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8, 129: 1}
"""Bytes of one value by type."""
WIDTH, HEIGHT, COMPRESSION, PHOTOMETRIC = 0x100, 0x101, 0x103, 0x106
_SUBFILE, _OLD_SUBFILE, _MAKE, _MAKER_NOTE = 0xFE, 0xFF, 0x10F, 0x927C
_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES = 0x111, 0x117, 0x144, 0x145
_SENSOR_TAGS = frozenset((0xC612, 0x828D, 0x828E))
"""DNGVersion, CFARepeatPatternDim, CFAPattern."""
_SENSOR_COLOURS = frozenset((32803, 34892))
"""Colour filter array, linear RAW."""
_SENSOR_CODINGS = frozenset((262, 32767, 32769, 32770, 32772, 34316, 34713, 34826, 34828, 34830, 34892, 65000, 65535))
"""How Kodak, Sony, Epson, Samsung, Panasonic, Nikon, Adobe and Pentax code what their sensors saw."""
_PHASE_ONE = pattern(rb"IIII.waR|MMMMRaw.", re.DOTALL)
_JPEG = pattern(rb"\xff\xd8\xff[\xc0-\xfe]")
_COMPOSED = (0x8649, 0x935C)
"""Photoshop's resources and layers: what a composition was made of may be larger than what it shows."""
_ORDINARY = frozenset((0x2BC, 0x83BB, 0x8649, 0x8773, 0x935C, *range(0xFE, 0x200)))
"""Tags that hold no maker's private block: XMP, IPTC, Photoshop's resources and layers, profiles, TIFF's own."""
MAX_DIRECTORIES = 4_000
MAX_BELOW = 16
"""Values of one tag that are tried as places of directories."""
MAX_PREVIEWS = 2_000
LARGE = 1 << 16
"""Bytes from which a private block can be a picture at all."""
Rows = dict[int, tuple[int, int, int]]
"""Tag number to type, count and where the values stand."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its size in pixels, whether it says to be a reduced one, whether a sensor saw it as it is.

    `linked`: it is in the chain of pages. `spans`: the bytes of its strips or tiles.
    """

    width: int
    height: int
    reduced: bool
    sensor: bool
    linked: bool
    spans: tuple[tuple[int, int], ...]

    @property
    def area(self) -> int:
        """Pixels."""
        return self.width * self.height


def is_preview(data: bytes) -> bool:
    """Whether the first picture stands in front of the photo itself: a sensor's data or a larger picture, which no
    decoder of ours looks at. False for what makes no sense, which decoders tell.
    """
    try:
        refuse_loss(data, ">" if data[:2] == b"MM" else "<", all_pages=True)
    except PhotoscanError:
        return True
    except (IndexError, ValueError, struct.error):
        pass
    return False


def refuse_loss(data: bytes, order: Order, all_pages: bool) -> None:
    """UnsupportedFormatError for a file whose copy would not hold its photo: RAW, a preview first, a larger picture.

    `all_pages`: whether the copy has all full pages, else the first alone.
    """
    survey = _Survey(data, order)
    pages = [picture for picture in survey.pictures if picture.linked]
    if survey.sensor or any(picture.sensor for picture in survey.pictures):
        raise UnsupportedFormatError("problem.clean.raw")
    if not pages:
        return
    first = pages[0]
    if first.reduced:
        raise UnsupportedFormatError("problem.clean.reduced")
    kept = [p for p in pages if p is first or (all_pages and not p.reduced)]
    largest = max(kept, key=lambda picture: picture.area)
    if survey.made and survey.private > max(LARGE, sum(end - start for p in kept for start, end in p.spans)):
        raise UnsupportedFormatError("problem.clean.raw")
    others = [(p.width, p.height, p.linked and not p.reduced) for p in survey.pictures if p not in kept]
    passed = [span for p in kept for span in p.spans] + survey.layers
    others += [(*size, False) for size in _previews(data, passed)]
    width, height, page = max(others, key=lambda other: other[0] * other[1], default=(0, 0, False))
    if width * height > largest.area:
        sizes = {"width": width, "height": height, "kept": f"{largest.width} x {largest.height}"}
        raise UnsupportedFormatError(f"problem.clean.larger_{'page' if page else 'picture'}", **sizes)


def sizes(data: bytes) -> list[tuple[int, int]]:
    """Width and height of every picture that a directory of the file names. Raises anything for what makes no sense."""
    survey = _Survey(data, ">" if data[:2] == b"MM" else "<")
    return [(picture.width, picture.height) for picture in survey.pictures]


class _Survey:
    """Walks all directories. `made`: a camera is named. `private`: bytes of the longest block of a maker's own."""

    def __init__(self, data: bytes, order: Order) -> None:
        self.data, self.order = data, order
        self.pictures: list[Picture] = []
        self.made = False
        self.private = 0
        self.layers: list[tuple[int, int]] = []
        self.seen: set[int] = set()
        self.big = struct.unpack_from(order + "H", data, 2)[0] == 43
        # Bytes of a directory's count and of a row, and the forms of counts and offsets (BigTIFF: 64 bits).
        self.head, self.step, self.form = (8, 20, "Q") if self.big else (2, 12, "I")
        (first,) = struct.unpack_from(order + self.form, data, 8 if self.big else 4)
        canon = first == 16 and data[8:12] == b"CR\2\0"
        self.sensor = canon or bool(_PHASE_ONE.match(data, 8))
        self._chain(first)

    def _chain(self, at: int) -> None:
        """All directories: the chain of pages first, then what any of them names, and what those are chained to."""
        waiting = []
        while at and at not in self.seen:
            rows, at = self._read(at, True)
            waiting.append(rows)
        while waiting:
            for below in self._below(waiting.pop()):
                at = below
                while at not in self.seen and self._is_directory(at):
                    rows, at = self._read(at, False)
                    waiting.append(rows)

    def _read(self, at: int, linked: bool) -> tuple[Rows, int]:
        self.seen.add(at)
        if len(self.seen) > MAX_DIRECTORIES:
            raise ValueError("too many directories")
        rows, following = self._rows(at)
        self._take(rows, linked)
        return rows, following

    def _rows(self, at: int) -> tuple[Rows, int]:
        """What a directory lists, as far as it lies in the file, and where the next one is."""
        data, order, form = self.data, self.order, self.form
        room = struct.calcsize(form)
        if at + self.head > len(data):
            return {}, 0
        (count,) = struct.unpack_from(order + ("Q" if self.big else "H"), data, at)
        first, behind = at + self.head, at + self.head + self.step * count
        rows: Rows = {}
        for row in range(first, min(behind, len(data) - self.step + 1), self.step):
            number, kind, values = struct.unpack_from(order + "HH" + form, data, row)
            length = SIZES.get(kind, 0) * values
            start = row + 4 + room if length <= room else struct.unpack_from(order + form, data, row + 4 + room)[0]
            if length and start + length <= len(data):
                rows.setdefault(number, (kind, values, start))
        return rows, struct.unpack_from(order + form, data, behind)[0] if behind + room <= len(data) else 0

    def _numbers(self, rows: Rows, number: int, most: int = 1) -> tuple[int, ...]:
        kind, count, start = rows.get(number, (0, 0, 0))
        form = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(kind)
        return struct.unpack_from(f"{self.order}{min(count, most)}{form}", self.data, start) if form else ()

    def _number(self, rows: Rows, number: int) -> int:
        return next(iter(self._numbers(rows, number)), 0)

    def _take(self, rows: Rows, linked: bool) -> None:
        """Note a directory's picture, if it has one, and what its tags tell of a camera."""
        self.made |= _MAKE in rows
        self.sensor |= bool(_SENSOR_TAGS & rows.keys())
        for number, (kind, count, start) in rows.items():
            if kind in (1, 6, 7) and number not in _ORDINARY:
                self.private = max(self.private, count)
            if number in _COMPOSED:
                self.layers.append((start, start + count))
            if number == _MAKER_NOTE and _PHASE_ONE.match(self.data, start):
                self.sensor = True
        width, height = self._number(rows, WIDTH), self._number(rows, HEIGHT)
        if not (width and height) and not linked:
            return
        coding, colours = self._number(rows, COMPRESSION), self._number(rows, PHOTOMETRIC)
        places, sizes = (_TILES, _TILE_SIZES) if _TILES in rows else (_STRIPS, _STRIP_SIZES)
        starts, lengths = self._numbers(rows, places, 1 << 20), self._numbers(rows, sizes, 1 << 20)
        spans = tuple((start, start + length) for start, length in zip(starts, lengths, strict=False))
        reduced = bool(self._number(rows, _SUBFILE) & 1) or self._number(rows, _OLD_SUBFILE) == 2
        sensor = colours in _SENSOR_COLOURS or coding in _SENSOR_CODINGS
        self.pictures.append(Picture(width, height, reduced, sensor, linked, spans))

    def _below(self, rows: Rows) -> Iterator[int]:
        """Where a directory's tags may name others: sub-pictures, EXIF, and makers' own."""
        for number, (kind, _, start) in rows.items():
            if number in (_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES):
                continue
            tried = (
                self._numbers(rows, number, MAX_BELOW)
                if kind in (4, 13, 16, 18)
                else (start,)
                if kind in (1, 7)
                else ()
            )
            yield from tried

    def _is_directory(self, at: int) -> bool:
        """Whether a directory begins here, beyond chance: ascending numbers, known types, all of it in the file."""
        if not 8 <= at <= len(self.data) - self.head:
            return False
        (count,) = struct.unpack_from(self.order + ("Q" if self.big else "H"), self.data, at)
        first = at + self.head
        if not 1 <= count <= 1000 or first + self.step * count > len(self.data):
            return False
        rows = range(first, first + self.step * count, self.step)
        heads = [struct.unpack_from(self.order + "HH", self.data, row) for row in rows]
        numbers = [number for number, _ in heads]
        return numbers == sorted(set(numbers)) and all(kind in SIZES for _, kind in heads)


def _previews(data: bytes, passed: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sizes of JPEG pictures anywhere in the file, but for those in the strips that stay and in layers."""
    spans = sorted(passed)
    index = tried = 0
    for match in _JPEG.finditer(data):
        while index < len(spans) and spans[index][1] <= match.start():
            index += 1
        if index < len(spans) and spans[index][0] <= match.start():
            continue
        tried += 1
        if tried > MAX_PREVIEWS:
            raise ValueError("too many pictures")
        if size := _frame(data, match.start() + 2):
            yield size


def _frame(data: bytes, at: int) -> tuple[int, int] | None:
    """Width and height in the frame header of a JPEG whose segments begin here, one right behind the other."""
    for _ in range(200):
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if not 0xC0 <= marker <= 0xFE or marker in (0xD8, 0xD9, 0xDA):
            return None
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None
