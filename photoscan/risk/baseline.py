"""Baselines: findings of a folder that somebody has already reviewed, so that only news is told.

A file of JSON: for each photo, by the hash of its bytes, the ids of its findings. Neither holds a name or a value, and
a photo that changes is looked at anew. Its name and its caption are not among its bytes: what a name tells is known by
a hash of both, what a caption tells is always news.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from photoscan.addresses import refuse_address
from photoscan.errors import UsageError, reason
from photoscan.finding import Finding, Span
from photoscan.kind import Kind
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
        refuse_address(path)
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
            findings=tuple(exempt.marked(f, "reviewed") if _id(f, report) in reviewed else f for f in report.findings),
        )

    def with_reports(self, reports: Iterable[Report]) -> Baseline:
        """This baseline and all findings of these reports."""
        seen: dict[str, frozenset[str]] = {}
        for report in reports:
            if (sha := report.photo.sha256) and report.error is None:
                ids = (_id(finding, report) for finding in report.findings)
                # The same photo may lie there under several names.
                seen[sha] = seen.get(sha, frozenset()).union(word for word in ids if word)
        return Baseline({**self.photos, **seen})

    def to_json(self) -> str:
        """The file's text, in an order that makes changes easy to follow."""
        photos = {sha: sorted(ids) for sha, ids in sorted(self.photos.items())}
        return json.dumps({"photoscan_baseline": VERSION, "photos": photos}, indent=1) + "\n"


def _id(finding: Finding, report: Report) -> str | None:
    """What a finding is known by; None for one that no photo's bytes hold."""
    if isinstance(finding.location, Span) or finding.beside:
        return None
    if finding.kind is not Kind.METADATA_FILENAME:
        return finding.id
    named = f"{report.photo.sha256} {Path(report.photo.path).name}"
    return f"{finding.id}-{hashlib.sha256(os.fsencode(named)).hexdigest()[:8]}"


def _is_row(sha: object, ids: object) -> bool:
    is_hash = isinstance(sha, str) and len(sha) == 64 and set(sha) <= _HEX
    return is_hash and isinstance(ids, list) and all(isinstance(word, str) for word in ids)
