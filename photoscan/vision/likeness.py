"""Does a preview show what its photo shows? Found is what it shows and the photo lacks: covered, blurred, cut off.

The photo is laid over the preview (`registration`) and brought to its tones. Then two questions are asked of each
place, with as much tolerance as ways of shrinking differ there:

- Is the preview's pixel brighter or darker than anything that the photo holds within a pixel around it? However a
  preview is shrunk, its pixels are made of the photo's: nothing but sharpening and coding leads out of their range.
- Do both agree when they are blurred, so that aliasing averages out? What was replaced by something as lively differs.

What only the photo shows is no question: it is nothing that the preview gives away.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from photoscan.photo import Photo
from photoscan.vision.registration import Box, Grey, placed, small, upright, warped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from photoscan.pixels import Pixels
    from photoscan.vision.pyramid import Pyramid

LONGEST, LARGE = 320, 800
"""Longest sides at which a preview is compared: larger ones are shrunk to the first, and if they show the same to the
second, at which a face of a hundredth of the width has 8 pixels."""
FINE = 3
"""Pixels of the photo, each way, that stand for one of the preview's."""
FLAT = 2.0
"""Standard deviation of grey levels below which a picture shows nothing."""
LIKE = 0.6
"""Correlation below which the preview is of something else."""
BEYOND = 0.05
"""Share of the preview outside of the photo from which it shows more: less is what a camera cuts off at the rim."""
BRIGHT = 20.0
"""Grey levels between black bars and what is shown."""
SOFT = 1.5
"""Sigma of the blur, in pixels of the preview."""
BLOB = 12.0
"""Excess, in tolerances times pixels, of one place from which something else is shown there."""


class Shows(StrEnum):
    """What a preview shows beside the photo."""

    SAME = "same"
    OTHER = "other"
    MORE = "more"
    """All that the photo shows, and more around it."""


class Likeness(NamedTuple):
    """`shows`: None where it can't be told. `place`: left, top, right and bottom of what only the preview shows, as
    shares of the upright preview's width and height; for `MORE` those of the photo within it."""

    shows: Shows | None
    place: Box | None = None
    excess: float = 0.0


def likeness(pyramid: Pyramid, preview: Photo | Pixels, orientation: int) -> Likeness:
    """What a preview, which is probably in the file's orientation, shows beside the upright photo.

    Raises PhotoscanError for a preview that can't be decoded.
    """
    if isinstance(preview, Photo):
        orientation = orientation if preview.orientation == 1 else 1
        preview = preview.pixels()
    shown, found = grey(preview), Likeness(None)
    for longest in (LONGEST, LARGE) if max(shown.shape) > LARGE // 2 else (LONGEST,):
        photo = grey(pyramid.at(min(FINE * longest, pyramid.long_side)))
        found = compared(photo, shrunk(shown, longest), orientation)
        if found.shows is not Shows.SAME:
            break
    return found


def compared(photo: Grey, preview: Grey, orientation: int = 1) -> Likeness:
    """The same of two pictures in levels of grey, 0..255."""
    if preview.std() < FLAT:
        return Likeness(None if photo.std() >= FLAT or abs(photo.mean() - preview.mean()) > BRIGHT else Shows.SAME)
    where = placed(small(photo), preview, orientation)
    if where.alike < LIKE:
        return Likeness(Shows.OTHER)
    shown = upright(preview, where.turned)
    height, width = shown.shape
    fine, covered = warped(photo, where.box, (FINE * width, FINE * height))
    inside = _eroded(covered[FINE // 2 :: FINE, FINE // 2 :: FINE])
    if inside.sum() < 64:
        return Likeness(Shows.OTHER)
    if _beyond(shown, where.box) > BEYOND:
        left, top, right, bottom = np.clip(where.box, 0, 1).tolist()
        return Likeness(Shows.MORE, (left, top, right, bottom))
    excess = np.where(inside, _excess(shown, fine, inside), 0)
    mass, place = _blob(excess)
    return Likeness(Shows.OTHER if mass > BLOB else Shows.SAME, place if mass > BLOB else None, mass)


def grey(pixels: Pixels) -> Grey:
    """Levels of grey of pixels in BGR."""
    return cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2GRAY).astype(np.float32)


def shrunk(picture: Grey, longest: int) -> Grey:
    """A picture whose longest side is no more than that."""
    scale = longest / max(picture.shape)
    if scale >= 1:
        return picture
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)


def _beyond(shown: Grey, box: Box) -> float:
    """The share of the preview that lies outside of the photo and is no bar of one colour."""
    height, width = shown.shape
    left, right = round(max(0.0, box[0]) * width), round(min(1.0, box[2]) * width)
    top, bottom = round(max(0.0, box[1]) * height), round(min(1.0, box[3]) * height)
    rims = shown[:top], shown[bottom:], shown[top:bottom, :left], shown[top:bottom, right:]
    return sum(rim.size for rim in rims if rim.size and not _is_bar(rim)) / shown.size


def _is_bar(rim: Grey) -> bool:
    """Whether a rim is of one colour but for its edge to the picture, where coding smears it."""
    return bool(np.mean(np.abs(rim - np.median(rim)) > BRIGHT) < 0.25 and np.median(np.abs(rim - np.median(rim))) < 4)


def _eroded(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without a pixel at the rim, where resampling has nothing to go by."""
    kernel = np.ones((3, 3), np.uint8)
    return cv2.erode(inside.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0).astype(bool)


def _excess(shown: Grey, fine: Grey, inside: NDArray[np.bool_]) -> Grey:
    """How much more the preview shows than it can have of the photo, in tolerances: 0 where it is within them."""
    size = shown.shape[1], shown.shape[0]
    mean = np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.float32)
    # Blurred: what sharpens or softens a preview would pass for contrast.
    tone = _tone(_soft(mean, inside, 2 * SOFT)[inside], _soft(shown, inside, 2 * SOFT)[inside])
    fine, mean = _toned(fine, tone), _toned(mean, tone)
    around = np.ones((2 * FINE + 3, 2 * FINE + 3), np.uint8)
    lower = cv2.erode(fine, around)[FINE // 2 :: FINE, FINE // 2 :: FINE]
    upper = cv2.dilate(fine, around)[FINE // 2 :: FINE, FINE // 2 :: FINE]
    span = cv2.dilate(upper - lower, np.ones((9, 9), np.uint8))
    tolerance = 9 + 0.35 * (upper - lower) + 0.1 * span
    out = np.where(inside, np.maximum(np.maximum(shown - upper, lower - shown), 0), 0)
    beyond = np.maximum(cv2.blur(out, (3, 3)) / tolerance - 0.35, 0)
    # Slow changes are lighting: shadows lifted, a sky darkened.
    soft = _soft(shown - mean, inside, SOFT)
    soft -= _soft(soft, inside, max(size) / 8)
    # The error of a mean over the blur's about 28 pixels, were each one pixel of the photo taken by chance.
    spread = np.sqrt(
        np.maximum(cv2.blur(fine * fine, (5 * FINE, 5 * FINE)) - cv2.blur(fine, (5 * FINE, 5 * FINE)) ** 2, 0)
    )
    doubt = 7 + 0.6 * spread[FINE // 2 :: FINE, FINE // 2 :: FINE] + 0.7 * _slope(_soft(mean, inside, SOFT))
    unlike = np.abs(soft) / doubt
    # A preview that differs a little everywhere was developed otherwise; one place has to stand out.
    usual = float(np.clip(2.5 * np.percentile(unlike[inside], 75), 1, 2.5))
    return np.asarray(beyond / usual + np.maximum(unlike / usual - 1, 0), np.float32)


def _soft(picture: Grey, inside: NDArray[np.bool_], sigma: float) -> Grey:
    """A picture blurred by what is inside alone."""
    weight = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), sigma)
    blurred = cv2.GaussianBlur(np.where(inside, picture, 0).astype(np.float32), (0, 0), sigma)
    return np.asarray(blurred / np.maximum(weight, 1e-3), np.float32)


def _slope(picture: Grey) -> Grey:
    return np.hypot(
        cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=1 / 8)
    )


def _tone(photo: Grey, preview: Grey) -> tuple[float, float, float]:
    """Gamma, factor and summand that bring the photo's levels nearest to most of the preview's.

    By least absolute deviations, so that a part that differs does not draw all others to it.
    """
    best, error = (1.0, 1.0, 0.0), np.inf
    step = max(1, photo.size // 5000)
    photo, preview = photo[::step], preview[::step]
    for gamma in (1.0, 0.9, 0.8, 0.7, 0.6, 1.12, 1.25, 1.4, 1.6, 1.8):
        level = 255 * (photo / 255) ** gamma
        weight = np.ones_like(level)
        factor, summand = 1.0, 0.0
        for _ in range(8):
            total = weight.sum()
            x, y = (weight * level).sum() / total, (weight * preview).sum() / total
            spread = (weight * (level - x) ** 2).sum()
            factor = (
                float(np.clip((weight * (level - x) * (preview - y)).sum() / spread, 0.4, 2.5)) if spread > 1 else 1.0
            )
            summand = float(y - factor * x)
            toned = factor * level + summand
            # What is cut off at black or white says only which way it lies.
            cut = ((preview > 251) & (toned > preview)) | ((preview < 4) & (toned < preview))
            weight = np.where(cut, 1e-3, 1 / np.maximum(np.abs(preview - toned), 1))
        left = float(np.abs(preview - np.clip(factor * level + summand, 0, 255)).mean())
        if left < 0.98 * error:
            best, error = (gamma, factor, summand), left
    return best


def _toned(picture: Grey, tone: tuple[float, float, float]) -> Grey:
    gamma, factor, summand = tone
    return np.asarray(np.clip(factor * 255 * (np.clip(picture, 0, 255) / 255) ** gamma + summand, 0, 255), np.float32)


def _blob(excess: Grey) -> tuple[float, Box | None]:
    """The largest excess of one place, summed over its pixels, and where that is."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((excess > 0.15).astype(np.uint8), connectivity=8)
    if count < 2:
        return 0.0, None
    sums = np.bincount(labels.ravel(), excess.ravel(), count)
    sums[0] = 0
    most = int(sums.argmax())
    x, y, w, h = (int(value) for value in stats[most][:4])
    height, width = excess.shape
    return float(sums[most]), (x / width, y / height, (x + w) / width, (y + h) / height)
