"""Faces: recall by size, precision, false faces where there are none, and children by age.

DATA holds `ground_truth.json`, a list of {"file", "faces": [{"box": [x, y, w, h], "ignore"?}]}, empty for photos
without faces, and optionally `age.json`, a list of {"file", "age"} whose files are crops of one face each.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.accuracy.tables import Table, share
from photoscan import Report, Scanner, ScanOptions
from photoscan.geometry import Box
from photoscan.options import PROFILES

SIZES = {"8-16": (8, 16), "16-32": (16, 32), "32-80": (32, 80), ">80": (80, 10**6)}
"""Bands of a labelled face's height in pixels."""
AGES = {"0-12": (0, 12), "13-17": (13, 17), "18-24": (18, 24), "25+": (25, 200)}
"""Bands of age in whole years, both ends included."""
SAME = 0.5
"""Intersection over union from which a box counts as on a labelled face."""
Look = Callable[[Path], Sequence[tuple[Box, float]]]
"""Boxes of faces in a photo, each with its confidence."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be chosen about a run."""
    parser.add_argument("--profile", choices=PROFILES, default="balanced")


def measure(arguments: argparse.Namespace) -> Iterator[Table]:
    """The tables of one profile."""
    scanner = Scanner(ScanOptions(profile=arguments.profile, only=("face",)))

    def look(path: Path) -> list[tuple[Box, float]]:
        return [(f.box, f.confidence) for f in scanner.scan(path).findings if f.box is not None]

    table = Table(
        f"Faces found, profile {arguments.profile}",
        ("photos", *SIZES, "precision", "false per face-free photo"),
        "Recall by height in pixels counts every finding; precision and false faces count the likely ones. Precision "
        "is a floor: not every real face is labelled.",
    )
    score = scored(json.loads((arguments.data / "ground_truth.json").read_text("utf-8")), arguments.data, look)
    table.add("upright", *score.cells())
    yield table
    if (arguments.data / "age.json").exists():
        rows = json.loads((arguments.data / "age.json").read_text("utf-8"))
        yield ages(rows, arguments.data, scanner.scan)


@dataclass
class Score:
    """Counts over photos."""

    found: Counter[str] = field(default_factory=Counter)
    faces: Counter[str] = field(default_factory=Counter)
    right: int = 0
    wrong: int = 0
    empty_photos: int = 0
    wrong_in_empty: int = 0

    def cells(self) -> list[str]:
        """Recall of each size, precision, false faces per photo without faces."""
        recall = [share(self.found[size], self.faces[size]) for size in SIZES]
        return [*recall, share(self.right, self.right + self.wrong), share(self.wrong_in_empty, self.empty_photos)]


def scored(rows: Iterable[dict[str, Any]], folder: Path, look: Look) -> Score:
    """Look at every photo of the truth and count."""
    score = Score()
    for row in rows:
        count(score, row["faces"], look(folder / row["file"]))
    return score


def count(score: Score, labelled: Sequence[dict[str, Any]], found: Sequence[tuple[Box, float]]) -> None:
    """Match surest first, each labelled face once; what is marked to be ignored neither helps nor hurts."""
    truth = [Box(*(round(v) for v in face["box"])) for face in labelled]
    ignored = [bool(face.get("ignore")) or box.h < SIZES["8-16"][0] for face, box in zip(labelled, truth, strict=True)]
    free = set(range(len(truth)))
    wrong = 0
    for box, confidence in sorted(found, key=lambda pair: -pair[1]):
        near = [i for i in free if truth[i].iou(box) >= SAME]
        likely = confidence >= 0.5
        if near:
            best = min(near, key=lambda i: (ignored[i], -truth[i].iou(box)))
            free.discard(best)
            score.right += likely and not ignored[best]
        elif likely and not any(
            skip and (face.iou(box) >= 0.3 or box.coverage_by(face) >= 0.5)
            for face, skip in zip(truth, ignored, strict=True)
        ):
            wrong += 1
    score.wrong += wrong
    if not truth:
        score.empty_photos += 1
        score.wrong_in_empty += wrong
    for i, box in enumerate(truth):
        if not ignored[i]:
            size = next(name for name, (low, high) in SIZES.items() if low <= box.h < high)
            score.faces[size] += 1
            score.found[size] += i not in free


def ages(rows: Iterable[dict[str, Any]], folder: Path, scan: Callable[[Path], Report]) -> Table:
    """How many faces of each age are flagged as a child's."""
    table = Table("Children, by age in years", ("age", "crops", "flagged as a child's"))
    seen: Counter[str] = Counter()
    flagged: Counter[str] = Counter()
    for row in rows:
        band = next(name for name, (low, high) in AGES.items() if low <= row["age"] <= high)
        seen[band] += 1
        flagged[band] += any(f.kind.value == "face.child" for f in scan(folder / row["file"]).findings)
    for band in AGES:
        table.add(band, seen[band], share(flagged[band], seen[band]))
    return table
