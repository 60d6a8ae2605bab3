"""Whether confidences are what they say: of findings told at .9, nine in ten should be true, on every sort of photos.

DATA is a folder with sets of labelled photos: `faces`, `plates`, `text` and `ordinary`, each with `ground_truth.json`;
REPORTS a folder with the reports of their photos, `faces.jsonl` and so on (`photoscan scan --format jsonl`). Sets that
are in only one of them are left out.

What is true: in `faces` a face that overlaps a labelled one, in `plates` a plate that does, in `text` (drawn photos) a
finding on an entity's lines that is of its kind. Those are photos full of what is sought. In `ordinary` there are no
boxes, but photos that people called harmless: whatever is found in the picture of one is false; in those that were set
aside for adults' faces alone, faces count as true and nothing else is counted. So the share there is of what can be
told, not of all photos.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.accuracy import reports
from benchmarks.accuracy.tables import Table, share
from photoscan.finding import Finding
from photoscan.geometry import Box
from photoscan.kind import Kind

EDGES = (0.0, 0.1, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
"""Where bins of confidence begin and end."""
NEAR = 0.3
"""Overlap (intersection over union) from which a box is that of a labelled thing; looser than for recall, since what is
asked is whether the thing is there."""
ENTITIES = {
    "ADDRESS": ("text.address", "text.street"), "HOUSE_NO": ("text.address", "text.street", "text.house_number"),
    "PHONE": ("text.phone",), "EMAIL": ("text.email",), "NATIONAL_ID": ("text.national_id", "text.bank_account"),
    "DOB": ("text.birth_date",), "SECRET": ("text.secret",), "PERSON": ("text.person",), "TRACKING": ("text.tracking",),
}  # fmt: skip
"""Kinds that are right on an entity; one of another type is right with any kind of text on its lines."""
Judge = Callable[[Finding, dict[str, Any]], bool | None]
"""Whether a finding is true by a row of the truth; None where that can't be told."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be chosen about a run."""
    parser.add_argument("--reports", type=Path, required=True, help="a folder with reports of the sets' photos")


def measure(arguments: argparse.Namespace) -> Iterator[Table]:
    """A table for faces, plates and text each, with a pair of columns for every set in which they can be told."""
    counts: dict[str, dict[str, dict[int, Counter[bool]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(Counter))
    )
    for name, judge in JUDGES.items():
        truth, told = arguments.data / name / "ground_truth.json", arguments.reports / f"{name}.jsonl"
        if truth.exists() and told.exists():
            for report, row in reports.beside(told, truth):
                for finding in report.findings:
                    if finding.box is not None and (true := judge(finding, row)) is not None:
                        counts[finding.kind.family.name][name][bin_of(finding.confidence)][true] += 1
    for family, sets in counts.items():
        yield calibrated(family, sets)


def calibrated(family: str, sets: dict[str, dict[int, Counter[bool]]]) -> Table:
    """How many of what was told at which confidence are true, in each set and in all."""
    table = Table(
        f"Calibration: {family}",
        ("confidence", *(f"{name}: {what}" for name in sets for what in ("told", "true"))),
        "`true`: the share of those told that are. What was told at .9 should be true in nine of ten cases.",
    )
    for number, (least, most) in enumerate(pairwise(EDGES)):
        rows = [sets[name][number] for name in sets]
        if any(rows):
            cells = (cell for row in rows for cell in (row.total(), share(row[True], row.total())))
            table.add(f"{least:.2f} to {min(most, 1):.2f}", *cells)
    return table


def bin_of(confidence: float) -> int:
    """The number of the bin that a confidence lies in."""
    return sum(confidence >= edge for edge in EDGES[1:])


def _box(row: list[float]) -> Box:
    return Box(*(round(part) for part in row))


def in_faces(finding: Finding, row: dict[str, Any]) -> bool | None:
    """By the labelled faces; what overlaps one that the labellers set aside can't be told."""
    if not finding.kind.within(Kind.FACE) or finding.box is None:
        return None
    for face in row["faces"]:
        if _box(face["box"]).iou(finding.box) >= NEAR:
            return None if face.get("ignore") else True
    return False


def in_plates(finding: Finding, row: dict[str, Any]) -> bool | None:
    """By the labelled plates."""
    if finding.kind is not Kind.PLATE or finding.box is None:
        return None
    return any(_box(plate["box"]).intersection(finding.box) > 0 for plate in row["plates"])


def in_text(finding: Finding, row: dict[str, Any]) -> bool | None:
    """By the entities on drawn photos; on photos of real scenes nobody knows what all the words are."""
    if not finding.kind.within("text") or finding.box is None or row.get("condition") == "real":
        return None
    for entity in row.get("entities", ()):
        lines = (row["lines"][number]["quad"] for number in entity["lines"])
        there = any(Box.around(tuple(point) for point in quad).intersection(finding.box) > 0 for quad in lines)
        right = ENTITIES.get(entity["type"])
        if there and (right is None or finding.kind.value in right):
            return True
    return False


def in_ordinary(finding: Finding, row: dict[str, Any]) -> bool | None:
    """By what people called harmless, or set aside for adults' faces alone."""
    if row["harmless"]:
        return False if finding.severity > finding.severity.LOW else None
    return True if row.get("faces_only") and finding.kind is Kind.FACE else None


JUDGES: dict[str, Judge] = {"faces": in_faces, "plates": in_plates, "text": in_text, "ordinary": in_ordinary}
