"""How far do the bars of a barcode go? A decoder tells only of rows that it crossed whole: a strip of a slanted code.

Source of the idea: bars are where nearly all gradients have one direction (Gallo and Manduchi, Reading 1D Barcodes
with Mobile Phones, IEEE TPAMI 2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from photoscan.geometry import Box, Polygon

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

SIDE = 512
"""Pixels to which the surroundings of a code are shrunk."""
ONE_WAY = 0.6
"""Coherence of gradients, 0..1, from which a place is covered by bars."""
STRENGTH = 0.2
"""Gradient energy, relative to the middle of the code, below which a place is blank."""
SLANT = 0.35
"""Radians by which bars may differ in direction from those in the middle: seen from the side they fan out."""


def whole(pixels: Pixels, polygon: Polygon) -> Polygon:
    """The rotated rectangle around all bars that belong to a decoded strip; the strip itself when none are seen."""
    strip = Box.around(polygon)
    reach = max(strip.w, strip.h)
    near = Box(strip.x - reach // 2, strip.y - reach // 2, strip.w + reach, strip.h + reach)
    near = near.clipped(pixels.shape[1], pixels.shape[0])
    factor = min(1.0, SIDE / max(near.w, near.h, 1))
    patch = pixels[near.y : near.y2, near.x : near.x2]
    if not patch.size:
        return polygon
    small = cv2.resize(patch, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    corners = np.array([((x - near.x) * factor, (y - near.y) * factor) for x, y in polygon], np.float32)
    mask = _bars(small, corners, max(5, round(reach * factor / 12)))
    if mask is None:
        return polygon
    points = np.vstack([np.argwhere(mask)[:, ::-1].astype(np.float32), corners])
    return tuple(
        (float(x) / factor + near.x, float(y) / factor + near.y) for x, y in cv2.boxPoints(cv2.minAreaRect(points))
    )


def _bars(picture: Any, strip: Any, window: int) -> Any:
    """The connected places with gradients in the direction of those in the strip; None where the strip has none."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    dx, dy = cv2.Scharr(grey, cv2.CV_32F, 1, 0), cv2.Scharr(grey, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.boxFilter(a, -1, (window, window)) for a in (dx * dx, dy * dy, dx * dy))
    energy = xx + yy
    coherence = np.sqrt((xx - yy) ** 2 + 4 * xy**2) / np.maximum(energy, 1e-6)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    cx, cy = (int(v) for v in strip.mean(axis=0))
    if not (0 <= cy < grey.shape[0] and 0 <= cx < grey.shape[1]) or coherence[cy, cx] < ONE_WAY:
        return None
    turn = np.abs(angle - angle[cy, cx])
    alike = np.minimum(turn, np.pi - turn) < SLANT
    bars = ((coherence > ONE_WAY) & alike & (energy > STRENGTH * energy[cy, cx])).astype(np.uint8)
    _, labels = cv2.connectedComponents(bars)
    return labels == labels[cy, cx] if labels[cy, cx] else None
