"""A report that was written down can be read again, and nothing else passes for one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import Kind, Report, UsageError
from photoscan.finding import Field, Finding, Region, Span
from photoscan.geometry import Box
from photoscan.options import LANGUAGES
from photoscan.report import DetectorOutcome, ModelInfo, PhotoInfo, ReportError, Status
from photoscan.risk import assess, exempt
from photoscan.risk.policy import SHIPPED, Policy
from tests.properties import share
from tests.risk.reports import any_finding, made

words = st.text(max_size=12)
corners = st.tuples(st.floats(-50, 5000), st.floats(-50, 5000))
boxes = st.builds(Box, st.integers(-9, 900), st.integers(0, 700), st.integers(1, 100), st.integers(1, 100))
places = st.one_of(
    st.builds(Span, st.lists(st.integers(0, 9), min_size=1).map(tuple)),
    st.builds(Field, words, words, st.one_of(st.none(), st.integers(0)), st.one_of(st.none(), st.integers(0))),
    st.builds(
        Region,
        boxes,
        st.one_of(st.none(), st.lists(corners, min_size=3, max_size=5).map(tuple)),
        st.one_of(st.none(), st.integers(0, 9)),
    ),
)
findings = st.builds(
    lambda found, place, detector, why, more, mark: (
        exempt.marked(replace(found, location=place, detector=detector, reason=why, attributes=more), "known")
        if mark
        else replace(found, location=place, detector=detector, reason=why, attributes=more)
    ),
    any_finding,
    places,
    words,
    words,
    st.dictionaries(st.sampled_from(["value_city", "country", "town", "hidden2"]), st.one_of(words, st.integers())),
    st.booleans(),
)
outcomes = st.builds(
    DetectorOutcome,
    words,
    st.sampled_from(Status),
    st.sampled_from([None, "requested", "budget", "not_installed", "crash: ValueError"]),
    st.floats(0, 99),
)
photos = st.builds(
    PhotoInfo,
    words,
    st.one_of(st.none(), st.just("a" * 64)),
    st.one_of(st.none(), st.integers(0)),
    st.one_of(st.none(), st.just("jpeg")),
    st.one_of(st.none(), st.integers(1)),
    st.one_of(st.none(), st.integers(1)),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    report = replace(
        made(*draw(st.lists(findings, max_size=4)), outcomes=tuple(draw(st.lists(outcomes, max_size=4)))),
        photo=draw(photos),
        error=draw(st.one_of(st.none(), st.builds(ReportError, words, words))),
        models=tuple(draw(st.lists(st.builds(ModelInfo, words, st.just("b" * 64)), max_size=2))),
    )
    policy = Policy.load(draw(st.sampled_from(SHIPPED)))
    return assess(report, policy, draw(st.sampled_from(LANGUAGES)))


@given(reports(), st.booleans())
def test_a_report_comes_back_as_it_was_written(report: Report, show: bool) -> None:
    document = report.to_dict(show_values=show)
    again = Report.from_dict(json.loads(json.dumps(document)))
    assert again.to_dict(show_values=show) == json.loads(json.dumps(document))
    assert again.verdict == report.verdict
    assert again.decision.advice == report.decision.advice
    assert again.decision.complete is report.decision.complete
    assert again.decision.exit_status() == report.decision.exit_status()
    assert [f.value for f in again.findings] == [f.value if show else None for f in report.findings]


@share(0.25)
@given(reports(), st.sampled_from(LANGUAGES))
def test_what_it_says_can_be_said_in_another_language(report: Report, language: str) -> None:
    again = Report.from_dict(report.to_dict())
    assert again.decision.headline(language) == report.decision.headline(language)
    assert (again.decision.caveat is None) is (report.decision.caveat is None)
    if again.decision.caveat and report.decision.caveat:
        assert again.decision.caveat.text(language) == report.decision.caveat.text(language)


def sample() -> dict[str, Any]:
    place = Region(Box(1, 2, 3, 4), ((1.0, 2.0), (4.0, 2.0), (4.0, 6.0)), 0)
    rows = (
        Finding(Kind.PLATE, 0.9, place, "plate", "shape", "BQU 5613"),
        Finding(Kind.METADATA_PERSON, 0.9, Field("exif", "Artist", 4, 9), "names", "a name", "Aina Contoh"),
        Finding(Kind.TEXT_PHONE, 0.9, Span((0,)), "contact", "a phone", "+60 12 555 0199"),
    )
    report = replace(made(*rows), models=(ModelInfo("reader", "c" * 64),), error=ReportError("corrupt", "broken"))
    document = assess(report, Policy.load("default")).to_dict(show_values=True)
    found = json.loads(json.dumps(document))
    assert isinstance(found, dict)
    return found


def spots(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every member of a document."""
    if isinstance(value, dict):
        return [path, *(spot for name, row in value.items() for spot in spots(row, (*path, name)))]
    if isinstance(value, list):
        return [path, *(spot for i, row in enumerate(value) for spot in spots(row, (*path, i)))]
    return [path]


FREE = {"attributes", "value_masked"}
"""Attributes can be anything; what is seen of a value that is there is made anew from it."""


class Odd:
    """Nothing that JSON has."""

    def __repr__(self) -> str:  # without a place in memory: both processes name their tests by it
        return "Odd()"


@pytest.mark.parametrize("wrong", [None, Odd(), -7, "?", [], float("nan"), True], ids=repr)
def test_a_broken_part_is_told_by_its_place_and_without_values(wrong: object) -> None:
    plain = sample()
    told: list[str] = []
    for way in spots(plain):
        if not way or FREE & set(way):
            continue
        document = copy.deepcopy(plain)
        holder: Any = document
        for step in way[:-1]:
            holder = holder[step]
        holder[way[-1]] = wrong
        try:
            again = Report.from_dict(document).to_dict(show_values=True)
        except UsageError as error:
            told.append(str(error))
        else:
            for finding in (*again["findings"], *document["findings"]):
                finding.pop("value_masked")
            assert again == document, way
    assert len(told) > 40
    assert not [words for words in told if "BQU" in words or "Aina" in words]


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda d: d["findings"][0].pop("confidence"), "findings[0].confidence"),
        (lambda d: d["findings"][0].update(confidence=1.5), "findings[0].confidence"),
        (lambda d: d["findings"][1].update(kind="metadata.persn"), "findings[1].kind"),
        (lambda d: d["findings"][0]["location"].update(box=[1, 2, 3]), "findings[0].location.box"),
        (lambda d: d["findings"][0]["location"].update(type="place"), "findings[0].location.type"),
        (lambda d: d["detectors"][3].update(status="fine"), "detectors[3].status"),
        (lambda d: d["risk"].update(score=101), "risk.score"),
        (lambda d: d["risk"].update(level="dire"), "risk.level"),
        (lambda d: d.update(verdict="alow"), "verdict"),
        (lambda d: d["headline"].update(codes=["fine"]), "headline.codes"),
        (lambda d: d["headline"].update(codes=[]), "headline.codes"),
        (lambda d: d.pop("error"), "error"),
        (lambda d: d.pop("photo"), "photo"),
    ],
)
def test_the_place_of_what_is_wrong(spoil: Callable[[dict[str, Any]], object], place: str) -> None:
    document = sample()
    spoil(document)
    with pytest.raises(UsageError) as caught:
        Report.from_dict(document)
    assert f"'{place}'" in str(caught.value)


@pytest.mark.parametrize("version", ["1.1", "2.0", None, 1.0])
def test_another_schema_is_refused(version: object) -> None:
    document = sample() | {"schema_version": version}
    with pytest.raises(UsageError, match=r"schema version 1\.0"):
        Report.from_dict(document)


@pytest.mark.parametrize("document", [None, [], "{}", 7, {1: 2}, {}], ids=repr)
def test_what_is_no_report_is_refused(document: Any) -> None:
    with pytest.raises(UsageError):
        Report.from_dict(document)


def test_a_report_of_other_words_keeps_its_words_and_what_is_new_in_it_is_left_out() -> None:
    document = sample() | {"later": 1}
    document["headline"]["text"] = "Danger ahead, stop"
    again = Report.from_dict(document)
    assert again.decision.headline() == "Danger ahead, stop"
    assert "Danger" not in again.decision.headline("ms")
    assert "later" not in again.to_dict()


def test_a_report_from_before_headlines_can_be_read() -> None:
    document = sample()
    del document["headline"]
    del document["coverage"]
    assert Report.from_dict(document).verdict == document["verdict"]
