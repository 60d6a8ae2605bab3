"""PNG: IHDR, the number of frames and the orientation in chunks."""

from __future__ import annotations

import struct
import zlib

from photoscan.headers.base import Header, exif_orientation, first, xmp_orientation

MAX_CHUNKS = 1_000_000
MAX_INFLATED = 1 << 20
_PREFIX = b"Exif\0\0"
_XMP = b"XML:com.adobe.xmp\0"
_RAW = b"Raw profile type exif\0"
"""That of an APP1 segment is read by ImageMagick alone: no decoder of ours turns a picture by it."""


def read(data: bytes) -> Header:
    """The header; ValueError, IndexError or struct.error where it is broken."""
    width, height = struct.unpack_from(">II", data, 32 if data[12:16] == b"CgBI" else 16)
    announced, there, at = 0, 0, 8
    exif: int | None = None
    raw: int | None = None
    xmp: int | None = None
    for _ in range(MAX_CHUNKS):
        if at + 8 > len(data):
            break
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"acTL":
            (announced,) = struct.unpack_from(">I", data, at + 8)
        elif kind == b"fcTL":
            there += 1
        elif kind == b"eXIf":
            exif = first(exif_orientation(data[at + 8 : at + 8 + length].removeprefix(_PREFIX)), exif)
        elif kind in (b"tEXt", b"zTXt", b"iTXt") and data.startswith((_XMP, _RAW), at + 8):
            content = _text(data[at + 8 : at + 8 + length], kind)
            if data.startswith(_XMP, at + 8):
                xmp = xmp_orientation(content) if xmp is None else xmp
            elif raw is None:
                raw = exif_orientation(_unpacked(content))
        elif kind == b"IEND":
            break
        at += 12 + length
    # Some files announce more than there is.
    return Header(width, height, first(exif, raw, xmp), max(1, min(announced, there)))


def _text(content: bytes, kind: bytes) -> bytes:
    """What a text chunk says behind its keyword; empty where it is broken."""
    rest = content.partition(b"\0")[2]
    packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
    rest = rest[1:] if kind == b"zTXt" else rest[2:].split(b"\0", 2)[-1] if kind == b"iTXt" else rest
    try:
        return zlib.decompressobj().decompress(rest, MAX_INFLATED) if packed else rest
    except zlib.error:
        return b""


def _unpacked(profile: bytes) -> bytes:
    """The TIFF structure of a raw profile as ImageMagick writes it: name and size, then hexadecimal digits."""
    lines = profile[: 2 * MAX_INFLATED].split(b"\n", 3)
    try:
        block = bytes.fromhex(lines[3].strip(b"\0").decode("ascii")) if len(lines) == 4 else b""
    except ValueError:
        return b""
    return block.removeprefix(_PREFIX)
