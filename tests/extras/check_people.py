"""Known people with dlib, and the `face_recognition` library: run by `make test-extras` only, which installs them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageEnhance, ImageOps

from photoscan import ScanOptions, people
from photoscan.vision import dlib_faces, encoder, faces
from photoscan.vision.pyramid import Pyramid
from tests.conftest import Run

pytest.importorskip("dlib")


def portrait() -> Image.Image:
    return Image.fromarray(skimage.data.astronaut())  # type: ignore[no-untyped-call]


OTHER_SHOTS = {
    "mirrored": ImageOps.mirror(portrait()),
    "smaller": portrait().resize((256, 256)),
    "darker": ImageEnhance.Brightness(portrait()).enhance(0.5),
    "on its side": portrait().rotate(90, expand=True),
    "tilted": portrait().rotate(20, fillcolor=(128, 128, 128)),
    "grey": portrait().convert("L").convert("RGB"),
}


def encoding(image: Image.Image) -> people.Encoding:
    pyramid = Pyramid(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
    face = max(faces.find(pyramid, ScanOptions()), key=lambda found: found.confidence)
    return encoder.encode(pyramid.full, face.landmarks)


@pytest.mark.parametrize("name", sorted(OTHER_SHOTS))
def test_one_person_stays_alike(name: str) -> None:
    known = people.People().with_photos("Eileen", (encoding(portrait()),))
    match = known.alike(encoding(OTHER_SHOTS[name]))
    assert match is not None
    assert match[1] < 0.45


def test_what_is_no_face_is_like_nobody() -> None:
    known = people.People().with_photos("Eileen", (encoding(portrait()),))
    noise = np.random.default_rng(3).integers(0, 255, (200, 200, 3), np.uint8)
    marks = [(70.0, 80.0), (130.0, 80.0), (100.0, 110.0), (75.0, 140.0), (125.0, 140.0)]
    assert known.alike(encoder.encode(noise, marks)) is None


def test_added_scanned_kept_and_removed(run: Run, tmp_path: Path) -> None:
    photo, file = tmp_path / "a.png", tmp_path / "people.json"
    portrait().save(photo)
    OTHER_SHOTS["mirrored"].save(tmp_path / "b.png")
    assert run("people", "add", "Eileen", photo, "--people", file).returncode == 0
    result = run("scan", tmp_path / "b.png", "--only", "face", "--people", file, "--format", "json")
    (finding,) = json.loads(result.stdout)["findings"]
    assert finding["kind"] == "face.known"
    assert "Eileen" not in result.stdout
    shown = run("scan", tmp_path / "b.png", "--only", "face", "--people", file, "--format", "json", "--show-values")
    assert json.loads(shown.stdout)["findings"][0]["attributes"]["value_name"] == "Eileen"
    keep = ("clean", tmp_path / "b.png", "-o", tmp_path / "c.png", "--redact", "face", "--keep-face", "eileen")
    refused = run(*keep, "--people", file)
    assert refused.returncode == 2
    assert "not agreed" in refused.stderr
    assert run("people", "add", "Eileen", photo, "--consents", "--people", file).returncode == 0
    assert run(*keep, "--people", file).returncode == 0
    assert np.array_equal(np.asarray(Image.open(tmp_path / "c.png")), np.asarray(Image.open(tmp_path / "b.png")))
    assert run("people", "remove", "Eileen", "--people", file).returncode == 0


def test_the_face_recognition_library_finds_the_same_face() -> None:
    pytest.importorskip("face_recognition")
    picture = np.ascontiguousarray(np.asarray(portrait())[:, :, ::-1])
    every = dlib_faces.detect(picture)
    (ours,) = [f for f in faces.find(Pyramid(picture), ScanOptions()) if f.confidence >= 0.5]
    box, marks = max(every, key=lambda pair: pair[0].iou(ours.box))
    assert box.coverage_by(ours.box.grown(0.3)) > 0.8
    for mark, other in zip(marks, ours.landmarks, strict=True):
        assert np.hypot(mark[0] - other[0], mark[1] - other[1]) < 0.15 * ours.box.h
    found = faces.find(Pyramid(picture), ScanOptions(face_backend="face-recognition"))
    assert [face.box for face in found] == [pair[0] for pair in every]
    assert all(face.reason.startswith("dlib HOG") for face in found)
