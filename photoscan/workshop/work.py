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
from photoscan.risk.exempt import is_exempt
from photoscan.scanner import Scanner
from photoscan.workshop import view
from photoscan.workshop.covers import EVERYTHING, covers, lies_in, overlap, same
from photoscan.workshop.desk import Copy, GoneError, Item, picture

Tell = Callable[[dict[str, Any]], None]


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

    What its second look sees for the first time lies on the desk from then on, so that the next copy can hide it too.
    Raises the PhotoscanErrors of `cleaning.clean`.
    """
    assert item.report is not None
    known = replace(item.report, findings=item.known)
    chosen = [finding for finding in item.known if finding.id in hide]
    places = [finding.location for finding in chosen if isinstance(finding.location, Region)]
    seen: list[Report] = []

    def again(data: bytes) -> Report:
        if gone.is_set():
            raise GoneError
        report = scanner.scan(data, name=item.photo.name)
        seen.append(report)
        # What was not chosen is meant to show.
        return _spared(report, lambda finding: any(overlap(finding, place) for place in places))

    if places:
        marked = _spared(known, lambda finding: finding.id in hide)
        result = cleaning.clean(item.photo, marked, again, CleanPlan(redact=EVERYTHING, rename=True))
    else:
        result = cleaning.clean(item.photo, known, None, CleanPlan(metadata_only=True, rename=True))
        again(result.data)
    report = _uncovered(seen[-1], covers((*chosen, *result.receipt.hidden)))
    left, new = _left(report, [finding for finding in item.known if finding.id not in hide])
    item.later += new
    return Copy(result, assess(report, scanner.policy), left, frozenset(finding.id for finding in new))


def _spared(report: Report, chosen: Callable[[Finding], bool]) -> Report:
    """The report in which everything in the picture that was not chosen is marked as meant to show."""
    return replace(report, findings=tuple(f if f.box is None or chosen(f) else _meant(f) for f in report.findings))


def _meant(finding: Finding) -> Finding:
    return replace(finding, attributes={**finding.attributes, EXEMPT: "chosen"})


def _uncovered(report: Report, painted: Sequence[Region]) -> Report:
    """The report without what detectors see in the patches of paint, and without the file name, which a copy loses."""
    kept = [f for f in report.findings if not lies_in(f, painted) and f.kind != "metadata.filename"]
    return replace(report, findings=tuple(kept))


def _left(report: Report, visible: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What a copy still tells, and what of that nobody saw before.

    `visible`: what was meant to show. Of what is among that the first look is told.
    """
    left: dict[str, Finding] = {}
    new: list[Finding] = []
    for finding in report.findings:
        if is_exempt(finding):
            continue
        before = next((other for other in visible if same(finding, other)), None)
        if before is None:
            new.append(finding)
        left.setdefault((before or finding).id, before or finding)
    return tuple(left.values()), tuple(new)
