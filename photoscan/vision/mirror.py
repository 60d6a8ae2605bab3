"""Lettering that is shown as in a mirror: selfies, mirrors, windows from inside. The networks read it nearly well.

A few doubtful lines are read flipped first; only where that shows them surely is the whole photo read flipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from photoscan.geometry import mirrored_polygon, polygon_area
from photoscan.models import Runtime
from photoscan.textline import TextLine
from photoscan.vision import second_look, text_recogniser
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_recogniser import TextRecogniser

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

SYMMETRIC = frozenset("AHIMOTUVWXYilmnouvwx08.:-|!'*+=^_ ")
"""Characters that look alike in a mirror: they prove nothing."""
PROOF = 3
"""Characters that do not, surely read, from which lettering proves that it is mirrored."""
DOUBTFUL, SURE = 0.9, 0.95
"""A line that reads worse than the one as it is shown, and at least as well as the other flipped, is mirrored."""
CLEAR = 0.995
"""Lettering of which many characters look alike in a mirror, such as a number plate's, reads nearly as well as shown.
From this probability on it is not asked."""
HALVED = 0.5
"""How much of the improbability of such a line is left, at most, where it reads better flipped."""
EXPLAINED = 0.75
"""How many of the characters that such a line has as it is shown it has flipped, at least: who reads a part of a line
surely has not read the line."""
TRIED, IN_VAIN = 4, 2
"""Lines that are read flipped for a test, at most, the largest first; of which so many may read no better."""
LEAST_TEXT, PART = 3, 4.0
"""Characters that such a line has to have as it is shown, and how much of it is read, in its heights."""
MOST = 2 / 3
"""Share of the proving characters from which on the photo as a whole is a mirror's."""


class Sorted(NamedTuple):
    """The lines as they are shown and those that are mirrored; the latter in pixels of the flipped photo."""

    shown: tuple[TextLine, ...]
    mirrored: tuple[TextLine, ...]


def flipped(pixels: Pixels) -> Pixels:
    """The picture as in a mirror."""
    return pixels[:, ::-1].copy()


def suspected(lines: Sequence[TextLine], pyramid: Pyramid, runtime: Runtime) -> bool:
    """Whether doubtful lines prove that they are mirrored: a cheap test on a few of them.

    `lines`: the legible ones, in pixels of the picture.
    """
    recogniser, proof, in_vain = TextRecogniser(runtime), 0, 0
    for line in _to_try(lines):
        strip = flipped(text_recogniser.crop(pyramid.full, line.polygon or ()))
        (reading,) = recogniser.read([strip[:, : round(PART * strip.shape[0])]])
        if _better(line.confidence, reading.confidence):
            proof += _proof(reading.text)
        else:
            in_vain += 1
        if proof >= PROOF or in_vain == IN_VAIN:
            break
    return proof >= PROOF


def sort(shown: Sequence[TextLine], other: Sequence[TextLine], width: int) -> Sorted:
    """Which lines are mirrored, of those read in a photo `width` pixels wide and of those read in it flipped.

    Each line is kept in the way in which it reads well. Where nearly all that proves something is mirrored, so is what
    looks alike in both ways.
    """
    pairs = [(line, [s for s in shown if _same(s, line, width)]) for line in other]
    proved = [line for line, rivals in pairs if _surely(line, rivals)]
    straight = sum(
        _proof(s.text) for s in shown if s.confidence >= SURE and not any(_same(s, line, width) for line in proved)
    )
    in_mirror = sum(_proof(line.text) for line in proved)
    whole = in_mirror >= PROOF and in_mirror >= MOST * (in_mirror + straight)
    mirrored = [
        line for line, rivals in pairs if line in proved or (whole and all(_as_well(line, rival) for rival in rivals))
    ]
    kept = [s for s in shown if not any(_same(s, line, width) for line in mirrored)]
    return Sorted(tuple(kept), tuple(mirrored))


def without(lines: Sequence[TextLine], mirrored: Sequence[TextLine], width: int) -> tuple[TextLine, ...]:
    """Outlines of the picture that are of no mirrored line."""
    return tuple(line for line in lines if not any(_same(line, other, width) for other in mirrored))


def _to_try(lines: Sequence[TextLine]) -> list[TextLine]:
    """The doubtful lines that are read flipped: nearly clear ones only where no line is clear."""
    straight = sum(_proof(line.text) for line in lines if line.confidence >= CLEAR)
    least = DOUBTFUL if straight >= PROOF else CLEAR
    doubtful = [line for line in lines if line.polygon and line.confidence < least and len(line.text) >= LEAST_TEXT]
    return sorted(doubtful, key=lambda line: -polygon_area(line.polygon or ()))[:TRIED]


def _proof(text: str) -> int:
    return sum(c not in SYMMETRIC for c in text)


def _better(shown: float, other: float) -> bool:
    """Whether a line reads surely flipped, and clearly better than as it is shown."""
    return other >= SURE and 1 - other <= HALVED * (1 - shown)


def _surely(line: TextLine, rivals: Sequence[TextLine]) -> bool:
    return line.confidence >= SURE and all(
        _better(rival.confidence, line.confidence) and len(line.text) >= EXPLAINED * len(rival.text) for rival in rivals
    )


def _as_well(line: TextLine, rival: TextLine) -> bool:
    return line.confidence >= rival.confidence or rival.confidence < DOUBTFUL


def _same(shown: TextLine, other: TextLine, width: int) -> bool:
    """Whether a line as it is shown and one in the flipped photo are the same lettering."""
    back = mirrored_polygon(other.polygon or (), width)
    return bool(shown.polygon and back) and second_look.same(shown.polygon or (), back)
