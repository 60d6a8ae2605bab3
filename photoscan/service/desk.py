"""The desk between HTTP and the workers: one photo in, its result out, or the problem that kept it from being had."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from time import monotonic, perf_counter
from typing import Any, Protocol

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from photoscan.errors import PhotoscanError
from photoscan.service.gate import Gate
from photoscan.service.metrics import Timed
from photoscan.service.problem import STATUS, ProblemError, retry_later
from photoscan.service.task import Answer, Result, ServiceRequest

log = logging.getLogger("photoscan.service")

LOST_RETRY = 1
"""Seconds after which a photo whose worker died may be sent again: another worker is there, or will be soon."""
LOOK = 0.5
"""Seconds between two looks at whether workers can be started."""
START_RETRY = 2
"""Seconds after which to try again where workers can't be started."""


class Pool(Protocol):
    """What the service wants of `photoscan.workers.Workers`."""

    @property
    def ready(self) -> int:
        """How many workers have loaded their models."""

    @property
    def failing(self) -> int:
        """How many workers could not be started and are tried again."""

    @property
    def restarts(self) -> Mapping[str, int]:
        """How many were replaced, by why."""

    def submit(self, asked: ServiceRequest) -> Future[Result]:
        """Queue what is asked."""

    def drop(self, future: Future[Result]) -> None:
        """Do no more for what nobody waits for."""

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Whether all workers are ready within so many seconds; raises what broke the pool."""


class Desk:
    """Hands jobs to the pool, as many as there are slots for."""

    def __init__(self, pool: Pool, gate: Gate, timed: Timed) -> None:
        """`timed` is told how long each photo waited and was worked at."""
        self.pool = pool
        self.gate = gate
        self.timed = timed

    async def answer(self, asked: ServiceRequest, receive: Receive) -> Answer:
        """The answer. `receive` is of a request whose body has been read: it tells when the caller leaves.

        Raises ClientDisconnect when nobody waits any more, and ProblemError: full, not_ready, deadline, worker_lost,
        timeout, crash, or what is wrong with the photo.
        """
        with self.gate.slot(asked.caller):
            asked = replace(asked, until=self.gate.looks_until)
            result = await self._result(asked, receive)
        if asked.until is not None and (after := monotonic() - asked.until) > 0:
            self.gate.stopped(after)
        if isinstance(result, Answer):
            return result
        code = result.code if result.code in STATUS else "internal"
        if code == "deadline":
            raise retry_later(code, self.gate.retry_after)
        extra = {name: value for name, value in (result.document or {}).items() if name not in ("policy",)}
        raise ProblemError(code, result.detail, extra=extra)

    async def _result(self, asked: ServiceRequest, receive: Receive) -> Result:
        started = perf_counter()
        try:
            future = self.pool.submit(asked)
            result = await self._while_wanted(future, receive)
        except RuntimeError:
            # The pool is closed.
            raise retry_later("stopping", LOST_RETRY) from None
        except PhotoscanError as error:
            raise _problem(error) from None
        self.gate.took(result.seconds)
        self.timed(asked.kind, max(0.0, perf_counter() - started - result.seconds), result.seconds)
        return result

    async def _while_wanted(self, future: Future[Result], receive: Receive) -> Result:
        """The future's result; what nobody waits for any more is not begun, and not gone on with for long.

        What runs is ended with its process. A new one costs about as much as an ordinary photo: where the caller has
        left, the photo that runs is given so much time. By the deadline a worker leaves off by itself; else it is ended
        just past it. Where workers can't be started nobody is kept waiting: when there will be one nobody knows.
        """
        started = perf_counter()
        result: asyncio.Future[Any] = asyncio.wrap_future(future)
        gone: asyncio.Future[Any] = asyncio.ensure_future(_gone(receive))
        stuck: asyncio.Future[Any] = asyncio.ensure_future(self._stuck())
        left = True
        try:
            await asyncio.wait((result, gone, stuck), timeout=self.gate.patience, return_when=asyncio.FIRST_COMPLETED)
            left = gone.done()
            if left and not result.done() and not future.cancel():
                await asyncio.wait((result,), timeout=self.gate.seconds)
        finally:
            gone.cancel()
            stuck.cancel()
            if not result.done():
                running = future.running()
                self.gate.dropped(running, late=not left)
                if not running:
                    self.timed("", perf_counter() - started, None)
                self.pool.drop(future)
                # Whatever it comes to, it is heard: asyncio tells of errors that nobody asked for.
                result.add_done_callback(_heard)
        if left:
            raise ClientDisconnect
        if not result.done() and stuck.done():
            raise retry_later("not_ready", START_RETRY)
        if not result.done():
            raise retry_later("deadline", self.gate.retry_after)
        if result.cancelled():
            raise retry_later("stopping", LOST_RETRY)
        answer: Result = result.result()
        return answer

    async def _stuck(self) -> None:
        """Ends when no worker is ready, and one could not be started."""
        while self.pool.ready or not self.pool.failing:
            await asyncio.sleep(LOOK)


def _heard(result: asyncio.Future[Any]) -> None:
    if not result.cancelled():
        result.exception()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _problem(error: PhotoscanError) -> ProblemError:
    # The messages of the pool's errors name signals, seconds, types and lines of code: for the log, not for the caller.
    log.error("event=%s error=%s", error.code, json.dumps(str(error)))
    if error.code == "worker_lost":
        return retry_later("worker_lost", LOST_RETRY)
    if error.code == "timeout":
        return ProblemError("timeout")
    return ProblemError(error.code if error.code in STATUS else "internal")
