"""Several photos at a time for `photoscan scan --jobs`: processes, and the reports in the order of the photos."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from functools import partial
from threading import Event

from photoscan.errors import TaskFailedError, WorkerLostError
from photoscan.options import ScanOptions
from photoscan.outside.chosen import NONE, Chosen
from photoscan.report import Report
from photoscan.risk.policy import Policy
from photoscan.scanner import Scanner
from photoscan.weighing import scales
from photoscan.workers import Workers
from photoscan.workers.sizing import Sized

Done = Callable[[str], None]
"""Called with the name of each photo that is done, in whatever order and from whatever thread."""

AHEAD = 4
"""Photos for each process that may be waiting or done before the one whose turn it is."""

NamedPhoto = tuple[str | bytes, str]
"""A path or the bytes of a photo, and the name that the report gives it."""


def reports(
    photos: Sequence[NamedPhoto],
    scanner: Scanner,
    several: Sized,
    outside: Chosen = NONE,
    done: Done | None = None,
) -> Generator[Report, None, None]:
    """What `scanner` would say of each photo, in order; one that brings its process down has a report that says so.

    `several`: how many at a time, and how much memory for them.
    """

    def report(name: str, future: Future[Report]) -> Report:
        try:
            return future.result()
        except (WorkerLostError, TaskFailedError) as error:
            if workers.broken is not None:
                raise
            return scanner.unseen(name, error)

    stopped = Event()

    def over(name: str, _: Future[Report]) -> None:
        if done is not None and not stopped.is_set():
            done(name)

    weighed = scales(several.room, scanner.options, _source)
    set_up = partial(_set_up, outside, scanner.options, scanner.policy)
    with Workers(set_up, several.count, scales=weighed) as workers:
        inside: deque[tuple[str, Future[Report]]] = deque()
        try:
            for photo in photos:
                if len(inside) == AHEAD * several.count:
                    yield report(*inside.popleft())
                future = workers.submit(photo)
                future.add_done_callback(partial(over, photo[1]))
                inside.append((photo[1], future))
            while inside:
                yield report(*inside.popleft())
        except BaseException:
            stopped.set()  # what is killed or never begun now is not done
            raise


def _source(photo: NamedPhoto) -> str | bytes:
    return photo[0]


def _set_up(outside: Chosen, options: ScanOptions, policy: Policy) -> Callable[[NamedPhoto], Report]:
    scanner = Scanner(options, policy, outside.detectors())
    return lambda job: scanner.scan(job[0], name=job[1])
