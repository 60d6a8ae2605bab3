"""Number plates: covered, tight, read, and false ones by region; and the project's own drawn ones by width.

DATA holds `ground_truth.json`, a list of {"file", "region", "plates": [{"box": [x, y, w, h], "text"?}]}, without plates
for photos that show none. Text is compared with O, Q and 0 and with I and 1 taken as one, since labels mix them.
"""

from __future__ import annotations

import argparse
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.accuracy.tables import Table, share
from fixtures import plate_scenes
from fixtures.camera import jpeg
from photoscan import Finding, Scanner, ScanOptions
from photoscan.geometry import Box
from photoscan.options import PROFILES
from photoscan.plate_formats import compacted

COVERED, LARGEST = 0.7, 6
"""A plate is covered by a box that holds so much of it and is at most so many times as large."""
FOLD = str.maketrans("OIQ", "010")
FROM = 30, 60
"""Widths from which the drawn plates are counted together, in pixels."""
LETTERS = (
    " The letters of a plate in one line are an eighth to a sixth of its width high: 3 to 5 pixels at 25 and 30, which "
    "a person can't read either, though he sees that it is a plate; of two lines, 8 to 10."
)
COLUMNS = ("plates", "covered", "IoU .5", "read", "boxes right", "false per photo")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be chosen about a run."""
    parser.add_argument("--profile", choices=PROFILES, default="balanced")
    parser.add_argument("--drawn", action="store_true", help="only the drawn plates: DATA is not read")


def measure(arguments: argparse.Namespace) -> Iterator[Table]:
    """Labelled photos by region, then drawn ones by width."""
    scanner = Scanner(ScanOptions(profile=arguments.profile, only=("plate",)))
    if not arguments.drawn:
        rows = json.loads((arguments.data / "ground_truth.json").read_text("utf-8"))
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            count(counts[row["region"]], row["plates"], scanner.scan(arguments.data / row["file"]).findings)
        yield _table(f"Number plates, profile {arguments.profile}", "region", counts)
    drawn: dict[str, Counter[str]] = defaultdict(Counter)
    for scene in plate_scenes.draw():
        findings = scanner.scan(io.BytesIO(jpeg(scene.picture, 92))).findings
        truth = [{"box": scene.box, "text": scene.text}]
        from_on = [f"from {least} px" for least in FROM if scene.width >= least]
        for key in (f"{scene.width} px", *from_on, f"turned {scene.tilt}", scene.condition, scene.country):
            count(drawn[key], truth, findings)
    order = [
        *(f"{width} px" for width in plate_scenes.WIDTHS),
        *(f"from {least} px" for least in FROM),
        *(f"turned {tilt}" for tilt in plate_scenes.TILTS),
        *plate_scenes.CONDITIONS,
    ]
    rows_ = sorted(drawn, key=lambda name: (order.index(name) if name in order else len(order), name))
    yield _table("Drawn number plates", "", {name: drawn[name] for name in rows_}, LETTERS)


def count(counts: Counter[str], truth: Sequence[dict[str, Any]], findings: Sequence[Finding]) -> None:
    """Add one photo. Recall counts every finding; right and false boxes are the likely ones."""
    found = [(f, f.box) for f in findings if f.box is not None]
    counts["photos"] += 1
    for plate in truth:
        box = Box(*(round(v) for v in plate["box"]))
        near = [(f, b) for f, b in found if b.intersection(box)]
        counts["plates"] += 1
        counts["covered"] += any(covers(b, box) for _, b in near)
        counts["tight"] += any(b.iou(box) >= 0.5 for _, b in near)
        if plate.get("text"):
            best = max(near, key=lambda pair: pair[1].iou(box), default=None)
            read = compacted((best[0].value if best else None) or "").translate(FOLD)
            counts["texts"] += 1
            counts["read"] += read == compacted(plate["text"]).translate(FOLD)
    boxes = [Box(*(round(v) for v in plate["box"])) for plate in truth]
    likely = [b for f, b in found if f.likely]
    right = sum(any(covers(b, t) or b.coverage_by(t.grown(0.25)) >= 0.5 for t in boxes) for b in likely)
    counts["boxes"] += len(likely)
    counts["right"] += right


def covers(box: Box, plate: Box) -> bool:
    """Whether a box holds a plate and not half the photo."""
    return plate.coverage_by(box) >= COVERED and box.area <= LARGEST * plate.area


def _table(title: str, first: str, counts: dict[str, Counter[str]], note: str = "") -> Table:
    table = Table(
        title,
        (first, *COLUMNS),
        "Recall counts every finding, boxes the likely ones. Often one plate of several is labelled: boxes right "
        "is a floor." + note,
    )
    for name, c in counts.items():
        recall = [share(c[key], c["plates"]) for key in ("covered", "tight")]
        wrong = share(c["boxes"] - c["right"], c["photos"])
        table.add(name, c["plates"], *recall, share(c["read"], c["texts"]), share(c["right"], c["boxes"]), wrong)
    return table
