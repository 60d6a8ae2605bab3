"""Baselines: findings of a folder that somebody has already reviewed, so that only news is told.

A file of JSON: for each photo, by the hash of its bytes, the ids of its findings. Neither holds a name or a value, and
a photo that changes is looked at anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from photoscan.errors import UsageError, reason
from photoscan.report import Report
from photoscan.risk import exempt

VERSION = 1
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Baseline:
    """`photos`: sha256 of a photo -> ids of the findings that were reviewed."""

    photos: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @staticmethod
    def load(path: Path) -> Baseline:
        """A baseline from its file; UsageError when there is none, or it is something else."""
        try:
            rows = json.loads(path.read_text("utf-8"))
        except OSError as error:
            raise UsageError("problem.baseline.unreadable", path=path, why=reason(error)) from None
        except ValueError:
            raise UsageError("problem.baseline.json", path=path) from None
        if not isinstance(rows, dict) or rows.get("photoscan_baseline") != VERSION:
            raise UsageError("problem.baseline.version", path=path, version=VERSION)
        photos = rows.get("photos")
        if not isinstance(photos, dict) or not all(_is_row(sha, ids) for sha, ids in photos.items()):
            raise UsageError("problem.baseline.photos", path=path)
        return Baseline({sha: frozenset(ids) for sha, ids in photos.items()})

    def mark(self, report: Report) -> Report:
        """The report with its reviewed findings marked; judge it again afterwards."""
        reviewed = self.photos.get(report.photo.sha256 or "", frozenset())
        return replace(
            report,
            findings=tuple(exempt.marked(f, "reviewed") if f.id in reviewed else f for f in report.findings),
        )

    def with_reports(self, reports: Iterable[Report]) -> Baseline:
        """This baseline and all findings of these reports."""
        photos = dict(self.photos)
        for report in reports:
            if report.photo.sha256 and report.error is None:
                photos[report.photo.sha256] = frozenset(f.id for f in report.findings)
        return Baseline(photos)

    def to_json(self) -> str:
        """The file's text, in an order that makes changes easy to follow."""
        photos = {sha: sorted(ids) for sha, ids in sorted(self.photos.items())}
        return json.dumps({"photoscan_baseline": VERSION, "photos": photos}, indent=1) + "\n"


def _is_row(sha: object, ids: object) -> bool:
    is_hash = isinstance(sha, str) and len(sha) == 64 and set(sha) <= _HEX
    return is_hash and isinstance(ids, list) and all(isinstance(word, str) for word in ids)
