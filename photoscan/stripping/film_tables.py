"""Tables of a film's track for the stripper: where its chunks lie, and each table without what stands behind its rows
(ISO 14496-12, 8.6 and 8.7)."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable

from photoscan.stripping.boxes import box

MOST_ROWS = 4_000_000
_ROWS = {b"stts": 8, b"ctts": 8, b"stsc": 12, b"stss": 4, b"stps": 4}
"""Bytes of a row in tables with version, flags and a count in front."""
_PREROLL = (b"roll", b"prol", b"rap ", b"sync")
"""Groups of samples that tell where decoding may begin."""
_PLAIN = (b"twos", b"sowt", b"raw ", b"NONE", b"in24", b"in32", b"fl32", b"fl64", b"lpcm", b"ulaw", b"alaw")
Change = Callable[[bytes], bytes]
Tables = dict[bytes, bytes]
"""The contents of a sample table's boxes by their type."""


def chunks(data: bytes, stbl: Tables, sound: bytes, change: Change | None) -> list[tuple[int, bytes]]:
    """Offset and bytes of each chunk, its samples changed without another length.

    `sound`: the coding's four characters where the track is sound, else nothing. ValueError where tables contradict one
    another or the file.
    """
    offsets = numbers(stbl[b"co64"], 4, 8) if b"co64" in stbl else numbers(stbl[b"stco"], 4, 4)
    size, sizes, total = _sizes(stbl)
    runs = list(struct.iter_unpack(">III", rows(stbl[b"stsc"], 4, 12)))
    packed = _frames(stbl[b"stsd"], sound, size) if sound else None
    found: list[tuple[int, bytes]] = []
    sample, run, copied = 0, 0, 0
    for index, offset in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= index:
            run += 1
        count = min(runs[run][1], max(0, total - sample))
        if packed:
            length = count * packed[0] // packed[1]
        else:
            length = sum(sizes[sample : sample + count]) if sizes else count * size
        copied += length
        if offset + length > len(data) or copied > 2 * len(data):
            raise ValueError("a chunk is behind the end, or chunks overlap")
        raw = data[offset : offset + length]
        if change is not None:
            raw = _changed(raw, sizes[sample : sample + count] if sizes else array("I", [size]) * count, change)
        found.append((offset, raw))
        sample += count
    return found


def _changed(raw: bytes, sizes: array[int], change: Change) -> bytes:
    at, parts = 0, []
    for size in sizes:
        parts.append(change(raw[at : at + size]))
        at += size
    return b"".join(parts)


def _frames(stsd: bytes, sound: bytes, size: int) -> tuple[int, int] | None:
    """How many bytes so many samples of QuickTime's sound have, where its table of sizes does not tell (QTFF, "Sound
    Sample Description"); None where it does."""
    version, channels, bits = struct.unpack_from(">H6xHH", stsd, 24)
    if version == 1 and size <= 1:
        packet, _, frame = struct.unpack_from(">III", stsd, 44)
        return (frame, packet) if packet and frame else None
    return (channels * bits, 8) if size == 1 and bits >= 8 and sound in _PLAIN and version == 0 else None


def _sizes(stbl: Tables) -> tuple[int, array[int], int]:
    """The size that all samples have or 0, each one's size, and how many there are."""
    if b"stsz" in stbl:
        size, count = struct.unpack_from(">II", stbl[b"stsz"], 4)
        return size, array("I") if size else numbers(stbl[b"stsz"], 8, 4), count
    width, count = struct.unpack_from(">3xBI", stbl[b"stz2"], 4)
    raw = stbl[b"stz2"][12:]
    if count > min(MOST_ROWS, len(raw) * 8 // max(1, width)) or width not in (4, 8, 16):
        raise ValueError("too many samples")
    if width == 16:
        return 0, array("I", struct.unpack_from(f">{count}H", raw)), count
    if width == 4:
        raw = bytes(half for byte in raw for half in (byte >> 4, byte & 15))
    return 0, array("I", raw[:count]), count


def rows(content: bytes, head: int, width: int) -> bytes:
    """The rows of a table whose count stands behind `head` bytes; ValueError for more than are there."""
    (count,) = struct.unpack_from(">I", content, head)
    end = head + 4 + count * width
    if count > MOST_ROWS or end > len(content):
        raise ValueError("a table is longer than its box")
    return content[head + 4 : end]


def numbers(content: bytes, head: int, width: int) -> array[int]:
    """The rows of a table as numbers."""
    found = array("Q" if width == 8 else "I", rows(content, head, width))
    if sys.byteorder == "little":
        found.byteswap()
    return found


def kept(kind: bytes, content: bytes, count: int) -> bytes:
    """A table box with its rows alone; nothing for one that playing can do without. `count`: how many samples."""
    if kind in _ROWS:
        return box(kind, content[:8], rows(content, 4, _ROWS[kind]))
    if kind == b"stsz":
        (size,) = struct.unpack_from(">I", content, 4)
        return box(kind, content[:12], b"" if size else rows(content, 8, 4))
    if kind == b"stz2":
        (width,) = struct.unpack_from(">3xB", content, 4)
        return box(kind, content[: 12 + -(-count * width // 8)])
    if kind == b"cslg":
        return box(kind, content[: 44 if content[0] else 24])
    if kind == b"sdtp":
        return box(kind, content[: 4 + count])
    if kind == b"sbgp" and content[4:8] in _PREROLL and content[0] == 0:
        return box(kind, content[:12], rows(content, 8, 8))
    if kind == b"sgpd" and content[4:8] in _PREROLL and content[0] == 1:
        (width,) = struct.unpack_from(">I", content, 8)
        return box(kind, content[:16], rows(content, 12, width)) if 0 < width <= 2 else b""
    return b""


def samples_in(stbl: Tables) -> int:
    """How many samples a track has."""
    kind = b"stsz" if b"stsz" in stbl else b"stz2"
    return int.from_bytes(stbl[kind][8:12], "big")
