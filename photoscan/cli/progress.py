"""What the moving line says while photos are looked at: the stage at hand, what the file tells, and of many photos how
far it got, how fast, how long it will take, and what was found so far.

Whoever does the work tells its events: `started` and `finished` for each photo, in whatever order, by whatever process;
for what is done in this one also its `stage` and what was `found`. Where nobody watches nothing becomes of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Self

from photoscan.catalog import text
from photoscan.cli import moving
from photoscan.columns import columns, cut, cut_begin
from photoscan.escapes import on_one_line
from photoscan.finding import Field, Finding
from photoscan.kind import Kind, Severity
from photoscan.render.several import rank
from photoscan.report import DetectorOutcome, Report
from photoscan.risk.folding import is_folded
from photoscan.stage import Stage

_FROM = 2
"""Photos that have to be finished before the time of the others is foretold: the first one has waited for models."""
_LONG = 3.0
"""Seconds of one stage after which the line counts them."""
_SEP = "; "
_FEWEST = 12
"""Columns below which a part of the line is left out rather than cut."""


class Progress:
    """The events of one run, and what the line makes of them. `total`: how many photos there are."""

    def __init__(self, language: str, total: int, clock: Callable[[], float] = monotonic) -> None:
        self.language, self.total, self._clock = language, total, clock
        self.done = 0
        self.levels: Counter[str] = Counter()
        self._ranks: dict[str, tuple[float, int]] = {}
        self._began = self._since = clock()
        self._names: list[str] = []
        self._stage: Stage | None = None
        self._told: dict[Kind, Finding] = {}
        self._line: moving.MovingLine | None = None

    def begin(self, quiet: bool = False) -> Self:
        """Show the line, where somebody watches and wants it."""
        if quiet:
            moving.end()
        else:
            self._line = moving.begin(self.line)
        return self

    def end(self) -> None:
        """Take the line away for good: the answer comes."""
        self._line = None
        moving.end()

    def reports(self, reports: Iterable[Report]) -> Iterator[Report]:
        """The reports, whose levels are counted; after the last one the line is gone."""
        try:
            for report in reports:
                level = report.decision.risk.text(self.language)
                # The line is drawn by another thread, at any moment: what is counted has its rank already.
                self._ranks[level] = rank(report)
                self.levels[level] += 1
                yield report
        finally:
            self.end()

    def started(self, name: str) -> None:
        """Work on a photo has begun."""
        self._names.append(name)
        self._told, self._stage, self._since = {}, None, self._clock()

    def finished(self, name: str) -> None:
        """Work on a photo has ended, whatever came of it."""
        self.done += 1
        if name in self._names:
            self._names.remove(name)

    def stage(self, stage: Stage) -> None:
        """A stage of the photo at hand has begun."""
        self._stage, self._since = stage, self._clock()

    def found(self, outcome: DetectorOutcome, findings: tuple[Finding, ...]) -> None:
        """What a detector has found in the photo at hand; of what its file says that matters, the first of a kind."""
        news = {f.kind: f for f in reversed(findings) if _matters(f)}
        if news:
            self._told = {**news, **self._told}
            if self._line and self.total == 1:
                self._line.draw()

    def line(self, width: int) -> str:
        """The line within so many columns; what tells most comes first."""
        return self._of_many(width) if self.total > 1 else self._of_one(width)

    def _of_one(self, width: int) -> str:
        stage = self._at_hand()
        named = self._file()
        for count in range(len(named), 0, -1):
            more = f" (+{len(named) - count})" if count < len(named) else ""
            told = text("cli.progress.file", self.language, what=", ".join(named[:count])) + more
            if columns(told) + len(_SEP) + columns(stage) <= width:
                return f"{told}{_SEP}{stage}"
        return cut(stage, width)

    def _of_many(self, width: int) -> str:
        parts = [text("cli.progress", self.language, done=self.done, total=self.total), *self._pace()]
        if self.levels:
            ranked = sorted(self.levels, key=lambda level: self._ranks[level])
            parts.append(", ".join(f"{self.levels[level]} × {level}" for level in ranked))
        said = _SEP.join(parts)
        room = width - columns(said) - len(_SEP)
        # A copy: a photo may be finished meanwhile.
        if (names := self._names[:1]) and room >= _FEWEST:
            said += _SEP + cut_begin(on_one_line(names[0]), room)
        return cut(said, width)

    def _pace(self) -> list[str]:
        """How fast it goes, and how long it will take."""
        seconds = self._clock() - self._began
        if self.done < min(_FROM, self.total) or seconds <= 0:
            return []
        rate = self.done / seconds
        key, number = ("cli.progress.rate", rate) if rate >= 1 else ("cli.progress.each", 1 / rate)
        pace = text(key, self.language, rate=f"{number:.1f}")
        left = text("cli.progress.left", self.language, left=_time((self.total - self.done) / rate))
        return [pace, left] if self.done < self.total else [pace]

    def _file(self) -> list[str]:
        """What the file tells, the worst first: where with its masked value, the others by name."""
        ranked = sorted(self._told.values(), key=lambda f: (f.kind is not Kind.METADATA_GPS, -f.severity, f.kind.value))
        return [
            text(f"kind.{f.kind.value}.title", self.language)
            + (f" {on_one_line(f.value_masked)}" if f.kind is Kind.METADATA_GPS and f.value_masked else "")
            for f in ranked
        ]

    def _at_hand(self) -> str:
        """The stage, and how long it takes where that is long."""
        said = text(f"stage.{self._stage or 'ready'}", self.language)
        seconds = self._clock() - self._since
        return f"{said} ({seconds:.0f} s)" if seconds >= _LONG else said


def _matters(finding: Finding) -> bool:
    return isinstance(finding.location, Field) and finding.severity > Severity.LOW and not is_folded(finding)


def _time(seconds: float) -> str:
    """'45 s', '3:20 min', '2:05 h'."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02} h"
