"""Points by table and by property: what hits, what it is worth, and that no trick is worth more."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.geometry import Box
from photoscan.workshop.game.marks import FILE, NOTHING, Mark, at, box, what
from photoscan.workshop.game.rounds import Round
from photoscan.workshop.game.scoring import Outcome, judge, score
from tests.workshop.game.drawing import BLUR, CALM, CAT, HEIGHT, MARGIN, ROUNDS, SIGN, SMALL, STREET, TRAP, WIDTH, leak

CENTRE = SIGN.centre
LONG, FLAT = Box(100, 100, 400, 20), Round("line", WIDTH, HEIGHT, (leak("line", Box(100, 100, 400, 20)),), ())


def one(photo: Round, *marks: Mark) -> Outcome:
    return score(photo, {"a": [marks]})


HITS: list[tuple[Mark, str | None]] = [
    (at(*CENTRE), "sign"),
    (at(SIGN.x, SIGN.y), "sign"),
    (at(SIGN.x - MARGIN, SIGN.y), "sign"),
    (at(SIGN.x - MARGIN - 1, SIGN.y), None),
    (at(SIGN.x, SIGN.y2 + MARGIN), "sign"),
    (at(SIGN.x, SIGN.y2 + MARGIN + 1), None),
    # In the margins of both: whichever is nearer.
    (at(186, 115), "sign"),
    (at(195, 115), "small"),
    (at(*SMALL.centre), "small"),
    (box(*SIGN.as_list()), "sign"),
    (box(SIGN.x - 20, SIGN.y - 20, SIGN.w + 40, SIGN.h + 40), "sign"),
    (box(*SMALL.as_list()), "small"),
    (box(SIGN.x + 20, SIGN.y + 10, 4, 4), "sign"),
    # Half beside it.
    (box(SIGN.x - 120, SIGN.y, 140, 40), None),
    (box(SIGN.x, SIGN.y, 500, 400), None),
    (box(0, 0, WIDTH, HEIGHT), None),
    (box(900, 0, 50, 50), None),
    (at(999, 599), None),
]


@pytest.mark.parametrize(("mark", "name"), HITS)
def test_what_a_mark_hits(mark: Mark, name: str | None) -> None:
    assert judge(STREET, "a", mark).leaks == ((name,) if name else ())


def test_a_thin_frame_along_a_line_hits_it() -> None:
    assert judge(FLAT, "a", box(LONG.x, LONG.y2 + 5, LONG.w, 10)).right
    assert judge(FLAT, "a", box(LONG.x + 150, LONG.y - 10, 60, 50)).right


def test_half_of_the_photo_is_too_much_even_for_what_is_large() -> None:
    large = Round("large", WIDTH, HEIGHT, (leak("wall", Box(0, 0, 500, 560)),), ())
    assert judge(large, "a", box(0, 0, 500, 560)).right
    assert not judge(large, "a", box(0, 0, 501, 600)).right


WORTH: list[tuple[Round, tuple[Mark, ...], int]] = [
    (STREET, (), 0),
    (STREET, (at(*CENTRE),), 2),
    (STREET, (at(*CENTRE, False),), 1),
    (STREET, (at(*BLUR.centre),), 1),
    (STREET, (at(*BLUR.centre, False),), 2),
    (STREET, (at(*CENTRE), at(*SMALL.centre), at(*BLUR.centre, False)), 6),
    (STREET, (at(*CENTRE), box(*SIGN.as_list())), 2),
    (STREET, (at(*CENTRE), at(*TRAP.centre)), 1),
    (STREET, (at(*CENTRE), at(*TRAP.centre, False)), 2),
    (STREET, (at(*CENTRE), at(900, 100)), 1),
    (STREET, (at(*CENTRE), at(900, 100, False)), 2),
    (STREET, (at(*CENTRE), at(900, 100), at(905, 103)), 1),
    (STREET, (at(*CENTRE), at(900, 100), at(500, 500)), 0),
    (STREET, (at(900, 100), at(500, 500)), 0),
    (STREET, (at(*CENTRE), what(FILE)), 1),
    (STREET, (at(*CENTRE), what(FILE, False)), 2),
    (STREET, (what(NOTHING),), 0),
    (CAT, (what(FILE),), 4),
    (CAT, (what(FILE, False),), 2),
    (CAT, (what(FILE), at(500, 300)), 3),
    (CAT, (what(NOTHING),), 0),
    (CALM, (what(NOTHING),), 2),
    (CALM, (what(NOTHING, False),), 1),
    (CALM, (at(*TRAP.centre),), 0),
    (CALM, (what(FILE),), 0),
]


@pytest.mark.parametrize(("photo", "marks", "points"), WORTH)
def test_what_marks_are_worth(photo: Round, marks: tuple[Mark, ...], points: int) -> None:
    assert one(photo, *marks).gained == {"a": points}


def test_who_alone_finds_something_gets_one_more() -> None:
    told = score(STREET, {"a": [[at(*CENTRE)]], "b": [[at(*SMALL.centre), at(*CENTRE, False)]], "c": [[]]})
    assert told.gained == {"a": 2, "b": 1 + 3, "c": 0}
    assert [(row.leak.name, dict(row.points), row.first_only) for row in told.found] == [
        ("sign", {"a": 2, "b": 1}, None),
        ("small", {"b": 3}, "b"),
        ("blur", {}, None),
    ]


def test_one_team_alone_is_not_alone_in_finding() -> None:
    assert one(STREET, at(*CENTRE)).found[0].first_only is None


def test_a_decoy_is_named() -> None:
    assert judge(STREET, "a", at(*TRAP.centre)).decoy == "trap"
    assert judge(STREET, "a", at(*CENTRE)).decoy is None


def test_mistakes_are_told_apart_from_what_was_gained() -> None:
    told = one(STREET, at(*CENTRE), at(900, 100), at(900, 300), at(900, 500))
    assert (told.lost, told.gained) == ({"a": -3}, {"a": 0})


PHONES: list[tuple[Round, list[list[Mark]], int]] = [
    # Two of three are sure, one of two is not enough.
    (STREET, [[at(*CENTRE)], [at(*CENTRE)], [at(*CENTRE, False)]], 2),
    (STREET, [[at(*CENTRE)], [at(*CENTRE, False)]], 1),
    (STREET, [[at(*BLUR.centre)], [at(*BLUR.centre, False)]], 2),
    # A pupil has one vote, however often they mark.
    (STREET, [[at(*CENTRE), at(*CENTRE, False)], [at(*CENTRE)]], 2),
    # The same mistake of several is one; of any that is sure.
    (STREET, [[at(*CENTRE)], [at(900, 100)], [at(910, 90)], [at(890, 110)]], 1),
    (STREET, [[at(*CENTRE)], [at(900, 100, False)], [at(910, 90)]], 1),
    (STREET, [[at(*CENTRE)], [at(900, 100)], [at(500, 500)]], 0),
    # Together they found more.
    (STREET, [[at(*CENTRE)], [at(*SMALL.centre)]], 4),
    (CALM, [[what(NOTHING)], [what(NOTHING)], [what(NOTHING, False)]], 2),
    (CALM, [[what(NOTHING)], [what(NOTHING, False)]], 1),
    (CALM, [[what(NOTHING)], [at(900, 100, False)]], 0),
    (STREET, [[what(NOTHING)], [at(*CENTRE)]], 2),
]


@pytest.mark.parametrize(("photo", "sayings", "points"), PHONES)
def test_pupils_of_a_team_count_as_one(photo: Round, sayings: list[list[Mark]], points: int) -> None:
    assert score(photo, {"a": sayings}).gained == {"a": points}


# Properties

PHOTOS = st.sampled_from(ROUNDS)
PLACES = st.one_of(
    st.builds(at, st.integers(0, WIDTH), st.integers(0, HEIGHT), st.booleans()),
    st.builds(
        lambda x, y, w, h, sure: box(x, y, min(w, WIDTH - x), min(h, HEIGHT - y), sure),
        st.integers(0, WIDTH - 1),
        st.integers(0, HEIGHT - 1),
        st.integers(1, WIDTH),
        st.integers(1, HEIGHT),
        st.booleans(),
    ),
    st.builds(
        lambda place, sure: at(place.centre[0], place.centre[1], sure),
        st.sampled_from([SIGN, SMALL, BLUR, TRAP]),
        st.booleans(),
    ),
    st.builds(lambda sure: what(FILE, sure), st.booleans()),
)
SAYING = st.one_of(st.lists(PLACES, max_size=12), st.builds(lambda sure: [what(NOTHING, sure)], st.booleans()))
TEAMS = st.lists(st.lists(SAYING, min_size=1, max_size=3), min_size=1, max_size=4).map(
    lambda rows: {f"t{number}": row for number, row in enumerate(rows)}
)


@given(PHOTOS, TEAMS)
def test_points_are_never_negative_nor_more_than_there_is(photo: Round, teams: dict[str, list[list[Mark]]]) -> None:
    told = score(photo, teams)
    assert set(told.gained) == set(told.lost) == set(teams)
    assert all(0 <= points <= max(2, 3 * len(photo.leaks)) for points in told.gained.values())
    assert all(points <= 0 for points in told.lost.values())


@given(PHOTOS, TEAMS, st.randoms(use_true_random=False))
def test_the_order_of_marks_pupils_and_teams_changes_nothing(
    photo: Round, teams: dict[str, list[list[Mark]]], chance: random.Random
) -> None:
    def mixed(rows: Sequence[object]) -> list[object]:
        return chance.sample(list(rows), len(rows))

    other = {team: mixed([mixed(one) for one in teams[team]]) for team in mixed(list(teams))}
    first, second = score(photo, teams), score(photo, other)
    assert (first.gained, first.lost) == (second.gained, second.lost)
    assert [(row.leak, row.points, row.first_only) for row in first.found] == [
        (row.leak, row.points, row.first_only) for row in second.found
    ]


@given(PHOTOS, st.lists(PLACES, max_size=11), st.lists(PLACES, min_size=1, max_size=11))
def test_more_wrong_marks_never_help(photo: Round, marks: list[Mark], more: list[Mark]) -> None:
    wrong = [mark for mark in more if not judge(photo, "a", mark).right]
    before, after = one(photo, *marks), one(photo, *marks, *wrong)
    assert after.gained["a"] <= before.gained["a"]
    assert [row.points for row in after.found] == [row.points for row in before.found]


@given(PHOTOS, st.lists(PLACES, max_size=11), PLACES)
def test_being_told_twice_changes_nothing(photo: Round, marks: list[Mark], again: Mark) -> None:
    assert one(photo, *marks, again).gained == one(photo, *marks, again, again).gained


@given(PHOTOS, TEAMS, SAYING)
def test_another_team_takes_no_more_than_what_is_for_being_alone(
    photo: Round, teams: dict[str, list[list[Mark]]], marks: list[Mark]
) -> None:
    before, after = score(photo, teams), score(photo, teams | {"new": [marks]})
    for team, points in before.gained.items():
        # A second team at all makes being alone possible.
        assert after.gained[team] <= points + (len(photo.leaks) if len(teams) == 1 else 0)
        assert after.gained[team] >= points - len(photo.leaks)


@given(PHOTOS, st.lists(PLACES, max_size=6), st.integers(2, 5))
def test_many_pupils_who_say_the_same_count_as_one(photo: Round, marks: list[Mark], pupils: int) -> None:
    assert score(photo, {"a": [marks] * pupils}).gained == one(photo, *marks).gained
