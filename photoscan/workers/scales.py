"""Scales: so many bytes for all jobs that run at a time, so that two huge photos do not meet in a small container."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")


@dataclass(frozen=True, slots=True)
class Scales(Generic[Job]):
    """`room`: bytes for all jobs that run at a time; `weigh`: those of one, which raises nothing.

    A job that is heavier than the room runs alone.
    """

    room: int
    weigh: Callable[[Job], int]

    def bears(self, held: int, weight: int) -> bool:
        """Whether a job may begin beside others of so many bytes."""
        return held + weight <= self.room
