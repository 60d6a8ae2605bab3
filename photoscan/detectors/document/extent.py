"""Where a document lies: which lines, faces and codes are on one, and how far it reaches beyond them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import atan2, cos, pi, sin

from photoscan.detectors.document.cues import TITLE, WORDS, ZONE, Cue
from photoscan.geometry import Box, Point, Polygon, corners, rotated
from photoscan.textline import TextLine
from photoscan.vision import outline as search
from photoscan.vision.outline import Extent
from photoscan.vision.pyramid import Pyramid

REACH = 4.0
"""Line heights between lines of one document; titles, numbers and names stand apart on cards."""
SAME_SLANT = 10 * pi / 180
"""Radians between lines of one document; lines of a few letters are measured badly and may differ twice as much."""
HEIGHTS = 3.5
"""The highest line of a document against its lowest."""
FACE_LINES = (2.5, 20.0)
"""Heights of a document's portrait in lines: the face of somebody who holds it is larger."""
FACE_REACH = 1.5
"""Heights of the face between it and the lines."""


@dataclass(frozen=True)
class Group:
    """Lines that stand together, with what else lies among them: `polygons` of faces and codes."""

    lines: tuple[TextLine, ...]
    polygons: tuple[Polygon, ...] = ()

    @cached_property
    def angle(self) -> float:
        """The reading direction in radians: the mean of the lines', longer ones count more; 0 without lines."""
        x = sum(line.length * cos(line.angle) for line in self.lines)
        y = sum(line.length * sin(line.angle) for line in self.lines)
        return atan2(y, x) if self.lines else 0.0

    @cached_property
    def line_height(self) -> float:
        """The median line's; a twentieth of the whole without lines."""
        heights = sorted(line.height for line in self.lines)
        return heights[len(heights) // 2] if heights else self.extent.height / 20

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Every corner, in pixels of the photo."""
        return tuple(p for polygon in (*(line.polygon or () for line in self.lines), *self.polygons) for p in polygon)

    @cached_property
    def extent(self) -> Extent:
        """The rectangle around everything, in the frame of the reading direction."""
        return Extent.around(rotated(self.points, -self.angle))

    def gap_to(self, polygon: Polygon) -> float:
        """Pixels between the rectangle and a polygon: the larger of along and across; 0 or less where they touch."""
        return _gap(self.extent, Extent.around(rotated(polygon, -self.angle)))

    def with_faces(self, boxes: Sequence[Box]) -> Group:
        """With the faces that are of the size of a portrait and stand beside or among the lines."""
        least, most = (n * self.line_height for n in FACE_LINES)
        near = [c for b in boxes if least <= b.h <= most and self.gap_to(c := corners(b)) <= FACE_REACH * b.h]
        return Group(self.lines, (*self.polygons, *near))

    def with_codes(self, polygons: Sequence[Polygon]) -> Group:
        """With the codes that stand beside or among the lines."""
        near = [p for p in polygons if self.gap_to(p) <= REACH * self.line_height and p not in self.polygons]
        return Group(self.lines, (*self.polygons, *near))


def groups(lines: Sequence[TextLine], cues: Sequence[Cue], reach: float = REACH) -> Iterator[Group]:
    """The groups of lines and codes that hold a cue; where one holds the cues of two documents, a group for each."""
    placed = [line for line in lines if line.polygon is not None]
    of_lines = {line.polygon for line in placed}
    codes = tuple(dict.fromkeys(cue.polygon for cue in cues if cue.polygon not in of_lines))
    left = list(codes)
    for members in _together(placed, reach):
        group = Group(tuple(members))
        near = tuple(code for code in left if group.gap_to(code) <= reach * max(group.line_height, _side(code) / 6))
        left = [code for code in left if code not in near]
        group = Group(group.lines, near)
        if any(cue.polygon in {*(line.polygon for line in members), *near} for cue in cues):
            yield from _parted(group, cues)
    yield from (Group((), (code,)) for code in left)


def extrapolated(group: Group, cues: Sequence[Cue], aspects: Sequence[float]) -> Polygon:
    """The document around its content where the picture shows no outline: a margin, and the commonest proportions.

    Without known proportions a margin is all. What is missing is added below a title at the top, above a
    machine-readable zone at the bottom, else on both sides.
    """
    e, m = group.extent, group.line_height
    left, top, right, bottom = e.left - m, e.top - m, e.right + m, e.bottom + m
    if not aspects:
        return rotated(Extent(left, top, right, bottom).corners, group.angle)
    aspect = min(aspects, key=lambda a: abs(a - e.width / max(e.height, 1.0))) if e.width < e.height else aspects[0]
    more_down = (right - left) / aspect - (bottom - top)
    more_along = (bottom - top) * aspect - (right - left)
    if more_down > 0:
        share = _share_above(e, group.angle, cues)
        top, bottom = top - share * more_down, bottom + (1 - share) * more_down
    elif more_along > 0:
        left, right = left - more_along / 2, right + more_along / 2
    return rotated(Extent(left, top, right, bottom).corners, group.angle)


def _share_above(e: Extent, angle: float, cues: Sequence[Cue]) -> float:
    """The share of what is missing that lies above the content."""

    def level(why: str) -> float | None:
        found = [rotated(cue.polygon, -angle) for cue in cues if cue.why == why]
        middles = [(sum(p[1] for p in polygon) / len(polygon) - e.top) / max(e.height, 1.0) for polygon in found]
        return sum(middles) / len(middles) if middles else None

    zone, title = level(ZONE), level(TITLE)
    if zone is not None and zone > 0.6:
        return 0.9
    return 0.1 if title is not None and title < 0.4 else 0.5


def _together(lines: Sequence[TextLine], reach: float) -> list[list[TextLine]]:
    """Lines that stand together, by single linkage, each group in reading order."""
    left = list(lines)
    order = {id(line): i for i, line in enumerate(lines)}
    found = []
    while left:
        members, rim = [], [left.pop(0)]
        while rim:
            line = rim.pop()
            members.append(line)
            near = [other for other in left if _near(line, other, reach)]
            left = [other for other in left if other not in near]
            rim += near
        found.append(sorted(members, key=lambda line: order[id(line)]))
    return found


def _near(a: TextLine, b: TextLine, reach: float) -> bool:
    low, high = sorted((a.height, b.height))
    if high > HEIGHTS * low:
        return False
    short = min(a.length, b.length) < 4 * high
    turn = abs((a.angle - b.angle + pi) % (2 * pi) - pi)
    if turn > SAME_SLANT * (2 if short else 1):
        return False
    angle = a.angle if a.length >= b.length else b.angle
    first, second = (Extent.around(rotated(line.polygon or (), -angle)) for line in (a, b))
    return _gap(first, second) <= reach * (low + high) / 2


def _parted(group: Group, cues: Sequence[Cue]) -> Iterator[Group]:
    """One group, or two where the same title or two numbers of one sort stand in it: cut where the second begins."""
    polygons = {line.polygon for line in group.lines} | set(group.polygons)
    own = [cue for cue in cues if cue.polygon in polygons and cue.own and cue.why != WORDS]
    for i, a in enumerate(own):
        for b in own[:i]:
            if a.kind is not b.kind or a.why != b.why or a.polygon == b.polygon:
                continue
            if a.why == ZONE and a.sign == b.sign:
                continue
            if a.why == TITLE and a.sign != b.sign:
                continue
            if halves := _cut(group, a.polygon, b.polygon):
                for half in halves:
                    yield from _parted(half, cues)
                return
    yield group


def _cut(group: Group, a: Polygon, b: Polygon) -> tuple[Group, Group] | None:
    """Two parts at an empty strip between two polygons, along or across; None where there is none.

    Documents of one sort are laid out alike: what stands so far from the beginning of the first does so from that of
    the second. Of the strips in one direction it is the one that ends nearest to there, of two directions the wider.
    """
    best: tuple[float, Callable[[Polygon], bool]] | None = None
    items = [*(line.polygon or () for line in group.lines), *group.polygons]
    for axis in (0, 1):

        def span(polygon: Polygon, axis: int = axis) -> tuple[float, float]:
            values = [p[axis] for p in rotated(polygon, -group.angle)]
            return min(values), max(values)

        first, second = sorted((span(a), span(b)))
        spans = sorted(span(item) for item in items)
        begins = second[0] - (first[0] - spans[0][0])
        strips, end = [], float("-inf")
        for low, high in spans:
            if first[1] <= (end + low) / 2 <= second[0] and low - end >= group.line_height:
                strips.append((abs(low - begins), low - end, (end + low) / 2))
            end = max(end, high)
        if strips and (best is None or min(strips)[1] > best[0]):
            _, width, middle = min(strips)
            best = width, lambda p, s=span, m=middle: s(p)[0] < m
    if best is None:
        return None
    before = best[1]
    halves = []
    for wanted in (True, False):
        lines = tuple(line for line in group.lines if before(line.polygon or ()) is wanted)
        halves.append(Group(lines, tuple(p for p in group.polygons if before(p) is wanted)))
    return halves[0], halves[1]


def _gap(a: Extent, b: Extent) -> float:
    return max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom)


def _side(polygon: Polygon) -> float:
    box = Box.around(polygon)
    return float(max(box.w, box.h))


def outline(group: Group, pyramid: Pyramid, aspects: Sequence[float]) -> Polygon | None:
    """The outline that the picture shows around a group; None where it shows none."""
    return search.find(pyramid, group.extent, group.angle, aspects)
