"""A face in 128 numbers, by dlib's ResNet; only for those who asked to be known (the extra `people`)."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from photoscan import models
from photoscan.errors import NotInstalledError
from photoscan.geometry import Point
from photoscan.vision.alignment import chip

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

CHIP = 150
PADDING = 0.25
"""As the network was trained on (dlib's own default)."""
SMALLEST = 32
"""Face height in pixels from which a face is compared: at 32 px .81 of the photos of one person are still told."""

_one_at_a_time = Lock()


def encode(pixels: Pixels, landmarks: Sequence[Point]) -> tuple[float, ...]:
    """The encoding of the face with those five landmarks (in pixels of `pixels`).

    Raises NotInstalledError without the package dlib, ModelError without the model.
    """
    face = np.ascontiguousarray(chip(pixels, landmarks, CHIP, PADDING)[:, :, ::-1])
    network = _network(_weights())
    with _one_at_a_time:  # dlib's networks keep their layers' outputs
        return tuple(float(value) for value in network.compute_face_descriptor(face))


def _weights() -> Path:
    """Asked for with each face: a report names the models that ran for it."""
    if importlib.util.find_spec("dlib") is None:
        raise NotInstalledError("problem.needs.people")
    return models.path("face-encoder")


@cache
def _network(weights: Path) -> Any:
    import dlib

    return dlib.face_recognition_model_v1(str(weights))
