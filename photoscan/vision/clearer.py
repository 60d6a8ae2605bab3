"""A code that did not decode, made clearer: brought to one size, sharpened, turned back from a bottle, read again.

Richardson-Lucy's iteration (J. Opt. Soc. Am. 62, 1972; Astron. J. 79, 1974) with a Gaussian for what was out of focus
and a bar for what moved; unsharp masking; the inverse of a cylinder's projection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import asin
from typing import Any

import cv2
import numpy as np

SIDE = 320
"""Pixels to which the longer side of a code with its surroundings is brought."""
ROUNDS = 12
"""Iterations: more of them make noise out of what was blurred."""
SIGMAS = (2.5, 4.0)
"""Pixels of blur that is taken out, for a code of some 25 to 45 modules over SIDE."""
SMEARS = (9, 12, 15, 19, 24)
"""Pixels of motion that is taken out."""
MOVED = 0.35
"""Coherence of gradients, 0..1, from which a code was moved while it was photographed."""
BENT = (0.8, 1.1)
"""Radians that half a code takes of the bottle that it is on."""


def versions(grey: Any) -> Iterator[Any]:
    """Clearer pictures of a code, the likeliest to be read first. `grey`: height x width, uint8."""
    factor = SIDE / max(grey.shape)
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    picture = cv2.resize(grey, size, interpolation=method).astype(np.float32) + 1
    yield _bytes(picture)
    angle, coherence = _direction(picture)
    if coherence > MOVED:
        turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), np.degrees(angle) + 90, 1)
        level = cv2.warpAffine(picture, turn, size, borderMode=cv2.BORDER_REPLICATE)
        for length in SMEARS:
            yield _bytes(_sharper(level, _bar(length)))
        return
    yield _bytes(2.5 * picture - 1.5 * cv2.GaussianBlur(picture, (0, 0), 6))
    for sigma in SIGMAS:
        yield _bytes(_sharper(picture, _gaussian(sigma)))
    for half in BENT:
        for upright in (True, False):
            yield _bytes(_flattened(picture, half, upright))


def _bytes(picture: Any) -> Any:
    return np.clip(picture, 0, 255).astype(np.uint8)


def _gaussian(sigma: float) -> Callable[[Any], Any]:
    return lambda a: cv2.GaussianBlur(a, (0, 0), sigma)


def _bar(length: int) -> Callable[[Any], Any]:
    return lambda a: cv2.blur(a, (length, 1))


def _sharper(picture: Any, blur: Callable[[Any], Any]) -> Any:
    """Richardson-Lucy with a point spread that is the same turned round, so that it is its own adjoint."""
    found = picture.copy()
    for _ in range(ROUNDS):
        found *= blur(picture / np.maximum(blur(found), 1))
        np.clip(found, 1, 255, out=found)
    return found


def _direction(picture: Any) -> tuple[float, float]:
    dx, dy = cv2.Scharr(picture, cv2.CV_32F, 1, 0), cv2.Scharr(picture, cv2.CV_32F, 0, 1)
    xx, yy, xy = (float(a.mean()) for a in (dx * dx, dy * dy, dx * dy))
    return float(0.5 * np.arctan2(2 * xy, xx - yy)), float(np.hypot(xx - yy, 2 * xy) / (xx + yy + 1e-6))


def _flattened(picture: Any, half: float, upright: bool) -> Any:
    """What is on a cylinder whose axis is upright or level, rolled out: the middle is narrower than it looks, the
    edges are wider. Its rims, which are arcs, are drawn straight by the decoder's own grid."""
    if not upright:
        return _flattened(picture.T, half, True).T.copy()
    height, width = picture.shape
    top = np.sin(half)
    along = np.sin(np.linspace(-half, half, round(width * half / asin(top) / top))) / top
    xs = ((along + 1) / 2 * (width - 1)).astype(np.float32)
    grid = np.tile(xs, (height, 1))
    ys = np.tile(np.arange(height, dtype=np.float32)[:, None], (1, len(xs)))
    return cv2.remap(picture, grid, ys, cv2.INTER_LINEAR)
