"""Marks from JSON: what is one, and every way of not being one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.workshop.game.marks import MOST, MarkError, parse, told
from tests.workshop.game.drawing import HEIGHT, STREET, WIDTH

FINE = [
    {"at": [0, 0], "sure": True},
    {"at": [WIDTH, HEIGHT], "sure": False},
    {"at": [12.5, 7.25], "sure": True},
    {"box": [0, 0, WIDTH, HEIGHT], "sure": True},
    {"box": [10, 20, 0.5, 1], "sure": False},
    {"what": "file", "sure": True},
]


def test_marks_come_out_as_they_went_in() -> None:
    assert told(parse(FINE, STREET)) == FINE
    assert told(parse([{"what": "nothing", "sure": False}], STREET)) == [{"what": "nothing", "sure": False}]
    assert parse([], STREET) == ()


def test_the_same_mark_twice_is_one() -> None:
    assert len(parse([FINE[0], FINE[0], FINE[1]], STREET)) == 2


WRONG = [
    "null", "{}", '"at"', "3", "[null]", "[[]]", '["at"]', "[3]",
    "[{}]",
    '[{"at": [1, 2]}]',
    '[{"sure": true}]',
    '[{"at": [1, 2], "sure": 1}]',
    '[{"at": [1, 2], "sure": null}]',
    '[{"at": [1, 2], "sure": "true"}]',
    '[{"at": [1, 2], "box": [1, 2, 3, 4], "sure": true}]',
    '[{"at": [1, 2], "sure": true, "team": "t1"}]',
    '[{"at": [1], "sure": true}]',
    '[{"at": [1, 2, 3], "sure": true}]',
    '[{"at": 1, "sure": true}]',
    '[{"at": "12", "sure": true}]',
    '[{"at": ["1", "2"], "sure": true}]',
    '[{"at": [true, 2], "sure": true}]',
    '[{"at": [null, 2], "sure": true}]',
    '[{"at": [[1], 2], "sure": true}]',
    '[{"at": [-1, 2], "sure": true}]',
    '[{"at": [1, 601], "sure": true}]',
    '[{"at": [NaN, 2], "sure": true}]',
    '[{"at": [Infinity, 2], "sure": true}]',
    '[{"at": [1e400, 2], "sure": true}]',
    f'[{{"at": [1{"0" * 400}, 2], "sure": true}}]',
    '[{"box": [1, 2, 3], "sure": true}]',
    '[{"box": [1, 2, 0, 3], "sure": true}]',
    '[{"box": [1, 2, 3, 0], "sure": true}]',
    '[{"box": [5, 5, -3, 3], "sure": true}]',
    '[{"box": [990, 2, 11, 3], "sure": true}]',
    '[{"box": [1, 590, 2, 11], "sure": true}]',
    '[{"box": [NaN, 2, 3, 4], "sure": true}]',
    '[{"box": [1, 2, Infinity, 4], "sure": true}]',
    '[{"what": "all", "sure": true}]',
    '[{"what": "", "sure": true}]',
    '[{"what": null, "sure": true}]',
    '[{"what": ["file"], "sure": true}]',
    '[{"what": {"file": 1}, "sure": true}]',
    '[{"what": "nothing", "sure": true}, {"at": [1, 2], "sure": true}]',
    '[{"what": "nothing", "sure": true}, {"what": "file", "sure": true}]',
    '[{"what": "nothing", "sure": true}, {"what": "nothing", "sure": false}]',
    '[{"what": "file", "sure": true}, {"what": "file", "sure": false}]',
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_mark_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(MarkError) as caught:
        parse(json.loads(text), STREET)
    words = str(caught.value)
    assert words.endswith(".")
    assert len(words) < 80


def test_a_team_has_so_many_marks_and_no_more() -> None:
    rows = [{"at": [number, 1], "sure": True} for number in range(MOST + 1)]
    assert len(parse(rows[:-1], STREET)) == MOST
    with pytest.raises(MarkError, match=str(MOST)):
        parse(rows, STREET)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["at", "box", "what", "sure", "file"]),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["at", "box", "what", "sure"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4) | JSON)
def test_whatever_comes_is_a_mark_in_the_photo_or_refused(value: object) -> None:
    try:
        marks = parse(value, STREET)
    except MarkError:
        return
    for mark in marks:
        if mark.box is not None:
            x, y, w, h = mark.box
            assert 0 <= x <= x + w <= WIDTH
            assert 0 <= y <= y + h <= HEIGHT
