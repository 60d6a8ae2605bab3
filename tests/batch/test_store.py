"""Photos in an object store: listed by name and version, read by workers alone, in the very version that was listed."""

from __future__ import annotations

import functools
import itertools
import json
import os
import tracemalloc
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from photoscan import ScanOptions
from photoscan.batch import Batch, FileSource, Item, LocalExecutor, LocalLedger, Setup, Shard, StoreSource, store
from photoscan.batch import task as tasks
from photoscan.batch.executor import Again, ChangedError, Job, Outcome
from photoscan.batch.source import File, content_of
from photoscan.batch.store import Stored, is_store, read, version_of
from photoscan.batch.summary import Summary
from photoscan.errors import NotInstalledError, NotReadableError, PhotoscanError, TooLargeError, WorkerLostError
from photoscan.ignoring import Ignored, Patterns
from photoscan.options import Limits
from photoscan.risk.policy import Policy
from photoscan.scanner import Scanner
from tests.conftest import Run

OPTIONS = ScanOptions(only=("metadata",))
POLICY = Policy.load("default")


@pytest.fixture
def bucket() -> Iterator[Any]:
    """An empty store in memory; paths in it begin with /b."""
    files = fsspec.filesystem("memory")
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]
    yield files
    MemoryFileSystem.store.clear()


def put(files: Any, *names: str, data: bytes = b"photo") -> None:
    for name in names:
        files.pipe_file(f"/b/{name}", data)


def listed(where: str = "memory://b", **how: Any) -> list[str]:
    return [item.path.removeprefix("memory://").lstrip("/") for item in StoreSource(where, **how)]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("s3://bucket/prefix", True),
        ("gs://bucket", True),
        ("az://container/x", True),
        ("memory://b", True),
        ("http://example.org/a.jpg", False),
        ("https://example.org", False),
        ("photos", False),
        ("C:/photos", False),
        ("./s3:/photos", False),
        ("s3:/b", False),
        ("-", False),
    ],
)
def test_an_address_of_a_store(where: str, found: bool) -> None:
    assert is_store(where) is found


def test_photos_below_a_prefix_are_listed_and_the_rest_is_told(bucket: Any) -> None:
    put(bucket, "a.jpg", "c/deep/é x.HEIC", "c/b.png", "notes.txt", "c/film.mov", "c/manual.pdf")
    photos = StoreSource("memory://b")
    assert sorted(item.path.removeprefix("memory://") for item in photos) == sorted(
        ["/b/a.jpg", "/b/c/b.png", "/b/c/deep/é x.HEIC", "/b/c/film.mov"]
    )
    assert photos.passed.counts == {"document": 1, "pdf": 1}
    assert [*photos] == [*photos]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("memory://b/c", ["b/c/d/2.jpg", "b/c/1.jpg"]),
        ("memory://b/c/1.jpg", ["b/c/1.jpg"]),
        ("memory://b/*.jpg", ["b/a.jpg"]),
        ("memory://b/**/*.jpg", ["b/a.jpg", "b/c/1.jpg", "b/c/d/2.jpg"]),
        ("memory://b/c/d/*", ["b/c/d/2.jpg"]),
    ],
)
def test_a_prefix_an_object_or_a_pattern(where: str, found: list[str], bucket: Any) -> None:
    put(bucket, "a.jpg", "c/1.jpg", "c/d/2.jpg")
    assert sorted(listed(where)) == sorted(found)


def test_what_is_not_there_is_told(bucket: Any) -> None:
    with pytest.raises(NotReadableError, match="memory://b/none"):
        listed("memory://b/none")


def test_what_is_ignored_is_not_listed(bucket: Any) -> None:
    put(bucket, "a.jpg", "thumbs/a.jpg", "c/thumbs/deep/b.jpg", "c/a_small.jpg", "c/b.jpg")
    ignored = Ignored(Patterns.of(["thumbs/", "*_small.*"]))
    assert sorted(listed(ignored=ignored)) == ["b/a.jpg", "b/c/b.jpg"]


@pytest.mark.parametrize("where", ["memory://b", "memory://b/**/*.jpg"])
def test_every_object_is_in_one_shard_wherever_the_prefix_lies(where: str, bucket: Any) -> None:
    names = [f"{number % 3}/{number}.jpg" for number in range(30)]
    put(bucket, *names)
    parts = [listed(where, shard=Shard(number, 4)) for number in (1, 2, 3, 4)]
    assert sorted(itertools.chain.from_iterable(parts)) == sorted(f"b/{name}" for name in names)
    assert all(parts)
    for name in names:
        bucket.pipe_file(f"/elsewhere/x/{name}", b"photo")
    moved = [listed(where.replace("//b", "//elsewhere/x"), shard=Shard(number, 4)) for number in (1, 2, 3, 4)]
    assert [[path.removeprefix("elsewhere/x/") for path in part] for part in moved] == [
        [path.removeprefix("b/") for path in part] for part in parts
    ]


VERSIONS = [
    ({"size": 3, "ETag": '"a"', "LastModified": 1}, '3-"a"'),
    ({"size": 3, "etag": "b", "generation": "7"}, "3-7"),
    ({"size": 3, "generation": "7", "updated": "x"}, "3-7"),
    ({"size": 3, "mtime": 1.5}, "3-1.5"),
    ({"size": 3, "ETag": "", "created": "c"}, "3-c"),
    ({"size": 3, "created": datetime(2026, 1, 2, tzinfo=UTC)}, f"3-{datetime(2026, 1, 2, tzinfo=UTC).timestamp()}"),
    ({"size": 3}, ""),
]


@pytest.mark.parametrize(("info", "version"), VERSIONS)
def test_a_version_is_the_surest_thing_that_a_store_says(info: Mapping[str, Any], version: str) -> None:
    assert version_of(info) == version


def key(path: str, version: str) -> str:
    item = Stored(path, version)
    return item.key(item.stamp())


def test_another_version_is_other_work_and_the_same_one_is_not() -> None:
    assert key("s3://b/a.jpg", "1") == key("s3://b/a.jpg", "1")
    others = [("s3://b/a.jpg", "2"), ("s3://b/b.jpg", "1"), ("s3://b/a.jp", "g1")]
    assert len({key(*item) for item in [("s3://b/a.jpg", "1"), *others]}) == 4


def test_what_has_no_version_is_never_the_one_seen_before() -> None:
    assert key("s3://b/a.jpg", "") != key("s3://b/a.jpg", "")
    assert Stored("s3://b/a.jpg", "").stamp() == ""


def the_only(where: str = "memory://b") -> Stored:
    (item,) = StoreSource(where)
    return item


def test_only_the_version_that_was_listed_is_read(bucket: Any) -> None:
    put(bucket, "a.jpg", data=b"one")
    item = the_only()
    assert read(item.path, item.version, Limits()) == b"one"
    put(bucket, "a.jpg", data=b"two")
    with pytest.raises(ChangedError):
        read(item.path, item.version, Limits())
    assert read(item.path, item.renewed().version, Limits()) == b"two"


def test_what_is_replaced_while_it_is_read_is_not_taken(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(bucket, "a.jpg", data=b"one")
    item, plain = the_only(), MemoryFileSystem.cat_file

    def slow(self: Any, path: str, *rest: Any, **how: Any) -> Any:
        found = plain(self, path, *rest, **how)
        bucket.pipe_file(path, b"two")
        return found

    monkeypatch.setattr(MemoryFileSystem, "cat_file", slow)
    with pytest.raises(ChangedError):
        read(item.path, item.version, Limits())


def test_a_large_object_is_refused_before_it_is_read(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(bucket, "a.jpg", data=bytes(1000))
    item = the_only()
    monkeypatch.setattr(MemoryFileSystem, "cat_file", None)
    with pytest.raises(TooLargeError):
        read(item.path, item.version, Limits(max_bytes=999))


def test_errors_of_stores_are_told_by_their_kind_alone(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("AccessDenied for key AKIA-canary")

    put(bucket, "a.jpg")
    item = the_only()
    monkeypatch.setattr(MemoryFileSystem, "info", refuse)
    with pytest.raises(NotReadableError) as caught:
        read(item.path, item.version, Limits())
    assert "canary" not in str(caught.value)
    assert "RuntimeError" in str(caught.value)
    with pytest.raises(NotReadableError, match="RuntimeError"):
        listed()


@pytest.mark.parametrize("missing", ["fsspec", "s3fs"])
def test_a_package_that_is_missing_is_told(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ImportError("Install s3fs to access S3")

    if missing == "fsspec":
        monkeypatch.setattr(store.importlib.util, "find_spec", lambda _: None)
    else:
        monkeypatch.setattr(fsspec.core, "url_to_fs", refuse)
    with pytest.raises(NotInstalledError, match=missing):
        StoreSource("s3://bucket/photos")


class Here:
    """Runs jobs here and now by the real task. `meddle` is called with each job before it is done."""

    def __init__(self, meddle: Any = lambda job: None) -> None:
        self.look = tasks.set_up(Setup.of(OPTIONS, POLICY).text)
        self.meddle = meddle
        self.jobs: list[Job] = []

    def run(self, jobs: Any, again: Again) -> Iterator[Outcome]:
        for job in jobs:
            self.jobs.append(job)
            self.meddle(job)
            try:
                yield Outcome(job, self.look(job))
            except PhotoscanError as error:
                yield Outcome(job, error=error)

    def stop(self) -> None:
        pass


def batch(folder: Path, executor: Any, where: str = "memory://b") -> list[dict[str, Any]]:
    with LocalLedger(folder / "ledger.sqlite", "e") as ledger:
        work = Batch(StoreSource(where), executor, ledger, Scanner(OPTIONS, POLICY).unseen)
        for _ in work.run():
            pass
        return list(work.reports(Summary()))


def test_a_batch_says_of_a_store_what_it_says_of_a_folder(bucket: Any, demo: Path, tmp_path: Path) -> None:
    for name in ("holiday.jpg", "landscape.jpg", "web.webp"):
        bucket.put_file(str(demo / name), f"/b/{name}")
    put(bucket, "broken.jpg", data=b"no photo")
    rows = batch(tmp_path, Here())
    assert [Path(row["photo"]["path"]).name for row in rows] == sorted(
        ["broken.jpg", "holiday.jpg", "landscape.jpg", "web.webp"]
    )
    scanner = Scanner(OPTIONS, POLICY)
    for row in rows:
        name = Path(row["photo"]["path"]).name
        assert row["photo"]["path"].startswith("memory://")
        if name != "broken.jpg":
            local = scanner.scan((demo / name).read_bytes(), name=name).to_dict()
            assert row["photo"]["sha256"] == local["photo"]["sha256"]
            assert row["findings"] == local["findings"]
            assert row["verdict"] == local["verdict"]
        else:
            assert row["error"]["code"] == "unsupported_format"


def test_what_was_inspected_is_not_read_again(bucket: Any, tmp_path: Path) -> None:
    put(bucket, "a.jpg", "b.jpg")
    batch(tmp_path, Here())
    put(bucket, "b.jpg", data=b"another")
    put(bucket, "c.jpg")
    executor = Here()
    rows = batch(tmp_path, executor)
    assert [Path(job.path).name for job in executor.jobs] == ["b.jpg", "c.jpg"]
    assert len(rows) == 3


def test_a_store_that_was_out_of_reach_is_asked_again_by_the_next_run(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bucket, "a.jpg", "b.jpg")
    plain = MemoryFileSystem.cat_file

    def refuse(self: Any, path: str, *rest: Any, **how: Any) -> Any:
        if path.endswith("a.jpg"):
            raise OSError("expired")
        return plain(self, path, *rest, **how)

    monkeypatch.setattr(MemoryFileSystem, "cat_file", refuse)
    rows = {Path(row["photo"]["path"]).name: row["error"]["code"] for row in batch(tmp_path, Here())}
    assert rows == {"a.jpg": "not_readable", "b.jpg": "unsupported_format"}
    monkeypatch.setattr(MemoryFileSystem, "cat_file", plain)
    executor = Here()
    rows = {Path(row["photo"]["path"]).name: row["error"]["code"] for row in batch(tmp_path, executor)}
    assert [Path(job.path).name for job in executor.jobs] == ["a.jpg"]
    assert rows == {"a.jpg": "unsupported_format", "b.jpg": "unsupported_format"}


def test_no_more_is_read_than_an_object_was_said_to_hold(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(bucket, "a.jpg", data=b"one")
    item, asked = the_only(), []
    plain = MemoryFileSystem.cat_file

    def larger(self: Any, path: str, *rest: Any, **how: Any) -> Any:
        bucket.pipe_file(path, bytes(1000))
        found = plain(self, path, *rest, **how)
        asked.append(len(found))
        return found

    monkeypatch.setattr(MemoryFileSystem, "cat_file", larger)
    with pytest.raises(ChangedError):
        read(item.path, item.version, Limits())
    assert asked == [3]


def test_an_object_that_changes_is_looked_at_as_it_then_is(bucket: Any, demo: Path, tmp_path: Path) -> None:
    put(bucket, "a.jpg", "b.jpg")
    data = (demo / "landscape.jpg").read_bytes()

    def meddle(job: Job) -> None:
        if len(executor.jobs) == 1:
            put(bucket, "a.jpg", data=data)

    executor = Here(meddle)
    rows = batch(tmp_path, executor)
    assert [(Path(row["photo"]["path"]).name, row["photo"]["bytes"]) for row in rows] == [
        ("a.jpg", len(data)),
        ("b.jpg", None),
    ]


@pytest.mark.parametrize("gone", [True, False])
def test_one_that_is_gone_or_never_stands_still_has_its_row_too(gone: bool, bucket: Any, tmp_path: Path) -> None:
    put(bucket, "a.jpg", "b.jpg")
    count = iter(range(100))

    def meddle(job: Job) -> None:
        if job.path.endswith("a.jpg"):
            bucket.rm("/b/a.jpg") if gone and bucket.exists("/b/a.jpg") else None
            if not gone:
                put(bucket, "a.jpg", data=b"photo %d" % next(count))

    rows = {Path(row["photo"]["path"]).name: row for row in batch(tmp_path, Here(meddle))}
    assert {*rows} == {"a.jpg", "b.jpg"}
    assert rows["a.jpg"]["error"]["code"] == "not_readable"
    assert rows["a.jpg"]["verdict"] == "incomplete"


def test_workers_read_by_themselves_and_the_driver_reads_nothing(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = tmp_path / "store"
    where.mkdir()
    for name in ("holiday.jpg", "landscape.jpg"):
        (where / name).write_bytes((demo / name).read_bytes())
    # In this process nothing can be read any more; the workers are others.
    monkeypatch.setattr(store, "read", None)
    executor = LocalExecutor(functools.partial(tasks.set_up, Setup.of(OPTIONS, POLICY).text), 1)
    rows = batch(tmp_path, executor, f"file://{where}")
    assert [row["verdict"] for row in rows] == ["review", "allow"]


def test_an_object_whose_process_dies_is_set_aside(bucket: Any, tmp_path: Path) -> None:
    put(bucket, "a.jpg")

    class Dies(Here):
        def run(self, jobs: Any, again: Again) -> Iterator[Outcome]:
            for job in jobs:
                error = WorkerLostError("problem.worker.died", death="SIGKILL")
                while again(job, error):
                    pass
                yield Outcome(job, error=error)

    (row,) = batch(tmp_path, Dies())
    assert row["error"]["code"] == "worker_lost"


def test_a_hundred_thousand_objects_need_no_memory_once_they_are_passed() -> None:
    class Endless:
        """A store with a hundred prefixes of a thousand objects each."""

        protocol = "endless"

        def info(self, _: str) -> dict[str, str]:
            return {"type": "directory"}

        def walk(self, root: str, detail: bool) -> Iterator[Any]:
            for folder in range(100):
                names = (f"{number:04}.jpg" for number in range(1000))
                rows = {name: {"name": f"{root}/{folder}/{name}", "size": 1, "ETag": name} for name in names}
                yield f"{root}/{folder}", {}, rows

        def unstrip_protocol(self, name: str) -> str:
            return f"s3://{name}"

    photos = StoreSource("memory://b")
    photos._files = Endless()
    tracemalloc.start()
    count = sum(1 for _ in photos)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 2_000_000


def test_the_command_takes_the_address_of_a_store(demo: Path, tmp_path: Path, process: Run) -> None:
    where = tmp_path / "store"
    where.mkdir()
    for name in ("holiday.jpg", "landscape.jpg"):
        (where / name).write_bytes((demo / name).read_bytes())
    (where / "notes.txt").write_text("words")
    out = tmp_path / "out"
    for inspected in (2, 0):
        done = process("batch", f"file://{where}", "--out", out, "--only", "metadata", "--workers", "1")
        assert done.returncode == 0, done.stderr
        assert f"{inspected} inspected in this run" in done.stderr
    rows = [json.loads(line) for line in (out / "reports.jsonl").read_text().splitlines()]
    assert [row["photo"]["path"] for row in rows] == [
        f"file://{where}/{name}" for name in ("holiday.jpg", "landscape.jpg")
    ]
    assert json.loads((out / "summary.json").read_text())["passed_over"]["count"] == 1


def test_a_page_of_the_web_is_still_refused(tmp_path: Path, process: Run) -> None:
    done = process("batch", "https://example.org/photos", "--out", tmp_path)
    assert done.returncode == 2
    assert "works offline" in done.stderr


def answers(folder: Path) -> int:
    with LocalLedger(folder / "ledger.sqlite", "e") as ledger:
        return ledger.count()


def test_the_same_bytes_under_another_name_or_version_have_one_answer(bucket: Any, tmp_path: Path) -> None:
    put(bucket, "a.jpg", "b.jpg", "c/a.jpg", "2024-05-01.jpg")
    put(bucket, "other.jpg", data=b"another")
    assert len(batch(tmp_path, Here())) == 5
    assert answers(tmp_path) == 3, "a name that tells something makes another photo of it"
    put(bucket, "a.jpg", data=b"another")
    put(bucket, "d.jpg")
    executor = Here()
    rows = {Path(row["photo"]["path"]).name: row for row in batch(tmp_path, executor)}
    assert [Path(job.path).name for job in executor.jobs] == ["a.jpg", "d.jpg"]
    assert answers(tmp_path) == 3
    assert all(row["photo"]["path"].endswith(name) for name, row in rows.items())
    assert batch(tmp_path, nothing := Here())
    assert nothing.jobs == []


def test_an_object_has_the_key_of_the_file_that_it_was(bucket: Any, tmp_path: Path) -> None:
    for name in ("a.jpg", "2024-05-01.jpg"):
        (tmp_path / name).write_bytes(b"photo")
        put(bucket, name)
        local = File(str(tmp_path / name))
        assert Here().look(Job("unread x", f"memory:///b/{name}", the_version(name))).content == local.content()


def the_version(name: str) -> str:
    (item,) = StoreSource(f"memory://b/{name}")
    return item.version


def test_an_answer_and_its_path_are_kept_together_whatever_is_killed(bucket: Any, tmp_path: Path) -> None:
    put(bucket, "a.jpg", "b.jpg", "c.jpg", data=b"photo")
    put(bucket, "z.jpg", data=b"last")
    ledger = LocalLedger(tmp_path / "ledger.sqlite", "e")
    work = Batch(StoreSource("memory://b"), Here(), ledger, Scanner(OPTIONS, POLICY).unseen)
    steps = work.run()
    next(steps)
    ledger._base.close()  # what a kill does: nothing more is committed
    executor = Here()
    batch(tmp_path, executor)
    assert "a.jpg" not in [Path(job.path).name for job in executor.jobs]


def test_what_was_set_aside_tells_its_content_when_it_is_tried_again(bucket: Any, tmp_path: Path) -> None:
    put(bucket, "a.jpg")

    class Dies(Here):
        def run(self, jobs: Any, again: Again) -> Iterator[Outcome]:
            for job in jobs:
                yield Outcome(job, error=WorkerLostError("problem.worker.died", death="SIGKILL"))

    batch(tmp_path, Dies())
    with LocalLedger(tmp_path / "ledger.sqlite", "e") as ledger:
        assert ledger.forget_partial() == 1
    executor = Here()
    batch(tmp_path, executor)
    assert [job.unread for job in executor.jobs] == [True]
    with LocalLedger(tmp_path / "ledger.sqlite", "e") as ledger:
        key = ledger.known("memory:///b/a.jpg", the_version("a.jpg"))
    assert key == content_of(b"photo", "a.jpg")


def test_files_may_be_left_to_the_workers_as_well(tmp_path: Path, demo: Path) -> None:
    where = tmp_path / "photos"
    where.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (where / name).write_bytes((demo / "holiday.jpg").read_bytes())
    found = []
    for unread in (True, False):
        executor = Here()
        with LocalLedger(tmp_path / f"{unread}.sqlite", "e") as ledger:
            work = Batch(FileSource(str(where), unread=unread), executor, ledger, Scanner(OPTIONS, POLICY).unseen)
            for _ in work.run():
                pass
            assert ledger.count() == 1
            found.append([(row["photo"], row["findings"]) for row in work.reports()])
            assert len(executor.jobs) == (2 if unread else 1)
            assert [ledger.known(item.path, item.stamp()) for item in FileSource(str(where))] == [
                item.key("") for item in FileSource(str(where))
            ]
    assert found[0] == found[1]


def test_items_of_stores_are_items() -> None:
    item: Item = Stored("s3://b/a.jpg", "1")
    assert (item.path, item.stamp()) == ("s3://b/a.jpg", "1")
    assert os.fsencode(item.path)
