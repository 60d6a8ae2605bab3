"""JPEG segments of makers' own: GoPro's (APP6), InfiRay's (APP9), Kodak's 'Meta' (APP3), Hewlett-Packard's (APP6),
Canon's CIFF (APP0), Samsung's unique id (APP5). Public knowledge, as collected by ExifTool.
"""

from __future__ import annotations

from photoscan.metadata import ciff
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.ifd import Structure
from photoscan.metadata.maker_values import text

_GOPRO = {b"CASN": "SerialNumber", b"MUID": "ImageUniqueID", b"FMWR": "FirmwareVersion", b"MINF": "Model"}
_HP = {b"CMSN": "SerialNumber", b"FWRV": "FirmwareVersion"}
_META = {
    0xC353: "OwnerName", 0xC354: "SerialNumber", 0xC355: "UserSelectGroupTitle", 0xC356: "DealerIDNumber",
    0xC35C: "Model",
}  # fmt: skip
_INFIRAY = ((0xC0, 32, "SerialNumber"), (0x240, 32, "InternalSerialNumber"))
MAX_ROWS, MAX_DEPTH = 500, 4


def read(marker: int, block: Block, path: str, found: Collector) -> None:
    """What a segment says that is of one of these makers; nothing for any other. `marker`: its second byte."""
    data = block.data
    with found.guarded(path):
        if marker == 0xE6 and data.startswith(b"GoPro\0"):
            _gopro(block, 6, len(data), path, found, 0)
        elif marker == 0xE6 and data.startswith(b"TDHD\x01\0\0\0"):
            _hewlett_packard(block, path, found)
        elif marker == 0xE3 and data[:6] in (b"Meta\0\0", b"META\0\0", b"Exif\0\0"):
            _kodak(block.cut(6), path, found)
        elif marker == 0xE9 and len(data) >= 0x260:
            _infiray(block, path, found)
        elif marker == 0xE0 and data[6:14] in (b"HEAPJPGM", b"HEAPCCDR"):
            ciff.read(block, path, found)
        elif marker == 0xE5 and data.startswith(b"ssuniqueid\0"):
            _add(block, path, "ImageUniqueID", 11, len(data), found)


def _add(block: Block, path: str, name: str, start: int, end: int, found: Collector) -> None:
    if (words := text(block.data[start : min(end, start + 200)])) and words.strip("0 .-"):
        found.add(block, path, name, words, start, end)


def _gopro(block: Block, at: int, end: int, path: str, found: Collector, depth: int) -> None:
    """GPMF: rows of a name, a form, a size and a count, each with its values behind it; form 0 holds further rows."""
    data = block.data
    for _ in range(MAX_ROWS):
        if at + 8 > end:
            return
        name, form, size = data[at : at + 4], data[at + 4], data[at + 5]
        size *= int.from_bytes(data[at + 6 : at + 8], "big")
        at += 8
        if not name.strip(b"\0") or at + size > end:
            return
        if form == 0 and depth < MAX_DEPTH:
            _gopro(block, at, at + size, path, found, depth + 1)
        elif name in _GOPRO and form == 0x63:
            _add(block, path, _GOPRO[name], at, at + size, found)
        elif name in _GOPRO and any(data[at : at + size]):
            found.add(block, path, _GOPRO[name], data[at : at + min(size, 64)].hex(), at, at + size)
        at += (size + 3) & ~3


def _hewlett_packard(block: Block, path: str, found: Collector) -> None:
    """Rows of a name, a sort (0x10001 for one that holds rows), a size, and the value."""
    data, at = block.data, 12
    for _ in range(MAX_ROWS):
        if at + 12 > len(data):
            return
        name, size = data[at : at + 4], int.from_bytes(data[at + 8 : at + 12], "little")
        holds = int.from_bytes(data[at + 4 : at + 8], "little") == 0x10001 or name in (b"TDHD", b"LSLV")
        if name in _HP:
            _add(block, path, _HP[name], at + 12, at + 12 + size, found)
        at += 12 if holds else 12 + size


def _kodak(block: Block, path: str, found: Collector) -> None:
    """A TIFF structure with tags of its own numbers."""
    opened = Structure.opened(block, found)
    if opened is None:
        return
    structure, first = opened
    for tag in structure.directory(first, linked=False)[0]:
        if tag.number in _META:
            skip = 8 if block.data[tag.start : tag.start + 8] in (b"ASCII\0\0\0", b"UNICODE\0") else 0
            _add(block, path, _META[tag.number], tag.start + skip, tag.end, found)


def _infiray(block: Block, path: str, found: Collector) -> None:
    """The serial numbers of the two sensors: letters and digits, the rest of each field is empty."""
    for at, size, name in _INFIRAY:
        field = block.data[at : at + size].rstrip(b"\0")
        if field.isalnum() and len(field) >= 4:
            _add(block, path, name, at, at + size, found)
