"""Where small lettering may stand, by the picture alone: letters and their ground differ, and strokes stand close.

Small plates can't be seen at smaller sizes, so nothing coarser calls for a fine look; but sky, walls and roads hold no
lettering at any size. Measured as for `shapes`, on 48 plates of each width laid into 12 megapixels: of those that
tiles of full size see this grid holds 6 of 6 at 18 pixels of width, 22 of 22 at 25, 34 of 34 at 32, 43 of 43 at 40
and 45 of 46 at 60, and nothing of a plain sky.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from photoscan.vision.windows import Grid

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

CELL = 32
"""Pixels of one cell's side."""
CONTRAST, AROUND = 40, 5
"""Grey levels between the lightest and darkest of so many pixels square, from which a pixel lies at a stroke's edge."""
WINDOW, SHARE = (20, 8), 0.5
"""Pixels of the number on a plate of 25 pixels, and how many of them lie at edges, at least."""


def grid(pixels: Pixels) -> Grid:
    """Whether each cell of a BGR picture, rows x columns, holds a place as dense in strokes as a small plate is."""
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    contrast = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((AROUND, AROUND), np.uint8))
    edges = cv2.threshold(contrast, CONTRAST - 1, 255, cv2.THRESH_BINARY)[1]
    dense = cv2.boxFilter(edges, -1, WINDOW)
    height, width = dense.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    whole = np.zeros((rows * CELL, columns * CELL), np.bool_)
    whole[:height, :width] = dense >= 255 * SHARE
    wanted: Grid = whole.reshape(rows, CELL, columns, CELL).max(axis=(1, 3))
    return wanted
