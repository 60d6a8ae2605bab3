"""Faces: recall by size and turn, precision, false faces where there are none, children by age, known people.

DATA holds `ground_truth.json`, a list of {"file", "faces": [{"box": [x, y, w, h], "ignore"?}]}, empty for photos
without faces, and optionally `age.json`, a list of {"file", "age"} whose files are crops of one face each, and
`people.json`, a list of {"file", "person"} (needs the extra `people`).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.accuracy.tables import Table, share
from photoscan import Photo, Report, Scanner, ScanOptions
from photoscan.geometry import Box
from photoscan.options import PROFILES
from photoscan.people import Encoding, People
from photoscan.views import Views
from photoscan.vision.turns import point_back, turned, turned_size

SIZES = {"8-16": (8, 16), "16-32": (16, 32), "32-80": (32, 80), ">80": (80, 10**6)}
"""Bands of a labelled face's height in pixels."""
AGES = {"0-12": (0, 12), "13-17": (13, 17), "18-24": (18, 24), "25+": (25, 200)}
"""Bands of age in whole years, both ends included."""
SAME = 0.5
"""Intersection over union from which a box counts as on a labelled face."""
TURNS = {0: "upright", 90: "turned 90 degrees", 180: "turned 180 degrees"}
Look = Callable[[Photo], Sequence[tuple[Box, float]]]
"""Boxes of faces in a photo, each with its confidence."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be chosen about a run."""
    parser.add_argument("--profile", choices=PROFILES, default="balanced")
    parser.add_argument("--turns", type=int, nargs="+", choices=TURNS, default=[0], help="Degrees, against the clock.")


def measure(arguments: argparse.Namespace) -> Iterator[Table]:
    """The tables of one profile."""
    scanner = Scanner(ScanOptions(profile=arguments.profile, only=("face",)))

    def look(photo: Photo) -> list[tuple[Box, float]]:
        return [(f.box, f.confidence) for f in scanner.scan(photo).findings if f.box is not None]

    table = Table(
        f"Faces found, profile {arguments.profile}",
        ("photos", *SIZES, "precision", "false per face-free photo"),
        "Recall by height in pixels counts every finding; precision and false faces count the likely ones. Precision "
        "is a floor: not every real face is labelled.",
    )
    truth = json.loads((arguments.data / "ground_truth.json").read_text("utf-8"))
    for degrees in arguments.turns:
        table.add(TURNS[degrees], *scored(truth, arguments.data, look, degrees // 90).cells())
    yield table
    if (arguments.data / "age.json").exists():
        rows = json.loads((arguments.data / "age.json").read_text("utf-8"))
        yield ages(rows, arguments.data, scanner.scan)
    if (arguments.data / "people.json").exists() and importlib.util.find_spec("dlib"):
        yield known_people(json.loads((arguments.data / "people.json").read_text("utf-8")), arguments.data)


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


def scored(rows: Iterable[dict[str, Any]], folder: Path, look: Look, turn: int = 0) -> Score:
    """Look at every photo of the truth, turned by quarter turns against the clock, and count."""
    score = Score()
    for row in rows:
        photo = Photo.open(folder / row["file"])
        size = turned_size(photo.width, photo.height, turn)
        shown = photo if not turn else Photo.open(Image.fromarray(turned(photo.pixels(), turn)[:, :, ::-1]))
        found = [(_back(box, turn, size), confidence) for box, confidence in look(shown)]
        count(score, row["faces"], found)
    return score


def _back(box: Box, turn: int, size: tuple[int, int]) -> Box:
    return Box.around(point_back(corner, turn, *size) for corner in ((box.x, box.y), (box.x2, box.y2)))


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


def known_people(rows: Sequence[dict[str, Any]], folder: Path) -> Table:
    """Each photo against all the others: is the person named, or somebody else?"""
    table = Table("Known people, each photo left out once", ("photos", "named", "wrong names"))
    encodings = [_largest(folder / row["file"]) for row in rows]
    asked = named = wrong = 0
    for i, row in enumerate(rows):
        known = People()
        for j, other in enumerate(rows):
            if i != j and (encoding := encodings[j]) is not None:
                known = known.with_photos(other["person"], (encoding,))
        if known.find(row["person"]) is None:
            continue
        asked += 1
        own = encodings[i]
        match = known.alike(own) if own is not None else None
        named += match is not None and match[0].name == row["person"]
        wrong += match is not None and match[0].name != row["person"]
    table.add(asked, share(named, asked), wrong)
    return table


def _largest(path: Path) -> Encoding | None:
    views = Views(Photo.open(path), ScanOptions())
    faces = [face for face in views.faces if face.confidence >= 0.5]
    return views.encoding(max(faces, key=lambda face: face.box.area)) if faces else None
