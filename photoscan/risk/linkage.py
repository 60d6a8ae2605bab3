"""Linkage rules: findings that do more harm together than each alone. The rules are data: `rules/linkage.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from photoscan.finding import Finding
from photoscan.kind import Severity, check_prefix


@dataclass(frozen=True, slots=True)
class Rule:
    """A combination: it fires when each group of dotted kinds in `groups` has a finding. `linddun` is its threat
    category."""

    id: str
    severity: Severity
    linddun: str
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, on which findings, and how surely: the product of the surest finding of each group."""

    rule: Rule
    findings: tuple[Finding, ...]
    confidence: float


@cache
def rules() -> tuple[Rule, ...]:
    """The shipped rules; UsageError for one that names an unknown kind."""
    text = resources.files("photoscan").joinpath("rules/linkage.toml").read_text("utf-8")
    return tuple(
        Rule(
            row["id"],
            Severity.parse(row["severity"]),
            row["linddun"],
            tuple(tuple(check_prefix(p) for p in group) for group in row["all"]),
        )
        for row in tomllib.loads(text)["rule"]
    )


def fired(findings: Sequence[Finding]) -> Iterable[Fired]:
    """Every rule whose groups all have a finding."""
    for rule in rules():
        groups = [[f for f in findings if any(f.kind.within(p) for p in group)] for group in rule.groups]
        if all(groups):
            confidence = 1.0
            for group in groups:
                confidence *= max(f.confidence for f in group)
            members = {id(f): f for group in groups for f in group}
            yield Fired(rule, tuple(members.values()), confidence)
