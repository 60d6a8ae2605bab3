"""The queue of photos before the worker processes: pupils take turns, and each is told how many are before them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from photoscan.workers.turns import Turns
from photoscan.workshop.desk import FullError

MOST = 120
"""How many jobs may wait: of each pupil a photo and a copy, and some that nobody waits for any more."""
Told = Callable[[Any], None]


class Pool(Protocol):
    """What is asked of `photoscan.workers.Workers`."""

    def submit(self, job: Any, told: Told) -> Future[Any]:
        """Have a job done."""


@dataclass(slots=True, eq=False)
class _Ticket:
    told: Callable[[int], None]
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    ahead: int = -1


class Queue:
    """Jobs of several owners for a pool of `size` processes. For one event loop."""

    def __init__(self, pool: Callable[[], Pool], size: int) -> None:
        """`pool` gives the pool, which begins with the first job."""
        self._pool = pool
        self._size = size
        self._turns: Turns[_Ticket] = Turns()
        self._running = 0

    def ahead(self) -> int:
        """How many wait or are being looked at."""
        return len(self._waiting()) + self._running

    def check(self) -> None:
        """Raise FullError where no more can wait."""
        if len(self._turns) >= MOST:
            raise FullError

    async def done(
        self, owner: Hashable, job: Any, told: Told = lambda _: None, ahead: Callable[[int], None] = lambda _: None
    ) -> Any:
        """What becomes of a job, once it was its turn.

        `told` gets, in any thread, what the worker tells meanwhile; `ahead` how many are before it, whenever that
        changes while it waits. Raises FullError, and what the pool and the job raise. What is cancelled is not begun;
        what runs runs on, and keeps its worker.
        """
        self.check()
        ticket = _Ticket(ahead)
        self._turns.append(ticket, owner)
        self._begin()
        try:
            await ticket.turn
        except asyncio.CancelledError:
            if not ticket.turn.cancelled():
                self._ended()
            self._tell()
            raise
        try:
            future = self._pool().submit(job, told)
        except BaseException:
            self._ended()
            raise
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: loop.is_closed() or loop.call_soon_threadsafe(self._ended))
        return await asyncio.wrap_future(future)

    def _ended(self) -> None:
        self._running -= 1
        self._begin()

    def _begin(self) -> None:
        """Give turns while there are workers without a job."""
        while self._turns and self._running < self._size:
            ticket = self._turns.pop()
            if not ticket.turn.done():
                ticket.turn.set_result(None)
                self._running += 1
        self._tell()

    def _waiting(self) -> list[_Ticket]:
        return [ticket for ticket in self._turns if not ticket.turn.done()]

    def _tell(self) -> None:
        for place, ticket in enumerate(self._waiting(), self._running):
            if place != ticket.ahead:
                ticket.ahead = place
                ticket.told(place)
