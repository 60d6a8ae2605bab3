"""The verdict, and the reasons for it: what a shell tells the one who asks comes from the same lines that decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from photoscan.catalog import text
from photoscan.finding import Finding
from photoscan.report import DetectorOutcome, Report, Status, Verdict
from photoscan.risk import exempt, linkage
from photoscan.risk.policy import LEVELS, Policy
from photoscan.risk.score import Harm, claimed, level, score

RANK: tuple[Verdict, ...] = ("block", "incomplete", "review", "allow")
"""Block outranks incomplete, which outranks review: what is surely harmful is so whatever else was not seen."""

Code = Literal["kind", "level", "unreadable", "not_inspected"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that decides, and for what.

    `code`: 'kind' (the policy decides on this kind by itself), 'level' (the risk of all findings together),
    'unreadable' (the photo can't be opened or decoded) or 'not_inspected' (a detector that has to run did not).
    `about`: the kind, the level, the error's code or the detector's name. `findings`: ids of those that decide.
    `surely`: of a level, how far the likely findings alone reach.
    """

    code: Code
    decision: Verdict
    about: str
    findings: tuple[str, ...] = ()
    surely: str | None = None

    def to_dict(self, language: str) -> dict[str, Any]:
        """The JSON form, with a sentence in a language."""
        about = text(_NAMES[self.code].format(self.about), language)
        if self.surely not in (None, self.about):
            about = text(f"level.perhaps.{self.about}", language, level=text(f"level.{self.surely}", language))
        return {
            "code": self.code,
            "decision": self.decision,
            "about": self.about,
            "findings": list(self.findings),
            "message": text(f"reason.decides.{self.code}.{self.decision}", language, about=about),
        }


_NAMES = {
    "kind": "kind.{}.title",
    "level": "level.{}",
    "unreadable": "error.{}",
    "not_inspected": "detector.{}",
}
"""Where the catalogues name what a reason is about."""


def harms(findings: Iterable[Finding], links: Iterable[linkage.Fired]) -> list[Harm]:
    """What counts for the score: findings by themselves and together."""
    alone = [Harm(f.kind.value, f.severity, f.confidence) for f in findings]
    return alone + [Harm(link.rule.id, link.rule.severity, link.confidence) for link in links]


def reasons(report: Report, policy: Policy) -> list[Reason]:
    """Everything that decides about a report under a policy, what outranks first; empty where all is allowed.

    Findings marked as exempt do not count. The report's ids and explanations may be missing, its verdict is not read.
    """
    found = [*_by_findings([f for f in report.findings if not exempt.is_exempt(f)], policy), *_gaps(report, policy)]
    return sorted(found, key=lambda reason: RANK.index(reason.decision))


def verdict(why: Sequence[Reason]) -> Verdict:
    """The verdict that reasons amount to."""
    return min((reason.decision for reason in why), key=RANK.index, default="allow")


def _by_findings(counted: Iterable[Finding], policy: Policy) -> Iterator[Reason]:
    """The policy says from which confidence on a finding or a combination decides; those that do count as they are."""
    deciding: list[Finding] = []
    named: dict[tuple[Verdict, str], list[str]] = {}
    for finding in counted:
        rule = policy.rule(finding.kind)
        least = policy.minimum_confidence if rule is None or rule.confidence is None else rule.confidence
        if rule is not None and rule.decision != "allow" and finding.confidence >= least:
            named.setdefault((rule.decision, finding.kind.value), []).append(finding.id)
        # A rule that is not yet sure enough decides nothing by itself; what it is about counts with all the others.
        counts = finding.confidence >= min(least, policy.minimum_confidence)
        if counts and (rule is None or rule.decision != "allow"):
            deciding.append(finding)
    for (decision, kind), ids in named.items():
        yield Reason("kind", decision, kind, tuple(ids))
    links = [link for link in linkage.fired(deciding) if link.confidence >= policy.minimum_confidence]
    together = harms(deciding, links)
    reached, surely = level(score(together)), claimed(together)
    ids = [finding.id for finding in deciding]
    if LEVELS.index(reached) >= _threshold(policy.block_from):
        yield Reason("level", "block", reached, tuple(ids), surely)
    elif LEVELS.index(reached) >= _threshold(policy.review_from):
        yield Reason("level", "review", reached, tuple(ids), surely)


def _gaps(report: Report, policy: Policy) -> Iterator[Reason]:
    """Why nobody can say that the photo is fine: a required detector that applies is not ok, one failed, or a budget
    cut the coverage short."""
    if report.error is not None:
        yield Reason("unreadable", "incomplete", report.error.code)
        return
    done = {o.name for o in report.detectors if o.status is Status.OK or o.reason == "not_applicable"}
    missing = [name for name in policy.required if name not in done]
    cut = [o.name for o in report.detectors if _cut_short(o)]
    for name in dict.fromkeys([*missing, *cut]):
        yield Reason("not_inspected", "incomplete", name)


def _cut_short(outcome: DetectorOutcome) -> bool:
    return outcome.status is Status.FAILED or outcome.reason == "budget"


def _threshold(word: str) -> int:
    return len(LEVELS) if word == "never" else LEVELS.index(word)
