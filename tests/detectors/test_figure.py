"""People without a face: possible at most, and never a second time where their face is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from photoscan.detectors.figure import FigureDetector
from photoscan.figures import has_face
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.vision.objects import Object

FIGURE = Box(100, 50, 200, 500)


def views(*things: Object, faces: tuple[Box, ...] = ()) -> Any:
    return SimpleNamespace(
        faces=[SimpleNamespace(box=box) for box in faces],
        objects=things,
        pyramid=SimpleNamespace(width=800, height=600),
        page=0,
    )


def found(seen: Any) -> list[Box | None]:
    return [finding.box for finding in FigureDetector().find(seen)]


def test_a_figure_from_behind_is_possible() -> None:
    (finding,) = FigureDetector().find(views(Object("person", 0.86, FIGURE)))
    assert (finding.kind, finding.box) == (Kind.PERSON, FIGURE)
    assert not finding.likely


@pytest.mark.parametrize("score", [0.4, 0.7, 0.99, 1.0])
def test_no_score_makes_it_likely(score: float) -> None:
    assert [finding.likely for finding in FigureDetector().find(views(Object("person", score, FIGURE)))] == [False]


@pytest.mark.parametrize(
    ("face", "own"),
    [
        (Box(170, 70, 60, 70), True),
        (Box(100, 60, 40, 50), True),
        (Box(170, 420, 60, 70), False),  # a child's, before the legs
        (Box(400, 70, 60, 70), False),  # beside
        (Box(190, 70, 10, 12), False),  # of somebody further away
    ],
)
def test_whose_face_it_is(face: Box, own: bool) -> None:
    assert has_face(FIGURE, [face]) is own
    assert found(views(Object("person", 0.8, FIGURE), faces=(face,))) == ([] if own else [FIGURE])


@pytest.mark.parametrize(
    "thing",
    [Object("dog", 0.9, FIGURE), Object("person", 0.3, FIGURE), Object("person", 0.9, Box(10, 10, 20, 50))],
    ids=["a dog", "unsure", "small"],
)
def test_other_things_are_no_figures(thing: Object) -> None:
    assert found(views(thing)) == []


def test_without_the_model_nothing_is_said() -> None:
    seen = views()
    seen.objects = None
    assert found(seen) == []
