"""What runs on a machine of the cluster: an actor that holds one process of photoscan.

A photo that kills or hangs that process is an answer, not the end of the actor: Ray would start an actor that dies with
its photo anew for ever. Only text and bytes go back, so that no machine has to hold photos for another.
"""

from __future__ import annotations

import pickle
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from photoscan.batch.executor import Answer, Job, Task
from photoscan.errors import PhotoscanError
from photoscan.workers import Workers

Seen = tuple[int, int]
"""What tells on two machines that a path means the same file: its size, and when it was changed, in nanoseconds."""


class Reply(NamedTuple):
    """`answer`: the task's. `error`: a pickled PhotoscanError that is the photo's; `broken`: one that keeps this actor
    from working at all. `elsewhere`: there is another file here, or none. `ready`: may be given photos. With the last
    two goes this machine's name."""

    kind: Literal["answer", "error", "broken", "elsewhere", "ready"]
    answer: Answer | None = None
    data: bytes = b""
    host: str = ""

    def error(self) -> PhotoscanError:
        """The error that was sent."""
        found = pickle.loads(self.data)
        assert isinstance(found, PhotoscanError)
        return found


@dataclass(frozen=True, slots=True)
class Start:
    """How an actor is started. `setup`: a pickled function without arguments that gives the task; `timeout`: seconds
    for one photo; `recycle`: photos after which the process is renewed."""

    setup: bytes
    timeout: float | None = None
    recycle: int | None = None

    @classmethod
    def of(cls, setup: Callable[[], Task], timeout: float | None, recycle: int | None) -> Start:
        """With the setup as bytes: the same ones go to every actor."""
        return cls(pickle.dumps(setup), timeout, recycle)


class Actor:
    """One process of photoscan, and what it answers. Its methods are called one after the other."""

    def __init__(self, start: Start) -> None:
        self._workers: Workers[Job, Answer] = Workers(
            pickle.loads(start.setup), 1, timeout=start.timeout, recycle=start.recycle
        )

    def meet(self) -> Reply:
        """'ready' with this machine's name, once the process has built its task; otherwise 'broken'."""
        try:
            self._workers.wait_ready()
        except PhotoscanError as error:
            return Reply("broken", data=pickle.dumps(error))
        return Reply("ready", host=platform.node())

    def look(self, job: Job, there: Seen | None = None) -> Reply:
        """What becomes of a job. `there`: what the driver sees at its path, to be compared first."""
        if there is not None and seen(job.path) != there:
            return Reply("elsewhere", host=platform.node())
        try:
            return Reply("answer", self._workers.submit(job).result())
        except PhotoscanError as error:
            return Reply("error" if self._workers.broken is None else "broken", data=pickle.dumps(error))


def seen(path: str) -> Seen | None:
    """What lies at a path of this machine; None where nothing can be seen."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns
