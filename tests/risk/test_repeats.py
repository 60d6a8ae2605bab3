"""What ties photos together: which values, how near, at which hours, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from photoscan.finding import Finding, with_ids
from photoscan.kind import Kind
from photoscan.report import Report
from photoscan.risk import exempt, joined, repeats
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
    (found,) = repeats.find(at(f"2026:03:10 {hour:02}:30:00", "2026-03-02T22:10:00", "2026-03-01T22:10:00"))
    assert len(found.nights) == (3 if hour >= 19 or hour < 7 else 2)
    assert found.home is (len(found.nights) == 3)


@pytest.mark.parametrize(
    ("second", "nights"),
    [("2026:03:01 23:50:00", 1), ("2026/03/02 00:10", 1), ("2026/03/02 06:59", 1), ("2026/03/02 07:00", 1),
     ("2026/03/02 19:00", 2), ("2026/02/28 23:00", 2), ("2026:03:02", 1), ("2026:13:41 23:50:00", 1), ("", 1)],
)  # fmt: skip
def test_a_night_is_that_of_the_day_on_which_it_began(second: str, nights: int) -> None:
    (found,) = repeats.find(at("2026:03:01 20:00:00", second))
    assert len(found.nights) == nights
    assert found.stay is (nights > 1)
    assert not found.home


@pytest.mark.parametrize(
    ("days", "stay", "home"),
    [((1,), False, False), ((1, 2), True, False), ((1, 2, 3, 4, 5, 6, 7, 8), True, False), ((1, 2, 9), True, True),
     ((1, 9), True, False), ((1, 15, 29), True, True)],
)  # fmt: skip
def test_two_evenings_in_a_hotel_are_no_home(days: tuple[int, ...], stay: bool, home: bool) -> None:
    (found,) = repeats.find(at(*(f"2026:03:{day:02} 21:00:00" for day in (*days, days[0]))))
    assert (found.stay, found.home) == (stay, home)


@pytest.mark.parametrize("kind", TIES)
def test_only_places_are_homes(kind: str) -> None:
    night = [finding("metadata.datetime", f"2026:03:{day:02} 23:00:00") for day in (1, 5, 20)]
    same = finding(kind, TIES[kind])
    (found,) = told(*([same, one] for one in night))
    assert len(found.nights) == 3
    assert found.home is found.stay is (kind in ("metadata.gps", "text.address", "text.house_number"))


# Monday, 2 March 2026, to Saturday
WEEK = [f"2026:03:0{day} 07:2{day}:00" for day in range(2, 8)]


@pytest.mark.parametrize(
    ("moments", "kind", "routine"),
    [(WEEK[:4], "face.child", True), (WEEK[:3], "face.child", True), (WEEK[:2], "face.child", False),
     ((*WEEK[:2], WEEK[5]), "face.child", False), (WEEK[:4], "face", False), (WEEK[:4], "face.child@0.4", False),
     ([m.replace(" 07", " 15") for m in WEEK[:4]], "face.child", False), ([WEEK[0]] * 5, "face.child", False),
     (("2026:03:01 07:00:00", *WEEK[:2]), "face.child", True)],
)  # fmt: skip
def test_a_child_at_one_place_on_school_mornings(moments: Sequence[str], kind: str, routine: bool) -> None:
    place = finding("metadata.gps", "60.000000, 24.000000")
    (found,) = told(*([place, finding(kind), finding("metadata.datetime", moment)] for moment in moments))
    assert found.routine is routine
    school = finding("text.school", "SK Melati")
    (found,) = told(*([school, finding(kind), finding("metadata.datetime", moment)] for moment in moments))
    assert found.routine is routine
    (found,) = told(*([finding("plate"), finding(kind), finding("metadata.datetime", m)] for m in moments))
    assert not found.routine


# Photos without a position beside one that has it

PLACE = finding("metadata.gps", "60.000000, 24.000000")


def taken(moment: str, *rows: Finding) -> list[Finding]:
    return [finding("metadata.datetime", f"2026:03:01 {moment}"), *rows]


def test_a_face_a_minute_from_a_position_is_joined() -> None:
    found = joined.find(
        photos(taken("12:00:00", PLACE), taken("12:01:00", finding("face")), taken("12:20:00", finding("face")))
    )
    assert [(j.beside, j.paths, j.minutes, j.place.value) for j in found] == [("0.jpg", ("1.jpg",), 1, PLACE.value)]


@pytest.mark.parametrize(
    ("row", "joins"),
    [(taken("11:58:30", finding("face.child")), True), (taken("12:05:00", finding("face")), True),
     (taken("12:05:01", finding("face")), False), (taken("12:01:00", finding("face@0.4")), False),
     (taken("12:01:00", finding("plate")), False), (taken("12:01:00", finding("face"), PLACE), False),
     ([finding("face")], False), (taken("12:01:00", exempt.marked(finding("face"), "known")), False)],
)  # fmt: skip
def test_what_is_joined(row: list[Finding], joins: bool) -> None:
    assert bool(joined.find(photos(taken("12:00:00", PLACE), row))) is joins


def test_the_nearest_photo_with_a_position_speaks() -> None:
    other = finding("metadata.gps", "61.000000, 24.000000")
    rows = photos(taken("12:00:00", PLACE), taken("12:04:00", other), taken("12:03:00", finding("face")))
    assert [j.beside for j in joined.find(rows)] == ["1.jpg"]


def test_other_folders_and_other_devices_are_not_joined() -> None:
    def both(path: str, *devices: str) -> list[joined.Joined]:
        rows = (taken("12:00:00", PLACE), taken("12:01:00", finding("face")))
        with_device = (
            [*row, finding("metadata.device", d)] if d else row for row, d in zip(rows, devices, strict=True)
        )
        first, second = photos(*with_device)
        return joined.find([first, replace(second, photo=replace(second.photo, path=path))])

    assert both("b.jpg", "", "")
    assert both("b.jpg", "Phone 1", "")
    assert both("b.jpg", "Phone 1", "Phone 1")
    assert not both("b.jpg", "Phone 1", "Camera 2")
    assert not both("else/b.jpg", "", "")


def test_an_id_is_no_part_of_it() -> None:
    first, second = with_ids([finding("plate", "WAB 1234")]), with_ids([finding("plate@0.8", "WAB 1234")])
    assert len(told(first, second)) == 1
