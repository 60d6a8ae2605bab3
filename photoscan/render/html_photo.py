"""One photo's part of the HTML report: the picture with numbered boxes, why-cards, metadata, map, coverage."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape
from itertools import pairwise
from pathlib import PurePath

from photoscan.catalog import country
from photoscan.finding import Field, Finding, Region
from photoscan.kind import Family, Kind, Severity, families
from photoscan.render import worldmap
from photoscan.render.base import Words
from photoscan.report import FiredRule, Report
from photoscan.risk import exempt, linkage
from photoscan.risk.score import STARTS

_DEGREES = re.compile(r"-?\d+(?:\.\d+)?")


class PhotoSection:
    """Builds the section of one report; `key` makes its ids unique in the page."""

    def __init__(self, words: Words, report: Report, key: str) -> None:
        self.words = words
        self.say = words.say
        self.report = report
        self.key = key
        counted = [f for f in report.findings if not exempt.is_exempt(f)]
        self.exempt = [f for f in report.findings if exempt.is_exempt(f)]
        surest: dict[Kind, float] = {}
        for finding in counted:
            surest[finding.kind] = max(finding.confidence, surest.get(finding.kind, 0))
        # Kinds stay together, since each has one card: the most harmful first, of those the surest.
        self.findings = sorted(counted, key=lambda f: (-f.severity, -surest[f.kind], f.kind.value, -f.confidence))
        self.numbers = {f.id: number for number, f in enumerate(self.findings, 1)}

    def html(self, picture: bytes | None) -> str:
        """The section. `picture`: a JPEG of the upright photo."""
        path = self.report.photo.path
        heading = PurePath(path).name or path
        below = f'<p class="quiet path">{escape(path)}</p>' if heading != path else ""
        parts = [self._cards(), self._together(), self._metadata(), self._exempt(), self._coverage()]
        return (
            f'<section class="photo" id="{self.key}" aria-labelledby="{self.key}-h">'
            f'<div class="head"><h2 id="{self.key}-h">{escape(heading)}</h2>{below}{self._judgement()}</div>'
            f'<div class="body"><div class="stage">{self._stage(picture)}{self._map()}</div>'
            f'<div class="said">{"".join(parts)}</div></div></section>'
        )

    def _judgement(self) -> str:
        score, decision = self.report.risk.score, self.report.decision
        error = f'<p class="warning">{escape(self.words.error(self.report))}</p>' if self.report.error else ""
        said = self.words.caveat(self.report)
        caveat = f'<p class="quiet">{escape(said)}</p>' if said else ""
        dial = gauge(score, self.say("html.score", score=score)) if decision.scored else ""
        number = f' <span class="score">{score}<small>/100</small></span>' if decision.scored else ""
        return (
            f'<div class="judged">{dial}<p class="level level-{level_class(self.report)}">'
            f"<strong>{escape(_capital(self.words.level(self.report)))}</strong>{number}</p>"
            f'<p class="verdict tone-{decision.tone}">{escape(_capital(self.words.advised(self.report)))}</p>'
            f"</div>{caveat}{error}"
        )

    def _stage(self, picture: bytes | None) -> str:
        width, height = self.report.photo.width, self.report.photo.height
        if picture is None or not width or not height:
            return f'<p class="quiet">{escape(self.say("html.no_picture"))}</p>'
        boxed = [f for f in self.findings if isinstance(f.location, Region) and not f.location.page]
        shown = {f.kind.family.name for f in boxed}
        toggles = "".join(
            f'<label class="chip fam-{family.name}"><input type="checkbox" class="t-{family.name}" checked> '
            f"{sign(family)} {escape(self.say(family.key))}</label>"
            for family in families()
            if family.name in shown
        )
        cover = f'<label class="chip"><input type="checkbox" class="t-cover"> {escape(self.say("html.cover"))}</label>'
        legend = f'<legend class="vh">{escape(self.say("html.boxes"))}</legend>'
        chips = f'<fieldset class="chips">{legend}{toggles}{cover if boxed else ""}</fieldset>' if boxed else ""
        unit = max(width, height) / 42
        boxes = "".join(self._box(f, unit) for f in reversed(boxed))
        alt = escape(self.say("html.photo"), quote=True)
        return (
            f'<label class="chip show"><input type="checkbox" class="t-show"> {escape(self.say("html.show_photo"))}'
            f'</label><figure><div class="frame-box"><img class="shot" alt="{alt}" width="{width}" height="{height}" '
            f'src="{data_url(picture)}"><svg class="overlay" viewBox="0 0 {width} {height}" '
            f'preserveAspectRatio="none">{boxes}</svg></div>'
            f"<figcaption>{escape(self.say('html.blurred'))}</figcaption></figure>{chips}"
        )

    def _box(self, finding: Finding, unit: float) -> str:
        assert isinstance(finding.location, Region)
        box, number = finding.location.box, self.numbers[finding.id]
        radius = unit * 0.8
        x, y = max(box.x, radius), max(box.y, radius)
        label = escape(f"{number}: {self.words.title(finding)}", quote=True)
        return (
            f'<a class="b b-{finding.kind.family.name}" href="#{self._card_id(finding)}" aria-label="{label}">'
            f'<rect class="box sev-{finding.severity.label}{"" if finding.likely else " unsure"}" x="{box.x}" '
            f'y="{box.y}" width="{box.w}" height="{box.h}"/>'
            f'<circle class="dot sev-{finding.severity.label}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{unit:.1f}">{number}</text></a>'
        )

    def _card_id(self, finding: Finding) -> str:
        return f"{self.key}-{finding.kind.value.replace('.', '-')}"

    def _cards(self) -> str:
        """A why-card for each kind; what the file says and does little harm is only in the table."""
        groups: dict[Kind, list[Finding]] = {}
        for finding in self.findings:
            if finding.severity > Severity.LOW or not isinstance(finding.location, Field):
                groups.setdefault(finding.kind, []).append(finding)
        if not groups:
            said = self.words.nothing(self.report)
            return f'<p class="fine">{escape(said)}</p>' if said else ""
        cards = "".join(self._card(kind, group) for kind, group in groups.items())
        return f"<h3>{escape(self.say('html.findings'))}</h3>{cards}"

    def _card(self, kind: Kind, group: list[Finding]) -> str:
        first = group[0]
        why = self.words.why(first) if len(group) == 1 else self.say(f"kind.{kind.value}.why")
        rows = "".join(f"<li>{self._item(finding)}</li>" for finding in group)
        severity = max(f.severity for f in group).label
        gravest = max(group, key=lambda f: (f.likely, f.severity))
        return (
            f'<article class="card fam-{kind.family.name} sev-{severity}" id="{self._card_id(first)}"><h4>'
            f"{sign(kind.family)} {escape(self.words.title(first))}"
            f' <span class="tag sev-{severity}">{escape(self.say(f"severity.{severity}"))}</span></h4>'
            f'<ul class="items">{rows}</ul>'
            f"<dl><dt>{escape(self.say('html.stranger'))}</dt><dd>{escape(why)}</dd>"
            f"<dt>{escape(self.say('html.do'))}</dt><dd>{escape(self.words.advice(gravest))}</dd></dl></article>"
        )

    def _item(self, finding: Finding) -> str:
        number = f'<span class="num sev-{finding.severity.label}">{self.numbers[finding.id]}</span>'
        value = self.value(finding)
        origin = finding.attributes.get("country") if finding.kind is Kind.PLATE else None
        if origin:
            value += f" {escape(country(str(origin), self.words.language))}"
        sure = self.say("report.likely" if finding.likely else "report.possible")
        percent = self.say("html.sure", percent=round(100 * finding.confidence))
        notes = f"{self.words.where(finding, self.report.photo)} · {sure}, {percent}"
        return f'{number} {value} <span class="quiet">{escape(notes)}</span>'

    def value(self, finding: Finding) -> str:
        """The value, masked; where values are shown, a switch reveals it."""
        masked = " ".join((finding.value_masked or "").split())
        if not masked:
            return ""
        if not self.words.show_values:
            return f'<span class="value">{escape(masked)}</span>'
        clear = escape(" ".join((finding.value or "").split()))
        label = escape(self.say("html.reveal"), quote=True)
        return (
            f'<details class="value"><summary title="{label}">{escape(masked)}</summary>'
            f"<strong>{clear}</strong></details>"
        )

    def _together(self) -> str:
        if not self.report.risk.rules:
            return ""
        rows = "".join(self._rule(rule) for rule in self.report.risk.rules)
        return f'<h3>{escape(self.say("html.together"))}</h3><ul class="rules">{rows}</ul>'

    def _rule(self, fired: FiredRule) -> str:
        known = next((rule for rule in linkage.rules() if rule.id == fired.id), None)
        severity = known.severity.label if known else "medium"
        category = self.say(f"linddun.{known.linddun}") if known else ""
        numbers = sorted(self.numbers[name] for name in fired.findings if name in self.numbers)
        marks = " ".join(f'<span class="num">{number}</span>' for number in numbers[:12])
        because = f"{escape(self.say('html.fired_by'))} {marks}{' …' if len(numbers) > 12 else ''}"
        return (
            f'<li class="sev-{severity}"><p>{escape(self.words.why(fired))}</p>'
            f'<p class="quiet">{escape(category)} · {because}</p></li>'
        )

    def _metadata(self) -> str:
        rows = [f for f in self.findings if isinstance(f.location, Field)]
        if not rows:
            return ""
        body = "".join(
            f'<tr><td><span class="num sev-{f.severity.label}">{self.numbers[f.id]}</span> '
            f"{escape(self.words.title(f))}</td><td>{self.value(f) or '–'}</td><td>{self._field(f)}</td></tr>"
            for f in rows
        )
        columns = "".join(
            f'<th scope="col">{escape(self.say(f"html.col.{c}"))}</th>' for c in ("what", "value", "where")
        )
        return (
            f'<h3 id="{self.key}-m">{escape(self.say("html.metadata"))}</h3>'
            f'<p class="quiet">{escape(self.say("html.metadata_note"))}</p>'
            f'<div class="scroll" tabindex="0" role="region" '
            f'aria-labelledby="{self.key}-m {self.key}-h">'
            f"<table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _field(self, finding: Finding) -> str:
        assert isinstance(finding.location, Field)
        place = finding.location
        times = f" ×{place.copies}" if place.copies > 1 else ""
        return f"<code>{escape(place.container)} {escape(place.field)}</code>{times}"

    def _map(self) -> str:
        places, names = [], []
        for finding in self.findings:
            if finding.kind is Kind.METADATA_GPS and finding.value:
                shown = finding.value if self.words.show_values else finding.value_masked
                degrees = [float(part) for part in _DEGREES.findall(shown or "")[:2]]
                if len(degrees) == 2 and abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180:
                    places.append((degrees[0], degrees[1]))
                    names.append(self._near(finding))
        if not places:
            return ""
        label = self.say("html.map_alt", place=names[0])
        note = "" if self.words.show_values else f" {self.say('html.map_note')}"
        return (
            f"<h3>{escape(self.say('html.map'))}</h3>{worldmap.drawn(places, label)}"
            f'<p class="quiet">{escape("; ".join(dict.fromkeys(names)))}.{escape(note)}</p>'
        )

    def _near(self, finding: Finding) -> str:
        town = finding.attributes.get("town")
        if not town:
            return self.say("html.map_somewhere")
        where = country(str(finding.attributes.get("country", "")), self.words.language)
        return self.say("html.map_near", place=f"{town}, {where}")

    def _exempt(self) -> str:
        if not self.exempt:
            return ""
        rows = "".join(
            f"<li>{escape(self.words.title(f))}: "
            f"{escape(self.say('report.exempt.' + str(f.attributes[exempt.ATTRIBUTE])))}</li>"
            for f in self.exempt
        )
        return f"<h3>{escape(self.say('html.exempt'))}</h3><ul>{rows}</ul>"

    def _coverage(self) -> str:
        done, left = self.words.checked(self.report), self.words.not_checked(self.report)
        rows = f"<p>{escape(self.say('report.checked', what=', '.join(done)))}</p>" if done else ""
        if left:
            rows += f'<p class="warning">{escape(self.say("report.not_checked", what="; ".join(left)))}</p>'
        return f'<div class="coverage"><h3>{escape(self.say("html.coverage"))}</h3>{rows}</div>' if rows else ""


def sign(family: Family) -> str:
    """The family's sign, in its colour (`family_styles`); it says nothing that the words beside it do not."""
    return (
        f'<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d="{escape(family.icon, quote=True)}"/></svg>'
    )


def family_styles() -> str:
    """A style sheet made of the cards: each family's colour, and the switch that hides its boxes."""
    rows = []
    for family in families():
        name = family.name
        rows.append(f".fam-{name}{{--family:{family.colour}}}")
        rows.append(f".photo:has(.t-{name}:not(:checked)) .b-{name}{{display:none}}")
    return "\n".join(rows) + "\n"


def gauge(score: int, label: str) -> str:
    """A bar with the levels' bands and a mark at the score."""
    starts = [*STARTS.items(), ("", 100.0)]
    bands = "".join(
        f'<rect class="band level-{word}" x="{start:.0f}" y="3" width="{end - start - 0.6:.1f}" height="4" rx="1"/>'
        for (word, start), (_, end) in pairwise(starts)
    )
    needle = f'<path class="needle" d="M{score} 2.6l-1.8 -2.6h3.6z M{score} 7.4l-1.8 2.6h3.6z"/>'
    named = escape(label, quote=True)
    return f'<svg class="gauge" viewBox="-2 0 104 10" role="img" aria-label="{named}">{bands}{needle}</svg>'


def level_class(report: Report) -> str:
    """The style of a level; what nobody saw does not look like what is fine."""
    level, tone = report.decision.level, report.decision.tone
    return "incomplete" if level == "none" and tone not in ("fine", "known") else level


def data_url(jpeg: bytes) -> str:
    """A JPEG as part of the page."""
    return "data:image/jpeg;base64," + b64encode(jpeg).decode()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
