"""Face chips: small square pictures with the eyes and mouth always in the same places, as face networks want them.

The places are those of dlib's mean face (dlib/image_transforms/interpolation.h), so that chips are cut as the networks
of dlib-models were trained on, without needing dlib.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import TYPE_CHECKING

import cv2
import numpy as np

from photoscan.geometry import Point

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

MEAN_FACE = np.array([0.2273 + 0.2214j, 0.7528 + 0.2212j, 0.4901 + 0.5156j, 0.2541 + 0.7802j, 0.7261 + 0.7802j])
"""Eyes, nose and mouth corners, left to right as seen, in units of the unpadded chip: x + iy."""


def chip(
    pixels: Pixels, landmarks: Sequence[Point], size: int, padding: float, shift: tuple[float, float] = (0, 0)
) -> Pixels:
    """The face with those five landmarks (in pixels of `pixels`), upright, `size` x `size`.

    `padding` is the share of the mean face's size added on each side; `shift` moves the face across and down, in pixels
    of the chip. What lies outside of the picture is filled with its nearest pixels.
    """
    turn, move = _similarity(landmarks, size, padding)
    move += complex(*shift)
    # Shrink by averaging first: a plain warp would skip pixels of a large face.
    scale = abs(turn)
    if scale < 0.5:
        reach = [(corner - move) / turn for corner in (0, size, size * 1j, size * (1 + 1j))]
        x1, y1 = (max(0, floor(min(part))) for part in (_real(reach), _imaginary(reach)))
        x2, y2 = ceil(max(_real(reach))), ceil(max(_imaginary(reach)))
        patch = pixels[y1 : max(y1 + 1, y2), x1 : max(x1 + 1, x2)]
        if patch.size:
            height, width = patch.shape[:2]
            small = max(1, round(width * 2 * scale)), max(1, round(height * 2 * scale))
            pixels = cv2.resize(patch, small, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
            move += turn * complex(x1, y1)
            turn *= width / small[0]
    matrix = np.array([[turn.real, -turn.imag, move.real], [turn.imag, turn.real, move.imag]])
    return cv2.warpAffine(  # type: ignore[return-value]
        pixels, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _similarity(landmarks: Sequence[Point], size: int, padding: float) -> tuple[complex, complex]:
    """The turn-and-scale a and the move b for which a z + b is nearest to the mean face (least squares)."""
    seen = np.array([complex(x, y) for x, y in landmarks])
    wanted = (MEAN_FACE + complex(padding, padding)) / (1 + 2 * padding) * size
    around, target = seen - seen.mean(), wanted - wanted.mean()
    spread = float((np.abs(around) ** 2).sum())
    turn = complex((around.conj() * target).sum() / spread) if spread > 0 else 1 + 0j
    return turn, complex(wanted.mean() - turn * seen.mean())


def _real(points: Sequence[complex]) -> list[float]:
    return [point.real for point in points]


def _imaginary(points: Sequence[complex]) -> list[float]:
    return [point.imag for point in points]
