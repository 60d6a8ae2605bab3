"""The work on one photo: look at it and tell as each detector ends, and make its safe copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event
from typing import Any

from photoscan import cleaning
from photoscan.cleaning import CleanPlan
from photoscan.cleaning.plan import EXEMPT
from photoscan.finding import Finding, Region, with_ids
from photoscan.report import DetectorOutcome, Report
from photoscan.risk import assess
from photoscan.scanner import Scanner
from photoscan.workshop import view
from photoscan.workshop.desk import Copy, GoneError, Item, picture

Tell = Callable[[dict[str, Any]], None]
EVERYTHING = ("face", "plate", "text", "code", "document")
SAME = 0.5
"""Share of the smaller of two boxes that both have in common, from which they show the same thing."""


def look(item: Item, scanner: Scanner, tell: Tell, gone: Event) -> None:
    """Scan a photo; `tell` is called with each event. GoneError when nobody listens any more."""
    item.picture = picture(item.photo)
    tell({"event": "picture", "shown": item.picture is not None})
    info = item.photo.info()
    so_far: list[Finding] = []

    def ended(outcome: DetectorOutcome, findings: tuple[Finding, ...]) -> None:
        if gone.is_set():
            raise GoneError
        so_far.extend(findings)
        # Ids depend on place and order alone: those of a part are those of the whole.
        numbered = with_ids(so_far)[len(so_far) - len(findings) :]
        told = [view.finding(finding, info) for finding in numbered]
        tell({"event": "detector", "name": outcome.name, "status": outcome.status.value, "findings": told})

    item.report = scanner.scan(item.photo, progress=ended)
    tell({"event": "report", **view.judgement(item.report)})


def copy(item: Item, scanner: Scanner, hide: Sequence[str], gone: Event) -> Copy:
    """A proven copy without metadata, in which the findings with these ids are hidden and no others.

    Raises the PhotoscanErrors of `cleaning.clean`.
    """
    assert item.report is not None
    places = [f.location for f in item.report.findings if f.id in hide and isinstance(f.location, Region)]
    seen: list[Report] = []

    def again(data: bytes) -> Report:
        if gone.is_set():
            raise GoneError
        report = scanner.scan(data, name=item.photo.name)
        seen.append(report)
        # What was not chosen is meant to show.
        return _spared(report, lambda finding: _among(finding, places))

    if places:
        marked = _spared(item.report, lambda finding: finding.id in hide)
        result = cleaning.clean(item.photo, marked, again, CleanPlan(redact=EVERYTHING, rename=True))
    else:
        result = cleaning.clean(item.photo, item.report, None, CleanPlan(metadata_only=True, rename=True))
        again(result.data)
    return Copy(result, assess(_uncovered(seen[-1], places), scanner.policy))


def _spared(report: Report, chosen: Callable[[Finding], bool]) -> Report:
    """The report in which everything in the picture that was not chosen is marked as meant to show."""
    return replace(report, findings=tuple(f if f.box is None or chosen(f) else _meant(f) for f in report.findings))


def _meant(finding: Finding) -> Finding:
    return replace(finding, attributes={**finding.attributes, EXEMPT: "chosen"})


def _among(finding: Finding, places: Sequence[Region]) -> bool:
    if not isinstance(finding.location, Region):
        return False
    box, page = finding.location.box, finding.location.page or 0
    same_page = [place.box for place in places if (place.page or 0) == page]
    return any(box.intersection(b) >= SAME * min(box.area, b.area) for b in same_page if b.area)


def _uncovered(report: Report, places: Sequence[Region]) -> Report:
    """The report without what detectors see in the patches of paint, and without the file name, which a copy loses."""
    kept = [f for f in report.findings if not _among(f, places) and f.kind != "metadata.filename"]
    return replace(report, findings=tuple(kept))
