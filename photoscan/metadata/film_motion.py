"""Positions that a film tells over and over: in data tracks, subtitles and dashcams' free boxes.

GoPro's GPMF (github.com/gopro/gpmf-parser), Google's CAMM (Camera Motion Metadata Spec), Apple's timed metadata
(QuickTime File Format, "Timed Metadata"), Sony's rtmd, texts of DJI, NMEA 0183, and Novatek's 'freeGPS ' as ExifTool
reads them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence

from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import text
from photoscan.patterns import pattern

Place = tuple[float, float]
MAX_PLACES, MAX_KEYS = 20, 3000
"""Positions of one track that are told, from its whole length, and rows of GPMF that are looked at in one sample."""


def tell(block: Block, places: Sequence[tuple[Place, int, int]], path: str, found: Collector) -> None:
    """Positions with the bytes that hold them: those told are spread over all, the first and the last among them."""
    count = len(places)
    chosen = range(count) if count <= MAX_PLACES else [i * (count - 1) // (MAX_PLACES - 1) for i in range(MAX_PLACES)]
    for (latitude, longitude), start, end in (places[i] for i in chosen):
        value = f"{latitude:+010.6f}{longitude:+011.6f}/"
        found.add(block, path, "GPSCoordinates", value, start, end, about=f"{count} positions" if count > 1 else "")


def plausible(latitude: float, longitude: float) -> bool:
    """Whether a device with a fix may have written this."""
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (abs(latitude) > 1e-6 or abs(longitude) > 1e-6)


def read(block: Block, path: str, found: Collector) -> None:
    """GPMF: rows of key, type, size and count; those of type 0 hold others."""
    places: list[tuple[Place, int, int]] = []
    for key, kind, size, start, end in _rows(block.data, 0, len(block.data), [MAX_KEYS], {}):
        raw = block.data[start:end]
        if key == b"GPS\0":
            places.append(((kind[0], kind[1]), start, end))
        elif key in _GPMF_TEXTS and size == 1 and (value := text(raw)):
            found.add(block, path, _GPMF_TEXTS[key], value, start, end)
        elif key == b"MUID":
            found.add(block, path, "UniqueDocumentID", raw.hex(), start, end)
    tell(block, places, path, found)


_GPMF_TEXTS = {
    b"DVNM": "Model", b"MINF": "Model", b"CASN": "SerialNumber", b"FMWR": "FirmwareVersion", b"GPSU": "GPSDateStamp",
}  # fmt: skip
Row = tuple[bytes, tuple[float, ...], int, int, int]


def _rows(data: bytes, start: int, end: int, left: list[int], scale: dict[bytes, tuple[float, ...]]) -> Iterator[Row]:
    while start + 8 <= end and left[0] > 0:
        left[0] -= 1
        key, kind, size, count = struct.unpack_from(">4sBBH", data, start)
        body, stop = start + 8, start + 8 + size * count
        if stop > end:
            return
        if kind == 0:
            yield from _rows(data, body, stop, left, {})
        elif key == b"SCAL" and kind in (ord("l"), ord("s")) and size in (2, 4):
            scale[key] = struct.unpack_from(f">{count}{'i' if size == 4 else 'h'}", data, body)
        elif key in (b"GPS5", b"GPS9") and size >= 8:
            by = scale.get(b"SCAL", (1e7, 1e7))
            a, b = (by[0], by[1 if len(by) > 1 else 0]) if all(by) else (1e7, 1e7)
            for at in range(body, stop, size):
                latitude, longitude = struct.unpack_from(">ii", data, at)
                if plausible(latitude / a, longitude / b):
                    yield b"GPS\0", (latitude / a, longitude / b), size, at, at + 8
        else:
            yield key, (), size, body, stop
        start = (stop + 3) & ~3


def camm(data: bytes, start: int, end: int) -> Iterator[Place]:
    """Types 5 and 6 of Google's motion packets: position in doubles, little-endian."""
    kind = int.from_bytes(data[start + 2 : start + 4], "little")
    at = start + (4 if kind == 5 else 16)
    if kind in (5, 6) and at + 16 <= end:
        yield struct.unpack_from("<dd", data, at)


def rtmd(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Sony's rows: tag, where its value begins and ends."""
    at = start + int.from_bytes(data[start : start + 2], "big")
    for _ in range(500):
        if at + 4 > end:
            return
        tag, size = struct.unpack_from(">HH", data, at)
        if tag == 0x060E:
            size = 16
            at -= 4
        yield tag, at + 4, min(at + 4 + size, end)
        at += 4 + size


def sony_place(data: bytes, start: int, end: int) -> Place | None:
    """A position in tags 0x8501 to 0x8504: references and three rationals."""
    rows = {tag: data[a:b] for tag, a, b in rtmd(data, start, end)}
    try:
        latitude, longitude = (_rational(rows[tag]) for tag in (0x8502, 0x8504))
    except (KeyError, ZeroDivisionError, struct.error):
        return None
    south, west = rows.get(0x8501, b"")[:1] == b"S", rows.get(0x8503, b"")[:1] == b"W"
    return (-latitude if south else latitude), (-longitude if west else longitude)


def _rational(raw: bytes) -> float:
    numbers: tuple[int, ...] = struct.unpack_from(">6I", raw)
    return sum((numbers[2 * i] / numbers[2 * i + 1] / 60.0**i for i in range(3)), 0.0)


def keys_of(data: bytes, entry: Box) -> dict[bytes, str]:
    """Names of what samples of an 'mebx' track hold, by their local numbers."""
    found = {}
    for box in boxes(data, entry.body + 8, entry.end):
        if box.kind == b"keys":
            for row in boxes(data, box.body, box.end):
                for part in boxes(data, row.body, row.end):
                    if part.kind == b"keyd":
                        found[row.kind] = text(data[part.body + 4 : part.end])
    return found


_DEGREES = r"([-+]?\d{1,3}\.\d{3,})"
_WRITTEN = (
    (pattern(rf"GPS\s*\(\s*{_DEGREES}\s*,\s*{_DEGREES}"), True),
    (pattern(rf"\[?latitude\s*:\s*{_DEGREES}\]?\s*\[?long(?:t?)itude\s*:\s*{_DEGREES}"), False),
)
"""How subtitles write positions, and whether longitude comes first."""


def in_words(words: str) -> Iterator[Place]:
    """Positions in a drone's subtitles: 'GPS(longitude, latitude, height)' and '[latitude: ...] [longitude: ...]'."""
    for written, turned in _WRITTEN:
        for match in written.finditer(words):
            first, second = float(match[1]), float(match[2])
            yield (second, first) if turned and abs(second) <= 90 else (first, second)
    yield from (place for place, _, _ in nmea(words.encode("latin-1", "replace")))


_SENTENCE = pattern(rb"\$G[PNLAB](?:RMC,[\d.]*,A|GGA,[\d.]*),(\d{2,3})(\d\d\.\d+),([NS]),(\d{2,3})(\d\d\.\d+),([EW]),")


def nmea(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[Place, int, int]]:
    """Positions in sentences RMC and GGA of NMEA 0183."""
    for match in _SENTENCE.finditer(data, start, len(data) if end is None else end):
        latitude, longitude = float(match[1]) + float(match[2]) / 60, float(match[4]) + float(match[5]) / 60
        place = -latitude if match[3] == b"S" else latitude, -longitude if match[6] == b"W" else longitude
        yield place, match.start(), match.end()


_DASHCAM = pattern(rb"A([NS])([EW])\0(.{4})(.{4})|A\0{3}(.{4})([NS])\0{3}(.{4})([EW])\0{3}", re.DOTALL)


def free_gps(data: bytes, start: int, end: int) -> Iterator[tuple[Place, int, int]]:
    """The position in a dashcam's box: degrees and minutes in one number, as NMEA writes them, in floats."""
    yield from nmea(data, start, end)
    for match in _DASHCAM.finditer(data, start, min(end, start + 512)):
        north, east = match[1] or match[6], match[2] or match[8]
        numbers = [struct.unpack("<f", part)[0] for part in (match[3] or match[5], match[4] or match[7])]
        latitude, longitude = (int(n / 100) + (n - 100 * int(n / 100)) / 60 if 0 <= n < 18100 else 999 for n in numbers)
        place = -latitude if north == b"S" else latitude, -longitude if east == b"W" else longitude
        if plausible(*place):
            yield place, match.start(), match.end()
            return


def tell_words(block: Block, words: str, start: int, end: int, path: str, found: Collector) -> None:
    """Positions in a text, by the bytes that hold it."""
    tell(block, [(place, start, end) for place in in_words(words)], path, found)


def texts(block: Block, start: int, end: int, path: str, found: Collector) -> str:
    """The text of a subtitle's sample, behind its length (3GPP TS 26.245)."""
    length = int.from_bytes(block.data[start : start + 2], "big")
    words = text(block.data[start + 2 : min(start + 2 + length, end)])
    if words:
        found.add(block, path, "Subtitle", words, start + 2, min(start + 2 + length, end))
    return words


def hidden(block: Block, path: str, field: str, spans: Sequence[tuple[int, int]], about: str, found: Collector) -> None:
    """A track that nobody is shown: one part, told by its first bytes."""
    start, end = spans[0] if spans else (0, 0)
    role = Role.VIDEO if field in ("picture track", "sound track") else Role.UNKNOWN
    found.add(block, path, field, block.data[start : min(end, start + 64)], start, end, role, about)
