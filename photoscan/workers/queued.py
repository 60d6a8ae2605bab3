"""A job that waits in the queue of a pool, or is at a worker."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(slots=True)
class Queued(Generic[Job, Result]):
    """`misses`: how many workers were gone before they began with it; `weight`: its bytes; `dropped`: whether nobody
    waits for it any more; `told`: called with what the task tells meanwhile."""

    job: Job | None
    future: Future[Result]
    weight: int = 0
    misses: int = 0
    dropped: bool = False
    told: Callable[[Any], None] = lambda _: None

    def let_go(self, _: Future[Result]) -> None:
        """Free the job, which may be large: a cancelled one stays in the queue until its turn comes."""
        self.job = None
