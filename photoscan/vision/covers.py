"""Covers that can be seen through: a marker that leaves a few per cent of what is below, or print as pale as its paper.

A screen shows next to nothing there; any picture editor's contrast brings it back. Found on the picture alone: places
whose grey levels lie close together and are one level in most of them, as a filled shape is, yet not everywhere.
Noise, skies and what is out of focus have no such level. Whether there is lettering is for a reader to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan.geometry import Box

if TYPE_CHECKING:
    from photoscan.pixels import Pixels
    from photoscan.vision.pyramid import Pyramid

WHOLE = 4_000_000
"""Pixels up to which a picture is looked at in its own size."""
CELL = 4
"""Pixels of one place of the grid, each way."""
SPREAD = 32
"""Grey levels between the darkest and the lightest of a place, at most: an eighth of what paper and ink differ by.
More than that a reader sees without help."""
EXACT = 1
"""Grey levels within which a place counts as filled: rounding and coding leave so much."""
INSIDE = 2
"""Places all around that have to be flat as well: a JPEG's ringing reaches so far from a cover's edge (8 pixels)."""
LEAST_FAINT = 8
"""Places with something faint in them, from which on there may be a few letters."""
LEAST_FILLED = 0.2
"""Share of the places around something faint that are filled, at least: lettering has bare ground between its lines and
words. Noise and gradients have none."""
ONE_LEVEL = 0.5
"""Share of the pixels that have the commonest level (give or take EXACT), at least."""
JOINED = 5
"""Places by which letters and words lie apart, at most."""
AROUND, BARE = 12, 36
"""Pixels around what is faint that belong to its cover, and in which it is lifted: between words a cover
shows nothing."""
MOST = 6
"""Covers of one picture, the largest first."""
REACH = 9
"""Pixels of the widest stroke of lettering that is looked for; what is larger shows without help by its size."""
STROKE = 80
"""Levels by which a stroke stands out after stretching, at least: about a third, as between ink and paper."""
LEAST_STROKES = 0.1
"""Share of the places in which such strokes are. A lone edge, as of a speech bubble, has none."""
LOOKED_AT, LOOKED_SHARE = 250_000, 0.04
"""Pixels of covers that are read in one picture, or that share of its pixels; the largest one in any case."""
SMALLEST = 12, 24
"""Pixels of the shorter and the longer side of what may be a word, at least."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A part of a picture with something faint in it: the grey levels from which to which it reaches, and that of
    its ground."""

    box: Box
    low: int
    high: int
    ground: int


def of(pyramid: Pyramid) -> list[Cover]:
    """Those of a page; a large one is looked at in half its size, in which it is read as well. Largest first."""
    if pyramid.width * pyramid.height <= WHOLE:
        return find(pyramid.full)
    half = round(pyramid.long_side / 2)
    covers = find(pyramid.at(half))
    factor = pyramid.long_side / half
    return [replace(c, box=c.box.scaled(factor).clipped(pyramid.width, pyramid.height)) for c in covers]


def find(pixels: Pixels) -> list[Cover]:
    """Where a picture (H x W x 3, uint8, BGR) may hold lettering that nobody sees, the largest first."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    low, high = _extremes(grey)
    spread = high - low
    # Beside each other, two fills of different levels are an edge that happens to lie on the grid.
    wide = cv2.dilate(high, np.ones((3, 3), np.uint8)) - cv2.erode(low, np.ones((3, 3), np.uint8))
    flat = (wide <= SPREAD).astype(np.uint8)
    inner = cv2.erode(flat, np.ones((2 * INSIDE - 1, 2 * INSIDE - 1), np.uint8), borderValue=1)
    faint = inner & (spread > EXACT).astype(np.uint8)
    if int(faint.sum()) < LEAST_FAINT:
        return []
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.morphologyEx(faint, cv2.MORPH_CLOSE, np.ones((JOINED, JOINED), np.uint8)), connectivity=8
    )
    height, width = grey.shape
    found = []
    for x, y, w, h, area in sorted(stats[1:count].tolist(), key=lambda row: -row[4])[: 4 * MOST]:
        if area < LEAST_FAINT or CELL * min(w, h) < SMALLEST[0] or CELL * max(w, h) < SMALLEST[1]:
            continue
        box = Box(CELL * x - AROUND, CELL * y - AROUND, CELL * w + 2 * AROUND, CELL * h + 2 * AROUND)
        if (cover := _cover(grey, spread, flat, box.clipped(width, height))) is not None:
            found.append(cover)
    return found[:MOST]


def afforded(covers: Sequence[Cover], pixels: int) -> list[Cover]:
    """As many of the covers, in their order, as a picture of so many pixels is worth a look at."""
    amount = max(LOOKED_AT, LOOKED_SHARE * pixels)
    kept: list[Cover] = []
    for cover in covers:
        if not kept or sum(c.box.area for c in kept) + cover.box.area <= amount:
            kept.append(cover)
    return kept


def shown(pixels: Pixels, cover: Cover) -> Pixels:
    """A cover by itself: its contrast raised, and its ground where the picture shows anything that can be seen."""
    box = cover.box
    grey = cv2.cvtColor(pixels[box.y : box.y2, box.x : box.x2], cv2.COLOR_BGR2GRAY)
    grey[~_under(grey, cover)] = cover.ground
    stretched: Pixels = _table(cover)[grey][:, :, None].repeat(3, 2)
    return stretched


def lifted(pixels: Pixels, covers: Sequence[Cover]) -> Pixels:
    """The picture with the contrast of its covers stretched over the whole range, all else as it is."""
    height, width = pixels.shape[:2]
    made: Pixels = pixels.copy()
    for cover in covers:
        box = cover.box
        box = Box(box.x - BARE, box.y - BARE, box.w + 2 * BARE, box.h + 2 * BARE).clipped(width, height)
        place = np.s_[box.y : box.y2, box.x : box.x2]
        grey = cv2.cvtColor(pixels[place], cv2.COLOR_BGR2GRAY)
        under = _under(grey, cover)
        made[place][under] = _table(cover)[grey[under]][:, None]
    return made


def _under(grey: NDArray[Any], cover: Cover) -> NDArray[np.bool_]:
    """Which pixels have a cover's levels; strokes may be stronger than where they were measured."""
    slack, levels = max(EXACT, (cover.high - cover.low) // 2), grey.astype(np.int16)
    under: NDArray[np.bool_] = (levels >= cover.low - slack) & (levels <= cover.high + slack)
    return under


def _extremes(grey: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The darkest and the lightest level in each place."""
    kernel, anchor = np.ones((CELL, CELL), np.uint8), (0, 0)
    low = cv2.erode(grey, kernel, anchor=anchor, borderType=cv2.BORDER_REPLICATE)[::CELL, ::CELL]
    high = cv2.dilate(grey, kernel, anchor=anchor, borderType=cv2.BORDER_REPLICATE)[::CELL, ::CELL]
    return np.ascontiguousarray(low, np.uint8), np.ascontiguousarray(high, np.uint8)


def _cover(grey: NDArray[Any], spread: NDArray[np.uint8], flat: NDArray[np.uint8], box: Box) -> Cover | None:
    """A box as a cover, where its flat places are filled but for what is faint."""
    cells = np.s_[box.y // CELL : -(-box.y2 // CELL), box.x // CELL : -(-box.x2 // CELL)]
    here = flat[cells] > 0
    if not here.any() or float((spread[cells][here] <= EXACT).mean()) < LEAST_FILLED:
        return None
    mask = np.repeat(np.repeat(here, CELL, 0), CELL, 1)
    y, x = box.y - box.y // CELL * CELL, box.x - box.x // CELL * CELL
    levels = np.bincount(grey[box.y : box.y2, box.x : box.x2][mask[y : y + box.h, x : x + box.w]], minlength=256)
    top = int(levels.argmax())
    total = int(levels.sum())
    if int(levels[max(0, top - EXACT) : top + EXACT + 1].sum()) < ONE_LEVEL * total:
        return None
    near = np.arange(256)[levels > max(1, total // 2000)]
    near = near[abs(near - top) <= SPREAD]
    cover = Cover(box, int(near.min()), int(near.max()), top)
    return cover if cover.high - cover.low > EXACT and _strokes(grey, here, cover) >= LEAST_STROKES else None


def _strokes(grey: NDArray[Any], flat: NDArray[np.bool_], cover: Cover) -> float:
    """The share of a cover's flat places (its grid) that hold a stroke."""
    box = cover.box
    y, x = box.y // CELL * CELL, box.x // CELL * CELL
    stretched = _table(cover)[grey[y : box.y2, x : box.x2]]
    kernel = np.ones((REACH, REACH), np.uint8)
    hats = [cv2.morphologyEx(stretched, way, kernel) for way in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)]
    strong = (cv2.max(*hats) >= STROKE).astype(np.uint8)
    rows, columns = flat.shape
    filled = np.zeros((CELL * rows, CELL * columns), np.uint8)
    filled[: strong.shape[0], : strong.shape[1]] = strong
    places = filled.reshape(rows, CELL, columns, CELL).max((1, 3)) > 0
    return float(places[flat].mean())


def _table(cover: Cover) -> NDArray[np.uint8]:
    """What each grey level becomes."""
    levels = (np.arange(256) - cover.low) * (255.0 / max(1, cover.high - cover.low))
    table: NDArray[np.uint8] = np.clip(levels, 0, 255).round().astype(np.uint8)
    return table
