"""Who makes the copies of `photoscan clean`: this process, or several, a few photos ahead of the one whose turn it is.

What is told and written stays with this process, in the order of the photos, so that it is the same either way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan, CleanResult, Foresight
from photoscan.cli.paths import STANDARD_INPUT
from photoscan.cli.root import place
from photoscan.errors import PhotoscanError
from photoscan.looking import Progress
from photoscan.options import ScanOptions
from photoscan.outside.chosen import Chosen
from photoscan.photo import Photo
from photoscan.risk.policy import Policy
from photoscan.safe_copy import foresee_safe_copy, make_safe_copy
from photoscan.scanner import Scanner
from photoscan.stage import Told, nobody
from photoscan.weighing import scales
from photoscan.workers import Workers
from photoscan.workers.sizing import Sized

AHEAD = 2
"""Photos for each process that may be waiting or done before the one whose turn it is: copies are large."""

Made = CleanResult | Foresight
Work = Callable[[Photo, Scanner | None, CleanPlan, Progress | None, Told], Made]


def copied(
    photo: Photo,
    scanner: Scanner | None,
    plan: CleanPlan,
    progress: Progress | None = None,
    stage: Told = nobody,
) -> CleanResult:
    """The copy and its receipt; what the last look found stays where it was made."""
    return replace(make_safe_copy(photo, scanner, plan, progress=progress, stage=stage), report=None)


def foreseen(
    photo: Photo,
    scanner: Scanner | None,
    plan: CleanPlan,
    progress: Progress | None = None,
    stage: Told = nobody,
) -> Foresight:
    """What would be done."""
    return foresee_safe_copy(photo, scanner, plan)


class Hands(Protocol):
    """Makes what is to be made of one photo after the other, in a `with` block."""

    def turn(self, path: str) -> None:
        """The next photo's turn, whether or not anything is to be made of it."""

    def made(self, photo: Photo, progress: Progress | None = None, stage: Told = nobody) -> Made:
        """Of the photo whose turn it is; what is told meanwhile is of work in this process. Raises what that raises."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Here:
    """This process, when it is asked."""

    def __init__(self, work: Work, scanner: Scanner | None, plan: CleanPlan) -> None:
        self.work, self.scanner, self.plan = work, scanner, plan

    def turn(self, path: str) -> None:
        """Nothing to prepare."""

    def made(self, photo: Photo, progress: Progress | None = None, stage: Told = nobody) -> Made:
        """As `Hands.made`."""
        return self.work(photo, self.scanner, self.plan, progress, stage)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""


class Job(NamedTuple):
    """A photo for another process, and the name that it goes by; None for the path."""

    source: str | bytes
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was made of the photo with these bytes, or the error; no hash where it could not be opened."""

    sha256: str
    made: Made | None = None
    error: PhotoscanError | None = None


class Several:
    """Processes, which start with the first photo of which there is something to make.

    `paths`: of all photos, in order. `done`: whether nothing is to be made of a path, as far as is known beforehand.
    """

    def __init__(
        self,
        work: Work,
        chosen: tuple[Chosen, ScanOptions, Policy | None],
        plan: CleanPlan,
        found: Sized,
        paths: Iterable[str],
        done: Callable[[str], bool],
    ) -> None:
        self._set_up = partial(_set_up, work, *chosen, plan)
        self._options, self._size, self._room = chosen[1], found.count, found.room
        self._coming = iter(paths)
        self._done = done
        self._begun: deque[Future[Answer] | None] = deque()
        self._now: Future[Answer] | None = None
        self._workers: Workers[Job, Answer] | None = None

    def turn(self, path: str) -> None:
        """As `Hands.turn`; photos to come are begun with."""
        while len(self._begun) <= AHEAD * self._size and (coming := next(self._coming, None)) is not None:
            self._begun.append(self._ahead(coming))
        self._now = self._begun.popleft()

    def made(self, photo: Photo, progress: Progress | None = None, stage: Told = nobody) -> Made:
        """As `Hands.made`; what was begun of other bytes than the photo now has is begun anew."""
        answer = None if self._now is None else self._now.result()
        if answer is None or answer.sha256 != photo.sha256:
            answer = self._begin(Job(photo.data, photo.name)).result()
        if answer.error is not None:
            raise answer.error
        assert answer.made is not None
        return answer.made

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._workers is not None:
            self._workers.close(wait=kind is None)

    def _ahead(self, path: str) -> Future[Answer] | None:
        return None if path == STANDARD_INPUT or self._done(path) else self._begin(Job(path))

    def _begin(self, job: Job) -> Future[Answer]:
        if self._workers is None:
            weighed = scales(self._room, self._options, _source)
            self._workers = Workers(self._set_up, self._size, scales=weighed)
        return self._workers.submit(job)


def _source(job: Job) -> str | bytes:
    return job.source


def _set_up(
    work: Work, outside: Chosen, options: ScanOptions, policy: Policy | None, plan: CleanPlan
) -> Callable[[Job], Answer]:
    scanner = None if policy is None else Scanner(options, policy, outside.detectors())

    def answer(job: Job) -> Answer:
        sha256 = ""
        try:
            photo = Photo.open(job.source, options.limits, job.name, decodes=scanner is not None)
            sha256 = photo.sha256
            return Answer(sha256, work(photo, scanner, plan, None, nobody))
        except PhotoscanError as error:
            return Answer(sha256, error=error)
        except Exception as error:  # noqa: BLE001 - told as in one process: by type and place
            return Answer(sha256, error=RefusedError("crash", error=place(error)))

    return answer
