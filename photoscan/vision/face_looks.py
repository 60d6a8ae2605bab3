"""At which sizes a picture is searched for faces, and where: a fine look goes only where a coarser one saw a trace.

The network's heat map answers for every place of a picture, also where it shows no face: a face that is too small for
a coarse look still warms it. Sky, walls and grass stay cold, and are not looked at closely.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from photoscan.geometry import Box
from photoscan.options import Profile
from photoscan.vision import windows
from photoscan.vision.centerface import STRIDE
from photoscan.vision.tiles import tiles

FILLING, CLOSE_UPS, LARGE_PASS = 160, 320, 1024
"""Long sides of the looks for close-ups: faces of 450 px and more in the network's input are lost. One that fills the
photo scores .91 at 160 and .88 at 320, half hidden by a hand .83 and .80."""
SMALLEST_IN_FILLING = 64
"""Pixels of the smallest look: on 190 photos nothing of that size was a false face there."""
LARGEST_SEEN = 300
"""Pixels of a look: higher faces are taken from the next smaller one."""
SMALLEST_IN_SHRUNK = 24
"""Pixels of a shrunk look: smaller faces are placed better by the next larger one."""
ENLARGE_UP_TO = 1600
"""Photos up to this long side are enlarged to twice their size for small faces."""
SMALL_FACE = 90
"""Only faces up to this height (pixels of the photo) are taken from the enlarged look."""
TILE, OVERLAP = 1152, 160
"""Pixels: larger tiles cost memory, not time; the overlap holds the largest face that only the native look sees."""
STEP = 2
"""How much finer a look may be than the one that calls for it: from a quarter of the size, three of five faces of 8 to
16 pixels were lost; from half of it, none that the whole look had shown."""
WARM = 0.05
"""Heat from which a place is worth a finer look: nothing was lost in 190 photos, at .08 one face of 8 to 16 pixels in
a hundred of those that a look at half the size calls for, at .12 more."""
CELL = 4
"""Warm places are told in cells of so many strides."""
MARGIN, EACH = 48, 128 * 128
"""Pixels of the fine look around what is warm (the network needs to see what is around a face), and what a window costs
by itself."""
PLAIN_SCORE, PLAIN_HEIGHT, PLAIN_PART = 0.7, 32, 0.7
"""A face of this score and height in pixels of a look needs no finer one: this part of its box, from the middle, is no
reason to look again."""
CUT = 4
"""Pixels: a face that comes so near to a window's edge may be cut there."""
BLOCK = 32
"""Pixels: the network works on whole blocks; a window that fills them has a picture there, not black."""

Warm = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the picture with its long side that many pixels, for faces of these heights in pixels of the look.

    `after`: the long side of the coarser look whose traces say where this one is needed; 0: everywhere.
    """

    long_side: int
    smallest: float = 0
    largest: float = LARGEST_SEEN
    after: int = 0


def ladder(native: int, profile: Profile) -> list[Look]:
    """The looks at a picture with that long side, coarse ones first; each takes the faces that it sees best.

    `fast` sees no more than LARGE_PASS pixels. `thorough` looks everywhere.
    """
    looks = [Look(FILLING, SMALLEST_IN_FILLING)] if native > FILLING * 1.2 else []
    if native > CLOSE_UPS * 1.2:
        looks.append(Look(CLOSE_UPS, SMALLEST_IN_SHRUNK))
    if profile == "fast":
        looks.append(Look(min(native, LARGE_PASS)))
    else:
        looks += _to_the_finest(native)
    looks[0] = replace(looks[0], largest=float("inf"))
    return [replace(look, after=0) for look in looks] if profile == "thorough" else looks


def _to_the_finest(native: int) -> list[Look]:
    """A look that shows a trace of whatever the native one would find, that one, and of small photos one enlarged."""
    looks = []
    coarse = 0
    if native > LARGE_PASS * 1.2:
        coarse = max(LARGE_PASS, ceil(native / STEP))
        if coarse > STEP * LARGE_PASS:
            looks.append(Look(LARGE_PASS, SMALLEST_IN_SHRUNK))
        looks.append(Look(coarse))
    looks.append(Look(native, after=coarse))
    if native <= ENLARGE_UP_TO:
        looks.append(Look(2 * native, largest=2 * SMALL_FACE, after=native))
    return looks


def whole(width: int, height: int) -> list[Box]:
    """The windows of a look at everything, in pixels of the look."""
    return tiles(width, height, TILE, OVERLAP)


def worth_a_look(warm: Warm, finer: float, width: int, height: int) -> list[Box]:
    """The windows of a look that is `finer` times the size of the one with these warm places; its size is given.

    The rows and columns of `warm` are STRIDE pixels of the coarser look each.
    """
    if not warm.any():
        return []
    wanted = np.zeros((ceil(warm.shape[0] / CELL), ceil(warm.shape[1] / CELL)), np.bool_)
    rows, columns = np.nonzero(warm)
    wanted[rows // CELL, columns // CELL] = True
    found = [
        _filled(box, width, height)
        for box in windows.cover(wanted, CELL * STRIDE * finer, width, height, TILE, MARGIN, EACH)
    ]
    everything = whole(width, height)
    return found if sum(box.area for box in found) < sum(box.area for box in everything) else everything


def mark(warm: Warm, heat: NDArray[np.float32], part: Box) -> None:
    """Note in the warm places of a look what one part of it, in pixels, showed."""
    rows, columns = slice(part.y // STRIDE, part.y // STRIDE + heat.shape[0]), part.x // STRIDE
    here = warm[rows, columns : columns + heat.shape[1]]
    here |= heat[: here.shape[0], : here.shape[1]] >= WARM


def without_plain(warm: Warm, faces: Iterable[tuple[Box, float]]) -> Warm:
    """The warm places of a look less those that are the middle of a face that it shows well.

    `faces`: boxes in pixels of the look, and scores.
    """
    left = warm.copy()
    for box, score in faces:
        if score >= PLAIN_SCORE and box.h >= PLAIN_HEIGHT:
            dx, dy = box.w * (1 - PLAIN_PART) / 2, box.h * (1 - PLAIN_PART) / 2
            rows = slice(int((box.y + dy) / STRIDE), int((box.y2 - dy) / STRIDE) + 1)
            left[rows, int((box.x + dx) / STRIDE) : int((box.x2 - dx) / STRIDE) + 1] = False
    return left


def is_cut(edges: Sequence[float], window: Box, width: int, height: int) -> bool:
    """Whether a face with these edges (left, top, right, bottom) may go on outside its window, where the picture does.

    All are pixels of one look, which is width x height.
    """
    left, top, right, bottom = edges
    return (
        (window.x > 0 and left < window.x + CUT)
        or (window.y > 0 and top < window.y + CUT)
        or (window.x2 < width and right > window.x2 - CUT)
        or (window.y2 < height and bottom > window.y2 - CUT)
    )


def _filled(box: Box, width: int, height: int) -> Box:
    """The box grown to whole blocks, as far as the picture goes."""
    w, h = min(width, box.w + -box.w % BLOCK), min(height, box.h + -box.h % BLOCK)
    return Box(min(box.x, width - w), min(box.y, height - h), w, h)
