"""What listing a million photos costs the driver of a batch: memory, and time until a worker has the first one.

Run it with `python -m benchmarks.batch_listing [ITEMS] [KINDS...]`; kinds are list, folder, store and addresses. Each
is driven in a process of its own through source, ledger and all, by an executor that answers at once; nothing is looked
at. The folder is one flat folder of empty files, the store one flat prefix of a stand-in that gives pages as S3 does.
`again` is a second run, which knows every photo.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import fsspec
from fsspec.spec import AbstractFileSystem

from photoscan import ScanOptions
from photoscan.batch import Answer, Batch, Job, LocalLedger, Outcome, Setup, Shard
from photoscan.batch.executor import Again
from photoscan.batch.file_source import source_of
from photoscan.risk.policy import Policy
from photoscan.scanner import Scanner

KINDS = ("list", "folder", "store", "addresses")
ITEMS = 1_000_000
PAGE = 1000
BUCKET = "bucket"
REPORT = json.dumps({"coverage": "whole"})


class Pages(AbstractFileSystem):  # type: ignore[misc]
    """Stands for S3: `items` objects in one flat prefix, given by pages. It holds none of them."""

    protocol = "s3"
    items = ITEMS

    def split_path(self, path: str) -> tuple[str, str, None]:
        """Bucket and key."""
        bucket, _, key = self._strip_protocol(path).partition("/")
        return bucket, key, None

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """As of an object, or of the prefix."""
        kind = "file" if path.endswith(".jpg") else "directory"
        return {"name": path, "size": 1, "ETag": f'"{path}"', "type": kind}

    def call_s3(self, method: str, **asked: Any) -> dict[str, Any]:
        """A page of the list."""
        assert method == "list_objects_v2"
        begin = int(asked.get("ContinuationToken", 0))
        end = min(begin + PAGE, self.items)
        rows = [{"Key": f"photos/{number:09}.jpg", "Size": 1, "ETag": f'"{number}"'} for number in range(begin, end)]
        return {"Contents": rows, "IsTruncated": end < self.items, "NextContinuationToken": str(end)}


class AtOnce:
    """An executor that answers at once. `first`: when it was given its first job."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.jobs = 0

    def run(self, jobs: Iterable[Job], again: Again) -> Iterator[Outcome]:
        """As `Executor.run`."""
        for job in jobs:
            self.first = self.first or time.monotonic()
            self.jobs += 1
            yield Outcome(job, Answer(REPORT, f"content {job.key}" if job.unread else None))

    def stop(self) -> None:
        """Nothing runs."""


def draw(folder: Path, kind: str, items: int) -> str:
    """Make so many items; what the command would be given."""
    if kind == "store":
        return f"s3://{BUCKET}/photos"
    if kind == "folder":
        (folder / "photos").mkdir()
        for number in range(items):
            (folder / "photos" / f"{number:09}.jpg").touch()
        return str(folder / "photos")
    names = f"{folder}/photo.jpg" if kind == "list" else f"s3://{BUCKET}/photos/{{}}.jpg"
    with (folder / "list.txt").open("w") as stream:
        stream.writelines(names.format(number) + "\n" for number in range(items))
    (folder / "photo.jpg").touch()
    return str(folder / "list.txt")


def drive(where: str, out: Path) -> dict[str, float]:
    """One run: seconds to the first job and in all, and how many jobs there were."""
    started = time.monotonic()
    options, policy = ScanOptions(only=("metadata",)), Policy.load("default")
    Setup.of(options, policy)
    executor = AtOnce()
    with LocalLedger(out, "listing") as ledger:
        work = Batch(source_of(where, Shard(), options, policy), executor, ledger, Scanner(options, policy).unseen)
        for _ in work.run():
            pass
    first = 0.0 if executor.first is None else executor.first - started
    return {"first": first, "seconds": time.monotonic() - started, "jobs": executor.jobs}


def main(items: int, kinds: Iterable[str]) -> None:
    """Print the figures."""
    print(f"{items} items           first job     in all     driver's peak")
    for kind in kinds:
        with tempfile.TemporaryDirectory() as name:
            where = draw(Path(name), kind, items)
            for run in ("", " again"):
                command = [sys.executable, "-m", __spec__.name, "drive", where, f"{name}/ledger", str(items)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                row = json.loads(done.stdout)
                print(f"{kind + run:18} {row['first']:8.1f} s {row['seconds']:8.1f} s {row['peak'] / 1e6:10.0f} MB")


if __name__ == "__main__":
    fsspec.register_implementation("s3", Pages, clobber=True)
    if sys.argv[1:2] == ["drive"]:
        Pages.items = int(sys.argv[4])
        done = drive(sys.argv[2], Path(sys.argv[3]))
        # In KiB, on Linux.
        print(json.dumps(done | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else ITEMS, sys.argv[2:] or KINDS)
