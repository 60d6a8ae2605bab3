"""What transparency hides is made flat: one colour under it, and no steps of alpha that nobody can see.

Works on a stripped file, and changes it only where something is hidden. Formats that can't be written again without
loss (HEIC, AVIF) stay as they are: the proof refuses them where they hide something.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from photoscan.formats import Format
from photoscan.stripping.base import Removed

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAINT, NEARLY = 5, 250
"""Alpha of 255 up to which a pixel counts as not there, and from which it counts as opaque, but at soft edges. Either
changes what is seen on any background by 5 of 255 levels at most: 2 %, about the least step of brightness that people
can tell apart (Weber's law)."""
EDGE = 8
"""Pixels around half-transparent ones in which such steps belong to a soft edge or a gradient, and stay."""
COLOURS = "colours under transparency"
ALPHA = "steps of alpha that can't be seen"
UNUSED = "palette entries that no pixel uses"
TABLES = "bits behind the rows"


def flattened(data: bytes, format_: Format) -> tuple[bytes, tuple[Removed, ...]]:
    """The file with nothing under its transparency, and what was there; the same bytes where there was nothing.

    A file that can't be decoded stays as it is: the proofs decode it again.
    """
    if format_.row.flattener is None:
        return data, ()
    from PIL import Image, UnidentifiedImageError

    module = import_module(f"photoscan.stripping.{format_.row.flattener}")
    try:
        done: tuple[bytes, tuple[str, ...]] = module.flattened(data)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, EOFError):
        return data, ()
    return done[0], tuple(Removed(part, 0, 0) for part in done[1])


def flatten(samples: NDArray, top: int) -> tuple[str, ...]:  # type: ignore[type-arg]
    """Make H x W x (colours, alpha) flat in place; `top` is full alpha. What there was to do."""
    alpha = samples[..., -1]
    # Of 16 bits most programs look at the upper eight alone.
    coarse = alpha >> 8 if top > 255 else alpha
    gone, whole = gone_and_whole(coarse)
    found = []
    if samples[gone][..., :-1].any():
        found.append(COLOURS)
    if alpha[gone].any() or (alpha[whole] != top).any():
        found.append(ALPHA)
    samples[gone] = 0
    alpha[whole] = top
    return tuple(found)


def gone_and_whole(alpha: NDArray) -> tuple[NDArray, NDArray]:  # type: ignore[type-arg]
    """Which pixels of H x W alphas of 8 bits count as not there, and which as opaque."""
    import cv2
    import numpy as np

    soft = ((alpha > FAINT) & (alpha < NEARLY)).astype(np.uint8)
    apart = cv2.dilate(soft, np.ones((2 * EDGE + 1, 2 * EDGE + 1), np.uint8)) == 0
    return (alpha == 0) | (apart & (alpha <= FAINT)), (alpha == 255) | (apart & (alpha >= NEARLY))
