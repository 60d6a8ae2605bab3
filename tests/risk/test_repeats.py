"""What ties photos together: which values, how near, at which hours, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from photoscan.finding import Finding, with_ids
from photoscan.kind import Kind
from photoscan.report import Report
from photoscan.risk import exempt, repeats
from tests.risk.reports import finding, made

TIES = {
    "metadata.gps": "-6.200000, 106.800000", "plate": "WAB 1234", "text.address": "Jalan Melati 4",
    "metadata.serial": "X1", "text.phone": "+60123", "text.email": "a@b.my", "text.person": "Aina",
    "metadata.person": "Aina", "text.handle": "@aina", "text.school": "SK Melati", "text.national_id": "1",
    "text.house_number": "4", "face.known": "Aina",
}  # fmt: skip
"""Kinds whose value is somebody's or of one place; in the order in which they are told."""


def photos(*rows: Sequence[Finding]) -> list[Report]:
    reports = []
    for number, row in enumerate(rows):
        report = made(*row)
        reports.append(replace(report, photo=replace(report.photo, path=f"{number}.jpg")))
    return reports


def told(*rows: Sequence[Finding]) -> list[repeats.Repeat]:
    return repeats.find(photos(*rows))


@pytest.mark.parametrize("kind", list(Kind))
def test_kinds_that_tie(kind: Kind) -> None:
    value = TIES.get(kind.value, "the same")
    assert bool(told([finding(kind, value)], [finding(kind, value)])) is (kind.value in TIES)


def test_they_are_told_by_kind_then_by_how_many_photos_then_by_name() -> None:
    row = [finding(kind, value) for kind, value in TIES.items()]
    assert [repeat.finding.kind.value for repeat in told(row, row[::-1])] == list(TIES)
    both, three = finding("plate", "TWO"), finding("plate", "THREE")
    found = told([both, three], [both, three], [three], [finding("plate", "LATE")], [finding("plate", "LATE")])
    assert [(r.finding.value, r.paths) for r in found] == [
        ("THREE", ("0.jpg", "1.jpg", "2.jpg")), ("TWO", ("0.jpg", "1.jpg")), ("LATE", ("3.jpg", "4.jpg")),
    ]  # fmt: skip


def test_once_in_each_of_two_photos_not_twice_in_one() -> None:
    plate = finding("plate", "WAB 1234")
    assert told([plate, plate], []) == []
    assert told([plate], [replace(plate, value="w-ａb1234")])[0].paths == ("0.jpg", "1.jpg")
    assert told([plate], [finding("plate", "WAB 1235")]) == []
    assert told([plate], [finding("text.handle", "WAB 1234")]) == []


@pytest.mark.parametrize(
    "other",
    [finding("plate@0.49", "WAB 1234"), replace(finding("plate"), value=None), finding("plate", ""),
     exempt.marked(finding("plate", "WAB 1234"), "known")],
)  # fmt: skip
def test_what_is_unsure_unread_or_known_ties_nothing(other: Finding) -> None:
    assert told([finding("plate", "WAB 1234")], [other]) == []
    assert told([other], [other]) == []


def test_the_surest_speaks_for_all() -> None:
    found = told(
        [finding("plate@0.6", "WAB 1234")], [finding("plate@0.9", "WAB1234")], [finding("plate@0.7", "wab1234")]
    )
    assert [(r.finding.confidence, r.finding.value) for r in found] == [(0.9, "WAB1234")]


@pytest.mark.parametrize(
    ("other", "same"),
    # a degree of latitude is 111.2 km; one of longitude at 60 degrees half of that
    [("60.000000, 24.000000", True), ("60.001340, 24.000000", True), ("60.001360, 24.000000", False),
     ("59.998660, 24.000000", True), ("59.998640, 24.000000", False), ("60.000000, 24.002690", True),
     ("60.000000, 24.002710", False), ("60.000000, 23.997310", True), ("60.001000, 24.002000", False),
     ("60.001000, 24.001700", True), ("-60.000000, 24.000000", False), ("60.000000, -24.000000", False)],
)  # fmt: skip
def test_how_near_is_one_place(other: str, same: bool) -> None:
    found = told([finding("metadata.gps", "60.000000, 24.000000")], [finding("metadata.gps", other)])
    assert bool(found) is same


def at(*moments: str) -> list[Report]:
    home = finding("metadata.gps", "60.000000, 24.000000")
    return photos(*([home, finding("metadata.datetime", moment)] for moment in moments))


@pytest.mark.parametrize("hour", range(24))
def test_hours_at_which_people_are_at_home(hour: int) -> None:
    (found,) = repeats.find(at(f"2026:03:01 {hour:02}:30:00", "2026-03-02T22:10:00"))
    assert found.nights == (2 if hour >= 19 or hour < 7 else 1)
    assert found.home is (found.nights == 2)


@pytest.mark.parametrize(
    ("second", "nights"),
    [("2026:03:01 23:50:00", 1), ("2026/03/02 00:10", 2), ("2026:03:02", 1), ("2026:13:41 23:50:00", 1), ("", 1)],
)
def test_nights_are_counted_by_days(second: str, nights: int) -> None:
    (found,) = repeats.find(at("2026:03:01 20:00:00", second))
    assert (found.nights, found.home) == (nights, nights > 1)


@pytest.mark.parametrize("kind", TIES)
def test_only_places_are_homes(kind: str) -> None:
    night = [finding("metadata.datetime", f"2026:03:0{day} 23:00:00") for day in (1, 2)]
    same = finding(kind, TIES[kind])
    (found,) = told([same, night[0]], [same, night[1]])
    assert found.nights == 2
    assert found.home is (kind in ("metadata.gps", "text.address", "text.house_number"))


def test_an_id_is_no_part_of_it() -> None:
    first, second = with_ids([finding("plate", "WAB 1234")]), with_ids([finding("plate@0.8", "WAB 1234")])
    assert len(told(first, second)) == 1
