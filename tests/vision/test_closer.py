"""Closer looks: faint answers are all looked at where a scan affords it, the strongest where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from photoscan.geometry import Box, Polygon, corners
from photoscan.vision import closer
from photoscan.vision.text_detector import Heat

heats = arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90)))


def answered(*spots: tuple[int, int, int]) -> Heat:
    """A map of 1000 x 800 with answers of a strength at places (x, y, strength), 20 pixels wide."""
    heat = np.zeros((800, 1000), np.uint8)
    for x, y, strength in spots:
        heat[y : y + 10, x : x + 20] = strength
    return heat


def test_no_answer_calls_for_nothing() -> None:
    assert closer.called_for(answered(), [], 900, 40) == []
    assert closer.called_for(np.ones((800, 1000), np.uint8), [], 900, 40) == []


def test_a_faint_answer_calls_for_a_look_at_it_and_around() -> None:
    (box,) = closer.called_for(answered((400, 300, closer.FAINTEST)), [], 900, 40)
    wanted = Box(400, 300, 20, 10)
    assert wanted.coverage_by(box) == 1
    assert box.x <= 400 - 40
    assert box.y2 >= 310 + 40
    assert box.area < 150 * 130


def test_what_is_settled_calls_for_nothing_more() -> None:
    heat = answered((400, 300, 250), (700, 600, 40))
    (box,) = closer.called_for(heat, [corners(Box(390, 290, 40, 30))], 900, 40)
    assert box.x > 500


@given(heats, st.integers(100, 200))
def test_every_answer_is_inside_a_box_and_every_box_inside_the_map(heat: Heat, size: int) -> None:
    boxes = closer.called_for(heat, [], size, 24)
    held = np.zeros(heat.shape, bool)
    for box in boxes:
        assert box.clipped(heat.shape[1], heat.shape[0]) == box
        assert max(box.w, box.h) <= size
        held[box.y : box.y2, box.x : box.x2] = True
    assert held[heat >= closer.FAINTEST].all()


@given(heats, st.floats(0, 9000), st.sampled_from([1.0, 1.5, 2.0]))
def test_what_is_looked_at_is_never_more_than_affordable(heat: Heat, amount: float, factor: float) -> None:
    assert closer.amount_of(closer.affordable(heat, [], 200, 24, factor, amount), factor) <= amount


def test_where_not_all_is_affordable_the_strongest_answers_come_first() -> None:
    heat = answered((100, 100, 4), (800, 100, 30), (100, 700, 90), (800, 700, 200))
    boxes = closer.affordable(heat, [], 900, 40, 1.5, 2 * 130 * 110 * 2.25)
    assert [(b.x > 500, b.y > 400) for b in boxes] in ([(True, True), (False, True)], [(False, True), (True, True)])


def words(*boxes: tuple[int, int, int, int]) -> list[Polygon]:
    return [corners(Box(*box)) for box in boxes]


@pytest.mark.parametrize(
    ("amount", "count"), [pytest.param(1e9, 2, id="all"), pytest.param(2.5e5, 1, id="the small one"), (0.0, 0)]
)
def test_small_text_is_looked_around_first(amount: float, count: int) -> None:
    boxes = closer.surroundings(words((700, 500, 200, 60), (100, 100, 120, 20)), 1000, 800, 2, amount)
    assert len(boxes) == count
    assert not boxes or boxes[0].x < 500


def test_surroundings_that_touch_are_one_and_stay_inside() -> None:
    boxes = closer.surroundings(words((10, 10, 200, 30), (150, 90, 200, 30)), 1000, 800, 2, 1e9)
    assert boxes == [Box(0, 0, 470, 240)]
