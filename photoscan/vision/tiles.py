"""Cutting a large picture into overlapping tiles of even size."""

from __future__ import annotations

from math import ceil

from photoscan.geometry import Box


def tiles(width: int, height: int, size: int, overlap: int) -> list[Box]:
    """Boxes that cover width x height, each side at most `size`, neighbours sharing at least `overlap` pixels.

    The tiles are of one size, as small as the fewest rows and columns allow.
    """
    return [Box(x, y, w, h) for y, h in _spans(height, size, overlap) for x, w in _spans(width, size, overlap)]


def _spans(length: int, size: int, overlap: int) -> list[tuple[int, int]]:
    if length <= size:
        return [(0, length)]
    count = ceil((length - overlap) / (size - overlap))
    span = ceil((length + (count - 1) * overlap) / count)
    return [(round(i * (length - span) / (count - 1)), span) for i in range(count)]
