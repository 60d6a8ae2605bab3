"""Does a photo show explicit nudity? Open NSFW, by Yahoo, on the whole picture.

The model is installed on request alone (models/nudity-classifier/README.md).
"""

from __future__ import annotations

import cv2
import numpy as np

from photoscan.models import Runtime
from photoscan.vision.pyramid import Pyramid

MODEL = "nudity-classifier"
SIDE, CROP = 256, 224
"""The picture is pressed into a square of SIDE pixels, of which the middle CROP are looked at, as in its training."""
MEAN = np.array([104, 117, 123], np.float32)
"""Of the channels, blue first."""


def score(pyramid: Pyramid, runtime: Runtime) -> float:
    """The network's score, 0 to 1, that the picture is explicit. ModelError where the model is lacking or damaged."""
    small = cv2.resize(pyramid.at(min(pyramid.long_side, 2 * SIDE)), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    # In training every picture was a JPEG of this size; without its traces scores differ by a few per cent.
    _, coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 75])
    edge = (SIDE - CROP) // 2
    seen = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.float32)
    middle = seen[edge : edge + CROP, edge : edge + CROP] - MEAN
    (scores,) = runtime.network(MODEL).run(middle[None]).values()
    return float(scores[0, 1])
