"""Windows: the few parts of a picture that are worth a fine look, by a coarse grid of where something may be seen.

Method: recursive X-Y cut (Nagy and Seth, Hierarchical representation of optically scanned documents, ICPR 1984): a part
is cut along its widest empty band, and each piece is trimmed to what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from photoscan.geometry import Box
from photoscan.vision.tiles import tiles

Grid = NDArray[np.bool_]


def cover(wanted: Grid, cell: float, width: int, height: int, size: int, margin: int) -> list[Box]:
    """Boxes of a picture of width x height that hold every wanted place with `margin` pixels around it.

    `wanted` is rows x columns; one of its cells stands for `cell` x `cell` pixels, the first at the top left corner,
    and the last ones may reach beyond the picture. Each side of a box is at most `size`; what is larger is laid out in
    tiles that share at least `margin` pixels. Nothing wanted: no box. Places are parted only where that leaves pixels
    out.

    Raises ValueError unless size > 2 x margin.
    """
    if size <= 2 * margin:
        raise ValueError(f"windows of {size} pixels have no room for margins of {margin}")
    boxes = []
    for rows, columns in _parts(wanted, 2 * margin / cell):
        left, top = max(0, int(columns.start * cell) - margin), max(0, int(rows.start * cell) - margin)
        right = min(width, int(np.ceil(columns.stop * cell)) + margin)
        bottom = min(height, int(np.ceil(rows.stop * cell)) + margin)
        if right > left and bottom > top:
            boxes += [Box(left + t.x, top + t.y, t.w, t.h) for t in tiles(right - left, bottom - top, size, margin)]
    return boxes


def share(boxes: list[Box], width: int, height: int) -> float:
    """How many pixels the boxes hold, in pictures of width x height: above 1 where margins overlap."""
    return sum(box.area for box in boxes) / (width * height)


def _parts(wanted: Grid, gap: float) -> Iterator[tuple[range, range]]:
    """Rows and columns of each piece of the grid, trimmed to what it holds."""
    waiting = [(0, 0, wanted)]
    while waiting:
        top, left, part = waiting.pop()
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        if not len(rows):
            continue
        held = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        top, left = top + int(rows[0]), left + int(columns[0])
        down, across = _widest(rows - rows[0], gap), _widest(columns - columns[0], gap)
        if not (down or across):
            yield range(top, top + held.shape[0]), range(left, left + held.shape[1])
        elif len(down) * held.shape[1] >= len(across) * held.shape[0]:
            waiting += [(top, left, held[: down.start]), (top + down.stop, left, held[down.stop :])]
        else:
            waiting += [(top, left, held[:, : across.start]), (top, left + across.stop, held[:, across.stop :])]


def _widest(filled: NDArray[np.intp], gap: float) -> range:
    """The widest run of numbers that are lacking between the sorted ones given; none where it has no more than `gap`:
    the margins on both its sides would fill it, so that a cut there saves nothing."""
    steps = np.diff(filled) - 1
    if not len(steps) or steps.max() <= gap:
        return range(0)
    before = int(steps.argmax())
    return range(int(filled[before]) + 1, int(filled[before + 1]))
