"""Is a face seen well enough to say how old it is? From its landmarks, the picture's edge and its sharpness.

The age network was made for faces that look at the camera. On profiles, cut and blurred ones it makes adults children.
"""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

import cv2
import numpy as np

from photoscan.vision.faces import Face
from photoscan.vision.pyramid import Pyramid

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

SMALLEST = 32
"""Face height in pixels below which no age is told."""
EYES_APART = 0.26
"""Distance of the eyes as a share of the box's width: .42 to .50 from the front, .07 to .25 in profile."""
NOSE_BETWEEN = (0.0, 1.0)
"""Where the nose is along the line from eye to eye; outside in profile."""
NARROWEST = 0.5
"""Width by height: narrower boxes are halves of faces."""
INSIDE = 0.02
"""Landmarks nearer to the picture's edge than this share of the face's height are guesses."""
SIDE = 64
SHARP, SHARP_EACH_WAY = 100.0, 12.0
"""Variance of the second derivative, in grey levels, of a face drawn to SIDE pixels: of the Laplacian, and across and
down on their own, for a hand that moves blurs one way. Of 400 portraits one is below the first, none below the second;
faces blurred by motion have 27 to 97."""


def shows_age(face: Face, pyramid: Pyramid) -> bool:
    """Whether the face is large, turned to the camera, whole and sharp enough."""
    whole = face.box.h >= SMALLEST and face.box.w >= NARROWEST * face.box.h and _inside(face, pyramid)
    return whole and frontal(face) and sharp(face, pyramid.full)


def frontal(face: Face) -> bool:
    """Whether both eyes are seen, with the nose between them."""
    (x1, y1), (x2, y2), (x, y) = face.landmarks[:3]
    apart = hypot(x2 - x1, y2 - y1)
    if apart < EYES_APART * min(face.box.w, face.box.h):
        return False
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / apart**2
    return NOSE_BETWEEN[0] <= along <= NOSE_BETWEEN[1]


def _inside(face: Face, pyramid: Pyramid) -> bool:
    margin = INSIDE * face.box.h
    across, down = pyramid.width - margin, pyramid.height - margin
    return all(margin <= x <= across and margin <= y <= down for x, y in face.landmarks)


def sharp(face: Face, pixels: Pixels) -> bool:
    """Whether the face has fine detail."""
    box = face.box.clipped(pixels.shape[1], pixels.shape[0])
    if not box.area:
        return False
    grey = cv2.cvtColor(pixels[box.y : box.y2, box.x : box.x2], cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    values = small.astype(np.float32)
    across = values[:, 2:] + values[:, :-2] - 2 * values[:, 1:-1]
    down = values[2:] + values[:-2] - 2 * values[1:-1]
    one_way = min(float(across.var()), float(down.var()))
    return one_way >= SHARP_EACH_WAY and float(cv2.Laplacian(small, cv2.CV_32F).var()) >= SHARP
