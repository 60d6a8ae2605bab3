"""A deadline inside: until when a look may go on. What was found by then is the answer, and what was not looked at is
told with the reason `deadline`.

Only where a caller sets one (`ScanOptions.seconds`); otherwise nothing goes by time, and every machine gives the same
answer. Whoever begins something costly calls `check`: before each decoding, each run of a network, each frame. Work
that can be stopped half-way with something to show catches OutOfTimeError, keeps what it has and says so (`leave_out`).
What ends in milliseconds never asks: what a file says is always told, and so is what its lines mean once they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from photoscan.budget import Share

REASON = "deadline"
"""The reason of an outcome, where there was no time to look."""


class OutOfTimeError(Exception):
    """There is no time for what was about to begin."""


class Clock:
    """Until when one look may go on (`monotonic`, seconds; None without an end), and what was passed over for it."""

    def __init__(self, until: float | None) -> None:
        self.until = until
        self.left_out: set[Share] = set()

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self.until is not None and monotonic() >= self.until


_clock: ContextVar[Clock | None] = ContextVar("deadline", default=None)
"""Of this thread's work alone, since one process looks at several photos at a time."""


@contextmanager
def within(seconds: float | None) -> Iterator[Clock]:
    """What begins inside has so many seconds, of which 0 or fewer are none at all; None for as long as it takes, or as
    what is around it has."""
    around = _clock.get()
    ends = [around.until] if around is not None and around.until is not None else []
    ends += [] if seconds is None else [monotonic() + seconds]
    clock = Clock(min(ends, default=None))
    token = _clock.set(clock)
    try:
        yield clock
    finally:
        _clock.reset(token)


@contextmanager
def part(share: float) -> Iterator[None]:
    """What begins inside has a share, 0 to 1, of the time that is left: so that some is left for what follows."""
    clock = _clock.get()
    if clock is None or clock.until is None:
        yield
        return
    whole = clock.until
    now = monotonic()
    clock.until = min(whole, now + share * max(0.0, whole - now))
    try:
        yield
    finally:
        clock.until = whole


def left(until: float | None) -> float | None:
    """Seconds until a moment, at least 0, None without one. By `monotonic`, which all processes of a computer share."""
    return None if until is None else max(0.0, until - monotonic())


def is_set() -> bool:
    """Whether there is a deadline."""
    clock = _clock.get()
    return clock is not None and clock.until is not None


def check() -> None:
    """Raise OutOfTimeError where the time is up."""
    clock = _clock.get()
    if clock is not None and clock.over:
        raise OutOfTimeError


def leave_out(share: Share) -> None:
    """Note that something was passed over for lack of time that may hold something: the scan is incomplete then."""
    clock = _clock.get()
    if clock is not None:
        clock.left_out.add(share)
