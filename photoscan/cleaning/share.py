"""How much of a picture is covered: what hides too much of a photo is rarely meant."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from photoscan.geometry import Box

LARGE = 1 / 3
"""Share of a picture from which it is said that so much is covered."""


def covered(boxes: Iterable[Box], width: int, height: int) -> float:
    """The share of a picture of that size that boxes cover together, 0 to 1; overlaps count once."""
    inside = [box.clipped(width, height) for box in boxes]
    inside = [box for box in inside if box.area]
    if not inside or not width or not height:
        return 0.0
    area = 0
    edges = sorted({edge for box in inside for edge in (box.x, box.x2)})
    for left, right in pairwise(edges):
        # Between two edges the same boxes lie over one another from side to side.
        area += (right - left) * _length((box.y, box.y2) for box in inside if box.x <= left and right <= box.x2)
    return area / (width * height)


def _length(spans: Iterable[tuple[int, int]]) -> int:
    """The length that spans cover together."""
    total, end = 0, -1
    for low, high in sorted(spans):
        total += max(0, high - max(low, end))
        end = max(end, high)
    return total
