"""One worker: a process that runs one job after the other. This module is both ends of its pipe.

The process ends when it is told to, when it is killed, and when the driver ends in whatever way. Signals from the
terminal or from a service manager (SIGINT, SIGTERM) are for the driver alone.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from photoscan.errors import PhotoscanError, TaskFailedError, WorkerLostError, WorkerTimeoutError, reason

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
"""Variables that keep number libraries from starting a thread for each core: the processes are the parallelism."""
_DONE, _KNOWN, _CRASH, _TOLD = "done", "known", "crash", "told"
_BEGUN = b"begun"
_BIRTH = 600.0
"""Seconds that a process may take to build its task."""
_PATIENCE = 5.0
"""Seconds that a process may take to end by itself once its pipe is closed."""
_PACKAGE = Path(__file__).parents[1]
_driver: Connection | None = None
"""In a worker that is at a job: where to tell of it."""


class NotStartedError(Exception):
    """The worker was gone before it began with the job: another one can have it."""


def tell(what: Any) -> None:
    """In a worker, from the thread of its job: send something ahead of the job's result. Elsewhere nothing happens."""
    if _driver is not None:
        _driver.send_bytes(pickle.dumps((_TOLD, what), pickle.HIGHEST_PROTOCOL))


class Worker:
    """The driver's end. Made and used by one thread; only `kill` and `pid` are for others."""

    def __init__(self, setup: bytes) -> None:
        """Start a process; `setup` is a pickled function without arguments that gives the task.

        Raises WorkerLostError when the system grants none.
        """
        context = get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=_main, args=(far, setup), name="photoscan-worker", daemon=True)
        try:
            self._process.start()
        except OSError as error:
            self._pipe.close()
            raise WorkerLostError("problem.worker.unstartable", why=reason(error)) from None
        finally:
            # The process's own copy is the only one left, so that its death closes the pipe.
            far.close()
        self.jobs = 0

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def sentinel(self) -> int:
        """What `multiprocessing.connection.wait` takes to learn of the process's death."""
        return self._process.sentinel

    def wait_ready(self) -> None:
        """Wait until the task is built.

        Raises WorkerLostError when the process dies before or is not ready in time, and what `setup` raised as `run`
        does.
        """
        try:
            if not self._pipe.poll(_BIRTH):
                self.kill()
            data = self._pipe.recv_bytes()
        except (EOFError, OSError):
            raise WorkerLostError("problem.worker.stillborn", death=self._death()) from None
        _opened(*pickle.loads(data))

    def run(self, job: Any, timeout: float | None, told: Callable[[Any], None] = lambda _: None) -> Any:
        """The task's result for a job. `told` is called with what the task tells meanwhile; it raises nothing.

        Raises NotStartedError, WorkerLostError or WorkerTimeoutError (in all three the process is dead), or what the
        task raised: a PhotoscanError as it is, of anything else a TaskFailedError with its type and place.
        """
        message = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        late = threading.Event()
        # Killing from outside covers sending and receiving as well: a pipe that nobody serves blocks for ever.
        alarm = threading.Timer(timeout, self._expire, (late,)) if timeout is not None else None
        if alarm is not None:
            alarm.daemon = True
            alarm.start()
        begun = False
        try:
            self._pipe.send_bytes(message)
            del message
            self._pipe.recv_bytes()
            begun = True
            how, what = _TOLD, None
            while how == _TOLD:
                how, what = pickle.loads(self._pipe.recv_bytes())
                if how == _TOLD:
                    told(what)
        except (EOFError, OSError):
            death = self._death()
            if late.is_set():
                raise WorkerTimeoutError("problem.worker.late", seconds=timeout) from None
            if not begun:
                raise NotStartedError from None
            raise WorkerLostError("problem.worker.died", death=death) from None
        finally:
            if alarm is not None:
                alarm.cancel()
                alarm.join()
        self.jobs += 1
        return _opened(how, what)

    def end(self) -> None:
        """Let the process end by itself after its last job, and see it off."""
        self._pipe.close()
        self._see_off()

    def kill(self) -> None:
        """End the process at once; `run`, in its own thread, then raises."""
        self._process.kill()

    def _expire(self, late: threading.Event) -> None:
        late.set()
        self.kill()

    def _see_off(self) -> None:
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _death(self) -> str:
        """How the process ended, in words."""
        self._see_off()
        code = self._process.exitcode or 0
        if code >= 0:
            return f"exit status {code}"
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"


def _opened(how: str, what: Any) -> Any:
    if how == _DONE:
        return what
    if how == _KNOWN:
        raise what
    raise TaskFailedError("problem.worker.crash", what=what)


def _main(pipe: Connection, setup: bytes) -> None:
    """The process's end: build the task, then do jobs until the pipe is closed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for name in THREADS:
        os.environ[name] = "1"
    threading.Thread(target=_end_with_driver, daemon=True).start()
    # Where the driver is gone there is nobody to answer to.
    with suppress(EOFError, OSError):
        try:
            # Unpickled here and not as an argument of the process: what it imports shall see the variables above.
            task = pickle.loads(setup)()
        except Exception as error:  # noqa: BLE001 - told to the driver
            pipe.send_bytes(_failure(error))
            return
        global _driver
        pipe.send_bytes(pickle.dumps((_DONE, None)))
        _driver = pipe
        while True:
            message = pipe.recv_bytes()
            pipe.send_bytes(_BEGUN)
            pipe.send_bytes(_answer(task, message))


def _answer(task: Callable[[Any], Any], message: bytes) -> bytes:
    try:
        return pickle.dumps((_DONE, task(pickle.loads(message))), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - a crash is the job's answer, not the worker's end
        return _failure(error)


def _failure(error: Exception) -> bytes:
    """Known errors as they are, since they quote nothing that was read; of others only type and place."""
    if isinstance(error, PhotoscanError):
        return pickle.dumps((_KNOWN, error))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    # The innermost line of ours says most. Only the file's name: folders may name a person.
    named = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)] or frames
    place = f" at {Path(named[-1].filename).name}:{named[-1].lineno}" if named else ""
    return pickle.dumps((_CRASH, type(error).__name__ + place))


def _end_with_driver() -> None:
    """End at once, whatever the task is at, when the driver ends: even one that was killed closes its pipes."""
    driver = parent_process()
    assert driver is not None
    connection.wait([driver.sentinel])
    os._exit(1)
