"""JPEG: tables, frame, scans and entropy bytes stay as they are; all application and comment segments go."""

from __future__ import annotations

from photoscan.patterns import pattern
from photoscan.stripping import adobe_rgb
from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.icc import cleaned
from photoscan.stripping.turning import Turns

_TABLES = frozenset((0xDB, 0xC4, 0xDD, 0xDC, 0xCC))
_HIERARCHICAL = (0xDE, 0xDF)
"""Pictures in steps of size (T.81, annex J), which no common decoder shows."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
MAX_SEGMENTS = 1_000_000
JFIF = b"\xff\xe0\x00\x10JFIF\0"
ICC = b"ICC_PROFILE\0"
XMP = b"http://ns.adobe.com/xap/1.0/\0"
RESOURCES = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0"
"""In front of the length of an IPTC block: Photoshop's image resource 0x0404 without a name."""
PART = 65_000
"""Bytes of a profile in one segment."""
_SCAN_END = pattern(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The first marker behind entropy bytes that is neither stuffing nor a restart, without its fill bytes."""
_FILL = pattern(rb"\xff{2,}([\x00\xd0-\xd7])")
"""Fill bytes in front of a restart marker; decoders pass over them in front of stuffing too."""


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild from SOI to EOI; ValueError when there is no frame, scan or end."""
    body: list[bytes] = []
    removed: list[Removed] = []
    head = _Head()
    frames = scans = 0
    at = 2
    for _ in range(MAX_SEGMENTS):
        start = data.index(b"\xff", at)
        if start > at:
            removed.append(Removed("bytes between segments", at, start - at))
        at = start
        while data[at] == 0xFF:
            at += 1
        marker, at = data[at], at + 1
        if marker == 0xD9:
            break
        if marker == 0xD8 or marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD7:
            removed.append(Removed("stray marker", start, at - start))
            continue
        end = at + int.from_bytes(data[at : at + 2], "big")
        if end < at + 2 or end > len(data):
            raise ValueError("segment out of bounds")
        if marker in _HIERARCHICAL:
            raise ValueError("hierarchical coding")
        content = data[at + 2 : end]
        if marker == 0xDA:
            stop = scan_end(data, end)
            body.append(b"\xff\xda" + data[at:end] + _FILL.sub(b"\xff\\1", data[end:stop]))
            scans += 1
            end = stop
        elif marker in _TABLES or marker in _FRAMES:
            body.append(b"\xff" + bytes((marker,)) + data[at:end])
            frames += marker in _FRAMES
        else:
            removed += head.take(marker, content, start, bool(scans))
        at = end
    if at < len(data):
        removed.append(Removed("data behind the end of image", at, len(data) - at))
    if frames != 1 or not scans:
        raise ValueError("not one picture")
    return Stripped(b"".join([b"\xff\xd8", *head.written(keep), *body, b"\xff\xd9"]), tuple(removed))


class _Head:
    """What of the application segments stays: how colours are coded, the colour profile, and which way is up."""

    def __init__(self) -> None:
        self.jfif = self.adobe = b""
        self.turns = Turns()
        self.profile: dict[int, bytes] = {}
        self.wide = False

    def take(self, marker: int, content: bytes, start: int, late: bool) -> list[Removed]:
        """Take a segment that starts at a position; what of it is left out. `late`: it stands behind the first scan,
        where decoders no longer ask which way is up.
        """
        # Decoders pass over such segments where they are shorter (libjpeg, jdmarker.c).
        if marker == 0xE0 and content[:5] == b"JFIF\0" and len(content) >= 14 and not self.jfif:
            self.jfif = JFIF + content[5:12] + b"\0\0"
            return [Removed("JFIF thumbnail", start + 18, len(content) - 14)] if len(content) > 14 else []
        if marker == 0xEE and content[:5] == b"Adobe" and len(content) >= 12 and not self.adobe:
            self.adobe = b"\xff\xee\x00\x0e" + content[:12]
            return [Removed("Adobe surplus", start + 16, len(content) - 12)] if len(content) > 12 else []
        self.wide |= content[:6] == b"Exif\0\0" and adobe_rgb.meant(content[6:])
        if content[:6] == b"Exif\0\0" and not late:
            self.turns.exif(content)
        elif content[: len(XMP)] == XMP and not late:
            self.turns.xmp(content)
        elif content[:12] == ICC and len(content) > 14:
            self.profile[content[12]] = content[14:]
        return [Removed(_name(marker, content), start, len(content) + 4)]

    def written(self, keep: Keep) -> list[bytes]:
        """The segments of the copy, EXIF and XMP written anew, the profile from its numbered pieces."""
        segments = [self.jfif, self.adobe]
        turn = self.turns.chosen
        if statements := keep.exif(turn):
            segments.append(b"\xff\xe1" + (len(statements) + 8).to_bytes(2, "big") + b"Exif\0\0" + statements)
        if packet := keep.packet(turn):
            segments.append(_segment(0xE1, XMP + packet))
        if keep.iptc:
            padded = keep.iptc + bytes(len(keep.iptc) & 1)
            segments.append(_segment(0xED, RESOURCES + len(keep.iptc).to_bytes(4, "big") + padded))
        segments += [_segment(0xFE, text.encode()) for _, text in keep.texts]
        parts = self.profile or ({1: adobe_rgb.profile()} if self.wide else {})
        if keep.profile and parts:
            segments += _icc(b"".join(parts[i] for i in sorted(parts)))
        return segments


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def scan_end(data: bytes, at: int) -> int:
    """Where the entropy bytes that begin at a position end, without fill bytes; ValueError when no marker ends them."""
    match = _SCAN_END.search(data, at)
    if match is None:
        raise ValueError("no end of image")
    end = match.start()
    while end > at and data[end - 1] == 0xFF:
        end -= 1
    return end


def coded_only(data: bytes) -> bytes:
    """A JPEG stream inside another container, whole or abbreviated, without comments and application segments.

    The Adobe segment stays: it says how colours are coded. ValueError for a stream that makes no sense.
    """
    out, at = [b"\xff\xd8"], 2
    for _ in range(MAX_SEGMENTS):
        at = data.index(b"\xff", at)
        while data[at] == 0xFF:
            at += 1
        marker, at = data[at], at + 1
        if marker == 0xD9:
            return b"".join([*out, b"\xff\xd9"])
        end = at + int.from_bytes(data[at : at + 2], "big")
        if marker in (0x00, 0x01, *_HIERARCHICAL) or 0xD0 <= marker <= 0xD8 or end < at + 2 or end > len(data):
            raise ValueError("segment out of bounds")
        stop = scan_end(data, end) if marker == 0xDA else end
        if marker in _TABLES or marker in _FRAMES or marker == 0xDA:
            out.append(b"\xff" + bytes((marker,)) + data[at:stop])
        elif marker == 0xEE and data[at + 2 : at + 7] == b"Adobe" and end - at >= 14:
            out.append(b"\xff\xee\x00\x0e" + data[at + 2 : at + 14])
        at = stop
    raise ValueError("too many segments")


def _icc(profile: bytes) -> list[bytes]:
    kept = cleaned(profile)
    if kept is None:
        return []
    parts = [kept[i : i + PART] for i in range(0, len(kept), PART)]
    return [
        b"\xff\xe2" + (len(part) + 16).to_bytes(2, "big") + ICC + bytes((i, len(parts))) + part
        for i, part in enumerate(parts, 1)
    ]


def _name(marker: int, content: bytes) -> str:
    if marker == 0xFE:
        return "comment"
    known = ((b"Exif", "EXIF"), (b"http://ns.adobe.com/xap", "XMP"), (b"http://ns.adobe.com/xmp/ext", "extended XMP"),
             (ICC, "colour profile"), (b"Photoshop", "Photoshop resources"), (b"MPF", "multi-picture index"),
             (b"JP", "C2PA"))  # fmt: skip
    return next((name for start, name in known if content.startswith(start)), f"segment {marker:#x}")
