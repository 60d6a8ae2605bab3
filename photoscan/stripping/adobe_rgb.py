"""Adobe RGB that a camera tells by EXIF alone: the copy, which has no such EXIF, gets a colour profile instead.

DCF 2.0 (CIPA DC-009, 5.3) knows one optional colour space: InteroperabilityIndex 'R03' with ColorSpace 'uncalibrated'.
Without a sign of it a viewer takes the colours for sRGB, and they turn dull.
"""

from __future__ import annotations

import struct

EXIF, INTEROPERABILITY, COLOR_SPACE, INDEX = 0x8769, 0xA005, 0xA001, 1
_OPEN = (None, 0xFFFF, 2)
"""Values of ColorSpace that leave it to the index: none, 'uncalibrated', and the 2 that some cameras write for it."""
MAX_TAGS = 1000
_PRIMARIES = {
    b"rXYZ": (0.60974, 0.31111, 0.01947),
    b"gXYZ": (0.20528, 0.62567, 0.06087),
    b"bXYZ": (0.14919, 0.06322, 0.74457),
    b"wtpt": (0.95045, 1.0, 1.08905),
}
"""Adobe RGB (1998) Color Image Encoding, 4.3.4: primaries adapted to D50, and the white point D65."""
_GAMMA = 563
"""Its exponent 2 51/256, as a fraction of 256 (u8Fixed8Number, ICC.1:2001-04, 6.5.3)."""
_D50 = (0.9642, 1.0, 0.8249)


def meant(tiff: bytes) -> bool:
    """Whether EXIF (from its TIFF header on) says Adobe RGB."""
    order = {b"II\x2a\0": "<", b"MM\0\x2a": ">"}.get(tiff[:4])
    if order is None:
        return False
    try:
        first = _directory(tiff, order, struct.unpack_from(f"{order}I", tiff, 4)[0])
        exif = _directory(tiff, order, _number(first, order, EXIF) or 0)
        index = _directory(tiff, order, _number(exif, order, INTEROPERABILITY) or 0).get(INDEX, b"")
    except struct.error:
        return False
    return index[8:11] == b"R03" and _number(exif, order, COLOR_SPACE) in _OPEN


def profile() -> bytes:
    """A colour profile of Adobe RGB (1998), version 2.1 of ICC's format, that names nobody."""
    blocks = {tag: b"XYZ \0\0\0\0" + _fixed(values) for tag, values in _PRIMARIES.items()}
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, _GAMMA) + bytes(2)
    blocks |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body = b"", b""
    start = 132 + 12 * len(blocks)
    for tag, block in blocks.items():
        table += struct.pack(">4sII", tag, start + len(body), len(block))
        body += block
    head = struct.pack(">II4s4s4s4s12x4s", start + len(body), 0, b"\x02\x10\0\0", b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return head + bytes(28) + _fixed(_D50) + bytes(48) + struct.pack(">I", len(blocks)) + table + body


def _fixed(values: tuple[float, float, float]) -> bytes:
    return struct.pack(">3i", *(round(value * 65536) for value in values))


def _directory(tiff: bytes, order: str, at: int) -> dict[int, bytes]:
    """The tags of a directory: 12 bytes each, without those that come twice; none for the position 0."""
    if not at:
        return {}
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    rows: dict[int, bytes] = {}
    for row in range(at + 2, at + 2 + 12 * min(count, MAX_TAGS), 12):
        rows.setdefault(struct.unpack_from(f"{order}H", tiff, row)[0], tiff[row : row + 12])
    return rows


def _number(rows: dict[int, bytes], order: str, number: int) -> int | None:
    """A short or a long."""
    row = rows.get(number, b"")
    if len(row) < 12:
        return None
    kind = struct.unpack_from(f"{order}H", row, 2)[0]
    return int(struct.unpack_from(f"{order}H" if kind == 3 else f"{order}I", row, 8)[0])
