"""From what was found to a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from photoscan.catalog import text
from photoscan.finding import LIKELY, Finding
from photoscan.report import DetectorOutcome, FiredRule, Report, Risk, Status, Verdict
from photoscan.risk import linkage
from photoscan.risk.explain import explain
from photoscan.risk.policy import LEVELS, Policy
from photoscan.risk.score import level, score


def assess(report: Report, policy: Policy, language: str = "en") -> Report:
    """The report with score, rules, verdict and explanations filled in.

    Every combination counts for the score by its confidence; only likely ones are told as fired.
    """
    findings = tuple(replace(f, explanation=explain(f, language)) for f in report.findings)
    links = sorted(linkage.fired(findings), key=lambda link: (-link.rule.severity, -link.confidence, link.rule.id))
    value = _score(findings)
    rules = tuple(
        FiredRule(link.rule.id, tuple(f.id for f in link.findings), text(f"rule.{link.rule.id}", language))
        for link in links
        if link.confidence >= LIKELY
    )
    return replace(
        report,
        findings=findings,
        policy={"name": policy.name, "version": policy.version},
        risk=Risk(round(value), level(value), rules),
        verdict=_verdict(report, findings, policy),
    )


def _score(findings: Sequence[Finding]) -> float:
    alone = [(f.severity, f.confidence) for f in findings]
    together = [(link.rule.severity, link.confidence) for link in linkage.fired(findings)]
    return score([*alone, *together])


def _verdict(report: Report, findings: Sequence[Finding], policy: Policy) -> Verdict:
    """Block outranks incomplete, which outranks review: what is surely harmful is so whatever else was not seen."""
    deciding = [f for f in findings if f.confidence >= policy.minimum_confidence]
    reached = LEVELS.index(level(_score(deciding)))
    named = {decision for f in deciding for prefix, decision in policy.kinds.items() if f.kind.within(prefix)}
    if "block" in named or reached >= _threshold(policy.block_from):
        return "block"
    if report.error is not None or not _complete(report.detectors, policy.required):
        return "incomplete"
    if "review" in named or reached >= _threshold(policy.review_from):
        return "review"
    return "allow"


def _threshold(word: str) -> int:
    return len(LEVELS) if word == "never" else LEVELS.index(word)


def _complete(outcomes: Iterable[DetectorOutcome], required: Sequence[str]) -> bool:
    """Every required detector is ok, none failed, and no budget cut the coverage short."""
    outcomes = tuple(outcomes)
    done = {o.name for o in outcomes if o.status is Status.OK}
    broken = any(o.status is Status.FAILED or o.reason == "budget" for o in outcomes)
    return not broken and set(required) <= done
