"""The models of the extras `people` and `easyocr`: run by `make test-extras` only, which installs them (large)."""

from __future__ import annotations

import numpy as np

from photoscan import models


def test_the_face_encoder_and_the_landmarks_load_and_agree_with_themselves() -> None:
    import dlib

    encoder = dlib.face_recognition_model_v1(str(models.path("face-encoder")))
    landmarks = dlib.shape_predictor(str(models.path("face-landmarks")))
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    shape = landmarks(noise, dlib.rectangle(50, 50, 150, 150))
    assert shape.num_parts == 5
    first, second = (np.array(encoder.compute_face_descriptor(noise, shape)) for _ in range(2))
    assert first.shape == (128,)
    assert np.allclose(first, second)


def test_easyocr_reads_a_drawn_line_from_the_installed_models() -> None:
    import cv2

    from photoscan.options import ScanOptions
    from photoscan.vision.pyramid import Pyramid
    from photoscan.vision.reader import open_reader

    board = np.full((200, 600, 3), 255, np.uint8)
    cv2.putText(board, "HELLO 2024", (40, 120), cv2.FONT_HERSHEY_SIMPLEX, 2.5, (0, 0, 0), 6)
    (line,) = open_reader(ScanOptions(ocr="easyocr")).read(Pyramid(board))
    assert line.text == "HELLO 2024"
    assert line.confidence > 0.9
