"""Size, orientation and frame count from the header, before anything is decoded.

Pure Python and light: linear in the part of the file that it reads, bounded in every loop.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from photoscan.errors import CorruptPhotoError
from photoscan.formats import Format

MAX_STEPS = 100_000
"""Segments, chunks, boxes or frames looked at before a file counts as broken."""


@dataclass(frozen=True, slots=True)
class Header:
    """Stored width and height in pixels, the EXIF orientation (1..8) and the number of frames or pages."""

    width: int
    height: int
    orientation: int = 1
    frames: int = 1


def read(data: bytes, format_: Format) -> Header:
    """The header of a photo; CorruptPhotoError when it can't be made out."""
    try:
        header = _READERS[format_](data)
    except (struct.error, IndexError, ValueError):
        raise CorruptPhotoError("problem.broken.header", format=format_.value) from None
    if format_ is not Format.SVG and (header.width < 1 or header.height < 1):
        raise CorruptPhotoError("problem.broken.empty", format=format_.value)
    return header


def exif_orientation(tiff: bytes) -> int:
    """The orientation tag of IFD0 in a TIFF structure; 1 where there is none or it is nonsense."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for i in range(min(count, 1000)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at + 2 + 12 * i)
            if tag == 0x0112 and kind == 3 and 1 <= value <= 8:
                return int(value)
    except (KeyError, struct.error):
        pass
    return 1


def _jpeg(data: bytes) -> Header:
    at, orientation, size = 2, 1, None
    for _ in range(MAX_STEPS):
        at = data.index(b"\xff", at)
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            continue
        if marker == 0xD9:
            break
        (length,) = struct.unpack_from(">H", data, at)
        body = data[at + 2 : at + length]
        if marker == 0xE1 and body[:6] == b"Exif\0\0" and orientation == 1:
            orientation = exif_orientation(body[6:])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            size = struct.unpack_from(">HH", body, 1)
            # Orientation stands before the frame in every file that decoders agree on.
            return Header(size[1], size[0], orientation)
        if marker == 0xDA:
            break
        at += length
    raise ValueError("no frame")


def _png(data: bytes) -> Header:
    width, height = struct.unpack_from(">II", data, 16)
    orientation, frames, at = 1, 1, 8
    for _ in range(MAX_STEPS):
        if at + 8 > len(data):
            break
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"acTL":
            frames = max(1, struct.unpack_from(">I", data, at + 8)[0])
        elif kind == b"eXIf":
            orientation = exif_orientation(data[at + 8 : at + 8 + length])
        elif kind == b"IEND":
            break
        at += 12 + length
    return Header(width, height, orientation, frames)


def _webp(data: bytes) -> Header:
    width = height = 0
    orientation, frames, at = 1, 0, 12
    for _ in range(MAX_STEPS):
        if at + 8 > len(data):
            break
        kind, length = struct.unpack_from("<4sI", data, at)
        body = at + 8
        if kind == b"VP8X":
            width = int.from_bytes(data[body + 4 : body + 7], "little") + 1
            height = int.from_bytes(data[body + 7 : body + 10], "little") + 1
        elif kind == b"VP8 " and not width:
            width, height = (v & 0x3FFF for v in struct.unpack_from("<HH", data, body + 6))
        elif kind == b"VP8L" and not width:
            (bits,) = struct.unpack_from("<I", data, body + 1)
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"ANMF":
            frames += 1
        elif kind == b"EXIF":
            tiff = data[body : body + length]
            orientation = exif_orientation(tiff.removeprefix(b"Exif\0\0"))
        at = body + length + (length & 1)
    return Header(width, height, orientation, max(1, frames))


def _gif(data: bytes) -> Header:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0)
    frames = 0
    for _ in range(MAX_STEPS):
        if at >= len(data) or data[at] == 0x3B:
            break
        if data[at] == 0x2C:
            frames += 1
            local = data[at + 9]
            at += 11 + (3 * 2 ** ((local & 7) + 1) if local & 0x80 else 0)
        elif data[at] == 0x21:
            at += 2
        else:
            break
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return Header(width, height, 1, max(1, frames))


def _tiff(data: bytes) -> Header:
    order = "<" if data[:2] == b"II" else ">"
    if struct.unpack_from(order + "H", data, 2)[0] != 42:
        raise CorruptPhotoError("problem.photo.bigtiff")
    (at,) = struct.unpack_from(order + "I", data, 4)
    seen: set[int] = set()
    first: tuple[int, int] | None = None
    while at and at not in seen and len(seen) < MAX_STEPS:
        seen.add(at)
        (count,) = struct.unpack_from(order + "H", data, at)
        if first is None:
            tags = {}
            for i in range(count):
                tag, kind, _ = struct.unpack_from(order + "HHI", data, at + 2 + 12 * i)
                form = {1: "B", 3: "H", 4: "I"}.get(kind)
                if form:
                    tags[tag] = struct.unpack_from(order + form, data, at + 10 + 12 * i)[0]
            first = tags.get(0x0100, 0), tags.get(0x0101, 0)
        if at + 2 + 12 * count + 4 > len(data):
            break
        (at,) = struct.unpack_from(order + "I", data, at + 2 + 12 * count)
    if first is None:
        raise ValueError("no image")
    return Header(*first, exif_orientation(data), len(seen))


def _bmp(data: bytes) -> Header:
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return Header(width, abs(height))


def _isobmff(data: bytes) -> Header:
    """Size of the primary item (ISO 23008-12), with irot applied, since decoders apply it by themselves."""
    meta = _box(data, 0, len(data), b"meta")
    start, end = meta[0] + 4, meta[1]
    (primary,) = struct.unpack_from(">H", data, _box(data, start, end, b"pitm")[0] + 4)
    iprp = _box(data, start, end, b"iprp")
    ipco = _box(data, *iprp, b"ipco")
    properties = [(kind, body) for kind, _, body, _ in boxes(data, *ipco)]
    ipma = _box(data, *iprp, b"ipma")[0]
    version, flags, count = data[ipma], data[ipma + 3], struct.unpack_from(">I", data, ipma + 4)[0]
    at = ipma + 8
    for _ in range(min(count, MAX_STEPS)):
        (item,) = struct.unpack_from(">I" if version else ">H", data, at)
        at += 4 if version else 2
        links = data[at]
        at += 1
        indices = []
        for _ in range(links):
            wide = flags & 1
            value = struct.unpack_from(">H" if wide else ">B", data, at)[0]
            indices.append(value & (0x7FFF if wide else 0x7F))
            at += 2 if wide else 1
        if item == primary:
            return _sized(data, [properties[i - 1] for i in indices if 0 < i <= len(properties)])
    raise ValueError("no primary item")


def _sized(data: bytes, properties: list[tuple[bytes, int]]) -> Header:
    width = height = 0
    for kind, at in properties:
        if kind == b"ispe":
            width, height = struct.unpack_from(">II", data, at + 4)
    for kind, at in properties:
        if kind == b"irot" and data[at] & 1:
            width, height = height, width
        elif kind == b"clap":
            w_n, w_d, h_n, h_d = struct.unpack_from(">IIII", data, at)
            width, height = w_n // max(1, w_d), h_n // max(1, h_d)
    return Header(width, height)


def _box(data: bytes, start: int, end: int, name: bytes) -> tuple[int, int]:
    for kind, _, body, stop in boxes(data, start, end):
        if kind == name:
            return body, stop
    raise ValueError("missing box")


def boxes(data: bytes, start: int, end: int) -> list[tuple[bytes, int, int, int]]:
    """The whole ISOBMFF boxes in a range of bytes: (type, start, start of the body, end).

    What follows the last whole box is no box: data behind the photo, or a cut.
    """
    found: list[tuple[bytes, int, int, int]] = []
    while start + 8 <= end and len(found) < MAX_STEPS:
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            break
        found.append((kind, start, body, start + size))
        start += size
    return found


def _jxl(data: bytes) -> Header:
    """SizeHeader of the codestream (ISO 18181-1, D.2), bits from the lowest; turning is left to decoders."""
    at = 0
    if not data.startswith(b"\xff\x0a"):
        bodies = [(body + (4 if kind == b"jxlp" else 0)) for kind, _, body, _ in boxes(data, 0, len(data))
                  if kind in (b"jxlc", b"jxlp")]  # fmt: skip
        at = bodies[0]
    if data[at : at + 2] != b"\xff\x0a":
        raise ValueError("no codestream")
    bits = _Bits(int.from_bytes(data[at + 2 : at + 14], "little"))
    small = bits.take(1)
    height = 8 * (bits.take(5) + 1) if small else bits.take((9, 13, 18, 30)[bits.take(2)]) + 1
    ratio = bits.take(3)
    if ratio:
        over, under = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))[ratio - 1]
        return Header(height * over // under, height)
    return Header(8 * (bits.take(5) + 1) if small else bits.take((9, 13, 18, 30)[bits.take(2)]) + 1, height)


class _Bits:
    def __init__(self, value: int) -> None:
        self.value = value

    def take(self, count: int) -> int:
        taken = self.value & ((1 << count) - 1)
        self.value >>= count
        return taken


def _jp2(data: bytes) -> Header:
    """The image header box, or SIZ of a bare codestream (ISO 15444-1)."""
    if data.startswith(b"\xff\x4f"):
        right, bottom, left, top = struct.unpack_from(">IIII", data, 8)
        return Header(right - left, bottom - top)
    body, end = _box(data, 0, len(data), b"jp2h")
    height, width = struct.unpack_from(">II", data, _box(data, body, end, b"ihdr")[0])
    return Header(width, height)


def _svg(data: bytes) -> Header:
    return Header(0, 0)


_READERS = {
    Format.JPEG: _jpeg,
    Format.PNG: _png,
    Format.WEBP: _webp,
    Format.GIF: _gif,
    Format.TIFF: _tiff,
    Format.BMP: _bmp,
    Format.HEIC: _isobmff,
    Format.AVIF: _isobmff,
    Format.JXL: _jxl,
    Format.JP2: _jp2,
    Format.SVG: _svg,
}
