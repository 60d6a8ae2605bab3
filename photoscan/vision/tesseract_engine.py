"""Reading with Tesseract, where its program is installed: for users who have it and languages it was taught."""

from __future__ import annotations

import csv
import io
import os
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2

from photoscan.errors import PhotoscanError
from photoscan.geometry import Box, corners
from photoscan.readers import READERS, TESSERACT
from photoscan.textline import TextLine
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import Reader
from photoscan.vision.reading_order import in_reading_order

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

TIMEOUT = 120
"""Seconds of wall time for one photo."""
SPARSE = "11"
"""Tesseract's page segmentation mode for 'as much text as possible in no particular order'."""
BLOCK = "6"
"""... and for one block of text, such as a sign."""
MARGIN, TALL, LARGEST = 0.15, 60, 3.0
"""Around such a block, in shares of its smaller side; pixels of height to which it is enlarged, so often at most."""


@dataclass(frozen=True, slots=True)
class Tesseract(Reader):
    """The system's program, with the languages that it was taught; it has no profiles."""

    def read(self, pyramid: Pyramid) -> tuple[TextLine, ...]:
        """Every line with at least one word that Tesseract is half sure of; the picture goes through a pipe, not a
        file."""
        self.row.check()
        return in_reading_order(recognised(pyramid.full, self.languages, self.runtime.threads))


def read_left(pyramid: Pyramid, boxes: Sequence[Box], languages: Sequence[str], threads: int) -> list[list[TextLine]]:
    """What Tesseract reads of what was left unread: the lines of each box, in pixels of the picture."""
    READERS[TESSERACT].check()
    found = []
    for box in boxes:
        margin = round(MARGIN * min(box.w, box.h))
        part = Box(box.x - margin, box.y - margin, box.w + 2 * margin, box.h + 2 * margin)
        part = part.clipped(pyramid.width, pyramid.height)
        pixels: Pixels = pyramid.full[part.y : part.y2, part.x : part.x2]
        scale = min(LARGEST, max(1.0, TALL / part.h))
        if scale > 1:
            pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)  # type: ignore[assignment]
        lines = recognised(pixels, languages, threads, BLOCK)
        found.append([_moved(line, part, scale) for line in lines])
    return found


def recognised(pixels: Pixels, languages: Sequence[str], threads: int, mode: str = SPARSE) -> list[TextLine]:
    """The lines of a picture by the system's program. Raises PhotoscanError where it fails."""
    chosen = ["-l", "+".join(languages)] if languages else []
    try:
        result = subprocess.run(
            [TESSERACT, "stdin", "stdout", *chosen, "--psm", mode, "tsv"],
            input=cv2.imencode(".png", pixels)[1].tobytes(),
            env={**os.environ, "OMP_THREAD_LIMIT": str(threads)},
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise PhotoscanError("problem.reader.failed", name=TESSERACT, error=type(error).__name__) from None
    return _lines(result.stdout.decode("utf-8", "replace"))


def _moved(line: TextLine, part: Box, scale: float) -> TextLine:
    polygon = tuple((x / scale + part.x, y / scale + part.y) for x, y in line.polygon or ())
    return TextLine(line.text, polygon, line.confidence)


def _lines(table: str) -> list[TextLine]:
    words: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if float(row["conf"]) >= 50 and row["text"].strip():
            words[row["block_num"], row["par_num"], row["line_num"]].append(row)
    return [
        TextLine(
            " ".join(word["text"] for word in row),
            corners(Box.union(Box(*(int(word[k]) for k in ("left", "top", "width", "height"))) for word in row)),
            sum(float(word["conf"]) for word in row) / len(row) / 100,
        )
        for row in words.values()
    ]
