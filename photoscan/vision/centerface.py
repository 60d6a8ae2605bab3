"""CenterFace: faces and five landmarks in one picture at one scale.

Source: Xu et al., CenterFace: Joint Face Detection and Alignment Using Face as Point (2019). Outputs as described in
models/face-detector/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan import repeated
from photoscan.models import Runtime
from photoscan.models.network import Network

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

STRIDE = 4
NMS_IOU = 0.5
"""Boxes that overlap less are left to whoever joins the looks: two faces may touch."""


class RawFaces(NamedTuple):
    """N faces in pixels of the picture given: `boxes` N x 4 (x, y, w, h), `scores` N, `landmarks` N x 5 x 2 (x, y).

    `heat`: how much like the middle of a face every STRIDE x STRIDE pixels are, 0..1, rows x columns.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    heat: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CenterFace:
    """The network, with a way to run it."""

    runtime: Runtime

    def detect(self, pixels: Pixels, threshold: float) -> RawFaces:
        """Faces of at least that score (0..1) in a BGR picture of any size."""
        network = self.runtime.network("face-detector")
        return repeated.once(
            lambda: self._detect(network, pixels, threshold), [pixels], "faces", self.runtime, threshold
        )

    @staticmethod
    def _detect(network: Network, pixels: Pixels, threshold: float) -> RawFaces:
        height, width = pixels.shape[:2]
        batch = np.zeros((1, 3, -height % 32 + height, -width % 32 + width), np.float32)
        batch[0, :, :height, :width] = pixels[:, :, ::-1].transpose(2, 0, 1)
        found = network.run(batch)
        heat, size, offset, points = (found[name] for name in ("537", "538", "539", "540"))
        rows, columns = np.where(heat[0, 0] >= threshold)
        scores = heat[0, 0, rows, columns]
        h, w = np.exp(size[0, :, rows, columns]).T * STRIDE
        dy, dx = offset[0, :, rows, columns].T
        x = (columns + dx + 0.5) * STRIDE - w / 2
        y = (rows + dy + 0.5) * STRIDE - h / 2
        boxes = np.stack([x, y, w, h], axis=1).astype(np.float32)
        marks = points[0, :, rows, columns].reshape(-1, 5, 2)[:, :, ::-1]
        landmarks = np.stack([x, y], axis=1)[:, None] + marks * np.stack([w, h], axis=1)[:, None]
        keep = np.asarray(
            cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), threshold, NMS_IOU), dtype=np.int64
        ).flatten()
        shown = heat[0, 0, : -(-height // STRIDE), : -(-width // STRIDE)]
        return RawFaces(boxes[keep], scores[keep], landmarks[keep].astype(np.float32), shown)
