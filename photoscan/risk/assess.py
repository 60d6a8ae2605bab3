"""From what was found to a verdict."""

from __future__ import annotations

from dataclasses import replace

from photoscan.catalog import text
from photoscan.finding import LIKELY
from photoscan.report import FiredRule, Report, Risk
from photoscan.risk import exempt, laws, linkage
from photoscan.risk.explain import explain
from photoscan.risk.policy import Policy
from photoscan.risk.score import claimed, score
from photoscan.risk.verdict import harms, reasons, verdict


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
    together = harms(counted, links)
    return replace(
        report,
        findings=findings,
        policy={"name": policy.name, "version": policy.version},
        risk=Risk(
            score(together),
            claimed(together),
            tuple(
                FiredRule(link.rule.id, tuple(f.id for f in link.findings), text(f"rule.{link.rule.id}", language))
                for link in linkage.told(links, LIKELY)
            ),
            tuple(law.id for law in laws.engaged(counted, policy.countries)),
        ),
        verdict=verdict(reasons(replace(report, findings=findings), policy)),
    )
