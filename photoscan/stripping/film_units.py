"""Messages between a film's coded pictures: user data in SEI units are overwritten with filler (ITU-T H.264 and H.265,
7.3.2 and annex D), so that no sample gets another length."""

from __future__ import annotations

import re
from functools import partial

from photoscan.errors import UnsupportedFormatError
from photoscan.patterns import pattern
from photoscan.stripping.film_tables import Change

_AVC, _HEVC = (b"avc1", b"avc3"), (b"hvc1", b"hev1", b"dvh1", b"dvhe")
_JPEGS = (b"jpeg", b"mjpa", b"MJPG")
_UNREGISTERED, _REGISTERED = 5, 4
_SHOWN = (b"\xb5\x00\x31GA94", b"\xb5\x00\x3c", b"\xb5\x00\x3b")
"""Registered user data that a player shows: captions (ATSC A/53), the numbers of HDR10+ and of Dolby."""
_SILENT = pattern(rb"(?s)JFIF\0.{7}\0\0|AVI1.{1,12}|.{4}mjpg.{0,36}|Lavc[\d.]{2,20}\0?")
"""JFIF's and AVI's heads, Motion JPEG A's table of places (QTFF, "Motion-JPEG"), and libavcodec's signature."""


def changes(coding: bytes, stsd: bytes) -> Change | None:
    """What overwrites such messages in a sample of this coding; None for a coding that has none that we know."""
    if coding in _AVC:
        at = stsd.find(b"avcC")
        return partial(_sample, width=(stsd[at + 8] & 3) + 1 if at >= 0 else 4, high=False)
    if coding in _HEVC:
        at = stsd.find(b"hvcC")
        return partial(_sample, width=(stsd[at + 25] & 3) + 1 if at >= 0 else 4, high=True)
    return _jpeg if coding in _JPEGS else None


def _jpeg(data: bytes) -> bytes:
    """A sample that is a JPEG file, as it is; UnsupportedFormatError where its segments say something."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        told = data[at + 4 : at + 2 + length]
        if (0xE0 <= marker <= 0xEF or marker == 0xFE) and not _SILENT.fullmatch(told):
            raise UnsupportedFormatError("problem.clean.film.coding", coding="Motion JPEG")
        at += 2 + length
    return data


def _sample(data: bytes, width: int, high: bool) -> bytes:
    """A sample of units, each behind its length of `width` bytes; ValueError where more than zeros stands behind them.

    Players stop at a unit of no length, or of one that reaches beyond the sample (ISO 14496-15, 5.3.4.2).
    """
    at, copied, parts = 0, 0, []
    while at + width < len(data):
        body, end = at + width, at + width + int.from_bytes(data[at : at + width], "big")
        if end > len(data) or end == body:
            break
        sei = (data[body] >> 1 & 0x3F) in (39, 40) if high else data[body] & 0x1F == 6
        if sei and (unit := _without(data[body:end], width, high)) is not None:
            parts += [data[copied:at], unit]
            copied = end
        at = end
    if data[at:].strip(b"\0"):
        raise ValueError("bytes behind a sample's last unit")
    return b"".join((*parts, data[copied:])) if parts else data


def _without(unit: bytes, width: int, high: bool) -> bytes | None:
    """A unit with its length, user data replaced by filler of the same size; None where it has none."""
    head = 2 if high else 1
    raw = unit[head:].replace(b"\0\0\3", b"\0\0")
    stay, at, lost = b"", 0, False
    while at + 2 <= len(raw):
        start = at
        kind, at = _number(raw, at)
        size, at = _number(raw, at)
        if _tells(kind, raw[at : at + size]):
            lost = True
        else:
            stay += raw[start : at + size]
        at += size
    if not lost:
        return None
    whole = width + len(unit)
    left = _unit(unit[:head] + _escaped(stay + b"\x80"), width) if stay else b""
    if whole - len(left) < width + head + 1:
        left = b""
    return left + _filler(whole - len(left), width, high)


def _number(raw: bytes, at: int) -> tuple[int, int]:
    number = 0
    while at < len(raw) and raw[at] == 255:
        number, at = number + 255, at + 1
    return number + (raw[at] if at < len(raw) else 0), at + 1


def _tells(kind: int, payload: bytes) -> bool:
    if kind == _UNREGISTERED:
        return not _PLAIN.fullmatch(payload[16:].rstrip(b"\0"))
    return kind == _REGISTERED and not payload.startswith(_SHOWN)


_PLAIN = pattern(
    rb"x26[45] (?:- core |\(build )\d{1,4}[\w :+.()\[\]-]{0,120} - H\.26[45]/(?:MPEG-4 AVC|HEVC) codec - "
    rb"Copy\w{3,5} (?:\(c\) )?20\d\d-20\d\d[\w ,()-]{0,40} - http://(?:www\.videolan\.org/x264\.html|x265\.org)"
    rb" - options: [\w=.:,/()+| -]*"
)
"""The version and settings that x264 and x265 write into every film: old decoders go by them."""


def _escaped(raw: bytes) -> bytes:
    """With a byte 3 wherever two zeros would come before a byte up to 3."""
    return re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", raw)


def _unit(content: bytes, width: int) -> bytes:
    return len(content).to_bytes(width, "big") + content


def _filler(size: int, width: int, high: bool) -> bytes:
    """A unit of filler data, its length included."""
    head = b"\x4c\x01" if high else b"\x0c"
    return _unit(head + b"\xff" * (size - width - len(head) - 1) + b"\x80", width)
