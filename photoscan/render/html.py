"""The self-contained HTML report: one page without any script that loads nothing, for a class room and a regulator."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from markupsafe import Markup

from photoscan import shipped
from photoscan.catalog import country
from photoscan.kind import Kind
from photoscan.languages import LANGUAGES
from photoscan.render import worldmap
from photoscan.render.base import Renderer, RenderOptions, Words
from photoscan.render.html_many import Many, classes, filter_styles
from photoscan.render.html_parts import family_styles
from photoscan.render.html_photo import PhotoSection
from photoscan.render.markup import NOTHING, html, ours
from photoscan.render.markup import joined as run_together
from photoscan.render.several import rank
from photoscan.report import Report
from photoscan.risk import laws

LARGE = 1400
"""Longest side of the picture in which boxes are drawn, in pixels."""
MEDIUM = 640
"""The same of photos further down, and of those without a box."""
SMALL = 260
"""Longest side of the picture in the line of a photo."""
LARGEST, PICTURES = 40, 200
"""Of the worst photos of a page, those shown large, and those shown at all: a browser has to open it."""


class HtmlRenderer(Renderer):
    """A page for one photo or a folder. Switches are check boxes and style sheets; the policy forbids all else."""

    name = "html"

    def __init__(self, options: RenderOptions) -> None:
        super().__init__(options)
        self.words = Words(options)
        self.text = self.words.text

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """The page, photo by photo, the worst first: no more than one photo's pictures are held at a time."""
        seen = sorted(reports, key=rank)
        many = len(seen) > 1
        title = self.text("html.title_many", count=len(seen)) if many else self.text("html.title")
        yield self._head(title, family_styles() + (filter_styles(seen) if many else ""))
        if any(f.kind is Kind.METADATA_GPS for report in seen for f in report.findings):
            yield worldmap.symbol()
        note = (
            html('<p class="warning">{}</p>', self.text("html.values_shown")) if self.options.show_values else NOTHING
        )
        yield html('<header class="top"><p class="brand">photoscan</p><h1>{}</h1>{}</header>', title, note)
        yield html('<main id="main">')
        if many:
            yield from self._list(seen)
        else:
            for report in seen:
                yield PhotoSection(self.options, report, "p1").alone(self._picture(report, LARGE))
        yield self._laws(seen)
        yield html("</main>{}</body></html>\n", self._foot(seen))

    def _list(self, reports: Sequence[Report]) -> Iterator[Markup]:
        """What all come to, and the photos folded, the worst of them open."""
        many = Many(self.options, reports)
        yield many.summary()
        yield html(
            '<section class="list" id="list" aria-labelledby="list-h"><h2 id="list-h">{}</h2>{}',
            self.text("html.all_photos"),
            many.filters(),
        )
        for number, report in enumerate(reports, 1):
            section = PhotoSection(self.options, report, f"p{number}")
            row = many.row(number, section, self._picture(report, SMALL))
            large = bool(section.boxed) and number <= LARGEST
            picture = self._picture(report, LARGE if large else MEDIUM) if number <= PICTURES else None
            yield section.among(row, classes(report), picture, unfolded=number == 1)
        yield html("{}</section>", many.shown())

    def _head(self, title: str, styles: str) -> Markup:
        style = shipped.text("render/assets/report.css") + styles
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
            '<section class="laws" aria-labelledby="laws-h"><details><summary><h2 id="laws-h">{}</h2></summary>'
            "<p>{}</p><ul>{}</ul></details></section>",
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
        passed = self.options.passed
        over = html("<p>{}</p>", passed.told(self.options.language)) if passed else html("")
        machine = html("<p>{}</p>", self.text("html.machine_made")) if self._machine_made() else html("")
        return html("<footer>{}<p>{}</p>{}{}</footer>", over, self.text("html.footer", **values), settings, machine)

    def _machine_made(self) -> bool:
        known = LANGUAGES.get(self.options.language)
        return known is not None and known.machine_made

    def _picture(self, report: Report, longest: int) -> bytes | None:
        return self.options.picture(report, longest) if self.options.picture and report.photo.sha256 else None


def _language(law_country: str) -> str:
    """The language of a law's name, for those who have the page read to them."""
    return {"ID": "id", "BR": "pt-BR"}.get(law_country, "en")
