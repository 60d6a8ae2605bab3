"""Photos to measure the cost on: drawn, the same each time, of the sorts that cost differently."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import cv2
import numpy as np
from PIL import Image

from fixtures.camera import jpeg
from fixtures.canvas import blank, clouded, gradient, letters
from fixtures.scenes import outdoors, papers, people, vehicles

Picture = Any
"""H x W x 3, uint8, RGB."""
LARGE, SMALL = (4000, 3000), (1680, 1260)
"""12 and 2.1 megapixels."""
JUST_BELOW, JUST_ABOVE = (1592, 1194), (1664, 1248)
"""Long sides on both sides of 1,600 pixels: neither may cost much more than the other."""


def _opened(data: bytes) -> Picture:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).copy()


def _named(family: Any, name: str) -> Picture:
    return next(_opened(data) for data, sample in family.draw() if sample.file == name)


def _grained(picture: Picture, size: tuple[int, int], strength: float = 3.0) -> bytes:
    """At another size, with a sensor's noise: enlarged pictures are too smooth."""
    rng = np.random.default_rng(1)
    large = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return jpeg(np.clip(large + rng.normal(0, strength, large.shape), 0, 255).astype(np.uint8))


def in_size(name: str, size: tuple[int, int]) -> bytes:
    """A drawn outdoor scene, such as 'landscape', as a JPEG of this width and height."""
    return _grained(_named(outdoors, f"{name}.jpg"), size)


def _foliage(width: int, height: int) -> Picture:
    """Texture at all scales, as leaves and gravel show it, below a strip of sky."""
    rng = np.random.default_rng(2)
    picture = gradient(width, height, (90, 120, 90), (60, 90, 70)).astype(np.float32)
    for octave in range(1, 8):
        side = 2**octave
        layer = rng.normal(0, 1, (side * 3, side * 4)).astype(np.float32)
        picture += 34 * 0.88**octave * cv2.resize(layer, (width, height), interpolation=cv2.INTER_CUBIC)[:, :, None]
    picture[: height // 6] = (180, 206, 235)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _page(width: int, height: int) -> Picture:
    """Thirty lines of print on paper."""
    picture = clouded(blank(width, height, (238, 240, 242)), np.random.default_rng(3), 4)
    words = "the harbour office opens at nine and the ferry to the small island leaves twice in the morning"
    for row in range(30):
        at = width // 12, height // 14 + row * height // 34
        letters(picture, at, f"{row + 1}. {words[row:]}", height // 75, (40, 40, 40))
    return picture


def _crowd(width: int, height: int) -> Picture:
    """Portraits side by side, small ones behind large ones."""
    wall = _named(people, "portraits.jpg")
    rows = [np.hstack([wall] * n) for n in (5, 4, 3)]
    even = [cv2.resize(row, (1500, 1500 * row.shape[0] // row.shape[1])) for row in rows]
    return cv2.resize(np.vstack(even), (width, height))


PHOTOS: Mapping[str, Callable[[], bytes]] = {
    "plain, 12 MP": lambda: _grained(_named(outdoors, "landscape.jpg"), LARGE),
    "busy, 12 MP": lambda: _grained(_foliage(*LARGE), LARGE),
    "document, 12 MP": lambda: _grained(_page(*LARGE), LARGE),
    "street, 2.1 MP": lambda: _grained(_named(outdoors, "street.jpg"), SMALL),
    "car, 2.1 MP": lambda: _grained(_named(vehicles, "car_malaysia.jpg"), SMALL),
    "parcel, 1.9 MP": lambda: _grained(_named(papers, "parcel.jpg"), JUST_BELOW),
    "parcel, 2.1 MP": lambda: _grained(_named(papers, "parcel.jpg"), JUST_ABOVE),
    "crowd, .8 MP": lambda: _grained(_crowd(1024, 768), (1024, 768)),
}
"""How each is drawn, by its name: the bytes of a JPEG."""
