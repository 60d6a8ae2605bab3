"""All lettering of a page: as it is shown, and, where some proves to be mirrored, as in a mirror."""

from __future__ import annotations

from typing import NamedTuple

from photoscan.budget import Budget
from photoscan.geometry import Box
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.textline import TextLine
from photoscan.vision import mirror, reader
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.unread import groups

RECOGNISER = "text-recogniser"
"""The model that tells mirrored lettering; with a reader that does not have it nobody looks for any."""


class Lettering(NamedTuple):
    """Lines whose outlines fit their characters, in reading order; `mirrored` in pixels of the flipped page."""

    lines: tuple[TextLine, ...]
    mirrored: tuple[TextLine, ...]
    illegible: tuple[TextLine, ...]
    """Outlines of which no text could be made, and those that their characters do not fill; no mirrored ones."""


def read(pyramid: Pyramid, options: ScanOptions, budget: Budget) -> Lettering:
    """What the chosen reader makes of a page. Raises what it raises."""
    chosen = reader.open_reader(options, budget)
    seen = chosen.page(pyramid)
    lines = _fitting(seen.lines, pyramid)
    illegible = (*seen.illegible, *(line for line in seen.lines if line not in lines))
    if RECOGNISER not in chosen.row.models or not mirror.suspected(lines, pyramid, chosen.runtime):
        return Lettering(lines, (), illegible)
    flipped = Pyramid(mirror.flipped(pyramid.full))
    shown, mirrored = mirror.sort(lines, _fitting(chosen.read(flipped), flipped), pyramid.width)
    return Lettering(shown, mirrored, mirror.without(illegible, mirrored, pyramid.width))


def unread(seen: Lettering, pyramid: Pyramid, options: ScanOptions) -> tuple[Box, ...]:
    """Boxes around groups of lines that could not be read. Raises ModelError without the text detector."""
    return groups((*seen.lines, *seen.illegible), pyramid, Runtime.of(options))


def _fitting(lines: tuple[TextLine, ...], pyramid: Pyramid) -> tuple[TextLine, ...]:
    return tuple(line for line in lines if line.fits(pyramid.width, pyramid.height))
