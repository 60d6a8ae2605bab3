"""Small lettering in scenes: the text detector once more, in small tiles.

The network weighs each place against its whole picture, so that lettering of a dozen pixels is lost in a wide street
and plain in a part of it. The pass that reads the photo can't look so: small tiles cut its long lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from photoscan.geometry import Box, Polygon
from photoscan.textline import TextLine
from photoscan.vision import text_detector
from photoscan.vision.plates.frame import sides
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.tiles import tiles

TILE, OVERLAP = 640, 80
"""Sides of the tiles; no plate that is small enough to need them is wider than the overlap."""
SIZES = 900, 1600
"""Long sides of photos that are looked at so: smaller ones are read enlarged, larger ones in tiles of their own."""
FEW = 12
"""Lines up to which a photo is a scene; on a page everything was read."""
HIGHEST, FLATTEST, LONGEST = 40, 1.2, 9.0
"""Lettering up to so many pixels high, and so many times as long as high, is asked for."""
MOST = 8
"""So many outlines are looked at close up, the largest first."""


def find(pyramid: Pyramid, lines: Sequence[TextLine], known: Sequence[Box], detector: TextDetector) -> list[Polygon]:
    """Outlines of small lettering, in pixels of the full picture, where nothing is known yet."""
    if not SIZES[0] <= pyramid.long_side <= SIZES[1] or len(lines) > FEW:
        return []
    heat = np.zeros(pyramid.full.shape[:2], np.uint8)
    for tile in tiles(pyramid.width, pyramid.height, TILE, OVERLAP):
        part = np.s_[tile.y : tile.y2, tile.x : tile.x2]
        np.maximum(heat[part], detector.heat(pyramid.full[part]), out=heat[part])
    found = []
    for outline in text_detector.boxes(heat):
        across, down = sides(outline)
        if down > HIGHEST or not FLATTEST * down < across < LONGEST * down:
            continue
        if not any(Box.around(outline).coverage_by(other) > 0.5 for other in known):
            found.append((across * down, outline))
    return [outline for _, outline in sorted(found, reverse=True)[:MOST]]
