"""The reasons for a verdict: each names what decided, and together they are the verdict."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES, text
from photoscan.detectors import REGISTRY
from photoscan.finding import Finding
from photoscan.report import DetectorOutcome, Report, ReportError, Status
from photoscan.risk import assess, exempt
from photoscan.risk.policy import SHIPPED, Policy
from photoscan.risk.verdict import RANK, reasons
from photoscan.scanner import TEXT_NAME, Scanner
from tests.risk.reports import ALL_DONE, DEFAULT, findings, made, report

PLATFORM = Policy.load("platform")
Row = tuple[str, str, str]


def told(found: Report, policy: Policy = DEFAULT) -> list[Row]:
    return [(reason.decision, reason.code, reason.about) for reason in reasons(found, policy)]


BUDGET = DetectorOutcome("pages", Status.SKIPPED, "budget")
MISSING = DetectorOutcome("document", Status.SKIPPED, "not_installed")
FAILED = DetectorOutcome("code", Status.FAILED, "crash: ValueError")
TABLE: dict[str, tuple[Report, list[Row]]] = {
    "nothing": (report(), []),
    "harmless": (report("metadata.device"), []),
    "unsure": (report("face@0.3"), []),
    "a face alone": (report("face"), []),
    "level": (report("text.phone"), [("review", "level", "medium")]),
    "kind": (report("document.boarding_pass@0.6"), [("review", "kind", "document.boarding_pass")]),
    "kind that is unsure": (report("text.secret@0.4"), [("review", "level", "medium")]),
    "kind that is hardly possible": (report("text.secret@0.02"), []),
    "not asked for": (
        report(outcomes=(*ALL_DONE[1:], DetectorOutcome(ALL_DONE[0].name, Status.SKIPPED, "requested"))),
        [("incomplete", "not_inspected", ALL_DONE[0].name)],
    ),
    "not installed": (report(outcomes=(*ALL_DONE, MISSING)), [("incomplete", "not_inspected", "document")]),
    "budget": (report(outcomes=(*ALL_DONE, BUDGET)), [("incomplete", "not_inspected", "pages")]),
    "failure": (report(outcomes=(*ALL_DONE, FAILED)), [("incomplete", "not_inspected", "code")]),
}


@pytest.mark.parametrize("case", sorted(TABLE))
def test_reasons(case: str) -> None:
    found, expected = TABLE[case]
    assert [row for row in told(found) if row in expected] == expected
    assert bool(told(found)) is bool(expected)


def test_a_rule_that_is_not_yet_sure_takes_nothing_from_the_level() -> None:
    bare = {"name": "p", "version": "1"}
    rule = {"kinds": {"plate": {"decision": "block", "from_confidence": 0.9}}}
    without = told(report("plate@0.8"), Policy.parse(bare))
    assert without
    assert told(report("plate@0.8"), Policy.parse(bare | rule)) == without
    assert ("block", "kind", "plate") in told(report("plate@0.95"), Policy.parse(bare | rule))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_level_that_only_possible_findings_reach_is_told_as_such(language: str) -> None:
    policy = Policy.parse({"name": "p", "version": "1", "minimum_confidence": 0.3, "block_from": "high"})
    (row,) = [r for r in reasons(report("text.national_id@0.45"), policy) if r.code == "level"]
    perhaps = text("level.perhaps.high", language, level=text("level.medium", language))
    assert (row.decision, row.about) == ("block", "high")
    assert perhaps in row.to_dict(language)["message"]


def test_what_outranks_comes_first_and_the_rest_is_told_as_well() -> None:
    rows = told(report("text.secret", "document.boarding_pass", outcomes=ALL_DONE[1:]))
    assert rows[0] == ("block", "kind", "text.secret")
    assert ("incomplete", "not_inspected", ALL_DONE[0].name) in rows
    assert rows[-1] == ("review", "kind", "document.boarding_pass")


def test_findings_that_decide_are_named() -> None:
    (row,) = [r for r in reasons(report("text.secret", "metadata.device", "text.secret"), DEFAULT) if r.code == "kind"]
    assert row.findings == ("text.secret-" + row.findings[0].rpartition("-")[2], row.findings[0] + "-2")


def test_a_photo_that_can_not_be_read_has_one_gap_and_no_list_of_detectors() -> None:
    broken = replace(report("metadata.gps", outcomes=()), error=ReportError("corrupt", "it ends early"))
    gaps = [row for row in told(broken) if row[0] == "incomplete"]
    assert gaps == [("incomplete", "unreadable", "corrupt")]


def test_what_does_not_apply_is_no_gap() -> None:
    outcomes = tuple(DetectorOutcome(o.name, Status.SKIPPED, "not_applicable") for o in ALL_DONE)
    assert told(report(outcomes=outcomes)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_are_told_in_every_language(language: str) -> None:
    found = [*reasons(report("text.secret", "face", outcomes=ALL_DONE[1:]), DEFAULT)]
    found += reasons(replace(report(), error=ReportError("corrupt", "")), DEFAULT)
    messages = [reason.to_dict(language)["message"] for reason in found]
    assert len(set(messages)) == len(messages) >= 4
    assert {reason.code for reason in found} == {"kind", "level", "unreadable", "not_inspected"}


@given(findings, st.sampled_from(SHIPPED), st.sets(st.sampled_from(ALL_DONE)), st.booleans())
def test_reasons_are_the_verdict(found: list[Finding], name: str, done: set[DetectorOutcome], broken: bool) -> None:
    policy = Policy.load(name)
    whole = assess(
        replace(made(*found, outcomes=tuple(done)), error=ReportError("corrupt", "") if broken else None), policy
    )
    rows = reasons(whole, policy)
    assert whole.verdict == (rows[0].decision if rows else "allow")
    assert [RANK.index(row.decision) for row in rows] == sorted(RANK.index(row.decision) for row in rows)
    counted = {finding.id for finding in whole.findings if not exempt.is_exempt(finding)}
    assert {id_ for row in rows for id_ in row.findings} <= counted


TEXTS = {
    "Wi-Fi password: mango#Kite47": ("block", "text.secret"),
    "call me: 012-345 6789": ("review", "text.phone"),
    "what a view": ("allow", None),
    "": ("allow", None),
}


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_a_text_by_itself(text: str) -> None:
    verdict, kind = TEXTS[text]
    found = Scanner(policy=PLATFORM).scan_text(text)
    assert found.verdict == verdict
    assert found.photo.path == TEXT_NAME
    assert found.photo.sha256 is None
    assert {finding.kind.value for finding in found.findings} == ({kind} if kind else set())
    assert {o.reason for o in found.detectors if o.status is Status.SKIPPED} == {"not_applicable"}
    assert {o.name for o in found.detectors if o.status is Status.OK} >= {"address", "contact", "secret"}


def test_a_long_text_is_searched_in_bounded_time() -> None:
    started = time.process_time()
    Scanner(policy=PLATFORM).scan_text("jalan 5 no. 12 a@b " * 850)
    assert time.process_time() - started < 10


def of_file(*words: str, without: str | None = None, wrong: str | None = None) -> Report:
    """A report of somebody who asked for the file alone: `without` a detector of it, or with one gone `wrong`."""
    rows = []
    for detector in REGISTRY:
        status, reason = (Status.OK, None) if detector.source == "metadata" else (Status.SKIPPED, "requested")
        if detector.name == without:
            status, reason = Status.SKIPPED, "requested"
        if detector.name == wrong:
            status, reason = Status.FAILED, "crash: ValueError"
        rows.append(DetectorOutcome(detector.name, status, reason, source=detector.source))
    return report(*words, outcomes=tuple(rows))


@pytest.mark.parametrize(
    ("found", "policy", "verdict"),
    [
        (of_file(), "default", "allow"),
        (of_file(), "platform", "allow"),
        (of_file(), "workshop", "allow"),
        (of_file(), "strict", "incomplete"),
        (of_file("metadata.gps"), "default", "review"),
        (of_file("metadata.gps"), "platform", "review"),
        # A part of the file that nobody asked for, or that could not be looked at, is no look at the file.
        (of_file(without="gps"), "default", "incomplete"),
        (of_file(without="metadata.names"), "platform", "incomplete"),
        (of_file(wrong="hidden_parts"), "default", "incomplete"),
        (of_file(wrong="metadata.names"), "default", "incomplete"),
    ],
)
def test_where_the_file_alone_was_asked_for_the_policy_says_what_suffices(
    found: Report, policy: str, verdict: str
) -> None:
    judged = assess(found, Policy.load(policy), "en")
    assert judged.verdict == verdict
    # Whatever the verdict, it is no all-clear.
    assert "allow" not in judged.decision.advice


def test_a_policy_that_says_nothing_of_the_file_alone_asks_for_all() -> None:
    rows = {"name": "p", "version": "1", "required": ["gps", "face"]}
    assert told(of_file(), Policy.parse(rows)) == [("incomplete", "not_inspected", "face")]
    assert told(of_file(), Policy.parse({**rows, "required_of_file": ["gps"]})) == []
    assert told(of_file(), Policy.parse({**rows, "required_of_file": ["gps", "face"]})) == [
        ("incomplete", "not_inspected", "face")
    ]


def test_a_whole_look_needs_all_that_is_required_whatever_suffices_of_the_file() -> None:
    policy = Policy.parse({"name": "p", "version": "1", "required": ["gps", "face"], "required_of_file": []})
    some = tuple(replace(outcome) for outcome in report().detectors if outcome.name != "face")
    assert ("incomplete", "not_inspected", "face") in told(report(outcomes=some), policy)
