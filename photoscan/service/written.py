"""A report on its way through the HTTP process: data that only workers read, values in clear.

JSON, so that what one worker writes can do nothing in another but say something. The schema of reports rounds and
leaves out what only a decision needs: that stands beside it here.
"""

from __future__ import annotations

import json
from dataclasses import replace

from photoscan.errors import UsageError
from photoscan.finding import Finding, Region
from photoscan.parts import Part
from photoscan.report import DetectorOutcome, Report


def written(report: Report) -> bytes:
    """The report with all that `read` gives back."""
    rows = {
        "report": report.to_dict(show_values=True),
        "exact": [{"confidence": f.confidence, "polygon": _polygon(f)} for f in report.findings],
        "outcomes": [{"source": o.source, "partly": o.partly} for o in report.detectors],
    }
    return json.dumps(rows).encode()


def read(data: bytes) -> Report:
    """The report that `written` wrote, without its reasons: it has to be judged again. UsageError for anything else."""
    try:
        whole = Part.of(json.loads(data))
    except (ValueError, RecursionError):
        raise UsageError("problem.report.part", part="{}") from None
    report = Report.from_dict(whole.table("report").rows)
    exact, outcomes = tuple(whole.tables("exact")), tuple(whole.tables("outcomes"))
    if (len(exact), len(outcomes)) != (len(report.findings), len(report.detectors)):
        whole.broken("exact")
    return replace(
        report,
        findings=tuple(_exactly(*pair) for pair in zip(report.findings, exact, strict=True)),
        detectors=tuple(_wholly(*pair) for pair in zip(report.detectors, outcomes, strict=True)),
    )


def _polygon(finding: Finding) -> list[list[float]] | None:
    place = finding.location
    if not isinstance(place, Region) or place.polygon is None:
        return None
    return [[float(x), float(y)] for x, y in place.polygon]


def _exactly(finding: Finding, row: Part) -> Finding:
    place = finding.location
    if isinstance(place, Region) and place.polygon is not None:
        place = replace(place, polygon=row.points("polygon"))
    return replace(finding, confidence=row.number("confidence", 0, 1), location=place)


def _wholly(outcome: DetectorOutcome, row: Part) -> DetectorOutcome:
    return replace(outcome, source=row.text("source"), partly=row.rows.get("partly") is True)
