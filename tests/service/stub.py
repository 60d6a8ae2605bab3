"""Stand-ins for what is slow: a task without models, a pool without processes, and a service made of them.

A body that begins like a JPEG tells the stub task what to do: `photo('sleep 2')`, `photo('die')`, ...
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
import httpx

from photoscan.errors import PhotoscanError
from photoscan.options import Limits
from photoscan.photo import Photo
from photoscan.service.documents import EXAMPLE_CHECK
from photoscan.service.keys import Keys
from photoscan.service.server import serve
from photoscan.service.settings import Settings
from photoscan.service.task import Answer, Failure, Result, ServiceRequest, Task

CANARY = "Siti_Nurhaliza_880214145678"
"""A personal value: it may go in, and must never come out of answers, logs or metrics."""
START = b"\xff\xd8\xff\xe0"
CHECKED = json.dumps(EXAMPLE_CHECK).encode()


def photo(order: str = "", size: int = 0) -> bytes:
    return START + order.encode() + b"\n" + b"\0" * size


def do(job: ServiceRequest) -> Result:
    """The stub task: as `task.answer`, but it does what the photo says."""
    order, _, rest = job.data.removeprefix(START).partition(b"\n")[0].decode("utf-8", "replace").partition(" ")
    if job.kind == "text":
        return Answer(CHECKED, decision="block", kinds={"text.secret": 1})
    if order == "sleep":
        time.sleep(float(rest))
    elif order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order == "crash":
        raise ValueError(CANARY)
    elif order == "corrupt":
        return Failure("corrupt", 422, "broken jpeg file: it ends early")
    elif order == "decide":
        body = json.dumps({**EXAMPLE_CHECK, "decision": rest}).encode()
        if job.kind == "check":
            return Answer(body, decision=rest)
        return Answer(b'{"proofs": []}', b"clean", "image/jpeg", "review" if b"stays" in job.data else "allow")
    if job.kind == "clean":
        return Answer(b'{"proofs": []}', job.data, "image/jpeg")
    return Answer(CHECKED, decision="block", kinds={"text.secret": 1})


def set_up() -> Task:
    return do


def opened(limits: Limits, job: ServiceRequest) -> Result:
    """What the real task does before it looks: open the photo within its limits."""
    if job.kind in ("check", "clean"):
        try:
            Photo.open(job.data, limits, job.name)
        except PhotoscanError as error:
            return Failure(error.code, error.http_status, "")
    if job.kind == "album":
        return Answer(b'{"decision": "allow", "combinations": [], "repeats": [], "joined": []}')
    answer = do(job)
    assert isinstance(answer, Answer)
    return answer


def set_up_while(file: str) -> Task:
    """Workers that can be started while this file is there, and say what nobody should hear otherwise."""
    if not Path(file).exists():
        raise ValueError(CANARY)
    return do


def fail_to_set_up() -> Task:
    raise ValueError(CANARY)


class Pool:
    """Does jobs at once, in this process; or holds them until they are let go."""

    def __init__(self, task: Any = do) -> None:
        self.task = task
        self.jobs: list[ServiceRequest] = []
        self.held: list[Future[Result]] | None = None
        self.dropped: list[Future[Result]] = []
        self.ready = 2
        self.failing = 0
        self.restarts: dict[str, int] = {}

    def submit(self, job: ServiceRequest) -> Future[Result]:
        self.jobs.append(job)
        future: Future[Result] = Future()
        if self.held is not None:
            self.held.append(future)
            return future
        try:
            future.set_result(self.task(job))
        except Exception as error:  # noqa: BLE001 - it is the future's
            future.set_exception(error)
        return future

    def drop(self, future: Future[Result]) -> None:
        future.cancel()
        self.dropped.append(future)

    def wait_ready(self, timeout: float | None = None) -> bool:
        return self.ready == 2


class Service:
    """A service in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self.log = log
        self.http = httpx.Client(base_url=url, timeout=60)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, word: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while word not in self.said():
            assert self.process.poll() is None or word in self.said(), self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)


@contextmanager
def running(folder: Path, command: list[str], ready: str = "READY") -> Iterator[Service]:
    """A service started by a command that writes its address after LISTENING or 'Listening on' to standard error."""
    log = folder / "service.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, *command], stderr=stream, text=True, env={**os.environ, "LC_ALL": "C"}
        )
    service = Service(process, "", log)
    try:
        service.wait_for(ready)
        url = next(word for line in service.said().splitlines() for word in line.split() if word.startswith("http://"))
        yield Service(process, url, log)
    finally:
        process.terminate()
        process.wait(60)


def stub_command(**settings: Any) -> list[str]:
    return ["-m", "tests.service.stub", json.dumps(settings)]


def main() -> None:
    settings = json.loads(sys.argv[1])
    task: Any = fail_to_set_up if settings.pop("broken", False) else set_up
    need, keys = settings.pop("need", None), settings.pop("keys", None)

    def say(event: str, **words: object) -> None:
        click.echo(f"{event.upper()} {' '.join(map(str, words.values()))}", err=True)

    chosen = Settings(port=0, **settings)
    work = partial(set_up_while, need) if need else partial(task)
    sys.exit(serve(chosen, Keys(Path(keys)) if keys else None, work, say))


if __name__ == "__main__":
    main()
