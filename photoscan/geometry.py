"""Boxes and polygons in pixels of the upright photo: x to the right, y down, origin top left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, sin

Point = tuple[float, float]
Polygon = tuple[Point, ...]


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """An axis-parallel rectangle, [x, x + w) by [y, y + h).

    `x`, `y`, `w` and `h` are whole pixels of the upright photo: x to the right, y down, the origin at the top left.
    Nothing is checked: a box may lie outside of a picture, and is empty where `w` or `h` is 0 pixels or less.
    """

    x: int
    y: int
    w: int
    h: int

    @property
    def x2(self) -> int:
        """The first column right of the box, in pixels from the left edge."""
        return self.x + self.w

    @property
    def y2(self) -> int:
        """The first row below the box, in pixels from the top edge."""
        return self.y + self.h

    @property
    def area(self) -> int:
        """Square pixels; 0 for an empty box."""
        return max(0, self.w) * max(0, self.h)

    @property
    def centre(self) -> Point:
        """The middle, as (x, y) in pixels."""
        return self.x + self.w / 2, self.y + self.h / 2

    def as_list(self) -> list[int]:
        """[x, y, w, h] in pixels, the form used in reports."""
        return [self.x, self.y, self.w, self.h]

    @staticmethod
    def from_edges(x1: float, y1: float, x2: float, y2: float) -> Box:
        """The smallest box that covers the edges `x1`, `y1` (left, top), `x2` and `y2` (right, bottom), in pixels.

        Raises nothing of its own.
        """
        left, top = floor(x1), floor(y1)
        return Box(left, top, max(0, ceil(x2) - left), max(0, ceil(y2) - top))

    @staticmethod
    def around(points: Iterable[Point]) -> Box:
        """The smallest box that covers all `points`, which are (x, y) in pixels.

        Raises ValueError when there are none.
        """
        xs, ys = zip(*points, strict=True)
        return Box.from_edges(min(xs), min(ys), max(xs), max(ys))

    @staticmethod
    def union(boxes: Iterable[Box]) -> Box:
        """The smallest box that covers all `boxes`, in pixels. Raises ValueError when there are none."""
        all_boxes = list(boxes)
        return Box.from_edges(
            min(b.x for b in all_boxes),
            min(b.y for b in all_boxes),
            max(b.x2 for b in all_boxes),
            max(b.y2 for b in all_boxes),
        )

    def grown(self, across: float, down: float | None = None) -> Box:
        """Grown on each side: by `across`, a share of its own width, and by `down`, a share of its own height.

        `down` is the same share as `across` where it is None. The result is in whole pixels. Raises nothing of its own.
        """
        dx, dy = self.w * across, self.h * (across if down is None else down)
        return Box.from_edges(self.x - dx, self.y - dy, self.x2 + dx, self.y2 + dy)

    def scaled(self, factor: float) -> Box:
        """The same box in the pixels of a picture `factor` times as large. Raises nothing of its own."""
        return Box.from_edges(self.x * factor, self.y * factor, self.x2 * factor, self.y2 * factor)

    def clipped(self, width: int, height: int) -> Box:
        """The part inside a picture of `width` x `height` pixels; empty (w or h 0) when there is none.

        Raises nothing of its own.
        """
        x1, y1 = min(max(0, self.x), width), min(max(0, self.y), height)
        x2, y2 = min(max(0, self.x2), width), min(max(0, self.y2), height)
        return Box(x1, y1, max(0, x2 - x1), max(0, y2 - y1))

    def intersection(self, other: Box) -> int:
        """Square pixels that this box shares with `other`. Raises nothing of its own."""
        w = min(self.x2, other.x2) - max(self.x, other.x)
        h = min(self.y2, other.y2) - max(self.y, other.y)
        return w * h if w > 0 and h > 0 else 0

    def iou(self, other: Box) -> float:
        """Intersection over union with `other`, 0..1 (Jaccard's index, 1901). Raises nothing of its own."""
        shared = self.intersection(other)
        return shared / (self.area + other.area - shared) if shared else 0.0

    def coverage_by(self, other: Box) -> float:
        """The share of this box's square pixels that lie inside `other`, 0..1. Raises nothing of its own."""
        return self.intersection(other) / self.area if self.area else 0.0


def centroid(polygon: Sequence[Point]) -> Point:
    """The mean of the corners, which is all that ordering lines needs."""
    return sum(p[0] for p in polygon) / len(polygon), sum(p[1] for p in polygon) / len(polygon)


def corners(box: Box) -> Polygon:
    """The four corners, clockwise from the top left."""
    return (box.x, box.y), (box.x2, box.y), (box.x2, box.y2), (box.x, box.y2)


def polygon_area(polygon: Sequence[Point]) -> float:
    """Square pixels inside a simple polygon (the shoelace formula)."""
    return abs(_signed_area(polygon))


def shared_area(a: Sequence[Point], b: Sequence[Point]) -> float:
    """Square pixels that two convex polygons share."""
    shape = clipped(a, b)
    return polygon_area(shape) if len(shape) > 2 else 0.0


def clipped(a: Sequence[Point], b: Sequence[Point]) -> Polygon:
    """The part of a polygon inside a convex one (Sutherland and Hodgman's clipping, 1974); () where there is none."""
    shape = list(a)
    clockwise = _signed_area(b) > 0
    for p, q in zip(b, [*b[1:], b[0]], strict=True):
        if not shape:
            return ()
        sides = [
            ((q[0] - p[0]) * (c[1] - p[1]) - (q[1] - p[1]) * (c[0] - p[0])) * (1 if clockwise else -1) for c in shape
        ]
        kept: list[Point] = []
        for i, (corner, side) in enumerate(zip(shape, sides, strict=True)):
            before, side_before = shape[i - 1], sides[i - 1]
            if side * side_before < 0:
                t = side_before / (side_before - side)
                kept.append((before[0] + t * (corner[0] - before[0]), before[1] + t * (corner[1] - before[1])))
            if side >= 0:
                kept.append(corner)
        shape = kept
    return tuple(shape)


def rotated(points: Iterable[Point], angle: float) -> Polygon:
    """Points turned about the origin by an angle in radians, clockwise as seen on the screen."""
    c, s = cos(angle), sin(angle)
    return tuple((x * c - y * s, x * s + y * c) for x, y in points)


def mirrored_box(box: Box, width: int) -> Box:
    """A box of a picture that is `width` pixels wide in that picture flipped from left to right, and the way back."""
    return Box(width - box.x2, box.y, box.w, box.h)


def mirrored_polygon(polygon: Sequence[Point], width: int) -> Polygon:
    """The same of an outline; what was clockwise is so again, from the last corner on."""
    return tuple((width - x, y) for x, y in reversed(polygon))


def _signed_area(polygon: Sequence[Point]) -> float:
    following = [*polygon[1:], polygon[0]]
    return sum(x * v - u * y for (x, y), (u, v) in zip(polygon, following, strict=True)) / 2


def on_upright(box: Box, orientation: int, width: int, height: int) -> Box:
    """A box of the coded picture in the upright one of that size. `orientation`: EXIF's, 1..8 (TIFF 6.0, tag 274)."""
    x, y, w, h = box.x, box.y, box.w, box.h
    if orientation >= 5:
        x, y, w, h = y, x, h, w
    if orientation in (2, 3, 6, 7):
        x = width - x - w
    if orientation in (3, 4, 7, 8):
        y = height - y - h
    return Box(x, y, w, h)


def on_coded(box: Box, orientation: int, width: int, height: int) -> Box:
    """A box of the upright picture, which has that size, in the coded one: the way back from `on_upright`."""
    x, y, w, h = box.x, box.y, box.w, box.h
    if orientation in (2, 3, 6, 7):
        x = width - x - w
    if orientation in (3, 4, 7, 8):
        y = height - y - h
    return Box(y, x, h, w) if orientation >= 5 else Box(x, y, w, h)
