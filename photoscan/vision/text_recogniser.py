"""What does it say? PP-OCRv6's recogniser on cropped lines, decoded by CTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import hypot, sqrt
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan import deadline, repeated
from photoscan.budget import Share
from photoscan.deadline import OutOfTimeError
from photoscan.geometry import Polygon
from photoscan.models import Runtime
from photoscan.models.network import Network

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

HEIGHT = 48
"""Rows of a crop as the network takes it."""
NARROWEST, TRAINED = 64, 320
"""Columns that a crop is filled up to, and with care: the network was trained on no narrower ones (PaddleOCR's
rec_image_shape), and reads small doubtful letters better so. For all text of a photo that costs more than it brings."""
MAX_WIDTH = 3200
"""Crops wider than this are squeezed: no line of text is so long."""
BATCH = 512
"""Columns of the network's input in one run, or one crop: only short crops gain by being read together."""
LARGEST = 8_000_000
"""Pixels of a crop: the outline of a whole photo of 100 million would take as much memory again, to be read 48 pixels
high."""
TALL = 1.5
"""From this ratio of height to width a crop holds a line that runs up or down."""
DOUBTFUL = 0.88
"""Below this mean probability a line may be upside down and is read the other way round as well."""
TEXTURE = 0.3
"""Below this mean probability there is no text, either way up."""
BETTER = 1.1
"""How much better upside down has to read: chance alone makes one way up a little better than the other."""
PROOF = 3
"""Characters, surely read, from which a line proves that it is upside down: O, X, 8 or 96 read well either way."""


MOST_CHOICES, LEAST_CHOICE = 4, 0.02
"""How many characters a place may be, and from which probability on one counts."""

Choices = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class LineReading:
    """The text of one crop; `confidence` is the mean probability of its characters, 0..1 (0 for no text).

    `turned` tells that the crop had to be turned by 180 degrees to read it. `choices`: for every character of the text
    what else it may be, with the probability of each, the likeliest first; empty unless read with care.
    """

    text: str
    confidence: float
    turned: bool = False
    choices: tuple[Choices, ...] = field(default=(), repr=False)

    @property
    def quality(self) -> float:
        """What readings of one place are compared by: a longer one counts for a little more."""
        return float(self.confidence * len(self.text) ** 0.25)


def crop(pixels: Pixels, polygon: Polygon) -> Pixels:
    """The quadrilateral as an upright strip, BGR, of at most LARGEST pixels; a tall one is laid on its side, to the
    left."""
    corners = np.array(polygon, np.float32)
    across, down = max(_side(corners, 0, 1), _side(corners, 3, 2)), max(_side(corners, 0, 3), _side(corners, 1, 2))
    shrunk = min(1.0, sqrt(LARGEST / max(1.0, across * down)))
    width, height = max(1, round(across * shrunk)), max(1, round(down * shrunk))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    strip = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    if height >= TALL * width:
        strip = cv2.rotate(strip, cv2.ROTATE_90_COUNTERCLOCKWISE)
    return strip  # type: ignore[return-value]


def is_tall(polygon: Polygon) -> bool:
    """Whether a crop of the outline stands upright, so that its line runs up or down."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = polygon
    across = max(hypot(x1 - x0, y1 - y0), hypot(x2 - x3, y2 - y3))
    down = max(hypot(x3 - x0, y3 - y0), hypot(x2 - x1, y2 - y1))
    return down >= TALL * across


def columns(polygon: Polygon) -> int:
    """How many columns the network is shown of the outline's crop."""
    (x0, y0), (x1, y1), (x2, y2), _ = polygon
    a, b = hypot(x1 - x0, y1 - y0), hypot(x2 - x1, y2 - y1)
    return min(MAX_WIDTH, max(HEIGHT // 3, round(HEIGHT * max(a, b) / max(1.0, min(a, b)))))


def wide(strip: Pixels) -> int:
    """The same of a strip that was cut out."""
    height, width = map(int, strip.shape[:2])
    return min(MAX_WIDTH, max(HEIGHT // 3, round(width * HEIGHT / height)))


def _side(corners: np.ndarray[tuple[int, int], np.dtype[np.float32]], a: int, b: int) -> float:
    return float(np.hypot(*(corners[a] - corners[b])))


@dataclass(frozen=True, slots=True)
class TextRecogniser:
    """The network, with a way to run it."""

    runtime: Runtime

    def read(self, crops: Sequence[Pixels], careful: bool = False) -> list[LineReading]:
        """Read each crop, in the order given, either way up; with care, and with what else each character may be.

        What reads badly is tried upside down and the better reading kept. Where that proved most of them upside down,
        the whole photo is, and the others are tried as well: capitals and digits can read well the wrong way up.
        Where time runs out what has been read is given back, and the rest as if it had no text; with care
        OutOfTimeError is raised.
        """
        readings = self._read_all(crops, careful)
        doubtful = [i for i, r in enumerate(readings) if TEXTURE <= r.confidence < DOUBTFUL]
        proved = self._prefer_turned(crops, readings, doubtful, careful)
        if 2 * proved > len(doubtful):
            self._prefer_turned(crops, readings, [i for i in range(len(crops)) if i not in set(doubtful)], careful)
        return readings

    def _prefer_turned(
        self, crops: Sequence[Pixels], readings: list[LineReading], which: Sequence[int], careful: bool
    ) -> int:
        """Replace the readings that are better upside down; how many of them are beyond doubt."""
        proved = 0
        others = self._read_all([cv2.rotate(crops[i], cv2.ROTATE_180) for i in which], careful)  # type: ignore[misc]
        for i, other in zip(which, others, strict=True):
            if other.quality > BETTER * readings[i].quality:
                readings[i] = replace(other, turned=True)
                proved += other.confidence >= DOUBTFUL and len(other.text) >= PROOF
        return proved

    def _read_all(self, crops: Sequence[Pixels], careful: bool) -> list[LineReading]:
        resized = [_to_height(c) for c in crops]
        order = sorted(range(len(crops)), key=lambda i: resized[i].shape[1])
        readings = [LineReading("", 0.0)] * len(crops)
        while order:
            # The widest crop that is left comes first.
            width = max(resized[order[-1]].shape[1], TRAINED if careful else NARROWEST)
            batch = [order.pop() for _ in range(min(len(order), max(1, BATCH // width)))]
            try:
                read = self._run([resized[i] for i in batch], width, careful)
            except OutOfTimeError:
                if careful:
                    raise
                deadline.leave_out(Share.LINES)
                break
            for i, reading in zip(batch, read, strict=True):
                readings[i] = reading
        return readings

    def _run(self, strips: Sequence[Pixels], width: int, careful: bool) -> list[LineReading]:
        """Read strips of the network's height, filled up to so many columns."""
        network = self.runtime.network("text-recogniser")
        asked = "reading", self.runtime, width, careful
        return list(repeated.once(lambda: self._readings(network, strips, width, careful), strips, *asked))

    @staticmethod
    def _readings(network: Network, strips: Sequence[Pixels], width: int, careful: bool) -> list[LineReading]:
        batch = np.zeros((len(strips), 3, HEIGHT, width), np.float32)
        for row, strip in zip(batch, strips, strict=True):
            row[:, :, : strip.shape[1]] = (strip.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)
        characters = _characters(network.metadata["character"])
        (out,) = network.run(batch).values()
        return [_decode(frames, characters, careful) for frames in out]


def _to_height(strip: Pixels) -> Pixels:
    shrinks = strip.shape[0] > HEIGHT
    return cv2.resize(  # type: ignore[return-value]
        strip, (wide(strip), HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )


def _decode(frames: NDArray[np.float32], characters: Sequence[str], choices: bool) -> LineReading:
    """CTC: runs of one class are one character, class 0 is the blank between characters. `frames`: frames x classes."""
    best = frames.argmax(axis=1)
    keep = (best != 0) & np.concatenate(([True], best[1:] != best[:-1]))
    if not keep.any():
        return LineReading("", 0.0)
    text = "".join(characters[i] for i in best[keep])
    sure = float(frames[keep, best[keep]].mean())
    if not choices:
        return LineReading(text.strip(), sure)
    first = len(text) - len(text.lstrip())
    places = np.flatnonzero(keep)[first : first + len(text.strip())]
    return LineReading(text.strip(), sure, choices=tuple(_choices(frames, best, place, characters) for place in places))


def _choices(frames: NDArray[np.float32], best: NDArray[np.int64], place: int, characters: Sequence[str]) -> Choices:
    """What the run of one class that starts at a frame may be: the classes' probabilities at the run's peak."""
    end = place + 1
    while end < len(best) and best[end] == best[place]:
        end += 1
    peak = frames[place + int(frames[place:end, best[place]].argmax())]
    likeliest = np.argpartition(peak[1:], -MOST_CHOICES)[-MOST_CHOICES:] + 1
    ordered = sorted(likeliest.tolist(), key=lambda i: -peak[i])
    kept = [i for i in ordered if i == best[place] or peak[i] >= LEAST_CHOICE]
    return tuple((characters[i], float(peak[i])) for i in kept)


@cache
def _characters(dictionary: str) -> tuple[str, ...]:
    """The classes: a blank, the dictionary in the model's metadata, a space."""
    return ("", *dictionary.splitlines(), " ")
