"""`photoscan batch` in parts, in an object store, and `photoscan batch merge`, as a user meets them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fsspec.implementations.memory import MemoryFileSystem

from photoscan.batch import Part
from photoscan.cli.root import root
from photoscan.errors import NotReadableError, UsageError
from tests.cleaning.samples import coded, exif, small
from tests.conftest import Run

COUNT = 12


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo = coded("JPEG", small(), exif=exif())
    for number in range(COUNT):
        (folder / f"{number:04}.jpg").write_bytes(photo + bytes([number]))
    return folder


@pytest.fixture(autouse=True)
def _no_store() -> Iterator[None]:
    MemoryFileSystem.store.clear()
    yield
    MemoryFileSystem.store.clear()


def batch(*arguments: object) -> Result:
    return CliRunner().invoke(root, ["batch", *map(str, arguments)])


def inspect(*arguments: object) -> Result:
    return batch(*arguments, "--only", "metadata", "--workers", 1)


def in_store(start: str) -> dict[str, bytes]:
    found = {name: file.getvalue() for name, file in MemoryFileSystem.store.items()}
    return {name: data for name, data in sorted(found.items()) if name.startswith(start)}


def rows(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.split(b"\n") if line]


def paths(*parts: bytes) -> list[str]:
    return sorted(row["photo"]["path"] for part in parts for row in rows(part))


def test_a_store_gets_what_a_folder_gets(photos: Path, tmp_path: Path) -> None:
    assert inspect(photos, "--out", tmp_path / "out").exit_code == 0
    done = inspect(photos, "--out", "memory://bucket/out/", "--parts", 5)
    assert done.exit_code == 0, done.output
    assert "memory://bucket/out/reports/, memory://bucket/out/summary.json" in done.output
    parts = in_store("/bucket/out/reports/")
    assert [*parts] == [f"/bucket/out/reports/part-1-of-1-00000{number}.jsonl" for number in (1, 2, 3)]
    whole = rows((tmp_path / "out" / "reports.jsonl").read_bytes())
    strip = lambda row: row | {"detectors": [one | {"seconds": 0} for one in row["detectors"]]}  # noqa: E731
    found = sorted((row for part in parts.values() for row in rows(part)), key=lambda row: row["photo"]["path"])
    assert [*map(strip, found)] == [*map(strip, whole)]
    summaries = [json.loads((tmp_path / "out" / "summary.json").read_text())]
    summaries += [json.loads(in_store("/bucket/out/summary.json")["/bucket/out/summary.json"])]
    for one in summaries:
        one["seconds"] = one["parts"] = None
    assert summaries[0] == summaries[1]
    assert [file for file in Path().iterdir() if file.name.startswith("memory")] == []


def test_the_same_command_goes_on_and_a_finished_one_does_nothing(photos: Path) -> None:
    out = "memory://bucket/out"
    (photos / "0000.jpg").rename(photos.parent / "kept.jpg")
    assert f"{COUNT - 1} inspected" in inspect(photos, "--out", out).output
    (photos.parent / "kept.jpg").rename(photos / "0000.jpg")
    assert f"{COUNT} photos, 1 inspected" in inspect(photos, "--out", out).output
    before = in_store("/bucket/out/reports")
    assert f"{COUNT} photos, 0 inspected" in inspect(photos, "--out", out).output
    assert in_store("/bucket/out/reports") == before
    assert paths(*before.values()) == [str(file) for file in sorted(photos.iterdir())]
    refused = inspect(photos, "--out", out, "--skip", "metadata.gps")
    assert isinstance(refused.exception, UsageError)
    assert "use another place" in str(refused.exception)


@pytest.mark.parametrize("where", ["memory://bucket/out", "folder"])
def test_shards_are_merged(where: str, photos: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out") if where == "folder" else where
    for number in (1, 2):
        early = batch("merge", out)
        assert isinstance(early.exception, UsageError)
        assert inspect(photos, "--out", out, "--shard", f"{number}/2", "--parts", 2).exit_code == 0
    merged = batch("merge", out, "--to", tmp_path / "all")
    assert merged.exit_code == 0, merged.output
    assert f"{COUNT} photos; written:" in merged.output
    assert paths((tmp_path / "all" / "reports.jsonl").read_bytes()) == [str(file) for file in sorted(photos.iterdir())]
    assert json.loads((tmp_path / "all" / "summary.json").read_text())["photos"] == COUNT
    assert CliRunner().invoke(root, ["batch-merge", out]).exit_code == 0


def test_missing_shards_are_named_unless_a_part_will_do(photos: Path, tmp_path: Path) -> None:
    inspect(photos, "--out", tmp_path, "--shard", "1/2", "--parts", 2)
    refused = batch("merge", tmp_path)
    assert "missing or not finished: 2/2" in str(refused.exception)
    partial = batch("merge", tmp_path, "--partial")
    assert partial.exit_code == 0
    assert "these shards are missing or not finished: 2/2" in partial.output


def test_a_source_called_merge_can_still_be_named(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.move(photos, tmp_path / "merge")
    assert f"{COUNT} photos" in inspect("./merge", "--out", "out").output


class Kept:
    """What an installed package would bring along."""

    held: dict[str, list[str]] = {}  # noqa: RUF012
    closed = 0

    def __init__(self, address: str) -> None:
        if address == "broken":
            raise ConnectionError("hunter2")

    def write(self, part: Part, reports: Any) -> None:
        self.held[part.name] = [report["photo"]["path"] for report in reports]

    def close(self) -> None:
        Kept.closed += 1


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("kept", f"{__name__}:Kept", "photoscan.sinks")
    monkeypatch.setattr(EntryPoint, "load", lambda self: Kept)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: EntryPoints([point]))
    Kept.held, Kept.closed = {}, 0


@pytest.mark.usefixtures("_installed")
def test_a_sink_of_another_package_gets_each_part(photos: Path, tmp_path: Path) -> None:
    assert inspect(photos, "--out", tmp_path / "out", "--sink", "kept=anywhere").exit_code == 0
    assert sorted(path for part in Kept.held.values() for path in part) == [
        str(file) for file in sorted(photos.iterdir())
    ]
    assert (tmp_path / "out" / "reports" / "part-1-of-1-000001.jsonl").exists()
    assert Kept.closed == 1


WORDS = [
    ("kept", UsageError, "use NAME=ADDRESS"),
    ("=x", UsageError, "use NAME=ADDRESS"),
    ("none=x", UsageError, "no installed package has this sink (there are: kept)"),
    ("kept=broken", NotReadableError, "--sink kept: it did not take what it was given: ConnectionError"),
]


@pytest.mark.usefixtures("_installed")
@pytest.mark.parametrize(("word", "kind", "said"), WORDS)
def test_a_sink_that_cannot_be_is_told(
    word: str, kind: type[Exception], said: str, photos: Path, tmp_path: Path
) -> None:
    done = inspect(photos, "--out", tmp_path / "out", "--sink", word)
    assert isinstance(done.exception, kind)
    assert said in str(done.exception)
    assert "hunter2" not in str(done.exception)


def test_a_store_that_takes_nothing_is_exit_two_and_going_on_works(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = MemoryFileSystem.pipe_file

    def refuse(self: Any, path: str, *rest: Any, **more: Any) -> Any:
        if "000002" in path:
            raise PermissionError("AKIAHUNTER2")
        return put(self, path, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryFileSystem, "pipe_file", refuse)
        done = inspect(photos, "--out", "memory://bucket/out", "--parts", 5)
    assert isinstance(done.exception, NotReadableError)
    assert done.exception.exit_code == 2
    assert "part-1-of-1-000002.jsonl: can't be written: Permission denied. What is written stays" in str(done.exception)
    assert "HUNTER2" not in str(done.exception)
    assert (
        f"{COUNT} photos, {COUNT - 5} inspected" in inspect(photos, "--out", "memory://bucket/out", "--parts", 5).output
    )


def test_a_full_disk_is_exit_two_in_one_line(photos: Path, tmp_path: Path, process: Run) -> None:
    """A file stands where the folder of the parts would be: as real as a disk that is full, and as final."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "reports").write_text("")
    done = process("batch", photos, "--out", tmp_path / "out", "--parts", "5", "--only", "metadata", "--workers", "1")
    assert done.returncode == 2
    assert "run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    (tmp_path / "out" / "reports").unlink()
    again = process("batch", photos, "--out", tmp_path / "out", "--parts", "5", "--only", "metadata", "--workers", "1")
    assert again.returncode == 0
    # Nothing that was answered is inspected again: it waited in the folder.
    assert f"{COUNT} photos, {COUNT} inspected" not in again.stderr
