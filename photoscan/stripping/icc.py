"""Colour profiles without what identifies: the colour tags stay, names, dates and ids go (ICC.1:2022)."""

from __future__ import annotations

import struct

from photoscan.formats import Format

_COLOUR = frozenset(
    (b"rXYZ", b"gXYZ", b"bXYZ", b"wtpt", b"bkpt", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"chad", b"A2B0", b"A2B1",
     b"A2B2",
     b"B2A0", b"B2A1", b"B2A2", b"gamt", b"lumi", b"cicp")
)  # fmt: skip
NEUTRAL = "Generic profile"
"""The description that every cleaned profile carries."""
MAX_TAGS = 200
MAX_SIZE = 4 * 1024 * 1024


def cleaned(profile: bytes) -> bytes | None:
    """The profile with its colour tags, a neutral description and no date, maker or id; None when it makes no sense."""
    if not 132 <= len(profile) <= MAX_SIZE or profile[36:40] != b"acsp":
        return None
    (count,) = struct.unpack_from(">I", profile, 128)
    if count > MAX_TAGS or 132 + 12 * count > len(profile):
        return None
    blocks: dict[bytes, bytes] = {b"desc": _text(profile[8] >= 4, NEUTRAL), b"cprt": _text(profile[8] >= 4, "")}
    for i in range(count):
        tag, at, size = struct.unpack_from(">4sII", profile, 132 + 12 * i)
        if tag in _COLOUR and at + size <= len(profile):
            blocks[tag] = profile[at : at + size]
    table, body = b"", b""
    start = 132 + 12 * len(blocks)
    shared: dict[bytes, int] = {}
    for tag, block in blocks.items():
        if block not in shared:
            shared[block] = start + len(body)
            body += block + b"\0" * (-len(block) % 4)
        table += struct.pack(">4sII", tag, shared[block], len(block))
    header = bytearray(profile[:128])
    header[4:8] = header[24:36] = header[40:44] = header[48:56] = header[80:128] = b""  # set below, by length
    return _header(profile, start + len(body)) + struct.pack(">I", len(blocks)) + table + body


def _header(profile: bytes, size: int) -> bytes:
    """The 128 bytes with size set and CMM, date, platform, maker, model, creator and id zeroed."""
    header = bytearray(profile[:128])
    header[0:4] = struct.pack(">I", size)
    for start, end in ((4, 8), (24, 36), (40, 44), (48, 56), (80, 128)):
        header[start:end] = bytes(end - start)
    return bytes(header)


def _text(version4: bool, text: str) -> bytes:
    if version4:
        encoded = text.encode("utf-16-be")
        return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(encoded), 28) + encoded
    ascii_ = text.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(ascii_)) + ascii_ + bytes(78)


def carried(data: bytes, format_: Format) -> bool:
    """Whether a stripped file carries a colour profile; of JPEG XL, which has it in the coded picture, not told."""
    profile = format_.row.profile
    if profile is None:
        return False
    front = data if profile.anywhere else data[: 1 << 21]
    return any(mark in front for mark in profile.marks)
