"""The other engines: told at once where they are missing, used where they are there."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from photoscan import Photo, Scanner, ScanOptions
from photoscan.errors import NotInstalledError
from photoscan.vision import faces
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import open_reader

MISSING = [
    (ScanOptions(ocr="easyocr"), "easyocr", "pip install '\\.\\[easyocr\\]'"),
    (ScanOptions(ocr="tesseract"), "tesseract", "tesseract-ocr"),
    (ScanOptions(face_backend="face-recognition"), "face_recognition", "face-recognition"),
]


@pytest.mark.parametrize(("options", "name", "words"), MISSING, ids=[row[1] for row in MISSING])
def test_a_missing_engine_is_told_at_once(
    options: ScanOptions, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted: None)
    monkeypatch.setattr(shutil, "which", lambda wanted: None)
    with pytest.raises(NotInstalledError, match=words):
        Scanner(options)


def test_face_recognition_gives_boxes_in_our_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the library, which speaks of (top, right, bottom, left)."""
    stand_in = types.ModuleType("face_recognition")
    marks = {
        "left_eye": [(20, 30), (24, 30)],
        "right_eye": [(40, 30), (44, 30)],
        "nose_tip": [(32, 40)],
        "top_lip": [(25, 50), (32, 48), (39, 50)],
    }
    stand_in.face_locations = lambda picture, **_: [(10, 60, 70, 5)]  # type: ignore[attr-defined]
    stand_in.face_landmarks = lambda picture, places: [marks]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "face_recognition", stand_in)
    pyramid = Pyramid(np.zeros((100, 100, 3), np.uint8))
    (face,) = faces.find(pyramid, ScanOptions(face_backend="face-recognition"))
    assert face.box.as_list() == [5, 10, 55, 60]
    assert face.landmarks == ((22, 30), (42, 30), (32, 40), (25, 50), (39, 50))
    assert face.confidence >= 0.5


@pytest.mark.extras
def test_face_recognition_finds_a_real_face(demo: Path) -> None:
    found = faces.find(
        Pyramid(Photo.open(demo / "portraits.jpg").pixels()), ScanOptions(face_backend="face-recognition")
    )
    assert found


@pytest.mark.extras
def test_easyocr_reads_a_drawn_photo(demo: Path) -> None:
    pyramid = Pyramid(Photo.open(demo / "whiteboard.jpg").pixels())
    text = " ".join(line.text for line in open_reader(ScanOptions(ocr="easyocr")).read(pyramid))
    assert "store room" in text


def test_tesseract_table_becomes_lines() -> None:
    from photoscan.vision.tesseract_engine import _lines

    header = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    rows = (
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.1\tNo.\n"
        "5\t1\t1\t1\t1\t2\t45\t20\t20\t12\t91.0\t27\n"
        "5\t1\t2\t1\t1\t1\t0\t0\t5\t5\t12.0\t~~\n"
    )
    (line,) = _lines(header + rows)
    assert line.text == "No. 27"
    assert line.box is not None
    assert line.box.as_list() == [10, 20, 55, 12]
