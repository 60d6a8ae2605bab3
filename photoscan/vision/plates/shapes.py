"""What looks like a plate, whether it can be read or not: CLP at several sizes, joined."""

from __future__ import annotations

from photoscan.geometry import Box
from photoscan.options import Profile
from photoscan.vision import plate_detector
from photoscan.vision.plate_detector import PlateBox
from photoscan.vision.pyramid import Pyramid

SIZES: dict[Profile, tuple[int, ...]] = {
    "fast": (640,),
    "balanced": (320, 640, 1280),
    "thorough": (320, 640, 1280, 2560),
}
"""Long sides at which the detector looks, by profile."""
THRESHOLD = 0.06
"""Candidates from this score on are looked at: what is read in them decides."""


def find(pyramid: Pyramid, profile: Profile, threads: int) -> list[PlateBox]:
    """Every candidate in pixels of the full picture, surest first; of those in one place only the surest."""
    found: list[PlateBox] = []
    for size in SIZES[profile]:
        factor = pyramid.long_side / size
        for score, box, points in plate_detector.detect(pyramid.at(size), THRESHOLD, threads):
            found.append(PlateBox(score, box.scaled(factor), tuple((x * factor, y * factor) for x, y in points)))
    kept: list[PlateBox] = []
    for shape in sorted(found, key=lambda s: -s.score):
        if not any(same(shape.box, other.box) for other in kept):
            kept.append(shape)
    return kept


def same(a: Box, b: Box) -> bool:
    """Whether two boxes are of one plate: they share more than half of the smaller one."""
    return a.intersection(b) > 0.5 * min(a.area, b.area)
