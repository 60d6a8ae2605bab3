"""The first sentence of a report: what a stranger learns, by the strongest of all that is likely."""

from __future__ import annotations

from photoscan.catalog import has
from photoscan.errors import Phrase, phrase
from photoscan.finding import Finding
from photoscan.kind import Severity
from photoscan.report import Report
from photoscan.risk import alone, exempt, linkage
from photoscan.risk.explain import ALLOWED


def lead(report: Report) -> Phrase | None:
    """What a stranger learns from a judged photo; None where nothing likely does more than little harm.

    The most harmful likely combination, or the most harmful likely finding where that does more harm. Never a value.
    """
    rules = {rule.id: rule.severity for rule in linkage.rules()}
    rule = max((fired.id for fired in report.risk.rules if fired.id in rules), key=lambda id_: rules[id_], default=None)
    single = max(filter(_tells, report.findings), key=lambda f: (f.severity, f.confidence), default=None)
    if rule is not None and (single is None or rules[rule] >= single.severity):
        return phrase(f"stranger.rule.{rule}")
    if single is None:
        return None
    key = "stranger.position" if single.attributes.get("position") else f"stranger.kind.{single.kind.value}"
    # A kind that a detector from outside brought along has its title, and no sentence.
    return phrase(key) if has(key) else phrase("stranger.other", title=phrase(f"kind.{single.kind.value}.title"))


def _tells(finding: Finding) -> bool:
    """Whether a finding by itself is worth the first sentence."""
    counts = finding.likely and not exempt.is_exempt(finding) and ALLOWED not in finding.attributes
    return counts and finding.severity > Severity.LOW and alone.ATTRIBUTE not in finding.attributes
