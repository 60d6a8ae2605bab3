"""The pool: each worker process has a thread in the driver that feeds it, watches it and replaces it."""

from __future__ import annotations

import atexit
import pickle
import signal
import threading
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from multiprocessing import Pipe, connection
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeVar

from photoscan.errors import PhotoscanError, TaskFailedError, WorkerLostError, WorkerTimeoutError
from photoscan.workers.queued import Queued
from photoscan.workers.scales import Scales
from photoscan.workers.starts import Starts
from photoscan.workers.turns import Turns
from photoscan.workers.worker import NotStartedError, Worker

Job = TypeVar("Job")
Result = TypeVar("Result")
Restart = Literal["lost", "timeout", "dropped", "recycled", "start"]
Told = Callable[[PhotoscanError | None, float], None]
"""Called, in any thread, with what kept a worker from becoming ready and the seconds until the next try; with None once
one is ready in its place."""
PATIENCE = 120.0
"""Seconds without any worker after which a pool that once had one gives up, where nobody says otherwise."""


class Workers(Generic[Job, Result]):
    """Processes that run one task over many jobs. Thread-safe; use it in a `with` block, or `close` it.

    `setup` is a function without arguments that can be pickled (one of a module, or a `functools.partial` of one). It
    is called once in each process, loads what is heavy, and gives the task: a function from a job to its result. Jobs
    and results travel by pipe, pickled; tens of megabytes are fine.

    A process that dies fails the job it had with WorkerLostError; one that is at a job for longer than `timeout`
    seconds is killed and the job fails with WorkerTimeoutError; both are replaced. What the task raises reaches the
    future: a PhotoscanError as it is, of anything else a TaskFailedError with type and place, since its text may quote
    what was read. After `recycle` jobs a process is replaced in peace. Processes are spawned, never forked, and end
    with the driver even when that is killed.

    `owner` says whose a job is, and that one's weight: where several have jobs waiting they take turns, each
    by its weight. Without it jobs are done in the order in which they came.

    `scales` hold back a job until those that run leave room for it, and with it those behind it. A process that had a
    job heavier than its share is replaced, since processes keep much of the memory that they once took.

    A `setup` that raises, or whose processes keep dying, breaks a pool of which no process was ever ready: every job
    fails with that error, and so does `submit`. Where one was, processes are started on with growing pauses, of which
    `told` is told; jobs wait. Only `patience` seconds without any process break that pool, None for never.
    """

    def __init__(
        self,
        setup: Callable[[], Callable[[Job], Result]],
        size: int,
        *,
        timeout: float | None = None,
        recycle: int | None = None,
        scales: Scales[Job] | None = None,
        owner: Callable[[Job], tuple[Hashable, float]] | None = None,
        patience: float | None = PATIENCE,
        told: Told = lambda *_: None,
    ) -> None:
        if size < 1 or (timeout is not None and timeout <= 0) or (recycle is not None and recycle < 1):
            raise ValueError("size, timeout and recycle must be positive")
        self._timeout = timeout
        self._recycle = recycle
        self._scales = scales
        self._owner = owner or (lambda _: (None, 1.0))
        self._share = scales.room // size if scales is not None else 0
        self._held = 0
        self._running = 0
        self._setup = pickle.dumps(setup)
        self._change = threading.Condition()
        self._queue: Turns[Queued[Job, Result]] = Turns()
        # Readable while there is work or an end to see: what a thread can wait for together with a process's death.
        self._bell, self._ringer = Pipe(duplex=False)
        self._rung = False
        self._workers: dict[int, Worker] = {}
        self._at: dict[Future[Result], tuple[Worker, Queued[Job, Result]]] = {}
        self._starts = Starts(patience)
        self._told = told
        self._restarts: Counter[str] = Counter()
        self._closing = False
        self._killed = threading.Event()
        self._broken: PhotoscanError | None = None
        self._keepers = [
            threading.Thread(target=self._keep, args=(n,), name=f"photoscan-keeper-{n}", daemon=True)
            for n in range(size)
        ]
        for keeper in self._keepers:
            keeper.start()
        # Without this an interpreter that ends with an open pool would wait for processes that ignore SIGTERM.
        atexit.register(self._kill)

    def submit(self, job: Job, told: Callable[[Any], None] = lambda _: None) -> Future[Result]:
        """Queue a job. A future that is cancelled before a process has it is not run.

        `told` is called, in any thread, with what the task tells by `workers.tell` meanwhile; it raises nothing.

        Raises RuntimeError after `close`, and the error that broke the pool.
        """
        future: Future[Result] = Future()
        weight = self._scales.weigh(job) if self._scales is not None else 0
        with self._change:
            if self._broken is not None:
                raise self._broken
            if self._closing:
                raise RuntimeError("the workers are closed")
            queued = Queued(job, future, weight, told=told)
            self._queue.append(queued, *self._owner(job))
            self._sound()
        future.add_done_callback(queued.let_go)
        if self._scales is not None:
            future.add_done_callback(self._let_pass)
        return future

    def drop(self, future: Future[Result]) -> None:
        """Do no more for a job that nobody waits for: one that waits is not run, one that runs costs its process.

        The future of the latter fails with WorkerLostError. Its process is not ready from now on, also before its death
        is noticed.
        """
        if future.cancel():
            return
        # Under the lock the process can't have gone on to another job.
        with self._change:
            if future in self._at:
                worker, queued = self._at[future]
                queued.dropped = True
                for place in [place for place, other in self._workers.items() if other is worker]:
                    self._starts.ended(place)
                worker.kill()

    @property
    def ready(self) -> int:
        """How many processes have built their task and wait for jobs or run one."""
        with self._change:
            return len(self._starts.ready)

    @property
    def failing(self) -> int:
        """How many processes could not be started and are tried again."""
        with self._change:
            return self._starts.failing

    @property
    def restarts(self) -> dict[str, int]:
        """How many processes were replaced, by why.

        'lost': it died; 'timeout': too long at a job; 'dropped': at one that nobody wanted; 'recycled': in peace;
        'start': it never became ready.
        """
        with self._change:
            return dict(self._restarts)

    @property
    def broken(self) -> PhotoscanError | None:
        """The error that broke the pool; set before any job fails with it."""
        with self._change:
            return self._broken

    @property
    def waiting(self) -> int:
        """How many jobs no process has taken yet."""
        with self._change:
            return len(self._queue)

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes that live, also of those that are still starting."""
        with self._change:
            return tuple(worker.pid for worker in self._workers.values())

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Wait until every process is ready; False after `timeout` seconds. Raises the error that broke the pool."""
        with self._change:
            done = self._change.wait_for(
                lambda: self._broken is not None or self._closing or len(self._starts.ready) == len(self._keepers),
                timeout,
            )
            if self._broken is not None:
                raise self._broken
            return done and not self._closing

    def close(self, wait: bool = True) -> None:
        """End the processes; returns when they have ended.

        `wait`: first finish every job that was submitted and not cancelled. Otherwise cancel the queue and kill what
        runs, whose jobs fail with WorkerLostError.
        """
        with self._change:
            self._closing = True
            self._sound()
            self._change.notify_all()
        if not wait:
            self._kill()
        for keeper in self._keepers:
            keeper.join()
        atexit.unregister(self._kill)
        self._bell.close()
        self._ringer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(wait=kind is None)

    def _keep(self, place: int) -> None:
        """The thread of one place in the pool: a worker, its jobs, and the next worker when that one is gone."""
        if hasattr(signal, "pthread_sigmask"):
            # Inherited by the process, whose own choice comes only after Python has started there.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        while not self._over():
            try:
                self._live(place)
            except PhotoscanError as error:
                self._try_later(place, error)
            except Exception as error:  # noqa: BLE001 - jobs would wait for ever for a thread that is gone
                self._try_later(place, TaskFailedError("problem.worker.crash", what=type(error).__name__))

    def _try_later(self, place: int, error: PhotoscanError) -> None:
        """Wait after a start that failed, or break the pool."""
        self._note("start")
        with self._change:
            pause = self._starts.failed(place, error)
        if pause is None:
            self._break(error)
        elif not self._over():
            self._told(error, pause)
            with self._change:
                self._change.wait_for(self._over, pause)

    def _live(self, place: int) -> None:
        """The life of one worker. Raises what kept it from becoming ready."""
        worker = Worker(self._setup)
        try:
            with self._change:
                self._workers[place] = worker
            if self._killed.is_set():
                worker.kill()
            worker.wait_ready()
            with self._change:
                recovered = self._starts.succeeded(place)
                self._change.notify_all()
            if recovered:
                self._told(None, 0.0)
            why = self._feed(worker)
            if why is not None:
                self._note(why)
        finally:
            with self._change:
                self._starts.ended(place)
                self._workers.pop(place, None)
            worker.end()

    def _note(self, why: Restart) -> None:
        with self._change:
            if not self._killed.is_set():
                self._restarts[why] += 1

    def _feed(self, worker: Worker) -> Restart | None:
        """Give a worker jobs until it is dead or has had its share, told by why; None where there will be no more."""
        while self._recycle is None or worker.jobs < self._recycle:
            # A death between jobs is seen at once, so that the next job finds a worker that is ready.
            if worker.sentinel in connection.wait([self._bell, worker.sentinel]):
                return "lost"
            queued = self._take()
            if queued is None:
                if self._over():
                    return None
                continue
            died = self._run(worker, queued)
            if died is not None:
                return died
            if queued.weight > self._share:
                break
        return "recycled"

    def _run(self, worker: Worker, queued: Queued[Job, Result]) -> Restart | None:
        """One job; why its worker is dead, None for one that lives."""
        with self._change:
            self._at[queued.future] = worker, queued
        try:
            return self._answered(worker, queued)
        finally:
            with self._change:
                del self._at[queued.future]
                self._held -= queued.weight
                self._running -= 1
                self._sound()

    def _answered(self, worker: Worker, queued: Queued[Job, Result]) -> Restart | None:
        try:
            result = worker.run(queued.job, self._timeout, queued.told)
        except NotStartedError:
            queued.misses += 1
            # All may have been killed at one time, which is no fault of the job; more than that is.
            if queued.dropped or queued.misses > len(self._keepers):
                queued.future.set_exception(WorkerLostError("problem.worker.untaken"))
            else:
                self._put_back(queued)
            return "dropped" if queued.dropped else "lost"
        except (WorkerLostError, WorkerTimeoutError) as error:
            queued.future.set_exception(error)
            if isinstance(error, WorkerTimeoutError):
                return "timeout"
            return "dropped" if queued.dropped else "lost"
        except Exception as error:  # noqa: BLE001 - it is the caller's to handle
            queued.future.set_exception(error)
        else:
            queued.future.set_result(result)
        return None

    def _put_back(self, queued: Queued[Job, Result]) -> None:
        with self._change:
            if not (self._killed.is_set() or self._broken is not None):
                self._queue.put_back(queued)
                self._sound()
                return
        queued.future.set_exception(self._broken or WorkerLostError("problem.worker.closed"))

    def _take(self) -> Queued[Job, Result] | None:
        """The next job that nobody cancelled, if there is room for it."""
        with self._change:
            taken = None
            while taken is None and self._next_fits():
                queued = self._queue.pop()
                if queued.misses or queued.future.set_running_or_notify_cancel():
                    taken = queued
                    self._held += queued.weight
                    self._running += 1
            self._sound()
            return taken

    def _let_pass(self, _: Future[Result]) -> None:
        """A cancelled job that waited for room holds nobody back any more."""
        with self._change:
            self._sound()

    def _next_fits(self) -> bool:
        """Whether there is a job that may begin beside those that run; the lock is held."""
        if not self._queue or self._scales is None or not self._running:
            return bool(self._queue)
        queued = self._queue.first()
        return queued.future.cancelled() or self._scales.bears(self._held, queued.weight)

    def _over(self) -> bool:
        with self._change:
            return self._broken is not None or self._killed.is_set() or (self._closing and not self._queue)

    def _break(self, error: PhotoscanError) -> None:
        with self._change:
            if self._broken is None:
                self._broken = error
            self._sound()
        self._empty(error)

    def _kill(self) -> None:
        with self._change:
            self._closing = True
            self._killed.set()
            self._sound()
            workers = tuple(self._workers.values())
        for worker in workers:
            worker.kill()
        self._empty(None)

    def _empty(self, error: PhotoscanError | None) -> None:
        """Fail, or else cancel, every job that waits."""
        with self._change:
            waiting = tuple(self._queue)
            self._queue.clear()
        # Outside the lock: futures call back.
        for queued in waiting:
            if error is None and not queued.misses:
                queued.future.cancel()
            if queued.misses or queued.future.set_running_or_notify_cancel():
                queued.future.set_exception(error or WorkerLostError("problem.worker.closed"))

    def _sound(self) -> None:
        """Make the bell readable where there is something to do or an end to see, and only there; the lock is held."""
        ending = self._over()
        if ending:
            self._change.notify_all()
        if (ending or self._next_fits()) == self._rung:
            return
        self._rung = not self._rung
        if self._rung:
            self._ringer.send_bytes(b".")
        else:
            self._bell.recv_bytes()
