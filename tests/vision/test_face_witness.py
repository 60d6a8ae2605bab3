"""Witnesses of unsure faces, the object network and other looks; and whether a face shows its age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from photoscan import models
from photoscan.geometry import Box
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.views import Views
from photoscan.vision import face_quality, face_witness, faces, objects
from photoscan.vision.faces import Face
from photoscan.vision.objects import ANIMALS, CLASSES, VEHICLES, Object
from photoscan.vision.pyramid import Pyramid

BOX = Box(100, 100, 40, 50)
BODY = Box(80, 80, 120, 200)
EMPTY = Pyramid(np.zeros((300, 300, 3), np.uint8))
FRONTAL = ((110.0, 120.0), (128.0, 120.0), (119.0, 130.0), (112.0, 139.0), (127.0, 139.0))


def face(score: float = 0.6, box: Box = BOX) -> Face:
    return Face(box, score, faces.calibrated(score, box.h), FRONTAL)


def thing(label: str, confidence: float, box: Box = BODY) -> Object:
    return Object(label, confidence, box)


DOG, PERSON, AWAY = thing("dog", 0.5), thing("person", 0.5), thing("person", 0.6, Box(220, 0, 60, 200))
CASES: list[tuple[str, Face, Sequence[Object] | None, Sequence[Face], float, bool]] = [
    ("a dog", face(), (DOG,), (), 0.5, True),
    ("a dog whose face looks very much like one", face(), (DOG,), (), 0.8, False),
    ("a dog, people elsewhere", face(), (DOG, AWAY), (), 0.5, True),
    ("a person with a dog", face(), (DOG, thing("person", 0.6)), (), 0.3, False),
    ("a person who is less sure than the dog", face(), (DOG, thing("person", 0.4)), (), 0.5, True),
    ("half an animal", face(), (thing("dog", 0.2),), (), 0.5, False),
    ("a dog beside", face(), (thing("dog", 0.9, Box(0, 0, 90, 200)),), (), 0.5, False),
    ("a lamp", face(), (thing("motorcycle", 0.6),), (), 0.2, True),
    ("a lamp, people elsewhere", face(), (AWAY,), (), 0.2, False),
    ("a lamp, another sure face", face(), (), (face(0.9, Box(5, 5, 40, 50)),), 0.2, False),
    ("a person that one look sees", face(), (PERSON,), (), 0.2, False),
    ("a person on whom no other look sees a face", face(), (PERSON,), (), 0.05, True),
    ("a lone face, nothing else known", face(), None, (), 0.7, False),
    ("a lamp, nothing else known", face(), None, (), 0.2, True),
    ("a sure face on a dog", face(0.9), (DOG,), (), 0.1, False),
    ("a tiny face", face(0.6, Box(100, 100, 10, 20)), (DOG,), (), 0.1, False),
    ("one that is possible anyway", face(0.3), (DOG,), (), 0.1, False),
]


@pytest.mark.parametrize(("case", "seen", "known", "others", "agreed", "doubted"), CASES, ids=[row[0] for row in CASES])
def test_what_the_witnesses_say(
    case: str,
    seen: Face,
    known: Sequence[Object] | None,
    others: Sequence[Face],
    agreed: float,
    doubted: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(face_witness, "agreement", lambda face, pyramid, runtime: agreed)
    first, *rest = face_witness.weighed([seen, *others], EMPTY, Runtime(), lambda: known)
    assert (first.confidence < 0.5 <= seen.confidence) == doubted
    assert (first == seen) == (not doubted)
    assert rest == [*others]
    if doubted:
        assert first.reason.startswith(f"{seen.reason}; ")


def test_no_witness_is_asked_where_all_is_clear() -> None:
    def never() -> None:
        raise AssertionError("asked")

    clear = (face(0.9), face(0.3), face(0.6, Box(100, 100, 10, 20)))
    assert face_witness.weighed(clear, EMPTY, Runtime(), never) == clear
    assert face_witness.weighed((), EMPTY, Runtime(), never) == ()


def portrait() -> Pyramid:
    return Pyramid(np.ascontiguousarray(np.asarray(skimage.data.astronaut())[:, :, ::-1]))  # type: ignore[no-untyped-call]


def test_other_looks_agree_on_a_real_face_and_on_no_other_place() -> None:
    picture = portrait()
    (real,) = (f for f in faces.find(picture, ScanOptions()) if f.confidence >= 0.5)
    assert face_witness.agreement(real, picture, Runtime()) > 0.6
    for place in (Box(400, 60, 60, 80), Box(0, 0, 40, 50), Box(470, 470, 42, 42)):
        assert face_witness.agreement(replace(real, box=place), picture, Runtime()) < face_witness.UNSEEN


# ---------------------------------------------------------------- objects


def test_classes_are_those_of_coco() -> None:
    assert len(CLASSES) == len(set(CLASSES)) == 80
    assert len(ANIMALS) == 10
    assert set(CLASSES) > VEHICLES


def test_the_object_network_sees_a_person_where_one_is() -> None:
    if not models.has(objects.MODEL):
        pytest.skip("the model that scans work without isn't installed")
    first = objects.find(portrait(), Runtime())[0]
    assert (first.label, first.confidence > 0.5) == ("person", True)
    assert first.box.intersection(Box(172, 68, 100, 140)) > 0.9 * 100 * 140
    assert all(Box(0, 0, 512, 512).intersection(o.box) == o.box.area for o in objects.find(portrait(), Runtime()))


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3)])
def test_pictures_of_any_shape_are_looked_at(size: tuple[int, int]) -> None:
    if not models.has(objects.MODEL):
        pytest.skip("the model that scans work without isn't installed")
    assert all(o.box.area for o in objects.find(Pyramid(np.zeros((*size, 3), np.uint8)), Runtime()))


def test_without_the_model_there_is_no_witness_and_faces_are_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(models, "has", lambda name: False)
    _, png = cv2.imencode(".png", portrait().full)
    views = Views(Photo.open(png.tobytes()), ScanOptions())
    assert views.objects is None
    assert [f.confidence >= 0.5 for f in views.faces].count(True) == 1


# ---------------------------------------------------------------- does a face show its age?

SHARP = np.random.default_rng(1).integers(0, 256, (300, 300, 3), np.uint8)


def marks(eyes: tuple[float, float], nose: float, shift: float = 0) -> tuple[tuple[float, float], ...]:
    left, right = (BOX.x + part * BOX.w + shift for part in eyes)
    nose_at = left + nose * (right - left)
    return ((left, 118.0), (right, 118.0), (nose_at, 130.0), (left, 140.0), (right, 140.0))


AGEABLE: list[tuple[str, Box, tuple[tuple[float, float], ...], bool]] = [
    ("to the camera", BOX, marks((0.25, 0.72), 0.5), True),
    ("half turned", BOX, marks((0.3, 0.64), 0.1), True),
    ("profile by its nose", BOX, marks((0.2, 0.55), 1.3), False),
    ("profile by its eyes", BOX, marks((0.4, 0.55), 0.5), False),
    ("eyes in one place", BOX, marks((0.4, 0.4), 0.5), False),
    ("too small", Box(100, 100, 25, 31), marks((0.25, 0.72), 0.5), False),
    ("half a face", Box(100, 100, 20, 50), marks((0.1, 0.35), 0.5), False),
    ("cut by the edge", BOX, marks((0.25, 0.72), 0.5, -112), False),
]


@pytest.mark.parametrize(("case", "box", "landmarks", "told"), AGEABLE, ids=[row[0] for row in AGEABLE])
def test_an_age_is_told_of_faces_that_show_it(
    case: str, box: Box, landmarks: tuple[tuple[float, float], ...], told: bool
) -> None:
    assert face_quality.shows_age(Face(box, 0.9, 0.99, landmarks), Pyramid(SHARP)) == told


def test_a_large_blurred_face_shows_no_age() -> None:
    picture = portrait().full
    (real,) = (f for f in faces.find(Pyramid(picture), ScanOptions()) if f.confidence >= 0.5)
    assert face_quality.shows_age(real, Pyramid(picture))
    moved = cv2.blur(picture, (33, 1))
    assert not face_quality.shows_age(real, Pyramid(moved))  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=5, max_size=5), st.floats(0, 1))
def test_any_landmarks_have_an_answer(points: list[tuple[float, float]], part: float) -> None:
    seen = Face(BOX, part, part, tuple(points))
    assert face_quality.shows_age(seen, Pyramid(SHARP)) in {True, False}
