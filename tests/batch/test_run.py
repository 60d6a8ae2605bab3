"""A run gives every path its row and does no work twice, wherever the plug is pulled."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.batch import Batch, FileSource, Item, LocalLedger
from photoscan.batch.executor import Again, Job, Outcome
from photoscan.batch.run import Progress
from photoscan.batch.summary import Summary
from photoscan.errors import TaskFailedError, WorkerLostError
from tests.batch.stub import CrashError, SerialExecutor, look, photos, told
from tests.properties import share


def run(source: Path, executor: Any, ledger: LocalLedger) -> list[dict[str, Any]]:
    work = Batch(FileSource(str(source)), executor, ledger, told)
    for _ in work.run():
        pass
    return list(work.reports())


def paths(reports: list[dict[str, Any]]) -> list[str]:
    return [report["photo"]["path"] for report in reports]


def pull_the_plug(ledger: LocalLedger) -> None:
    """What a kill does: nothing more is committed."""
    ledger._base.close()


@share(0.25)
@given(
    contents=st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"broken", b"e"]), min_size=1, max_size=12),
    crashes=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=6),
)
def test_whatever_crashes_every_path_has_one_row_and_no_answer_is_worked_for_twice(
    contents: list[bytes], crashes: list[tuple[int, bool]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        files = photos(Path(name) / "photos", contents)
        seen: Counter[str] = Counter()
        lost: Counter[str] = Counter()
        for fail_at, after in crashes:
            executor = SerialExecutor(fail_at, after)
            ledger = LocalLedger(Path(name) / "ledger", "e")
            try:
                run(Path(name) / "photos", executor, ledger)
            except CrashError:
                lost.update(executor.seen[fail_at:])  # looked at, but not yet answered
            pull_the_plug(ledger)
            seen.update(executor.seen)
        executor = SerialExecutor()
        with LocalLedger(Path(name) / "ledger", "e") as ledger:
            reports = run(Path(name) / "photos", executor, ledger)
        seen.update(executor.seen)
        assert paths(reports) == files
        assert len(seen) == len(set(contents))
        assert seen == Counter(dict.fromkeys(seen, 1)) + lost
        for content, report in zip(contents, reports, strict=True):
            broken = {"code": "corrupt", "message": f"{report['photo']['path']}: broken"}
            assert report["error"] == (broken if content == b"broken" else None)


def test_the_same_photo_twice_is_looked_at_once_and_has_two_rows(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"same", b"other", b"same"])
    executor = SerialExecutor()
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        assert paths(run(tmp_path / "photos", executor, ledger)) == files
    assert len(executor.seen) == 2


def test_what_changed_since_is_looked_at_again_and_what_is_gone_has_no_row(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"a", b"b", b"c"])
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        run(tmp_path / "photos", SerialExecutor(), ledger)
    Path(files[0]).write_bytes(b"much longer")
    Path(files[1]).unlink()
    executor = SerialExecutor()
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        reports = run(tmp_path / "photos", executor, ledger)
    assert paths(reports) == [files[0], files[2]]
    assert reports[0]["photo"]["bytes"] == len(b"much longer")
    assert len(executor.seen) == 1


def test_a_file_that_changes_while_it_is_looked_at_is_looked_at_again(tmp_path: Path) -> None:
    (file,) = photos(tmp_path / "photos", [b"before"])

    class Meddled(SerialExecutor):
        def run(self, jobs: Iterator[Job], again: Again) -> Iterator[Outcome]:
            for outcome in super().run(jobs, again):
                if len(self.seen) == 1:
                    Path(file).write_bytes(b"afterwards")
                yield outcome

    executor = Meddled()
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        (report,) = run(tmp_path / "photos", executor, ledger)
    assert report["photo"]["bytes"] == len(b"afterwards")
    assert len(set(executor.seen)) == 2


def test_a_file_that_never_keeps_still_is_told_as_not_inspected(tmp_path: Path) -> None:
    (file,) = photos(tmp_path / "photos", [b""])

    class Restless(SerialExecutor):
        def run(self, jobs: Iterator[Job], again: Again) -> Iterator[Outcome]:
            for outcome in super().run(jobs, again):
                Path(file).write_bytes(b"x" * len(self.seen))
                yield outcome

    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        (report,) = run(tmp_path / "photos", Restless(), ledger)
    assert report["error"] == {"code": "not_readable", "message": f"{file}: changed while it was being looked at"}
    assert report["verdict"] == "incomplete"


def test_what_is_not_there_has_a_row_and_is_tried_again_next_time(tmp_path: Path) -> None:
    file = tmp_path / "later.jpg"
    (tmp_path / "list").write_text(f"{file}\n")
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        (report,) = run(tmp_path / "list", SerialExecutor(), ledger)
        assert report["error"] == {"code": "not_readable", "message": f"{file}: no such file"}
    file.write_bytes(b"here")
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        (report,) = run(tmp_path / "list", SerialExecutor(), ledger)
        assert report["error"] is None


def test_failures_are_set_aside_after_two_chances_and_told_without_what_was_read(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"lethal", b"odd", b"fine"])
    asked: list[bool] = []

    class Failing(SerialExecutor):
        def run(self, jobs: Iterator[Job], again: Again) -> Iterator[Outcome]:
            for job in jobs:
                if job.path == files[0]:
                    asked.extend(
                        [
                            again(job, WorkerLostError("problem.worker.untaken")),
                            again(job, WorkerLostError("problem.worker.untaken")),
                        ]
                    )
                    yield Outcome(job, error=WorkerLostError("problem.worker.died", death="SIGKILL"))
                elif job.path == files[1]:
                    yield Outcome(job, error=TaskFailedError("problem.worker.crash", what="ValueError at x.py:1"))
                else:
                    yield Outcome(job, look(None, 0, job))

    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        work = Batch(FileSource(str(tmp_path / "photos")), Failing(), ledger, told)
        list(work.run())
        summary = Summary()
        reports = list(work.reports(summary))
    assert asked == [True, False]
    assert [report["error"]["code"] if report["error"] else None for report in reports] == [
        "worker_lost",
        "crash",
        None,
    ]
    assert summary.set_aside == [(files[0], "worker_lost"), (files[1], "crash")]
    assert summary.incomplete == 2
    executor = SerialExecutor()
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        run(tmp_path / "photos", executor, ledger)
        assert executor.seen == []
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        ledger.forget_partial()
        assert [report["error"] for report in run(tmp_path / "photos", executor, ledger)] == [None] * 3
    assert len(executor.seen) == 2


def test_stopping_keeps_what_is_done_and_a_later_run_does_the_rest(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [bytes([n]) for n in range(10)])
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        executor = SerialExecutor()
        work = Batch(FileSource(str(tmp_path / "photos")), executor, ledger, told)
        for progress in work.run():
            if progress.answered == 4:
                work.stop()
        assert paths(list(work.reports())) == files[:4]
    rest = SerialExecutor()
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        assert paths(run(tmp_path / "photos", rest, ledger)) == files
    assert (len(executor.seen), len(rest.seen)) == (4, 6)


def test_the_source_is_read_only_as_far_as_the_engine_asks(tmp_path: Path) -> None:
    photos(tmp_path / "photos", [bytes([n]) for n in range(10)])
    asked = 0

    class Watched(FileSource):
        def __iter__(self) -> Iterator[Item]:  # type: ignore[override]
            nonlocal asked
            for item in super().__iter__():
                asked += 1
                yield item

    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        work = Batch(Watched(str(tmp_path / "photos")), SerialExecutor(), ledger, told)
        jobs = work._new(work.source)
        next(jobs)
        assert asked == 1


TIMES = [(10, 2, 4, 20, 12), (20, 0, 20, 20, 0), (5, 0, 0, 20, None), (5, 0, 5, None, None)]
"""Passed, waiting, answered in four seconds, total; and how many remain, None where that is not known."""


@pytest.mark.parametrize(("passed", "waiting", "answered", "total", "remain"), TIMES)
def test_time_left(
    passed: int, waiting: int, answered: int, total: int | None, remain: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoscan.batch.run.monotonic", lambda: 104.0)
    progress = Progress(passed, answered, waiting, total, started=100.0)
    assert progress.seconds_left == (None if remain is None else remain / (answered / 4))
