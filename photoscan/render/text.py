"""The report for people: what, where, why it matters, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from photoscan.catalog import country
from photoscan.decision import at_least
from photoscan.escapes import visible
from photoscan.finding import Finding, Region
from photoscan.kind import Severity
from photoscan.render import metadata_view
from photoscan.render.base import Renderer, RenderOptions, Words
from photoscan.render.grouping import Group, distinct, grouped, order
from photoscan.render.mending import mending
from photoscan.render.several import gaps, joined_up, rank, repeated
from photoscan.render.terminal import Run, Terminal
from photoscan.report import PhotoInfo, Report
from photoscan.risk import exempt, joined, laws, repeats
from photoscan.risk.explain import why
from photoscan.risk.folding import is_folded
from photoscan.risk.lead import lead

_STYLES = {
    "critical": "bold, white, on red",
    "high": "bold, red",
    "medium": "yellow",
    "low": "cyan",
    "none": "green",
}
_MOST_SHOWN = 3
"""Values and places of one kind, combinations, and photos of many, that are told one by one."""
_MOST_LINES = 12
"""Photos of many that have a line of their own below the worst."""


class TextRenderer(Renderer):
    """Short by default: harmful findings one by one, harmless ones counted; verbose shows all and how sure they are."""

    name = "text"

    def __init__(self, options: RenderOptions) -> None:
        super().__init__(options)
        self.words = Words(options)
        self._told: set[str] = set()

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """Verbose: a block for each photo in their order; brief: a line; otherwise the worst first, when all are seen.

        Unless it is brief, what several photos have in common follows.
        """
        seen: list[Report] = []
        for report in reports:
            seen.append(report)
            if self.options.brief or self.options.verbose:
                show = self._head if self.options.brief else self._photo
                yield self._captured(lambda terminal, r=report, s=show: s(terminal, r))  # type: ignore[misc]
        if self.options.brief or not seen:
            return
        if self.options.verbose and (used := self.options.settings):
            yield self._captured(lambda terminal: self._line(terminal, self.words.settings(used), "dim", indent=0))
        if len(seen) == 1 and not self.options.verbose:
            yield self._captured(lambda terminal: self._photo(terminal, seen[0]))
        elif len(seen) > 1:
            yield self._captured(
                lambda terminal: (self._folder if self.options.verbose else self._many)(terminal, seen)
            )
        if passed := self.options.passed:
            for line in passed.lines(self.options.language, self.options.verbose):
                yield self._captured(lambda terminal, told=line: self._line(terminal, told, "dim", indent=0))  # type: ignore[misc]

    def _captured(self, show: Callable[[Terminal], None]) -> str:
        terminal = Terminal(self.options.width, self.options.colour)
        show(terminal)
        return terminal.text

    def _head(self, terminal: Terminal, report: Report) -> None:
        """The name of a photo, how it fares and what to do, and why it could not be opened."""
        name = visible(report.photo.path).replace("\n", "\\n")
        score = f" ({report.risk.score}/100)" if report.decision.scored else ""
        head: list[Run] = [
            (f"{name}  ", "bold"),
            (f"{self.words.level(report)}{score}", _style(report)),
            (f", {self.words.advised(report)}", "bold"),
        ]
        if self.options.brief and report.error:
            head.append((f"; {self.words.error(report)}", "red"))
        terminal.line(*head, wrap=not self.options.brief)
        if report.error and not self.options.brief:
            self._line(terminal, self.words.error(report), "red")

    def _photo(self, terminal: Terminal, report: Report, several: bool = False) -> None:
        """All that a reader is told of one photo; where it is one of `several`, less of what is said of all."""
        self._head(terminal, report)
        if report.error and not report.findings:
            terminal.line()
            return
        if first := lead(report):
            self._line(terminal, first.text(self.options.language), "bold")
        if not several:
            self._mend(terminal, [report])
        for notice in self.words.notices(report):
            self._line(terminal, notice, "cyan")
        if self.options.only_metadata and not self.options.verbose:
            metadata_view.show(terminal, report, self._say, self.options.show_values)
        else:
            self._findings(terminal, report, several)
        if nothing := self.words.nothing(report):
            self._line(terminal, nothing, "green")
        if not several and (caveat := self.words.caveat(report)):
            self._line(terminal, caveat, "dim")
        self._together(terminal, report, several)
        if self.options.verbose and report.risk.laws:
            self._line(terminal, self._say("report.laws", laws="; ".join(self._laws(report))), "dim")
        self._coverage(terminal, report, several)
        terminal.line()

    def _together(self, terminal: Terminal, report: Report, several: bool) -> None:
        """The combinations that fired, the most harmful first; the first sentence has told one of them."""
        most = len(report.risk.rules) if self.options.verbose else 0 if several else _MOST_SHOWN
        if report.risk.rules[:most]:
            self._line(terminal, self._say("report.together"), "bold")
        for rule in report.risk.rules[:most]:
            self._bullet(terminal, self.words.why(rule), indent=4)
        if more := len(report.risk.rules[max(1, most) :]):
            self._line(terminal, self._say("report.rules_more", count=more), "dim")

    def _mend(self, terminal: Terminal, reports: list[Report]) -> None:
        """What to do, with the command; on one line, so that it can be copied whole."""
        if told := mending(reports, self.options.named, self.options.policy):
            indent = 2 if len(reports) == 1 else 0
            terminal.line((told.text(self.options.language), ""), indent=indent, wrap=False)

    def _findings(self, terminal: Terminal, report: Report, several: bool) -> None:
        """The harmful ones, most harmful first, and how many more there are; what is uncertain in one line."""
        new = [f for f in report.findings if not exempt.is_exempt(f)]
        ordered = sorted(report.findings if self.options.verbose else new, key=order)
        shown = [f for f in ordered if self.options.verbose or (f.severity > Severity.LOW and not is_folded(f))]
        little = [f for f in ordered if f.severity is Severity.LOW and not is_folded(f)]
        if self.options.verbose:
            for finding in shown:
                self._finding(terminal, finding, report.photo)
        else:
            groups = grouped(shown)
            most = _MOST_SHOWN if several else len(groups)
            for group in groups[:most]:
                self._group(terminal, group, report.photo, several)
            if also := groups[most:]:
                kinds = ", ".join(self._counted(group) for group in also)
                self._line(terminal, self._say("report.also", kinds=kinds))
        if little and not self.options.verbose:
            self._line(terminal, self._say("report.more", count=len(little)), "dim")
        if not self.options.verbose and (uncertain := self.words.uncertain(ordered)):
            self._line(terminal, f"{uncertain}; {self._say('report.verbose')}", "dim")
        if not self.options.verbose and (passed := sum(map(exempt.is_passed, report.findings))):
            key = "report.known_too" if new else "report.nothing_new"
            self._line(terminal, self._say(key, count=passed), "dim")

    def _finding(self, terminal: Terminal, finding: Finding, photo: PhotoInfo, short: bool = False) -> None:
        line: list[Run] = []
        line.append((self.words.title(finding), _STYLES[finding.severity.label]))
        if value := self.words.value(finding):
            line.append((f": {value}{self.words.origin(finding)}", ""))
        notes = [] if finding.likely else [self._say("report.possible")]
        if exempt.is_passed(finding):
            notes.append(self._say(f"report.exempt.{finding.attributes[exempt.ATTRIBUTE]}"))
        if notes:
            line.append((f" ({', '.join(notes)})", "dim"))
        where = self.words.where(finding, photo)
        if self.options.verbose and isinstance(finding.location, Region):
            where += " (x {} y {}, {} x {} px)".format(*finding.location.box.as_list())
        line.append((f", {where}", "dim"))
        self._bullet(terminal, line)
        self._explain(terminal, finding, short)
        if self.options.verbose:
            harm = self._say(f"severity.{finding.severity.label}")
            self._line(terminal, f"{harm}, {finding.confidence:.2f}, {finding.detector}: {finding.reason}", "dim", 6)

    def _group(self, terminal: Terminal, group: Group, photo: PhotoInfo, short: bool) -> None:
        """Findings of one kind: how many, how many of them sure, where, and once why that matters."""
        count, first = len(group.findings), group.first
        if count == 1:
            self._finding(terminal, first, photo, short)
            return
        line: list[Run] = []
        line.append((self._counted(group), _STYLES[first.severity.label]))
        if not group.sure:
            line.append((f" ({self._say('report.possible')})", "dim"))
        elif group.sure < count:
            line.append((f", {self._say('report.sure', count=group.sure)}", ""))
        values = (self.words.value(f) + self.words.origin(f) for f in group.findings if f.value)
        if told := distinct(values, _MOST_SHOWN):
            line.append((f": {told}", ""))
        places = {self.words.where(finding, photo) for finding in group.findings}
        if len(places) <= _MOST_SHOWN:
            line.append((f", {distinct((self.words.where(f, photo) for f in group.findings), _MOST_SHOWN)}", "dim"))
        self._bullet(terminal, line)
        self._explain(terminal, first, short)

    def _counted(self, group: Group) -> str:
        """'Face ×11'; the name alone for a single one."""
        count = len(group.findings)
        return self.words.title(group.first) + (f" ×{count}" if count > 1 else "")

    def _explain(self, terminal: Terminal, finding: Finding, short: bool) -> None:
        """Why a finding matters and what to do about it; the same words are said once in a report, unless verbose.

        `short`: only what is true of its kind, where a reader has many photos before him.
        """
        reason = why(finding).text(self.options.language) if short else self.words.why(finding)
        said = f"{reason} {self.words.advice(finding)}".rstrip()
        if self.options.verbose or said not in self._told:
            self._line(terminal, said, indent=6)
        self._told.add(said)

    def _laws(self, report: Report) -> list[str]:
        known = [law for name in report.risk.laws if (law := laws.by_id(name))]
        return [f"{law.name} ({country(law.country, self.options.language)})" for law in known]

    def _coverage(self, terminal: Terminal, report: Report, several: bool) -> None:
        # What nobody asked for is the same of all, and said once.
        done, left = self.words.checked(report), self.words.not_checked(report, True if several else None)
        if done and (self.options.verbose or not report.findings):
            self._line(terminal, self._say("report.checked", what=", ".join(done)), "dim")
        if left:
            self._line(terminal, self._say("report.not_checked", what="; ".join(left)), "yellow")

    def _many(self, terminal: Terminal, reports: list[Report]) -> None:
        """What all come to and what to do, the worst in full, a line for each of the others, and what links them."""
        ranked = sorted(reports, key=rank)
        worst = (
            ranked
            if len(ranked) <= _MOST_SHOWN
            else [r for r in ranked[:_MOST_SHOWN] if at_least(r.decision.level, "medium")]
        )
        if worst and (first := lead(worst[0])):
            self._line(terminal, first.text(self.options.language), "bold", indent=0)
        self._summary(terminal, reports)
        self._mend(terminal, reports)
        if told := self.words.sidecars(reports):
            self._line(terminal, told, "cyan", indent=0)
        terminal.line()
        if worst and len(worst) < len(ranked):
            self._line(terminal, self._say("report.worst"), "bold", indent=0)
        for report in worst:
            self._photo(terminal, report, several=True)
        others = ranked[len(worst) :]
        for report in others[:_MOST_LINES]:
            self._head(terminal, report)
        if more := len(others[_MOST_LINES:]):
            self._line(terminal, self._say("report.sooner", count=more), "dim", indent=0)
        for gap in gaps(self.words, self._untold(others), _MOST_SHOWN):
            self._line(terminal, gap, "yellow", indent=0)
        if left := dict.fromkeys(what for report in reports for what in self.words.not_checked(report, False)):
            self._line(terminal, self._say("report.not_checked", what="; ".join(left)), "dim", indent=0)
        caveats = dict.fromkeys(filter(None, map(self.words.caveat, reports)))
        for caveat in caveats:
            self._line(terminal, caveat, "dim", indent=0)
        self._links(terminal, reports, _MOST_SHOWN)

    def _untold(self, others: list[Report]) -> list[Report]:
        """Those of whose gaps nothing was said: the line of a photo that could not be opened tells why."""
        return [report for number, report in enumerate(others) if report.error is None or number >= _MOST_LINES]

    def _folder(self, terminal: Terminal, reports: list[Report]) -> None:
        """What several photos come to and have in common."""
        self._summary(terminal, reports)
        self._links(terminal, reports, len(reports) ** 2)

    def _summary(self, terminal: Terminal, reports: list[Report]) -> None:
        levels = Counter(self.words.level(report) for report in sorted(reports, key=rank))
        summary = ", ".join(f"{count} × {word}" for word, count in levels.items())
        photos = self._say("report.count.photos", count=len(reports))
        terminal.line((self._say("report.folder", photos=photos, summary=summary), ""))

    def _links(self, terminal: Terminal, reports: list[Report], most: int) -> None:
        """What links photos to each other, in `most` sentences."""
        told = [repeated(self.words, repeat) for repeat in repeats.find(reports)]
        told += [joined_up(self.words, joint) for joint in joined.find(reports)]
        for sentence in told[:most]:
            terminal.line((sentence, ""))
        if more := len(told[most:]):
            self._line(terminal, self._say("report.rules_more", count=more), "dim", indent=0)

    def _bullet(self, terminal: Terminal, line: Sequence[Run] | str, indent: int = 2) -> None:
        """A line behind a bullet."""
        terminal.line(*([(line, "")] if isinstance(line, str) else line), indent=indent, lead="• ")

    def _line(self, terminal: Terminal, line: str, style: str = "", indent: int = 2) -> None:
        terminal.line((line, style), indent=indent, margin=indent)

    def _say(self, key: str, **values: object) -> str:
        return self.words.text(key, **values)


def _style(report: Report) -> str:
    """The colour of the level; what nobody saw is never green."""
    level = report.decision.level
    return _STYLES[level if level != "none" or report.decision.tone in ("fine", "known") else "medium"]
