"""Where a JPEG ends and how large it is, by its markers alone (ITU-T T.81): nothing else is read."""

from __future__ import annotations

from photoscan.patterns import pattern

MAX_SEGMENTS = 1_000_000
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers that begin a frame: SOF0 to SOF15, without those between that mean something else."""
MARKER = pattern(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In a scan: a byte behind 0xFF that is neither stuffing nor a restart (nor a fill byte)."""


def end_of(data: bytes, start: int) -> int:
    """Where the picture that begins at a position ends, without reading what its segments say."""
    at = start + 2
    for _ in range(MAX_SEGMENTS):
        at = data.find(b"\xff", at)
        while 0 <= at < len(data) and data[at] == 0xFF:
            at += 1
        if at < 0 or at >= len(data):
            break
        marker = data[at]
        at += 1
        if marker == 0xD9:
            return at
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            continue
        at += max(2, int.from_bytes(data[at : at + 2], "big"))
        if marker == 0xDA:
            match = MARKER.search(data, at)
            at = match.start() if match else len(data)
    return len(data)


def frame_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the first frame header says."""
    at = 2
    for _ in range(200):
        at = data.find(b"\xff", at)
        if at < 0 or at + 9 > len(data):
            return None
        marker = data[at + 1]
        if marker in FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        if marker == 0xFF:
            at += 1
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD9:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None
