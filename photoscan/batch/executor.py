"""What an executor is: something that runs the task over jobs and gives every one of them back, done or failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from photoscan.errors import NotReadableError, PhotoscanError

UNREAD = "unread "
"""How keys begin that stand for bytes which nobody has read yet; any other key is made of a photo's content."""


@dataclass(frozen=True, slots=True)
class Job:
    """A photo to inspect. `key` names the work: what has the same key has the same answer.

    `version`: of an object in a store, which its worker reads by itself; None for a file.
    """

    key: str
    path: str
    version: str | None = None

    @property
    def unread(self) -> bool:
        """Whether its worker is to tell the key of its content."""
        return self.key.startswith(UNREAD)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the task says of a photo: `report` as JSON, and where it read an unread photo, the key of its `content`."""

    report: str
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: the answer, or the error."""

    job: Job
    answer: Answer | None = None
    error: PhotoscanError | None = None


class ChangedError(NotReadableError):
    """Raised by the task: the object is another one than was listed."""


Task = Callable[[Job], Answer]
"""What is done with each photo; raises NotReadableError where it can't be had."""
Again = Callable[[Job, PhotoscanError], bool]
"""Asked when a job's process died or took too long: whether to try it once more."""


class Executor(Protocol):
    """Runs jobs in any order. It pulls the next one only when there is room, so that a million jobs need no memory."""

    def run(self, jobs: Iterable[Job], again: Again) -> Iterator[Outcome]:
        """An outcome for each job. Raises what keeps every job from being done, such as a missing model."""

    def stop(self) -> None:
        """Finish what runs, pull nothing more; what waits is dropped. May be called from a signal handler."""
