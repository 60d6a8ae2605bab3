"""The work on one photo: look at it and tell as each detector ends, and make its safe copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

from photoscan.finding import Finding, with_ids
from photoscan.report import DetectorOutcome
from photoscan.safe_copy import make_safe_copy
from photoscan.scanner import Scanner
from photoscan.workshop import view
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

    Raises the PhotoscanErrors of `make_safe_copy`; GoneError when nobody waits any more.
    """

    def ended(outcome: DetectorOutcome, findings: tuple[Finding, ...]) -> None:
        if gone.is_set():
            raise GoneError

    result = make_safe_copy(item.photo, scanner, report=item.report, chosen=hide, progress=ended)
    assert result.report is not None
    return Copy(result, result.report)
