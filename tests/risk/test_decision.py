"""No line against another: over drawn reports and policies, every shell and format tells the same decision.

Sentences are told apart by their keys and a table of what each claims, never by English words, so that the promises
hold in every language; that the sentences themselves differ is asked of each catalogue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from importlib import resources
from types import SimpleNamespace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import catalog
from photoscan.batch.summary import Summary
from photoscan.batch.task import inspected
from photoscan.catalog import LANGUAGES
from photoscan.cli.scan import _Worst
from photoscan.decision import FAIL_ON, LEVELS, TONES, Decision, at_least, key
from photoscan.detectors import REGISTRY
from photoscan.finding import Finding
from photoscan.kind import Kind, Severity
from photoscan.render import RenderOptions, renderer
from photoscan.report import DetectorOutcome, Report, ReportError, Status
from photoscan.risk import assess, exempt
from photoscan.risk.explain import advice, explain
from photoscan.risk.policy import SHIPPED, KindRule, Policy
from photoscan.service.task import ServiceRequest, _checked
from photoscan.workshop import view
from tests.properties import share
from tests.risk.reports import ALL_DONE, DEFAULT, any_finding, finding, made

REPORT = json.loads(resources.files("photoscan").joinpath("schema/report-v1.json").read_text("utf-8"))
CLAIMS = {
    # What each piece of advice claims. 'clear': share it; 'spared': it was decided elsewhere; 'narrow': less was looked
    # at, as asked; 'look': somebody has to; 'unseen': less was looked at than asked for; 'act': not as it is.
    "allow": "clear",
    "known": "spared",
    "by_policy": "spared",
    "file": "narrow",
    "part": "narrow",
    "review": "look",
    "incomplete": "unseen",
    "unseen": "unseen",
    "hide": "act",
    "block": "act",
}
GRAVER = ("clear", "spared", "narrow", "look", "unseen", "act")
CLEAN_WORDS = ("verdict.allow", "report.nothing", "level.none")
"""Keys of sentences that call a photo clean."""
RISING = ("allow", "review", "incomplete", "block")

# What is drawn

LEFT = ((Status.SKIPPED, "budget"), (Status.SKIPPED, "not_installed"), (Status.FAILED, "crash: ValueError"))
FINE = ((Status.OK, None), (Status.SKIPPED, "not_applicable"))
ASKED = (Status.SKIPPED, "requested")


@st.composite
def outcomes(draw: st.DrawFn) -> tuple[DetectorOutcome, ...]:
    """What became of every detector: all well, some left out as asked, some lost; and pages."""
    choices = draw(st.sampled_from([FINE[:1], FINE, (*FINE, ASKED), (*FINE, ASKED, *LEFT), LEFT]))
    only_file = draw(st.booleans()) and ASKED in choices
    rows = []
    for detector in REGISTRY:
        status, why = draw(st.sampled_from(choices))
        if only_file:
            status, why = FINE[0] if detector.source == "metadata" else ASKED
        partly = status is Status.OK and ASKED in choices and not only_file and draw(st.booleans())
        rows.append(DetectorOutcome(detector.name, status, why, source=detector.source, partly=partly))
    if draw(st.booleans()) and LEFT[0] in choices:
        rows.append(DetectorOutcome("pages", *LEFT[0]))
    return tuple(rows)


rules = st.dictionaries(
    st.sampled_from(["face", "plate", "text", "text.secret", "metadata", "metadata.gps", "document", "code.qr"]),
    st.builds(
        KindRule, st.sampled_from(["allow", "review", "block"]), st.one_of(st.none(), st.sampled_from([0.0, 0.3, 0.9]))
    ),
    max_size=3,
)
drawn_policies = st.builds(
    Policy,
    name=st.just("drawn"),
    version=st.just("1"),
    minimum_confidence=st.sampled_from([0.0, 0.3, 0.5, 0.9]),
    required=st.sampled_from([(), ("gps",), ("face", "plate")]),
    review_from=st.sampled_from([*LEVELS[1:], "never"]),
    block_from=st.sampled_from([*LEVELS[1:], "never"]),
    kinds=rules,
)
policies = st.one_of(st.sampled_from(SHIPPED).map(Policy.load), drawn_policies)
marked = st.builds(
    lambda one, why: exempt.marked(one, why) if why else one,
    any_finding,
    st.sampled_from(["", "", "known", "reviewed"]),
)
errors = st.sampled_from([None, None, None, ReportError("corrupt", "photo.jpg: broken")])
levels = st.one_of(st.none(), st.sampled_from(LEVELS[1:]))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    rows = draw(st.lists(marked, max_size=draw(st.sampled_from([0, 1, 3, 8]))))
    return replace(made(*rows, outcomes=draw(outcomes())), error=draw(errors))


def lost(report: Report, policy: Policy) -> bool:
    """Whether less was looked at than asked for, told in other words than the decision's."""
    ran = {o.name: (o.status, o.reason) for o in report.detectors}
    absent = [name for name in policy.required if ran.get(name, LEFT[1]) in LEFT]
    return report.error is not None or bool(absent) or any(row in LEFT for row in ran.values())


def narrowed(report: Report) -> bool:
    return any(o.reason == "requested" or o.partly for o in report.detectors)


def claims(decision: Decision) -> set[str]:
    return {CLAIMS[code] for code in decision.advice}


def gravest(decision: Decision) -> int:
    return max(GRAVER.index(claim) for claim in claims(decision))


def counted(report: Report) -> list[Finding]:
    return [f for f in report.findings if not exempt.is_exempt(f) and f.confidence > 0]


# What a decision promises


@share(0.5)
@given(reports(), policies)
def test_only_a_whole_look_at_little_risk_is_an_all_clear(found: Report, policy: Policy) -> None:
    report = assess(found, policy)
    decision = report.decision
    if "clear" in claims(decision):
        assert decision.advice == ("allow",)
        assert decision.verdict == "allow"
        assert decision.level in ("none", "low")
        assert decision.coverage == "whole"
        assert not lost(report, policy)
        assert not narrowed(report)
        assert all(f.severity is Severity.LOW for f in report.findings if exempt.is_exempt(f))
    clean = {decision.risk.key, *(key(code) for code in decision.advice)} & set(CLEAN_WORDS)
    clean |= {decision.nothing.key} if decision.nothing else set()
    assert not clean or not (lost(report, policy) or narrowed(report) or counted(report)) or clean == {"verdict.allow"}
    assert (decision.nothing is not None) is (not report.findings and decision.coverage == "whole")
    assert (decision.caveat is not None) is bool({"allow", "known"} & set(decision.advice))


@share(0.5)
@given(reports(), policies)
def test_how_much_was_looked_at_is_in_the_headline(found: Report, policy: Policy) -> None:
    decision = assess(found, policy).decision
    assert decision.complete is not lost(found, policy)
    assert ("unseen" in claims(decision)) is lost(found, policy)
    assert ("narrow" in claims(decision)) is (narrowed(found) and not lost(found, policy))
    assert decision.verdict != "allow" or not lost(found, policy)
    if decision.coverage == "file":
        assert all((o.status is Status.OK) == (o.source == "metadata") for o in found.detectors)


@share(0.5)
@given(reports(), policies)
def test_the_verdict_holds_for_the_level_that_is_shown(found: Report, policy: Policy) -> None:
    report = assess(found, policy)
    decision = report.decision
    assert decision.level == report.risk.level
    allowed = any((rule := policy.rule(f.kind)) and rule.decision == "allow" for f in counted(report))
    rank = RISING.index(decision.verdict)
    if not allowed and at_least(decision.level, policy.block_from):
        assert decision.verdict == "block"
    if not allowed and at_least(decision.level, policy.review_from):
        assert rank >= RISING.index("review")
        assert claims(decision) & {"look", "act"}
    if decision.verdict == "block":
        assert "act" in claims(decision)
    if at_least(decision.level, "medium"):
        # A level that asks for a look has a headline that does so too, or says whose doing it is that it does not.
        assert claims(decision) & {"look", "act"} or "by_policy" in decision.advice
    if "by_policy" in decision.advice:
        assert allowed or not at_least(decision.level, policy.review_from)
    if decision.level == "critical" and decision.verdict == "review":
        assert "act" in claims(decision)


@share(0.5)
@given(reports(), policies, levels)
def test_the_exit_status_follows(found: Report, policy: Policy, fail_on: str | None) -> None:
    report = assess(found, policy)
    status = report.decision.exit_status(fail_on)
    fails = at_least(report.risk.level, fail_on or FAIL_ON) or (fail_on is None and report.verdict == "block")
    assert status == (2 if lost(report, policy) else 1 if fails else 0)
    if status == 0 and fail_on is None:
        assert "unseen" not in claims(report.decision)
        assert report.verdict != "block"
    worst = _Worst(fail_on, "en")
    assert [*worst.watch(iter([report]))] == [report]
    assert worst.exit_code == status


@share(0.5)
@given(reports(), any_finding, policies, levels)
def test_a_finding_more_never_softens(found: Report, one: Finding, policy: Policy, fail_on: str | None) -> None:
    more = replace(found, findings=made(*found.findings, one).findings)
    before, after = assess(found, policy).decision, assess(more, policy).decision
    assert gravest(after) >= gravest(before)
    assert RISING.index(after.verdict) >= RISING.index(before.verdict)
    assert after.exit_status(fail_on) >= before.exit_status(fail_on)
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)


@share(0.5)
@given(reports(), policies, st.sampled_from(LANGUAGES))
def test_nothing_has_to_be_hidden_in_a_photo_that_is_fine(found: Report, policy: Policy, language: str) -> None:
    """Beside an all-clear, advice is bound to a condition: wrapped in one, or worded so for kinds of little harm."""
    report = assess(found, policy, language)
    if report.decision.tone != "fine":
        return
    for one in report.findings:
        plain = catalog.text(f"kind.{one.kind.value}.do", language)
        assert advice(one, language) != plain or one.kind.severity is Severity.LOW or not plain


IF = {"en": " if ", "ms": " jika ", "id": " jika ", "pt-BR": " se ", "zh-Hans": "如果", "ta": "ால்"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_on_kinds_of_little_harm_has_a_condition(language: str) -> None:
    little = [kind for kind in Kind if kind.severity is Severity.LOW]
    assert little
    assert [k for k in little if IF[language] not in catalog.text(f"kind.{k.value}.do", language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_headline_is_its_own(language: str) -> None:
    said = [catalog.text(key(code), language) for code in TONES]
    said += [catalog.text(f"level.{word}", language) for word in (*LEVELS, "none_seen", "nothing_new")]
    assert len(set(said)) == len(said)
    assert set(TONES) == set(CLAIMS) == set(REPORT["properties"]["headline"]["properties"]["codes"]["items"]["enum"])


def test_tones_rise_as_the_claims_do() -> None:
    tones = ("fine", "known", "part", "look", "unseen", "stop")
    assert {code: GRAVER.index(claim) for code, claim in CLAIMS.items()} == {
        code: tones.index(tone) for code, tone in TONES.items()
    }


# What every shell and format says

few = share(0.25)


def rendered(name: str, report: Report, language: str, **options: object) -> str:
    return "".join(renderer(name)(RenderOptions(language=language, **options)).render([report]))  # type: ignore[arg-type]


def plain(html: str) -> str:
    """The words of a piece of HTML on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def lowered(line: str) -> str:
    return line[:1].lower() + line[1:]


def all_said(report: Report, language: str) -> Iterable[str]:
    yield " ".join(rendered("text", report, language, width=200).split())
    yield plain(rendered("html", report, language).partition("</header>")[2].rpartition("<footer>")[0])


@few
@given(reports(), policies, st.sampled_from(LANGUAGES))
def test_every_format_and_shell_tells_the_same(found: Report, policy: Policy, language: str) -> None:
    report = assess(found, policy, language)
    decision = report.decision
    level, advised = decision.risk.text(language), decision.advised(language)
    caveat = decision.caveat.text(language) if decision.caveat else None

    text = " ".join(rendered("text", report, language, width=200).split())
    score = f" ({report.risk.score}/100)" if decision.scored else ""
    assert text.startswith(f"photo.jpg {level}{score}, {advised}")

    html = rendered("html", report, language)
    (strong,) = re.findall(r'<p class="level [^"]*"><strong>(.*?)</strong>', html)
    ((tone, words),) = re.findall(r'<p class="verdict tone-(\w+)">(.*?)</p>', html)
    assert (lowered(unescape(strong)), tone, lowered(unescape(words))) == (
        lowered(level),
        decision.tone,
        lowered(advised),
    )

    row = json.loads(rendered("json", report, language))
    jsonschema.validate(row, REPORT)
    assert row == json.loads(rendered("jsonl", report, language))
    assert (row["verdict"], row["risk"]["level"]) == (decision.verdict, decision.level)
    assert row["headline"] == {"codes": [*decision.advice], "text": f"{level}, {advised}", "caveat": caveat}
    assert (row["coverage"] == "cut") is not decision.complete

    log = json.loads(rendered("sarif", report, language))
    (run,) = log["runs"]
    (artifact,) = run["artifacts"]
    told = artifact["properties"]
    assert (told["level"], told["verdict"], told["headline"]) == (
        decision.level,
        decision.verdict,
        f"{level}, {advised}",
    )
    assert run["invocations"][0]["executionSuccessful"] is decision.complete

    summary = Summary()
    summary.add("photo.jpg", row, "whole")
    assert summary.headlines == {decision.advice: 1}
    assert summary.levels == {decision.level: 1}
    assert summary.verdicts == {decision.verdict: 1}
    assert (summary.incomplete == 0) is inspected(row) is decision.complete

    wanted = ServiceRequest("check", b"", "platform")
    answer = _checked(report, SimpleNamespace(options=SimpleNamespace(language=language)), wanted)  # type: ignore[arg-type]
    assert row["notices"] == [notice.to_dict(language) for notice in decision.notices]
    document = json.loads(answer.body) if hasattr(answer, "body") else answer.document
    assert document["decision"] == decision.verdict
    assert document["notices"] == row["notices"]
    assert document["report"]["headline"] == row["headline"]
    assert [r["decision"] for r in document["reasons"]] == sorted(
        (r["decision"] for r in document["reasons"]), key=("block", "incomplete", "review").index
    )
    assert (document["reasons"] or [{"decision": "allow"}])[0]["decision"] == decision.verdict

    judged = view.judgement(report)
    assert (judged["level"], judged["verdict"], judged["tone"]) == (decision.level, decision.verdict, decision.tone)
    page = judged["decision"][language]
    assert (page["level"], page["advice"], page["caveat"]) == (level, advised, caveat)

    asked = [notice.sentence.text(language) for notice in decision.notices]
    assert page["notices"] == asked
    for said in (text, plain(html), artifact["description"]["text"]):
        assert [sentence for sentence in asked if sentence not in said] == []
        assert caveat is None or caveat in said
        assert caveat is not None or catalog.text("headline.caveat", language) not in said


@few
@given(reports(), policies, st.sampled_from(LANGUAGES))
def test_what_was_not_wholly_seen_is_never_called_clean(found: Report, policy: Policy, language: str) -> None:
    report = assess(found, policy, language)
    if report.decision.coverage == "whole":
        return
    clean = [catalog.text("verdict.allow", language), catalog.text("report.nothing", language)]
    for said in all_said(report, language):
        assert [words for words in clean if words.casefold() in said.casefold()] == []


# Stories that were told wrongly


def told(*words: str, policy: Policy = DEFAULT, outcomes: tuple[DetectorOutcome, ...] = ALL_DONE) -> Decision:
    return assess(made(*map(finding, words), outcomes=outcomes), policy).decision


def only(source: str) -> tuple[DetectorOutcome, ...]:
    return tuple(
        DetectorOutcome(d.name, *(FINE[0] if d.source == source else ASKED), source=d.source) for d in REGISTRY
    )


STORIES = [
    # found, policy, outcomes, level, verdict, advice, exit status
    (("face",), "default", ALL_DONE, "low", "allow", ("allow",), 0),
    (("face",) * 9, "platform", ALL_DONE, "low", "allow", ("allow",), 0),
    (("face", "metadata.datetime", "metadata.device"), "platform", ALL_DONE, "low", "allow", ("allow",), 0),
    (("face",), "strict", ALL_DONE, "low", "block", ("block",), 1),
    (("face",), "workshop", ALL_DONE, "low", "review", ("review",), 0),
    (("face.child",), "default", ALL_DONE, "high", "review", ("review",), 1),
    (("face", "text.person"), "platform", ALL_DONE, "medium", "review", ("review",), 0),
    (("plate@0.4",), "default", ALL_DONE, "low", "allow", ("allow",), 0),
    (("text.national_id@0.4",), "default", ALL_DONE, "medium", "review", ("review",), 0),
    (("text.national_id@0.4",), "platform", ALL_DONE, "medium", "review", ("review",), 0),
    (("text.national_id@0.02",), "default", ALL_DONE, "low", "allow", ("allow",), 0),
    (("text.national_id",), "workshop", ALL_DONE, "critical", "review", ("hide",), 1),
    (("text.national_id",), "default", ALL_DONE, "critical", "block", ("block",), 1),
    (("document.boarding_pass@0.6",), "default", ALL_DONE, "high", "review", ("review",), 1),
    ((), "default", only("metadata"), "none", "allow", ("file",), 0),
    ((), "strict", only("metadata"), "none", "incomplete", ("file",), 0),
    (("metadata.gps",), "default", only("metadata"), "high", "review", ("review", "file"), 1),
    ((), "default", only("text"), "none", "incomplete", ("part",), 0),
    ((), "default", (*ALL_DONE, DetectorOutcome("pages", *LEFT[0])), "none", "incomplete", ("incomplete",), 2),
    ((), "default", (*ALL_DONE, DetectorOutcome("document", *LEFT[1])), "none", "incomplete", ("incomplete",), 2),
    (("text.secret",), "default", (*ALL_DONE, DetectorOutcome("pages", *LEFT[0])), "critical", "block",
     ("block", "incomplete"), 2),
]  # fmt: skip


def without(
    outcomes: tuple[DetectorOutcome, ...], name: str, status: Status, reason: str | None
) -> tuple[DetectorOutcome, ...]:
    """The outcomes, but for one of them."""
    return tuple(replace(o, status=status, reason=reason) if o.name == name else o for o in outcomes)


FILE_SUFFICES = replace(DEFAULT, required_of_file=("gps", "filename"))
NO_PICTURE = only("metadata")
LOOKS_OF_LESS = {
    # outcomes, and what a policy has to say of them that is content with the file
    "the file": (NO_PICTURE, "allow"),
    "the file but for one detector": (without(NO_PICTURE, "filename", *ASKED), "incomplete"),
    "one that decides nothing is left out": (without(NO_PICTURE, "origin", *ASKED), "incomplete"),
    "one that failed": (without(NO_PICTURE, "gps", *LEFT[1]), "incomplete"),
    "all but faces": (without(ALL_DONE, "face", *ASKED), "incomplete"),
    "the file, where the picture could not be looked at": (without(NO_PICTURE, "face", *LEFT[1]), "incomplete"),
    "text alone": (only("text"), "incomplete"),
    "everything": (ALL_DONE, "allow"),
}


@pytest.mark.parametrize("look", LOOKS_OF_LESS)
def test_the_file_alone_suffices_where_the_policy_says_so(look: str) -> None:
    outcomes, verdict = LOOKS_OF_LESS[look]
    assert told(policy=FILE_SUFFICES, outcomes=outcomes).verdict == verdict
    assert told(policy=replace(FILE_SUFFICES, required_of_file=None), outcomes=NO_PICTURE).verdict == "incomplete"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story[0]}-{story[1]}-{story[5]}")
def test_stories(
    story: tuple[tuple[str, ...], str, tuple[DetectorOutcome, ...], str, str, tuple[str, ...], int],
) -> None:
    found, name, ran, level, verdict, codes, status = story
    decision = told(*found, policy=Policy.load(name), outcomes=ran)
    assert (decision.level, decision.verdict, decision.advice) == (level, verdict, codes)
    assert decision.exit_status() == status


def test_what_the_policy_lets_pass_is_told_as_its_doing() -> None:
    policy = Policy.parse({"name": "p", "version": "1", "kinds": {"plate": "allow"}})
    report = assess(made(finding("plate")), policy)
    assert (report.risk.level, report.verdict, report.decision.advice) == ("high", "allow", ("by_policy",))
    assert advice(report.findings[0], "en") == "The policy lets this pass; if you want to be careful: hide the plate."
    lax = Policy.parse({"name": "p", "version": "1", "review_from": "high"})
    assert assess(made(finding("text.phone")), lax).decision.advice == ("by_policy",)


def test_what_does_not_count_is_no_all_clear_by_itself() -> None:
    report = assess(made(exempt.marked(finding("plate"), "known")), DEFAULT)
    assert report.decision.advice == ("known",)
    assert report.decision.caveat is not None
    assert advice(report.findings[0], "en") == ""
    beside = made(exempt.marked(finding("plate"), "known"), finding("metadata.device"))
    assert assess(beside, DEFAULT).decision.advice == ("known",)


def test_a_report_that_nobody_judged_is_no_all_clear() -> None:
    assert made().decision.advice == ("unseen",)
    assert made().decision.exit_status() == 2


SHOWN = {
    "the same as the photo": "same",
    "something else than the photo": "other",
    "another shape than the photo": "shape",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shows", SHOWN)
def test_a_preview_is_explained_by_what_it_shows(shows: str, language: str) -> None:
    one = replace(finding("metadata.thumbnail"), attributes={"shows": shows})
    said = explain(one, language)
    assert said == " ".join(catalog.text(f"detail.preview.{SHOWN[shows]}{part}", language) for part in ("", ".why"))
    assert explain(finding("metadata.thumbnail"), language) == catalog.text("kind.metadata.thumbnail.why", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_advice_on_a_boarding_pass_ends_with_the_journey(language: str) -> None:
    """The booking opens personal data long after the flight."""
    after = {
        "en": "after the journey",
        "ms": "selepas perjalanan",
        "id": "setelah perjalanan",
        "pt-BR": "depois da viagem",
        "zh-Hans": "旅行之后",
        "ta": "பயணம் முடிந்த பிறகு",
    }
    for kind in ("code.boarding_pass", "document.boarding_pass"):
        assert after[language] in catalog.text(f"kind.{kind}.do", language)
