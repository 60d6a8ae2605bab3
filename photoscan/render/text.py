"""The report for people: what, where, why it matters, what to do. Rich does colours and columns."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from photoscan.catalog import country
from photoscan.escapes import visible
from photoscan.finding import Finding, Region
from photoscan.kind import Severity
from photoscan.render import metadata_view
from photoscan.render.base import Renderer, RenderOptions, Words
from photoscan.render.grouping import Group, countries, distinct, grouped, order
from photoscan.report import PhotoInfo, Report
from photoscan.risk import exempt, joined, laws, repeats
from photoscan.risk.folding import is_folded

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "none": "green",
}
_MOST_SHOWN = 3
"""Values, places and combinations of one kind that are told one by one."""


class TextRenderer(Renderer):
    """Short by default: harmful findings one by one, harmless ones counted; verbose shows all and how sure they are."""

    name = "text"

    def __init__(self, options: RenderOptions) -> None:
        super().__init__(options)
        self.words = Words(options)

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """A block for each photo, then what several photos have in common."""
        seen: list[Report] = []
        for report in reports:
            seen.append(report)
            yield self._captured(lambda console, r=report: self._photo(console, r))  # type: ignore[misc]
        if len(seen) > 1:
            yield self._captured(lambda console: self._folder(console, seen))

    def _captured(self, show: Callable[[Console], None]) -> str:
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
        show(console)
        # Rich pads every line to the full width; nobody wants that in a file.
        return "".join(line.rstrip() + "\n" for line in buffer.getvalue().splitlines())

    def _photo(self, console: Console, report: Report) -> None:
        from rich.text import Text

        decision = report.decision
        head = Text(visible(report.photo.path).replace("\n", "\\n"), style="bold")
        score = f" ({report.risk.score}/100)" if decision.scored else ""
        head.append("  ")
        head.append(f"{self.words.level(report)}{score}", style=_style(report))
        head.append(f", {self.words.advised(report)}")
        console.print(head)
        if report.error:
            self._line(console, self.words.error(report), "red")
            if not report.findings:
                console.print()
                return
        for notice in self.words.notices(report):
            self._line(console, notice, "cyan")
        if self.options.only_metadata and not self.options.verbose:
            metadata_view.show(console, report, self._say, self.options.show_values)
        else:
            self._findings(console, report)
        if nothing := self.words.nothing(report):
            self._line(console, nothing, "green")
        if caveat := self.words.caveat(report):
            self._line(console, caveat, "dim")
        if report.risk.rules:
            self._line(console, self._say("report.together"), "bold")
            for rule in report.risk.rules:
                self._bullet(console, self.words.why(rule), indent=4)
        if self.options.verbose and report.risk.laws:
            self._line(console, self._say("report.laws", laws="; ".join(self._laws(report))), "dim")
        self._coverage(console, report)
        console.print()

    def _findings(self, console: Console, report: Report) -> None:
        """The harmful ones, most harmful first, and how many more there are; what is uncertain in one line."""
        new = [f for f in report.findings if not exempt.is_exempt(f)]
        ordered = sorted(report.findings if self.options.verbose else new, key=order)
        shown = [f for f in ordered if self.options.verbose or (f.severity > Severity.LOW and not is_folded(f))]
        little = [f for f in ordered if f.severity is Severity.LOW and not is_folded(f)]
        if self.options.verbose:
            for finding in shown:
                self._finding(console, finding, report.photo)
        else:
            for group in grouped(shown):
                self._group(console, group, report.photo)
        if little and not self.options.verbose:
            self._line(console, self._say("report.more", count=len(little)), "dim")
        if not self.options.verbose and (uncertain := self.words.uncertain(ordered)):
            self._line(console, f"{uncertain}; {self._say('report.verbose')}", "dim")
        if not self.options.verbose and len(new) < len(report.findings):
            key = "report.known_too" if new else "report.nothing_new"
            self._line(console, self._say(key, count=len(report.findings) - len(new)), "dim")

    def _finding(self, console: Console, finding: Finding, photo: PhotoInfo) -> None:
        from rich.text import Text

        line = Text()
        line.append(self.words.title(finding), style=_STYLES[finding.severity.label])
        if value := self.words.value(finding):
            line.append(f": {value}{self._origin(finding)}")
        notes = [] if finding.likely else [self._say("report.possible")]
        if exempt.is_exempt(finding):
            notes.append(self._say(f"report.exempt.{finding.attributes[exempt.ATTRIBUTE]}"))
        if notes:
            line.append(f" ({', '.join(notes)})", style="dim")
        where = self.words.where(finding, photo)
        if self.options.verbose and isinstance(finding.location, Region):
            where += " (x {} y {}, {} x {} px)".format(*finding.location.box.as_list())
        line.append(f", {where}", style="dim")
        self._bullet(console, line)
        self._line(console, f"{self.words.why(finding)} {self.words.advice(finding)}".rstrip(), indent=6)
        if self.options.verbose:
            harm = self._say(f"severity.{finding.severity.label}")
            self._line(console, f"{harm}, {finding.confidence:.2f}, {finding.detector}: {finding.reason}", "dim", 6)

    def _group(self, console: Console, group: Group, photo: PhotoInfo) -> None:
        """Findings of one kind: how many, how many of them sure, where, and once why that matters."""
        from rich.text import Text

        count, first = len(group.findings), group.first
        if count == 1:
            self._finding(console, first, photo)
            return
        line = Text()
        line.append(f"{self.words.title(first)} ×{count}", style=_STYLES[first.severity.label])
        if not group.sure:
            line.append(f" ({self._say('report.possible')})", style="dim")
        elif group.sure < count:
            line.append(f", {self._say('report.sure', count=group.sure)}")
        values = (self.words.value(f) + self._origin(f) for f in group.findings if f.value)
        if told := distinct(values, _MOST_SHOWN):
            line.append(f": {told}")
        places = {self.words.where(finding, photo) for finding in group.findings}
        if len(places) <= _MOST_SHOWN:
            line.append(f", {distinct((self.words.where(f, photo) for f in group.findings), _MOST_SHOWN)}", style="dim")
        self._bullet(console, line)
        self._line(console, f"{self.words.why(first)} {self.words.advice(first)}".rstrip(), indent=6)

    def _origin(self, finding: Finding) -> str:
        """The country of a plate, and the others that it could be from."""
        names = countries(finding, self.options.language)
        if not names:
            return ""
        return f", {names[0]}" + (f" ({self._say('report.or', others=', '.join(names[1:]))})" if names[1:] else "")

    def _laws(self, report: Report) -> list[str]:
        known = [law for name in report.risk.laws if (law := laws.by_id(name))]
        return [f"{law.name} ({country(law.country, self.options.language)})" for law in known]

    def _coverage(self, console: Console, report: Report) -> None:
        done, left = self.words.checked(report), self.words.not_checked(report)
        if done and (self.options.verbose or not report.findings):
            self._line(console, self._say("report.checked", what=", ".join(done)), "dim")
        if left:
            self._line(console, self._say("report.not_checked", what="; ".join(left)), "yellow")

    def _folder(self, console: Console, reports: list[Report]) -> None:
        levels = Counter(self.words.level(report) for report in reports)
        summary = ", ".join(f"{count} × {word}" for word, count in levels.most_common())
        console.print(
            self._say("report.folder", photos=self._say("report.count.photos", count=len(reports)), summary=summary)
        )
        for repeat in repeats.find(reports):
            console.print(repeated(self.words, repeat), markup=False)
        for joint in joined.find(reports):
            console.print(joined_up(self.words, joint), markup=False)

    def _bullet(self, console: Console, line: Text | str, indent: int = 2) -> None:
        """A line behind a bullet; where it is too long, it goes on under its own beginning."""
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_row("•", Text(line) if isinstance(line, str) else line)
        console.print(Padding(grid, (0, 0, 0, indent)))

    def _line(self, console: Console, line: str, style: str = "", indent: int = 2) -> None:
        from rich.padding import Padding
        from rich.text import Text

        console.print(Padding(Text(line, style=style), (0, indent)))

    def _say(self, key: str, **values: object) -> str:
        return self.words.text(key, **values)


def _style(report: Report) -> str:
    """The colour of the level; what nobody saw is never green."""
    level = report.decision.level
    return _STYLES[level if level != "none" or report.decision.tone in ("fine", "known") else "medium"]


def repeated(words: Words, repeat: repeats.Repeat) -> str:
    """What is in several photos, in one sentence."""
    told = (("child", repeat.routine), ("home", repeat.home), ("stay", repeat.stay))
    key = next((f"report.repeats.{name}" for name, is_so in told if is_so), "report.repeats")
    days = len(repeat.mornings if repeat.routine else repeat.nights)
    title, value = words.title(repeat.finding), words.value(repeat.finding)
    return words.text(key, title=title, value=value, count=len(repeat.paths), days=days)


def joined_up(words: Words, joint: joined.Joined) -> str:
    """Photos whose place another one tells, in one sentence."""
    beside, value = PurePath(joint.beside).name, words.value(joint.place)
    return words.text(
        "report.joined", count=len(joint.paths), minutes=joint.minutes, photo=visible(beside), value=value
    )
