"""The pool keeps its word when workers die, hang or crash, and when the driver does."""

from __future__ import annotations

import functools
import os
import random
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, wait
from pathlib import Path
from typing import Any

import pytest

from photoscan.errors import (
    CorruptPhotoError,
    ModelError,
    PhotoscanError,
    TaskFailedError,
    WorkerLostError,
    WorkerTimeoutError,
)
from photoscan.workers import Workers, starts, worker
from tests.workers import tasks

LONG = 30.0
"""Seconds after which a test that waits has failed."""
Pool = Workers[tuple[Any, ...], Any]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Two workers, shared by the tests that leave them alive and well in the end."""
    with Workers(tasks.setup, 2, timeout=LONG) as workers:
        yield workers


def alive(pid: int) -> bool:
    """Whether a process runs: a zombie, which nobody has seen off yet, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_jobs_come_back_each_with_its_own_result(pool: Pool) -> None:
    futures = [pool.submit(("echo", n)) for n in range(200)]
    assert [future.result(LONG) for future in futures] == list(range(200))


def test_many_threads_may_submit(pool: Pool) -> None:
    results: list[int] = []

    def some(start: int) -> None:
        results.extend(pool.submit(("echo", n)).result(LONG) for n in range(start, start + 25))

    threads = [threading.Thread(target=some, args=(n * 25,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(200))


@pytest.mark.parametrize("then", [None, "crash", "die"])
def test_what_a_task_tells_comes_in_order_and_before_its_result(then: str | None, pool: Pool) -> None:
    heard: list[int] = []
    others: list[int] = []
    future = pool.submit(("tells", 5, then), heard.append)
    other = pool.submit(("tells", 2), others.append)
    if then is None:
        assert future.result(LONG) == "told"
    else:
        assert isinstance(future.exception(LONG), TaskFailedError if then == "crash" else WorkerLostError)
    assert heard == [0, 1, 2, 3, 4]
    assert other.result(LONG) == "told"
    assert others == [0, 1]


def test_outside_of_workers_nobody_is_told() -> None:
    worker.tell("nothing")


def test_thirty_megabytes_travel_both_ways(pool: Pool) -> None:
    photo = random.Random(1).randbytes(1 << 20) * 30
    assert pool.submit(("echo", photo)).result(LONG) == photo


def test_workers_run_one_thread_and_leave_signals_to_the_driver(pool: Pool) -> None:
    assert pool.submit(("variables",)).result(LONG) == ["1", "1"]
    assert pool.submit(("signals",)).result(LONG) == [True, True]


def test_both_workers_work(pool: Pool) -> None:
    assert pool.wait_ready(LONG)
    assert pool.ready == 2
    futures = [pool.submit(("sleep", 0.3)) for _ in range(2)]
    until(lambda: all(future.running() for future in futures))


def test_a_known_error_arrives_as_it_is(pool: Pool) -> None:
    with pytest.raises(CorruptPhotoError, match=r"^a\.jpg: is a folder, not a photo$"):
        pool.submit(("corrupt",)).result(LONG)


@pytest.mark.parametrize(
    ("job", "said"), [("crash", "unexpected: ValueError at tasks.py:"), ("unpicklable", "unexpected: TypeError")]
)
def test_an_unknown_error_tells_type_and_place_only(pool: Pool, job: str, said: str) -> None:
    with pytest.raises(TaskFailedError) as caught:
        pool.submit((job,)).result(LONG)
    assert str(caught.value).startswith(said)
    assert tasks.SECRET not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert pool.submit(("echo", 1)).result(LONG) == 1


def test_a_job_that_cannot_be_pickled_fails_alone(pool: Pool) -> None:
    with pytest.raises(TypeError):
        pool.submit(("echo", threading.Lock())).result(LONG)
    assert pool.submit(("echo", 1)).result(LONG) == 1


DEATHS: list[tuple[tuple[Any, ...], str]] = [
    (("die",), "SIGKILL"),
    (("die", signal.SIGSEGV), "SIGSEGV"),
    (("leave", 7), "exit status 7"),
]


@pytest.mark.parametrize(("job", "said"), DEATHS)
def test_a_death_fails_its_own_job_alone_and_the_worker_is_replaced(
    pool: Pool, job: tuple[Any, ...], said: str
) -> None:
    around = [pool.submit(("sleep", 0.2)), pool.submit(job), *(pool.submit(("echo", n)) for n in range(20))]
    with pytest.raises(WorkerLostError, match=said):
        around[1].result(LONG)
    assert [future.result(LONG) for future in around if future is not around[1]] == ["slept", *range(20)]
    until(lambda: pool.ready == 2)


def test_kill_nine_from_outside(pool: Pool, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    before = pool.restarts.get("lost", 0)
    job = pool.submit(("sleep", 60, str(mark)))
    until(lambda: mark.exists() and mark.read_text() != "")
    os.kill(int(mark.read_text()), signal.SIGKILL)
    with pytest.raises(WorkerLostError):
        job.result(LONG)
    until(lambda: pool.restarts.get("lost", 0) > before)


def test_a_worker_killed_between_jobs_costs_no_job(pool: Pool) -> None:
    for _ in range(3):
        assert pool.wait_ready(LONG)
        before = pool.pids
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        # At once, so that it may even be sent to a process that is about to be gone.
        assert pool.submit(("echo", 1)).result(LONG) == 1
        until(lambda dead=before: pool.ready == 2 and not set(dead) & set(pool.pids))  # type: ignore[misc]


def test_a_stopped_worker_is_killed_even_while_it_is_sent_a_large_job() -> None:
    with Workers(tasks.setup, 1, timeout=1) as workers:
        workers.wait_ready(LONG)
        (pid,) = workers.pids
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(WorkerTimeoutError):
            workers.submit(("echo", bytes(30_000_000))).result(LONG)
        assert workers.submit(("echo", 1)).result(LONG) == 1


def test_a_job_past_its_time_is_ended_and_the_others_go_on() -> None:
    with Workers(tasks.setup, 2, timeout=1) as workers:
        workers.wait_ready(LONG)
        before = workers.pids
        hanging = workers.submit(("sleep", 60))
        others = [workers.submit(("echo", n)) for n in range(20)]
        with pytest.raises(WorkerTimeoutError, match="not done after 1 seconds"):
            hanging.result(LONG)
        assert [future.result(LONG) for future in others] == list(range(20))
        until(lambda: workers.ready == 2)
        assert len(set(before) & set(workers.pids)) == 1
        assert workers.restarts == {"timeout": 1}


def test_workers_are_recycled_in_peace() -> None:
    with Workers(tasks.setup, 1, recycle=3) as workers:
        pids = [workers.submit(("pid",)).result(LONG) for _ in range(7)]
        assert workers.restarts == {"recycled": 2}
    assert pids[0] == pids[2] != pids[3] == pids[5] != pids[6]


def test_a_cancelled_job_is_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    with Workers(tasks.setup, 1) as workers:
        busy = workers.submit(("sleep", 0.5))
        queued = workers.submit(("sleep", 0, str(mark)))
        until(busy.running)
        assert queued.cancel()
        assert busy.result(LONG) == "slept"
        assert workers.submit(("echo", 1)).result(LONG) == 1
    assert not mark.exists()


def test_a_job_that_nobody_waits_for_is_ended_and_the_others_go_on(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    with Workers(tasks.setup, 2) as workers:
        workers.wait_ready(LONG)
        before = workers.pids
        running = workers.submit(("sleep", 60, str(tmp_path / "begun")))
        until((tmp_path / "begun").exists)
        other = workers.submit(("sleep", 0.3))
        until(other.running)
        queued = workers.submit(("sleep", 0, str(mark)))
        workers.drop(queued)
        workers.drop(running)
        # At once, not when its death is noticed: who asks whether all are ready would be told so too early.
        assert workers.ready == 1
        with pytest.raises(WorkerLostError):
            running.result(LONG)
        assert queued.cancelled()
        assert other.result(LONG) == "slept"
        until(lambda: workers.ready == 2)
        assert len({*before} & {*workers.pids}) == 1
        assert workers.restarts == {"dropped": 1}
    assert not mark.exists()


def test_what_is_done_can_be_dropped_and_nobody_is_hurt() -> None:
    with Workers(tasks.setup, 1) as workers:
        done = workers.submit(("echo", 1))
        assert done.result(LONG) == 1
        before = workers.pids
        for _ in range(20):
            workers.drop(done)
        assert workers.submit(("echo", 2)).result(LONG) == 2
        assert workers.pids == before


def test_owners_have_their_turns_whatever_the_others_have_sent() -> None:
    done: list[str] = []
    with Workers(tasks.setup, 1, owner=lambda job: (str(job[1])[0], 1)) as workers:
        busy = workers.submit(("sleep", 0.5))
        until(busy.running)
        futures = [workers.submit(("echo", name)) for name in ("a1", "a2", "a3", "a4", "b1", "c1", "b2")]
        for future in futures:
            future.add_done_callback(lambda ended: done.append(ended.result()))
    assert done == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


class Large:
    """Stands for tens of megabytes."""


def test_a_cancelled_job_takes_no_memory_while_others_run(pool: Pool) -> None:
    busy = [pool.submit(("sleep", 2.0)) for _ in range(2)]
    large = Large()
    queued = pool.submit(("echo", large))
    known = weakref.ref(large)
    del large
    assert known() is not None
    assert queued.cancel()
    assert known() is None
    assert not any(future.done() for future in busy)
    wait(busy)


@pytest.mark.parametrize(
    ("setup", "error"),
    [(tasks.setup_refuses, ModelError), (tasks.setup_crashes, TaskFailedError), (tasks.setup_dies, WorkerLostError)],
)
def test_a_setup_that_fails_breaks_the_pool_and_says_why(setup: Any, error: type[Exception]) -> None:
    with Workers[Any, Any](setup, 2) as workers:
        job = None
        try:
            job = workers.submit(("echo", 1))
            with pytest.raises(error):
                job.result(LONG)
        except error:
            assert job is None  # it was broken before we came
        with pytest.raises(error) as caught:
            workers.wait_ready(LONG)
        assert tasks.SECRET not in str(caught.value)
        with pytest.raises(error):
            workers.submit(("echo", 1))


def test_deaths_at_the_start_are_forgiven(tmp_path: Path) -> None:
    with Workers(functools.partial(tasks.setup_counts, str(tmp_path / "starts")), 1) as workers:
        assert workers.submit(("echo", 1)).result(LONG) == 1
    assert (tmp_path / "starts").read_text() == "xxx"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "_PAUSE", 0.001)


FAILURES = ("refuses", "crashes", "dies")


def spoilt(tmp_path: Path, how: str, **more: Any) -> tuple[Pool, Path]:
    """A pool of one that was healthy, whose next processes can't be started while the file is not there."""
    need = tmp_path / "need"
    need.touch()
    workers: Pool = Workers(functools.partial(tasks.setup_while, str(need), how), 1, **more)
    assert workers.wait_ready(LONG)
    need.unlink()
    os.kill(workers.pids[0], signal.SIGKILL)
    until(lambda: workers.failing == 1)
    return workers, need


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("how", FAILURES)
def test_a_pool_that_was_healthy_goes_on_and_recovers(how: str, tmp_path: Path) -> None:
    told: list[tuple[PhotoscanError | None, float]] = []
    workers, need = spoilt(tmp_path, how, told=lambda *row: told.append(row))
    with workers:
        waits = workers.submit(("echo", 7))
        until(lambda: workers.restarts.get("start", 0) > starts.STILLBIRTHS)
        assert (workers.ready, workers.failing, workers.broken) == (0, 1, None)
        need.touch()
        assert waits.result(LONG) == 7
        assert (workers.ready, workers.failing) == (1, 0)
        assert workers.restarts["lost"] == 1
    assert told[-1] == (None, 0.0)
    assert all(error is not None for error, _ in told[:-1])
    assert tasks.SECRET not in repr(told)
    pauses = [pause for _, pause in told[:-1]]
    assert pauses == sorted({*pauses})


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("how", FAILURES)
def test_a_pool_without_patience_breaks_in_the_end(how: str, tmp_path: Path) -> None:
    workers, _ = spoilt(tmp_path, how, patience=0.1)
    with pytest.raises(PhotoscanError), workers:
        workers.submit(("echo", 1)).result(LONG)
    assert workers.broken is not None


def test_a_worker_that_hangs_while_it_starts_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_BIRTH", 3.0)
    with Workers[Any, Any](functools.partial(tasks.setup_hangs_once, str(tmp_path / "starts")), 1) as workers:
        assert workers.submit(("echo", 1)).result(LONG) == 1
        assert workers.restarts == {"start": 1}


@pytest.mark.parametrize("wait", [True, False])
def test_a_pool_that_pauses_is_closed_at_once(wait: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "_PAUSE", 600.0)
    monkeypatch.setattr(starts, "LONGEST", 600.0)
    workers, _ = spoilt(tmp_path, "dies")
    closing = threading.Thread(target=workers.close, args=(wait,), daemon=True)
    closing.start()
    closing.join(LONG)
    assert not closing.is_alive()


def test_closing_finishes_what_was_submitted_and_leaves_nothing_behind() -> None:
    threads, handles = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    workers = Workers(tasks.setup, 2, timeout=LONG)
    futures = [workers.submit(("sleep", 0.05)) for _ in range(10)]
    workers.wait_ready(LONG)
    pids = workers.pids
    workers.close()
    assert [future.result(0) for future in futures] == ["slept"] * 10
    assert workers.pids == ()
    assert not any(alive(pid) for pid in pids)
    assert threading.active_count() == threads
    assert (
        len(list(Path("/proc/self/fd").iterdir())) <= handles + 1
    )  # the resource tracker's, made with the first process
    with pytest.raises(RuntimeError):
        workers.submit(("echo", 1))
    workers.close()


def test_closing_without_waiting_ends_everything_at_once() -> None:
    workers = Workers(tasks.setup, 1)
    running, queued = workers.submit(("sleep", 60)), workers.submit(("sleep", 60))
    until(running.running)
    started = time.monotonic()
    workers.close(wait=False)
    assert time.monotonic() - started < 10
    with pytest.raises(WorkerLostError):
        running.result(0)
    with pytest.raises(CancelledError):
        queued.result(0)
    assert not wait([running, queued], 0).not_done


def test_closing_while_workers_are_starting() -> None:
    workers = Workers(tasks.setup, 2)
    workers.close(wait=False)
    assert workers.pids == ()


def test_an_idle_pool_uses_no_processor_time(pool: Pool) -> None:
    pool.wait_ready(LONG)
    before = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - before < 0.05


ENDS = {
    "killed": "import time; time.sleep(600)",
    "exits without closing": "sys.exit(0)",
    "an exception": "raise RuntimeError",
    "os._exit": "import os; os._exit(1)",
}


@pytest.mark.parametrize("end", sorted(ENDS))
def test_workers_end_with_their_driver(end: str, tmp_path: Path) -> None:
    script = tmp_path / "driver.py"
    script.write_text(tasks.DRIVER.format(end=ENDS[end]))
    root = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": root}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          env=environment) as driver:  # fmt: skip
        assert driver.stdout is not None
        pids = [int(word) for word in driver.stdout.readline().split()]
        assert len(pids) == 2
        if end == "killed":
            driver.kill()
        driver.wait(LONG)
    until(lambda: not any(alive(pid) for pid in pids))


def test_an_interrupt_of_the_terminal_reaches_the_driver_alone(tmp_path: Path) -> None:
    script = tmp_path / "driver.py"
    script.write_text(tasks.DRIVER.format(end=ENDS["killed"]))
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
                          start_new_session=True) as driver:  # fmt: skip
        assert driver.stdout is not None
        before = driver.stdout.readline()
        os.killpg(driver.pid, signal.SIGINT)
        try:
            after, errors = driver.communicate(timeout=LONG)
        finally:
            driver.kill()  # one that goes on would be waited for
    assert before == after
    assert errors == ""
    assert driver.returncode == 0
