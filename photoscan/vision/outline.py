"""The outline of a flat rectangular thing, such as a card, around something on it that was found already.

Straight edges (line segments by Grompone von Gioi et al., 2012, LSD) outside of the content are gathered into sides;
of all rectangles that four of them make, or three and the known proportions, the one with the most edge under its sides
is taken. Fingers over a side and round corners do no harm: a side needs an edge along a part of it only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import hypot, log, radians, tan

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan import deadline
from photoscan.geometry import Box, Point, Polygon, corners, polygon_area, rotated, shared_area
from photoscan.vision.pyramid import Pyramid

LONG_SIDE = 900
"""Pixels of the shrunk cut-out that is searched."""
SLANT = tan(radians(12))
"""Sides may lean that much against the reading direction: perspective."""
PER_SIDE = 8
"""Candidates for each side."""
ASPECT_SLACK = 0.14
"""Share by which perspective may change the proportions."""
SIDE_SEEN, MEAN_SEEN, THREE_SEEN, CUT_SEEN = 0.25, 0.55, 0.7, 0.55
"""Shares of a side with an edge under it: each of four, four on average, each of three, and
of each of three where the photo cuts the thing off."""
ROUND_CORNERS = 0.85
"""Share of a side that a card with round corners shows as a straight edge: no side counts more."""
INSIDE_SLACK = 0.035
"""Share of the content by which a side may cut into it: a reader's boxes are wider than the ink."""

Segments = NDArray[np.float64]
"""N x 4: where segments begin and end, along and across."""


@dataclass(frozen=True, slots=True)
class Extent:
    """An upright rectangle in the frame of the reading direction: edges in full pixels, turned by -angle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels along the reading direction."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels across it."""
        return self.bottom - self.top

    @property
    def corners(self) -> Polygon:
        """Clockwise from the top left."""
        return (self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)

    @staticmethod
    def around(points: Sequence[Point]) -> Extent:
        """The smallest one around points of the same frame."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        return Extent(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class _Side:
    """A line v = at + slope * (u - middle), and the stretches of u where the picture has an edge there."""

    at: float
    slope: float
    middle: float
    seen: tuple[tuple[float, float], ...]

    def value(self, u: float) -> float:
        return self.at + self.slope * (u - self.middle)

    def share(self, start: float, end: float) -> float:
        """The share of a stretch that has an edge under it."""
        if end <= start:
            return 0.0
        return sum(max(0.0, min(b, end) - max(a, start)) for a, b in self.seen) / (end - start)


def find(pyramid: Pyramid, content: Extent, angle: float, aspects: Sequence[float]) -> Polygon | None:
    """The outline around the content, corners clockwise from the top left as read, in upright-photo pixels; or None.

    `content` lies in the frame turned by `-angle` (radians); `aspects` are widths over heights. Corners may lie outside
    of the photo.
    """
    widest = max(content.width, content.height * max(aspects))
    reach = Extent(
        content.left - widest, content.top - widest / 1.3, content.right + widest, content.bottom + widest / 1.3
    )
    window = Box.around(rotated(reach.corners, angle)).clipped(pyramid.width, pyramid.height)
    if window.w < 40 or window.h < 40:
        return None
    segments = _segments(pyramid, window, angle)
    photo = rotated(corners(Box(0, 0, pyramid.width, pyramid.height)), -angle)
    best = _best(_sides(segments, content), content, aspects, photo)
    return rotated(best, angle) if best else None


def joined(outline: Polygon, points: Sequence[Point]) -> Polygon:
    """The convex hull of an outline and of points that must lie inside."""
    hull = cv2.convexHull(np.array([*outline, *points], np.float32))
    return tuple((float(x), float(y)) for x, y in hull.reshape(-1, 2))


def _segments(pyramid: Pyramid, window: Box, angle: float) -> Segments:
    cut = pyramid.full[window.y : window.y2, window.x : window.x2]
    factor = min(1.0, LONG_SIDE / max(window.w, window.h))
    if factor < 1:
        cut = cv2.resize(cut, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    found = cv2.createLineSegmentDetector().detect(cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY))[0]
    if found is None:
        return np.zeros((0, 4))
    points = found.reshape(-1, 2).astype(np.float64) / factor + (window.x, window.y)
    c, s = np.cos(-angle), np.sin(-angle)
    turned: Segments = (points @ np.array([[c, s], [-s, c]])).reshape(-1, 4)
    return turned


def _sides(segments: Segments, content: Extent) -> tuple[list[_Side], list[_Side], list[_Side], list[_Side]]:
    """Candidates for top, bottom, left and right; those of left and right have along and across exchanged."""
    turned = segments[:, [1, 0, 3, 2]]
    mu, mv = (content.left + content.right) / 2, (content.top + content.bottom) / 2
    size = max(content.width, content.height)
    slack = INSIDE_SLACK * size
    level = _lines(segments, mu, size)
    upright = _lines(turned, mv, size)

    def outside(lines: list[_Side], start: float, end: float, limit: float, sign: int) -> list[_Side]:
        ends = [(line, min(sign * (line.value(u) - limit) for u in (start, end))) for line in lines]
        kept = [line for line, gap in ends if gap >= -slack]
        return sorted(kept, key=lambda line: -sum(b - a for a, b in line.seen))[:PER_SIDE]

    return (
        outside(level, content.left, content.right, content.top, -1),
        outside(level, content.left, content.right, content.bottom, 1),
        outside(upright, content.top, content.bottom, content.left, -1),
        outside(upright, content.top, content.bottom, content.right, 1),
    )


def _lines(segments: Segments, middle: float, size: float) -> list[_Side]:
    """Straight lines along the first axis, each from all the segments that lie on it."""
    along, across = segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]
    level = segments[(np.abs(across) < SLANT * np.abs(along)) & (np.abs(along) > 0.03 * size)]
    level = level[np.argsort(-np.abs(level[:, 2] - level[:, 0]))][:160]
    near = max(2.0, 0.012 * size)
    free = np.ones(len(level), bool)
    found = []
    for i, seed in enumerate(level):
        if not free[i]:
            continue
        slope = (seed[3] - seed[1]) / (seed[2] - seed[0])
        off = [np.abs(level[:, k + 1] - seed[1] - slope * (level[:, k] - seed[0])) for k in (0, 2)]
        own = (off[0] < near) & (off[1] < near) & free
        free &= ~own
        part = level[own]
        u, v = part[:, [0, 2]].ravel(), part[:, [1, 3]].ravel()
        slope, at = np.polyfit(u - middle, v, 1) if np.ptp(u) > 0 else (0.0, float(v.mean()))
        stretches = sorted((float(min(a, b)), float(max(a, b))) for a, b in part[:, [0, 2]])
        found.append(_Side(float(at), float(slope), middle, _merged(stretches)))
    return found


def _merged(stretches: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    merged: list[tuple[float, float]] = []
    for start, end in stretches:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _best(
    sides: tuple[list[_Side], list[_Side], list[_Side], list[_Side]],
    content: Extent,
    aspects: Sequence[float],
    photo: Polygon,
) -> Polygon | None:
    best: tuple[float, Polygon] | None = None
    choices = [[*side, None] for side in sides]
    for top, bottom, left, right in product(*choices):
        deadline.check()
        four = _four(top, bottom, left, right, aspects)
        if four is None:
            continue
        quad = _corners(*four)
        width = hypot(quad[1][0] - quad[0][0], quad[1][1] - quad[0][1])
        height = hypot(quad[3][0] - quad[0][0], quad[3][1] - quad[0][1])
        width = (width + hypot(quad[2][0] - quad[3][0], quad[2][1] - quad[3][1])) / 2
        height = (height + hypot(quad[2][0] - quad[1][0], quad[2][1] - quad[1][1])) / 2
        wrong = min(abs(log(max(width, 1.0) / max(height, 1.0) / aspect)) for aspect in aspects)
        if wrong > ASPECT_SLACK or not _holds(quad, content):
            continue
        shares = _shares(four, quad, photo)
        real = [s for s, side in zip(shares, (top, bottom, left, right), strict=True) if side is not None]
        if len(real) == 4 and (min(real) < SIDE_SEEN or sum(real) / 4 < MEAN_SEEN):
            continue
        if len(real) == 3 and min(real) < (CUT_SEEN if _leaves(quad, photo) else THREE_SEEN):
            continue
        # Four sides come before three, which may be those of two cards; of a card and a frame printed on it, the card.
        larger = 0.05 * log(polygon_area(quad) / (content.width * content.height))
        score = len(real) + sum(min(share / ROUND_CORNERS, 1.0) for share in real) / 4 - wrong + larger
        if best is None or score > best[0]:
            best = score, quad
    return best[1] if best else None


def _four(
    top: _Side | None, bottom: _Side | None, left: _Side | None, right: _Side | None, aspects: Sequence[float]
) -> tuple[_Side, _Side, _Side, _Side] | None:
    """All four sides; one that is missing lies as far off as the proportions say."""
    if sum(side is None for side in (top, bottom, left, right)) > 1:
        return None
    aspect = aspects[0]
    if top and bottom and (left or right):
        width = (bottom.at - top.at) * aspect
        return top, bottom, left or _shifted(right, -width), right or _shifted(left, width)
    if left and right:
        height = (right.at - left.at) / aspect
        return top or _shifted(bottom, -height), bottom or _shifted(top, height), left, right
    return None


def _shifted(side: _Side | None, by: float) -> _Side:
    assert side is not None
    return _Side(side.at + by, side.slope, side.middle, ())


def _corners(top: _Side, bottom: _Side, left: _Side, right: _Side) -> Polygon:
    def crossing(level: _Side, upright: _Side) -> Point:
        # v = a + b (u - mu), u = c + d (v - mv)
        u = upright.at + upright.slope * (level.at - level.slope * level.middle - upright.middle)
        u /= 1 - upright.slope * level.slope
        return u, level.value(u)

    return crossing(top, left), crossing(top, right), crossing(bottom, right), crossing(bottom, left)


def _holds(quad: Polygon, content: Extent) -> bool:
    """Whether nearly all of the content lies inside."""
    return shared_area(quad, content.corners) >= 0.93 * content.width * content.height


def _shares(four: tuple[_Side, _Side, _Side, _Side], quad: Polygon, photo: Polygon) -> list[float]:
    """The seen share of each side, as far as the photo shows it."""
    a, b, c, d = quad
    found = []
    for i, (side, start, end) in enumerate(zip(four, (a, d, a, b), (b, c, d, c), strict=True)):
        visible = _visible(start, end, photo)
        along = [p[i // 2] for p in visible]
        found.append(side.share(min(along), max(along)) if along else 0.0)
    return found


def _leaves(quad: Polygon, photo: Polygon) -> bool:
    """Whether a part of it lies outside of the photo, so that a side may well be missing."""
    return shared_area(quad, photo) < 0.99 * polygon_area(quad)


def _visible(start: Point, end: Point, photo: Polygon) -> list[Point]:
    """The first and the last of 33 points at even distances on a stretch that lie in the photo (clockwise corners)."""
    edges = list(zip(photo, (*photo[1:], photo[0]), strict=True))

    def ends(steps: range) -> list[Point]:
        for t in steps:
            x, y = start[0] + t / 32 * (end[0] - start[0]), start[1] + t / 32 * (end[1] - start[1])
            if all((q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]) >= 0 for p, q in edges):
                return [(x, y)]
        return []

    first = ends(range(33))
    return [*first, *ends(range(32, -1, -1))] if first else []
