"""Faces by the `face_recognition` library (dlib's HOG detector), for those who have it and ask for it.

It finds upright faces from about 40 pixels on; the default finds six times as many (models/face-detector/README.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from photoscan.geometry import Box

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

UPSAMPLE = 1
"""How often the picture is doubled first: the library's own default."""


def detect(pixels: Pixels) -> list[tuple[Box, tuple[tuple[float, float], ...]]]:
    """Each face's box and five landmarks (eyes, nose, mouth corners) in pixels of the BGR picture given."""
    import face_recognition

    rgb = np.ascontiguousarray(pixels[:, :, ::-1])
    places = face_recognition.face_locations(rgb, number_of_times_to_upsample=UPSAMPLE, model="hog")
    marks = face_recognition.face_landmarks(rgb, places)
    return [
        (Box(left, top, right - left, bottom - top), _five(mark))
        for (top, right, bottom, left), mark in zip(places, marks, strict=True)
    ]


def _five(marks: dict[str, Any]) -> tuple[tuple[float, float], ...]:
    def middle(name: str) -> tuple[float, float]:
        points = np.array(marks[name], float)
        return float(points[:, 0].mean()), float(points[:, 1].mean())

    lips = sorted(marks["top_lip"])
    left, right = lips[0], lips[-1]
    return (
        middle("left_eye"),
        middle("right_eye"),
        middle("nose_tip"),
        (float(left[0]), float(left[1])),
        (float(right[0]), float(right[1])),
    )
