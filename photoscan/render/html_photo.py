"""One photo's part of the HTML report: the picture with numbered boxes, why-cards, metadata, map, coverage."""

from __future__ import annotations

import re
from pathlib import PurePath

from markupsafe import Markup

from photoscan.catalog import country
from photoscan.finding import Field, Finding, Region
from photoscan.kind import Kind, Severity, families
from photoscan.render import worldmap
from photoscan.render.base import RenderOptions, Words
from photoscan.render.grouping import grouped
from photoscan.render.html_cards import Cards
from photoscan.render.html_parts import capital, data_url, gauge, level_class, mended, sign
from photoscan.render.html_portrait import portrait
from photoscan.render.markup import NOTHING, html, joined
from photoscan.render.metadata_view import within_km
from photoscan.report import FiredRule, Report
from photoscan.risk import exempt, linkage
from photoscan.risk.folding import is_folded
from photoscan.risk.lead import lead

_DEGREES = re.compile(r"-?\d+(?:\.\d+)?")


class PhotoSection:
    """Builds the part of one report; `key` makes its ids unique in the page."""

    def __init__(self, options: RenderOptions, report: Report, key: str) -> None:
        self.options = options
        self.words = Words(options)
        self.text = self.words.text
        self.report = report
        self.key = key
        counted = [f for f in report.findings if not exempt.is_exempt(f)]
        self.exempt = [f for f in report.findings if exempt.is_exempt(f)]
        # Kinds stay together, since each has one card: the most harmful first, of those the surest.
        groups = [grouped(f for f in counted if is_folded(f) is folded) for folded in (False, True)]
        self.findings = [finding for group in (*groups[0], *groups[1]) for finding in group.findings]
        self.numbers = {f.id: number for number, f in enumerate(self.findings, 1)}
        self.cards = Cards(self.words, report, key, self.numbers)

    def alone(self, picture: bytes | None) -> Markup:
        """The section of the only photo of a page, open. `picture`: a JPEG of the upright photo."""
        return html(
            '<section class="photo" id="{}" aria-labelledby="{}-h"><h2 id="{}-h">{}</h2>{}{}</section>',
            self.key,
            self.key,
            self.key,
            self.heading,
            self._head(mended([self.report], self.options)),
            self._body(picture),
        )

    def among(self, row: Markup, classes: str, picture: bytes | None, unfolded: bool) -> Markup:
        """The photo as one of a list: folded behind its `row`, which is phrases and a heading."""
        return html(
            '<details class="photo {}" id="{}"{}><summary>{}</summary>{}{}'
            '<p class="back"><a href="#list">{}</a></p></details>',
            classes,
            self.key,
            html(" open") if unfolded else NOTHING,
            row,
            self._head(NOTHING),
            self._body(picture),
            self.text("html.back"),
        )

    @property
    def heading(self) -> str:
        """The file's name."""
        return PurePath(self.report.photo.path).name or self.report.photo.path

    @property
    def boxed(self) -> list[Finding]:
        """What has a box in the picture."""
        return [f for f in self.findings if isinstance(f.location, Region) and not f.location.page]

    def _head(self, mend: Markup) -> Markup:
        path = self.report.photo.path
        below = html('<p class="quiet path">{}</p>', path) if self.heading != path else NOTHING
        return html('<div class="head">{}{}</div>', below, self._judgement(mend))

    def _body(self, picture: bytes | None) -> Markup:
        written = portrait(self.report, self.words, self.numbers)
        parts = [written, self._cards(), self._together(), self._metadata(), self._exempt(), self._coverage()]
        return html(
            '<div class="body"><div class="stage">{}{}</div><div class="said">{}</div></div>',
            self._stage(picture),
            self._map(),
            joined(parts),
        )

    def _judgement(self, mend: Markup) -> Markup:
        score, decision = self.report.risk.score, self.report.decision
        error = html('<p class="warning">{}</p>', self.words.error(self.report)) if self.report.error else NOTHING
        said = self.words.caveat(self.report)
        caveat = html('<p class="quiet">{}</p>', said) if said else NOTHING
        asked = joined(html('<p class="notice">{}</p>', notice) for notice in self.words.notices(self.report))
        first = lead(self.report)
        told = html('<p class="lead">{}</p>', first.text(self.words.language)) if first else NOTHING
        dial = gauge(score, self.text("html.score", score=score)) if decision.scored else NOTHING
        number = html(' <span class="score">{}<small>/100</small></span>', score) if decision.scored else NOTHING
        return html(
            '<div class="judged">{}<p class="level level-{}"><strong>{}</strong>{}</p>'
            '<p class="verdict tone-{}">{}</p></div>{}{}{}{}{}',
            dial,
            level_class(self.report),
            capital(self.words.level(self.report)),
            number,
            decision.tone,
            capital(self.words.advised(self.report)),
            error,
            told,
            mend,
            asked,
            caveat,
        )

    def _stage(self, picture: bytes | None) -> Markup:
        width, height = self.report.photo.width, self.report.photo.height
        if picture is None or not width or not height:
            return html('<p class="quiet">{}</p>', self.text("html.no_picture"))
        boxed = self.boxed
        shown = {f.kind.family.name for f in boxed}
        toggles = joined(
            html(
                '<label class="chip fam-{}"><input type="checkbox" class="t-{}" checked> {} {}</label>',
                family.name,
                family.name,
                sign(family),
                self.text(family.key),
            )
            for family in families()
            if family.name in shown
        )
        cover = html('<label class="chip"><input type="checkbox" class="t-cover"> {}</label>', self.text("html.cover"))
        if any(map(is_folded, boxed)):
            unsure = self.text("html.uncertain")
            cover = html('<label class="chip"><input type="checkbox" class="t-unsure"> {}</label>{}', unsure, cover)
        legend = html('<legend class="vh">{}</legend>', self.text("html.boxes"))
        chips = html('<fieldset class="chips">{}{}{}</fieldset>', legend, toggles, cover) if boxed else NOTHING
        unit = max(width, height) / 42
        boxes = joined(self._box(f, unit) for f in reversed(boxed))
        alt = self.text("html.photo")
        return html(
            '<label class="chip show"><input type="checkbox" class="t-show"> {}</label><figure>'
            '<div class="frame-box"><img class="shot" alt="{}" width="{}" height="{}"'
            ' src="{}">'
            '<svg class="overlay" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg></div>'
            "<figcaption>{}</figcaption></figure>{}",
            self.text("html.show_photo"),
            alt,
            width,
            height,
            data_url(picture),
            width,
            height,
            boxes,
            self.text("html.blurred"),
            chips,
        )

    def _box(self, finding: Finding, unit: float) -> Markup:
        assert isinstance(finding.location, Region)
        box, number = finding.location.box, self.numbers[finding.id]
        radius = unit * 0.8
        x, y = max(box.x, radius), max(box.y, radius)
        label = f"{number}: {self.words.title(finding)}"
        return html(
            '<a class="b b-{}{}" href="#{}" aria-label="{}">'
            '<rect class="box sev-{}{}" x="{}" y="{}" width="{}" height="{}"/>'
            '<circle class="dot sev-{}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>'
            '<text x="{:.1f}" y="{:.1f}" font-size="{:.1f}">{}</text></a>',
            finding.kind.family.name,
            " b-unsure" if is_folded(finding) else "",
            self.cards.id(finding),
            label,
            finding.severity.label,
            "" if finding.likely else " unsure",
            box.x,
            box.y,
            box.w,
            box.h,
            finding.severity.label,
            x,
            y,
            radius,
            x,
            y,
            unit,
            number,
        )

    def _cards(self) -> Markup:
        """The why-cards; what the file says and does little harm is only in the table."""
        told = [f for f in self.findings if f.severity > Severity.LOW or not isinstance(f.location, Field)]
        if not told:
            said = self.words.nothing(self.report)
            return html('<p class="fine">{}</p>', said) if said else NOTHING
        return html("<h3>{}</h3>{}", self.text("html.findings"), self.cards.html(told))

    def _together(self) -> Markup:
        if not self.report.risk.rules:
            return NOTHING
        rows = joined(self._rule(rule) for rule in self.report.risk.rules)
        return html('<h3>{}</h3><ul class="rules">{}</ul>', self.text("html.together"), rows)

    def _rule(self, fired: FiredRule) -> Markup:
        known = next((rule for rule in linkage.rules() if rule.id == fired.id), None)
        severity = known.severity.label if known else "medium"
        category = self.text(f"linddun.{known.linddun}") if known else ""
        numbers = sorted({self.numbers[name] for name in fired.findings if name in self.numbers})
        marks = joined((html('<span class="num">{}</span>', number) for number in numbers[:12]), " ")
        because = html("{} {}{}", self.text("html.fired_by"), marks, " …" if len(numbers) > 12 else "")
        return html(
            '<li class="sev-{}"><p>{}</p><p class="quiet">{} · {}</p></li>',
            severity,
            self.words.why(fired),
            category,
            because,
        )

    def _metadata(self) -> Markup:
        rows = [f for f in self.findings if isinstance(f.location, Field)]
        if not rows:
            return NOTHING
        body = joined(
            html(
                '<tr><td><span class="num sev-{}">{}</span> {}</td><td>{}</td><td>{}</td></tr>',
                f.severity.label,
                self.numbers[f.id],
                self.words.title(f),
                self.cards.value(f) or "–",
                self._field(f),
            )
            for f in rows
        )
        columns = joined(
            html('<th scope="col">{}</th>', self.text(f"html.col.{c}")) for c in ("what", "value", "where")
        )
        return html(
            '<h3 id="{}-m">{}</h3><p class="quiet">{}</p>'
            '<div class="scroll" tabindex="0" role="region" aria-labelledby="{}-m {}-h"><table><thead>'
            "<tr>{}</tr></thead><tbody>{}</tbody></table></div>",
            self.key,
            self.text("html.metadata"),
            self.text("html.metadata_note"),
            self.key,
            self.key,
            columns,
            body,
        )

    def _field(self, finding: Finding) -> Markup:
        assert isinstance(finding.location, Field)
        place = finding.location
        times = f" ×{place.copies}" if place.copies > 1 else ""
        return html("<code>{} {}</code>{}", place.container, place.field, times)

    def _map(self) -> Markup:
        places, names = [], []
        for finding in self.findings:
            if finding.kind is Kind.METADATA_GPS and finding.value:
                shown = finding.value if self.words.show_values else finding.value_masked
                degrees = [float(part) for part in _DEGREES.findall(shown or "")[:2]]
                if len(degrees) == 2 and abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180:
                    places.append((degrees[0], degrees[1]))
                    names.append(self._near(finding))
        if not places:
            return NOTHING
        label = self.text("html.map_alt", place=names[0])
        note = "" if self.words.show_values else f" {self.text('html.map_note')}"
        return html(
            '<h3>{}</h3>{}<p class="quiet">{}.{}</p>',
            self.text("html.map"),
            worldmap.drawn(places, label),
            "; ".join(dict.fromkeys(names)),
            note,
        )

    def _near(self, finding: Finding) -> str:
        town = finding.attributes.get("town")
        if not town:
            return self.text("html.map_somewhere")
        where = country(str(finding.attributes.get("country", "")), self.words.language)
        if self.words.show_values and (district := finding.attributes.get("value_district")):
            km = within_km(finding.attributes)
            return self.text("html.map_within", km=km, district=district, place=f"{town}, {where}")
        return self.text("html.map_near", place=f"{town}, {where}")

    def _exempt(self) -> Markup:
        if not self.exempt:
            return NOTHING
        rows = joined(
            html(
                "<li>{}: {}</li>",
                self.words.title(f),
                self.text("report.exempt." + str(f.attributes[exempt.ATTRIBUTE])),
            )
            for f in self.exempt
        )
        return html("<h3>{}</h3><ul>{}</ul>", self.text("html.exempt"), rows)

    def _coverage(self) -> Markup:
        done, left = self.words.checked(self.report), self.words.not_checked(self.report)
        rows = html("<p>{}</p>", self.text("report.checked", what=", ".join(done))) if done else NOTHING
        if left:
            rows += html('<p class="warning">{}</p>', self.text("report.not_checked", what="; ".join(left)))
        return html('<div class="coverage"><h3>{}</h3>{}</div>', self.text("html.coverage"), rows) if rows else NOTHING
