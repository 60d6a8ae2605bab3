"""Reading with Tesseract, where its program is installed: for users who have it and languages it was taught."""

from __future__ import annotations

import csv
import io
import os
import subprocess
from collections import defaultdict
from dataclasses import dataclass

import cv2

from photoscan.errors import PhotoscanError
from photoscan.geometry import Box, corners
from photoscan.textline import TextLine
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import Reader
from photoscan.vision.reading_order import in_reading_order

TIMEOUT = 120
"""Seconds of wall time for one photo."""
SPARSE = "11"
"""Tesseract's page segmentation mode for 'as much text as possible in no particular order'."""


@dataclass(frozen=True, slots=True)
class Tesseract(Reader):
    """The system's program, with the languages that it was taught; it has no profiles."""

    def read(self, pyramid: Pyramid) -> tuple[TextLine, ...]:
        """Every line with at least one word that Tesseract is half sure of; the picture goes through a pipe, not a
        file."""
        self.row.check()
        try:
            result = subprocess.run(
                [str(self.row.program), "stdin", "stdout", "--psm", SPARSE, "tsv"],
                input=cv2.imencode(".png", pyramid.full)[1].tobytes(),
                env={**os.environ, "OMP_THREAD_LIMIT": str(self.runtime.threads)},
                capture_output=True,
                timeout=TIMEOUT,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise PhotoscanError("problem.reader.failed", name=self.row.name, error=type(error).__name__) from None
        return in_reading_order(_lines(result.stdout.decode("utf-8", "replace")))


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
