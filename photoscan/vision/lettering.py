"""All lettering of a page: as it is shown, and, where some proves to be mirrored, as in a mirror."""

from __future__ import annotations

from typing import NamedTuple

from photoscan import deadline
from photoscan.budget import Budget, Share
from photoscan.deadline import OutOfTimeError
from photoscan.geometry import Box
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.readers import TESSERACT
from photoscan.textline import TextLine
from photoscan.vision import mirror, reader, tesseract_engine
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reading_order import in_reading_order
from photoscan.vision.unread import groups

SURE = 0.6
"""Mean confidence from which Tesseract has read what was left, so that it is no longer unread."""
INSIDE = 0.5
"""How much of a line lies in what Tesseract has read, so that the first reading of it counts no more."""
WHOLE, WHOLE_DOWN = 0.7, 0.4
"""How much of the length and of the height of what was left its lines reach over, so that nothing of it is left. An
outline is half as high again as its letters, and longer by so much."""
RECOGNISER = "text-recogniser"
"""The model that tells mirrored lettering; with a reader that does not have it nobody looks for any."""


class Lettering(NamedTuple):
    """Lines whose outlines fit their characters, in reading order; `mirrored` in pixels of the flipped page."""

    lines: tuple[TextLine, ...]
    mirrored: tuple[TextLine, ...]
    outlined: tuple[TextLine, ...]
    """All that the reader outlined, legible or not, but for what is mirrored or was read by another one since."""


def read(pyramid: Pyramid, options: ScanOptions, budget: Budget) -> Lettering:
    """What the chosen reader makes of a page. Raises what it raises."""
    seen = _as_read(pyramid, options, budget)
    if not options.ocr_languages or options.ocr == TESSERACT:
        return seen
    left = unread(seen, pyramid, options)
    read_now = tesseract_engine.read_left(pyramid, left, options.ocr_languages, options.threads)
    surely = [(box, lines) for box, lines in zip(left, read_now, strict=True) if _surely(lines)]
    places = [box for box, lines in surely if _wholly(box, lines)]
    new = [line for _, lines in surely for line in lines]
    lines = in_reading_order([*_outside(seen.lines, places), *new])
    return Lettering(_fitting(lines, pyramid), seen.mirrored, _outside(seen.outlined, places))


def _as_read(pyramid: Pyramid, options: ScanOptions, budget: Budget) -> Lettering:
    chosen = reader.open_reader(options, budget)
    seen = chosen.page(pyramid)
    lines = _fitting(seen.lines, pyramid)
    outlined = (*seen.lines, *seen.illegible)
    if RECOGNISER not in chosen.row.models or not mirror.suspected(lines, pyramid, chosen.runtime):
        return Lettering(lines, (), outlined)
    flipped = Pyramid(mirror.flipped(pyramid.full))
    try:
        read_flipped = _fitting(chosen.read(flipped), flipped)
    except OutOfTimeError:
        deadline.leave_out(Share.LINES)
        return Lettering(lines, (), outlined)
    shown, mirrored = mirror.sort(lines, read_flipped, pyramid.width)
    return Lettering(shown, mirrored, mirror.without(outlined, mirrored, pyramid.width))


def _surely(lines: list[TextLine]) -> bool:
    return bool(lines) and sum(line.confidence for line in lines) / len(lines) >= SURE


def _wholly(box: Box, lines: list[TextLine]) -> bool:
    """Whether lines reach all along a box: words that were too unsure are left out of them."""
    around = Box.union(line.box for line in lines if line.box)
    return around.w >= WHOLE * box.w and around.h >= WHOLE_DOWN * box.h


def _outside(lines: tuple[TextLine, ...], boxes: list[Box]) -> tuple[TextLine, ...]:
    return tuple(line for line in lines if line.box and not any(line.box.coverage_by(box) > INSIDE for box in boxes))


def unread(seen: Lettering, pyramid: Pyramid, options: ScanOptions) -> tuple[Box, ...]:
    """Boxes around groups of lines that could not be read. Raises ModelError without the text detector."""
    return groups(seen.outlined, pyramid, Runtime.of(options))


def _fitting(lines: tuple[TextLine, ...], pyramid: Pyramid) -> tuple[TextLine, ...]:
    return tuple(line for line in lines if line.fits(pyramid.width, pyramid.height))
