"""All lettering of a page: as it is shown, and, where some proves to be mirrored, as in a mirror."""

from __future__ import annotations

from typing import NamedTuple

from photoscan.budget import Budget
from photoscan.options import ScanOptions
from photoscan.textline import TextLine
from photoscan.vision import mirror, reader
from photoscan.vision.pyramid import Pyramid

RECOGNISER = "text-recogniser"
"""The model that tells mirrored lettering; with a reader that does not have it nobody looks for any."""


class Lettering(NamedTuple):
    """Lines whose outlines fit their characters, in reading order; `mirrored` in pixels of the flipped page."""

    lines: tuple[TextLine, ...]
    mirrored: tuple[TextLine, ...]


def read(pyramid: Pyramid, options: ScanOptions, budget: Budget) -> Lettering:
    """What the chosen reader makes of a page. Raises what it raises."""
    chosen = reader.open_reader(options, budget)
    lines = _fitting(chosen.read(pyramid), pyramid)
    if RECOGNISER not in chosen.row.models or not mirror.suspected(lines, pyramid, chosen.runtime):
        return Lettering(lines, ())
    flipped = Pyramid(mirror.flipped(pyramid.full))
    return Lettering(*mirror.sort(lines, _fitting(chosen.read(flipped), flipped), pyramid.width))


def _fitting(lines: tuple[TextLine, ...], pyramid: Pyramid) -> tuple[TextLine, ...]:
    return tuple(line for line in lines if line.fits(pyramid.width, pyramid.height))
