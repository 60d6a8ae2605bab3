"""Palettes made flat: one transparent entry with no colour, and opaque ones where nobody sees that they are not quite.

What counts as not there is told pixel by pixel, so that an entry may be split in two: one at soft edges, one elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photoscan.stripping.flat import gone_and_whole

MOST = 256


@dataclass(slots=True)
class Palette:
    """A palette (256 x RGBA, what is not there opaque black), how many entries it had, and how many it may have."""

    entries: NDArray[Any]
    count: int
    room: int

    @classmethod
    def of(cls, colours: bytes, alphas: bytes, room: int) -> Palette:
        """From the content of PLTE and tRNS."""
        entries = np.zeros((MOST, 4), np.uint8)
        entries[:, 3] = 255
        count = min(len(colours) // 3, MOST)
        entries[:count, :3] = np.frombuffer(colours[: 3 * count], np.uint8).reshape(-1, 3)
        entries[: min(len(alphas), count), 3] = np.frombuffer(alphas[:count], np.uint8)
        return cls(entries, count, room)

    def written(self, used: set[int]) -> tuple[bytes, bytes]:
        """The content of PLTE and tRNS, with nothing in entries that no pixel uses."""
        kept = self.entries[: max((index for index in used if index < self.count), default=0) + 1].copy()
        for index in range(len(kept)):
            if index not in used:
                kept[index] = 0, 0, 0, 255
            elif not kept[index, 3]:
                kept[index, :3] = 0
        return kept[:, :3].tobytes(), kept[:, 3].tobytes().rstrip(b"\xff")


def used_by(frames: Sequence[NDArray[Any]]) -> set[int]:
    """The entries that pixels of frames (H x W indices each) use."""
    return {int(index) for frame in frames for index in np.unique(frame)}


def parted(palette: Palette, frames: Sequence[NDArray[Any]]) -> list[bool] | None:
    """Make palette and frames flat in place; which frames changed. None where it has no room for another entry: then
    nothing was changed.
    """
    alphas = palette.entries[:, 3].copy()
    masks = [gone_and_whole(alphas[frame]) for frame in frames]
    pairs = list(zip(frames, masks, strict=True))
    gone = used_by([frame[none] for frame, (none, _) in pairs])
    whole = {index for index in used_by([frame[full] for frame, (_, full) in pairs]) if alphas[index] < 255}
    soft = used_by([frame[~(none | full)] for frame, (none, full) in pairs])
    used = used_by(frames)
    free = [index for index in range(palette.room) if index not in used]
    split = sorted(whole & soft)
    alone = sorted(gone - soft, key=lambda index: int(alphas[index]))
    needed = len(split) + (1 if gone and not alone else 0)
    if needed > len(free):
        return None
    targets = {index: index for index in whole} | dict(zip(split, free, strict=False))
    if gone:
        clear = alone[0] if alone else free[len(split)]
        targets |= dict.fromkeys(gone, clear)
    for index in whole:
        palette.entries[targets[index]] = (*palette.entries[index][:3], 255)
    if gone:
        palette.entries[clear] = 0
    palette.count = max(palette.count, *(target + 1 for target in targets.values()), 0)
    return [_moved(frame, none | full, targets) for frame, (none, full) in pairs]


def _moved(frame: NDArray[Any], which: NDArray[Any], targets: dict[int, int]) -> bool:
    """Give pixels their new entries in place; whether any changed."""
    before = frame.copy()
    for index, target in targets.items():
        if index != target:
            frame[which & (before == index)] = target
    return bool((before != frame).any())
