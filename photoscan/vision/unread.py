"""Writing that is there and could not be read: in scripts that the reader does not know, too blurred, too steep.

What reads badly may be texture. Shown a strip of it alone, at the height of lettering that it knows best, the text
detector answers all along a line of any script, and hardly at all to bricks, ropes and leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import TYPE_CHECKING

import cv2
import numpy as np

from photoscan.geometry import Box, Polygon, centroid, polygon_area
from photoscan.models import Runtime
from photoscan.textline import TextLine
from photoscan.vision import text_recogniser
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_detector import TextDetector

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

DOUBTFUL = 0.9
"""Mean character probability below which a line is not read: lines of other scripts reach .89 as Latin ones."""
SPREAD = 1.6
"""Heights of a line that each of its characters takes from which on some were passed over: in common type .3 to .9."""
LONG = 1.8
"""Heights that a line is long, at least: what is shorter is a sign or a spot."""
LEAST, LARGEST = 20, 0.5
"""Height of a line in pixels below which nobody could read it, and share of the photo's above which it is none."""
HEIGHTS, MARGIN = (20, 30), 0.5
"""Pixels to which a line is brought for a look at it alone, first one, then the other, and what is shown around it, in
its heights."""
ANSWERED, ALONG = 0.6, 0.72
"""How surely the detector has to answer both times, and along how much of the line. Of 36 drawn signs in nine scripts
the least was .74, of what lines of ordinary photos are not three in four stay below."""
WIDEST = 900
"""Pixels of such a look, at most; of a longer line its beginning is shown."""
MOST = 12
"""Looks in one photo, at the largest lines first: of more doubtful lines nobody misses one."""
NEAR = 1.5
"""Heights of the smaller one within which two lines are of one group."""


def groups(lines: Sequence[TextLine], pyramid: Pyramid, runtime: Runtime) -> tuple[Box, ...]:
    """Boxes around neighbouring lines that could not be read, in pixels of the picture, the largest first.

    `lines`: all that was outlined, legible or not. Raises ModelError without the text detector.
    """
    found = [line.polygon for line in lines if line.polygon and _is_doubtful(line, pyramid)]
    largest = sorted(found, key=lambda polygon: -polygon_area(polygon))[:MOST]
    detector = TextDetector(runtime)
    return joined([polygon for polygon in largest if _is_writing(polygon, pyramid, detector)])


def joined(polygons: Sequence[Polygon]) -> tuple[Box, ...]:
    """Boxes around outlines that stand near each other, the largest first."""
    boxes = [(Box.around(polygon), _sides(polygon)[1]) for polygon in polygons]
    groups: list[list[tuple[Box, float]]] = []
    for box, height in boxes:
        near = [group for group in groups if any(_near(box, height, *other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([(box, height), *(other for group in near for other in group)])
    return tuple(sorted((Box.union(box for box, _ in group) for group in groups), key=lambda box: -box.area))


def _near(box: Box, height: float, other: Box, others: float) -> bool:
    reach = NEAR * min(height, others)
    across = max(box.x, other.x) - min(box.x2, other.x2)
    down = max(box.y, other.y) - min(box.y2, other.y2)
    return across <= reach and down <= reach


def _is_doubtful(line: TextLine, pyramid: Pyramid) -> bool:
    """Whether a line may be writing that was not read: large enough, long enough, and read badly or in part."""
    length, height = _sides(line.polygon or ())
    if height < LEAST or height > LARGEST * min(pyramid.width, pyramid.height) or length < LONG * height:
        return False
    characters = sum(not c.isspace() for c in line.text)
    return line.confidence < DOUBTFUL or length > SPREAD * height * characters


def _is_writing(polygon: Polygon, pyramid: Pyramid, detector: TextDetector) -> bool:
    strip = text_recogniser.crop(pyramid.full, _grown(polygon, MARGIN * _sides(polygon)[1]))
    return all(_answered(strip, height, detector) >= ALONG for height in HEIGHTS)


def _answered(strip: Pixels, height: int, detector: TextDetector) -> float:
    """Along how much of a strip, without its margins, the detector sees lettering, brought to a line's height."""
    scale = height * (1 + 2 * MARGIN) / strip.shape[0]
    strip = strip[:, : round(WIDEST / scale)]
    size = max(32, round(strip.shape[1] * scale)), round(height * (1 + 2 * MARGIN))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    heat = detector.heat(cv2.resize(strip, size, interpolation=method))  # type: ignore[arg-type]
    margin = round(MARGIN * height)
    middle = heat[margin:-margin, margin:-margin]
    return float(np.mean(middle.max(axis=0) >= 255 * ANSWERED)) if middle.size else 0.0


def _grown(polygon: Polygon, by: float) -> Polygon:
    """The outline with all sides so many pixels further out."""
    (x0, y0), (x1, y1), _, (x3, y3) = polygon
    cx, cy = centroid(polygon)
    along, across = hypot(x1 - x0, y1 - y0), hypot(x3 - x0, y3 - y0)
    ux, uy = (x1 - x0) / max(along, 1e-6), (y1 - y0) / max(along, 1e-6)
    vx, vy = (x3 - x0) / max(across, 1e-6), (y3 - y0) / max(across, 1e-6)
    a, b = along / 2 + by, across / 2 + by
    ring = ((-a, -b), (a, -b), (a, b), (-a, b))
    return tuple((cx + u * ux + v * vx, cy + u * uy + v * vy) for u, v in ring)


def _sides(polygon: Polygon) -> tuple[float, float]:
    """The longer and the shorter side, in pixels."""
    (x0, y0), (x1, y1), (x2, y2), _ = polygon
    a, b = hypot(x1 - x0, y1 - y0), hypot(x2 - x1, y2 - y1)
    return max(a, b), min(a, b)
