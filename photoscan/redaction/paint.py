"""Painting over a part of a decoded picture, by whichever brush."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from photoscan.brushes import FILL, Brush, NotPaintableError
from photoscan.clean_phrases import clean_phrase
from photoscan.errors import Phrase
from photoscan.geometry import Box
from photoscan.stripping.flat import flatten

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image


def paintable(image: Image) -> Image:
    """The picture in a mode that has a black of its own, with all that shows and nothing that does not."""
    transparent = "transparency" in image.info or image.mode in ("PA", "La", "RGBa")
    if image.mode in FILL.modes and not transparent:
        return _flat(image) if image.mode in ("RGBA", "LA") else image
    return _flat(image.convert("RGBA")) if transparent else image.convert("RGB")


def _flat(image: Image) -> Image:
    """The picture without colours under its transparency, as they would come through where it is coded again."""
    import numpy as np
    from PIL import Image

    samples = np.array(image)
    if not flatten(samples, 255):
        return image
    done = Image.fromarray(samples)
    done.info = dict(image.info)
    return done


def chosen(pictures: Iterable[Image], brush: Brush) -> tuple[Brush, tuple[Phrase, ...]]:
    """What can paint all these pictures: the brush that was asked for, else the one that fills, with a note of it."""
    if all(picture.mode in brush.modes for picture in pictures):
        return brush, ()
    return FILL, (clean_phrase("note.filled"),)


def hide(picture: Image, box: Box, brush: Brush, strength: int = 0) -> None:
    """Paint over a box in place, as far as it lies in the picture, whose mode is one of the brush's."""
    inside = box.clipped(*picture.size)
    if inside.area:
        brush.pixels(picture, inside, strength)


def hide_samples(
    samples: NDArray[Any], boxes: Iterable[Box], top: int, brush: Brush
) -> tuple[Brush, tuple[Phrase, ...]]:
    """Paint over boxes of H x W x (colours, alpha) of any depth, in place; `top` is full alpha.

    What painted, with a note where it was not the brush that was asked for.
    """
    inside = [box.clipped(samples.shape[1], samples.shape[0]) for box in boxes]
    try:
        for box in inside:
            brush.samples(samples, box, top)
    except NotPaintableError:
        for box in inside:
            FILL.samples(samples, box, top)
        return FILL, (clean_phrase("note.filled"),)
    return brush, ()
