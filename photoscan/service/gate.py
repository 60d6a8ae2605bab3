"""How much the service takes on: photos at a time, and bytes of them in memory. Beyond that it says so at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from time import monotonic

from photoscan.service.problem import retry_later
from photoscan.service.share import Owner, Shares
from photoscan.service.uploads import Uploads

LONGEST_WAIT = 60
LATE = 1.05
"""So many deadlines after it came a photo is given up whose worker can't leave off by itself."""
LEAST_MARGIN, MOST_MARGIN = 0.05, 0.5
"""Shares of the deadline that are kept, at least and at most, for what a worker is at when its time for looking ends,
and for writing down what it found."""
_SPARE = 1.25
"""So many times the time that was needed for that is kept; most of it is one run of a network."""
_WEIGHT = 0.2
"""Of the newest photo in the running mean of seconds."""


class Gate:
    """Counts slots and bytes of requests in flight. For one event loop: it holds no lock.

    `slots`: photos at a time, waiting ones included; `workers`: how many are looked at at a time; `buffer`: bytes of
    bodies that may be in memory, those that are still coming included; `deadline`: seconds for waiting and looking
    together, None for no bound; `seconds`: how long one is likely to take, until some have been seen; `shares`: how
    much of it each key may have, by default all; `uploads`: the bodies that are still coming, by default without bound.
    """

    def __init__(
        self,
        slots: int,
        workers: int,
        buffer: int,
        deadline: float | None = None,
        seconds: float = 1.0,
        shares: Shares | None = None,
        uploads: Uploads | None = None,
    ) -> None:
        self.slots = slots
        self.workers = workers
        self.buffer = buffer
        self.deadline = deadline
        self.taken = 0
        self.buffered = 0
        self.seconds = seconds
        self.shares = shares or Shares(slots, workers)
        self.uploads = uploads or Uploads(buffer, buffer)
        self.margin = LEAST_MARGIN * (deadline or 0.0)

    @property
    def looks_until(self) -> float | None:
        """Until when a photo that has come now may be looked at (`monotonic`), so that its answer is there in time."""
        return None if self.deadline is None else monotonic() + self.deadline - self.margin

    @property
    def patience(self) -> float | None:
        """Seconds after which a photo that has come now is given up."""
        return None if self.deadline is None else LATE * self.deadline

    def stopped(self, after: float) -> None:
        """Learn how many seconds after its time for looking had ended a photo's answer came: the longest counts at
        once and is forgotten slowly."""
        assert self.deadline is not None
        wanted = min(MOST_MARGIN, max(LEAST_MARGIN, _SPARE * after / self.deadline)) * self.deadline
        self.margin = max(wanted, self.margin + _WEIGHT * _WEIGHT * (wanted - self.margin))

    def check(self, who: Owner = None, count: int = 1) -> None:
        """Raise the problem 'full' where there are no slots or no time for so many photos of this owner.

        There is no time when an ordinary photo would not be done by the deadline; where a worker is free any may try.
        """
        wait = self.wait_of(who)
        late = self.deadline is not None and wait > 0 and wait + self.seconds > self.deadline
        if late or self.shares.room(who, self.slots - self.taken, count) < count:
            raise retry_later("full", self.retry_after)

    @contextmanager
    def slot(self, who: Owner = None) -> Iterator[None]:
        """Hold a slot; the problem 'full' where there is none."""
        self.check(who)
        self.taken += 1
        self.shares.take(who)
        try:
            yield
        finally:
            self.taken -= 1
            self.shares.give(who)

    @contextmanager
    def body(self) -> Iterator[Body]:
        """Account for the bytes of one body, until its request is done."""
        body = Body(self)
        try:
            yield body
        finally:
            self.buffered -= body.bytes

    def took(self, seconds: float) -> None:
        """Learn how long a worker was at a photo."""
        self.seconds += _WEIGHT * (seconds - self.seconds)

    def dropped(self, running: bool, late: bool) -> None:
        """Learn that a photo was given up; one that was looked at had taken more than it was given.

        `late`: since all patience was at its end, and not because nobody waited any more. Its worker had not left off
        by then, though its time was up.
        """
        if running and self.deadline is not None:
            self.took(self.deadline)
            if late:
                self.stopped((LATE - 1) * self.deadline + self.margin)

    @property
    def wait(self) -> float:
        """Seconds until a photo that came now, behind all others, would be begun with, by the mean of those before."""
        return self._until(self.taken)

    def wait_of(self, who: Owner) -> float:
        """The same for a photo of this owner, who has turns among the others."""
        return self._until(self.shares.ahead(who, self.taken, self.workers))

    def _until(self, ahead: int) -> float:
        return self.seconds * max(0, ahead - self.workers + 1) / self.workers

    @property
    def retry_after(self) -> int:
        """Whole seconds after which a slot is likely to be free: the time of those that wait, shared by workers."""
        return max(1, min(LONGEST_WAIT, ceil(self.seconds * max(1, self.taken - self.workers) / self.workers)))


class Body:
    """The bytes that one request holds."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.bytes = 0

    def grow(self, count: int) -> None:
        """Hold so many bytes more; the problem 'full' when the memory set aside for bodies is used up."""
        if self.gate.buffered + count > self.gate.buffer:
            raise retry_later("full", self.gate.retry_after)
        self.gate.buffered += count
        self.bytes += count
