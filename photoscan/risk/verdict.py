"""The verdict, and the reasons for it: what a shell tells the one who asks comes from the same lines that decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from photoscan.catalog import has
from photoscan.decision import LEVELS, Code, Reason, Verdict, at_least, leveled
from photoscan.errors import Phrase
from photoscan.finding import Finding
from photoscan.report import SAMPLED, Report, Status
from photoscan.risk import alone, exempt, linkage
from photoscan.risk.policy import Policy
from photoscan.risk.score import Harm, claimed, level, score, sure_level

RANK: tuple[Verdict, ...] = ("block", "incomplete", "review", "allow")
"""Block outranks incomplete, which outranks review: what is surely harmful is so whatever else was not seen."""


def harms(findings: Iterable[Finding], links: Iterable[linkage.Fired]) -> list[Harm]:
    """What counts for the score: findings by themselves and together.

    What does less harm by itself counts as fully as the surest combination that it is in.
    """
    found, fired = list(findings), list(links)
    rows = [Harm(link.rule.id, link.rule.severity, link.confidence) for link in fired]
    for finding in found:
        sure = finding.confidence
        if alone.lessened(finding):
            surest = max((link.confidence for link in fired if any(f is finding for f in link.findings)), default=0.0)
            sure = max(alone.share(finding) * sure, min(surest, sure))
        rows.append(Harm(finding.kind.value, finding.severity, sure))
    return rows


def reasons(report: Report, policy: Policy) -> list[Reason]:
    """Everything that decides about a report under a policy, what outranks first; empty where all is allowed.

    Findings marked as exempt do not count. The report's ids and explanations may be missing, its decision is not read.
    """
    counted = [f for f in report.findings if not exempt.is_exempt(f) and f.confidence > 0]
    found = [*_by_kind(counted, policy), *_by_level(counted, policy), *_by_gaps(report, policy)]
    return sorted(found, key=lambda reason: RANK.index(reason.decision))


def verdict(why: Sequence[Reason]) -> Verdict:
    """The verdict that reasons amount to."""
    return min((reason.decision for reason in why), key=RANK.index, default="allow")


def allows(policy: Policy, finding: Finding) -> bool:
    """Whether a policy lets findings of this kind pass by themselves."""
    rule = policy.rule(finding.kind)
    return rule is not None and rule.decision == "allow"


def of_file_alone(report: Report) -> bool:
    """Whether all that a file says was looked at, and nothing of its picture, since nobody asked for more."""
    left_out = [o for o in report.detectors if o.reason == "requested" or o.partly]
    looked = {o.source for o in report.detectors if o.status is Status.OK}
    return bool(left_out) and looked == {"metadata"} and not any(o.source == "metadata" for o in left_out)


def gaps(report: Report, policy: Policy) -> list[str]:
    """Detectors without which nobody can say that the photo is fine: one that the policy requires and that applies, but
    did not run; one that failed, is missing or was cut short; frames between samples, where those do not suffice."""
    done = {o.name for o in report.detectors if o.status is Status.OK or o.reason == "not_applicable"}
    required = policy.required
    if policy.required_of_file is not None and of_file_alone(report):
        required = policy.required_of_file
    missing = [name for name in required if name not in done]
    sampled = [o.name for o in report.detectors if o.reason == SAMPLED and not policy.samples_suffice]
    return list(dict.fromkeys([*missing, *(o.name for o in report.detectors if o.unseen), *sampled]))


def _by_kind(counted: Iterable[Finding], policy: Policy) -> Iterator[Reason]:
    """Kinds on which the policy decides by themselves, from the confidence that it names."""
    named: dict[tuple[Verdict, str], list[str]] = {}
    for finding in counted:
        rule = policy.rule(finding.kind)
        least = policy.minimum_confidence if rule is None or rule.confidence is None else rule.confidence
        if rule is not None and rule.decision != "allow" and finding.confidence >= least:
            named.setdefault((rule.decision, finding.kind.value), []).append(finding.id)
    for (decision, kind), ids in named.items():
        yield _reason("kind", decision, kind, Phrase(f"kind.{kind}.title"), tuple(ids))


def _by_level(counted: Iterable[Finding], policy: Policy) -> Iterator[Reason]:
    """The risk of all findings together but for those that the policy allows.

    The level that is shown always counts, so that no report shows a level which its verdict knows nothing of. What is
    only possible raises it to 'medium' at most; a policy whose `minimum_confidence` is lower lets it count in full.
    """
    rest = [f for f in counted if not allows(policy, f)]
    whole = list(alone.with_unsure_children(rest))
    together = harms(whole, linkage.fired(whole))
    shown, possible = claimed(together), level(score(together))
    reached = max(shown, sure_level(together, policy.minimum_confidence), key=LEVELS.index)
    thresholds: tuple[tuple[Verdict, str], ...] = (("block", policy.block_from), ("review", policy.review_from))
    for decision, least in thresholds:
        if at_least(reached, least):
            ids = tuple(finding.id for finding in rest)
            yield _reason("level", decision, reached, leveled(shown, possible), ids)
            return


def _by_gaps(report: Report, policy: Policy) -> Iterator[Reason]:
    """Why nobody can say that the photo is fine."""
    if report.error is not None:
        yield _reason("unreadable", "incomplete", report.error.code, Phrase(f"error.{report.error.code}"))
        return
    left_out = {o.name for o in report.detectors if o.reason == "requested"}
    for name in gaps(report, policy):
        key = "not_asked" if name in left_out else "not_inspected"
        sentence = Phrase(f"reason.decides.{key}.incomplete", {"about": _detector(name)})
        yield Reason("not_inspected", "incomplete", name, sentence)


def _detector(name: str) -> Phrase:
    """What a detector looks for; its name where there are no words for it, as of one from outside."""
    return Phrase(f"detector.{name}" if has(f"detector.{name}") else name)


def _reason(code: Code, decision: Verdict, about: str, named: Phrase, findings: tuple[str, ...] = ()) -> Reason:
    sentence = Phrase(f"reason.decides.{code}.{decision}", {"about": named})
    return Reason(code, decision, about, sentence, findings)
