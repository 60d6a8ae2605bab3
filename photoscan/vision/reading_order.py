"""Reading order from geometry: rows along the writing direction, each row from start to end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, pi, sin

from photoscan.geometry import Point, centroid
from photoscan.textline import TextLine

SAME_ROW = 0.5
"""Two lines stand in one row when their middles differ by less than this share of the smaller height."""


def in_reading_order(lines: Iterable[TextLine]) -> tuple[TextLine, ...]:
    """Sort lines that have polygons; lines written in other directions follow those of the main one."""
    by_direction: dict[int, list[TextLine]] = {}
    for line in lines:
        by_direction.setdefault(round(line.angle / (pi / 2)) % 4, []).append(line)
    groups = sorted(by_direction.values(), key=len, reverse=True)
    return tuple(line for group in groups for line in _by_rows(group))


def _by_rows(lines: Sequence[TextLine]) -> list[TextLine]:
    longest = sorted(lines, key=lambda line: line.length)[len(lines) // 2 :]
    slant = sorted(line.angle for line in longest)[len(longest) // 2]
    places = {id(line): _turned(centroid(line.polygon or ()), -slant) for line in lines}
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda item: places[id(item)][1]):
        above = rows[-1][-1] if rows else None
        step = places[id(line)][1] - places[id(above)][1] if above else 0.0
        if above and step < SAME_ROW * min(line.height, above.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda item: places[id(item)][0])]


def _turned(point: Point, angle: float) -> Point:
    x, y = point
    return x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)
