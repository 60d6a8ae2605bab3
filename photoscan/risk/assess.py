"""From what was found to a verdict."""

from __future__ import annotations

from dataclasses import replace

from photoscan.errors import phrase
from photoscan.finding import LIKELY, Finding
from photoscan.report import FiredRule, Report, Risk
from photoscan.risk import alone, exempt, laws, linkage
from photoscan.risk.deciding import decide
from photoscan.risk.explain import ALLOWED, explained
from photoscan.risk.policy import Policy
from photoscan.risk.score import claimed, score
from photoscan.risk.verdict import allows, harms


def assess(report: Report, policy: Policy, language: str = "en") -> Report:
    """The report with score, rules, laws, explanations and the decision filled in.

    Nothing is said yet: findings, rules and the decision carry keys and parts, which whoever tells them says in his
    language. `language`: that in which the report itself is written down.

    Every combination counts for the score by its confidence; only likely ones are told as fired. Findings that the
    policy exempts are marked and count for nothing. UsageError when the policy's hashes have no key.
    """
    marked = (_told(f, policy, language) for f in exempt.by_policy(report.findings, report.photo, policy))
    findings = tuple(marked)
    counted = [f for f in findings if not exempt.is_exempt(f)]
    whole = list(alone.with_unsure_children(counted))
    links = list(linkage.fired(whole))
    together = harms(whole, links)
    sure = linkage.likely(links, LIKELY)
    risk = Risk(
        score(together),
        claimed(together),
        tuple(
            FiredRule(link.rule.id, tuple(f.id for f in link.findings), phrase(f"rule.{link.rule.id}"), language)
            for link in sure
        ),
        tuple(law.id for law in laws.engaged(counted, policy.countries)),
    )
    named = {"name": policy.name, "version": policy.version}
    findings = alone.marked(findings, {f.id for link in links if link.confidence >= LIKELY for f in link.findings})
    judged = replace(report, findings=findings, policy=named, risk=risk)
    return replace(judged, decision=decide(judged, policy, language))


def _told(finding: Finding, policy: Policy, language: str) -> Finding:
    """The finding with its explanation, marked where the policy lets its kind pass."""
    attributes = {name: value for name, value in finding.attributes.items() if name != ALLOWED}
    if allows(policy, finding):
        attributes[ALLOWED] = True
    return replace(finding, attributes=attributes, says=explained(finding), language=language)
