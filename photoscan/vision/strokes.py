"""Strokes: where a picture has thin things that stand out from both their sides, as letters do.

Letters are strokes, and a stroke is an edge with an opposite edge close by. A black and a white top-hat (Serra, Image
Analysis and Mathematical Morphology, 1982) keep just such things and lose skies, walls, shadows and lone edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

CELL = 16
"""Pixels of the picture that one place of the grid stands for, each way."""
REACH = 9
"""The widest stroke, in pixels of the picture at half its size: letters of 100 pixels have no wider ones, and larger
ones are seen in a smaller picture."""
FAINT = 12
"""Grey levels by which a stroke stands out, at least: less is the noise of a sensor, and nobody reads it."""
SHARE = 1 / 16
"""How much of a place such strokes fill: a thin one that crosses it does, a single spot of noise doesn't."""
AROUND = 2
"""Places around that belong to a stroke: what is between letters, and the rim of a line."""


def seen(pixels: Pixels) -> NDArray[np.bool_]:
    """Whether there are strokes in each place of a picture (BGR), or next to it: rows x columns of CELL pixels."""
    height, width = pixels.shape[:2]
    rows, columns = -(-height // CELL), -(-width // CELL)
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    half = cv2.resize(grey, (max(1, -(-width // 2)), max(1, -(-height // 2))), interpolation=cv2.INTER_AREA)
    kernel = np.ones((REACH, REACH), np.uint8)
    hats = cv2.max(cv2.morphologyEx(half, cv2.MORPH_TOPHAT, kernel), cv2.morphologyEx(half, cv2.MORPH_BLACKHAT, kernel))
    strong = np.zeros((rows * CELL // 2, columns * CELL // 2), np.uint8)
    strong[: half.shape[0], : half.shape[1]] = hats >= FAINT
    places = strong.reshape(rows, CELL // 2, columns, CELL // 2).mean((1, 3), np.float32) >= SHARE
    near = np.ones((2 * AROUND + 1, 2 * AROUND + 1), np.uint8)
    return cv2.dilate(places.astype(np.uint8), near) > 0
