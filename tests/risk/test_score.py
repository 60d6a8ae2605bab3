"""The score keeps its promises, for any findings whatever."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoscan.finding import Finding, Span, with_ids
from photoscan.kind import Kind, Severity
from photoscan.report import DetectorOutcome, PhotoInfo, Report, ReportError, Status
from photoscan.risk import assess, linkage
from photoscan.risk.policy import SHIPPED, Policy
from photoscan.risk.score import level, score

harms = st.lists(st.tuples(st.sampled_from(Severity), st.floats(0, 1)), max_size=30)
TINY = 1e-9


@settings(max_examples=2000, deadline=None)
@given(harms)
def test_the_score_is_bounded(rows: list[tuple[Severity, float]]) -> None:
    assert 0 <= score(rows) <= 100


@settings(max_examples=2000, deadline=None)
@given(harms, st.tuples(st.sampled_from(Severity), st.floats(0, 1)))
def test_one_more_harm_never_lowers_it(rows: list[tuple[Severity, float]], one: tuple[Severity, float]) -> None:
    assert score([*rows, one]) >= score(rows) - TINY


@settings(max_examples=2000, deadline=None)
@given(harms, st.randoms())
def test_order_does_not_matter(rows: list[tuple[Severity, float]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert score(shuffled) == pytest.approx(score(rows))


@settings(max_examples=2000, deadline=None)
@given(harms.filter(bool), st.floats(0, 1), st.data())
def test_more_confidence_never_lowers_it(rows: list[tuple[Severity, float]], more: float, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    severity, confidence = rows[index]
    raised = [*rows[:index], (severity, max(confidence, more)), *rows[index + 1 :]]
    assert score(raised) >= score(rows) - TINY


@pytest.mark.parametrize("severity", list(Severity)[:-1])
def test_one_worse_harm_outranks_any_number_of_lesser_ones(severity: Severity) -> None:
    worse = Severity(severity + 1)
    assert score([(worse, 1.0)]) > score([(severity, 1.0)] * 1000)


LEVELS = {0.0: "none", 0.1: "low", 19.9: "low", 20.0: "medium", 45.0: "high", 75.0: "critical", 100.0: "critical"}


@pytest.mark.parametrize("value", sorted(LEVELS))
def test_levels(value: float) -> None:
    assert level(value) == LEVELS[value]


def finding(kind: str, confidence: float = 0.95, line: int = 0) -> Finding:
    return Finding(Kind(kind), confidence, Span((line,)), "test", "because", "value")


def report(*kinds: str, outcomes: tuple[DetectorOutcome, ...] | None = None, confidence: float = 0.95) -> Report:
    required = Policy.load("strict").required
    done = outcomes if outcomes is not None else tuple(DetectorOutcome(name, Status.OK) for name in required)
    return Report(PhotoInfo("photo.jpg"), "0", with_ids(finding(k, confidence) for k in kinds), done)


DEFAULT = Policy.load("default")

RULES = {
    "face_with_place": ("face", "metadata.gps"),
    "plate_with_address": ("plate", "text.address"),
    "identity_with_name": ("text.national_id", "text.person"),
    "identity_theft": ("text.national_id", "text.person", "text.birth_date"),
    "child_with_place": ("face.child", "text.address"),
    "child_with_school": ("face.child", "text.school"),
    "routine": ("metadata.gps", "metadata.datetime"),
    "home_found": ("text.person", "text.address"),
    "account_takeover": ("text.secret", "text.email"),
}


def test_every_rule_is_tested() -> None:
    assert {rule.id for rule in linkage.rules()} == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rules_fire_on_all_their_parts_and_on_no_fewer(rule: str) -> None:
    whole = assess(report(*RULES[rule]), DEFAULT)
    (fired,) = [r for r in whole.risk.rules if r.id == rule]
    assert set(fired.findings) == {f.id for f in whole.findings}
    assert fired.explanation
    for missing in RULES[rule]:
        rest = assess(report(*(k for k in RULES[rule] if k != missing)), DEFAULT)
        assert rule not in {r.id for r in rest.risk.rules}
        assert rest.risk.score <= whole.risk.score


kinds = st.lists(st.sampled_from([k.value for k in Kind]), max_size=12)


@settings(max_examples=500, deadline=None)
@given(kinds, st.sampled_from([k.value for k in Kind]))
def test_a_whole_report_never_gets_safer_by_a_finding(rows: list[str], one: str) -> None:
    before, after = assess(report(*rows), DEFAULT), assess(report(*rows, one), DEFAULT)
    assert after.risk.score >= before.risk.score
    order = ("allow", "review", "block")
    assert order.index(after.verdict) >= order.index(before.verdict)


VERDICTS = [
    # findings, confidence, outcomes (None: all ok), verdict by the default policy
    ((), 0.9, None, "allow"),
    (("metadata.device",), 0.9, None, "allow"),
    (("face",), 0.9, None, "review"),
    (("face",), 0.3, None, "allow"),
    (("text.secret",), 0.9, None, "block"),
    ((), 0.9, (), "incomplete"),
    (("face",), 0.9, (), "incomplete"),
    (("text.secret",), 0.9, (), "block"),
]


@pytest.mark.parametrize(("found", "confidence", "outcomes", "verdict"), VERDICTS)
def test_verdicts(found: tuple[str, ...], confidence: float, outcomes: tuple[()] | None, verdict: str) -> None:
    assert assess(report(*found, outcomes=outcomes, confidence=confidence), DEFAULT).verdict == verdict


@pytest.mark.parametrize("reason", ["crash: ValueError", "budget"])
def test_a_failure_or_a_cut_is_never_allow(reason: str) -> None:
    status = Status.SKIPPED if reason == "budget" else Status.FAILED
    done = (*report().detectors, DetectorOutcome("other", status, reason))
    assert assess(report(outcomes=done), DEFAULT).verdict == "incomplete"


def test_a_photo_that_could_not_be_opened_is_never_allow() -> None:
    broken = replace(report(), error=ReportError("corrupt", "broken"))
    assert assess(broken, DEFAULT).verdict == "incomplete"


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_load_and_name_real_detectors(name: str) -> None:
    from photoscan.detectors import REGISTRY

    assert set(Policy.load(name).required) <= {detector.name for detector in REGISTRY}


WRONG = {
    "name = 'x'": "version",
    "name = 'x'\nversion = '1'\ncolour = 'red'": "colour",
    "name = 'x'\nversion = '1'\nreview_from = 'sometimes'": "review_from",
    "name = 'x'\nversion = '1'\nminimum_confidence = 3": "minimum_confidence",
    "name = 'x'\nversion = '1'\n[kinds]\n'text.fone' = 'block'": "text.fone",
    "name = 'x'\nversion = '1'\n[kinds]\nplate = 'maybe'": "plate",
    "name =": "TOML",
}


@pytest.mark.parametrize("text", sorted(WRONG))
def test_a_wrong_policy_is_refused_by_the_name_of_its_row(text: str, tmp_path: object) -> None:
    from pathlib import Path

    from photoscan.errors import UsageError

    path = Path(str(tmp_path)) / "policy.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=WRONG[text]):
        Policy.load(str(path))


def test_every_kind_and_rule_has_its_texts() -> None:
    from photoscan.catalog import text

    for kind in Kind:
        assert all(text(f"kind.{kind.value}.{part}") for part in ("title", "why", "do"))
    for rule in linkage.rules():
        assert text(f"rule.{rule.id}")
