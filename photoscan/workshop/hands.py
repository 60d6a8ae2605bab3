"""Hands: who does the work on photos. The routes ask, and do not know whether a thread or a process does it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import Protocol

from photoscan.photo import Photo
from photoscan.scanner import Scanner
from photoscan.workshop import saved, work
from photoscan.workshop.desk import Copy, Desk, Item, picture


class Hands(Protocol):
    """Work on the photos of one owner."""

    def ahead(self) -> int:
        """How many photos wait or are being looked at."""

    def look(self, item: Item, tell: work.Tell) -> asyncio.Future[None]:
        """Look at a photo and tell each event, in any thread; what is cancelled is not gone on with.

        Raises FullError where too many wait.
        """

    async def copy(self, item: Item, hide: Sequence[str], remove: Sequence[str]) -> Copy:
        """A safe copy. Raises FullError, and the PhotoscanErrors of `make_safe_copy`."""

    async def page(self, item: Item, language: str) -> bytes:
        """The report as a page of its own."""

    async def copy_picture(self, item: Item) -> bytes | None:
        """The safe copy as the page shows it; None where its pixels can't be had."""


class OwnHands:
    """One thread of this process looks at the photos of a desk, one after the other."""

    def __init__(self, desk: Desk, scanner: Scanner) -> None:
        self.desk = desk
        self.scanner = scanner

    def ahead(self) -> int:
        """How many photos wait or are being looked at."""
        return self.desk.ahead()

    def look(self, item: Item, tell: work.Tell) -> asyncio.Future[None]:
        """As `Hands.look`."""
        gone = Event()
        task = partial(work.look, item, self.scanner, tell, _Either(gone, self.desk.closing))
        future = asyncio.wrap_future(self.desk.work(task))
        future.add_done_callback(lambda _: gone.set())
        return future

    async def copy(self, item: Item, hide: Sequence[str], remove: Sequence[str]) -> Copy:
        """As `Hands.copy`."""
        task = partial(work.copy, item, self.scanner, hide, self.desk.closing, remove)
        return await asyncio.wrap_future(self.desk.work(task))

    async def page(self, item: Item, language: str) -> bytes:
        """As `Hands.page`."""
        assert item.report is not None
        return await asyncio.to_thread(saved.page, item.photo, item.report, self.scanner.policy, language)

    async def copy_picture(self, item: Item) -> bytes | None:
        """As `Hands.copy_picture`."""
        return await asyncio.to_thread(shown, item)


def shown(item: Item) -> bytes | None:
    """The picture of an item's copy."""
    assert item.copy is not None
    return picture(Photo.open(item.copy.result.data))


class _Either(Event):
    """Set when one of two events is."""

    def __init__(self, own: Event, other: Event) -> None:
        super().__init__()
        self._both = own, other

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._both)
