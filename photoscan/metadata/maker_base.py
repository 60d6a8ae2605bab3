"""Where a maker note's directory stands and what its offsets count from, when an editor moved the note.

Programs that write EXIF anew move maker notes and leave the offsets in them as they were. Then values are where they
would be if the first of them stood right behind the directory, as nearly all makers have it (as ExifTool finds).
"""

from __future__ import annotations

import struct

from photoscan.metadata.ifd import Tag

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_GAPS = (4, 0, 2, 6, 12, 16, 24, 28)
"""Bytes that makers leave between a directory and its first value."""
MOST_TAGS = 500
FARTHEST = 32
"""Bytes from a note's start within which a directory is looked for where it is not where its maker has it."""


def directory_at(data: bytes, order: str, at: int, tag: Tag) -> tuple[str, int] | None:
    """The byte order and place of a note's directory: where it should be, or in the first bytes of the note."""
    orders = (order, "<" if order == ">" else ">")
    for place in (at, *range(tag.start, tag.start + FARTHEST + 1, 2)):
        for tried in orders:
            if _is_directory(data, tried, place, tag.end):
                return tried, place
    return None


def _is_directory(data: bytes, order: str, at: int, end: int) -> bool:
    if at < 0 or at + 14 > min(end, len(data)):
        return False
    (count,) = struct.unpack_from(order + "H", data, at)
    if not 1 <= count <= MOST_TAGS:
        return False
    kinds = [struct.unpack_from(order + "H", data, row + 2)[0] for row in _rows(data, at, count)]
    return bool(kinds) and all(kind in _SIZES for kind in kinds[:3])


def _rows(data: bytes, at: int, count: int) -> range:
    """Where each row of a directory begins, as far as it is there."""
    there = min(count, (len(data) - at - 2) // 12)
    return range(at + 2, at + 2 + 12 * there, 12)


def shift(data: bytes, order: str, base: int, at: int, tag: Tag, outer: int) -> int:
    """By how many bytes the offsets of the directory at a position are off. `outer`: what EXIF's own count from.

    0 where at least half of its values lie in the note as they should, or no other place makes more of them do.
    """
    (count,) = struct.unpack_from(order + "H", data, at)
    far: list[tuple[int, int]] = []
    for row in _rows(data, at, count):
        _, kind, size = struct.unpack_from(order + "HHI", data, row)
        if (length := _SIZES.get(kind, 0) * size) > 4:
            far.append((base + struct.unpack_from(order + "I", data, row + 8)[0], length))
    behind = at + 2 + 12 * count

    def inside(by: int) -> int:
        return sum(behind <= start + by and start + by + length <= tag.end for start, length in far)

    if not far:
        return 0
    first = min(start for start, _ in far)
    last = max(start + length for start, length in far)
    footer = data[tag.end - 8 : tag.end]
    if footer[:4] in (b"II*\0", b"MM\0*"):  # Canon writes where the note stood; some editors mend offsets, not this
        moved = tag.start - outer - struct.unpack(order + "I", footer[4:])[0]
        return moved if inside(moved) == len(far) and last not in (tag.end - 8, tag.end - 9) else 0
    if 2 * sum(tag.start <= start and start + length <= tag.end for start, length in far) >= len(far):
        return 0
    tried = [behind + gap - first for gap in _GAPS]
    best = max(tried, key=lambda by: (inside(by), tag.end - 1 <= last + by <= tag.end, -tried.index(by)))
    return best if inside(best) == len(far) else 0
