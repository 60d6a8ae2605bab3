"""Files that end early, filled up so that a decoder shows what is there: plain data behind what is missing.

No decoder is told to overlook errors: such a switch is the whole process's, and a half picture would pass for a whole
one elsewhere. What is filled in is one colour, or what a coder predicts from the part above.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

from photoscan.formats import Format
from photoscan.pixels import Pixels

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by PNG's colour types."""
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""The first column and row of each pass of an interlaced PNG, and its steps (PNG third edition, 8.2)."""
_LZW_BITS = 12
"""The longest code of a GIF: so much takes a pixel at most."""
_WEBP_BYTES, _WEBP_SLACK = 5, 1 << 20
"""Bytes of a pixel that no coder needs more than (RFC 9649: four samples and their codes), and of what is no pixel."""


def filled(data: bytes, format_: Format) -> bytes | None:
    """A still picture's file that ends early as one that can be decoded; None for a format whose coding allows no such
    thing, or where the picture has not begun. Raises IndexError, ValueError, struct.error or zlib.error for others."""
    return FILLS[format_](data) if format_ in FILLS else None


def share(pixels: Pixels, data: bytes, format_: Format) -> float | None:
    """How much of a picture that was decoded from filled data was there, 0 to .99: by its rows, before it is turned.

    None for a progressive JPEG, which has all rows, only coarsely.
    """
    if format_ is Format.WEBP:
        return min(0.99, len(data) / max(1, 8 + int.from_bytes(data[4:8], "little")))
    if format_ is Format.BMP:
        start, height, row = _bmp(data)
        return min(0.99, max(0.0, (len(data) - start) / max(1, row * height)))
    if format_ is Format.JPEG and _progressive(data):
        return None
    # Interlaced rows do not come in their order: all are counted.
    same = (pixels == pixels[-1, -1]).all(axis=(1, 2))
    return float(min(0.99, 1 - same.mean()))


def _jpeg(data: bytes) -> bytes | None:
    """An end marker: decoders take the blocks that are missing for grey (ITU-T T.81, B.1.1.3)."""
    if b"\xff\xda" not in data:
        return None
    return data.rstrip(b"\xff") + b"\xff\xd9"


def _progressive(data: bytes) -> bool:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in (0xC4, 0xC8, 0xCC):
            return data[at + 1] in (0xC2, 0xC6, 0xCA, 0xCE)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _png(data: bytes) -> bytes | None:
    """The rows that can be unpacked, and zeros for the others, packed anew."""
    kept, packed = b"", b""
    header = b""
    for kind, body in _chunks(data):
        if kind == b"IHDR":
            header = body
        elif kind in (b"PLTE", b"tRNS"):
            kept += _chunk(kind, body)
        elif kind == b"IDAT":
            packed += body
    size = _png_bytes(header)
    try:
        rows = zlib.decompressobj().decompress(packed, size)
    except zlib.error:
        return None
    if not rows:
        return None
    whole = zlib.compress(rows.ljust(size, b"\0"), 1)
    return data[:8] + _chunk(b"IHDR", header) + kept + _chunk(b"IDAT", whole) + _chunk(b"IEND", b"")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and body of each chunk, the last as far as it goes."""
    at = 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png_bytes(header: bytes) -> int:
    """How many bytes all rows take, each with its filter's byte in front."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    bits = depth * _CHANNELS[colour]
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    sizes = [(-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in passes]
    return sum(h * (1 + (w * bits + 7) // 8) for w, h in sizes if w > 0 and h > 0)


def _gif(data: bytes) -> bytes | None:
    """The first image's block with codes of colour 0 behind it."""
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    if data[at] != 0x2C:
        return None
    width, height = struct.unpack_from("<HH", data, at + 5)
    at += 10 + (3 << (data[at + 9] & 7) + 1 if data[at + 9] & 0x80 else 0)
    at += 1
    while at < len(data) and data[at]:
        at += 1 + data[at]
    if at < len(data):
        return None  # the first image is whole
    blocks = 1 + int(width) * int(height) * _LZW_BITS // (8 * 255)
    return data + bytes(at - len(data)) + (b"\xff" + bytes(255)) * blocks + b"\0\x3b"


def _webp(data: bytes) -> bytes | None:
    """Zeros as far as the file says that it reaches, which may be 4 GB; only for a picture whose chunk has begun."""
    if b"VP8" not in data[12:16] or b"ANIM" in data[:64]:
        return None
    whole = 8 + int.from_bytes(data[4:8], "little")
    if whole > len(data) + _webp_pixels(data) * _WEBP_BYTES + _WEBP_SLACK:
        return None
    return data.ljust(whole, b"\0")


def _webp_pixels(data: bytes) -> int:
    """Pixels of the canvas, by the first chunk (RFC 9649)."""
    if data[12:16] == b"VP8X":
        return (int.from_bytes(data[24:27], "little") + 1) * (int.from_bytes(data[27:30], "little") + 1)
    if data[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return int((bits & 0x3FFF) + 1) * int((bits >> 14 & 0x3FFF) + 1)
    width, height = struct.unpack_from("<HH", data, 26)
    return int(width & 0x3FFF) * int(height & 0x3FFF)


def _bmp(data: bytes) -> tuple[int, int, int]:
    """Where the rows start, how many there are, and the bytes of one."""
    (start,) = struct.unpack_from("<I", data, 10)
    width, height, _, bits, packed = struct.unpack_from("<iiHHI", data, 18)
    if packed not in (0, 3):
        raise ValueError("packed rows")
    return start, abs(height), (width * bits + 31) // 32 * 4


def _bmp_filled(data: bytes) -> bytes | None:
    start, height, row = _bmp(data)
    return data.ljust(start + height * row, b"\0") if len(data) > start else None


FILLS: dict[Format, Callable[[bytes], bytes | None]] = {
    Format.JPEG: _jpeg,
    Format.PNG: _png,
    Format.GIF: _gif,
    Format.WEBP: _webp,
    Format.BMP: _bmp_filled,
}
"""Formats of which a part can be decoded. HEIC, AVIF and TIFF keep what is needed first at their ends, or anywhere."""
