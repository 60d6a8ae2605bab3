"""May this patch be the modules of a code? They are dark and light by chance: facades, keypads and print repeat.

A decoder takes three rings that stand like the corners of a QR code for one, whatever lies between them. The masks of
ISO/IEC 18004 (7.8) see to it that about half of a code's modules are dark and that no pattern comes again.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np

SIDE = 128
"""Pixels of the square to which a patch is brought."""
DARK = (0.13, 0.8)
"""Shares of it that are dark: under glare or a finger less than half."""
AGAIN = 0.45
"""Correlation with itself, moved, from which it repeats; drawn codes of all versions, blurred or not, reach .36."""
LAGS = (12.0, 45.0)
"""Pixels by which it is moved: more than some modules, less than half of it."""
DETAIL = 16.0
"""Pixels of light and shade that are no modules."""
EMPTY = 4.0
"""Standard deviation of grey levels below which nothing is there."""


def plausible(grey: Any) -> bool:
    """Whether nothing speaks against modules. `grey`: height x width, uint8."""
    patch = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    if float(patch.std()) < EMPTY:
        return False
    _, light = cv2.threshold(patch, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if not DARK[0] <= 1 - float(light.mean()) <= DARK[1]:
        return False
    return repeats(patch.astype(np.float32)) < AGAIN


def repeats(patch: Any) -> float:
    """The greatest correlation of a patch (SIDE x SIDE) with itself at a distance."""
    window, falling, between = _grid()
    fine = (patch - cv2.GaussianBlur(patch, (0, 0), DETAIL)) * window
    power = np.fft.irfft2(np.abs(np.fft.rfft2(fine, (2 * SIDE, 2 * SIDE))) ** 2)
    return float((power / max(float(power[0, 0]), 1e-6) / falling)[between].max())


@cache
def _grid() -> tuple[Any, Any, Any]:
    """A window that falls off to the borders, what it alone takes from a correlation, and the lags to look at."""
    window = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)
    falling = np.fft.irfft2(np.abs(np.fft.rfft2(window, (2 * SIDE, 2 * SIDE))) ** 2)
    steps = np.fft.fftfreq(2 * SIDE) * 2 * SIDE
    lag = np.hypot(steps[:, None], steps[None, :])
    return window, np.maximum(falling / falling[0, 0], 0.15), (lag > LAGS[0]) & (lag < LAGS[1])
