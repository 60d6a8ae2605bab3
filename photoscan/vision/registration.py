"""Where a photo lies in a smaller picture of it: turned, mirrored, with bars around it, or one of them cropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
"""Height x width, levels of grey 0..255."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of a picture's width and height."""

COARSE = 96
"""Longest side at which places are searched, in pixels."""
SURE = 0.97
"""Correlation from which no further place is tried."""
FOUND = 0.8
"""Correlation from which a cropped part is taken for found."""
SMALLEST = 20
"""Pixels of the shorter side of a part that is looked for: a smaller one is like many others."""
STEPS = 26
"""Sizes of a cropped part that are tried, each 5 % smaller than the one before."""
TURNS = (1, 3, 6, 8, 2, 4, 5, 7)
"""EXIF orientations, the likely ones first."""


@dataclass(frozen=True, slots=True)
class Place:
    """`box`: left, top, right and bottom of the whole photo in the preview, as shares of its width and height; outside
    of 0..1 where the preview is a part of the photo. `turned`: the EXIF orientation that brings the preview upright.
    `alike`: correlation of what both show, -1..1."""

    box: Box
    turned: int
    alike: float


def upright(grey: Grey, orientation: int) -> Grey:
    """A picture whose EXIF orientation is that, as it is to be seen (CIPA DC-008, tag 274)."""
    if orientation >= 5:
        grey = grey.T
    if orientation in (3, 4, 7, 8):
        grey = grey[::-1]
    if orientation in (2, 3, 6, 7):
        grey = grey[:, ::-1]
    return np.ascontiguousarray(grey)


def placed(photo: Grey, preview: Grey, orientation: int) -> Place:
    """The best place of an upright photo in a preview that is probably in that EXIF orientation.

    Whole, with bars, or cropped around its middle in all turns; then, if none of these is sure, any part of one that is
    like the other, in the turns in which it may lie.
    """
    order = dict.fromkeys((orientation, *TURNS))
    best = _best(photo, preview, order)
    if best.alike < SURE:
        best = max((best, *_parts(photo, preview, order)), key=lambda place: place.alike)
    return best


def _best(photo: Grey, preview: Grey, orientations: Iterable[int]) -> Place:
    found = []
    for orientation in orientations:
        shown = small(upright(preview, orientation))
        found.append(max((_refined(photo, shown, box, orientation) for box in _fits(photo.shape, shown.shape)),
                         key=lambda place: place.alike))  # fmt: skip
        if found[-1].alike >= SURE:
            break
    return max(found, key=lambda place: place.alike)


def small(grey: Grey) -> Grey:
    """A copy of COARSE pixels at most."""
    scale = COARSE / max(grey.shape)
    if scale >= 1:
        return grey
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.float32)


def warped(photo: Grey, box: Box, size: tuple[int, int]) -> tuple[Grey, NDArray[np.bool_]]:
    """The photo as it would stand in a preview of that width and height, and where it covers it."""
    width, height = size
    left, top, right, bottom = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    across, down = (right - left) / photo.shape[1], (bottom - top) / photo.shape[0]
    if max(1 / across, 1 / down) > 1:  # shrunk first, each pixel the mean of those it stands for
        shape = max(1, round(photo.shape[1] * min(1, across))), max(1, round(photo.shape[0] * min(1, down)))
        photo = np.asarray(cv2.resize(photo, shape, interpolation=cv2.INTER_AREA), np.float32)
        across, down = (right - left) / photo.shape[1], (bottom - top) / photo.shape[0]
    matrix = np.array([[across, 0, left + across / 2 - 0.5], [0, down, top + down / 2 - 0.5]], np.float32)
    shown = cv2.warpAffine(photo, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    inside = (
        (columns >= left - 0.25) & (columns + 1 <= right + 0.25) & (rows >= top - 0.25) & (rows + 1 <= bottom + 0.25)
    )
    return np.asarray(shown, np.float32), inside


def correlation(a: Grey, b: Grey) -> float:
    """Of the values of two arrays, -1..1; 0 where one of them is flat."""
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / spread) if spread > 1e-3 * a.size else 0.0


def _fits(photo: tuple[int, ...], preview: tuple[int, ...]) -> Iterator[Box]:
    """The photo stretched over the preview, fitted into it, and filling it."""
    yield 0.0, 0.0, 1.0, 1.0
    wider = (photo[1] / photo[0]) / (preview[1] / preview[0])
    if abs(wider - 1) < 0.01:
        return
    inside, outside = min(wider, 1 / wider), max(wider, 1 / wider)
    gap, more = (1 - inside) / 2, (outside - 1) / 2
    across, down = (0.0, gap, 1.0, 1 - gap), (gap, 0.0, 1 - gap, 1.0)
    yield across if wider > 1 else down
    across, down = (-more, 0.0, 1 + more, 1.0), (0.0, -more, 1.0, 1 + more)
    yield across if wider > 1 else down


def _refined(photo: Grey, shown: Grey, box: Box, turned: int) -> Place:
    """The place with its sides moved, each by itself, as long as that makes both more alike."""
    size = shown.shape[1], shown.shape[0]

    def alike(box: Box) -> float:
        if box[2] - box[0] < 0.1 or box[3] - box[1] < 0.1:
            return -1.0
        there, inside = warped(photo, box, size)
        return correlation(there[inside], shown[inside]) if inside.sum() > SMALLEST**2 / 2 else -1.0

    best = alike(box)
    if best < 0.5:  # another picture, or far away: moving a side will not find it
        return Place(box, turned, best)
    for step in (2.0, 1.0, 0.5, 0.25):
        for _ in range(4):
            before = best
            for sides in ((0, 2), (1, 3), (0,), (1,), (2,), (3,)):
                for sign in (-1, 1):
                    moved = list(box)
                    for side in sides:
                        moved[side] += sign * step / size[side % 2]
                    if (value := alike(_four(moved))) > best + 1e-4:
                        best, box = value, _four(moved)
            if best == before:
                break
    return Place(box, turned, best)


def _four(sides: list[float]) -> Box:
    left, top, right, bottom = sides
    return left, top, right, bottom


def _parts(photo: Grey, preview: Grey, orientations: Iterable[int]) -> Iterator[Place]:
    """The photo as a part of the preview, and the preview as a part of the photo."""
    whole = small(photo)
    for turned in orientations:
        shown = small(upright(preview, turned))
        height, width = shown.shape
        fit = min(width / whole.shape[1], height / whole.shape[0])
        best = Place((0.0, 0.0, 1.0, 1.0), turned, -1.0)
        for step in range(2 * STEPS):
            scale = fit * 0.95**step if step < STEPS else fit * 1.05 ** (step - STEPS + 1)
            size = round(whole.shape[1] * scale), round(whole.shape[0] * scale)
            if min(size) < SMALLEST or scale > 4 * fit:
                continue
            part = cv2.resize(whole, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
            inside = size[0] <= width and size[1] <= height
            if not inside and (size[0] < width or size[1] < height):
                continue
            if min(part.std(), shown.std()) < 2:
                continue
            marks = cv2.matchTemplate(shown if inside else part, part if inside else shown, cv2.TM_CCOEFF_NORMED)
            _, value, _, (x, y) = cv2.minMaxLoc(marks)
            if value > best.alike:
                x, y = (x, y) if inside else (-x, -y)
                box = x / width, y / height, (x + size[0]) / width, (y + size[1]) / height
                best = Place(box, turned, float(value))
        if best.alike >= FOUND:
            yield _refined(photo, shown, best.box, turned)
