"""The queue of photos: it is bounded, and no worker is lost to those who leave at an awkward moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

import pytest

from photoscan.workshop.desk import FullError
from photoscan.workshop.lan import queue
from photoscan.workshop.lan.queue import Queue


class HeldPool:
    """Jobs end when they are told to; one that is called 'broken' is not even taken."""

    def __init__(self) -> None:
        self.jobs: dict[str, Future[Any]] = {}

    def submit(self, job: str, told: Callable[[Any], None]) -> Future[Any]:
        if job == "broken":
            raise OSError("no worker can be had")
        future: Future[Any] = Future()
        self.jobs[job] = future
        future.set_running_or_notify_cancel()
        return future


def play(what: Callable[[Queue, HeldPool], Coroutine[Any, Any, None]], size: int = 1) -> None:
    async def all_of_it() -> None:
        pool = HeldPool()
        async with asyncio.timeout(30):
            await what(Queue(lambda: pool, size), pool)

    asyncio.run(all_of_it())


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def wanted(jobs: Queue, *names: str) -> list[asyncio.Future[Any]]:
    return [asyncio.ensure_future(jobs.done(name, name)) for name in names]


def test_so_many_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST", 3)

    async def go(jobs: Queue, pool: HeldPool) -> None:
        first, *others = wanted(jobs, "a", "b", "c", "d")
        await settle()
        with pytest.raises(FullError):
            jobs.check()
        with pytest.raises(FullError):
            await jobs.done("e", "e")
        assert jobs.ahead() == 4
        pool.jobs["a"].set_result("done")
        assert await first == "done"
        jobs.check()
        for one in others:
            one.cancel()

    play(go)


def test_who_leaves_in_the_moment_of_their_turn_keeps_no_worker() -> None:
    async def go(jobs: Queue, pool: HeldPool) -> None:
        first, second, third = wanted(jobs, "a", "b", "c")
        await settle()
        pool.jobs["a"].set_result(None)
        asyncio.get_running_loop().call_soon(second.cancel)  # between the turn that is given and the one that takes it
        await first
        await settle()
        assert second.cancelled()
        assert list(pool.jobs) == ["a", "c"]
        pool.jobs["c"].set_result("done")
        assert await third == "done"
        assert jobs.ahead() == 0

    play(go)


def test_a_pool_that_takes_no_job_costs_no_worker() -> None:
    async def go(jobs: Queue, pool: HeldPool) -> None:
        broken, fine = wanted(jobs, "broken", "a")
        with pytest.raises(OSError, match="no worker"):
            await broken
        await settle()
        pool.jobs["a"].set_result("done")
        assert await fine == "done"
        assert jobs.ahead() == 0

    play(go)


def test_what_runs_keeps_its_worker_though_nobody_waits_for_it() -> None:
    async def go(jobs: Queue, pool: HeldPool) -> None:
        first, second = wanted(jobs, "a", "b")
        await settle()
        first.cancel()
        await settle()
        assert list(pool.jobs) == ["a"]
        pool.jobs["a"].set_result(None)
        await settle()
        assert list(pool.jobs) == ["a", "b"]
        pool.jobs["b"].set_result("done")
        assert await second == "done"

    play(go)
