"""The process for phones: its listeners, its workers, its end.

It ends when it is told to, when nobody does anything for hours, and when the teacher's program ends in whatever way,
which closes the pipe. With it all is gone that it held: nothing was written to disk. Ctrl-C is for the teacher's
program alone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from multiprocessing.connection import Connection as Pipe
from threading import Timer
from typing import Any

import uvicorn

from photoscan.errors import PhotoscanError
from photoscan.workers import Workers
from photoscan.workers.scales import Scales
from photoscan.workers.sizing import Sized, sized
from photoscan.workshop.game.lesson import LessonError
from photoscan.workshop.guard import Guard, refused
from photoscan.workshop.lan.app import Phones
from photoscan.workshop.lan.crowd import PhoneConnection
from photoscan.workshop.lan.line import Document, Line
from photoscan.workshop.lan.queue import Queue
from photoscan.workshop.lan.room import Room
from photoscan.workshop.lan.settings import LIMITS, PORT, Settings
from photoscan.workshop.lan.task import Job, set_up, weigh

PATIENCE = 30.0
"""Seconds after which a connection that stands still is cut."""
LONGEST_LOOK = 180.0
"""Seconds that a worker may be at one job."""
KEEP = 20
"""Seconds for which a connection is kept on which nothing is asked: phones ask often, and each costs them time."""
CONNECTIONS = 512
"""How many there may ever be at a time: more than `crowd.MOST`, which makes room for the next."""
PORTS = {"http": 80, "https": 443}
FAREWELL = 0.3
"""Seconds for the phones that wait to be told that the lesson is over."""
LAST = 5.0
"""Seconds that an end may take."""
LOOK = 20.0
"""Seconds between two looks at whether anybody does anything."""


def main(pipe: Pipe, settings: Settings) -> None:
    """Run until the end. The first document on the pipe has "port" and "code", or "problem" where there is no port."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable()  # a class looks at the terminal, and who sends nonsense must not write there
    listeners = listen(settings)
    if not listeners:
        line = Line(pipe, lambda _: None)
        line.start()
        line.say({"problem": "port"})
        line.hang_up()
        return
    try:
        asyncio.run(_Process(pipe, settings, listeners).run())
    except Exception:  # noqa: BLE001 - what it quotes is for nobody's terminal; the teacher is told that it ended
        os._exit(1)


def listen(settings: Settings) -> list[socket.socket]:
    """A listener for each address that is offered, all with one port; none where that can't be had."""
    addresses = list(dict.fromkeys(address for offer in settings.offers for address in offer.bound))
    for port in (PORT, 0) if settings.port is None else (settings.port,):
        opened: list[socket.socket] = []
        with suppress(OSError):
            for address in addresses:
                opened.append(_bound(address, opened[0].getsockname()[1] if opened else port))
            return opened
        for listener in opened:
            listener.close()
    return []


def _bound(address: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """Uvicorn's server, which leaves signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing."""
        yield


class _Process:
    def __init__(self, pipe: Pipe, settings: Settings, listeners: Sequence[socket.socket]) -> None:
        self.settings = settings
        self.listeners = listeners
        self.scanner = settings.scanner()
        self.size: Sized = sized(None, self.scanner.options.profile, asked=settings.workers)
        self.line = Line(pipe, self._heard)
        self._over = asyncio.Event()
        self._asked: set[asyncio.Task[None]] = set()
        self._running: asyncio.AbstractEventLoop | None = None

    @cached_property
    def workers(self) -> Workers[Job, Any]:
        """The worker processes, which start when somebody first wants them."""
        room = self.size.room
        profile = self.scanner.options.profile
        scales = None if room is None else Scales(room, partial(weigh, profile))
        return Workers(partial(set_up, self.settings.scanner), self.size.count, timeout=LONGEST_LOOK, scales=scales)

    async def run(self) -> None:
        """Serve, until there is an end."""
        self._running = asyncio.get_running_loop()
        queue = Queue(lambda: self.workers, self.size.count)
        self.room = Room(queue, self.settings.album, joined=lambda: self.workers)
        port = self.listeners[0].getsockname()[1]
        phones = Phones(self.room, self.scanner.policy, self.settings.language, LIMITS)
        guarded = Guard(phones.app(), hosts(self.settings, port))
        config = self._config(guarded)
        config.load()
        server = _Server(config)
        serving = asyncio.ensure_future(server.serve(sockets=list(self.listeners)))
        self.line.start()
        self.line.say({"port": port, "code": self.room.turnstile.code})
        idle = asyncio.ensure_future(self._idle())
        await asyncio.wait((asyncio.ensure_future(self._over.wait()), serving), return_when=asyncio.FIRST_COMPLETED)
        idle.cancel()
        for listener in self.listeners:
            listener.close()
        await asyncio.sleep(FAREWELL)
        self._end()

    def _config(self, app: Any) -> uvicorn.Config:
        malformed = refused(400, "This is not HTTP.")
        return uvicorn.Config(
            app,
            http=partial(PhoneConnection, patience=PATIENCE, malformed=malformed),  # type: ignore[arg-type]
            lifespan="off", log_config=None, access_log=False, server_header=False, proxy_headers=False, ws="none",
            limit_concurrency=CONNECTIONS, timeout_keep_alive=KEEP,
            ssl_certfile=self.settings.certificate, ssl_keyfile=self.settings.key,
        )  # fmt: skip

    async def _idle(self) -> None:
        while self.room.idle < self.settings.idle:
            await asyncio.sleep(min(LOOK, self.settings.idle / 4))
        self._over.set()

    # What the teacher's program says

    def _heard(self, document: Document | None) -> None:
        if document is None:
            # Nobody is there any more who could end this in an orderly way.
            self._end()
            return
        assert self._running is not None
        self._running.call_soon_threadsafe(self._answer_soon, document)

    def _answer_soon(self, document: Document) -> None:
        task = asyncio.ensure_future(self._answer(document))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def _answer(self, document: Document) -> None:
        answer: Document = {"id": document["id"]}
        try:
            answer["told"] = await self.room.ask(document["do"], document["body"])
        except LessonError as error:
            answer["refused"] = [error.code, str(error)]
        except PhotoscanError as error:
            answer["refused"] = ["wrong", error.code]
        except Exception:  # noqa: BLE001 - the teacher is told that it failed, not what it quotes
            answer["refused"] = ["lost", "Something went wrong."]
        if not self.line.say(answer):
            self.line.say({"id": document["id"], "refused": ["lost", "The answer is too long."]})
        if document["do"] == "end":
            self._over.set()

    def _end(self) -> None:
        """End at once, workers first."""
        late = Timer(LAST, os._exit, (1,))
        late.daemon = True
        late.start()
        if "workers" in self.__dict__:
            self.workers.close(wait=False)
        self.line.hang_up()
        os._exit(0)


def hosts(settings: Settings, port: int) -> tuple[str, ...]:
    """What phones' browsers call this server; they leave out the protocol's own port."""
    named = tuple(offer.named(port) for offer in settings.offers)
    bare = tuple(offer.bare for offer in settings.offers) if port == PORTS[settings.scheme] else ()
    return named + bare
