"""A batch whose task is quick and does what the photo says; also as a program, to be killed.

`python -m tests.batch.stub SOURCE OUT LOG` runs it with two workers. Each photo that is looked at adds its path to LOG.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from photoscan.batch import Batch, FileSource, LocalExecutor, LocalLedger
from photoscan.batch.executor import Again, Answer, Job, Outcome, Task
from photoscan.batch.sink import write_jsonl
from photoscan.batch.source import content_of
from photoscan.batch.summary import Summary
from photoscan.errors import PhotoscanError
from photoscan.report import PhotoInfo, Report, ReportError
from photoscan.risk import assess
from photoscan.risk.policy import Policy
from photoscan.scanner import Scanner

SECRET = "canary-4711"
POLICY = Policy("stub", "1")


def set_up(log: Path | None = None, pause: float = 0.0) -> Task:
    return functools.partial(look, log, pause)


def look(log: Path | None, pause: float, job: Job) -> Answer:
    """A report of nothing. A photo that begins with die, hang, crash or fragile does that."""
    path = job.path
    data = Path(path).read_bytes()
    content = content_of(data, path) if job.unread else None
    if log is not None:
        with log.open("ab", buffering=0) as stream:
            stream.write(os.fsencode(path) + b"\n")
    if data.startswith(b"die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if data.startswith(b"hang"):
        time.sleep(600)
    if data.startswith(b"crash"):
        raise ValueError(SECRET)
    if data.startswith(b"fragile") and not Path(f"{path}.died").exists():
        Path(f"{path}.died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(pause)
    error = ReportError("corrupt", f"{path}: broken") if data.startswith(b"broken") else None
    report = assess(Report(PhotoInfo(path, bytes=len(data)), "0", error=error), POLICY)
    return Answer(json.dumps(report.to_dict()), content)


class SerialExecutor:
    """Runs jobs here and now. `fail_at`: the job, counted from 0, that raises Crash before or after its task ran."""

    def __init__(self, fail_at: int | None = None, after: bool = False) -> None:
        self.seen: list[str] = []
        self.fail_at = fail_at
        self.after = after
        self.stopping = False

    @staticmethod
    def report(path: str) -> str:
        return json.dumps(assess(Report(PhotoInfo(path, bytes=1), "0"), POLICY).to_dict())

    def stop(self) -> None:
        self.stopping = True

    def run(self, jobs: Iterator[Job], again: Again) -> Iterator[Outcome]:
        for job in jobs:
            failing = len(self.seen) == self.fail_at
            if failing and not self.after:
                raise CrashError
            self.seen.append(job.key)
            answer = look(None, 0, job)
            if failing:
                raise CrashError
            yield Outcome(job, answer)
            if self.stopping:
                return


class CrashError(Exception):
    """The plug is pulled."""


def told(path: str, error: PhotoscanError) -> Report:
    return Scanner().unseen(path, error)


def rows(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def photos(folder: Path, contents: Sequence[bytes]) -> list[str]:
    """Files that count as photos by their names, which tell nothing."""
    folder.mkdir(exist_ok=True)
    for number, content in enumerate(contents):
        (folder / f"p{number:04}.jpg").write_bytes(content)
    return sorted(str(file) for file in folder.iterdir())


def main(source: str, out: str, log: str, timeout: str = "30") -> None:
    folder = Path(out)
    folder.mkdir(exist_ok=True)
    executor = LocalExecutor(functools.partial(set_up, Path(log), 0.02), 2, float(timeout))
    with LocalLedger(folder / "ledger.sqlite", "stub") as ledger:
        work = Batch(FileSource(source), executor, ledger, told)
        for _ in work.run():
            pass
        summary = Summary()
        write_jsonl(folder / "reports.jsonl", work.reports(summary))
    sys.stdout.write(json.dumps(summary.to_dict()))


if __name__ == "__main__":
    main(*sys.argv[1:])
