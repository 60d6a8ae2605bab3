"""The self-contained HTML report: one page without any script that loads nothing, for a class room and a regulator."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib import resources
from pathlib import PurePath

from photoscan.catalog import country
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.render import worldmap
from photoscan.render.base import Renderer, RenderOptions, Words
from photoscan.render.html_photo import PhotoSection, data_url, family_styles, level_class
from photoscan.render.text import repeated
from photoscan.report import Report
from photoscan.risk import exempt, laws, repeats

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
        self.say = self.words.say

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """The page, photo by photo."""
        seen = list(reports)
        many = len(seen) > 1
        title = self.say("html.title_many", count=len(seen)) if many else self.say("html.title")
        yield self._head(title)
        if any(f.kind is Kind.METADATA_GPS for report in seen for f in report.findings):
            yield worldmap.symbol()
        note = f'<p class="warning">{escape(self.say("html.values_shown"))}</p>' if self.options.show_values else ""
        yield f'<header class="top"><p class="brand">photoscan</p><h1>{escape(title)}</h1>{note}</header>'
        yield '<main id="main">'
        if many:
            yield self._folder(seen)
        for index, report in enumerate(seen, 1):
            picture = self._picture(report, LARGE) if index <= PICTURES else None
            yield PhotoSection(self.words, report, f"p{index}").html(picture)
        yield self._laws(seen)
        yield f"</main>{self._foot(seen)}</body></html>\n"

    def _head(self, title: str) -> str:
        style = resources.files("photoscan").joinpath("render/assets/report.css").read_text("utf-8") + family_styles()
        digest = b64encode(sha256(style.encode()).digest()).decode()
        policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        return (
            f'<!DOCTYPE html>\n<html lang="{self.options.language}"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
            f"<title>{escape(title)}</title><style>{style}</style></head><body>"
            f'<a class="skip" href="#main">{escape(self.say("html.skip"))}</a>'
        )

    def _folder(self, reports: Sequence[Report]) -> str:
        rows = "".join(self._row(index, report) for index, report in enumerate(reports, 1))
        columns = "".join(
            f'<th scope="col">{escape(self.say(f"html.col.{name}"))}</th>'
            for name in ("photo", "risk", "verdict", "found")
        )
        levels = Counter((level_class(report), self.words.level(report)) for report in reports)
        order = ("critical", "high", "medium", "low", "none", "incomplete")
        chips = "".join(
            f'<li class="tally level-{word}"><strong>{count}</strong> {escape(label)}</li>'
            for (word, label), count in sorted(levels.items(), key=lambda item: order.index(item[0][0]))
        )
        label = escape(self.say("html.all_photos"), quote=True)
        return (
            f'<section class="folder"><ul class="tallies">{chips}</ul>{self._repeats(reports)}{self._totals(reports)}'
            f'<h2>{escape(self.say("html.all_photos"))}</h2><div class="scroll" tabindex="0" role="region" '
            f'aria-label="{label}"><table class="photos"><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>'
            f"</div>{self._caveat(reports)}</section>"
        )

    def _caveat(self, reports: Sequence[Report]) -> str:
        """What belongs to the all-clears of a table, once."""
        said = next(filter(None, map(self.words.caveat, reports)), "")
        return f'<p class="quiet">{escape(said)}</p>' if said else ""

    def _row(self, index: int, report: Report) -> str:
        small = self._picture(report, SMALL)
        thumb = ""
        if small is not None:
            show = escape(f"{self.say('html.show_picture')} {index}", quote=True)
            thumb = (
                f'<label class="thumb"><input type="checkbox" class="vh" aria-label="{show}">'
                f'<img alt="" src="{data_url(small)}"></label>'
            )
        counted = Counter(f.kind for f in sorted(_counted(report), key=lambda f: -f.severity) if f.likely)
        titles = [(self.say(f"kind.{kind.value}.title"), count) for kind, count in counted.items()]
        found = ", ".join(f"{title} ×{count}" if count > 1 else title for title, count in titles[:6])
        score = f' <span class="quiet">{report.risk.score}/100</span>' if report.decision.scored else ""
        words = escape(self.words.level(report))
        level = f'<td><span class="tag level-{level_class(report)}">{words}</span>{score}</td>'
        advised = f"<td>{escape(self.words.advised(report))}"
        if report.error is not None:
            advised += f' <span class="quiet">{escape(self.words.error(report))}</span>'
        path = report.photo.path
        name = f'<a href="#p{index}" title="{escape(path, quote=True)}">{escape(PurePath(path).name or path)}</a>'
        who = f'<span class="who">{thumb}{name}</span>'
        return f'<tr><th scope="row">{who}</th>{level}{advised}</td><td>{escape(found)}</td></tr>'

    def _totals(self, reports: Sequence[Report]) -> str:
        found: Counter[Kind] = Counter()
        photos: Counter[Kind] = Counter()
        for report in reports:
            kinds = [f.kind for f in _counted(report) if f.likely]
            found.update(kinds)
            photos.update(set(kinds))
        if not found:
            return ""
        most = max(found.values())
        rows = "".join(
            f'<tr><th scope="row">{escape(self.say(f"kind.{kind.value}.title"))}</th>'
            f"<td>{count}</td><td>{photos[kind]}</td>"
            f'<td class="bar"><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect '
            f'class="level-{kind.severity.label}" width="{100 * count / most:.1f}" height="6"/></svg></td></tr>'
            for kind, count in sorted(found.items(), key=lambda item: (-item[0].severity, -item[1]))
        )
        columns = "".join(
            f'<th scope="col">{escape(self.say(f"html.col.{name}"))}</th>' for name in ("what", "found", "photos")
        )
        return (
            f'<h2>{escape(self.say("html.totals"))}</h2><table class="totals">'
            f"<thead><tr>{columns}<td></td></tr></thead><tbody>{rows}</tbody></table>"
        )

    def _repeats(self, reports: Sequence[Report]) -> str:
        found = repeats.find(reports)
        if not found:
            return ""
        index = {report.photo.path: number for number, report in enumerate(reports, 1)}
        rows = ""
        for repeat in found:
            links = " ".join(f'<a class="num" href="#p{index[path]}">{index[path]}</a>' for path in repeat.paths[:30])
            severity = "critical" if repeat.home else "high"
            rows += f'<li class="sev-{severity}"><p>{escape(repeated(self.words, repeat))}</p><p>{links}</p></li>'
        return (
            f'<h2>{escape(self.say("html.repeats"))}</h2><p class="quiet">{escape(self.say("report.same_person"))}</p>'
            f'<ul class="rules">{rows}</ul>'
        )

    def _laws(self, reports: Sequence[Report]) -> str:
        ids = {name for report in reports for name in report.risk.laws}
        known = [law for law in laws.known() if law.id in ids]
        if not known:
            return ""
        rows = "".join(
            f'<li><h3>{escape(country(law.country, self.options.language))}: <cite lang="{_language(law.country)}">'
            f"{escape(law.name)}</cite></h3><p>{escape(self.say(f'law.{law.id}'))}</p>"
            f'<p class="quiet">{escape(self.say("html.law_since", date=law.since.isoformat()))} · '
            f'<span lang="en">{escape(law.source)}</span></p></li>'
            for law in known
        )
        return (
            f'<section class="laws"><h2>{escape(self.say("html.laws"))}</h2>'
            f"<p>{escape(self.say('html.laws_note'))}</p><ul>{rows}</ul></section>"
        )

    def _foot(self, reports: Sequence[Report]) -> str:
        first = reports[0] if reports else None
        values = {
            "version": first.tool_version if first else "",
            "policy": first.policy.get("name", "") if first else "",
            "policy_version": first.policy.get("version", "") if first else "",
        }
        return f"<footer><p>{escape(self.say('html.footer', **values))}</p></footer>"

    def _picture(self, report: Report, longest: int) -> bytes | None:
        return self.options.picture(report, longest) if self.options.picture and report.photo.sha256 else None


def _counted(report: Report) -> list[Finding]:
    return [f for f in report.findings if not exempt.is_exempt(f)]


def _language(law_country: str) -> str:
    """The language of a law's name, for those who have the page read to them."""
    return {"ID": "id", "BR": "pt-BR"}.get(law_country, "en")
