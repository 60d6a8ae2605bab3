"""JPEG (ITU-T T.81): marker segments before, between and behind the scans, and what follows the end."""

from __future__ import annotations

from photoscan.metadata import exif, icc, iptc, xmp
from photoscan.metadata.entry import Collector, Role

MAX_SEGMENTS = 50_000
_CODING = frozenset({0xDB, 0xC4, 0xDD, 0xDC, 0xCC, 0xDE, 0xDF}) | frozenset(range(0xC0, 0xD0))
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"


def walk(data: bytes, found: Collector) -> None:
    """Every segment; coding tables and scans are skipped, all else is told."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        start = data.find(b"\xff", at)
        if start < 0:
            found.warn("no end of image")
            return
        marker_at = start
        while data[marker_at] == 0xFF:
            marker_at += 1
        marker, at = data[marker_at], marker_at + 1
        if marker == 0xD9:
            _tail(data, at, found)
            return
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        body, end = at + 2, min(at + max(2, length), len(data))
        if marker == 0xDA:
            at = _skip_scan(data, end)
            continue
        if marker not in _CODING:
            _segment(data, marker, body, end, found)
        at = end
    found.warn("too many segments")


def _skip_scan(data: bytes, at: int) -> int:
    """The next marker that is neither stuffing nor a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        if at + 1 < len(data) and data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    return len(data)


def _segment(data: bytes, marker: int, body: int, end: int, found: Collector) -> None:
    content = data[body:end]
    name = f"jpeg/APP{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else "jpeg/COM"
    if marker == 0xFE:
        found.add(name, "Comment", content, body, end - body)
    elif content.startswith(b"Exif\0"):
        exif.read(data, body + 6, end, "jpeg/exif", found)
    elif content.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
        xmp.read(content[29:], "jpeg/xmp", body + 29, end - body - 29, found)
    elif content.startswith(_EXTENDED):
        xmp.read(content[len(_EXTENDED) + 40 :], "jpeg/xmp-extended", body, end - body, found)
    elif content.startswith(b"ICC_PROFILE\0"):
        icc.read(content[14:], "jpeg/icc", body + 14, found)
    elif content.startswith(b"Photoshop 3.0\0"):
        iptc.read_resources(data, body + 14, end, "jpeg/photoshop", found)
    elif content.startswith(b"JFIF\0") and marker == 0xE0:
        if len(content) > 14:
            found.add(name, "JFIF thumbnail", content[14:64], body + 14, len(content) - 14, Role.THUMBNAIL)
    elif content.startswith(b"Adobe") and marker == 0xEE:
        if len(content) > 12:
            found.add(name, "Adobe surplus", content[12:64], body + 12, len(content) - 12, Role.UNKNOWN)
    elif content.startswith(b"JFXX\0"):
        found.add(name, "JFXX thumbnail", content[:64], body, end - body, Role.THUMBNAIL)
    elif content.startswith(b"MPF\0"):
        found.add(name, "MPF index", content[:64], body, end - body, Role.IMAGE)
    elif marker == 0xEB and content.startswith(b"JP"):
        found.add(name, "JUMBF", content[:64], body, end - body, Role.PROVENANCE)
    else:
        found.add(name, "unknown", content[:256], body, end - body, Role.UNKNOWN)


def _tail(data: bytes, at: int, found: Collector) -> None:
    if at >= len(data) or (not data[at : at + 4096].strip(b"\0") and not data[at:].strip(b"\0")):
        return
    tail = data[at : at + 64]
    role, name = Role.TRAILING, "data behind the end of image"
    if data.find(b"ftyp", at, at + 4096) >= 0:
        role, name = Role.VIDEO, "motion photo video"
    elif tail.startswith((b"\xff\xd8\xff", b"\x89PNG")):
        role, name = Role.IMAGE, "second image"
    found.add("jpeg/tail", name, tail, at, len(data) - at, role)
