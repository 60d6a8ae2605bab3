"""The executor of a cluster, without Ray: whatever is lost, each job has one outcome. With Ray: `make test-extras`."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.batch.executor import Answer, Job, Outcome, Task
from photoscan.batch.ray import RayExecutor, cluster, executor
from photoscan.batch.ray.actor import Actor, Reply, Seen, Start, seen
from photoscan.batch.ray.executor import LOSSES, STILLBIRTHS
from photoscan.errors import (
    ModelError,
    NotInstalledError,
    NotReadableError,
    PhotoscanError,
    TaskFailedError,
    UsageError,
    WorkerLostError,
    WorkerTimeoutError,
)
from tests.batch import stub


class GoneError(Exception):
    """What this cluster says of an actor that is lost."""


def nothing() -> Task:
    """A setup that can be pickled; no actor here calls it."""
    raise AssertionError


def failed(error: PhotoscanError, kind: Any = "error") -> Reply:
    return Reply(kind, data=pickle.dumps(error))


def done(what: Reply | Exception) -> Future[Reply]:
    future: Future[Reply] = Future()
    if isinstance(what, Exception):
        future.set_exception(what)
    else:
        future.set_result(what)
    return future


Said = Reply | Exception
Look = Callable[["Fake", Job, Seen | None], Said]


def report(worker: Fake, job: Job, there: Seen | None) -> Said:
    return Reply("answer", Answer(f"report of {job.path}"))


class Fake:
    """An actor that says at once what a test has it say; None keeps it from ever beginning."""

    def __init__(self, number: int, meet: Said | None, look: Look) -> None:
        self.number = number
        self.ended = False
        self._begun: Future[Reply] = Future() if meet is None else done(meet)
        self._look = look

    def meet(self) -> Future[Reply]:
        return self._begun

    def look(self, job: Job, there: Seen | None) -> Future[Reply]:
        assert not self.ended
        return done(self._look(self, job, there))

    def end(self) -> None:
        assert not self.ended
        self.ended = True
        if not self._begun.done():
            # As Ray says of an actor that is ended before it had a place.
            self._begun.set_exception(GoneError())


class FakeCluster:
    """`meets`: what the actors say when they are met, in turn; the last one for all that follow."""

    def __init__(self, look: Look = report, meets: tuple[Said | None, ...] = (Reply("ready", host="m"),)) -> None:
        self.look, self.meets = look, list(meets)
        self.workers: list[Fake] = []
        self.places = [1]

    def start(self, start: Start) -> Fake:
        meet = self.meets.pop(0) if len(self.meets) > 1 else self.meets[0]
        self.workers.append(Fake(len(self.workers), meet, self.look))
        return self.workers[-1]

    def room(self) -> int:
        return self.places.pop(0) if len(self.places) > 1 else self.places[0]

    def lost(self, error: BaseException) -> bool:
        return isinstance(error, GoneError)

    def told(self, error: BaseException) -> PhotoscanError:
        return TaskFailedError("problem.worker.crash", what=type(error).__name__)

    @contextmanager
    def connected(self) -> Iterator[FakeCluster]:
        yield self
        assert all(worker.ended for worker in self.workers)


def jobs(count: int, pulled: list[str] | None = None) -> Iterator[Job]:
    for number in range(count):
        if pulled is not None:
            pulled.append(f"k{number}")
        yield Job(f"k{number}", f"s3://b/{number}.jpg", "v")


def never(job: Job, error: PhotoscanError) -> bool:
    raise AssertionError(error)


def run(fake: FakeCluster, count: int = 5, size: int | None = 2, again: Any = never) -> list[Outcome]:
    return list(RayExecutor(nothing, fake.connected, size).run(jobs(count), again))


def told(outcomes: list[Outcome]) -> dict[str, Any]:
    assert len({outcome.job.key for outcome in outcomes}) == len(outcomes)
    return {outcome.job.key: outcome.error.code if outcome.error else outcome.answer for outcome in outcomes}


@given(
    fates=st.lists(st.sampled_from(["lost", "died", "late", "good", "good", "good"]), max_size=40),
    births=st.lists(st.booleans(), max_size=6),
    size=st.integers(1, 4),
    count=st.integers(0, 12),
)
def test_whatever_is_lost_each_job_has_one_outcome(fates: list[str], births: list[bool], size: int, count: int) -> None:
    left = list(fates)
    losses: Counter[str] = Counter()
    deaths: Counter[str] = Counter()

    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        fate = left.pop() if left else "good"
        if fate == "lost":
            losses[job.path] += 1
            return GoneError()
        if fate == "died":
            return failed(WorkerLostError("problem.worker.died", death="SIGKILL"))
        if fate == "late":
            return failed(WorkerTimeoutError("problem.worker.late", seconds=1.0))
        return Reply("answer", Answer("fine"))

    def again(job: Job, error: PhotoscanError) -> bool:
        deaths[job.path] += 1
        return deaths[job.path] < 2

    # Fewer stillbirths in a row than make it give up.
    births = births[: STILLBIRTHS - 1]
    fake = FakeCluster(look, (*(Reply("ready") if born else GoneError() for born in births), Reply("ready")))
    pulled: list[str] = []
    runner = RayExecutor(nothing, fake.connected, size)
    outcomes = []
    for outcome in runner.run(jobs(count, pulled), again):
        outcomes.append(outcome)
        assert len(pulled) <= len(outcomes) + size
    assert sorted(told(outcomes)) == sorted(f"k{number}" for number in range(count))
    for outcome in outcomes:
        what = outcome.job.path
        assert (outcome.error is not None) == (deaths[what] >= 2 or losses[what] >= LOSSES)
    assert sum(losses.values()) <= runner.lost <= sum(losses.values()) + births.count(False)


def test_a_lost_actor_costs_its_photo_no_chance_and_another_one_has_it() -> None:
    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        return GoneError() if worker.number == 0 else report(worker, job, there)

    fake = FakeCluster(look)
    assert len(told(run(fake, size=1))) == 5
    assert len(fake.workers) == 2


def test_a_photo_at_which_every_actor_is_lost_is_set_aside_and_no_other_is() -> None:
    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        return GoneError() if "2.jpg" in job.path else report(worker, job, there)

    fake = FakeCluster(look)
    rows = told(run(fake))
    assert [key for key, row in rows.items() if row == "worker_lost"] == ["k2"]
    assert len(fake.workers) <= 2 + LOSSES


@pytest.mark.parametrize("how", [GoneError(), failed(WorkerLostError("problem.worker.stillborn", death="x"), "broken")])
def test_actors_that_never_start_are_given_up(how: Said) -> None:
    fake = FakeCluster(meets=(how,))
    with pytest.raises(WorkerLostError, match="lost while they start"):
        run(fake)
    assert len(fake.workers) <= STILLBIRTHS * 2 + 2


def test_a_process_that_can_not_be_had_while_at_work_is_no_fault_of_its_photo() -> None:
    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        broken = failed(WorkerLostError("problem.worker.stillborn", death="x"), "broken")
        return broken if worker.number <= LOSSES else report(worker, job, there)

    assert "worker_lost" not in told(run(FakeCluster(look), size=3, count=1)).values()


def test_machines_on_which_no_process_can_live_are_given_up_in_the_end() -> None:
    broken = failed(WorkerLostError("problem.worker.stillborn", death="x"), "broken")
    with pytest.raises(WorkerLostError, match="lost while they start"):
        run(FakeCluster(lambda *_: broken), size=1)


def test_actors_that_are_lost_now_and_then_while_they_start_are_only_replaced() -> None:
    used: set[int] = set()

    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        """One answer of each."""
        if worker.number in used:
            return GoneError()
        used.add(worker.number)
        return report(worker, job, there)

    meets: list[Said] = [GoneError(), GoneError(), Reply("ready")]
    assert len(told(run(FakeCluster(look, tuple(meets * 9)), size=1, count=8))) == 8


def test_what_keeps_every_job_from_being_done_is_raised() -> None:
    for meet in (failed(ModelError("problem.model.missing", name="x"), "broken"),):
        with pytest.raises(ModelError):
            run(FakeCluster(meets=(meet,)))
    with pytest.raises(TaskFailedError, match="ValueError") as caught:
        run(FakeCluster(lambda *_: ValueError(stub.SECRET)))
    assert stub.SECRET not in str(caught.value)


def test_errors_of_photos_are_their_outcomes() -> None:
    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        return failed(NotReadableError("problem.photo.missing", path="x"))

    assert set(told(run(FakeCluster(look))).values()) == {"not_readable"}


def test_no_more_actors_than_jobs_and_none_for_none() -> None:
    fake = FakeCluster()
    assert run(fake, count=0) == []
    assert fake.workers == []
    run(fake, count=3, size=50)
    assert len(fake.workers) == 3


def test_an_actor_that_never_begins_holds_no_job() -> None:
    fake = FakeCluster(meets=(None, None, Reply("ready")))
    assert len(told(run(fake, count=9, size=3))) == 9


def test_without_a_number_there_are_as_many_as_the_cluster_comes_to_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "TICK", 0.0)
    fake = FakeCluster()
    fake.places = [1, 1, 1, 4]
    run(fake, count=30, size=None)
    assert len(fake.workers) == 4


def test_stop_finishes_what_runs_and_pulls_no_more() -> None:
    pulled: list[str] = []
    fake = FakeCluster()
    runner = RayExecutor(nothing, fake.connected, 2)
    outcomes = []
    for outcome in runner.run(jobs(50, pulled), never):
        outcomes.append(outcome)
        if len(outcomes) == 3:
            runner.stop()
            before = len(pulled)
    assert len(pulled) == before
    assert 3 <= len(outcomes) <= 5


def test_stop_drops_what_waits_for_an_actor() -> None:
    runner = RayExecutor(nothing, FakeCluster(meets=(Reply("ready"), None)).connected, 4)
    outcomes = []
    for outcome in runner.run(jobs(50), never):
        outcomes.append(outcome)
        runner.stop()
    assert len(outcomes) <= 2


def test_who_is_not_needed_ends_while_the_last_photo_is_looked_at() -> None:
    fake = FakeCluster()
    for number, _ in enumerate(RayExecutor(nothing, fake.connected, 2).run(jobs(2), never)):
        assert [worker.ended for worker in fake.workers].count(True) == number


def test_what_is_heard_of_those_that_were_ended_counts_for_nothing() -> None:
    """The second actor never begins, and is ended as the last job is at the first one, whose process dies once."""
    asked: list[str] = []

    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        asked.append(job.key)
        died = asked == ["k0", "k1"]
        return failed(WorkerLostError("problem.worker.died", death="x")) if died else report(worker, job, there)

    runner = RayExecutor(nothing, FakeCluster(look, (Reply("ready"), None)).connected, 2)
    assert len(list(runner.run(jobs(2), lambda *_: True))) == 2
    assert asked == ["k0", "k1", "k1"]
    assert runner.lost == 0


def test_what_is_lost_or_dies_while_it_stops_is_dropped() -> None:
    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        runner.stop()
        return GoneError() if worker.number == 0 else failed(WorkerLostError("problem.worker.died", death="x"))

    runner = RayExecutor(nothing, FakeCluster(look).connected, 2)
    assert list(runner.run(jobs(9), lambda *_: True)) == []


def test_a_run_that_is_left_ends_its_actors() -> None:
    fake = FakeCluster()
    running = RayExecutor(nothing, fake.connected, 2).run(jobs(9), never)
    next(running)
    running.close()  # type: ignore[attr-defined]
    assert all(worker.ended for worker in fake.workers)


# Files, which the driver lists and other machines read


def files(folder: Path, count: int) -> Iterator[Job]:
    for number in range(count):
        file = folder / f"{number}.jpg"
        file.write_bytes(b"x" * number)
        yield Job(f"k{number}", str(file))


def test_a_machine_that_sees_other_files_ends_the_run(tmp_path: Path) -> None:
    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        return Reply("elsewhere", host="node-7") if there is not None else report(worker, job, there)

    fake = FakeCluster(look)
    with pytest.raises(UsageError, match="node-7"):
        list(RayExecutor(nothing, fake.connected, 2).run(files(tmp_path, 3), never))


def test_a_file_that_changes_meanwhile_is_no_proof_against_a_machine(tmp_path: Path) -> None:
    asked: list[Seen | None] = []

    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        asked.append(there)
        if len(asked) == 1:
            Path(job.path).write_bytes(b"longer than before")
            return Reply("elsewhere", host="m")
        return report(worker, job, there)

    assert len(list(RayExecutor(nothing, FakeCluster(look).connected, 1).run(files(tmp_path, 3), never))) == 3
    # The one that changed is not compared again; the next one is, and after that the machine is known.
    assert [there is not None for there in asked] == [True, False, True, False]


def test_of_objects_in_a_store_nothing_is_compared() -> None:
    asked: list[Seen | None] = []

    def look(worker: Fake, job: Job, there: Seen | None) -> Said:
        asked.append(there)
        return report(worker, job, there)

    run(FakeCluster(look))
    assert asked == [None] * 5


# Where Ray is


@pytest.mark.parametrize(
    "address", ["127.0.0.1:9", "ray://127.0.0.1:9", "[::1]:9", "no-such-host.invalid:6379", "h:99999"]
)
def test_an_address_where_nobody_listens_is_told_at_once(address: str) -> None:
    with pytest.raises(UsageError, match="Ray can't be reached"):
        cluster._reach(address)


@pytest.mark.parametrize("address", [None, "", "auto", "local", "head", "anyscale://x"])
def test_what_is_no_host_with_a_port_is_left_to_ray(address: str | None) -> None:
    cluster._reach(address)


@pytest.mark.parametrize("ended", [False, True])
def test_variables_hold_for_the_block_alone(ended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_VARIABLE", "before")
    monkeypatch.delenv("ANOTHER_ONE", raising=False)
    with suppress(ValueError), cluster._environment({"A_VARIABLE": "1", "ANOTHER_ONE": "2"}):
        assert (os.environ["A_VARIABLE"], os.environ["ANOTHER_ONE"]) == ("1", "2")
        if ended:
            raise ValueError
    assert os.environ["A_VARIABLE"] == "before"
    assert "ANOTHER_ONE" not in os.environ


def test_the_folder_is_private_short_and_gone_afterwards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for base in (tempfile.gettempdir(), str(tmp_path)):
        monkeypatch.setattr(tempfile, "gettempdir", partial(str, base))
        with cluster._private(True) as name:
            assert len(name) < 40
            assert Path(name).parent.stat().st_mode & 0o777 == 0o700
            (Path(name) / "log").touch()
        assert not Path(name).parent.exists()
    with cluster._private(False) as name:
        assert name == ""


def test_without_ray_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotInstalledError, match="pip install ray"):
        cluster.check_ray()


# The actor


@pytest.fixture
def actor() -> Iterator[Actor]:
    made = Actor(Start.of(partial(stub.set_up, None), timeout=1.0, recycle=None))
    yield made
    made._workers.close(wait=False)


def test_an_actor_answers_for_every_photo_and_outlives_its_process(actor: Actor, tmp_path: Path) -> None:
    contents = [b"fine", b"die", b"hang", b"crash", b"fine"]
    paths = stub.photos(tmp_path / "photos", contents)
    assert actor.meet().kind == "ready"
    answers = [actor.look(Job(path, path), seen(path)) for path in paths]
    assert [answer.kind for answer in answers] == ["answer", "error", "error", "error", "answer"]
    assert [answer.error().code for answer in answers[1:4]] == ["worker_lost", "timeout", "crash"]
    assert stub.SECRET.encode() not in answers[3].data


def test_an_actor_says_when_it_sees_another_file_or_none(actor: Actor, tmp_path: Path) -> None:
    (path,) = stub.photos(tmp_path / "photos", [b"fine"])
    there = seen(path)
    assert there is not None
    for other in ((there[0] + 1, there[1]), (there[0], there[1] + 1)):
        assert actor.look(Job(path, path), other).kind == "elsewhere"
    os.utime(path, (1, 1))
    assert actor.look(Job(path, path), there).kind == "elsewhere"
    Path(path).unlink()
    assert actor.look(Job(path, path), there).kind == "elsewhere"
    assert actor.look(Job(path, path)).kind == "error"


def unstartable() -> Task:
    raise ModelError("problem.model.missing", name="x")


def test_an_actor_whose_process_can_not_start_says_why() -> None:
    broken = Actor(Start.of(unstartable, None, None))
    assert isinstance(broken.meet().error(), ModelError)
    answer = broken.look(Job("k", "x.jpg"))
    assert answer.kind == "broken"
    broken._workers.close(wait=False)


@pytest.mark.parametrize("path", ["", "/no/such", "a\0b"])
def test_what_is_not_there_is_not_seen(path: str) -> None:
    assert (seen(path) is None) == (path != "")
