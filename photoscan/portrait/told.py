"""Which findings a stranger could write about."""

from __future__ import annotations

from collections.abc import Iterable

from photoscan.finding import Finding
from photoscan.kind import Severity, named
from photoscan.portrait.rules import rules
from photoscan.report import Report
from photoscan.risk.exempt import is_exempt
from photoscan.risk.folding import is_folded


def told(report: Report) -> list[Finding]:
    """Those that count and are not folded, but for kinds that are left out and what says less than its kind can."""
    return [finding for finding in report.findings if _tells(finding)]


def likely_first(findings: Iterable[Finding]) -> list[Finding]:
    """The likely ones; where there are none, those that are only possible. The surest first."""
    rows = sorted(findings, key=lambda finding: -finding.confidence)
    return [finding for finding in rows if finding.likely] or rows


def different(findings: Iterable[Finding]) -> list[Finding]:
    """One finding of each value: the same number on two lines is one thing seen twice. Without a value each counts."""
    seen: dict[object, Finding] = {}
    for finding in findings:
        value = finding.value or finding.value_masked
        seen.setdefault(finding.id if value is None else " ".join(value.casefold().split()), finding)
    return list(seen.values())


def _tells(finding: Finding) -> bool:
    if is_exempt(finding) or is_folded(finding) or named(finding.kind, rules().untold):
        return False
    return not finding.severity is Severity.LOW < finding.kind.severity
