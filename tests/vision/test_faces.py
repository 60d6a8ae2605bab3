"""Faces: of every size and turn, none twice, chips that hold still, ages that make sense."""

from __future__ import annotations

from itertools import combinations, product

import cv2
import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from fixtures.canvas import Picture, blank, clouded, gradient
from photoscan.geometry import Box
from photoscan.models import Runtime
from photoscan.options import PROFILES, ScanOptions
from photoscan.vision import alignment, face_looks, faces
from photoscan.vision.age import AgeJudge
from photoscan.vision.faces import Face
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.turns import point_back, turned, turned_size
from tests.properties import sample, share

FACE = Box(172, 68, 100, 140)
"""Where the face is in the astronaut's portrait of 512 x 512 pixels."""


def portrait() -> Picture:
    return np.ascontiguousarray(np.asarray(skimage.data.astronaut())[:, :, ::-1])  # type: ignore[no-untyped-call]


def wall(width: int, height: int, *places: tuple[int, int, int]) -> Picture:
    """The portrait at each (x, y, side) on a plain wall."""
    scene = np.ascontiguousarray(gradient(width, height, (206, 200, 188), (170, 162, 150)))
    for x, y, side in places:
        scene[y : y + side, x : x + side] = cv2.resize(portrait(), (side, side), interpolation=cv2.INTER_AREA)
    return scene


def found(picture: Picture, profile: str = "balanced") -> list[Face]:
    every = faces.find(Pyramid(picture), ScanOptions(profile=profile))  # type: ignore[arg-type]
    return [face for face in every if face.confidence >= 0.5]


def expected(x: int, y: int, side: int) -> Box:
    k = side / 512
    return Box.from_edges(x + FACE.x * k, y + FACE.y * k, x + FACE.x2 * k, y + FACE.y2 * k)


@pytest.mark.parametrize("profile", sample(["balanced"], PROFILES))
def test_a_close_up_that_fills_a_large_photo(profile: str) -> None:
    side = round(3000 * 0.8 / FACE.h * 512)
    k = side / 512
    big = cv2.resize(portrait(), (side, side), interpolation=cv2.INTER_CUBIC)
    x, y = max(0, round(FACE.centre[0] * k - 2000)), round(FACE.y * k - 300)
    picture = np.ascontiguousarray(big[y : y + 3000, x : x + 4000])
    (face,) = found(picture, profile)
    assert face.box.iou(Box(round(FACE.x * k) - x, round(FACE.y * k) - y, round(FACE.w * k), round(FACE.h * k))) > 0.5


def test_small_faces_in_a_large_photo() -> None:
    places = [(300, 300, 120), (2000, 1500, 80), (3700, 2700, 200), (1080, 900, 160)]
    picture = wall(4000, 3000, *places)
    boxes = [face.box for face in found(picture)]
    for place in places:
        assert any(box.iou(expected(*place)) > 0.4 for box in boxes), place
    assert len(boxes) == len(places)


@pytest.mark.parametrize("profile", sample(["balanced"], ["balanced", "thorough"]))
@pytest.mark.parametrize(("turn", "angle"), [(0, 0), (1, -90), (2, 180), (3, 90)])
def test_photos_on_their_side(profile: str, turn: int, angle: int) -> None:
    places = [(60, 80, 300), (500, 300, 260)]
    upright = wall(900, 700, *places)
    picture = turned(upright, turn)
    size = turned_size(900, 700, turn)
    every = found(picture, profile)
    assert len(every) == len(places)
    for face in every:
        back = Box.around(point_back(p, turn, *size) for p in ((face.box.x, face.box.y), (face.box.x2, face.box.y2)))
        assert max(back.iou(expected(*place)) for place in places) > 0.45
        assert abs((face.angle - angle + 180) % 360 - 180) <= 30  # a head may tilt


@pytest.mark.parametrize("profile", PROFILES)
def test_nobody_is_nowhere(profile: str) -> None:
    assert found(clouded(blank(900, 700, (90, 120, 90)), np.random.default_rng(4), 9), profile) == []
    assert faces.find(Pyramid(blank(3, 2, (90, 120, 90))), ScanOptions(profile=profile)) == ()  # type: ignore[arg-type]


@given(st.integers(20, 12_000), st.sampled_from(PROFILES))
def test_every_height_is_some_pass_of_its_own(native: int, profile: str) -> None:
    passes = face_looks.ladder(native, profile)
    finest = max(step.long_side for step in passes)
    smallest = 8 * native / finest
    for height in np.geomspace(smallest, max(smallest, 0.9 * native), 40):
        seen = [height * step.long_side / native for step in passes]
        good = [s for s, step in zip(seen, passes, strict=True) if step.smallest <= s <= min(step.largest, 450)]
        assert good, (native, profile, height)


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80), st.integers(1, 60), st.floats(0.1, 1)), max_size=25))
def test_no_face_is_told_twice(rows: list[tuple[int, int, int, float]]) -> None:
    marks = ((0.0, 0.0),) * 5
    many = [Face(Box(x, y, side, side), score, faces.calibrated(score), marks) for x, y, side, score in rows]
    kept = faces._distinct(many)
    assert not any(faces._same(a, b) for a, b in combinations(kept, 2))
    for face in many:
        weak = face.score < (faces.SHOWN_SCORE_LARGE if face.box.h >= faces.LARGE_FACE else faces.SHOWN_SCORE)
        assert weak or any(faces._same(face, other) and other.score >= face.score for other in kept)


def test_confidence_grows_with_the_score_and_says_possible_below_its_threshold() -> None:
    for height, threshold in ((100, 0.43), (faces.TINY_FACE - 1, 0.5)):
        values = [faces.calibrated(score, height) for score in np.linspace(0.25, 1, 76)]
        assert values == sorted(values)
        assert faces.calibrated(threshold, height) == 0.5
        assert faces.calibrated(threshold - 0.01, height) < 0.5


# ---------------------------------------------------------------- turns and chips


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 3), st.data())
def test_points_come_back_from_a_turn(width: int, height: int, turn: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    picture = np.zeros((height, width, 3), np.uint8)
    picture[y, x] = 255
    rows, columns = np.nonzero(turned(picture, turn)[:, :, 0])
    size = turned_size(width, height, turn)
    assert point_back((columns[0] + 0.5, rows[0] + 0.5), turn, *size) == (x + 0.5, y + 0.5)


@share(0.25)
@given(st.floats(-180, 180), st.floats(20, 900), st.floats(0, 0.5))
def test_a_chip_puts_the_landmarks_where_the_network_wants_them(angle: float, side: float, padding: float) -> None:
    """Dots are drawn at the landmarks of a face of any size and turn: in the chip they are at the mean face's."""
    middle = complex(1000, 1000)
    turn = np.exp(1j * np.radians(angle))
    seen = [middle + turn * side * (p - (0.5 + 0.5j)) for p in alignment.MEAN_FACE]
    picture = np.zeros((2000, 2000, 3), np.uint8)
    for p in seen:
        cv2.circle(picture, (round(p.real), round(p.imag)), max(1, round(side / 25)), (255, 255, 255), -1)
    chip = alignment.chip(picture, [(p.real, p.imag) for p in seen], 150, padding)
    for p in (alignment.MEAN_FACE + complex(padding, padding)) / (1 + 2 * padding) * 150:
        x, y = round(p.real), round(p.imag)
        assert chip[y - 4 : y + 5, x - 4 : x + 5].max() > 80


def test_landmarks_that_fall_together_or_lie_outside_give_some_chip() -> None:
    picture = blank(50, 40, (9, 9, 9))
    for marks in ([(10.0, 10.0)] * 5, [(-900.0, -900.0), (-800.0, -900.0), (-850, -850), (-890, -800), (-810, -800)]):
        assert alignment.chip(picture, marks, 64, 0.25).shape == (64, 64, 3)


@pytest.mark.parametrize(
    ("side", "turn"), sample([(240, 0), (512, 1), (2000, 2)], product([240, 512, 2000], [0, 1, 2]))
)
def test_a_grown_woman_is_an_adult_at_any_size_and_turn(side: int, turn: int) -> None:
    picture = turned(cv2.resize(portrait(), (side, side), interpolation=cv2.INTER_AREA), turn)
    (face,) = found(picture)
    assert 24 < AgeJudge(Runtime()).years(Pyramid(picture), face.landmarks) < 55
