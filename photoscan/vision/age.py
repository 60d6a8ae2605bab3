"""How old does a face look? age-v1 on a chip cut straight from the face's box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from photoscan import models
from photoscan.geometry import Box
from photoscan.vision.pyramid import Pyramid

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

MEAN = (122.782, 117.001, 104.298)
"""Subtracted from the RGB channels; then divided by 256."""
CHIP = 64
AGES = np.array([0.25, *range(1, 81)], np.float32)
"""The age in years that each of the 81 outputs stands for."""


def estimate(pyramid: Pyramid, box: Box, threads: int = 1) -> float:
    """The expected age in years of the face in a box (upright pixels)."""
    side = 0.95 * (box.w + box.h) / 2
    centre = (box.x + box.w / 2, box.y + 0.56 * box.h)
    chip = _chip(pyramid.full, centre, side)
    batch = ((chip[:, :, ::-1].astype(np.float32) - MEAN) / 256).transpose(2, 0, 1)[None].astype(np.float32)
    session = models.session("age", threads)
    (shares,) = session.run(None, {session.get_inputs()[0].name: batch})
    return float((shares[0] * AGES).sum() / shares[0].sum())


def _chip(pixels: Pixels, centre: tuple[float, float], side: float) -> Pixels:
    scale = CHIP / side
    matrix = np.array([[scale, 0, CHIP / 2 - scale * centre[0]], [0, scale, CHIP / 2 - scale * centre[1]]], np.float32)
    # Shrink by averaging first: a plain warp would skip pixels of a large face.
    if scale < 0.5:
        x1, y1 = (max(0, int(c - side)) for c in centre)
        patch = pixels[y1 : int(centre[1] + side), x1 : int(centre[0] + side)]
        factor = 2 * scale
        small = cv2.resize(patch, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        matrix[:, :2] /= factor
        matrix[:, 2] += scale * np.array([x1, y1])
        pixels = small  # type: ignore[assignment]
    return cv2.warpAffine(  # type: ignore[return-value]
        pixels, matrix, (CHIP, CHIP), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
