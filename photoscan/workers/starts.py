"""Starts: how the places of a pool come to a worker that is ready, and when to try again or to give up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import monotonic

from photoscan.errors import PhotoscanError, WorkerLostError

STILLBIRTHS = 3
"""So many workers in a row that die while they start are no accident where none was ever ready."""
LONGEST = 15.0
"""Seconds between two starts at one place, at most."""
_PAUSE = 0.2
"""Seconds that are doubled with each start that fails, and then waited."""


class Starts:
    """Which places have a worker that is ready, and at which ones starts fail. It holds no lock.

    Where none was ever ready, the installation is broken: trying on would hide that. Where one was, what was missing
    may come back, such as memory: there the pauses grow, and only `patience` seconds without any worker are an end,
    None for never.
    """

    def __init__(self, patience: float | None = None, now: Callable[[], float] = monotonic) -> None:
        self._patience = patience
        self._now = now
        self._failures: Counter[int] = Counter()
        self._last_ready: float | None = None
        self.ready: set[int] = set()

    @property
    def failing(self) -> int:
        """How many places had no worker ready since a start failed there."""
        return len(self._failures)

    def succeeded(self, place: int) -> bool:
        """The worker of a place is ready; whether starts had failed there."""
        self.ready.add(place)
        self._last_ready = self._now()
        return self._failures.pop(place, 0) > 0

    def ended(self, place: int) -> None:
        """The worker of a place is gone, or takes no more."""
        if place in self.ready:
            self.ready.discard(place)
            self._last_ready = self._now()

    def failed(self, place: int, error: PhotoscanError) -> float | None:
        """The worker of a place never became ready: seconds until the next start, None where there is no hope."""
        self._failures[place] += 1
        failures = self._failures[place]
        if self._last_ready is None:
            hopeless = not isinstance(error, WorkerLostError) or failures >= STILLBIRTHS
        else:
            alone = 0.0 if self.ready else self._now() - self._last_ready
            hopeless = self._patience is not None and alone > self._patience
        return None if hopeless else min(LONGEST, _PAUSE * 2.0 ** min(failures, 16))
