"""A detector from outside, held so that it can't hurt the others: its crash is its own, its time is counted, its
findings are looked through before anybody stands on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextvars import copy_context
from dataclasses import replace
from math import isfinite
from threading import Thread
from typing import get_args

from photoscan import deadline
from photoscan.catalog import has
from photoscan.deadline import OutOfTimeError
from photoscan.detectors.base import Detector, Input, TextDetector, TextMatch
from photoscan.errors import NotInstalledError, UsageError
from photoscan.finding import Field, Finding, Region, Span
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity
from photoscan.outside.protocol import DetectorProtocol
from photoscan.patterns import pattern
from photoscan.risk.explain import advice, explained
from photoscan.textline import TextLine
from photoscan.views import Views

PATIENCE = 10.0
"""Seconds that a detector from outside may look at one page."""
MOST = 1000
"""Findings of one look; more are no help to anybody, and might never end."""
_NAME = pattern(r"[a-z][a-z0-9_-]{0,39}")
_TIMEOUT = "timeout"
_BAD = "bad_finding"


class OutsideError(Exception):
    """A detector from outside failed: `reason` is 'timeout', 'deadline', 'bad_finding', 'not_installed' or
    'crash: <type>'.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Foreign(Detector):
    """The guard around a detector from outside. `origin`: package and version, or its class."""

    def __init__(self, inner: DetectorProtocol, origin: str, patience: float) -> None:
        self.inner = inner
        self.origin = origin
        self.patience = patience
        self._name, self._kinds, self._source = _described(inner)
        self._overdue: list[Thread] = []

    @property
    def name(self) -> str:  # type: ignore[override]
        """Its name."""
        return self._name

    @property
    def kinds(self) -> tuple[Kind, ...]:  # type: ignore[override]
        """What it can find."""
        return self._kinds

    @property
    def source(self) -> Input:  # type: ignore[override]
        """What it looks at."""
        return self._source

    def find(self, views: Views) -> Iterable[Finding]:
        """What it finds on a page in its time, then OutsideError where it failed."""
        # What reading and decoding take is not its fault, and what goes wrong there is told as ever.
        if self.source == "text":
            _ = views.lines
        elif self.source == "pixels":
            _ = views.pixels
        yield from self._within_time(lambda: self.inner.find(views))

    def _within_time(self, look: Callable[[], Iterable[Finding]]) -> Iterable[Finding]:
        self._overdue = [thread for thread in self._overdue if thread.is_alive()]
        if self._overdue:
            # A thread can't be ended: one that hangs is not given company.
            raise OutsideError(_TIMEOUT)
        found: list[Finding] = []
        failed: list[str] = []

        def work() -> None:
            try:
                for finding in look():
                    if len(found) == MOST:
                        raise OutsideError(_BAD)
                    found.append(_checked(finding, self))
            except NotInstalledError:
                failed.append("not_installed")
            except OutOfTimeError:
                failed.append(deadline.REASON)
            except OutsideError as error:
                failed.append(error.reason)
            except BaseException as error:  # noqa: BLE001 - also SystemExit is this detector's alone
                # Only the type: the message may quote what was read.
                failed.append(f"crash: {type(error).__name__}")

        thread = Thread(target=copy_context().run, args=(work,), name=f"photoscan-{self.name}", daemon=True)
        thread.start()
        thread.join(self.patience)
        if thread.is_alive():
            self._overdue.append(thread)
            failed.append(_TIMEOUT)
        yield from tuple(found)
        if failed:
            raise OutsideError(failed[0])


class ForeignText(Foreign, TextDetector):
    """The same around one that reads lines of text, captions as well."""

    inner: TextDetector
    source = "text"

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Its matches, unguarded: `find` and `find_in_lines` are asked."""
        return self.inner.match(lines)

    def find_in_lines(self, lines: Sequence[TextLine]) -> Iterable[Finding]:
        """What it finds in lines in its time, then OutsideError where it failed."""
        yield from self._within_time(lambda: self.inner.find_in_lines(lines))


class Broken(Detector):
    """Stands for a detector that is installed and can't be used, so that its absence is told: it always fails."""

    def __init__(self, name: str, reason: str) -> None:
        self._name = name if _NAME.fullmatch(name) else "outside"
        self.reason = reason
        self.origin = f"{name}: {reason}"

    @property
    def name(self) -> str:  # type: ignore[override]
        """The name of its entry point."""
        return self._name

    @property
    def kinds(self) -> tuple[Kind, ...]:  # type: ignore[override]
        """What it might have found: nobody knows."""
        return tuple(Kind)

    source = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Raise OutsideError."""
        raise OutsideError(self.reason)


def guarded(detector: DetectorProtocol, origin: str = "", patience: float = PATIENCE) -> Foreign:
    """A guard around a detector; itself where it has one. UsageError for what is no detector."""
    if isinstance(detector, Foreign):
        return detector
    made = f"{type(detector).__module__}.{type(detector).__qualname__}"
    sort = ForeignText if isinstance(detector, TextDetector) else Foreign
    return sort(detector, origin or made, patience)


def _described(inner: DetectorProtocol) -> tuple[str, tuple[Kind, ...], Input]:
    """Name, kinds and source; UsageError for what is no detector."""
    name, source = getattr(inner, "name", None), getattr(inner, "source", None)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise UsageError("problem.detector.name", sort=type(inner).__name__)
    if source not in get_args(Input):
        raise UsageError("problem.detector.source", name=name, known=", ".join(get_args(Input)))
    if isinstance(inner, type) or not callable(getattr(inner, "find", None)):
        raise UsageError("problem.detector.find", name=name)
    kinds = getattr(inner, "kinds", ())
    try:
        found = tuple(Kind(kind) for kind in kinds if isinstance(kind, str))
    except (ValueError, TypeError):
        raise UsageError("problem.detector.kinds", name=name) from None
    if isinstance(kinds, str) or not found or len(found) != len(tuple(kinds)):
        raise UsageError("problem.detector.kinds", name=name)
    return name, found, source  # type: ignore[return-value]


def _checked(finding: object, by: Foreign) -> Finding:
    """A finding that reports, judgement and copies can stand on, under its detector's name; OutsideError else."""
    if not isinstance(finding, Finding) or finding.kind not in by.kinds or not _sound(finding, by.source):
        raise OutsideError(_BAD)
    named = replace(finding, detector=by.name, id="")
    try:
        # Whatever will be said of it later is said once here, where a failure is its own.
        said = explained(named)
        told = [named.to_dict(show_values=True), said.text(), advice(named, "en")]
        sound = all(has(part.key) for part in said.rows) and json.dumps(told, allow_nan=False)
    except Exception:  # noqa: BLE001 - attributes can be anything
        raise OutsideError(_BAD) from None
    if not sound:
        raise OutsideError(_BAD)
    return named


def _sound(finding: Finding, source: Input) -> bool:
    sure = finding.confidence
    return (
        isinstance(sure, (int, float))
        and isfinite(sure)
        and 0 <= sure <= 1
        and isinstance(finding.reason, str)
        and (finding.value is None or isinstance(finding.value, str))
        and (finding.severity_override is None or isinstance(finding.severity_override, Severity))
        and isinstance(finding.location, (Field, Span) if source == "metadata" else (Region, Span))
        and (not isinstance(finding.location, Region) or _is_region(finding.location))
    )


def _is_region(place: Region) -> bool:
    box = place.box
    whole = isinstance(box, Box) and all(isinstance(part, int) for part in box.as_list())
    return whole and box.w > 0 and box.h > 0 and (place.page is None or isinstance(place.page, int))
