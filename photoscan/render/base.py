"""What a report format is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from photoscan.catalog import has, text
from photoscan.escapes import on_one_line, visible
from photoscan.finding import SIDECAR, Field, Finding, Region
from photoscan.geometry import Box
from photoscan.passed import Passed
from photoscan.render.grouping import countries
from photoscan.report import SAMPLED, DetectorOutcome, FiredRule, PhotoInfo, Report, Status
from photoscan.risk.explain import advice
from photoscan.risk.folding import folded

Picture = Callable[[Report, int], bytes | None]
"""Gives a report's photo as a JPEG whose longest side has at most so many pixels; None where it can't be had."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A project's file that had a say in the answer, and which of its settings."""

    file: str
    keys: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """The JSON form."""
        return {"file": self.file, "keys": list(self.keys)}


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to show reports. `width` in columns; `colour` with ANSI codes; `picture` for formats that show the photo.

    `brief`: a line for each photo. `named`: the paths that the user gave, `policy`: the policy's name or file, both for
    the command that a report advises. `only_metadata`: nothing but the file's own words was asked for, so that they are
    told as a table. `settings`: those of a project that had a say. `passed`: what lay in the folders that
    were searched and is no photo.
    """

    show_values: bool = False
    verbose: bool = False
    language: str = "en"
    width: int = 80
    colour: bool = False
    picture: Picture | None = None
    only_metadata: bool = False
    brief: bool = False
    named: tuple[str, ...] = ()
    policy: str = "default"
    settings: Settings | None = None
    passed: Passed | None = None


class Renderer(ABC):
    """Turns reports into text, piece by piece, so that long work shows results early."""

    name: ClassVar[str]

    def __init__(self, options: RenderOptions) -> None:
        self.options = options

    @abstractmethod
    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """Pieces of text in the order of the reports; concatenated they are the whole output."""


class Words:
    """Sentences that several formats share, in one language."""

    def __init__(self, options: RenderOptions) -> None:
        self.language = options.language
        self.show_values = options.show_values

    def text(self, key: str, **values: object) -> str:
        """The text for a key."""
        return text(key, self.language, **values)

    def settings(self, settings: Settings) -> str:
        """Which project's file had a say, and in what."""
        return self.text("report.settings", path=visible(settings.file), keys=", ".join(settings.keys))

    def title(self, finding: Finding) -> str:
        """What was found, in words."""
        return self.text(f"kind.{finding.kind.value}.title")

    def value(self, finding: Finding) -> str:
        """The value on one line, masked unless values are shown; empty where there is none."""
        shown = finding.value if self.show_values else finding.value_masked
        return visible(" ".join((shown or "").split()))

    def origin(self, finding: Finding) -> str:
        """Behind a plate's value: its country, and the others that it could be from; empty for anything else."""
        names = countries(finding, self.language)
        if not names:
            return ""
        return f", {names[0]}" + (f" ({self.text('report.or', others=', '.join(names[1:]))})" if names[1:] else "")

    def where(self, finding: Finding, photo: PhotoInfo) -> str:
        """Where in the photo, its file or the caption."""
        place = finding.location
        if isinstance(place, Region):
            ninth = self._ninth(place.box, photo)
            if place.page:
                return self.text("report.where.page", place=ninth, page=place.page + 1)
            return self.text("report.where.region", place=ninth)
        if isinstance(place, Field) and finding.beside:
            file = on_one_line(str(finding.attributes.get(SIDECAR, "")))
            return self.text("report.where.sidecar", file=file, field=visible(place.field))
        if isinstance(place, Field):
            key = "report.where.copies" if place.copies > 1 else "report.where.metadata"
            return self.text(key, container=place.container, field=place.field, copies=place.copies)
        return self.text("report.where.caption", lines=", ".join(str(i + 1) for i in place.lines))

    def why(self, found: Finding | FiredRule) -> str:
        """Why a finding or a combination matters."""
        return found.explained(self.language)

    def error(self, report: Report) -> str:
        """Why a photo could not be inspected, or only in part, as the scan said it in its own language; without the
        photo's path."""
        assert report.error is not None
        seen = any(o.status is Status.OK and o.source in ("pixels", "text") for o in report.detectors)
        return self.text("report.error.partly" if seen else "report.error", message=self._told(report))

    @staticmethod
    def _told(report: Report) -> str:
        return report.error.message.removeprefix(f"{visible(report.photo.path)}: ") if report.error else ""

    def checked(self, report: Report) -> list[str]:
        """What was looked at, in words."""
        return [self.detector(o) for o in report.detectors if o.status is Status.OK]

    def not_checked(self, report: Report, asked: bool | None = None) -> list[str]:
        """What was not looked at, each reason with what it kept from being seen.

        `asked`: only what was asked for, or only what was not. Why the whole photo could not be inspected stands at its
        head (`error`), and is not said again.
        """
        known = f"{report.error.code}: {self._told(report)}" if report.error else ""
        reasons: dict[str, list[str]] = {}
        for outcome in report.detectors:
            if outcome.status is not Status.OK and asked in (None, outcome.reason != "requested"):
                why = "" if outcome.reason and outcome.reason == known else self.reason(outcome)
                reasons.setdefault(why, []).append(self.detector(outcome))
        return [", ".join(names) + (f" ({reason})" if reason else "") for reason, names in reasons.items()]

    def detector(self, outcome: DetectorOutcome) -> str:
        """What a detector looks for; its name where there are no words for it."""
        key = f"detector.{outcome.name}"
        return self.text(key) if has(key) else outcome.name

    def reason(self, outcome: DetectorOutcome) -> str:
        """Why a detector did not look."""
        key = f"reason.{outcome.reason}"
        if outcome.reason and has(key):
            return self.text(key)
        return self.text("reason.failed") + (f": {outcome.reason}" if outcome.reason else "")

    def problems(self, report: Report) -> list[tuple[str, str]]:
        """Why a photo was not wholly inspected, in distinct reasons: what was not looked at, empty for all, and why."""
        if report.error is not None:
            return [("", self.error(report))]
        reasons: dict[str, list[str]] = {}
        for outcome in report.detectors:
            # Where the policy is content with a sample, the photo was inspected.
            if outcome.unseen or (outcome.reason == SAMPLED and not report.decision.complete):
                reasons.setdefault(self.reason(outcome), []).append(self.detector(outcome))
        return [(", ".join(names), why) for why, names in reasons.items()]

    def advice(self, finding: Finding) -> str:
        """What to do about a finding; empty for what does not count."""
        return advice(finding, self.language)

    def level(self, report: Report) -> str:
        """The level in words as the decision tells it, or what stands in its place."""
        return report.decision.risk.text(self.language)

    def advised(self, report: Report) -> str:
        """The decision's advice: the second half of the headline."""
        return report.decision.advised(self.language)

    def uncertain(self, findings: Iterable[Finding]) -> str:
        """One line for what is folded of these findings; empty where nothing is."""
        kinds = folded(findings)
        if not kinds:
            return ""
        named = [self.text(f"kind.{kind.value}.title") + (f" ×{n}" if n > 1 else "") for kind, n in kinds.most_common()]
        return self.text("report.uncertain", count=kinds.total(), kinds=", ".join(named))

    def notices(self, report: Report) -> list[str]:
        """The questions that the photo asks its owner."""
        return [notice.sentence.text(self.language) for notice in report.decision.notices]

    def sidecars(self, reports: Sequence[Report]) -> str:
        """What files beside several photos tell, in one sentence; empty where there are none."""
        told = [n.findings for r in reports for n in r.decision.notices if n.code == SIDECAR]
        ids = {name for names in told for name in names}
        kinds = dict.fromkeys(f.kind.value for r in reports for f in r.findings if f.id in ids and f.beside)
        what = ", ".join(self.text(f"kind.{kind}.title") for kind in kinds)
        return self.text("report.sidecars", count=len(told), what=what) if told else ""

    def caveat(self, report: Report) -> str:
        """What belongs to an all-clear; empty for any other decision."""
        return "" if report.decision.caveat is None else report.decision.caveat.text(self.language)

    def nothing(self, report: Report) -> str:
        """What it is worth that nothing was found; empty where something was."""
        return "" if report.decision.nothing is None else report.decision.nothing.text(self.language)

    def _ninth(self, box: Box, photo: PhotoInfo) -> str:
        """Which ninth of the picture the middle of a box lies in."""
        x, y = box.centre
        across = ("left", "centre", "right")[min(2, int(3 * x / (photo.width or 1)))]
        down = ("top", "middle", "bottom")[min(2, int(3 * y / (photo.height or 1)))]
        return self.text(f"place.{down}.{across}")
