"""Do the corners of a QR code stand in a patch, though it is blurred, bent or half covered?

A square within a ring within a light margin, seven modules wide (ISO/IEC 18004, 6.3.3), is laid over the patch at
several sizes, as it is and smeared along the patch's motion. Two of one size as far from one another as a code's
corners are, along its sides or across, are the proof: a third may be covered.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import atan2, degrees, hypot, pi
from typing import Any

import cv2
import numpy as np

SIDE = 176
"""Pixels of the square to which a patch is brought."""
MODULES = (26, 30, 34.5, 40, 46, 53.5, 62)
"""How many modules the square may be wide: versions 1 to 8 with something around."""
LEAST = 0.5
"""Correlation below which a place is not looked at as a corner."""
SMEARED = 0.35
"""Coherence of gradients, 0..1, from which a patch was moved while it was photographed."""
SMEARS = (2.0, 3.0)
"""Modules by which it was."""
SOFT = 0.3
"""Standard deviation, in modules, of the pattern's edges."""
CROOKED = 12.0
"""Degrees by which two corners may lie off the patch's sides or its diagonals."""
APART = (13.0, 50.0)
"""Modules between two corners along a side: 14 in version 1, four more in each further one."""
SPAN = (0.55, 0.98)
"""Shares of the square that a code with such corners fills."""


def likeness(patch: Any) -> float:
    """How much the likeliest pair of corners looks like one, 0..1. `patch`: SIDE x SIDE, float32, upright."""
    angle, coherence = _direction(patch)
    turned = round(degrees(angle + pi / 2) / 15) * 15 % 180
    smears = [(length, turned) for length in SMEARS] if coherence > SMEARED else [(0.0, 0)]
    return max(_pairs(patch, modules, length, turned) for modules in MODULES for length, turned in smears)


def _direction(patch: Any) -> tuple[float, float]:
    """The direction of most gradients in radians, and how many go that way: across a motion."""
    dx, dy = cv2.Scharr(patch, cv2.CV_32F, 1, 0), cv2.Scharr(patch, cv2.CV_32F, 0, 1)
    middle = np.s_[SIDE // 6 : -SIDE // 6, SIDE // 6 : -SIDE // 6]
    xx, yy, xy = (float(a[middle].mean()) for a in (dx * dx, dy * dy, dx * dy))
    return 0.5 * atan2(2 * xy, xx - yy), hypot(xx - yy, 2 * xy) / (xx + yy + 1e-6)


def _pairs(patch: Any, modules: float, length: float, turned: int) -> float:
    """The lesser correlation of the best pair of corners of one size."""
    size = SIDE / modules
    best = 0.0
    for (one, x, y), (other, x2, y2) in combinations(_corners(patch, modules, length, turned), 2):
        slope = degrees(atan2(abs(y - y2), abs(x - x2)))
        across = abs(slope - 45) < CROOKED
        if not across and min(slope, 90 - slope) >= CROOKED:
            continue
        apart = hypot(x - x2, y - y2) / size / (2**0.5 if across else 1)
        if APART[0] <= apart <= APART[1] and SPAN[0] <= (apart + 7) / modules <= SPAN[1]:
            best = max(best, min(one, other))
    return best


def _corners(patch: Any, modules: float, length: float, turned: int) -> list[tuple[float, float, float]]:
    """The four likeliest places of the pattern: correlation and centre."""
    pattern = _pattern(modules, length, turned)
    match = cv2.matchTemplate(patch, pattern, cv2.TM_CCOEFF_NORMED)
    found = []
    reach = round(7 * SIDE / modules)
    for _ in range(4):
        _, value, _, (x, y) = cv2.minMaxLoc(match)
        if value < LEAST:
            break
        found.append((value, x + pattern.shape[1] / 2, y + pattern.shape[0] / 2))
        cv2.rectangle(match, (x - reach, y - reach), (x + reach, y + reach), (-1.0,), -1)
    return found


@cache
def _pattern(modules: float, length: float, turned: int) -> Any:
    """The corner with a module of light around it, smeared by `length` modules along an angle in degrees."""
    plain = np.ones((9, 9), np.float32)
    plain[1:8, 1:8], plain[2:7, 2:7], plain[3:6, 3:6] = 0, 1, 0
    side = max(9, round(9 * SIDE / modules))
    fine = cv2.resize(plain, (3 * side, 3 * side), interpolation=cv2.INTER_NEAREST)
    drawn = cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA)
    margin = side // 2
    wide = cv2.copyMakeBorder(drawn, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(0.55,))
    size = SIDE / modules
    if length:
        wide = cv2.filter2D(wide, -1, smear(length * size, turned))
    wide = cv2.GaussianBlur(wide, (0, 0), SOFT * size)
    return wide[margin : margin + side, margin : margin + side]


def smear(length: float, turned: float) -> Any:
    """The kernel of a motion over so many pixels along an angle in degrees."""
    side = int(length) + 2 | 1
    kernel = np.zeros((side, side), np.float32)
    middle, reach = side // 2, np.array([np.cos(np.radians(turned)), np.sin(np.radians(turned))]) * length / 2
    start, end = (tuple(int(v) for v in np.round(middle + sign * reach)) for sign in (-1, 1))
    cv2.line(kernel, start, end, (1.0,), 1, cv2.LINE_AA)
    return kernel / kernel.sum()
