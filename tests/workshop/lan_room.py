"""The phones' application in this process: its room, with hands that work in a thread, and phones that ask it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread, local
from typing import Any

import httpx
import pytest

from photoscan.options import Limits
from photoscan.workshop.guard import Guard
from photoscan.workshop.lan import task
from photoscan.workshop.lan.app import KEY, Phones
from photoscan.workshop.lan.queue import Queue
from photoscan.workshop.lan.room import Room
from photoscan.workshop.lan.task import Job
from tests.workshop import lan_stub
from tests.workshop.game import drawing

HOST = "192.168.7.1:8090"
OURS = {"x-photoscan": "workshop", "sec-fetch-site": "same-origin", "origin": f"http://{HOST}"}


@dataclass
class ThreadPool:
    """As a pool of workers; `held` jobs wait until they are let go."""

    held: bool = False
    jobs: list[Job] = field(default_factory=list)
    _waiting: list[Callable[[], None]] = field(default_factory=list)

    def submit(self, job: Job, told: Callable[[Any], None]) -> Future[Any]:
        self.jobs.append(job)
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()

        def work() -> None:
            _told.to = told
            try:
                future.set_result(task.done(lan_stub.scanner(), job))
            except Exception as error:  # noqa: BLE001 - it is the future's
                future.set_exception(error)

        start = Thread(target=work, daemon=True).start
        if self.held:
            self._waiting.append(start)
        else:
            start()
        return future

    def let_go(self) -> None:
        """Do the job that has waited longest."""
        self._waiting.pop(0)()


_told = local()


@dataclass
class Class:
    """A class with phones."""

    room: Room
    pool: ThreadPool
    http: httpx.AsyncClient

    async def join(self, name: str = "Aina") -> dict[str, str]:
        """Headers of a phone that has joined."""
        answer = await self.http.post("/api/join", json={"code": self.room.turnstile.code, "name": name})
        assert answer.status_code == 200, answer.text
        return {KEY: answer.json()["key"]}

    async def send(self, who: dict[str, str], data: bytes) -> list[dict[str, Any]]:
        """The events of a photo."""
        answer = await self.http.post("/api/photos", content=data, headers=who)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]


@asynccontextmanager
async def open_class(folder: Path, **limits: int) -> AsyncIterator[Class]:
    """A class that nobody has joined yet."""
    album = drawing.album(folder)
    pool = ThreadPool()
    room = Room(Queue(lambda: pool, 1), lambda: album)
    app = Phones(room, lan_stub.scanner().policy, "en", Limits(**limits)).app()
    transport = httpx.ASGITransport(Guard(app, [HOST]), raise_app_exceptions=False, client=("192.168.7.9", 9))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", headers=OURS) as http:
        yield Class(room, pool, http)


def play(folder: Path, what: Callable[[Class], Coroutine[Any, Any, None]], **limits: int) -> None:
    """Run a test of a class, to its end or for a minute."""

    async def all_of_it() -> None:
        async with asyncio.timeout(60), open_class(folder, **limits) as pupils:
            await what(pupils)

    asyncio.run(all_of_it())


def tell_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of this process tell as those of others do."""
    monkeypatch.setattr(task, "tell", lambda what: _told.to(what))
