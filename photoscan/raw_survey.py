"""What of a camera's RAW file can be looked at: the size of its sensor's picture, and the JPEGs that lie in the file.

A RAW file's picture is developed anew by every program; what people see of it before is the full-size JPEG preview
that the camera wrote. Previews are found by their own headers (ITU-T T.81), wherever the maker put them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from photoscan import raw_sights, tiff_survey
from photoscan.errors import PhotoscanError

_FRAMES = frozenset((0xC0, 0xC1, 0xC2))
"""Baseline, extended and progressive frames: what a decoder shows. Others are a sensor's lossless data."""
LEAST = 0.5
"""Share of the sensor's width that a preview has at least to stand for the photo."""
MAX_PREVIEWS, MAX_TRIED, MAX_SEGMENTS = 50, 5_000, 500
_EXIF_WIDTH, _EXIF_HEIGHT = 0xA002, 0xA003
_TURNS = {90: 6, 180: 3, 270: 8, -90: 8}
"""Degrees clockwise to EXIF's orientation."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A JPEG in the file: its bytes from `start` to `end`, its size in pixels as it is stored, and the orientation
    that its own EXIF block states, 0 where there is none.
    """

    start: int
    end: int
    width: int
    height: int
    orientation: int = 0

    @property
    def area(self) -> int:
        """Pixels."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Sensor:
    """The size of the sensor's picture in pixels, 0 where the file does not say, and EXIF's orientation, 1 to 8."""

    width: int = 0
    height: int = 0
    orientation: int = 1


def previews(data: bytes) -> list[Preview]:
    """Every JPEG picture of the file, in the order in which they lie; those inside of others are not looked for."""
    found: list[Preview] = []
    at = 0
    for _ in range(MAX_TRIED):
        at = data.find(b"\xff\xd8\xff", at)
        if at < 0 or len(found) >= MAX_PREVIEWS:
            break
        one = _preview(data, at)
        if one is not None:
            found.append(one)
        at = one.end if one is not None else at + 3
    return found


def shown(found: list[Preview], sensor: Sensor) -> Preview | None:
    """The preview that stands for the photo: the largest, if it has at least half the sensor's width."""
    largest = max(found, key=lambda one: one.area, default=None)
    if largest is None or not sensor.width:
        return None
    long, wide = max(largest.width, largest.height), max(sensor.width, sensor.height)
    return largest if long >= LEAST * wide else None


def upright(data: bytes) -> bytes:
    """The preview that stands for the photo as a file of its own, which states how it is turned.

    ValueError where there is none.
    """
    taken = sensor(data)
    one = shown(previews(data), taken)
    if one is None:
        raise ValueError("no full-size preview")
    picture = data[one.start : one.end]
    turn = one.orientation or taken.orientation
    if one.orientation or turn == 1:
        return picture
    block = b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x112, 3, 1, turn, 0, 0)
    return picture[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + picture[2:]


def sensor(data: bytes) -> Sensor:
    """Size and orientation of the photo itself; zeros where the file makes no sense."""
    try:
        return _sensor(data)
    except (struct.error, IndexError, ValueError, PhotoscanError):
        return Sensor()


def _preview(data: bytes, start: int) -> Preview | None:
    """The JPEG whose segments begin here, one right behind the other, up to a frame and a scan."""
    at, size, orientation = start + 2, None, 0
    for _ in range(MAX_SEGMENTS):
        if at + 4 > len(data) or data[at] != 0xFF:
            return None
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xFF:
            at += 1
            continue
        if not 0xC0 <= marker <= 0xFE or 0xD0 <= marker <= 0xD9 or length < 2:
            return None
        if marker in _FRAMES and at + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = width, height
        elif marker == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            orientation = _turn(data[at + 10 : at + 2 + length])
        at += 2 + length
        if marker == 0xDA:
            if size is None or not all(size):
                return None
            return Preview(start, _end(data, at), *size, orientation)
    return None


def _end(data: bytes, at: int) -> int:
    """The position behind the end marker that follows a scan, past further scans."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 2 > len(data):
            return len(data)
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker in (0x00, 0xFF, 0x01) or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
        elif marker < 0xC0:
            return at
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))


def _turn(block: bytes) -> int:
    """The orientation that an EXIF block states; 0 for none."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 0
    try:
        turn = _tags(block, order, struct.unpack_from(order + "I", block, 4)[0]).get(0x112, 0)
    except struct.error:
        return 0
    return turn if 1 <= turn <= 8 else 0


def _tags(data: bytes, order: str, at: int, base: int = 0) -> dict[int, int]:
    """The first number of each tag of a directory that stands in the row itself."""
    found: dict[int, int] = {}
    (count,) = struct.unpack_from(order + "H", data, base + at)
    for row in range(base + at + 2, base + at + 2 + 12 * min(count, 1000), 12):
        if row + 12 > len(data):
            break
        number, kind = struct.unpack_from(order + "HH", data, row)
        form = {1: "B", 3: "H", 4: "I", 9: "i", 13: "I"}.get(kind)
        if form:
            found.setdefault(number, struct.unpack_from(order + form, data, row + 8)[0])
    return found


def _sensor(data: bytes) -> Sensor:
    head = data[:64]
    if raw_sights.cr3(head):
        return _cr3(data)
    if raw_sights.crw(head):
        return _crw(data)
    if raw_sights.mrw(head):
        return _mrw(data)
    if raw_sights.x3f(head):
        return _x3f(data)
    if head.startswith(b"FUJIFILMCCD-RAW"):
        return _raf(data)
    return _tiff(data)


def _tiff(data: bytes) -> Sensor:
    """The largest picture of any directory, or what EXIF says of the whole; Panasonic's own tags; Phase One's."""
    order = ">" if data[:2] == b"MM" else "<"
    first = _tags(data, order, struct.unpack_from(order + "I", data, 4)[0])
    sizes = [(first.get(0x100, 0), first.get(0x101, 0))]
    if data.startswith(b"IIU\0"):
        sizes.append((first.get(2, 0), first.get(3, 0)))
    elif data.startswith(raw_sights.TIFF):
        sizes += tiff_survey.sizes(data)
    if 0x8769 in first:
        exif = _tags(data, order, first[0x8769])
        sizes.append((exif.get(_EXIF_WIDTH, 0), exif.get(_EXIF_HEIGHT, 0)))
    if b"waR" in data[8:16] or data[8:15] == b"MMMMRaw":
        sizes.append(_phase_one(data, 8))
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    turn = first.get(0x112, 1)
    return Sensor(width, height, turn if 1 <= turn <= 8 else 1)


def _phase_one(data: bytes, at: int) -> tuple[int, int]:
    """Width and height (tags 0x0108, 0x0109) in rows of tag, form, length and value."""
    order = "<" if data[at : at + 2] == b"II" else ">"
    start = at + struct.unpack_from(order + "I", data, at + 8)[0]
    (count,) = struct.unpack_from(order + "I", data, start)
    found = {}
    for row in range(start + 8, start + 8 + 16 * min(count, 1000), 16):
        number, _, _, value = struct.unpack_from(order + "IIII", data, row)
        found[number] = value
    return found.get(0x108, 0), found.get(0x109, 0)


def _raf(data: bytes) -> Sensor:
    """Fujifilm's: a directory of tag, length and value, whose place the header states; the JPEG says how it is held."""
    start = int.from_bytes(data[92:96], "big")
    (count,) = struct.unpack_from(">I", data, start)
    at = start + 4
    for _ in range(min(count, 255)):
        number, length = struct.unpack_from(">HH", data, at)
        if number in (0x100, 0x110, 0x111) and length >= 4:
            height, width = struct.unpack_from(">HH", data, at + 4)
            return Sensor(width, height)
        at += 4 + length
    return Sensor()


def _mrw(data: bytes) -> Sensor:
    """Minolta's: blocks of a name and a length; 'PRD' holds the sizes, 'TTW' a TIFF structure."""
    at, end = 8, 8 + int.from_bytes(data[4:8], "big")
    width = height = 0
    turn = 1
    for _ in range(50):
        if at + 8 > min(end, len(data)):
            break
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "big")
        if name == b"\0PRD":
            height, width = struct.unpack_from(">HH", data, at + 16)
        elif name == b"\0TTW":
            turn = _turn(data[at + 8 : at + 8 + length]) or 1
        at += 8 + length
    return Sensor(width, height, turn)


def _x3f(data: bytes) -> Sensor:
    """Sigma's: columns, rows and the turn in degrees, in the header; further back from version 4 on."""
    at = 40 if int.from_bytes(data[6:8], "little") >= 4 else 28
    width, height, turn = struct.unpack_from("<III", data, at)
    return Sensor(width, height, _TURNS.get(turn, 1))


def _crw(data: bytes) -> Sensor:
    """Canon's CIFF: the record that holds width, height and the turn in degrees (0x1810)."""
    order = ">" if data[:2] == b"MM" else "<"
    waiting, seen = [(struct.unpack_from(order + "I", data, 2)[0], len(data))], set[int]()
    while waiting and len(seen) < 50:
        start, end = waiting.pop()
        at = start + struct.unpack_from(order + "I", data, end - 4)[0]
        if at in seen:
            continue
        seen.add(at)
        (count,) = struct.unpack_from(order + "H", data, at)
        for row in range(at + 2, at + 2 + 10 * min(count, 500), 10):
            kind, length, place = struct.unpack_from(order + "HII", data, row)
            if kind & 0x3FFF == 0x1810 and length >= 16:
                width, height, _, turn = struct.unpack_from(order + "IIfi", data, start + place)
                return Sensor(width, height, _TURNS.get(turn, 1))
            if kind & 0x3800 in (0x2800, 0x3000) and not kind & 0x4000 and 6 <= length <= end - start - place:
                waiting.append((start + place, start + place + length))
    return Sensor()


def _cr3(data: bytes) -> Sensor:
    """Canon's: the largest of its tracks (CMP1: width and height at 8 and 12), and the directory in CMT1."""
    end = data.find(b"mdat") if b"mdat" in data[: 1 << 20] else 1 << 20
    head = data[: max(end, 0)]
    width = height = 0
    at = head.find(b"CMP1")
    while at >= 0:
        w, h = struct.unpack_from(">II", head, at + 4 + 16)
        if w * h > width * height and max(w, h) < 1 << 16:
            width, height = w, h
        at = head.find(b"CMP1", at + 4)
    place = head.find(b"CMT1")
    turn = _turn(head[place + 4 :]) if place >= 0 else 0
    return Sensor(width, height, turn or 1)
