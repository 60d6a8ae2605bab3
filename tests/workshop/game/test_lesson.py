"""A lesson from its lobby to the podium: who may do what when, what is told to whom, and when it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from photoscan.workshop.game.lesson import (
    ASKING,
    LOBBY,
    LONGEST_NAME,
    MOST_PUPILS,
    MOST_TEAMS,
    PILED,
    PODIUM,
    SHOWN,
    Lesson,
    LessonError,
    name_of,
)  # fmt: skip
from photoscan.workshop.game.marks import MarkError
from tests.properties import share
from tests.workshop.game.drawing import BLUR, CALM, CAT, ROUNDS, SIGN, STREET

MARK = {"at": list(SIGN.centre), "sure": True}
PERHAPS = {"at": list(BLUR.centre), "sure": False}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def lesson(*teams: str, rounds: Any = ROUNDS, **more: Any) -> Lesson:
    return Lesson(teams or ("Otters", "Owls"), rounds, **more)


def test_a_lesson_of_three_rounds() -> None:
    one = lesson()
    assert (one.phase, one.for_teacher()["round"]) == (LOBBY, None)
    one.start()
    one.mark("t1", [MARK])
    one.mark("t2", [MARK, PERHAPS])
    told = one.for_teacher()
    assert told["phase"] == ASKING
    assert told["round"] == {
        "name": "street", "width": 1000, "height": 600, "index": 0, "count": 3, "seconds_left": None,
    }  # fmt: skip
    assert told["teams"][1] == {"id": "t2", "name": "Owls", "points": 0, "gained": 0, "marks": [MARK, PERHAPS]}
    assert told["shown"] is None
    one.show()
    told = one.for_teacher()
    assert [(team["points"], team["gained"]) for team in told["teams"]] == [(2, 2), (5, 5)]
    assert [row["name"] for row in told["shown"]["leaks"]] == ["sign", "small", "blur"]
    assert told["shown"]["leaks"][0]["found"] == ["t1", "t2"]
    assert told["shown"]["leaks"][2] == {
        "name": "blur", "kind": None, "box": BLUR.as_list(), "certain": False, "seen": "people", "found": ["t2"],
        "points": {"t2": 3}, "first_only": "t2",
    }  # fmt: skip
    assert told["shown"]["marks"][0] == {"team": "t1", **MARK, "right": True, "leaks": ["sign"], "decoy": None}
    one.next()
    one.mark("t1", [{"what": "file", "sure": True}])
    one.show()
    assert [(team["points"], team["gained"]) for team in one.for_teacher()["teams"]] == [(8, 6), (5, 0)]
    one.next()
    one.mark("t2", [{"what": "nothing", "sure": True}])
    one.show()
    assert one.for_teacher()["shown"]["nothing"] == {"t2": 2}
    one.next()
    told = one.for_teacher()
    assert (told["phase"], told["round"], told["shown"]) == (PODIUM, None, None)
    assert told["played"] == ["street", "cat", "calm"]
    assert [team["points"] for team in told["teams"]] == [8, 7]
    json.dumps(told)


def test_a_lesson_that_ends_early_counts_what_was_shown() -> None:
    one = lesson()
    one.start()
    one.show()
    one.next()
    one.mark("t1", [{"what": "file", "sure": True}])
    one.finish()
    assert (one.phase, one.for_teacher()["played"]) == (PODIUM, ["street"])
    assert [team["points"] for team in one.for_teacher()["teams"]] == [0, 0]
    one.finish()


def in_phase(phase: str) -> Lesson:
    one = lesson()
    for name, step in ((ASKING, one.start), (SHOWN, one.show), (PODIUM, one.finish)):
        if one.phase != phase and phase != LOBBY:
            step()
            assert one.phase == name
    return one


STEPS: dict[str, tuple[Callable[[Lesson], None], str]] = {
    "start": (lambda one: one.start(), LOBBY),
    "show": (lambda one: one.show(), ASKING),
    "next": (lambda one: one.next(), SHOWN),
    "mark": (lambda one: one.mark("t1", []), ASKING),
}


@pytest.mark.parametrize("phase", [LOBBY, ASKING, SHOWN, PODIUM])
@pytest.mark.parametrize("step", STEPS)
def test_each_step_belongs_to_a_phase(step: str, phase: str) -> None:
    one = in_phase(phase)
    act, fine = STEPS[step]
    before = one.for_teacher()
    if phase == fine:
        act(one)
        assert one.version > before["version"]
        return
    with pytest.raises(LessonError) as caught:
        act(one)
    assert caught.value.code == "late"
    assert one.for_teacher() == before


WRONG: list[dict[str, Any]] = [
    {"teams": []},
    {"teams": ["x"] * (MOST_TEAMS + 1)},
    {"teams": [""]},
    {"teams": [" \u200b\n"]},
    {"teams": ["x" * (LONGEST_NAME + 1)]},
    {"teams": ["Otters", 7]},
    {"rounds": []},
    {"rounds": [STREET, CAT, STREET]},
    {"seconds": 0},
    {"seconds": 601},
]


@pytest.mark.parametrize("given", WRONG)
def test_a_lesson_that_can_t_be_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(LessonError) as caught:
        Lesson(**{"teams": ["Otters"], "rounds": [STREET], **given})
    assert caught.value.code == "wrong"


def test_names_are_one_line_of_what_can_be_seen() -> None:
    assert name_of("  Team\t\u202eA\n ") == "Team A"
    assert name_of("Năm 3 丙") == "Năm 3 丙"
    for whole in ("க்ஷேத்ரா", "Nguyễn", "Ngu\u0079\u0302\u0303n", "เก้าที่นี่", "หญิง"):
        assert name_of(whole) == whole
    assert name_of("Z" + "\u0301" * 100 + "oe") == "Z" + "\u0301" * PILED + "oe"
    assert name_of("A\u3164\u2800na") == "Ana"
    for nothing in ("\u3164", "\u2800 \u115f", "\uffa0\u1160"):
        with pytest.raises(LessonError):
            name_of(nothing)
    for value in (None, 3, ["x"], {}, "x" * 100_000):
        with pytest.raises(LessonError):
            name_of(value)


def test_a_round_s_time_is_told_and_goes_on() -> None:
    clock = Clock()
    one = lesson(seconds=60, clock=clock)
    one.start()
    assert one.for_teacher()["round"]["seconds_left"] == 60
    clock.now += 59.5
    assert one.for_teacher()["round"]["seconds_left"] == 1
    clock.now += 100
    assert one.for_teacher()["round"]["seconds_left"] == 0
    one.mark("t1", [MARK])
    one.show()
    assert one.for_teacher()["round"]["seconds_left"] is None
    one.next()
    assert one.for_teacher()["round"]["seconds_left"] == 60


# Phones


def test_pupils_go_where_a_team_is_smallest() -> None:
    one = lesson("A", "B", "C")
    keys = [one.join(f"P{number}") for number in range(7)]
    assert [one.for_pupil(key)["mine"]["team"] for key in keys] == ["t1", "t2", "t3", "t1", "t2", "t3", "t1"]
    one.leave(keys[1])
    assert one.for_pupil(one.join("late"))["mine"]["team"] == "t2"
    assert len(set(keys)) == 7


def test_pupils_mark_for_their_team_and_learn_the_truth_when_it_is_shown() -> None:
    one = lesson()
    first, second, other = one.join("Ana"), one.join("Bo"), one.join("Chi")
    one.start()
    one.mark_as(first, [MARK])
    one.mark_as(other, [MARK | {"sure": False}])
    told = one.for_pupil(first)
    assert told["mine"] == {"name": "Ana", "team": "t1", "marks": [MARK], "points": 0, "gained": 0}
    assert told["shown"] is None
    assert not set(told) & {"pupils"}
    for secret in ("sign", "blur", "Bo", "Chi"):
        assert secret not in json.dumps(told)
    assert [row["answered"] for row in one.for_teacher()["pupils"]] == [True, False, True]
    one.show()
    told = one.for_pupil(second)
    assert [row["name"] for row in told["shown"]["leaks"]] == ["sign", "small", "blur"]
    assert one.for_pupil(first)["mine"]["gained"] == 2  # one of two is sure, and no other team found it
    one.next()
    assert one.for_pupil(first)["mine"] == {"name": "Ana", "team": "t1", "marks": [], "points": 2, "gained": 0}


def test_who_leaves_or_is_sent_out_takes_their_marks_along() -> None:
    one = lesson()
    first, second = one.join("Ana"), one.join("Bo")
    one.start()
    one.mark_as(first, [MARK])
    one.mark_as(second, [MARK])
    one.leave(first)
    (bo,) = one.for_teacher()["pupils"]
    one.remove(bo["id"])
    assert not one.knows(first)
    one.show()
    assert [team["gained"] for team in one.for_teacher()["teams"]] == [0, 0]
    for act in (lambda: one.for_pupil(first), lambda: one.mark_as(second, []), lambda: one.remove(bo["id"])):
        with pytest.raises(LessonError) as caught:
            act()
        assert caught.value.code == "gone"


def test_a_key_is_nothing_that_the_teacher_s_page_is_told() -> None:
    one = lesson()
    key = one.join("Ana")
    assert key not in json.dumps([one.for_teacher(), one.for_pupil(key)])


def test_a_full_lesson_and_one_that_is_over_take_nobody_in() -> None:
    one = lesson()
    for number in range(MOST_PUPILS):
        one.join(f"P{number}")
    with pytest.raises(LessonError):
        one.join("one more")
    over = in_phase(PODIUM)
    with pytest.raises(LessonError):
        over.join("Ana")


def test_a_bad_mark_leaves_the_good_ones() -> None:
    one = lesson()
    key = one.join("Ana")
    one.start()
    one.mark_as(key, [MARK])
    with pytest.raises(MarkError):
        one.mark_as(key, [{"at": [-1, 0], "sure": True}])
    assert one.for_pupil(key)["mine"]["marks"] == [MARK]


# News


def test_a_change_is_told_to_those_whom_it_concerns() -> None:
    async def go() -> None:
        one = lesson()
        ana, bo = one.join("Ana"), one.join("Bo")
        one.start()
        seen = {name: one.for_pupil(key)["version"] for name, key in (("ana", ana), ("bo", bo))}
        teacher = asyncio.create_task(one.changed(one.version, 5))
        hers = asyncio.create_task(one.changed(seen["ana"], 5, ana))
        his = asyncio.create_task(one.changed(seen["bo"], 5, bo))
        await asyncio.sleep(0)
        one.mark_as(ana, [MARK])
        assert await teacher
        assert await hers
        for _ in range(5):
            await asyncio.sleep(0)
        assert not his.done()
        one.show()
        assert await his
        assert one.for_pupil(bo)["version"] > seen["bo"]

    asyncio.run(go())


def test_nothing_new_is_told_when_time_is_up_and_old_news_at_once() -> None:
    async def go() -> None:
        one = lesson()
        assert not await one.changed(one.version, 0.01)
        assert await one.changed(one.version - 1, 0)
        assert await one.changed(0, 60)

    asyncio.run(go())


def test_who_was_sent_out_is_told_at_once() -> None:
    async def go() -> None:
        one = lesson()
        key = one.join("Ana")
        waiting = asyncio.create_task(one.changed(one.for_pupil(key)["version"], 5, key))
        await asyncio.sleep(0)
        one.leave(key)
        assert await waiting

    asyncio.run(go())


class Class(RuleBasedStateMachine):
    """Whatever teacher and pupils do, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.one = lesson("A", "B", "C")
        self.keys: list[str] = []
        self.version = 0
        self.points = [0, 0, 0]

    def attempt(self, act: Callable[..., Any], *given: Any) -> Any:
        try:
            return act(*given)
        except (LessonError, MarkError):
            return None

    @rule(step=st.sampled_from(["start", "show", "next"]))
    def steps(self, step: str) -> None:
        self.attempt(getattr(self.one, step))

    @rule()
    def joins(self) -> None:
        self.keys += filter(None, [self.attempt(self.one.join, "Ana")])

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(0, 50), sure=st.booleans(), x=st.integers(-5, 1005))
    def marks(self, which: int, sure: bool, x: int) -> None:
        self.attempt(self.one.mark_as, self.keys[which % len(self.keys)], [{"at": [x, 120], "sure": sure}])

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(0, 50))
    def leaves(self, which: int) -> None:
        self.one.leave(self.keys.pop(which % len(self.keys)))

    @invariant()
    def holds(self) -> None:
        told = self.one.for_teacher()
        json.dumps(told)
        assert told["version"] >= self.version
        self.version = told["version"]
        points = [team["points"] for team in told["teams"]]
        assert all(now >= before for now, before in zip(points, self.points, strict=True))
        self.points = points
        assert (told["shown"] is not None) == (told["phase"] == SHOWN)
        assert (told["round"] is not None) == (told["phase"] in (ASKING, SHOWN))
        assert len(told["pupils"]) == len(self.keys)
        sizes = [sum(one["team"] == team["id"] for one in told["pupils"]) for team in told["teams"]]
        assert sum(sizes) == len(self.keys)
        for key in self.keys:
            mine = self.one.for_pupil(key)
            assert mine["version"] <= self.version
            assert (mine["shown"] is None) == (told["shown"] is None)


Class.TestCase.settings = share(0.2)
test_whatever_a_class_does = Class.TestCase


def test_calm_rounds_are_part_of_it() -> None:
    one = lesson(rounds=[CALM])
    one.start()
    one.show()
    assert one.for_teacher()["shown"]["leaks"] == []
