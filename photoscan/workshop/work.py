"""The work on one photo: look at it and tell as each detector ends, and make its safe copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event
from typing import Any

from photoscan.cleaning import CleanPlan
from photoscan.finding import Finding, with_ids
from photoscan.report import DetectorOutcome, Report
from photoscan.risk.exempt import is_exempt
from photoscan.safe_copy import make_safe_copy
from photoscan.scanner import Scanner
from photoscan.workshop import view
from photoscan.workshop.covers import same
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


def copy(item: Item, scanner: Scanner, hide: Sequence[str], gone: Event, remove: Sequence[str] = ()) -> Copy:
    """A proven copy without metadata, in which the findings with these ids are hidden and no others.

    `remove`: groups of what the file says that go alone, and the others stay.
    What its second look is the first to see lies on the desk from then on, so that the next copy can hide it too.
    Raises the PhotoscanErrors of `make_safe_copy`; GoneError when nobody waits any more.
    """

    def ended(outcome: DetectorOutcome, findings: tuple[Finding, ...]) -> None:
        if gone.is_set():
            raise GoneError

    assert item.report is not None
    known = replace(item.report, findings=item.known)
    plan = CleanPlan.by_policy(scanner.policy, rename=True, remove=tuple(remove)) if remove else None
    result = make_safe_copy(item.photo, scanner, plan, report=known, chosen=hide, progress=ended)
    assert result.report is not None
    left, new = _left(result.report, [finding for finding in item.known if finding.id not in hide])
    item.later += new
    return Copy(result, result.report, left, frozenset(finding.id for finding in new))


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
