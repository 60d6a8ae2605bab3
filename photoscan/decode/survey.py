"""Which frames of a long animation to look at: the first, the last, and those that differ most from one another."""

from __future__ import annotations

import io
import warnings
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from photoscan import deadline
from photoscan.deadline import OutOfTimeError

if TYPE_CHECKING:
    from photoscan.formats import Format

SIDE = 32
"""Pixels of a frame's thumbnail, each way."""
MOST_PIXELS = 400_000_000
"""Pixels of all frames up to which they are compared; of more, frames at even distances are taken."""


def sample(data: bytes, format_: Format, frames: int, pixels: int, count: int) -> tuple[int, ...]:
    """`count` of the indices 0 to frames - 1, rising, with the first and the last; all of them where there are no more.

    `pixels`: of one frame. Frames that can't be decoded are left for the one who looks. Raises ValueError below 2.
    """
    if count < 2:
        raise ValueError("a sample has at least two frames")
    if frames <= count:
        return tuple(range(frames))
    thumbnails = _thumbnails(data, format_, frames) if frames * pixels <= MOST_PIXELS else None
    return even(frames, count) if thumbnails is None else unlike(thumbnails, count)


def even(frames: int, count: int) -> tuple[int, ...]:
    """Indices at even distances."""
    return tuple(round(i * (frames - 1) / (count - 1)) for i in range(count))


def unlike(thumbnails: NDArray[np.float32], count: int) -> tuple[int, ...]:
    """The first and the last, then each time the frame that is least like any chosen one (Gonzalez, Clustering to
    minimize the maximum intercluster distance, 1985); among equals the one farthest in time from them.

    `thumbnails`: frames x values.
    """
    chosen = [0, len(thumbnails) - 1]
    places = np.arange(len(thumbnails))
    while len(chosen) < count:
        apart = np.min([np.abs(thumbnails - thumbnails[i]).max(axis=1) for i in chosen], axis=0)
        away = np.min([np.abs(places - i) for i in chosen], axis=0)
        apart[chosen] = -1
        # Below a level or two it is dither.
        chosen.append(int(np.lexsort((away, np.floor(apart / 2)))[-1]))
    return tuple(sorted(chosen))


def _thumbnails(data: bytes, format_: Format, frames: int) -> NDArray[np.float32] | None:
    """All frames in small, as rows of values; None where one can't be decoded."""
    rows = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=[str(format_.row.pillow)])
            for frame in islice(ImageSequence.Iterator(image), frames):
                deadline.check()
                small = frame.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
                rows.append(np.asarray(small, np.float32).ravel())
    except (MemoryError, KeyboardInterrupt, OutOfTimeError):
        raise
    except Exception:  # noqa: BLE001 - decoders raise anything on broken input
        return None
    return np.array(rows) if len(rows) == frames else None
