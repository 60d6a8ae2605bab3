"""The executor of one computer: a pool of processes with one thread each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue

from photoscan.batch.executor import Again, Answer, Job, Outcome, Task
from photoscan.errors import PhotoscanError, WorkerLostError, WorkerTimeoutError
from photoscan.workers import Workers
from photoscan.workers.scales import Scales

AHEAD = 2
"""Jobs in the pool for each process: one that runs and one that waits, so that none is idle."""


class LocalExecutor:
    """`size` processes that each build the task with `setup`; `timeout` in seconds for one photo.

    Processes are renewed after `recycle` photos, so that what a library fails to free can't add up. `scales` bound the
    memory of the photos that are looked at at a time.
    """

    def __init__(
        self,
        setup: Callable[[], Task],
        size: int,
        timeout: float | None = None,
        recycle: int | None = 1000,
        scales: Scales[Job] | None = None,
    ) -> None:
        self.setup = setup
        self.size = size
        self.timeout = timeout
        self.recycle = recycle
        self.scales = scales
        self._stopping = False

    def stop(self) -> None:
        """Finish the photos that are being looked at; no others."""
        self._stopping = True

    def run(self, jobs: Iterable[Job], again: Again) -> Iterator[Outcome]:
        """As `Executor.run`. The processes start with the first job and end with the last."""
        waiting = iter(jobs)
        first = next(waiting, None)
        if first is None:
            return
        done: SimpleQueue[tuple[Job, Future[Answer]]] = SimpleQueue()
        inside: dict[Job, Future[Answer]] = {}

        pool = Workers(self.setup, self.size, timeout=self.timeout, recycle=self.recycle, scales=self.scales)
        with pool as workers:

            def submit(job: Job) -> None:
                inside[job] = workers.submit(job)
                inside[job].add_done_callback(lambda future: done.put((job, future)))

            submit(first)
            while inside:
                while not self._stopping and len(inside) < AHEAD * self.size and (job := next(waiting, None)):
                    submit(job)
                if self._stopping:
                    for future in inside.values():
                        future.cancel()
                job, future = done.get()
                del inside[job]
                outcome = _outcome(job, future)
                if outcome is None:
                    continue
                if workers.broken is not None:
                    # No fault of the photo's: nothing is held against it.
                    raise workers.broken
                if isinstance(outcome.error, (WorkerLostError, WorkerTimeoutError)) and again(job, outcome.error):
                    if not self._stopping:
                        submit(job)
                    continue
                yield outcome


def _outcome(job: Job, future: Future[Answer]) -> Outcome | None:
    """None for a job that was dropped."""
    if future.cancelled():
        return None
    error = future.exception()
    if error is None:
        return Outcome(job, future.result())
    if isinstance(error, PhotoscanError):
        return Outcome(job, error=error)
    raise error
