"""Running the service: workers, socket, signals, log, and a stop that answers what is in flight."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

import uvicorn

from photoscan import models
from photoscan.errors import (
    ModelError,
    NotInstalledError,
    NotReadableError,
    PhotoscanError,
    TaskFailedError,
    WorkerLostError,
    reason,
)
from photoscan.service.app import create_app
from photoscan.service.keys import Keys
from photoscan.service.problem import malformed
from photoscan.service.settings import Settings
from photoscan.service.state import LIGHT_WORKERS, Service
from photoscan.service.task import ServiceRequest, Task, set_up, set_up_light
from photoscan.web.connection import Connection
from photoscan.workers import Workers

if TYPE_CHECKING:
    from photoscan.service.traces import OpenTelemetry

log = logging.getLogger("photoscan.service")

NICE = 5
"""How much later the processes that look at pictures have their turn than those that speak HTTP and read texts."""
LIGHT_TIMEOUT = 10.0
"""Seconds for a text, or for what a file says, at most: they take milliseconds, and others wait for that process."""
LAST = 0.2
"""Seconds between the end of listening and the end of connections on which nothing is asked."""
Say = Callable[..., None]
"""Called with 'listening' and the keyword `url`, 'ready' once all models are loaded, 'stopping'."""


def run(settings: Settings, keys: Keys | None, say: Say) -> int:
    """Serve until SIGTERM or SIGINT; the exit status.

    Raises ModelError when a model is missing, NotInstalledError when the engine is, NotReadableError when the address
    can't be had.
    """
    models.check_engine(settings.engine)
    for model in models.in_use():
        models.path(model.name)
    how = (settings.outside, dict(settings.policies), settings.usual)
    return serve(settings, keys, partial(set_up, *how), say, partial(set_up_light, *how))


def give_way(set_up: Callable[[], Task]) -> Task:
    """Set up a worker that takes seconds for a photo: where processors are short, texts go first."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    return set_up()


def serve(
    settings: Settings, keys: Keys | None, set_up: Callable[[], Task], say: Say, light: Callable[[], Task] | None = None
) -> int:
    """Serve with workers that are set up in this way: `run` without its look at the models.

    `light`: how those are set up that never look at a picture, by default as the others.
    """
    _set_up_log()
    traces = _traces() if settings.otel else None
    listener = _listen(settings)
    shares = keys.shares if keys is not None else dict

    def owner(asked: ServiceRequest) -> tuple[str | None, float]:
        return asked.caller, shares().get(asked.caller or "", 1)

    # A service that once worked never gives up: what it lacks may come back, and whoever asks is told meanwhile.
    how: dict[str, Any] = {"recycle": settings.recycle, "owner": owner, "patience": None, "told": _log_start}
    pool = Workers(partial(give_way, set_up), settings.workers, timeout=settings.timeout, **how)
    quick = Workers(light or set_up, LIGHT_WORKERS, timeout=min(settings.timeout, LIGHT_TIMEOUT), **how)
    try:
        app, service = create_app(settings, pool, keys, quick, traces)
        server = _Server(_config(app, settings), service, say)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        say("listening", url=f"http://{host}:{listener.getsockname()[1]}")
        threading.Thread(target=server.watch, args=(pool, quick), daemon=True).start()
        asyncio.run(server.serve([listener]))
    finally:
        pool.close(wait=False)
        quick.close(wait=False)
    if server.failure is not None:
        raise server.failure
    return 0


def _log_start(error: PhotoscanError | None, pause: float) -> None:
    """Log a worker that did not start, or one that did where others had not."""
    if error is None:
        log.info("event=worker_started")
    else:
        # What a missing file is called may name a person; how a process ended does not.
        why = json.dumps(str(error)) if isinstance(error, WorkerLostError | TaskFailedError) else "-"
        log.error("event=worker_not_started code=%s error=%s again_s=%.1f", error.code, why, pause)


def _traces() -> OpenTelemetry:
    """Traces, which load OpenTelemetry only here. NotInstalledError without it, UsageError without its exporter."""
    try:
        from photoscan.service import traces
    except ModuleNotFoundError as error:
        raise NotInstalledError("problem.serve.otel", package=error.name) from None
    return traces.set_up()


def _config(app: Any, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        # A function that makes connections does as well as their class.
        http=partial(Connection, patience=settings.upload_timeout, malformed=malformed()),  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=max(1, round(settings.grace)),
    )


def _listen(settings: Settings) -> socket.socket:
    """The socket, bound before any worker starts; NotReadableError when it can't be."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listener.close()
        why = reason(error)
        raise NotReadableError("problem.serve.address", host=settings.host, port=settings.port, why=why) from None
    listener.setblocking(False)
    return listener


def _set_up_log() -> None:
    """One line an event on standard error, from this service alone; of libraries only what went wrong, and no trace."""
    handler = _Handler(sys.stderr)
    handler.setFormatter(_Line("time=%(asctime)s level=%(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    own = logging.getLogger("photoscan.service")
    own.handlers, own.propagate = [handler], False
    own.setLevel(logging.INFO)
    for name in LIBRARIES:
        library = logging.getLogger(name)
        library.handlers, library.propagate = [handler], False
        library.setLevel(logging.ERROR)


LIBRARIES = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio", "python_multipart", "PIL")
"""Loggers of what handles requests, which may quote them: errors alone pass, and tell their origin, no more."""


class _Handler(logging.StreamHandler[TextIO]):
    """Writes what can be written: a disk that is full ends no request, and gets no trace of that once it has room."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Nothing."""


class _Line(logging.Formatter):
    """Formats without any stack trace, and libraries' messages by their origin alone: they may quote a request."""

    def format(self, record: logging.LogRecord) -> str:
        if not record.name.startswith("photoscan"):
            kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "-"
            record.msg, record.args = f"event=library name={record.name} error={kind}", ()
        record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record)


class _Server(uvicorn.Server):
    """Uvicorn's server, which stops without killing itself by the signal that stopped it."""

    def __init__(self, config: uvicorn.Config, service: Service, say: Say) -> None:
        super().__init__(config)
        self.service = service
        self._say = say
        self.failure: PhotoscanError | None = None
        self.listens_until: float | None = None

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on SIGINT and SIGTERM; at the second SIGINT at once."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def say(self, event: str) -> None:
        """Tell the terminal, if it can be told: a stop is a stop where standard error lies on a full disk, too."""
        with suppress(OSError):
            self._say(event)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Say that no more is taken, and after the drain take no more; at a second signal at once."""
        again, self.service.stopping = self.service.stopping, True
        if not again:
            self.say("stopping")
        if again or not self.service.settings.drain:
            self.listens_until = None
            super().handle_exit(sig, frame)
        else:
            self.listens_until = monotonic() + self.service.settings.drain

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        over = self.listens_until is not None and monotonic() >= self.listens_until
        return await super().on_tick(counter) or over

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop to listen, and only then look which connections are idle: a new one's request may be on its way."""
        for server in self.servers:
            server.close()
        await asyncio.sleep(LAST)
        await super().shutdown(sockets)

    def watch(self, *pools: Workers[Any, Any]) -> None:
        """In a thread: tell when the models are loaded, or stop when they can't be."""
        try:
            if all(pool.wait_ready() for pool in pools):
                self.say("ready")
        except PhotoscanError as error:
            self.failure = (
                error if isinstance(error, ModelError) else ModelError("problem.serve.start", why=error.phrase)
            )
            self.service.stopping = self.should_exit = True
