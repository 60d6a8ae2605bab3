"""The type of decoded pictures; imported for type checking only, so that naming it loads no numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Upright pixels: H x W x 3, uint8, BGR (OpenCV's order)."""
