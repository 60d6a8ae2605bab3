"""TIFF made flat: a page with something under its transparency is written anew, its rows packed by deflate."""

from __future__ import annotations

import io
import zlib
from typing import Any

import numpy as np
from PIL import Image

from photoscan.stripping.flat import flatten
from photoscan.stripping.tiff_directory import Directory, Value, longs
from photoscan.tiff_survey import Order

EXTRA = 0x152
ASSOCIATED, UNASSOCIATED = 1, 2
"""What ExtraSamples calls alpha (TIFF 6.0, section 18): with colours multiplied by it, or without."""
_HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _ROWS, _PALETTE = 0x101, 0x102, 0x103, 0x106, 0x115, 0x116, 0x140
_STRIPS, _STRIP_SIZES, _PLANAR, _ORIENTATION = 0x111, 0x117, 0x11C, 0x112
_CODING = frozenset((0x10A, 0x11C, 0x124, 0x125, 0x13D, 0x142, 0x143, 0x144, 0x145, 0x15B, 0x212, 0x213))
"""Tags about how rows were coded, which are no longer."""
_DEFLATE, _RGB, _COLOURS = 8, 2, {1: "LA", 3: "RGBA"}


def has_alpha(tags: Directory, order: Order) -> bool:
    """Whether a page's last sample is its alpha."""
    return EXTRA in tags and tags[EXTRA].numbers(order)[-1:] in ((ASSOCIATED,), (UNASSOCIATED,))


def alone(tags: Directory, order: Order) -> Directory:
    """The tags of a page by itself, unturned, with its colours as they are stored."""
    extra = tags[EXTRA].numbers(order)
    single = {number: value for number, value in tags.items() if number != _ORIENTATION}
    plain = Value(3, b"".join(_short(UNASSOCIATED, order) for _ in extra))
    return single | {EXTRA: plain}


def flattened(
    tags: Directory, coded: list[bytes], order: Order, whole: bytes
) -> tuple[Directory, list[bytes], tuple[str, ...]]:
    """The page made flat: its tags, strips, and what was there. `whole`: the page by itself as a file (`alone`)."""
    samples = _samples(whole, tags, order)
    found = () if samples is None else flatten(samples, 255 if samples.dtype.itemsize == 1 else 65535)
    if samples is None or not found:
        return tags, coded, ()
    raw = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    kept = {number: value for number, value in tags.items() if number not in _CODING}
    if samples.shape[2] == 4 and _PALETTE in kept:
        # Each pixel has its own colour now.
        del kept[_PALETTE]
        kept[_BITS], kept[_SAMPLES] = Value(3, _short(8, order) * 4), Value(3, _short(4, order))
        kept[_PHOTOMETRIC] = Value(3, _short(_RGB, order))
    kept[_COMPRESSION] = Value(3, _short(_DEFLATE, order))
    kept[_ROWS] = longs(order, samples.shape[0])
    kept[_STRIPS] = kept[_STRIP_SIZES] = longs(order, 0)
    return kept, [zlib.compress(raw, 6)], found


def _short(value: int, order: Order) -> bytes:
    return value.to_bytes(2, "little" if order == "<" else "big")


def _samples(whole: bytes, tags: Directory, order: Order) -> Any:
    """H x W x (colours, alpha), 8 or 16 bits; None for pages that are coded in other ways."""
    bits = set(tags[_BITS].numbers(order)) if _BITS in tags else {1}
    count = tags[_SAMPLES].numbers(order)[0] if _SAMPLES in tags else 1
    if bits == {16} and count == 4:
        if _PLANAR in tags and tags[_PLANAR].numbers(order)[0] != 1:
            return None  # OpenCV mixes the planes up
        import cv2

        pixels: Any = cv2.imdecode(np.frombuffer(whole, np.uint8), cv2.IMREAD_UNCHANGED)
        deep = pixels is not None and pixels.dtype == np.uint16 and pixels.ndim == 3 and pixels.shape[2] == 4
        return pixels[:, :, [2, 1, 0, 3]].copy() if deep else None
    image = Image.open(io.BytesIO(whole), formats=["TIFF"])
    image.load()
    if bits == {8} and image.mode == "PA":
        return np.array(image.convert("RGBA"))
    return np.array(image) if bits == {8} and image.mode == _COLOURS.get(count - 1) else None
