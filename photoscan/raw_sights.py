"""Whose RAW file is this? By its first bytes; where it is built like a TIFF, by its maker and by what it says to hold.

Signs as collected by ExifTool; DNG by Adobe's specification 1.7, TIFF/EP by ISO 12234-2.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_SUBFILE, _COMPRESSION, _COLOURS, _MAKE, _BELOW, _KDC, _DNG = 0xFE, 0x103, 0x106, 0x10F, 0x14A, 0xFE00, 0xC612
_CODINGS = frozenset((32767, 32769, 32770, 32772, 34316, 34713, 34826, 34828, 34830, 34892, 65000, 65535))
"""How sensors' data are coded, as `tiff_survey` has it."""
_FILTERED = frozenset((32803, 34892))
"""Colour filter array, linear RAW."""
_MAKERS = {
    b"NIKON": "nef", b"SONY": "arw", b"PENTAX": "pef", b"RICOH": "pef", b"SAMSUNG": "srw", b"HASSELBLAD": "3fr",
    b"SEIKO EPSON": "erf", b"EASTMAN KODAK": "dcr", b"KODAK": "dcr", b"LEAF": "mos", b"PHASE ONE": "iiq",
}  # fmt: skip
MOST_TAGS = 300


def raw(wanted: str) -> Callable[[bytes], bool]:
    """Whether a file that is built like a TIFF is that maker's RAW."""
    return lambda head: kind(head) == wanted


def tiff(head: bytes) -> bool:
    """Whether a file is a TIFF, and not seen to be a camera's RAW."""
    return head.startswith(TIFF) and not kind(head)


def kind(head: bytes) -> str:
    """Which RAW format a file is that is built like a TIFF; empty for none of them."""
    if not head.startswith(TIFF[:2]):
        return ""
    if head[8:11] == b"CR\2" and b"\x10" in (head[4:5], head[7:8]):
        return "cr2"
    if (head[8:12] == b"IIII" and head[13:16] == b"waR") or head[8:15] == b"MMMMRaw":
        return "iiq"
    try:
        return _by_tags(head)
    except struct.error:
        return ""


def _by_tags(head: bytes) -> str:
    order = "<" if head[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", head, 4)
    (count,) = struct.unpack_from(order + "H", head, at)
    numbers: dict[int, int] = {}
    make = b""
    for row in range(at + 2, at + 2 + 12 * min(count, MOST_TAGS), 12):
        if row + 12 > len(head):
            break
        number, form, size = struct.unpack_from(order + "HHI", head, row)
        wide = form != 3
        numbers[number] = struct.unpack_from(order + ("I" if wide else "H"), head, row + 8)[0]
        if number == _MAKE and form == 2:
            start = numbers[number] if size > 4 else row + 8
            make = head[start : start + min(size, 40)].upper()
    if _DNG in numbers:
        return "dng"
    reduced = _BELOW in numbers and numbers.get(_SUBFILE, 0) & 1
    sensed = numbers.get(_COMPRESSION) in _CODINGS or numbers.get(_COLOURS) in _FILTERED
    if not (reduced or sensed or _KDC in numbers):
        return ""
    return next((name for sign, name in _MAKERS.items() if make.startswith(sign)), "")


def cr3(head: bytes) -> bool:
    """Canon's, an ISO media file."""
    return head[4:12] == b"ftypcrx "


def crw(head: bytes) -> bool:
    """Canon's older, a CIFF heap."""
    return head[:2] in (b"II", b"MM") and head[6:14] == b"HEAPCCDR"


def mrw(head: bytes) -> bool:
    """Minolta's."""
    return head[:4] == b"\0MRM" and head[8:9] == b"\0" and head[9:12].isalpha()


def x3f(head: bytes) -> bool:
    """Sigma's, of version 1 to 5."""
    return head[:4] == b"FOVb" and 1 <= int.from_bytes(head[6:8], "little") <= 5
