"""Tasks for worker processes: they are named by module, so that a fresh process can import them."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from photoscan.errors import CorruptPhotoError, ModelError
from photoscan.workers import tell

SECRET = "hunter2-canary"


def setup() -> Callable[[tuple[Any, ...]], Any]:
    """A task that does what the job's first word says."""
    return _do


def _do(job: tuple[Any, ...]) -> Any:
    word, *rest = job
    return getattr(_Deeds, word)(*rest)


class _Deeds:
    @staticmethod
    def echo(value: Any) -> Any:
        return value

    @staticmethod
    def tells(count: int, then: str | None = None) -> str:
        for number in range(count):
            tell(number)
        if then is not None:
            _do((then,))
        return "told"

    @staticmethod
    def pid() -> int:
        return os.getpid()

    @staticmethod
    def sleep(seconds: float, mark: str | None = None) -> str:
        if mark is not None:
            Path(mark).write_text(str(os.getpid()))
        time.sleep(seconds)
        return "slept"

    @staticmethod
    def slept_for(seconds: float, weight: int) -> int:
        time.sleep(seconds)
        return weight

    @staticmethod
    def weighed(log: str, weight: int) -> int:
        for word in (weight, -weight):
            with Path(log).open("a") as stream:
                stream.write(f"{word}\n")
            time.sleep(0.02)
        return weight

    @staticmethod
    def die(number: int = signal.SIGKILL) -> None:
        os.kill(os.getpid(), number)
        time.sleep(60)

    @staticmethod
    def leave(code: int) -> None:
        os._exit(code)

    @staticmethod
    def corrupt() -> None:
        raise CorruptPhotoError("problem.photo.folder", path="a.jpg")

    @staticmethod
    def crash() -> None:
        raise ValueError(f"could not parse {SECRET}")

    @staticmethod
    def unpicklable() -> Any:
        return threading.Lock()

    @staticmethod
    def variables() -> list[str | None]:
        return [os.environ.get(name) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")]

    @staticmethod
    def signals() -> list[bool]:
        return [signal.getsignal(n) is signal.SIG_IGN for n in (signal.SIGINT, signal.SIGTERM)]


def setup_refuses() -> Callable[[Any], Any]:
    raise ModelError("problem.model.manifest")


def setup_crashes() -> Callable[[Any], Any]:
    raise KeyError(SECRET)


def setup_dies() -> Callable[[Any], Any]:
    os._exit(3)


def setup_counts(file: str) -> Callable[[Any], Any]:
    """Note each start of a process; the first two die while they start."""
    with Path(file).open("a") as stream:
        stream.write("x")
    if Path(file).stat().st_size <= 2:
        os._exit(3)
    return setup()


def setup_hangs_once(file: str) -> Callable[[Any], Any]:
    """As `setup`, but the first process never comes to an end with it."""
    if not Path(file).exists():
        Path(file).touch()
        time.sleep(600)
    return setup()


def setup_while(file: str, how: str) -> Callable[[Any], Any]:
    """As `setup` while the file is there; otherwise it fails in the way that is named."""
    return (
        setup()
        if Path(file).exists()
        else {"refuses": setup_refuses, "crashes": setup_crashes, "dies": setup_dies}[how]()
    )


DRIVER = """
import signal
import sys
from photoscan.workers import Workers
from tests.workers import tasks
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started the tests with it ignored
    workers = Workers(tasks.setup, 2)
    workers.wait_ready()
    job = workers.submit(("sleep", 600))
    try:
        print(*workers.pids, flush=True)
        {end}
    except KeyboardInterrupt:
        workers.submit(("echo", 1)).result()
        print(*workers.pids, flush=True)
        workers.close(wait=False)
"""
"""A driver with an idle worker and a busy one, which prints their numbers and does `end`; after an interrupt again."""
