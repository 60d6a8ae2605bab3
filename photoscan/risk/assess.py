"""From what was found to a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from photoscan.catalog import text
from photoscan.finding import LIKELY, Finding
from photoscan.report import DetectorOutcome, FiredRule, Report, Risk, Status, Verdict
from photoscan.risk import exempt, laws, linkage
from photoscan.risk.explain import explain
from photoscan.risk.policy import LEVELS, Policy
from photoscan.risk.score import Harm, claimed, level, score


def assess(report: Report, policy: Policy, language: str = "en") -> Report:
    """The report with score, rules, laws, verdict and explanations filled in.

    Every combination counts for the score by its confidence; only likely ones are told as fired. Findings that the
    policy exempts are marked and count for nothing. UsageError when the policy's hashes have no key.
    """
    findings = tuple(
        replace(f, explanation=explain(f, language)) for f in exempt.by_policy(report.findings, report.photo, policy)
    )
    counted = [f for f in findings if not exempt.is_exempt(f)]
    links = list(linkage.fired(counted))
    harms = _harms(counted, links)
    return replace(
        report,
        findings=findings,
        policy={"name": policy.name, "version": policy.version},
        risk=Risk(
            score(harms),
            claimed(harms),
            tuple(
                FiredRule(link.rule.id, tuple(f.id for f in link.findings), text(f"rule.{link.rule.id}", language))
                for link in linkage.told(links, LIKELY)
            ),
            tuple(law.id for law in laws.engaged(counted, policy.countries)),
        ),
        verdict=_verdict(report, counted, policy),
    )


def _harms(findings: Iterable[Finding], links: Iterable[linkage.Fired]) -> list[Harm]:
    alone = [Harm(f.kind.value, f.severity, f.confidence) for f in findings]
    return alone + [Harm(link.rule.id, link.rule.severity, link.confidence) for link in links]


def _verdict(report: Report, findings: Sequence[Finding], policy: Policy) -> Verdict:
    """Block outranks incomplete, which outranks review: what is surely harmful is so whatever else was not seen.

    The policy says from which confidence on a finding or a combination decides; those that do count as they are.
    """
    deciding: list[Finding] = []
    named: set[str] = set()
    for finding in findings:
        rule = policy.rule(finding.kind)
        least = policy.minimum_confidence if rule is None or rule.confidence is None else rule.confidence
        if finding.confidence < least:
            continue
        if rule is not None:
            named.add(rule.decision)
        if rule is None or rule.decision != "allow":
            deciding.append(finding)
    links = [link for link in linkage.fired(deciding) if link.confidence >= policy.minimum_confidence]
    reached = LEVELS.index(level(score(_harms(deciding, links))))
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
