"""The teacher's end: begins the process for phones, passes on what the teacher wants, and ends it.

Of pupils nothing is kept here, and no photo ever comes by here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from multiprocessing import get_context
from threading import Event, Lock
from typing import Any

from photoscan.errors import UsageError, WorkerLostError, reason
from photoscan.workshop.game.lesson import LessonError
from photoscan.workshop.lan import process
from photoscan.workshop.lan.line import Document, Line
from photoscan.workshop.lan.qr import qr
from photoscan.workshop.lan.settings import PORT, Settings

BIRTH = 60.0
"""Seconds that the process may take to open its door."""
PATIENCE = 40.0
"""Seconds that an answer may take: longer than a question for news waits."""
FAREWELL = 5.0
"""Seconds that the answer to an end may take: all is gone then, answer or not."""
DEATH = 5.0
"""Seconds that the process may take to end by itself."""
MOST = 64
"""Questions that may wait for an answer."""


class Remote:
    """The lesson of a process of its own, as `game.host.Host` holds one here. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._running: _Running | None = None
        self._lost = False

    def begin(self) -> None:
        """Open the door to phones, unless it is open. Takes a second or two.

        Raises UsageError where the port can't be had, WorkerLostError where there is no process.
        """
        with self._lock:
            if self._running is None or self._running.gone.is_set():
                self._running = _Running(self.settings)
                self._lost = False

    def door(self) -> dict[str, Any]:
        """How phones come in: {"lan": true, "open", "addresses", "code", "qr", "ways", "secure"}.

        `ways` has a row for each address, best first: {"address", "link", "qr": {"size", "d"}}; `addresses`, and `qr`
        of the first, are the same for short. `secure`: whether the connection is encrypted. None and nothing of these
        while the door is shut.
        """
        running = self._open()
        told: dict[str, Any] = {"lan": True, "open": running is not None, "secure": self.settings.scheme == "https"}
        ways = running.ways if running is not None else []
        return told | {
            "code": running.code if running is not None else None,
            "addresses": [way["address"] for way in ways],
            "qr": ways[0]["qr"] if ways else None,
            "ways": ways,
        }

    async def ask(self, action: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """As `Host.ask`. 'open' opens the door where it is shut; 'end' ends the process, and tells what it forgot:
        {"pupils", "photos"}. Whatever else is told has the `door` beside it.

        Raises LessonError, with the code 'lost' where the process has ended by itself.
        """
        if action == "open":
            await asyncio.to_thread(self._begun)
        running = self._open()
        if running is None:
            if action == "end":
                self._lost = False
                return {"pupils": 0, "photos": 0}
            if self._lost:
                raise LessonError("lost", "The part of the program for phones has ended. Begin a new lesson.")
            raise LessonError("gone", "There is no lesson.")
        try:
            told = await running.ask(action, body)
            return told if told is None or action == "end" else told | {"door": self.door()}
        finally:
            if action == "end":
                await asyncio.to_thread(self.close)

    def close(self) -> None:
        """End the process, and wait until it has ended."""
        with self._lock:
            running, self._running = self._running, None
            self._lost = False
        if running is not None:
            running.close()

    @property
    def pid(self) -> int | None:
        """The number of the process, None while there is none."""
        running = self._open()
        return running.process.pid if running is not None else None

    def _begun(self) -> None:
        try:
            self.begin()
        except (UsageError, WorkerLostError):
            raise LessonError("lost", "The door for phones could not be opened.") from None

    def _open(self) -> _Running | None:
        with self._lock:
            if self._running is not None and self._running.gone.is_set():
                self._running.close()
                self._running, self._lost = None, True
            return self._running


class _Running:
    """One process and the line to it."""

    def __init__(self, settings: Settings) -> None:
        context = get_context("spawn")
        near, far = context.Pipe()
        # Not as a daemon: those may have no workers. It ends with this end of the pipe.
        self.process = context.Process(target=process.main, args=(far, settings), name="photoscan-lan")
        try:
            self.process.start()
        except OSError as error:
            near.close()
            raise WorkerLostError("problem.worker.unstartable", why=reason(error)) from None
        finally:
            far.close()
        self.gone = Event()
        self._pipe = near
        self._numbers = count(1)
        self._asked: dict[int, Future[Document]] = {}
        self._lock = Lock()
        self._first: Future[Document] = Future()
        self._line = Line(near, self._heard)
        self._line.start()
        self.port, self.code = self._opened(settings)
        self.ways = [_way(offer.url(settings.scheme, self.port), self.code) for offer in settings.offers]

    def _opened(self, settings: Settings) -> tuple[int, str]:
        with suppress(TimeoutError, LessonError):
            first = self._first.result(BIRTH)
            if "port" in first:
                return int(first["port"]), str(first["code"])
            self.close()
            raise UsageError("problem.workshop.port_lan", port=settings.port or PORT)
        self.close()
        raise WorkerLostError("problem.worker.stillborn", death=f"exit status {self.process.exitcode}")

    async def ask(self, action: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        number, future = next(self._numbers), Future[Document]()
        with self._lock:
            if self.gone.is_set() or len(self._asked) >= MOST:
                raise LessonError("lost", "The part of the program for phones does not answer.")
            self._asked[number] = future
        try:
            if not self._line.say({"id": number, "do": action, "body": dict(body)}):
                raise LessonError("wrong", "This is too long.")
            answer = await asyncio.wait_for(asyncio.wrap_future(future), FAREWELL if action == "end" else PATIENCE)
        except TimeoutError:
            raise LessonError("lost", "The part of the program for phones does not answer.") from None
        finally:
            with self._lock:
                self._asked.pop(number, None)
        if "refused" in answer:
            raise LessonError(*answer["refused"])
        told: dict[str, Any] | None = answer["told"]
        return told

    def close(self) -> None:
        """See the process off: by itself if it ends soon, else at once."""
        self._line.say({"id": 0, "do": "end", "body": {}})
        self._line.hang_up(0.5)
        self.process.join(DEATH)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        # Only now: to close what a thread reads from ends nothing.
        self.gone.wait(DEATH)
        self._pipe.close()

    def _heard(self, document: Document | None) -> None:
        if document is None:
            with self._lock:
                self.gone.set()
                left = [self._first, *self._asked.values()]
            for future in left:
                if not future.done():
                    future.set_exception(LessonError("lost", "The part of the program for phones has ended."))
        elif "id" in document:
            with self._lock:
                future = self._asked.get(document["id"])  # type: ignore[assignment]
            if future is not None and not future.done():
                future.set_result(document)
        elif not self._first.done():
            self._first.set_result(document)


def _way(address: str, code: str) -> dict[str, Any]:
    # Behind the hash: no browser sends it to anybody.
    link = f"{address}#{code}"
    return {"address": address, "link": link, "qr": qr(link)}
