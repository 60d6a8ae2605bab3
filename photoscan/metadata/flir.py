"""FLIR's block of thermal cameras ('FFF', also in APP1): serial numbers, position, notes, hidden pictures.

A header of 64 bytes, a directory of records of 32 bytes each, then the records (public knowledge, as collected by
ExifTool). The picture that is shown is a rendering; the thermal picture and a photo of the same scene lie inside.
"""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime

from photoscan.metadata import embedded, sniff
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.maker_values import text
from photoscan.patterns import pattern

SIGNS = (b"FFF\0", b"AFF\0")
MAX_RECORDS = 200
_ROW = 32
_RAW, _PHOTO, _CAMERA, _NOTES, _SOUND, _POSITION, _PARAMETERS = 0x01, 0x0E, 0x20, 0x23, 0x24, 0x2B, 0x2E
_CAMERA_TEXTS = (
    (0xD4, 32, "Model"), (0x104, 16, "SerialNumber"), (0x114, 16, "FirmwareVersion"), (0x170, 32, "LensModel"),
    (0x1A0, 16, "LensSerialNumber"), (0x21C, 32, "AccessorySerialNumber"),
)  # fmt: skip
"""Bytes from the record's start, length and name."""
_TAKEN = 0x384
_HEAD = 32
"""Bytes of numbers before a picture's data."""
_ROWS = pattern(r"\.(\d+)\.(label|value|param) (unicode|text) \"([^\"\r\n]*)\"")


def read(block: Block, path: str, found: Collector) -> None:
    """Every record of a block; what no reader understands is told as unknown."""
    data = block.data
    orders = [o for o in "<>" if 100 <= struct.unpack_from(o + "I", data, 0x14)[0] < 200]
    if not orders or data[:4] not in SIGNS:
        found.unknown(block, path, about="data of a thermal camera")
        return
    order = orders[0]
    start, count = struct.unpack_from(order + "II", data, 0x18)
    if words := text(data[4:20]):
        found.add(block, path, "Software", words, 4, 20)
    for row in range(start, start + _ROW * min(count, MAX_RECORDS), _ROW):
        kind, _, _, _, at, length = struct.unpack_from(order + "HHIIII", data, row)
        if kind and length and at + length <= len(data):
            with found.guarded(f"{path}/{kind:#04x}"):
                _record(kind, block.cut(at, at + length), path, found)


def _record(kind: int, record: Block, path: str, found: Collector) -> None:
    if kind == _CAMERA:
        _camera(record, path, found)
    elif kind == _POSITION:
        _position(record, path, found)
    elif kind in (_NOTES, _PARAMETERS):
        _notes(record, path, found)
    elif kind == _PHOTO:
        _picture(record, path, "hidden photo", found)
    elif kind == _RAW:
        _picture(record, path, "thermal picture", found)
    else:
        about = "sound" if kind == _SOUND else sniff.words(record.data, 0, len(record.data))
        found.unknown(record, path, f"record {kind:#04x}", about=about)


def _order(record: Block) -> str:
    """Each record has its own, which its first number tells: it is small."""
    return "<" if struct.unpack_from("<H", record.data)[0] < 256 else ">"


def _camera(record: Block, path: str, found: Collector) -> None:
    for at, size, name in _CAMERA_TEXTS:
        if words := text(record.data[at : at + size]):
            found.add(record, path, name, words, at, at + size)
    order = _order(record)
    if len(record.data) >= _TAKEN + 10:
        seconds, parts, zone = struct.unpack_from(order + "IIh", record.data, _TAKEN)
        if seconds:
            moment = datetime.fromtimestamp(seconds - 60 * zone, UTC).strftime("%Y:%m:%d %H:%M:%S")
            found.add(record, path, "DateTimeOriginal", f"{moment}.{parts & 0xFFFF:03d}", _TAKEN, _TAKEN + 10)


def _position(record: Block, path: str, found: Collector) -> None:
    (valid,) = struct.unpack_from("<I", record.data)
    latitude, longitude = struct.unpack_from("<dd", record.data, 0x10)
    if valid == 1 and abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude):
        found.add(record, path, "GPSCoordinates", f"{latitude:+010.6f}{longitude:+011.6f}/", 0x10, 0x20)


def _notes(record: Block, path: str, found: Collector) -> None:
    """Labels and what people wrote to them."""
    words = record.data[12:].partition(b"\0")[0].decode("latin-1")
    for row in _ROWS.finditer(words):
        value = re.sub(r"\\([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), row[4]) if row[3] == "unicode" else row[4]
        if value.strip():
            field = "Comment" if row[2] == "value" else f"{row[2]} {row[1]}"
            role = Role.TECHNICAL if row[2] == "param" else Role.TAG
            found.add(record, path, field, value, 12 + row.start(4), 12 + row.end(4), role)


def _picture(record: Block, path: str, field: str, found: Collector) -> None:
    order = _order(record)
    width, height = struct.unpack_from(order + "HH", record.data, 2)
    picture = record.cut(_HEAD)
    if sniff.picture(picture.data) is not None:
        embedded.part(picture, path, field, Role.IMAGE, found)
    else:
        about = f"picture, {width} x {height}"
        found.add(picture, path, field, picture.data[:64], 0, None, Role.IMAGE, about)
