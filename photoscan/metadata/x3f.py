"""Sigma's X3F: a header with a number of the photo, and sections; one of them lists properties in UTF-16.

As collected by ExifTool. The last four bytes of the file say where the directory of the sections is.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.maker_values import text
from photoscan.metadata.raw_parts import Parts

_NAMES = {
    "CAMSERIAL": "SerialNumber", "CAMMANUF": "Make", "CAMMODEL": "Model", "CAMNAME": "Model", "FIRMVERS":
    "FirmwareVersion", "IMAGERBOARDID": "InternalSerialNumber", "SENSORID": "InternalSerialNumber",
    "TIME": "DateTimeOriginal",
}  # fmt: skip
MAX_SECTIONS, MAX_PROPERTIES = 100, 500
_UNIQUE = (8, 24)


def walk(block: Block, path: str, found: Collector) -> None:
    """The photo's number, its properties, and the pictures."""
    data = block.data
    if int.from_bytes(data[6:8], "little") < 4 and data[slice(*_UNIQUE)].strip(b"\0"):
        found.add(block, path, "ImageUniqueID", data[slice(*_UNIQUE)].hex(), *_UNIQUE)
    with found.guarded(path):
        _sections(block, path, found)
    Parts(data).tell(block, path, found)


def _sections(block: Block, path: str, found: Collector) -> None:
    data = block.data
    (at,) = struct.unpack_from("<I", data, len(data) - 4)
    if data[at : at + 4] != b"SECd":
        return
    (count,) = struct.unpack_from("<I", data, at + 8)
    for row in range(at + 12, at + 12 + 12 * min(count, MAX_SECTIONS), 12):
        start, size, kind = struct.unpack_from("<II4s", data, row)
        if kind == b"PROP" and data[start : start + 4] == b"SECp":
            _properties(block.cut(start, start + size), path, found)


def _properties(block: Block, path: str, found: Collector) -> None:
    """Rows of the places of a name and a value, counted in characters from behind the rows."""
    data = block.data
    count = min(struct.unpack_from("<I", data, 8)[0], MAX_PROPERTIES)
    base = 24 + 8 * count
    for row in range(24, base, 8):
        name, value = (base + 2 * place for place in struct.unpack_from("<II", data, row))
        field = _NAMES.get(_wide(data, name))
        if field and (words := text(_wide(data, value).encode())) and words.strip("0"):
            found.add(block, path, field, _moment(words) if field.startswith("Date") else words, value,
                      value + 2 * len(words))  # fmt: skip


def _wide(data: bytes, at: int) -> str:
    return data[at : at + 200].decode("utf-16-le", "replace").partition("\0")[0]


def _moment(seconds: str) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y:%m:%d %H:%M:%S") if seconds.isdigit() else seconds
