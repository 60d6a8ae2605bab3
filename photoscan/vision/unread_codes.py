"""Codes that are seen and did not decode: tried again, clearer, and told as unreadable where that fails too.

Two witnesses: a decoder that knew a code by its form and failed (`codes.SURE`), and the corners of a QR code in a
patch that looks like one. Texture alone is none: facades and print are as busy. Both are heard only where modules may
lie (`code_witness`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from photoscan.geometry import Box, Polygon, polygon_area
from photoscan.vision import clearer, code_looks, code_witness, finder_patterns

if TYPE_CHECKING:
    from photoscan.vision.code_looks import Patch
    from photoscan.vision.pyramid import Pyramid

PATCHES = 4
"""Places that are looked at for corners."""
CORNERS = 0.66
"""Likeness of corners from which a patch is a code: on textures, print and 380 photos without codes none reached it."""
SMALLEST = 20
"""Pixels of a code's shorter side."""
LONGEST = 2.5
"""Sides of an outline, the longer over the shorter."""
LONGEST_ROWS = 8.0
"""The same of a code of rows."""
FILL = 0.45
"""The share of its box that an outline fills: half where it is turned by an eighth; by chance less."""
AROUND = 0.12
"""The share of its sides that is looked at around a patch."""


def places(pyramid: Pyramid, taken: Sequence[Box]) -> list[Polygon]:
    """Patches with the corners of a QR code, but for those in boxes where one was read."""
    found = []
    for patch in code_looks.find(pyramid, PATCHES):
        if any(patch.box.intersection(box) for box in taken):
            continue
        if finder_patterns.likeness(_upright(pyramid, patch)) >= CORNERS and plausible(pyramid, patch.polygon):
            found.append(patch.polygon)
    return found


def plausible(pyramid: Pyramid, place: Polygon, rows: bool = False) -> bool:
    """Whether an outline is one of a code, and modules may lie in it. `rows`: of one of rows of bars (PDF417)."""
    box = Box.around(place).clipped(pyramid.width, pyramid.height)
    long, short = max(box.w, box.h), min(box.w, box.h)
    if short < SMALLEST or long > (LONGEST_ROWS if rows else LONGEST) * short or polygon_area(place) < FILL * box.area:
        return False
    return code_witness.plausible(cv2.cvtColor(pyramid.full[box.y : box.y2, box.x : box.x2], cv2.COLOR_BGR2GRAY))


def _upright(pyramid: Pyramid, patch: Patch) -> Any:
    """The patch turned level and brought to one size, float32 grey."""
    reach = max(patch.sides) * (1 + AROUND)
    near = patch.box.grown(AROUND).clipped(pyramid.width, pyramid.height)
    grey = cv2.cvtColor(pyramid.full[near.y : near.y2, near.x : near.x2], cv2.COLOR_BGR2GRAY)
    shrink = max(1.0, reach / (2 * finder_patterns.SIDE))
    if shrink > 1:
        grey = cv2.resize(grey, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    x, y = ((c - o) / shrink for c, o in zip(patch.centre, (near.x, near.y), strict=True))
    angle = patch.angle - 90 if patch.angle > 45 else patch.angle
    turn = cv2.getRotationMatrix2D((x, y), angle, finder_patterns.SIDE * shrink / reach)
    turn[:, 2] += np.array([finder_patterns.SIDE / 2 - x, finder_patterns.SIDE / 2 - y])
    size = (finder_patterns.SIDE, finder_patterns.SIDE)
    return cv2.warpAffine(grey.astype(np.float32), turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def versions(pyramid: Pyramid, place: Polygon) -> Iterator[Any]:
    """Clearer pictures of a place, the likeliest to be read first."""
    near = Box.around(place).grown(0.2).clipped(pyramid.width, pyramid.height)
    if near.area:
        yield from clearer.versions(cv2.cvtColor(pyramid.full[near.y : near.y2, near.x : near.x2], cv2.COLOR_BGR2GRAY))
