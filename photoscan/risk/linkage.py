"""Linkage rules: findings that do more harm together than each alone. The rules are data: `rules/linkage.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any, NamedTuple

from photoscan import shipped
from photoscan.errors import UsageError
from photoscan.finding import Finding
from photoscan.kind import Severity, check_prefix

LINDDUN = ("linking", "identifying", "detecting", "data disclosure", "unawareness")
"""Threat categories of LINDDUN that a combination of findings can belong to."""


class Member(NamedTuple):
    """Who belongs to a group: findings of these dotted kinds that are as severe as `least`."""

    prefix: str
    least: Severity

    def has(self, finding: Finding) -> bool:
        """Whether a finding is one of them."""
        return finding.kind.within(self.prefix) and finding.severity >= self.least


@dataclass(frozen=True, slots=True)
class Rule:
    """A combination: it fires when each group of members in `groups` has as many different findings as `least`.

    `linddun` is its threat category; `replaces` are ids of weaker rules that it makes superfluous to tell.
    """

    id: str
    severity: Severity
    linddun: str
    groups: tuple[tuple[Member, ...], ...]
    replaces: tuple[str, ...] = ()
    least: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, on which findings, and how surely: the product of the surest finding of each group, or of the
    last that it takes."""

    rule: Rule
    findings: tuple[Finding, ...]
    confidence: float


@cache
def rules() -> tuple[Rule, ...]:
    """The shipped rules; UsageError for one that names an unknown kind, group, category or rule."""
    return taken(shipped.rules("rules/linkage.toml"))


def parse(text: str) -> tuple[Rule, ...]:
    """Rules from TOML; UsageError names what makes no sense."""
    import tomllib  # the shipped rules come parsed

    return taken(tomllib.loads(text))


def taken(document: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The same from what the TOML says."""
    groups = {name: tuple(_member(p) for p in prefixes) for name, prefixes in document["groups"].items()}
    rows = document.get("rule", [])
    ids = [row["id"] for row in rows]
    for row in rows:
        for key, names, known in (
            ("group", row["all"], groups),
            ("category", [row["linddun"]], LINDDUN),
            ("rule", row.get("replaces", ()), ids),
            ("group", row.get("least", ()), row["all"]),
        ):
            if missing := [name for name in names if name not in known]:
                raise UsageError(f"problem.linkage.{key}", rule=row["id"], word=missing[0])
    return tuple(
        Rule(
            row["id"],
            Severity.parse(row["severity"]),
            row["linddun"],
            tuple(groups[name] for name in row["all"]),
            tuple(row.get("replaces", ())),
            tuple(int(row.get("least", {}).get(name, 1)) for name in row["all"]),
        )
        for row in rows
    )


def _member(words: str) -> Member:
    """'face', or 'text.place >= high'. UsageError for an unknown kind or severity."""
    prefix, _, least = words.partition(" >= ")
    return Member(check_prefix(prefix), Severity.parse(least) if least else min(Severity))


def fired(findings: Sequence[Finding]) -> Iterable[Fired]:
    """Every rule whose groups all have enough findings."""
    harmful = [f for f in findings if not (f.severity is Severity.LOW < f.kind.severity)]
    for rule in rules():
        groups = [[f for f in harmful if any(member.has(f) for member in group)] for group in rule.groups]
        sure = [_sure(group, least) for group, least in zip(groups, rule.least, strict=True)]
        if all(groups) and None not in sure:
            members = {id(f): f for group in groups for f in group}
            yield Fired(rule, tuple(members.values()), prod(value for value in sure if value is not None))


def _sure(group: Iterable[Finding], least: int) -> float | None:
    """How sure it is that a group has so many different findings: as the last of the surest; None for fewer."""
    different: dict[object, float] = {}
    for finding in group:
        # Two findings of one value are one thing seen twice.
        key = id(finding) if finding.value is None else " ".join(finding.value.casefold().split())
        different[key] = max(finding.confidence, different.get(key, 0.0))
    surest = sorted(different.values(), reverse=True)
    return surest[least - 1] if len(surest) >= least else None


def likely(links: Iterable[Fired], at_least: float) -> list[Fired]:
    """The fired rules worth telling: sure enough, not already said by a stronger one; the most harmful first."""
    likely = [link for link in links if link.confidence >= at_least]
    said = {weaker for link in likely for weaker in link.rule.replaces}
    return sorted(
        (link for link in likely if link.rule.id not in said),
        key=lambda link: (-link.rule.severity, -link.confidence, link.rule.id),
    )
