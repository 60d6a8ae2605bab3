"""Windows: the few parts of a picture that are worth a fine look, by a coarse grid of where something may be seen.

Method: recursive X-Y cut (Nagy and Seth, Hierarchical representation of optically scanned documents, ICPR 1984): a part
is cut where the pieces, trimmed to what they hold, leave out most. An empty band is not asked for: on gravel, where
places lie scattered, there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from photoscan.geometry import Box
from photoscan.vision.tiles import tiles

Grid = NDArray[np.bool_]
ROUNDING = 1e-9
"""Share of a window that is no saving: margins need not be whole cells."""


def cover(wanted: Grid, cell: float, width: int, height: int, size: int, margin: int, each: float = 0) -> list[Box]:
    """Boxes of a picture of width x height that hold every wanted place with `margin` pixels around it.

    `wanted` is rows x columns; one of its cells stands for `cell` x `cell` pixels, the first at the top left corner,
    and the last ones may reach beyond the picture. Each side of a box is at most `size`; what is larger is laid out in
    tiles that share at least `margin` pixels. Nothing wanted: no box. Places are parted only where that leaves
    pixels out: more than `each`, which is what a window costs by itself.

    Raises ValueError unless size > 2 x margin.
    """
    if size <= 2 * margin:
        raise ValueError(f"windows of {size} pixels have no room for margins of {margin}")
    boxes = []
    for rows, columns in _parts(wanted, margin / cell, each / cell**2):
        left, top = max(0, int(columns.start * cell) - margin), max(0, int(rows.start * cell) - margin)
        right = min(width, int(np.ceil(columns.stop * cell)) + margin)
        bottom = min(height, int(np.ceil(rows.stop * cell)) + margin)
        if right > left and bottom > top:
            boxes += [Box(left + t.x, top + t.y, t.w, t.h) for t in tiles(right - left, bottom - top, size, margin)]
    return boxes


def share(boxes: list[Box], width: int, height: int) -> float:
    """How many pixels the boxes hold, in pictures of width x height: above 1 where margins overlap."""
    return sum(box.area for box in boxes) / (width * height)


def _parts(wanted: Grid, rim: float, each: float) -> Iterator[tuple[range, range]]:
    """Rows and columns of each piece of the grid, trimmed to what it holds. `rim`, `each`: of a window, in cells."""
    waiting = [(0, 0, wanted)]
    while waiting:
        top, left, part = waiting.pop()
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        if not len(rows):
            continue
        held = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        top, left = top + int(rows[0]), left + int(columns[0])
        down, rows_cost = _best_cut(held, rim)
        across, columns_cost = _best_cut(held.T, rim)
        whole = (held.shape[0] + 2 * rim) * (held.shape[1] + 2 * rim)
        if min(rows_cost, columns_cost) + each >= whole * (1 - ROUNDING):
            yield range(top, top + held.shape[0]), range(left, left + held.shape[1])
        elif rows_cost <= columns_cost:
            waiting += [(top, left, held[:down]), (top + down, left, held[down:])]
        else:
            waiting += [(top, left, held[:, :across]), (top, left + across, held[:, across:])]


def _best_cut(held: Grid, rim: float) -> tuple[int, float]:
    """Before which row to cut a trimmed piece, and the cells of both windows then; (0, infinity) for a single row."""
    if len(held) < 2:
        return 0, float("inf")
    above = _costs(held, rim)[:-1]
    below = _costs(held[::-1], rim)[::-1][1:]
    cut = int(np.argmin(above + below))
    return cut + 1, float(above[cut] + below[cut])


def _costs(held: Grid, rim: float) -> NDArray[np.float64]:
    """Of the first row, the first two rows and so on: the cells of the window around what they hold."""
    filled = held.any(axis=1)
    width = held.shape[1]
    first = np.minimum.accumulate(np.where(filled, held.argmax(axis=1), width))
    last = np.maximum.accumulate(np.where(filled, width - 1 - held[:, ::-1].argmax(axis=1), -1))
    height = np.maximum.accumulate(np.where(filled, np.arange(len(held)), -1)) + 1
    return np.asarray((last - first + 1 + 2 * rim) * (height + 2 * rim), np.float64)
