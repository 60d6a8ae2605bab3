"""CLP, a small plate detector with corner points: trained on Chinese plates, it sees the plates of most countries.

Input and output as in models/plate-detector/README.md. It is run at several sizes, because its anchors suit plates
of 24 to
200 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan import repeated
from photoscan.geometry import Box, Polygon
from photoscan.models import Runtime
from photoscan.models.network import Network

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

MEAN = (104, 117, 123)
"""Subtracted from the BGR channels."""
ANCHORS = ((8, (24, 48)), (16, (96, 192)), (32, (384, 768)))
"""Strides of the three output maps, in pixels, and the sides of the square priors on each."""
VARIANCES = (0.1, 0.2)
NMS_IOU = 0.4

Floats = NDArray[np.float32]


class PlateBox(NamedTuple):
    """A plate candidate in pixels of the picture given: score 0..1, a tight box, corners clockwise from top left."""

    score: float
    box: Box
    corners: Polygon


@dataclass(frozen=True, slots=True)
class PlateDetector:
    """The network, with a way to run it."""

    runtime: Runtime

    def detect(self, pixels: Pixels, threshold: float) -> list[PlateBox]:
        """Candidates of at least that score in a BGR picture, best first."""
        network = self.runtime.network("plate-detector")
        asked = "plates", self.runtime, threshold
        return list(repeated.once(lambda: self._detect(network, pixels, threshold), [pixels], *asked))

    @staticmethod
    def _detect(network: Network, pixels: Pixels, threshold: float) -> list[PlateBox]:
        height, width = pixels.shape[:2]
        batch = (pixels.astype(np.float32) - np.array(MEAN, np.float32)).transpose(2, 0, 1)[None]
        found = network.run(batch)
        offsets, scores, corners = found["loc"], found["conf"], found["landms"]
        keep = scores[0, :, 1] >= threshold
        if not keep.any():
            return []
        priors = _priors(height, width)[keep]
        centres = priors[:, :2] + offsets[0][keep][:, :2] * VARIANCES[0] * priors[:, 2:]
        sizes = priors[:, 2:] * np.exp(offsets[0][keep][:, 2:] * VARIANCES[1])
        boxes = np.hstack([centres - sizes / 2, sizes]) * np.tile([width, height], 2)
        points = priors[:, None, :2] + corners[0][keep].reshape(-1, 4, 2) * VARIANCES[0] * priors[:, None, 2:]
        points = points * [width, height]
        sure = scores[0, keep, 1]
        order = cv2.dnn.NMSBoxes(boxes.tolist(), sure.tolist(), threshold, NMS_IOU)
        return [_candidate(float(sure[i]), boxes[i], points[i]) for i in np.asarray(order).flatten()]


def _candidate(score: float, box: Floats, points: Floats) -> PlateBox:
    x, y, w, h = box.tolist()
    return PlateBox(
        score, Box.from_edges(x, y, x + w, y + h), _clockwise([(float(px), float(py)) for px, py in points])
    )


def _clockwise(points: list[tuple[float, float]]) -> Polygon:
    top = sorted(points, key=lambda p: p[1])
    left_top, right_top = sorted(top[:2])
    left_bottom, right_bottom = sorted(top[2:])
    return left_top, right_top, right_bottom, left_bottom


def _priors(height: int, width: int) -> Floats:
    """Prior boxes for a picture of that size: N x (cx, cy, w, h), as shares of width and height.

    Made for each picture: photos come in all sizes, and a cache of them would grow for ever.
    """
    maps = []
    for stride, sides in ANCHORS:
        rows, columns = np.arange(ceil(height / stride)), np.arange(ceil(width / stride))
        y, x, side = np.meshgrid(rows, columns, np.array(sides), indexing="ij")
        prior = ((x + 0.5) * stride / width, (y + 0.5) * stride / height, side / width, side / height)
        maps.append(np.stack(prior, axis=-1).reshape(-1, 4))
    return np.concatenate(maps).astype(np.float32)
