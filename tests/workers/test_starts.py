"""When a pool tries again and when it gives up, by a clock of the test's own."""

from __future__ import annotations

import pytest

from photoscan.errors import ModelError, PhotoscanError, TaskFailedError, WorkerLostError
from photoscan.workers.starts import LONGEST, STILLBIRTHS, Starts

DEATH = WorkerLostError("problem.worker.stillborn", death="SIGKILL")
REFUSAL = ModelError("problem.model.manifest")
CRASH = TaskFailedError("problem.worker.crash", what="MemoryError")


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_deaths_before_any_worker_was_ready_are_forgiven_a_few_times() -> None:
    starts = Starts()
    pauses = [starts.failed(0, DEATH) for _ in range(STILLBIRTHS)]
    assert None not in pauses[:-1]
    assert pauses[-1] is None


def test_each_place_counts_its_own_failures() -> None:
    starts = Starts()
    assert None not in [starts.failed(place, DEATH) for place in range(8) for _ in range(STILLBIRTHS - 1)]
    assert starts.failing == 8


@pytest.mark.parametrize("error", [REFUSAL, CRASH])
def test_an_installation_that_says_what_is_wrong_with_it_is_believed_at_once(error: PhotoscanError) -> None:
    assert Starts().failed(0, error) is None


@pytest.mark.parametrize("error", [DEATH, REFUSAL, CRASH])
@pytest.mark.parametrize("place", [0, 1])
def test_once_one_was_ready_pauses_grow_and_are_bounded(error: PhotoscanError, place: int) -> None:
    starts = Starts()
    starts.succeeded(0)
    starts.ended(0)
    pauses = [starts.failed(place, error) or 0.0 for _ in range(2000)]
    assert pauses[:4] == [0.4, 0.8, 1.6, 3.2]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST


def test_a_worker_that_is_ready_ends_what_was_counted() -> None:
    starts = Starts()
    assert not starts.succeeded(0)
    starts.ended(0)
    first = [starts.failed(0, DEATH) for _ in range(5)]
    assert starts.failing == 1
    assert starts.succeeded(0)
    assert starts.failing == 0
    assert [starts.failed(0, DEATH) for _ in range(5)] == first


def test_patience_runs_only_while_no_worker_is_ready() -> None:
    clock = Clock()
    starts = Starts(10.0, clock)
    starts.succeeded(0)
    starts.succeeded(1)
    starts.ended(0)
    clock.time = 100.0
    assert starts.failed(0, DEATH) is not None
    starts.ended(1)
    starts.ended(1)
    clock.time = 110.0
    assert starts.failed(0, DEATH) is not None
    clock.time = 110.1
    assert starts.failed(1, DEATH) is None


def test_a_place_without_a_worker_can_end_again_without_any_patience_won() -> None:
    clock = Clock()
    starts = Starts(10.0, clock)
    starts.succeeded(0)
    starts.ended(0)
    clock.time = 11.0
    starts.ended(0)
    assert starts.failed(0, DEATH) is None
