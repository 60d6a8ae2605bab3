"""Listing costs no memory that grows, lists may name objects, and standard input can be read again."""

from __future__ import annotations

import asyncio
import io
import itertools
import os
import sys
import threading
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from benchmarks.batch_listing import AtOnce, Pages, draw, drive
from photoscan.batch import Batch, FileSource, LocalLedger, Shard, StoreSource, dialects
from photoscan.batch.executor import ChangedError
from photoscan.batch.lists import Kept, entries
from photoscan.errors import NotReadableError
from photoscan.folder import photos_in, unsorted_photos_in
from photoscan.ignoring import Ignored, Patterns
from tests.batch.stub import told


@pytest.fixture
def pages() -> Iterator[type[Pages]]:
    """S3 as a stand-in gives it."""
    old = dict(fsspec.registry)
    fsspec.register_implementation("s3", Pages, clobber=True)
    yield Pages
    Pages.items = 1_000_000
    fsspec.register_implementation("s3", old.get("s3", "s3fs.S3FileSystem"), clobber=True)


def peak(where: str, out: Path) -> int:
    """Bytes of Python's that one run needs at most."""
    tracemalloc.start()
    drive(where, out)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("kind", ["list", "store", "addresses"])
def test_memory_does_not_grow_with_the_number_of_items(kind: str, pages: type[Pages], tmp_path: Path) -> None:
    most = {}
    # The first one pays for what is loaded once, the second has two pages.
    for run, items in enumerate((100, 2500, 5000)):
        pages.items = items
        folder = tmp_path / str(run)
        folder.mkdir()
        most[items] = peak(draw(folder, kind, items), folder / "ledger")
    # What is held of 2,500 items would be more than 500 KB.
    assert most[5000] < most[2500] + 250_000


def test_a_store_is_listed_once_and_its_number_told_by_nobody(pages: type[Pages], tmp_path: Path) -> None:
    asked: list[str] = []
    pages.items = 2500
    plain = pages.call_s3

    def call(self: Any, method: str, **how: Any) -> Any:
        asked.append(how.get("ContinuationToken", "0"))
        return plain(self, method, **how)

    patch = pytest.MonkeyPatch()
    patch.setattr(pages, "call_s3", call)
    source, executor = StoreSource("s3://bucket/photos"), AtOnce()
    with LocalLedger(tmp_path / "ledger", "e") as ledger:
        work = Batch(source, executor, ledger, told)
        for _ in work.run():
            pass
    patch.undo()
    assert executor.jobs == 2500
    assert asked == ["0", "1000", "2000"]
    assert source.count() is None


def test_only_so_many_pages_are_read_as_are_needed(pages: type[Pages]) -> None:
    items = iter(StoreSource("s3://bucket/photos"))
    assert next(items).path == "s3://bucket/photos/000000000.jpg"


@pytest.fixture
def memory() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]
    yield files
    MemoryFileSystem.store.clear()


def test_a_list_may_name_objects_among_files(memory: Any, tmp_path: Path) -> None:
    memory.pipe_file("/b/1.jpg", b"one")
    memory.pipe_file("/b/folder/2.jpg", b"two")
    names = ["memory://b/1.jpg", "here.jpg", "memory://b/gone.jpg", "memory://b/folder", "https://example.org/a.jpg"]
    (tmp_path / "list").write_text("\n".join([*names, "memory://b/folder/2.jpg"]))
    items = list(FileSource(str(tmp_path / "list")))
    assert [item.path for item in items] == [*names, "memory://b/folder/2.jpg"]
    assert [item.version is None for item in items] == [False, True, True, True, True, False]
    assert items[0].stamp() == items[0].version
    for item, why in zip(items[1:5], ["no such file", "no such file", "folder", "works offline"], strict=True):
        with pytest.raises(NotReadableError, match=why):
            item.stamp()
    parts = [[item.path for item in FileSource(str(tmp_path / "list"), Shard(number, 3))] for number in (1, 2, 3)]
    assert sorted(itertools.chain.from_iterable(parts)) == sorted([*names, "memory://b/folder/2.jpg"])


def test_what_a_list_names_keeps_its_order_though_versions_are_asked_for_together(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(150):
        memory.pipe_file(f"/b/{number}.jpg", b"one")
    names = [f"memory://b/{number}.jpg" if number % 3 else f"{number}.jpg" for number in range(150)]
    (tmp_path / "list").write_text("\n".join(names))
    together, most, lock = set(), 0, threading.Lock()
    plain = MemoryFileSystem.info

    def info(self: Any, path: str, **how: Any) -> Any:
        nonlocal most
        with lock:
            together.add(path)
            most = max(most, len(together))
        threading.Event().wait(0.002 * (len(path) % 3))
        with lock:
            together.discard(path)
        return plain(self, path, **how)

    monkeypatch.setattr(MemoryFileSystem, "info", info)
    assert [item.path for item in FileSource(str(tmp_path / "list"))] == names
    assert 1 < most <= 16


def test_a_list_of_files_is_not_read_ahead(tmp_path: Path) -> None:
    read: list[str] = []

    class Watched(FileSource):
        def _paths(self) -> Iterator[str]:
            for path in super()._paths():
                read.append(path)
                yield path

    (tmp_path / "list").write_text("a.jpg\nb.jpg\nc.jpg\n")
    next(iter(Watched(str(tmp_path / "list"))))
    assert read == ["a.jpg"]


@pytest.mark.parametrize("size", [0, 10, 1 << 17, (1 << 22) + 5])
def test_standard_input_can_be_read_again_by_several_at_a_time(size: int) -> None:
    data = os.urandom(size)
    kept = Kept(io.BytesIO(data))
    first, second = kept.open(), kept.open()
    head = first.read(size // 2)
    assert second.read() == data
    assert head + first.read() == data
    assert kept.open().read() == data


def test_a_long_list_on_standard_input_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"".join(b"folder/%07d.jpg\n" % number for number in range(600_000))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    tracemalloc.start()
    source = FileSource("-")
    assert source.count() == 600_000
    assert next(iter(source)).path == "folder/0000000.jpg"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 6_000_000 < len(text)
    assert list(entries(io.BytesIO(b"a\n"))) == ["a"]


class Google:
    """Stands for gcsfs with one bucket; a generation is what an object is called."""

    protocol = ("gs", "gcs")

    def __init__(self, names: list[str]) -> None:
        self.names, self.asked = sorted(names), []  # type: ignore[var-annotated]
        self.now = "1"

    def call(self, how: str, path: str, *rest: str, json_out: bool = False, **asked: Any) -> Any:
        if not json_out:
            if self.now != path.partition("=")[2]:
                raise FileNotFoundError
            return {"X-Goog-Generation": self.now}, b"one"
        self.asked.append(asked)
        fitting = [name for name in self.names if name.startswith(asked["prefix"])]
        if "delimiter" in asked:
            fitting = [name for name in fitting if "/" not in name[len(asked["prefix"]) :]]
        begin = int(asked.get("pageToken", 0))
        page = {"items": [{"name": name, "size": "3", "generation": "1"} for name in fitting[begin : begin + 2]]}
        return page | ({"nextPageToken": str(begin + 2)} if begin + 2 < len(fitting) else {})

    def info(self, path: str) -> dict[str, Any]:
        if path.endswith("gone"):
            raise FileNotFoundError
        return {}

    def url(self, path: str, generation: str) -> str:
        return f"{path}?generation={generation}"


def test_google_is_listed_by_pages_and_read_by_generation() -> None:
    files = Google(["a/1", "a/2", "a/b/3", "a/c", "d"])
    spoken = dialects.dialect(files)
    assert spoken is not None
    found = list(spoken.objects("bucket/a/", deep=True))
    assert [row["name"] for row in found] == ["bucket/a/1", "bucket/a/2", "bucket/a/b/3", "bucket/a/c"]
    assert found[0] == {"name": "bucket/a/1", "size": 3, "generation": "1"}
    assert [row["name"] for row in spoken.objects("bucket/a/", deep=False)] == [
        "bucket/a/1",
        "bucket/a/2",
        "bucket/a/c",
    ]
    assert [asked.get("pageToken") for asked in files.asked] == [None, "2", None, "2"]
    assert spoken.read("bucket/a/1", 3, "1") == b"one"
    files.now = "2"
    for size, path, error in ((3, "bucket/a/1", ChangedError), (3, "bucket/gone", FileNotFoundError)):
        with pytest.raises(error):
            spoken.read(path, size, "1")
    with pytest.raises(ChangedError):
        spoken.read("bucket/a/1", 4, "2")


async def each(rows: list[Any]) -> AsyncIterator[Any]:
    for row in rows:
        yield row


class Azure:
    """Stands for adlfs, its service and its clients; blobs by name, with their metadata. All have one ETag."""

    protocol = "abfs"

    def __init__(self, blobs: dict[str, dict[str, str] | None], error: Exception | None = None) -> None:
        self.blobs, self.error = blobs, error
        self.etag, self.size = '"a"', 3
        self.asked: list[dict[str, Any]] = []
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.service_client = self

    def get_container_client(self, container: str) -> Azure:
        assert container == "container"
        return self

    def list_blobs(self, **asked: Any) -> Any:
        self.asked.append(asked)
        names = sorted(name for name in self.blobs if name.startswith(asked["name_starts_with"]))
        # A listing gives ETags without quotes.
        rows = [SimpleNamespace(name=name, size=3, etag=self.etag[1:-1], metadata=self.blobs[name]) for name in names]
        return SimpleNamespace(by_page=lambda: each([each(rows[at : at + 2]) for at in range(0, len(rows), 2)]))

    def walk_blobs(self, delimiter: str, **asked: Any) -> Any:
        self.asked.append(asked | {"delimiter": delimiter})
        start = asked["name_starts_with"]
        rows: list[Any] = []
        for name in sorted(name for name in self.blobs if name.startswith(start)):
            inner, slash, _ = name[len(start) :].partition(delimiter)
            if slash:
                rows.append(SimpleNamespace(name=f"{start}{inner}{slash}"))
            else:
                rows.append(SimpleNamespace(name=name, size=3, etag=self.etag, metadata=self.blobs[name]))
        return SimpleNamespace(by_page=lambda: each([each(rows)]))

    def get_blob_client(self, container: str, name: str) -> Any:
        async def bytes_of() -> bytes:
            return b"one"

        async def download_blob(**asked: Any) -> Any:
            self.asked.append({"container": container, "name": name, **asked})
            if self.error is not None:
                raise self.error
            return SimpleNamespace(size=self.size, readall=bytes_of)

        return SimpleNamespace(download_blob=download_blob)


def test_azure_is_listed_by_pages_without_its_folders() -> None:
    files = Azure(
        {"a/1": None, "a/2": {}, "a/b": {"Hdi_isfolder": "true"}, "a/b/3": {"by": "me"}, "a/c": None, "d": None}
    )
    spoken = dialects.dialect(files)
    assert spoken is not None
    found = list(spoken.objects("container/a/", deep=True))
    assert [row["name"] for row in found] == [f"container/a/{name}" for name in ("1", "2", "b/3", "c")]
    assert found[0] == {"name": "container/a/1", "size": 3, "etag": '"a"'}
    flat = list(spoken.objects("container/a/", deep=False))
    assert [row["name"] for row in flat] == ["container/a/1", "container/a/2", "container/a/c"]
    # However a listing gives them, both have the quotes that a condition needs.
    assert {row["etag"] for row in (*found, *flat)} == {'"a"'}
    asked = {"name_starts_with": "a/", "include": ["metadata"], "results_per_page": dialects.PAGE}
    assert files.asked == [asked, asked | {"delimiter": "/"}]
    assert list(spoken.objects("container/none/", deep=True)) == []


class AzureError(Exception):
    """As azure.core's, which the tests don't have."""

    def __init__(self, status_code: int | None) -> None:
        super().__init__("canary")
        self.status_code = status_code


@pytest.mark.parametrize(
    ("size", "error", "wanted"),
    [
        (3, None, None),
        (4, None, ChangedError),
        (3, AzureError(412), ChangedError),
        (3, AzureError(404), FileNotFoundError),
        (3, AzureError(503), AzureError),
        (3, AzureError(None), AzureError),
        (3, OSError("gone"), OSError),
    ],
)
def test_azure_is_read_by_one_request_with_its_version_as_condition(
    size: int, error: Exception | None, wanted: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = ModuleType("azure.core")
    core.MatchConditions = SimpleNamespace(IfNotModified="if-match")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "azure", ModuleType("azure"))
    monkeypatch.setitem(sys.modules, "azure.core", core)
    files = Azure({}, error)
    files.size = size
    spoken = dialects.dialect(files)
    assert spoken is not None
    if wanted is None:
        assert spoken.read("container/a/1.jpg", 3, '"a"') == b"one"
    else:
        with pytest.raises(wanted) as caught:
            spoken.read("container/a/1.jpg", 3, '"a"')
        assert caught.type is wanted
        assert wanted is AzureError or "canary" not in str(caught.value)
    asked = {"container": "container", "name": "a/1.jpg", "etag": '"a"', "match_condition": "if-match"}
    assert files.asked == [asked]


class S3:
    """Stands for s3fs with one object; `etag` and `size` are of its answers, which know no conditions."""

    protocol = ("s3", "s3a")

    def __init__(self, etag: str, size: int, error: Exception | None = None) -> None:
        self.etag, self.size, self.error = etag, size, error
        self.loop = asyncio.new_event_loop()
        self.asked: dict[str, Any] = {}
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def split_path(self, path: str) -> tuple[str, str, None]:
        bucket, _, key = path.partition("/")
        return bucket, key, None

    async def _call_s3(self, method: str, **asked: Any) -> dict[str, Any]:
        self.asked = {"method": method, **asked}
        if self.error is not None:
            raise self.error

        async def body() -> bytes:
            return b"one"

        return {"ETag": self.etag, "ContentLength": self.size, "Body": SimpleNamespace(read=body, close=lambda: None)}


def refused(code: str) -> OSError:
    error = OSError("canary")
    error.__cause__ = Exception()
    error.__cause__.response = {"Error": {"Code": code}}  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("etag", "size", "error", "wanted"),
    [
        ('"a"', 3, None, None),
        ('"b"', 3, None, ChangedError),
        ('"a"', 4, None, ChangedError),
        ('"a"', 3, refused("412"), ChangedError),
        ('"a"', 3, refused("PreconditionFailed"), ChangedError),
        ('"a"', 3, refused("SlowDown"), OSError),
        ('"a"', 3, FileNotFoundError(), FileNotFoundError),
    ],
)
def test_s3_is_read_by_one_request_whose_answer_is_checked(
    etag: str, size: int, error: Exception | None, wanted: type[Exception] | None
) -> None:
    files = S3(etag, size, error)
    spoken = dialects.dialect(files)
    assert spoken is not None
    if wanted is None:
        assert spoken.read("bucket/a/1.jpg", 3, '"a"') == b"one"
        assert files.asked == {"method": "get_object", "Bucket": "bucket", "Key": "a/1.jpg", "IfMatch": '"a"'}
    else:
        with pytest.raises(wanted) as caught:
            spoken.read("bucket/a/1.jpg", 3, '"a"')
        assert caught.type is wanted


def test_other_stores_have_no_way_of_their_own(memory: Any) -> None:
    assert dialects.dialect(memory) is None


def test_patterns_and_what_is_ignored_hold_for_pages_too(pages: type[Pages]) -> None:
    pages.items = 30
    assert len(list(StoreSource("s3://bucket/photos/*1.jpg"))) == 3
    assert len(list(StoreSource("s3://bucket/**/*.png"))) == 0
    source = StoreSource("s3://bucket/photos", ignored=Ignored(Patterns.of(["*5.jpg"])))
    assert len(list(source)) == 27


def test_a_folder_is_counted_as_it_is_listed(tmp_path: Path) -> None:
    for name in ("a.jpg", "b/1.jpg", "b/notes.txt", "b/deep/2.png", "small/3.jpg", ".hidden/4.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"text")
    (tmp_path / "b/looks").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(32))
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "linked.jpg").symlink_to("nowhere")
    (tmp_path / "linked").symlink_to("b", target_is_directory=True)
    ignored = Ignored(Patterns.of(["small/", "deep/2*"]))
    for how in ({}, {"ignored": ignored}, {"shard": Shard(1, 2)}, {"shard": Shard(2, 2)}):
        source = FileSource(str(tmp_path), **how)  # type: ignore[arg-type]
        assert source.count() == len(list(source))
    assert sorted(unsorted_photos_in(tmp_path, ignored)) == sorted(photos_in(tmp_path, ignored))
