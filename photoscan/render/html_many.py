"""What the HTML report says of several photos: what they come to, what links them, and the list that can be filtered.

Filters are check boxes and style sheets. Where a browser doesn't know :has(), every photo stays in sight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from photoscan.decision import TONES, advised
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.render.base import RenderOptions, Words
from photoscan.render.html_parts import css_name, data_url, level_class, mended
from photoscan.render.html_photo import PhotoSection
from photoscan.render.markup import NOTHING, html, joined
from photoscan.render.several import joined_up, repeated
from photoscan.report import Report
from photoscan.risk import exempt, repeats
from photoscan.risk import joined as joints
from photoscan.risk.lead import lead

ORDER = ("critical", "high", "medium", "low", "incomplete", "none")
"""Styles of levels, the gravest first."""
MOST_LINKS = 3
"""Sentences in sight of what links photos; the others are folded."""
MOST_WAYS = 12
"""Photos to which such a sentence leads; the others are counted."""
MOST_KINDS = 6
"""Kinds that the line of a photo names."""


def likely(report: Report) -> list[Finding]:
    """What counts for filters, totals and the line of a photo: what is likely and not exempt."""
    return [f for f in report.findings if f.likely and not exempt.is_exempt(f)]


def filter_styles(reports: Iterable[Report]) -> str:
    """A style sheet: with levels or kinds ticked, only photos of one of these levels that show one of these kinds."""
    kinds = {css_name(finding.kind) for report in reports for finding in likely(report)}
    rows = ["main:has(.only-kind:checked) .photo{display:none}"]
    rows += [f"main:has(.only-{name}:checked) .photo.has-{name}{{display:block}}" for name in sorted(kinds)]
    rows += [
        f"main:has(.only-level:checked):not(:has(.only-{name}:checked)) .photo.of-{name}{{display:none!important}}"
        for name in ORDER
    ]
    return "\n".join(rows) + "\n"


def classes(report: Report) -> str:
    """The classes by which filters find a photo."""
    kinds = dict.fromkeys(css_name(finding.kind) for finding in likely(report))
    return " ".join([f"of-{level_class(report)}", *(f"has-{name}" for name in kinds)])


class Many:
    """Builds what stands before the photos of a folder. `reports`: the worst first, as they are numbered."""

    def __init__(self, options: RenderOptions, reports: Sequence[Report]) -> None:
        self.options = options
        self.words = Words(options)
        self.text = self.words.text
        self.reports = reports

    def summary(self) -> Markup:
        """The first screen: the worst in a sentence, how many photos ask for what, the command, what links them."""
        first = lead(self.reports[0])
        told = html('<p class="lead">{}</p>', first.text(self.words.language)) if first else NOTHING
        return html(
            '<section class="folder" aria-label="{}"><ul class="tallies">{}</ul>{}{}{}{}{}</section>',
            self.text("html.summary"),
            self._tallies(),
            told,
            mended(self.reports, self.options),
            html("<p>{}</p>", beside) if (beside := self.words.sidecars(self.reports)) else NOTHING,
            self._caveat(),
            self._repeats(),
        )

    def filters(self) -> Markup:
        """The switches above the list, and under them how many photos they leave."""
        shown = html(
            '<label class="chip"><input type="checkbox" class="t-thumbs"> {}</label>', self.text("html.small_pictures")
        )
        thumbs = shown if self.options.picture else NOTHING
        return html(
            '<form class="filter" method="dialog"><fieldset class="chips levels"><legend>{}</legend>{}</fieldset>{}'
            '<div class="chips"><button class="chip" type="reset">{}</button></div></form>{}',
            self.text("html.filter"),
            self._levels(),
            self._totals(),
            self.text("html.filter_off"),
            html('<div class="chips">{}</div>', thumbs) if thumbs else NOTHING,
        )

    def shown(self) -> Markup:
        """Under the list: how many photos the filters leave, counted by the style sheet."""
        return html('<p class="shown quiet">{} </p>', self.text("html.shown"))

    def row(self, number: int, section: PhotoSection, small: bytes | None) -> Markup:
        """The line of a photo: a small picture, its name, level, advice, and what was found."""
        report = section.report
        thumb = html('<img class="thumb" alt="" src="{}">', data_url(small)) if small else NOTHING
        score = html(' <span class="score">{}/100</span>', report.risk.score) if report.decision.scored else NOTHING
        said = [self.words.advised(report)]
        if report.error is not None:
            said.append(self.words.error(report))
        counted = Counter(f.kind for f in sorted(likely(report), key=lambda f: -f.severity))
        titles = [(self.text(f"kind.{kind.value}.title"), count) for kind, count in counted.items()]
        found = ", ".join(f"{title} ×{count}" if count > 1 else title for title, count in titles[:MOST_KINDS])
        more = ", …" if len(titles) > MOST_KINDS else ""
        return html(
            '{}<h2 id="p{}-h"><span class="nth">{}</span> {}</h2><span class="standing">'
            '<span class="tag level-{}">{}{}</span> <span class="advised">{}</span></span>'
            '<span class="quiet found">{}{}</span>',
            thumb,
            number,
            number,
            section.heading,
            level_class(report),
            self.words.level(report),
            score,
            "; ".join(said),
            found,
            more,
        )

    def _tallies(self) -> Markup:
        """How many photos ask for what, the gravest first."""
        counted = Counter(report.decision.advice[0] for report in self.reports)
        return joined(
            html(
                '<li class="tally tone-{}"><strong>{}</strong> {}</li>',
                TONES[code],
                count,
                advised((code,), self.words.language),
            )
            for code, count in counted.items()
        )

    def _levels(self) -> Markup:
        counted = Counter(map(level_class, self.reports))
        return joined(
            html(
                '<label class="chip"><input type="checkbox" class="only-level only-{}"> '
                '<span class="level-{}">{}</span> {}</label>',
                name,
                name,
                self.text("html.unseen" if name == "incomplete" else f"level.{name}"),
                counted[name],
            )
            for name in ORDER
            if counted[name]
        )

    def _totals(self) -> Markup:
        """What was found in all photos, each kind with the box that leaves only photos with it."""
        found: Counter[Kind] = Counter()
        photos: Counter[Kind] = Counter()
        for report in self.reports:
            kinds = [f.kind for f in likely(report)]
            found.update(kinds)
            photos.update(set(kinds))
        if not found:
            return NOTHING
        most = max(found.values())
        rows = joined(
            html(
                '<tr><th scope="row"><label><input type="checkbox" class="only-kind only-{}"> {}</label></th>'
                '<td>{}</td><td>{}</td><td class="bar">'
                '<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
                '<rect class="level-{}" width="{:.1f}" height="6"/></svg></td></tr>',
                css_name(kind),
                self.text(f"kind.{kind.value}.title"),
                count,
                photos[kind],
                kind.severity.label,
                100 * count / most,
            )
            for kind, count in sorted(found.items(), key=lambda item: (-item[0].severity, -item[1]))
        )
        columns = joined(
            html('<th scope="col">{}</th>', self.text(f"html.col.{name}")) for name in ("what", "found", "photos")
        )
        return html(
            '<details class="kinds"><summary>{}</summary><table class="totals"><thead><tr>{}'
            '<td class="bar"></td></tr></thead><tbody>{}</tbody></table></details>',
            self.text("html.filter_kinds"),
            columns,
            rows,
        )

    def _caveat(self) -> Markup:
        """What belongs to the all-clears of a list, once."""
        said = next(filter(None, map(self.words.caveat, self.reports)), "")
        return html('<p class="quiet">{}</p>', said) if said else NOTHING

    def _repeats(self) -> Markup:
        number = {report.photo.path: n for n, report in enumerate(self.reports, 1)}
        told = [
            ("critical" if repeat.home or repeat.routine else "high", repeated(self.words, repeat), repeat.paths)
            for repeat in repeats.find(self.reports)
        ]
        told += [("high", joined_up(self.words, joint), joint.paths) for joint in joints.find(self.reports)]
        if not told:
            return NOTHING
        rows = []
        for severity, sentence, paths in told:
            links = joined((self._link(number[path], path) for path in paths[:MOST_WAYS]), " ")
            more = len(paths) - MOST_WAYS
            beyond = self.text("html.more", count=more) if more > 0 else ""
            rows.append(html('<li class="sev-{}"><p>{}</p><p>{} {}</p></li>', severity, sentence, links, beyond))
        listed = html('<ul class="rules">{}</ul>', joined(rows[:MOST_LINKS]))
        if folded := rows[MOST_LINKS:]:
            line = self.text("html.more", count=len(folded))
            listed += html(
                '<details class="rest"><summary>{}</summary><ul class="rules">{}</ul></details>', line, joined(folded)
            )
        return html(
            '<h2>{}</h2><p class="quiet">{}</p>{}',
            self.text("html.repeats"),
            self.text("report.same_person"),
            listed,
        )

    def _link(self, number: int, path: str) -> Markup:
        """The way to a photo of the list by its number; read aloud with its name."""
        return html('<a class="num" href="#p{}" aria-label="{}">{}</a>', number, f"{number}: {path}", number)
