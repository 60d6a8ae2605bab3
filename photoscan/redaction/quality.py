"""Coding a picture again about as well as it was coded before."""

from __future__ import annotations

from collections.abc import Callable

LOWEST, HIGHEST = 40, 95
STEPS = 4
"""Tries: after four the quality is known to within 4 of 100."""


def as_good_as(size: int, coded: Callable[[int], bytes]) -> bytes:
    """The smallest of a few tries that has at least as many bytes as the source, else the best one.

    Formats do not say at which quality they were coded; what the same picture takes at each quality tells.
    """
    low, high = LOWEST, HIGHEST
    best: bytes | None = None
    for _ in range(STEPS):
        quality = (low + high) // 2
        tried = coded(quality)
        if len(tried) >= size:
            best, high = tried, quality
        else:
            low = quality
    return best if best is not None else coded(HIGHEST)
