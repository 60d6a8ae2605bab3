"""The shelf with few photos, in memory only, and the desk: a shelf with the one pair of hands that looks at them."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic
from typing import TypeVar

from photoscan import preview
from photoscan.cleaning import CleanResult
from photoscan.finding import Finding
from photoscan.photo import Photo
from photoscan.report import Report

KEPT = 12
"""How many photos are kept; the oldest makes room for the next."""
KEPT_BYTES = 512 * 1024 * 1024
"""How many bytes they may have together."""
KEPT_SECONDS = 2 * 3600.0
"""For how long a photo is kept that nobody forgets."""
WAITING = 8
"""How many photos may wait for their turn: a class with a few open pages."""
LONGEST = 1600
"""Longest side of the pictures on the page, in pixels."""
T = TypeVar("T")


class FullError(Exception):
    """Too many photos wait already."""


class GoneError(Exception):
    """Whoever asked has left, or the workshop closes: the work is not needed any more."""


@dataclass(slots=True)
class Copy:
    """A safe copy: its bytes with the receipt, and the report of the scan that proved it.

    `left`: what it still tells; `new`: the ids of what of that its second look was the first to see.
    """

    result: CleanResult
    report: Report
    left: tuple[Finding, ...] = ()
    new: frozenset[str] = frozenset()


@dataclass(slots=True)
class Item:
    """One photo on the desk, and what is known of it so far. `later`: what only looks at its copies saw."""

    photo: Photo
    since: float
    report: Report | None = None
    picture: bytes | None = None
    copy: Copy | None = None
    later: tuple[Finding, ...] = ()

    @property
    def known(self) -> tuple[Finding, ...]:
        """All that any look saw, each once."""
        return (*(self.report.findings if self.report else ()), *self.later)

    @property
    def bytes(self) -> int:
        """How much memory it takes, about."""
        return len(self.photo.data) + len(self.picture or b"") + (len(self.copy.result.data) if self.copy else 0)


class Shelf:
    """Photos under unguessable names. Safe to use from several threads.

    `kept`: how many photos at most; the oldest makes room for the next.
    """

    def __init__(self, clock: Callable[[], float] = monotonic, kept: int = KEPT) -> None:
        self._clock = clock
        self._kept = kept
        self._items: OrderedDict[str, Item] = OrderedDict()
        self._lock = Lock()

    def put(self, photo: Photo) -> str:
        """Lay a photo down; gives back its name. What is too old or too much is forgotten."""
        name = secrets.token_urlsafe(18)
        with self._lock:
            self._items[name] = Item(photo, self._clock())
            self._tidy()
            while len(self._items) > 1 and (len(self._items) > self._kept or self._size() > KEPT_BYTES):
                self._items.popitem(last=False)
        return name

    def get(self, name: str) -> Item | None:
        """The photo of that name; None for one that never was or is forgotten."""
        with self._lock:
            self._tidy()
            return self._items.get(name)

    def forget(self, name: str) -> None:
        """Take a photo off the desk, with all that was made of it."""
        with self._lock:
            self._items.pop(name, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()

    def __len__(self) -> int:
        with self._lock:
            return len(self._items)

    @property
    def bytes(self) -> int:
        """How much memory all of it takes, about."""
        with self._lock:
            return self._size()

    def _size(self) -> int:
        return sum(item.bytes for item in self._items.values())

    def _tidy(self) -> None:
        latest = self._clock() - KEPT_SECONDS
        for name in [name for name, item in self._items.items() if item.since < latest]:
            del self._items[name]


class Desk(Shelf):
    """A shelf, and work on its photos, one at a time. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(clock)
        self._hands = ThreadPoolExecutor(1, "workshop")
        self._waiting = 0
        self.closing = Event()

    def ahead(self) -> int:
        """How many wait or are being looked at."""
        return self._waiting

    def work(self, task: Callable[[], T]) -> Future[T]:
        """Have a task done when its turn comes; FullError where too many wait."""
        with self._lock:
            if self._waiting > WAITING:
                raise FullError
            self._waiting += 1
        future = self._hands.submit(task)
        future.add_done_callback(self._done)
        return future

    def close(self) -> None:
        """Forget everything and do nothing more."""
        self.closing.set()
        self._hands.shutdown(wait=False, cancel_futures=True)
        self.clear()

    def _done(self, _: object) -> None:
        with self._lock:
            self._waiting -= 1


def picture(photo: Photo) -> bytes | None:
    """What the page shows of a photo: an upright JPEG with nothing but pixels; None where they can't be had."""
    return preview.jpeg(photo, LONGEST)
