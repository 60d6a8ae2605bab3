"""Sample entries of a film: what decoding needs of them, without names of encoders and makers (ISO 14496-12, 8.5.2;
14496-15; QuickTime File Format, "Sample Descriptions")."""

from __future__ import annotations

import struct

from photoscan.errors import UnsupportedFormatError
from photoscan.stripping import coded_units
from photoscan.stripping.boxes import box, boxes

_PICTURES = frozenset((
    b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe", b"dva1", b"dvav", b"av01", b"vp08", b"vp09", b"vvc1", b"mp4v",
    b"s263", b"h263", b"H263", b"jpeg", b"mjpa", b"MJPG", b"apch", b"apcn", b"apcs", b"apco", b"ap4h", b"ap4x",
    b"aprn", b"AVdh", b"AVdn", b"CFHD", b"rle ", b"cvid", b"SVQ1", b"SVQ3", b"dvc ", b"dvcp", b"dvpp", b"dv5n",
    b"dv5p", b"dvh5", b"dvh6", b"2vuy", b"yuv2", b"v210", b"v216", b"v308", b"v408", b"v410", b"raw ", b"b64a", b"r210",
    b"xd5b", b"xdv6", b"xdvb", b"xdvc", b"xdve", b"xd54", b"xd55", b"xd59", b"mx5p", b"mx3p", b"hdv2", b"hdv3", b"ai5p",
    b"ai55", b"ai15", b"mp1v", b"mp2v", b"m2v1", b"smc ", b"rpza", b"msvc", b"CRAM",
    b"IV31", b"IV32", b"IV41", b"IV50", b"VP31", b"VP60", b"VP6F", b"DIVX", b"XVID", b"DX50",
    b"3IV1", b"3IV2", b"FMP4", b"MP42", b"DIV3", b"icod", b"Hap1", b"Hap5", b"HapY", b"HapM", b"FFV1", b"drac", b"vc-1",
    b"SHQ0", b"SHQ1", b"SHQ2", b"dvhp", b"hapA", b"pxlt", b"UQY2", b"WRLE",
))  # fmt: skip
"""None whose samples are files of still pictures with words of their own, but for Motion JPEG (`film_units`)."""
_SOUND = frozenset((
    b"mp4a", b"ac-3", b"ec-3", b"ac-4", b"Opus", b"fLaC", b"alac", b"samr", b"sawb", b"sevc", b"sqcp", b"twos", b"sowt",
    b"raw ", b"NONE", b"in24", b"in32", b"fl32", b"fl64", b"lpcm", b"ulaw", b"alaw", b"ima4", b"MAC3", b"MAC6", b"QDM2",
    b"QDMC", b"agsm", b".mp3", b"ms\0\2", b"ms\0\x11", b"ms\0\x55", b"apac", b"ipcm", b"fpcm", b"dtsc", b"dtsh",
    b"dtsl", b"dtse", b"mhm1", b"mha1", b"dvca",
))  # fmt: skip
_FIXED = {
    b"pasp": 8, b"clap": 32, b"btrt": 12, b"fiel": 2, b"gama": 4, b"mdcv": 24, b"clli": 4, b"amve": 8, b"dvcC": 24,
    b"dvvC": 24, b"dvwC": 24, b"SmDm": 28, b"CoLL": 8, b"srat": 8, b"frma": 4, b"enda": 2, b"mp4a": 4, b"dac3": 3,
    b"bitr": 4, b"ccst": 8, b"cclv": 0x20, b"pcmC": 6,
}  # fmt: skip
"""Boxes of numbers alone, and their greatest length."""
_SHORT = {b"dec3": 64, b"dac4": 256, b"dOps": 64, b"vpcC": 64, b"alac": 64, b"chan": 1024, b"chnl": 256, b"lhvC": 2048}
"""Boxes of numbers whose length varies, and the most that they are believed."""
_COLOURS = {b"nclx": 11, b"nclc": 10}
MOST_ENTRIES = 64


def description(content: bytes, handler: bytes) -> bytes:
    """A `stsd` box with entries that decoding needs; UnsupportedFormatError for a coding that is not known here."""
    rows = boxes(content, 8, len(content))
    if len(rows) > MOST_ENTRIES or len(rows) != int.from_bytes(content[4:8], "big"):
        raise ValueError("a sample description that contradicts itself")
    known = _PICTURES if handler == b"vide" else _SOUND
    parts = []
    for kind, _, body, end in rows:
        if kind not in known:
            name = "".join(c if c.isprintable() else "?" for c in kind.decode("latin-1"))
            raise UnsupportedFormatError("problem.clean.film.coding", coding=name)
        make = _picture if handler == b"vide" else _sound
        parts.append(make(kind, content[body:end], content[0]))
    return box(b"stsd", content[:8], *parts)


def _picture(kind: bytes, entry: bytes, _version: int) -> bytes:
    """Without vendor and compressor name. UnsupportedFormatError for one with a palette of its own."""
    depth, palette = struct.unpack_from(">HH", entry, 74)
    if depth & 0x1F <= 8 and palette == 0 and depth & 0x1F:
        raise UnsupportedFormatError("problem.clean.film.coding", coding=kind.decode("latin-1").strip())
    head = bytes(6) + b"\0\1" + entry[8:12] + bytes(4) + entry[16:42] + bytes(32) + entry[74:78]
    return box(kind, head, *_inside(entry, 78))


def _sound(kind: bytes, entry: bytes, version: int) -> bytes:
    """Without the vendor. The length before its boxes goes by QuickTime's version, which an ISO entry has not."""
    own = int.from_bytes(entry[8:10], "big")
    length = 28 if version == 1 else {0: 28, 1: 44, 2: 64}[own]
    if len(entry) < length:
        raise ValueError("a sample entry ends early")
    head = bytes(6) + b"\0\1" + entry[8:12] + bytes(4) + entry[16:length]
    return box(kind, head, *_inside(entry, length))


def _inside(entry: bytes, start: int) -> list[bytes]:
    """The boxes in an entry that decoding needs."""
    parts = []
    for kind, _, body, end in boxes(entry, start, len(entry)):
        content = entry[body:end]
        if kind == b"wave":
            parts.append(box(kind, *_inside(content, 0)))
        elif (made := _configuration(kind, content)) is not None:
            parts.append(box(kind, made))
    return parts


def _configuration(kind: bytes, content: bytes) -> bytes | None:
    """The content of one box as far as decoding needs it; None for what it does not need."""
    if kind in (b"avcC", b"avcE"):
        return _avc(content)
    if kind in (b"hvcC", b"hvcE"):
        return coded_units.hevc_configuration(content)
    if kind == b"av1C":
        return coded_units.av1_configuration(content)
    if kind == b"esds":
        return content[:4] + _descriptor(content[4:])
    if kind == b"dfLa":
        # STREAMINFO alone (RFC 9639, 8.2), which has 34 bytes; words of the music stand in blocks behind it.
        if content[4] & 0x7F or content[5:8] != b"\0\0\x22" or len(content) < 42:
            raise ValueError("no stream information")
        return content[:4] + b"\x80" + content[5:42]
    if kind == b"colr":
        return content[: _COLOURS[content[:4]]] if content[:4] in _COLOURS else None
    if kind in (b"damr", b"d263"):
        return bytes(5) + content[5 : 9 if kind == b"damr" else 7]
    if kind in _FIXED:
        return content[: _FIXED[kind]]
    return content if len(content) <= _SHORT.get(kind, -1) else None


def _avc(content: bytes) -> bytes:
    """An AVCDecoderConfigurationRecord with parameter sets, and the numbers behind them for higher profiles."""
    at = 5
    for mask in (0x1F, 0xFF):
        count = content[at] & mask
        at += 1
        for _ in range(count):
            at += 2 + int.from_bytes(content[at : at + 2], "big")
    if at > len(content):
        raise ValueError("a configuration ends early")
    if content[1] in (100, 110, 122, 144, 244) and at + 4 <= len(content):
        count, at = content[at + 3], at + 4
        for _ in range(count):
            at += 2 + int.from_bytes(content[at : at + 2], "big")
    return content[:at]


def _descriptor(raw: bytes) -> bytes:
    """An ES_Descriptor with its decoder's configuration alone (ISO 14496-1, 7.2.6): no address, no language."""
    body = _told(raw, 3)
    flags, at = body[2], 3
    at += 2 if flags & 0x80 else 0
    at += 1 + body[at] if flags & 0x40 else 0
    at += 2 if flags & 0x20 else 0
    decoder = _told(body[at:], 4)
    own = _tagged(5, _told(decoder[13:], 5)) if len(decoder) > 15 and decoder[13] == 5 else b""
    inner = _tagged(4, decoder[:13] + own)
    return _tagged(3, body[:2] + bytes((flags & 0x1F,)) + inner + _tagged(6, b"\2"))


def _told(raw: bytes, tag: int) -> bytes:
    """The body of a descriptor, whose length has 7 bits a byte; ValueError for another one."""
    if raw[0] != tag:
        raise ValueError("an unknown descriptor")
    at, length = 1, 0
    for _ in range(4):
        length, at = length << 7 | raw[at] & 0x7F, at + 1
        if not raw[at - 1] & 0x80:
            break
    if at + length > len(raw):
        raise ValueError("a descriptor ends early")
    return raw[at : at + length]


def _tagged(tag: int, body: bytes) -> bytes:
    length = len(body)
    return (
        bytes((tag, length >> 21 & 0x7F | 0x80, length >> 14 & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length & 0x7F))
        + body
    )
