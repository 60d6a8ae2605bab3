"""Does a gain or depth map follow the picture that it was made from? Found is what it shows and the photo lacks.

A map has tones of its own, but no edges of its own: brightness and distance change where the picture changes. Where the
photo was painted over it is flat, and a map that was made before still has its structure there. Where the photo is as
bright as can be a gain map may show clouds that it lost: there nothing is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from photoscan.photo import Photo
from photoscan.vision.likeness import FINE, Likeness, Shows, grey, shrunk
from photoscan.vision.registration import TURNS, Box, Grey, correlation, upright, warped

if TYPE_CHECKING:
    from photoscan.pixels import Pixels
    from photoscan.vision.pyramid import Pyramid

LONGEST = 192
"""Longest side at which maps are compared."""
SILENT = 6.0
"""Grey levels between a map's dark and bright parts up to which it shows nothing."""
SAME_SHAPE = 0.03
"""Proportions that differ by more are those of another picture: a map is as wide and as high as its photo, or half."""
ERASED = 8.0
"""Grey levels within which all the photo around a place is painted over, or empty; coding makes no more of a colour."""
REACH = 4
"""Pixels of the map, each way, within which the photo must have an edge where the map has one."""
LOST = 248.0
"""Level from which the photo is too bright to have kept what a gain map shows."""
STRUCTURE = 0.06
"""Standard deviation in a map's five by five pixels, as a share of its range, from which there is structure."""
BLOB = 30
"""Pixels of structure of one place that the photo lacks, from which the map shows something else."""
FOLLOWS = 0.12
"""Correlation of edges from which a map is one of this picture."""


def follows(pyramid: Pyramid, picture: Photo | Pixels) -> Likeness:
    """Whether a map shows the same as the upright photo; `shows` is None where that can't be told.

    Raises PhotoscanError for a map that can't be decoded.
    """
    pixels = picture.pixels() if isinstance(picture, Photo) else picture
    return compared(grey(pyramid.at(min(FINE * LONGEST, pyramid.long_side))), shrunk(grey(pixels), LONGEST))


def compared(photo: Grey, gains: Grey) -> Likeness:
    """The same of two pictures in levels of grey, 0..255."""
    low, high = (float(level) for level in np.percentile(gains, (1, 99)))
    if high - low < SILENT:
        return Likeness(Shows.SAME)
    scaled = np.clip((gains - low) / (high - low), 0, 1).astype(np.float32)
    turns = [turned for turned in TURNS if _same_shape(photo, upright(scaled, turned))]
    if not turns:
        return Likeness(None)
    found = [(_edges_alike(photo, upright(scaled, turned)), turned) for turned in turns]
    alike, turned = max(found, key=lambda row: row[0])
    if alike < FOLLOWS:
        return Likeness(None, excess=alike)
    count, place = _of_its_own(photo, upright(scaled, turned))
    return Likeness(Shows.OTHER if count > BLOB else Shows.SAME, place if count > BLOB else None, count)


def _same_shape(photo: Grey, gains: Grey) -> bool:
    return bool(abs(photo.shape[1] * gains.shape[0] / (photo.shape[0] * gains.shape[1]) - 1) <= SAME_SHAPE)


def _edges_alike(photo: Grey, gains: Grey) -> float:
    """Correlation of the strength of edges, blurred as maps are coarse."""
    shown, _ = warped(photo, (0, 0, 1, 1), (gains.shape[1], gains.shape[0]))
    edges = []
    for picture in (shown, gains * 255):
        soft = cv2.GaussianBlur(picture, (0, 0), 1)
        strength = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
        edges.append(cv2.GaussianBlur(np.sqrt(strength), (0, 0), 2))
    return correlation(np.asarray(edges[0], np.float32), np.asarray(edges[1], np.float32))


def _of_its_own(photo: Grey, gains: Grey) -> tuple[int, Box | None]:
    """How many pixels of one place have structure in the map and lie in what is flat in the photo, and where."""
    height, width = gains.shape
    fine, _ = warped(photo, (0, 0, 1, 1), (FINE * width, FINE * height))
    around = np.ones((2 * REACH * FINE + 1,) * 2, np.uint8)
    low = cv2.erode(fine, around)[FINE // 2 :: FINE, FINE // 2 :: FINE]
    high = cv2.dilate(fine, around)[FINE // 2 :: FINE, FINE // 2 :: FINE]
    erased = (high - low < ERASED) & (low < LOST)
    mean = cv2.blur(gains, (5, 5))
    spread = np.sqrt(np.maximum(cv2.blur(gains * gains, (5, 5)) - mean * mean, 0))
    own = (erased & (spread > STRUCTURE)).astype(np.uint8)
    parts, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(own, np.ones((3, 3), np.uint8)), connectivity=8)
    if parts < 2:
        return 0, None
    most = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    x, y, w, h, area = (int(value) for value in stats[most])
    return area, (x / width, y / height, (x + w) / width, (y + h) / height)
