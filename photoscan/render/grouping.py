"""Findings of one kind as one: eleven faces are a line with a number, not eleven paragraphs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from photoscan.catalog import country
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.risk import exempt
from photoscan.risk.folding import is_folded

MOST_COUNTRIES = 3
"""Countries of a plate that a reader is told: a shape that fits ten countries tells none of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one kind that are told together; the first does most harm, and speaks for all."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The one that does most harm, and of these the surest."""
        return self.findings[0]

    @property
    def sure(self) -> int:
        """How many of them are likely."""
        return sum(finding.likely for finding in self.findings)


def order(finding: Finding) -> tuple[bool, int, float]:
    """What a reader sees first: nothing uncertain, and of the rest what does most harm."""
    return is_folded(finding), -finding.severity, -finding.confidence


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """The findings kind by kind, the most harmful kind first; what does not count stays apart from what does."""
    groups: dict[tuple[Kind, str], list[Finding]] = {}
    for finding in sorted(findings, key=order):
        spared = str(finding.attributes.get(exempt.ATTRIBUTE, ""))
        groups.setdefault((finding.kind, spared), []).append(finding)
    return [Group(tuple(members)) for members in groups.values()]


def countries(finding: Finding, language: str) -> list[str]:
    """The names of the countries that a plate may be from, the likeliest first; empty for any other finding."""
    if finding.kind is not Kind.PLATE:
        return []
    names = (country(str(name), language) for name in finding.attributes.get("countries") or ())
    return list(dict.fromkeys(names))[:MOST_COUNTRIES]


def distinct(words: Iterable[str], most: int) -> str:
    """Different words in a row, and an ellipsis where there are more than `most`."""
    rows = list(dict.fromkeys(word for word in words if word))
    return ", ".join(rows[:most]) + (", …" if len(rows) > most else "")
