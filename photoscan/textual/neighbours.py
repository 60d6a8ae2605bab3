"""Which lines belong together: blocks of lines under each other."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin

from photoscan.geometry import centroid
from photoscan.textline import TextLine

GAP = 2.2
"""Two lines are of one block when their middles are at most this many line heights apart across the reading
direction."""
APART = 3.0
"""... and at most this many heights apart along it."""

LARGER = 8.0
"""A name on a badge is at most this many times as high as the words above it."""


def blocks(lines: Sequence[TextLine]) -> list[list[int]]:
    """Indices of the lines of each block, in reading order. A caption is one block; a lone line is a block as well."""
    if any(line.polygon is None for line in lines):
        return [list(range(len(lines)))]
    owner = list(range(len(lines)))

    def root(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    for i in range(len(lines)):
        for j in range(i):
            if root(i) != root(j) and near(lines[i], lines[j]):
                owner[root(i)] = root(j)
    found: dict[int, list[int]] = {}
    for i in range(len(lines)):
        found.setdefault(root(i), []).append(i)
    return list(found.values())


def near(a: TextLine, b: TextLine) -> bool:
    """Whether two lines with polygons stand under or beside each other, written in about one direction and size."""
    if abs(sin(a.angle - b.angle)) > 0.3 or cos(a.angle - b.angle) < 0:
        return False
    small, large = sorted((a.height, b.height))
    if large > 2.5 * small:
        return False
    (ax, ay), (bx, by) = centroid(a.polygon or ()), centroid(b.polygon or ())
    dx, dy = bx - ax, by - ay
    along = abs(dx * cos(a.angle) + dy * sin(a.angle))
    across = abs(-dx * sin(a.angle) + dy * cos(a.angle))
    return across <= GAP * large and along - (a.length + b.length) / 2 <= APART * large


def label_above(lines: Sequence[TextLine], index: int) -> str:
    """The text of the line before, where it could label this one: next to it, and without a number of its own."""
    if index == 0:
        return ""
    above, line = lines[index - 1], lines[index]
    if sum(c.isdigit() for c in above.text) > 3:
        return ""
    if above.polygon is not None and line.polygon is not None and not near(above, line):
        return ""
    return above.text


def follows(label: TextLine, value: TextLine) -> bool:
    """Whether a line stands next to the one before it, so that it may be its value; always so in a caption."""
    return label.polygon is None or value.polygon is None or near(label, value)


def headed(label: TextLine, value: TextLine) -> bool:
    """Whether a line stands below the one before it, also where it is far larger, as a name on a badge is."""
    if label.polygon is None or value.polygon is None or near(label, value):
        return True
    if abs(sin(label.angle - value.angle)) > 0.3 or cos(label.angle - value.angle) < 0:
        return False
    small, large = sorted((label.height, value.height))
    (ax, ay), (bx, by) = centroid(label.polygon), centroid(value.polygon)
    angle = value.angle
    along = abs((bx - ax) * cos(angle) + (by - ay) * sin(angle))
    across = -(bx - ax) * sin(angle) + (by - ay) * cos(angle)
    return (
        large <= LARGER * small
        and 0 < across <= (label.height + value.height) / 2 + GAP * large
        and along <= (label.length + value.length) / 2
    )
