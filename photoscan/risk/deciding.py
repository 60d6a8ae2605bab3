"""The one place where a judged report becomes a decision: verdict, headline, caveat and how much was looked at."""

from __future__ import annotations

from collections.abc import Sequence

from photoscan.decision import ALL_CLEAR, Coverage, Decision, Verdict, leveled
from photoscan.errors import Phrase
from photoscan.finding import Finding
from photoscan.kind import Severity
from photoscan.report import Report
from photoscan.risk import exempt
from photoscan.risk.notices import notices
from photoscan.risk.policy import Policy
from photoscan.risk.score import level
from photoscan.risk.verdict import allows, gaps, of_file_alone, reasons, verdict

_ASKS_FOR_A_LOOK = ("medium", "high", "critical")
_GAPS = ("unreadable", "not_inspected")


def decide(report: Report, policy: Policy, language: str) -> Decision:
    """The decision on a report whose risk is filled in and whose exempt findings are marked."""
    why = tuple(reasons(report, policy))
    seen = coverage(report, policy)
    passed = [f for f in report.findings if exempt.is_passed(f)]
    own = [f for f in report.findings if not f.beside]
    asked_for = verdict([reason for reason in why if reason.code not in _GAPS])
    advice = _advice(report, seen, asked_for, passed)
    return Decision(
        verdict=verdict(why),
        level=report.risk.level,
        perhaps=level(report.risk.score),
        coverage=seen,
        reasons=why,
        risk=_risk(report, seen, passed),
        advice=advice,
        nothing=Phrase("report.nothing") if seen == "whole" and not own else None,
        caveat=Phrase("headline.caveat") if ALL_CLEAR & set(advice) else None,
        language=language,
        notices=notices(report, why, (f.id for f in report.findings if allows(policy, f))),
    )


def coverage(report: Report, policy: Policy) -> Coverage:
    """How much of the photo was looked at, of what was asked for and of what the policy needs."""
    if report.error is not None or any(outcome.unseen for outcome in report.detectors):
        return "cut"
    left_out = [o for o in report.detectors if o.reason == "requested" or o.partly]
    if set(gaps(report, policy)) - {outcome.name for outcome in left_out}:
        return "cut"
    if not left_out:
        return "whole"
    return "file" if of_file_alone(report) else "part"


def _advice(report: Report, seen: Coverage, asked_for: Verdict, passed: Sequence[Finding]) -> tuple[str, ...]:
    """What the findings ask for, and what has to be said of what nobody saw.

    Only a whole look at a photo of low risk is an all-clear. The level is a fact about the photo, the verdict what the
    policy makes of it: where the policy is content with a level that asks for a look, that is said, and not 'fine'.
    """
    codes: list[str] = []
    if asked_for == "block":
        codes.append("block")
    elif asked_for == "review":
        # The cards of such findings say 'never share it': a look alone is not enough, also where no policy forbids it.
        codes.append("hide" if report.risk.level == "critical" else "review")
    elif report.risk.level in _ASKS_FOR_A_LOOK:
        codes.append("by_policy")
    elif any(f.severity > Severity.LOW for f in passed):
        codes.append("known")
    elif seen == "whole":
        codes.append("allow")
    if seen == "cut":
        codes.append("incomplete" if report.error is None or report.findings else "unseen")
    elif seen != "whole":
        codes.append(seen)
    return tuple(codes)


def _risk(report: Report, seen: Coverage, passed: Sequence[Finding]) -> Phrase:
    """The level in words, and what it may be."""
    claimed, possible = report.risk.level, level(report.risk.score)
    if claimed == "none":
        if report.error is not None and not report.findings:
            return Phrase("headline.uninspected")
        if passed:
            return Phrase("level.nothing_new")
        return Phrase("level.none" if seen == "whole" else "level.none_seen")
    return leveled(claimed, possible)
