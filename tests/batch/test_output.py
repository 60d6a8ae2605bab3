"""Folders and stores hold what is written whole, and say what kept them from it without any key."""

from __future__ import annotations

import errno
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from photoscan.batch import FolderOutput, Output, StoreOutput
from photoscan.batch.output import output_of
from photoscan.errors import NotReadableError


@pytest.fixture(params=["folder", "store"])
def output(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Output]:
    MemoryFileSystem.store.clear()
    yield FolderOutput(tmp_path / "out") if request.param == "folder" else StoreOutput("memory://bucket/out/")
    MemoryFileSystem.store.clear()


def got(output: Output, *names: str) -> list[bytes | None]:
    return [data for _, data in output.get(names)]


def test_what_is_put_is_there_and_replaced_by_the_next(output: Output) -> None:
    assert output.names("") == output.names("reports") == []
    assert output.size("reports/a.jsonl") is None
    for data in (b"first, longer", b"", b"second"):
        output.put("reports/a.jsonl", data)
        assert got(output, "reports/a.jsonl") == [data]
        assert output.size("reports/a.jsonl") == len(data)
    output.put("summary.json", b"{}")
    assert output.names("reports") == ["a.jsonl"]
    assert output.names("") == ["reports", "summary.json"]
    assert output.address("x").endswith("out/x")


def test_many_are_had_in_the_order_asked_for(output: Output) -> None:
    names = [f"index/{number:03}" for number in range(150)]
    for name in names:
        output.put(name, name.encode())
    asked = [*reversed(names), "index/none"]
    assert list(output.get(asked)) == [(name, None if name.endswith("none") else name.encode()) for name in asked]
    assert output.names("index") == sorted(name.partition("/")[2] for name in names)


def test_a_stream_is_there_once_it_is_whole(output: Output) -> None:
    output.put("reports.jsonl", b"old")

    def begun() -> None:
        with output.stream("reports.jsonl") as stream:
            stream.write(b"new, of which")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begun()
    assert got(output, "reports.jsonl") == [b"old"]
    with output.stream("reports.jsonl") as stream:
        stream.write(b"new\nwhole\n")
    with output.lines("reports.jsonl") as lines:
        assert list(lines) == [b"new\n", b"whole\n"]


REFUSALS = [
    (PermissionError("secret key hunter2 is wrong"), "can't be written: Permission denied."),
    (FileNotFoundError("The specified bucket hunter2"), "can't be written: FileNotFoundError."),
    (OSError(errno.ENOSPC, "hunter2"), "can't be written: No space left on device."),
    (OSError(5, "hunter2"), "can't be written: OSError."),
    (ConnectionError("could not reach https://key:hunter2@host"), "can't be written: ConnectionError."),
    (ValueError("hunter2"), "can't be written: ValueError."),
]


@pytest.mark.parametrize(("error", "said"), REFUSALS, ids=lambda value: type(value).__name__)
def test_what_a_store_refuses_is_told_with_what_to_do_and_without_its_words(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = StoreOutput("memory://bucket/out")

    def refuse(*_: object, **__: object) -> Any:
        raise error

    for name in ("pipe_file", "cat", "ls", "info", "open", "put_file"):
        monkeypatch.setattr(MemoryFileSystem, name, refuse)
    with pytest.raises(NotReadableError) as failed:
        output.put("a", b"")
    assert said in str(failed.value)
    assert "run the same command again" in str(failed.value)
    assert failed.value.__cause__ is None
    said_by = [str(failed.value)]
    if not isinstance(error, FileNotFoundError):
        for look in (lambda: list(output.get(["a"])), lambda: output.names("a"), lambda: output.size("a")):
            with pytest.raises(NotReadableError, match="can't be read") as failed:
                look()
            said_by.append(str(failed.value))
    assert not [line for line in said_by if "hunter2" in line]


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for work in (
        lambda: FolderOutput(tmp_path / "file").make(),
        lambda: FolderOutput(tmp_path / "file").put("a/b", b""),
    ):
        with pytest.raises(NotReadableError, match="can't be written"):
            work()
    assert (tmp_path / "file").read_bytes() == b""


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = FolderOutput(tmp_path)
    output.put("a", b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotReadableError, match="No space left on device"):
        output.put("a", b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_read_only_disk_is_told_and_not_that_nothing_could_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "read-only", str(self))

    output = FolderOutput(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(NotReadableError, match=r"reports.jsonl: can't be written"), output.stream("reports.jsonl"):
        pass


@pytest.mark.parametrize("at", ["open", "write"])
def test_a_temporary_folder_without_room_is_named(at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        name = "full"

        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "canary")

    def temporary(**_: object) -> Any:
        if at == "open":
            raise OSError(errno.ENOSPC, "canary")
        return Full()

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", temporary)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    output = StoreOutput("memory://bucket/out/")
    with pytest.raises(NotReadableError, match="can't be written") as caught, output.stream("reports.jsonl") as stream:
        stream.write(b"row")
    assert str(caught.value).startswith(f"{tmp_path}: ")
    assert "canary" not in str(caught.value)
    assert output.size("reports.jsonl") is None


def test_an_address_of_files_is_a_folder(tmp_path: Path) -> None:
    output = output_of(f"file://{tmp_path}/out")
    assert isinstance(output, FolderOutput)
    output.put("a", b"x")
    assert (tmp_path / "out" / "a").read_bytes() == b"x"
    assert isinstance(output_of("memory://bucket"), StoreOutput)
    assert isinstance(output_of(str(tmp_path)), FolderOutput)
    assert fsspec.filesystem("memory").protocol == "memory"
