"""A face alone decides nothing: it is told and asked about, and counts in full beside what leads to somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES, text
from photoscan.errors import UsageError
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.report import Report
from photoscan.risk import alone, assess, exempt
from photoscan.risk.explain import advice
from photoscan.risk.policy import Policy
from tests.properties import share
from tests.risk.reports import DEFAULT, finding, made

PLATFORM = Policy.load("platform")


def face(group: str = "adult", confidence: float = 0.95) -> Finding:
    return replace(finding(f"face@{confidence}"), attributes={"age_group": group})


def codes(report: Report) -> list[str]:
    return [notice.code for notice in report.decision.notices]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.sampled_from([DEFAULT, PLATFORM]))
def test_adults_faces_alone_are_low_and_allowed_however_many(sure: list[float], policy: Policy) -> None:
    report = assess(made(*(face("adult", c) for c in sure), finding("metadata.datetime")), policy)
    assert (report.risk.level, report.verdict) == ("low", "allow")
    assert codes(report) == (["consent"] if max(sure) >= 0.5 else [])


WITH = (
    "metadata.gps", "metadata.place", "text.person", "metadata.person", "text.school", "text.phone", "text.address",
    "text.street", "plate", "text.email", "metadata.motion", "metadata.shadow_image",
)  # fmt: skip


@pytest.mark.parametrize("kind", WITH)
def test_a_face_counts_in_full_beside_what_leads_to_somebody(kind: str) -> None:
    both, other = (assess(made(*rows), PLATFORM) for rows in ((face(), finding(kind)), (finding(kind),)))
    assert both.verdict in ("review", "block")
    assert both.risk.score > other.risk.score


@pytest.mark.parametrize(
    "kind", ["metadata.datetime", "metadata.device", "metadata.software", "text.place", "text.url"]
)
def test_it_does_not_beside_what_nearly_every_photo_says(kind: str) -> None:
    assert assess(made(face(), finding(kind)), PLATFORM).verdict == "allow"


def test_a_child_is_no_notice() -> None:
    report = assess(made(finding("face.child")), DEFAULT)
    assert (report.risk.level, report.verdict, codes(report)) == ("high", "review", [])


def test_who_may_be_a_minor_counts_as_an_unsure_child() -> None:
    adult, young = (assess(made(face(group)), PLATFORM) for group in ("adult", "possible minor"))
    assert young.risk.score > adult.risk.score
    assert (young.risk.level, young.verdict, codes(young)) == ("low", "allow", ["minor"])
    by_school = [assess(made(face(group), finding("text.school")), PLATFORM) for group in ("adult", "possible minor")]
    assert by_school[1].risk.score > by_school[0].risk.score
    assert [kind.value for kind in (f.kind for f in young.findings)] == ["face"]


def test_in_strict_every_face_counts() -> None:
    report = assess(made(face()), Policy.load("strict"))
    assert (report.verdict, codes(report)) == ("block", [])


def test_what_does_not_count_is_not_asked_about() -> None:
    lets = Policy.parse({"name": "p", "version": "1", "kinds": {"face": "allow"}})
    assert codes(assess(made(face()), lets)) == []
    assert codes(assess(made(exempt.marked(face(), "reviewed")), DEFAULT)) == []


def test_what_the_detector_knows_better_counts_as_it_says() -> None:
    report = assess(made(finding("face!high")), DEFAULT)
    assert (report.risk.level, codes(report)) == ("high", [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_of_a_face_alone_asks_before_it_hides(language: str) -> None:
    (one,) = assess(made(face()), DEFAULT).findings
    assert one.attributes[alone.ATTRIBUTE] is True
    plain = text("kind.face.do", language)
    assert advice(one, language) != plain
    beside = assess(made(face(), finding("text.person")), DEFAULT).findings[0]
    assert alone.ATTRIBUTE not in beside.attributes
    assert advice(beside, language) == plain


@share(0.5)
@given(st.lists(st.sampled_from(["adult", "possible minor", "unknown"]), max_size=4), st.sampled_from(LANGUAGES))
def test_notices_are_read_back_from_a_report(groups: list[str], language: str) -> None:
    report = assess(made(*map(face, groups)), DEFAULT, language)
    document = report.to_dict()
    again = Report.from_dict(document)
    assert again.to_dict()["notices"] == document["notices"]
    # Ours can be told in any language again, what another version said only as it stands.
    assert again.decision.notices == report.decision.notices
    for row in document["notices"]:
        row["message"] = "?"
    assert Report.from_dict(document).to_dict()["notices"] == document["notices"]


def test_a_broken_notice_is_refused() -> None:
    document = assess(made(face()), DEFAULT).to_dict()
    document["notices"] = [{"code": "consent", "findings": 3, "message": "?"}]
    with pytest.raises(UsageError):
        Report.from_dict(document)


def test_an_older_report_has_none() -> None:
    document = assess(made(face()), DEFAULT).to_dict()
    del document["notices"]
    assert Report.from_dict(document).decision.notices == ()


def test_only_faces_weigh_less_alone() -> None:
    assert {kind.value for kind in Kind if kind.alone < 1} == {"face", "face.known"}
