"""What looks like a plate, whether it can be read or not: CLP at several sizes, joined; large photos in tiles as well.

Measured on photos of cars shrunk so that their plates are so wide, 48 of them laid into 12 megapixels: of plates 25
pixels wide the whole photo at 1280 shows 3 and tiles of full size 27; of 40 pixels 3 and 39.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from photoscan.geometry import Box
from photoscan.options import Profile
from photoscan.vision import windows
from photoscan.vision.plate_detector import PlateBox, PlateDetector
from photoscan.vision.plates import contrast
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.tiles import tiles

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

SIZES: dict[Profile, tuple[int, ...]] = {
    "fast": (640,),
    "balanced": (320, 640, 1280),
    "thorough": (320, 640, 1280, 2560),
}
"""Long sides at which the detector looks, by profile."""
FULL: dict[Profile, int] = {"fast": 0, "balanced": 4096, "thorough": 8192}
"""Up to this long side a photo larger than all those sizes is looked at in full size, a larger one shrunk to it."""
TILE, OVERLAP = 1600, 160
"""Sides of the tiles for that; a plate that is wider than the overlap is seen at the smaller sizes."""
MARGIN = 64
"""What is seen around a place that may hold a small plate; most of the vehicle's rear is in it."""
EACH = 60_000
"""Pixels that a run of the network costs beside those it sees."""
THRESHOLD = 0.06
"""Candidates from this score on are looked at: what is read in them decides."""


def find(pyramid: Pyramid, profile: Profile, detector: PlateDetector) -> list[PlateBox]:
    """Every candidate in pixels of the full picture, surest first; of those in one place only the surest."""
    found: list[PlateBox] = []
    for size in SIZES[profile]:
        found += _seen(pyramid, size, [_whole(pyramid.at(size))], detector)
    full = min(pyramid.long_side, FULL[profile])
    if full > SIZES[profile][-1]:
        found += _seen(pyramid, full, _worth_it(pyramid.at(full)), detector)
    kept: list[PlateBox] = []
    for shape in sorted(found, key=lambda s: -s.score):
        if not any(same(shape.box, other.box) for other in kept):
            kept.append(shape)
    return kept


def _whole(pixels: Pixels) -> Box:
    return Box(0, 0, pixels.shape[1], pixels.shape[0])


def _worth_it(pixels: Pixels) -> list[Box]:
    """The parts of a picture that may hold small plates: all of it in tiles where that is no more."""
    height, width = pixels.shape[:2]
    some = windows.cover(contrast.grid(pixels), contrast.CELL, width, height, TILE, MARGIN, EACH)
    whole = tiles(width, height, TILE, OVERLAP)
    return some if windows.share(some, width, height) < windows.share(whole, width, height) else whole


def _seen(pyramid: Pyramid, size: int, parts: Iterable[Box], detector: PlateDetector) -> Iterator[PlateBox]:
    """What is seen in parts of the picture at one size, in pixels of the full picture."""
    pixels, factor = pyramid.at(size), pyramid.long_side / size
    for part in parts:
        seen = detector.detect(pixels[part.y : part.y2, part.x : part.x2], THRESHOLD)
        yield from (_placed(shape, part, factor) for shape in seen)


def _placed(shape: PlateBox, tile: Box, factor: float) -> PlateBox:
    """A shape seen in a tile of a shrunk picture, in pixels of the full one."""
    box = Box(shape.box.x + tile.x, shape.box.y + tile.y, shape.box.w, shape.box.h).scaled(factor)
    return PlateBox(shape.score, box, tuple(((x + tile.x) * factor, (y + tile.y) * factor) for x, y in shape.corners))


def same(a: Box, b: Box) -> bool:
    """Whether two boxes are of one plate: they share more than half of the smaller one."""
    return a.intersection(b) > 0.5 * min(a.area, b.area)
