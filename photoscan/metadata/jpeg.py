"""JPEG (ITU-T T.81): marker segments before, between and behind the scans, and what follows the end."""

from __future__ import annotations

from photoscan.metadata import tail
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.jpeg_marks import FRAMES, MARKER, MAX_SEGMENTS
from photoscan.metadata.jpeg_segments import Segments

_CODING = frozenset({0xDB, 0xC4, 0xDD, 0xDC, 0xCC, 0xDE, 0xDF}) | FRAMES


def walk(block: Block, path: str, found: Collector) -> None:
    """Every segment but coding tables and scans, and everything behind the end of the image."""
    end = image(block, path, found)
    tail.read(block, end, path, found)


def image(block: Block, path: str, found: Collector) -> int:
    """Every segment of the picture at the block's start; the position behind its end."""
    data, at = block.data, 2
    segments = Segments(block, path, found)
    end = len(data)
    for _ in range(MAX_SEGMENTS):
        start = data.find(b"\xff", at)
        if start < 0:
            found.warn("no end of image")
            break
        found.unknown(block, path, "bytes between segments", at, start)
        at = start
        while data[at : at + 1] == b"\xff":
            at += 1
        marker = data[at] if at < len(data) else 0xD9
        at += 1
        if marker == 0xD9:
            end = at
            break
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        body, stop = at + 2, min(at + max(2, length), len(data))
        if marker == 0xDA:
            found.unknown(
                block, path, "surplus in a scan header", body + 1 + 2 * data[min(body, len(data) - 1)] + 3, stop
            )
            match = MARKER.search(data, stop)
            at = match.start() if match else len(data)
            continue
        if marker in _CODING:
            surplus = body + _needed(marker, data, body, stop)
            found.unknown(block, path, f"surplus in segment {marker:#x}", surplus, stop)
        else:
            segments.take(marker, body, stop)
        at = stop
    else:
        found.warn("too many segments")
    segments.finish()
    return min(end, len(data))


def _needed(marker: int, data: bytes, body: int, stop: int) -> int:
    """How many bytes of a coding segment mean something; the rest could hold anything."""
    size = stop - body
    if marker in FRAMES or marker == 0xDE:
        return 6 + 3 * data[body + 5] if size > 5 else size
    if marker in (0xDD, 0xDC):
        return 2
    at = 0
    if marker == 0xDB:
        while at < size and data[body + at] >> 4 <= 1 and data[body + at] & 15 <= 3:
            at += 65 + 64 * (data[body + at] >> 4)
    elif marker == 0xC4:
        while at + 17 <= size and data[body + at] >> 4 <= 1 and data[body + at] & 15 <= 3:
            at += 17 + sum(data[body + at + 1 : body + at + 17])
    else:
        return size
    return min(at, size)
