"""The report for people: what, where, why it matters, what to do. Rich does colours and columns."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from photoscan.catalog import text
from photoscan.finding import Field, Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity
from photoscan.render import metadata_view
from photoscan.render.base import Renderer
from photoscan.report import PhotoInfo, Report, Status

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "none": "green",
}
_REPEATING = (Kind.PLATE, Kind.METADATA_GPS, Kind.METADATA_SERIAL, Kind.TEXT_ADDRESS, Kind.TEXT_PHONE)


class TextRenderer(Renderer):
    """Short by default: harmful findings one by one, harmless ones counted; verbose shows all and how sure they are."""

    name = "text"

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """A block for each photo, then what several photos have in common."""
        seen: list[Report] = []
        for report in reports:
            seen.append(report)
            yield self._captured(lambda console, r=report: self._photo(console, r))
        if len(seen) > 1:
            yield self._captured(lambda console: self._folder(console, seen))

    def _captured(self, show: object) -> str:
        from rich.console import Console

        buffer = io.StringIO()
        console = Console(
            file=buffer,
            width=self.options.width,
            force_terminal=self.options.colour,
            no_color=not self.options.colour,
            highlight=False,
            emoji=False,
        )
        show(console)  # type: ignore[operator]
        # Rich pads every line to the full width; nobody wants that in a file.
        return "".join(line.rstrip() + "\n" for line in buffer.getvalue().splitlines())

    def _photo(self, console: Console, report: Report) -> None:
        from rich.padding import Padding
        from rich.text import Text

        head = Text(report.photo.path, style="bold")
        if report.error and not report.findings:
            head.append("  " + self._say("report.error", message=report.error.message), style="red")
            console.print(head, end="\n\n")
            return
        level = report.risk.level
        head.append("  ")
        head.append(f"{self._say('level.' + level)} ({report.risk.score}/100)", style=_STYLES[level])
        head.append(f", {self._say('verdict.' + report.verdict)}")
        console.print(head)
        if report.error:
            console.print(Padding(Text(self._say("report.error", message=report.error.message), style="red"), (0, 2)))
        ordered = sorted(report.findings, key=lambda f: (-f.severity, -f.confidence))
        if self.options.only_metadata and not self.options.verbose:
            metadata_view.show(console, report, self._say, self.options.show_values)
            self._rules(console, report, bool(ordered))
            return
        shown = [f for f in ordered if self.options.verbose or f.severity > Severity.LOW]
        for finding in shown:
            self._finding(console, finding, report.photo)
        if len(shown) < len(ordered):
            console.print(Padding(Text(self._say("report.more", count=len(ordered) - len(shown)), style="dim"), (0, 2)))
        self._rules(console, report, bool(ordered))

    def _rules(self, console: Console, report: Report, found: bool) -> None:
        """What the findings mean together, and what was not looked at."""
        from rich.padding import Padding
        from rich.text import Text

        if not found and not report.error:
            console.print(Padding(Text(self._say("report.nothing"), style="green"), (0, 2)))
        if report.risk.rules:
            console.print(Padding(Text(self._say("report.together"), style="bold"), (0, 2)))
            for rule in report.risk.rules:
                console.print(Padding(Text("• " + rule.explanation), (0, 4)))
        self._coverage(console, report)
        console.print()

    def _finding(self, console: Console, finding: Finding, photo: PhotoInfo) -> None:
        from rich.padding import Padding
        from rich.text import Text

        line = Text("• ")
        line.append(self._say(f"kind.{finding.kind.value}.title"), style=_STYLES[finding.severity.label])
        value = finding.value if self.options.show_values else finding.value_masked
        if value:
            line.append(": ")
            line.append(" ".join(value.split()))
            line.append(self._origin(finding))
        if not finding.likely:
            line.append(f" ({self._say('report.possible')})", style="dim")
        line.append(f", {self._where(finding, photo)}", style="dim")
        console.print(Padding(line, (0, 2)))
        advice = f"{finding.explanation} {self._say(f'kind.{finding.kind.value}.do')}"
        console.print(Padding(Text(advice), (0, 6)))
        if self.options.verbose:
            detail = f"{finding.severity.label}, {finding.confidence:.2f}, {finding.detector}: {finding.reason}"
            console.print(Padding(Text(detail, style="dim"), (0, 6)))

    def _origin(self, finding: Finding) -> str:
        """The country of a plate, and the others that it could be from."""
        first, *others = finding.attributes.get("countries") or [None]
        if finding.kind is not Kind.PLATE or first is None:
            return ""
        return f", {first}" + (f" ({self._say('report.or', others=', '.join(others))})" if others else "")

    def _where(self, finding: Finding, photo: PhotoInfo) -> str:
        place = finding.location
        if isinstance(place, Region):
            words = self._say("report.where.region", place=self._ninth(place.box, photo))
            box = "x {} y {}, {} x {} px".format(*place.box.as_list())
            return f"{words} ({box})" if self.options.verbose else words
        if isinstance(place, Field):
            key = "report.where.copies" if place.copies > 1 else "report.where.metadata"
            return self._say(key, container=place.container, field=place.field, copies=place.copies)
        return self._say("report.where.caption", lines=", ".join(str(i + 1) for i in place.lines))

    def _ninth(self, box: Box, photo: PhotoInfo) -> str:
        """Which ninth of the picture the middle of a box lies in, in words."""
        x, y = box.centre
        across = ("left", "centre", "right")[min(2, int(3 * x / (photo.width or 1)))]
        down = ("top", "middle", "bottom")[min(2, int(3 * y / (photo.height or 1)))]
        return self._say(f"place.{down}.{across}")

    def _coverage(self, console: Console, report: Report) -> None:
        from rich.padding import Padding
        from rich.text import Text

        done = [o.name for o in report.detectors if o.status is Status.OK]
        reasons: dict[str, list[str]] = defaultdict(list)
        for outcome in report.detectors:
            if outcome.status is not Status.OK:
                reasons[outcome.reason or outcome.status.value].append(outcome.name)
        left = [f"{', '.join(names)} ({reason})" for reason, names in reasons.items()]
        if done and (self.options.verbose or not report.findings):
            console.print(Padding(Text(self._say("report.checked", what=", ".join(done)), style="dim"), (0, 2)))
        if left:
            console.print(Padding(Text(self._say("report.not_checked", what="; ".join(left)), style="yellow"), (0, 2)))

    def _folder(self, console: Console, reports: list[Report]) -> None:
        levels = Counter(r.risk.level if r.error is None else "error" for r in reports)
        summary = ", ".join(f"{count} {word}" for word, count in levels.most_common())
        console.print(self._say("report.folder", photos=len(reports), summary=summary))
        photos: dict[tuple[Kind, str], set[str]] = defaultdict(set)
        shown: dict[tuple[Kind, str], Finding] = {}
        for report in reports:
            for finding in report.findings:
                if finding.kind in _REPEATING and finding.value and finding.likely:
                    key = finding.kind, finding.value.casefold()
                    photos[key].add(report.photo.path)
                    shown[key] = finding
        for key, paths in photos.items():
            if len(paths) > 1:
                value = shown[key].value if self.options.show_values else shown[key].value_masked
                title = self._say(f"kind.{key[0].value}.title")
                console.print(self._say("report.repeats", title=title, value=value, count=len(paths)), markup=False)

    def _say(self, key: str, **values: object) -> str:
        return text(key, self.options.language, **values)
