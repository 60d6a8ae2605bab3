"""Finding faces of all sizes: CenterFace on a shrunk, the native and an enlarged picture, joined without duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from photoscan.geometry import Box, Point
from photoscan.options import ScanOptions
from photoscan.vision import centerface
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.tiles import tiles

THRESHOLD = 0.3
"""Scores from here on are shown."""
LIKELY_SCORE = 0.4
"""The score that is calibrated to a confidence of .5: .91 of such boxes at native size are faces (WIDER FACE)."""
LARGE_PASS = 1024
"""Long side of the pass for close-ups: faces of 450 px and more in the network's input are lost."""
ENLARGE_UP_TO = 1600
"""Photos up to this long side are enlarged to twice their size for small faces."""
SMALL_FACE = 90
"""Only faces up to this height are taken from the enlarged pass."""
TILE, OVERLAP = 1152, 160
"""Pixels: larger tiles cost memory, not time; the overlap holds the largest face that only the native pass sees."""
SAME_IOU = 0.4
INSIDE = 0.75
"""A box of which this much lies inside a surer one is the same face."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face. `box` in upright-photo pixels; `score` is the network's, `confidence` calibrated, both 0..1.

    `landmarks`: eyes, nose, mouth corners, left to right as seen, in upright-photo pixels.
    """

    box: Box
    score: float
    confidence: float
    landmarks: tuple[Point, ...]


def find(pyramid: Pyramid, options: ScanOptions) -> tuple[Face, ...]:
    """Every face from about 8 pixels on, surest first, by the backend that the options name."""
    if options.face_backend == "face-recognition":
        return _by_face_recognition(pyramid)
    found: list[Face] = []
    for long_side in _passes(pyramid, options):
        factor = pyramid.long_side / long_side
        enlarged = long_side > pyramid.long_side
        for face in _one_scale(pyramid, long_side, factor, options.threads):
            if not enlarged or face.box.h <= SMALL_FACE:
                found.append(face)
    return _distinct(found)


def _by_face_recognition(pyramid: Pyramid) -> tuple[Face, ...]:
    """The library gives no score: its faces count as sure as its measured precision of .95 allows."""
    from photoscan.vision import dlib_faces

    return tuple(Face(box, 1.0, 0.95, marks) for box, marks in dlib_faces.detect(pyramid.full))


def _passes(pyramid: Pyramid, options: ScanOptions) -> list[int]:
    native = pyramid.long_side
    if options.profile == "fast":
        return [min(native, LARGE_PASS)]
    passes = [native] if native <= LARGE_PASS * 1.2 else [LARGE_PASS, native]
    return [*passes, 2 * native] if native <= ENLARGE_UP_TO else passes


def _one_scale(pyramid: Pyramid, long_side: int, factor: float, threads: int) -> list[Face]:
    pixels = pyramid.at(long_side)
    found = []
    for tile in tiles(pixels.shape[1], pixels.shape[0], TILE, OVERLAP):
        raw = centerface.detect(pixels[tile.y : tile.y2, tile.x : tile.x2], THRESHOLD, threads)
        for (x, y, w, h), score, landmarks in zip(raw.boxes, raw.scores, raw.landmarks, strict=True):
            left, top = (x + tile.x) * factor, (y + tile.y) * factor
            box = Box.from_edges(left, top, left + w * factor, top + h * factor)
            points = (landmarks + np.array([tile.x, tile.y])) * factor
            found.append(
                Face(
                    box.clipped(pyramid.width, pyramid.height),
                    float(score),
                    calibrated(float(score)),
                    tuple((float(px), float(py)) for px, py in points),
                )
            )
    return [face for face in found if face.box.area]


def calibrated(score: float) -> float:
    """Confidence from the network's score: linear from .3 at the threshold over .5 to .99."""
    if score < LIKELY_SCORE:
        return 0.3 + 0.2 * max(0.0, score - THRESHOLD) / (LIKELY_SCORE - THRESHOLD) - 1e-6
    return 0.5 + 0.49 * (score - LIKELY_SCORE) / (1 - LIKELY_SCORE)


def _distinct(found: Sequence[Face]) -> tuple[Face, ...]:
    """Of boxes on one face the surest."""
    kept: list[Face] = []
    for face in sorted(found, key=lambda f: -f.score):
        if not any(_same(face.box, other.box) for other in kept):
            kept.append(face)
    return tuple(kept)


def _same(a: Box, b: Box) -> bool:
    return a.iou(b) > SAME_IOU or a.intersection(b) > INSIDE * min(a.area, b.area)
