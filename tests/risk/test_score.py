"""The score keeps its promises, for any findings whatever."""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.finding import Finding
from photoscan.kind import Severity
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.risk.policy import LEVELS, SHIPPED, Policy
from photoscan.risk.score import _KNOTS, LIKELY, MOST, STARTS, WEIGHTS, Harm, _tier, claimed, level, score
from tests.properties import share
from tests.risk.reports import DEFAULT, any_finding, findings, made

confidences = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1e-12, 0.49, 0.5, 0.51, 1.0]))
harms = st.lists(
    st.builds(Harm, st.sampled_from("abcdef"), st.sampled_from(Severity), confidences),
    max_size=40,
)
POLICIES = {name: Policy.load(name) for name in SHIPPED}
RISING = ("allow", "review", "block")


def judged(*rows: Finding, policy: Policy = DEFAULT) -> Report:
    return assess(made(*rows), policy)


@given(harms)
def test_the_score_is_bounded_and_zero_only_for_nothing(rows: list[Harm]) -> None:
    value = score(rows)
    assert 0 <= value <= 100
    assert (value == 0) is (not any(harm.confidence for harm in rows))
    assert level(value) in LEVELS


@given(harms, st.builds(Harm, st.sampled_from("abcdefg"), st.sampled_from(Severity), confidences))
def test_one_more_harm_never_lowers_it(rows: list[Harm], one: Harm) -> None:
    assert score([*rows, one]) >= score(rows)


@given(harms, st.randoms())
def test_order_does_not_matter(rows: list[Harm], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert score(shuffled) == score(rows)


@given(harms.filter(bool), confidences, st.data())
def test_more_confidence_never_lowers_it(rows: list[Harm], more: float, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    raised = replace(rows[index], confidence=max(rows[index].confidence, more))
    assert score([*rows[:index], raised, *rows[index + 1 :]]) >= score(rows)


@given(harms.filter(bool), st.data())
def test_worse_harm_never_lowers_it(rows: list[Harm], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    worse = replace(rows[index], severity=Severity(min(4, rows[index].severity + 1)), sort="other")
    assert score([*rows[:index], worse, *rows[index + 1 :]]) >= score(rows)


@given(harms, st.sampled_from(list(Severity)[1:]), st.floats(LIKELY, 1))
def test_a_likely_harm_outranks_any_number_of_lesser_ones(rows: list[Harm], tier: Severity, sure: float) -> None:
    lesser = [replace(h, severity=Severity(min(h.severity, tier - 1))) for h in rows]
    assert level(score([Harm("x", tier, sure)])) == tier.label
    assert LEVELS.index(level(score(lesser))) < tier


@given(harms, st.builds(Harm, st.sampled_from("abcdefg"), st.sampled_from(Severity), confidences))
def test_one_more_harm_never_lowers_the_level(rows: list[Harm], one: Harm) -> None:
    assert LEVELS.index(claimed([*rows, one])) >= LEVELS.index(claimed(rows))


@given(harms.filter(bool), confidences, st.data())
def test_more_confidence_never_lowers_the_level(rows: list[Harm], more: float, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    raised = replace(rows[index], confidence=max(rows[index].confidence, more))
    surer = claimed([*rows[:index], raised, *rows[index + 1 :]])
    assert LEVELS.index(surer) >= LEVELS.index(claimed(rows))


@given(harms)
def test_the_level_claims_no_more_than_the_score_and_no_less_than_the_likely(rows: list[Harm]) -> None:
    likely = [harm for harm in rows if harm.confidence >= LIKELY]
    assert LEVELS.index(level(score(likely))) <= LEVELS.index(claimed(rows)) <= LEVELS.index(level(score(rows)))
    if likely == rows:
        assert claimed(rows) == level(score(rows))


@given(
    st.lists(
        st.builds(Harm, st.sampled_from("abcdefghij"), st.sampled_from(Severity), st.floats(0, 0.499)), max_size=20
    )
)
def test_what_is_only_possible_never_makes_it_high(rows: list[Harm]) -> None:
    assert claimed(rows) in ("none", "low", "medium")


def test_what_is_only_possible_still_ranks() -> None:
    perhaps = [Harm("text.national_id", Severity.CRITICAL, 0.35)]
    assert score(perhaps) > score([Harm("metadata.gps", Severity.HIGH, 1.0)])
    assert claimed(perhaps) == "medium"


@pytest.mark.parametrize("severity", list(Severity)[:-1])
def test_a_thousand_sorts_stay_below_the_next_tier(severity: Severity) -> None:
    crowd = [Harm(str(i), s, 1.0) for i in range(1000) for s in Severity if s <= severity]
    assert level(score(crowd)) == severity.label
    assert score([Harm("x", Severity(severity + 1), LIKELY)]) > score(crowd)


def test_the_numbers_leave_room_between_tiers() -> None:
    for tier in list(Severity)[1:]:
        assert fsum(WEIGHTS[s] * MOST[s] for s in Severity if s < tier) < _tier(tier, LIKELY)
        assert _tier(tier, 1) == pytest.approx(WEIGHTS[tier])
    assert [start for _, start in _KNOTS[:-1]] == [STARTS[word] for word in ("medium", "high", "critical")]


def test_a_hundred_faces_count_less_than_twice() -> None:
    one, hundred = [Harm("face", Severity.MEDIUM, 1.0)], [Harm("face", Severity.MEDIUM, 1.0)] * 100
    two_sorts = [Harm("face", Severity.MEDIUM, 1.0), Harm("name", Severity.MEDIUM, 1.0)]
    assert score(one) < score(hundred) <= score(two_sorts)


LEVEL_OF = {0: "none", 1: "low", 19: "low", 20: "medium", 44: "medium", 45: "high", 75: "critical", 100: "critical"}


@pytest.mark.parametrize("value", sorted(LEVEL_OF))
def test_levels(value: int) -> None:
    assert level(value) == LEVEL_OF[value]


# The same promises for whole reports, in which combinations count as well.


@share(0.5)
@given(findings, any_finding, st.sampled_from(SHIPPED))
def test_a_report_never_gets_safer_by_a_finding(rows: list[Finding], one: Finding, name: str) -> None:
    before, after = (judged(*found, policy=POLICIES[name]) for found in (rows, [*rows, one]))
    assert after.risk.score >= before.risk.score
    assert LEVELS.index(after.risk.level) >= LEVELS.index(before.risk.level)
    assert RISING.index(after.verdict) >= RISING.index(before.verdict)
    assert set(before.risk.laws) <= set(after.risk.laws)


@share(0.5)
@given(findings.filter(bool), st.data(), st.sampled_from(SHIPPED))
def test_redacting_never_raises_it(rows: list[Finding], data: st.DataObject, name: str) -> None:
    hidden = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1))
    left = [row for i, row in enumerate(rows) if i not in hidden]
    before, after = (judged(*found, policy=POLICIES[name]) for found in (rows, left))
    assert after.risk.score <= before.risk.score
    assert LEVELS.index(after.risk.level) <= LEVELS.index(before.risk.level)
    assert RISING.index(after.verdict) <= RISING.index(before.verdict)


@share(0.5)
@given(findings, st.randoms(), st.sampled_from(SHIPPED))
def test_a_report_is_judged_alike_in_any_order(rows: list[Finding], random: Random, name: str) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = judged(*rows, policy=POLICIES[name]), judged(*shuffled, policy=POLICIES[name])
    assert (one.risk.score, one.risk.level) == (other.risk.score, other.risk.level)
    assert (one.verdict, one.risk.laws) == (other.verdict, other.risk.laws)
    assert [rule.id for rule in one.risk.rules] == [rule.id for rule in other.risk.rules]


@share(0.5)
@given(findings.filter(bool), st.floats(0, 1), st.data(), st.sampled_from(SHIPPED))
def test_a_report_never_gets_safer_by_confidence(
    rows: list[Finding], more: float, data: st.DataObject, name: str
) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    surer = replace(rows[index], confidence=max(rows[index].confidence, more))
    raised = [*rows[:index], surer, *rows[index + 1 :]]
    before, after = (judged(*found, policy=POLICIES[name]) for found in (rows, raised))
    assert after.risk.score >= before.risk.score
    assert LEVELS.index(after.risk.level) >= LEVELS.index(before.risk.level)
    assert RISING.index(after.verdict) >= RISING.index(before.verdict)


@share(0.5)
@given(findings)
def test_possible_findings_alone_are_never_high_and_ask_for_a_look_at_most(rows: list[Finding]) -> None:
    unsure = judged(*(replace(row, confidence=min(row.confidence, 0.499)) for row in rows))
    assert unsure.risk.level in ("none", "low", "medium")
    assert unsure.verdict == ("review" if unsure.risk.level == "medium" else "allow")


@share(0.5)
@given(findings, st.sampled_from(["default", "platform"]))
def test_what_the_ready_made_policies_block_is_critical_or_named(rows: list[Finding], name: str) -> None:
    report = judged(*rows, policy=POLICIES[name])
    decisions = {rule.decision for f in rows if f.likely and (rule := POLICIES[name].rule(f.kind))}
    assert (report.verdict == "block") is (report.risk.level == "critical" or "block" in decisions)


@share(0.5)
@given(findings, st.sampled_from(SHIPPED))
def test_judging_twice_changes_nothing(rows: list[Finding], name: str) -> None:
    once = judged(*rows, policy=POLICIES[name])
    assert assess(once, POLICIES[name]) == once
    assert 0 <= once.risk.score <= 100
    assert (once.risk.score == 0) is (not any(f.confidence for f in rows))
