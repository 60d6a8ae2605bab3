"""The self-contained HTML report: one page without any script that loads nothing, for a class room and a regulator."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib import resources
from pathlib import PurePath

from markupsafe import Markup

from photoscan.catalog import country
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.render import worldmap
from photoscan.render.base import Renderer, RenderOptions, Words
from photoscan.render.html_parts import data_url, family_styles, level_class
from photoscan.render.html_photo import PhotoSection
from photoscan.render.markup import NOTHING, html, ours
from photoscan.render.markup import joined as run_together
from photoscan.render.several import joined_up, repeated
from photoscan.report import Report
from photoscan.risk import exempt, joined, laws, repeats

LARGE = 1400
"""Longest side of the picture in which boxes are drawn, in pixels."""
SMALL = 260
"""Longest side of a thumbnail in the table of a folder."""
PICTURES = 40
"""Photos of one page that are shown large; of more only thumbnails, so that a browser can still open it."""


class HtmlRenderer(Renderer):
    """A page for one photo or a folder. Switches are check boxes and style sheets; the policy forbids all else."""

    name = "html"

    def __init__(self, options: RenderOptions) -> None:
        super().__init__(options)
        self.words = Words(options)
        self.text = self.words.text

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """The page, photo by photo."""
        seen = list(reports)
        many = len(seen) > 1
        title = self.text("html.title_many", count=len(seen)) if many else self.text("html.title")
        yield self._head(title)
        if any(f.kind is Kind.METADATA_GPS for report in seen for f in report.findings):
            yield worldmap.symbol()
        note = (
            html('<p class="warning">{}</p>', self.text("html.values_shown")) if self.options.show_values else NOTHING
        )
        yield html('<header class="top"><p class="brand">photoscan</p><h1>{}</h1>{}</header>', title, note)
        yield html('<main id="main">')
        if many:
            yield self._folder(seen)
        for index, report in enumerate(seen, 1):
            picture = self._picture(report, LARGE) if index <= PICTURES else None
            yield PhotoSection(self.words, report, f"p{index}").html(picture)
        yield self._laws(seen)
        yield html("</main>{}</body></html>\n", self._foot(seen))

    def _head(self, title: str) -> Markup:
        style = resources.files("photoscan").joinpath("render/assets/report.css").read_text("utf-8") + family_styles()
        digest = b64encode(sha256(style.encode()).digest()).decode()
        policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        return html(
            '<!DOCTYPE html>\n<html lang="{}"><head><meta charset="utf-8">'
            '<meta http-equiv="Content-Security-Policy" content="{}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>{}'
            '</title><style>{}</style></head><body><a class="skip" href="#main">{}</a>',
            self.options.language,
            policy,
            title,
            ours(style),
            self.text("html.skip"),
        )

    def _folder(self, reports: Sequence[Report]) -> Markup:
        rows = run_together(self._row(index, report) for index, report in enumerate(reports, 1))
        columns = run_together(
            html('<th scope="col">{}</th>', self.text(f"html.col.{name}"))
            for name in ("photo", "risk", "verdict", "found")
        )
        levels = Counter((level_class(report), self.words.level(report)) for report in reports)
        order = ("critical", "high", "medium", "low", "none", "incomplete")
        chips = run_together(
            html('<li class="tally level-{}"><strong>{}</strong> {}</li>', word, count, label)
            for (word, label), count in sorted(levels.items(), key=lambda item: order.index(item[0][0]))
        )
        label = self.text("html.all_photos")
        return html(
            '<section class="folder"><ul class="tallies">{}</ul>{}{}<h2>{}</h2>'
            '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="photos"><thead>'
            "<tr>{}</tr></thead><tbody>{}</tbody></table></div>{}</section>",
            chips,
            self._repeats(reports),
            self._totals(reports),
            self.text("html.all_photos"),
            label,
            columns,
            rows,
            self._caveat(reports),
        )

    def _caveat(self, reports: Sequence[Report]) -> Markup:
        """What belongs to the all-clears of a table, once."""
        said = next(filter(None, map(self.words.caveat, reports)), "")
        return html('<p class="quiet">{}</p>', said) if said else NOTHING

    def _row(self, index: int, report: Report) -> Markup:
        small = self._picture(report, SMALL)
        thumb = NOTHING
        if small is not None:
            show = f"{self.text('html.show_picture')} {index}"
            thumb = html(
                '<label class="thumb"><input type="checkbox" class="vh" aria-label="{}"><img alt="" src="{}"></label>',
                show,
                data_url(small),
            )
        counted = Counter(f.kind for f in sorted(_counted(report), key=lambda f: -f.severity) if f.likely)
        titles = [(self.text(f"kind.{kind.value}.title"), count) for kind, count in counted.items()]
        found = ", ".join(f"{title} ×{count}" if count > 1 else title for title, count in titles[:6])
        score = html(' <span class="quiet">{}/100</span>', report.risk.score) if report.decision.scored else NOTHING
        words = self.words.level(report)
        level = html('<td><span class="tag level-{}">{}</span>{}</td>', level_class(report), words, score)
        advised = html("<td>{}", self.words.advised(report))
        if report.error is not None:
            advised += html(' <span class="quiet">{}</span>', self.words.error(report))
        path = report.photo.path
        name = html('<a href="#p{}" title="{}">{}</a>', index, path, PurePath(path).name or path)
        who = html('<span class="who">{}{}</span>', thumb, name)
        return html('<tr><th scope="row">{}</th>{}{}</td><td>{}</td></tr>', who, level, advised, found)

    def _totals(self, reports: Sequence[Report]) -> Markup:
        found: Counter[Kind] = Counter()
        photos: Counter[Kind] = Counter()
        for report in reports:
            kinds = [f.kind for f in _counted(report) if f.likely]
            found.update(kinds)
            photos.update(set(kinds))
        if not found:
            return NOTHING
        most = max(found.values())
        rows = run_together(
            html(
                '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td class="bar">'
                '<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
                '<rect class="level-{}" width="{:.1f}" height="6"/></svg></td></tr>',
                self.text(f"kind.{kind.value}.title"),
                count,
                photos[kind],
                kind.severity.label,
                100 * count / most,
            )
            for kind, count in sorted(found.items(), key=lambda item: (-item[0].severity, -item[1]))
        )
        columns = run_together(
            html('<th scope="col">{}</th>', self.text(f"html.col.{name}")) for name in ("what", "found", "photos")
        )
        return html(
            '<h2>{}</h2><table class="totals"><thead><tr>{}<td></td></tr></thead><tbody>{}</tbody></table>',
            self.text("html.totals"),
            columns,
            rows,
        )

    def _repeats(self, reports: Sequence[Report]) -> Markup:
        index = {report.photo.path: number for number, report in enumerate(reports, 1)}
        told = [
            ("critical" if repeat.home or repeat.routine else "high", repeated(self.words, repeat), repeat.paths)
            for repeat in repeats.find(reports)
        ]
        told += [("high", joined_up(self.words, joint), joint.paths) for joint in joined.find(reports)]
        if not told:
            return NOTHING
        rows = NOTHING
        for severity, sentence, paths in told:
            links = run_together(
                (html('<a class="num" href="#p{}">{}</a>', index[p], index[p]) for p in paths[:30]), " "
            )
            rows += html('<li class="sev-{}"><p>{}</p><p>{}</p></li>', severity, sentence, links)
        return html(
            '<h2>{}</h2><p class="quiet">{}</p><ul class="rules">{}</ul>',
            self.text("html.repeats"),
            self.text("report.same_person"),
            rows,
        )

    def _laws(self, reports: Sequence[Report]) -> Markup:
        ids = {name for report in reports for name in report.risk.laws}
        known = [law for law in laws.known() if law.id in ids]
        if not known:
            return NOTHING
        rows = run_together(
            html(
                '<li><h3>{}: <cite lang="{}">{}</cite></h3><p>{}</p><p class="quiet">{} · <span lang="en">{}'
                "</span></p></li>",
                country(law.country, self.options.language),
                _language(law.country),
                law.name,
                self.text(f"law.{law.id}"),
                self.text("html.law_since", date=law.since.isoformat()),
                law.source,
            )
            for law in known
        )
        return html(
            '<section class="laws"><h2>{}</h2><p>{}</p><ul>{}</ul></section>',
            self.text("html.laws"),
            self.text("html.laws_note"),
            rows,
        )

    def _foot(self, reports: Sequence[Report]) -> Markup:
        first = reports[0] if reports else None
        values = {
            "version": first.tool_version if first else "",
            "policy": first.policy.get("name", "") if first else "",
            "policy_version": first.policy.get("version", "") if first else "",
        }
        used = self.options.settings
        settings = html("<p>{}</p>", self.words.settings(used)) if used else html("")
        return html("<footer><p>{}</p>{}</footer>", self.text("html.footer", **values), settings)

    def _picture(self, report: Report, longest: int) -> bytes | None:
        return self.options.picture(report, longest) if self.options.picture and report.photo.sha256 else None


def _counted(report: Report) -> list[Finding]:
    return [f for f in report.findings if not exempt.is_exempt(f)]


def _language(law_country: str) -> str:
    """The language of a law's name, for those who have the page read to them."""
    return {"ID": "id", "BR": "pt-BR"}.get(law_country, "en")
