"""The executor: jobs go to actors of a cluster; what is lost with a machine is looked at by another one.

The driver's ledger is the checkpoint. Ray Data's own saves by blocks: with those it makes by itself nothing was kept of
150 photos when the driver was killed.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Protocol

from photoscan.batch.executor import Again, Job, Outcome, Task
from photoscan.batch.ray.actor import Reply, Seen, Start, seen
from photoscan.errors import PhotoscanError, UsageError, WorkerLostError, WorkerTimeoutError

LOSSES = 5
"""So many actors may be lost at one photo before it is set aside: machines go by themselves, but not at one photo."""
STILLBIRTHS = 3
"""So many times all actors may be lost before they begin, and none has answered, before the cluster is given up."""
TICK = 2.0
"""Seconds between two looks at whether to stop, and whether the cluster has grown."""


class Worker(Protocol):
    """An actor, as the executor sees it. What fails with an error that the cluster calls a loss is an actor lost."""

    def meet(self) -> Future[Reply]:
        """As `Actor.meet`."""

    def look(self, job: Job, there: Seen | None) -> Future[Reply]:
        """As `Actor.look`."""

    def end(self) -> None:
        """End it at once, or ask for it no longer. Never fails."""


class Cluster(Protocol):
    """Where actors come from."""

    def start(self, start: Start) -> Worker:
        """Ask for one more actor; it begins when there is room, for which a cluster may have to grow."""

    def room(self) -> int:
        """How many actors fit into the cluster as it stands now, at least 1."""

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that an actor is gone."""

    def told(self, error: BaseException) -> PhotoscanError:
        """Any other error, in words."""


@dataclass(slots=True, eq=False)
class _Member:
    """`met`: it can be given photos. `job`: what it looks at, `there`: what the driver saw of its file. `sees`: it has
    been found to see the driver's files."""

    worker: Worker
    met: bool = False
    sees: bool = False
    job: Job | None = None
    there: Seen | None = None


class RayExecutor:
    """`size` actors that each build the task with `setup`, on the cluster that `connect` gives for the time of a run;
    `timeout` in seconds for one photo.

    `size` None: as many as the cluster has room for, also when it grows. `recycle` as of `LocalExecutor`. `lost` counts
    the actors that went while they were needed; this is no fault of their photos, which are given to others.
    """

    def __init__(
        self,
        setup: Callable[[], Task],
        connect: Callable[[], AbstractContextManager[Cluster]],
        size: int | None = None,
        timeout: float | None = None,
        recycle: int | None = 1000,
    ) -> None:
        self.start = Start.of(setup, timeout, recycle)
        self.connect = connect
        self.size = size
        self.lost = 0
        self.stopping = False

    def stop(self) -> None:
        """Finish the photos that are being looked at; no others."""
        self.stopping = True

    def run(self, jobs: Iterable[Job], again: Again) -> Iterator[Outcome]:
        """As `Executor.run`. The cluster is asked with the first job, for as many actors as there are jobs.

        Raises WorkerLostError where no actor can be started, UsageError where one does not see the driver's files.
        """
        waiting = iter(jobs)
        first = next(waiting, None)
        if first is None:
            return
        with self.connect() as cluster:
            fleet = _Fleet(self, cluster, chain((first,), waiting), again)
            try:
                while fleet.fill():
                    outcome = fleet.hear()
                    if outcome is not None:
                        yield outcome
            finally:
                fleet.end()


class _Fleet:
    """The actors of one run, and the jobs between them."""

    def __init__(self, executor: RayExecutor, cluster: Cluster, jobs: Iterator[Job], again: Again) -> None:
        self.executor = executor
        self.cluster = cluster
        self.jobs = jobs
        self.again = again
        self.members: list[_Member] = []
        self.waiting: deque[Job] = deque()
        """Pulled, and at no actor: never more than there are to be actors."""
        self.events: SimpleQueue[tuple[_Member, Future[Reply]]] = SimpleQueue()
        self.losses: Counter[str] = Counter()
        self.restless: set[str] = set()
        """Keys of files that changed while actors compared them."""
        self.stillbirths = 0
        self.wanted = 0
        self.counted = float("-inf")

    def fill(self) -> bool:
        """Give jobs to whoever is free, and ask for actors for those that are left; False when all is done."""
        through = self.executor.stopping
        self._count()
        while not through and len(self.waiting) + self._busy() < self.wanted:
            job = next(self.jobs, None)
            if job is None or self.executor.stopping:
                through = True
            else:
                self.waiting.append(job)
                self._spread()
        if self.executor.stopping:
            self.waiting.clear()
        self._spread()
        if through and not self.waiting:
            # Their places are free for others while the last photos are looked at.
            for member in [member for member in self.members if member.job is None]:
                self._dismiss(member)
        return bool(self.waiting or self._busy())

    def hear(self) -> Outcome | None:
        """Wait for what an actor has to say, for a moment; the outcome where that ends a job."""
        try:
            member, future = self.events.get(timeout=TICK)
        except Empty:
            return None
        if member not in self.members:
            return None
        error = future.exception()
        if error is not None:
            if not self.cluster.lost(error):
                raise self.cluster.told(error)
            return self._lost(member)
        reply = future.result()
        if reply.kind == "broken":
            broken = reply.error()
            if not isinstance(broken, WorkerLostError):
                raise broken
            # A machine on which no process can live is as good as lost.
            return self._lost(member, blameless=True)
        if reply.kind == "ready":
            member.met = True
            return None
        return self._answered(member, reply)

    def end(self) -> None:
        """End all actors."""
        for member in tuple(self.members):
            self._dismiss(member)

    def _count(self) -> None:
        """How many actors are wanted: the cluster is asked now and then."""
        if self.executor.size is not None:
            self.wanted = self.executor.size
        elif monotonic() - self.counted >= TICK:
            self.wanted, self.counted = self.cluster.room(), monotonic()

    def _busy(self) -> int:
        return sum(member.job is not None for member in self.members)

    def _spread(self) -> None:
        for member in self.members:
            if self.waiting and member.met and member.job is None:
                member.job = job = self.waiting.popleft()
                member.there = None if member.sees or job.key in self.restless else _there(job)
                self._listen(member, member.worker.look(job, member.there))
        while len(self.members) < min(self.wanted, len(self.waiting) + self._busy()):
            member = _Member(self.cluster.start(self.executor.start))
            self.members.append(member)
            self._listen(member, member.worker.meet())

    def _listen(self, member: _Member, future: Future[Reply]) -> None:
        future.add_done_callback(lambda done: self.events.put((member, done)))

    def _dismiss(self, member: _Member) -> None:
        self.members.remove(member)
        member.worker.end()

    def _lost(self, member: _Member, blameless: bool = False) -> Outcome | None:
        """An actor is gone. Its job goes to another one, unless too many went at it."""
        self._dismiss(member)
        self.executor.lost += 1
        job = member.job
        if job is None or blameless:
            self.stillbirths += 1
            if self.stillbirths >= STILLBIRTHS * max(self.wanted, 1):
                raise WorkerLostError("problem.ray.stillborn")
        if job is None:
            return None
        self.losses[job.key] += not blameless
        if self.losses[job.key] >= LOSSES:
            return Outcome(job, error=WorkerLostError("problem.ray.lost", count=LOSSES))
        self.waiting.appendleft(job)
        return None

    def _answered(self, member: _Member, reply: Reply) -> Outcome | None:
        job, member.job = member.job, None
        assert job is not None
        self.stillbirths = 0
        if reply.kind == "elsewhere":
            if _there(job) == member.there:
                raise UsageError("problem.ray.elsewhere", path=job.path, host=reply.host)
            self.restless.add(job.key)
            self.waiting.appendleft(job)
            return None
        member.sees = member.sees or member.there is not None
        error = reply.error() if reply.kind == "error" else None
        if isinstance(error, (WorkerLostError, WorkerTimeoutError)) and self.again(job, error):
            self.waiting.appendleft(job)
            return None
        return Outcome(job, reply.answer, error)


def _there(job: Job) -> Seen | None:
    """What the driver sees of a file; None of an object in a store."""
    return seen(job.path) if job.version is None else None
