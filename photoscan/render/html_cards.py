"""The why-cards of the HTML report: findings of one kind together, what a stranger could do, what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from photoscan.finding import Finding
from photoscan.render.base import Words
from photoscan.render.grouping import Group, grouped
from photoscan.render.html_parts import css_name, sign
from photoscan.render.markup import NOTHING, html, joined
from photoscan.report import Report
from photoscan.risk.folding import is_folded

MOST_ITEMS = 5
"""Findings of one kind that a card shows one by one; the others are folded in it."""


class Cards:
    """Builds the cards of one photo. `numbers`: that of each finding, by its id; `key` makes ids unique in the page."""

    def __init__(self, words: Words, report: Report, key: str, numbers: Mapping[str, int]) -> None:
        self.words = words
        self.text = words.text
        self.report = report
        self.key = key
        self.numbers = numbers

    def html(self, findings: Iterable[Finding]) -> Markup:
        """A card for each kind, the most harmful first; what is uncertain folded behind one line."""
        told = list(findings)
        unsure = [finding for finding in told if is_folded(finding)]
        cards = joined(self._card(group) for group in grouped(f for f in told if not is_folded(f)))
        if unsure:
            under = joined(self._card(group) for group in grouped(unsure))
            line = self.words.uncertain(unsure)
            cards += html('<details class="unsure"><summary>{}</summary>{}</details>', line, under)
        return cards

    def id(self, finding: Finding) -> str:
        """The id of the card that a finding is in."""
        return f"{self.key}-{css_name(finding.kind)}{'-unsure' if is_folded(finding) else ''}"

    def value(self, finding: Finding) -> Markup:
        """The value, masked; where values are shown, a switch reveals it."""
        masked = " ".join((finding.value_masked or "").split())
        if not masked:
            return NOTHING
        if not self.words.show_values:
            return html('<span class="value">{}</span>', masked)
        clear = " ".join((finding.value or "").split())
        label = self.text("html.reveal")
        return html(
            '<details class="value"><summary title="{}">{}</summary><strong>{}</strong></details>', label, masked, clear
        )

    def _card(self, group: Group) -> Markup:
        first, count = group.first, len(group.findings)
        kind = first.kind
        why = self.words.why(first) if count == 1 else self.text(f"kind.{kind.value}.why")
        rows = [html("<li>{}</li>", self._item(finding)) for finding in group.findings]
        items = html('<ul class="items">{}</ul>', joined(rows[:MOST_ITEMS]))
        if more := rows[MOST_ITEMS:]:
            line = self.text("html.more", count=len(more))
            items += html(
                '<details class="rest"><summary>{}</summary><ul class="items">{}</ul></details>', line, joined(more)
            )
        severity = first.severity.label
        gravest = max(group.findings, key=lambda f: (f.likely, f.severity))
        return html(
            '<article class="card fam-{} sev-{}" id="{}"><h4>{} {}{} <span class="tag sev-{}">{}</span>'
            "</h4>{}<dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl></article>",
            kind.family.name,
            severity,
            self.id(first),
            sign(kind.family),
            self.words.title(first),
            self._counted(group),
            severity,
            self.text(f"severity.{severity}"),
            items,
            self.text("html.stranger"),
            why,
            self.text("html.do"),
            self.words.advice(gravest),
        )

    def _counted(self, group: Group) -> str:
        """How many of a kind, and how many of them sure; nothing behind a single one."""
        count = len(group.findings)
        sure = f", {self.text('report.sure', count=group.sure)}" if 0 < group.sure < count else ""
        return f" ×{count}{sure}" if count > 1 else ""

    def _item(self, finding: Finding) -> Markup:
        number = html('<span class="num sev-{}">{}</span>', finding.severity.label, self.numbers[finding.id])
        value = self.value(finding)
        if value:
            value += self.words.origin(finding)
        sure = self.text("report.likely" if finding.likely else "report.possible")
        percent = self.text("html.sure", percent=round(100 * finding.confidence))
        notes = f"{self.words.where(finding, self.report.photo)} · {sure}, {percent}"
        return html('{} {} <span class="quiet">{}</span>', number, value, notes)
