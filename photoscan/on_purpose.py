"""What clean copies hold on purpose, by their receipts or by the choices they were made with: told, but not counted.

Only of a file that says nothing beside what was kept, in the very form in which copies say it: one field more, or a
position that is not rounded, and all of it counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from photoscan import cleaning, groups
from photoscan.cleaning import CleanPlan
from photoscan.container import COARSENESS, KEEPABLE
from photoscan.errors import UsageError, reason
from photoscan.finding import Field, Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.risk import exempt

SAME = 0.5
"""Overlap (intersection over union) from which two looks at a face are looks at the same one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one receipt says was kept: parts of the file, how much of a position, and the faces of who consents."""

    parts: tuple[str, ...]
    coarsen_gps: Any = None
    faces: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """What was kept: `plan` of every file, `receipts` of the copies with these hashes (sha256 in hex), which win."""

    plan: CleanPlan = field(default_factory=lambda: CleanPlan(metadata_only=True))
    receipts: Mapping[str, Kept] = field(default_factory=dict)

    @staticmethod
    def read(path: Path, plan: CleanPlan | None = None) -> Purpose:
        """By a file of receipts as `clean --receipt`, the service and the workshop write it (JSON).

        UsageError for a file that can't be read or holds something else.
        """
        try:
            rows = json.loads(path.read_text("utf-8"))
        except OSError as error:
            raise UsageError("problem.unreadable", path=path, why=reason(error)) from None
        except ValueError:
            raise UsageError("problem.receipt.none", path=path) from None
        try:
            found = {row["output"]["sha256"]: _kept(row) for row in (rows if isinstance(rows, list) else [rows])}
        except (KeyError, TypeError, ValueError, AttributeError):
            raise UsageError("problem.receipt.none", path=path) from None
        return Purpose(plan or CleanPlan(metadata_only=True), found)

    def knows(self, photo: Photo) -> bool:
        """Whether a receipt is of this very file."""
        return photo.sha256 in self.receipts

    def of(self, photo: Photo) -> CleanPlan:
        """What was kept in a file, as a plan that leaves the picture as it is."""
        row = self.receipts.get(photo.sha256)
        if row is None:
            return self.plan
        return CleanPlan(metadata_only=True, keep=row.parts, coarsen_gps=row.coarsen_gps)

    def mark(self, report: Report, photo: Photo) -> Report:
        """The report of a photo with what was kept on purpose marked; judge it again afterwards."""
        plan, row = self.of(photo), self.receipts.get(photo.sha256)
        if report.photo.sha256 != photo.sha256 or not photo.strippable:
            return report
        true_to_plan = not cleaning.left_over(photo, plan)

        def meant(finding: Finding) -> bool:
            place = finding.location
            if isinstance(place, Field):
                return true_to_plan and plan.keeps(finding.kind)
            is_face = isinstance(place, Region) and finding.kind.within(Kind.FACE)
            return bool(row and is_face and finding.box and any(finding.box.iou(face) >= SAME for face in row.faces))

        findings = (exempt.marked(f, "kept") if meant(f) and not exempt.is_exempt(f) else f for f in report.findings)
        return replace(report, findings=tuple(findings))


def _kept(row: Mapping[str, Any]) -> Kept:
    """What a receipt says; KeyError, TypeError or ValueError for what is none. Those before 2.1 don't say."""
    if not isinstance(row["receipt_version"], str) or not isinstance(row["output"]["sha256"], str):
        raise TypeError
    rows = {part["part"]: part for part in row.get("kept_parts", ())}
    coarseness = rows.get("position", {}).get("coarseness")
    faces = [
        Box(*map(int, found["location"]["box"]))
        for found in row.get("found", ())
        if found["action"] == "keep" and found["reason"] == "consents"
    ]
    return Kept(
        tuple(part for part in rows if part in KEEPABLE or part in groups.topics()),
        coarseness if coarseness in COARSENESS else None,
        tuple(faces),
    )
