"""One file of what all shards wrote: nothing lost, nothing doubled, and never of a part of them unasked."""

from __future__ import annotations

import functools
import json
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest

from photoscan.batch import Batch, FileSource, FolderOutput, Output, Shard, Summary
from photoscan.batch.merging import merge
from photoscan.batch.writing import Writing
from photoscan.errors import NotReadableError, UsageError
from tests.batch.model import ModelOutput
from tests.batch.stub import SerialExecutor, photos, told

CONTENTS = [b"%d" % number for number in range(24)] + [b"broken"]


def inspect(source: Path, out: Path, shard: str, parts: int | None, made: str = "f", stop: int | None = None) -> None:
    """One shard, as `photoscan batch` does it."""
    to = Writing(out, Shard.parse(shard), False, parts)
    with to.ledger(made) as ledger:
        work = Batch(FileSource(str(source), to.part), SerialExecutor(), ledger, told)
        for progress in work.run():
            if progress.answered == stop:
                work.stop()
        to.write(work, ledger, Summary(answered=work.progress.answered, finished=not work.stopping))


def rows(folder: Path, name: str = "reports.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_bytes().split(b"\n") if line]


def paths(folder: Path) -> list[str]:
    return [row["photo"]["path"] for row in rows(folder)]


def summary(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "summary.json").read_text())
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("how", ["whole", "parts", "both"])
def test_all_shards_make_what_one_would_have_made(how: str, tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", CONTENTS)
    inspect(tmp_path / "photos", tmp_path / "one", "1/1", None)
    for number in (1, 2, 3):
        in_parts = how == "parts" or (how == "both" and number == 2)
        inspect(tmp_path / "photos", tmp_path / "out", f"{number}/3", 4 if in_parts else None)
    merged = merge(FolderOutput(tmp_path / "out"), FolderOutput(tmp_path / "to"))
    assert sorted(paths(tmp_path / "to")) == files
    assert (merged.doubled, merged.missing) == (0, [])
    key = lambda row: row["photo"]["path"]  # noqa: E731
    assert sorted(rows(tmp_path / "to"), key=key) == sorted(rows(tmp_path / "one"), key=key)
    one, whole = summary(tmp_path / "one"), summary(tmp_path / "to")
    counts = ("photos", "inspected_in_this_run", "verdicts", "levels", "headlines", "errors", "not_wholly_inspected")
    assert {name: whole[name] for name in counts} == {name: one[name] for name in counts}
    assert (whole["finished"], whole["shards"], whole["fingerprint"]) == (True, 3, "f")


def test_one_shard_in_parts_becomes_one_file_as_often_as_asked(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", CONTENTS)
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 4)
    for _ in range(2):
        merge(FolderOutput(tmp_path / "out"), FolderOutput(tmp_path / "out"))
        assert sorted(paths(tmp_path / "out")) == files
        assert summary(tmp_path / "out")["photos"] == len(files)
    # And the batch goes on as if nothing had been.
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 4)
    assert summary(tmp_path / "out")["inspected_in_this_run"] == 0


def test_shards_that_are_missing_or_not_finished_are_named(tmp_path: Path) -> None:
    photos(tmp_path / "photos", CONTENTS)
    inspect(tmp_path / "photos", tmp_path / "out", "1/4", 4)
    inspect(tmp_path / "photos", tmp_path / "out", "2/4", 1, stop=2)
    inspect(tmp_path / "photos", tmp_path / "out", "3/4", None, stop=1)
    out = FolderOutput(tmp_path / "out")
    with pytest.raises(UsageError, match=r"missing or not finished: 2/4, 3/4, 4/4\. .*--partial"):
        merge(out, out)
    assert not (tmp_path / "out" / "reports.jsonl").exists()
    merged = merge(out, out, partial=True)
    assert merged.missing == ["2/4", "3/4", "4/4"]
    assert not summary(tmp_path / "out")["finished"]
    written = [file for file in (tmp_path / "out" / "reports").iterdir() if "-of-4-" in file.name]
    assert len(rows(tmp_path / "out")) == sum(file.read_bytes().count(b"\n") for file in written) > 0


def test_shards_made_otherwise_and_other_divisions_are_refused(tmp_path: Path) -> None:
    photos(tmp_path / "photos", CONTENTS)
    out = FolderOutput(tmp_path / "out")
    inspect(tmp_path / "photos", out.folder, "1/2", 4)
    inspect(tmp_path / "photos", out.folder, "2/2", None, made="another")
    for partial in (False, True):
        with pytest.raises(UsageError, match=r"different options.*\(1/2, 2/2 differ\)"):
            merge(out, out, partial=partial)
    inspect(tmp_path / "photos", out.folder, "2/3", None)
    with pytest.raises(UsageError, match="different divisions lie here \\(of 2, 3\\)"):
        merge(out, out)


@pytest.mark.parametrize("there", [[], ["notes.txt"], ["summary.json"]])
def test_where_no_batch_wrote_is_told_and_nothing_is_made(there: list[str], tmp_path: Path) -> None:
    for name in there:
        (tmp_path / name).write_text("{}")
    with pytest.raises(UsageError, match="no batch has written here"):
        merge(FolderOutput(tmp_path / "none" if not there else tmp_path), FolderOutput(tmp_path / "to"))
    assert [file.name for file in tmp_path.iterdir()] == there


@pytest.mark.parametrize("damage", ["changed", "gone", "cut index"])
def test_a_part_that_is_not_what_was_written_is_named(damage: str, tmp_path: Path) -> None:
    photos(tmp_path / "photos", CONTENTS)
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 4)
    part = tmp_path / "out" / "reports" / "part-1-of-1-000002.jsonl"
    index = tmp_path / "out" / "index" / "1-of-1" / "part-1-of-1-000002.json"
    if damage == "changed":
        part.write_bytes(part.read_bytes().replace(b"allow", b"block"))
    elif damage == "gone":
        part.unlink()
    else:
        index.write_bytes(index.read_bytes()[:200])
    out = FolderOutput(tmp_path / "out")
    with pytest.raises(NotReadableError, match=r"000002.json: its part is not what was written.* run its shard again"):
        merge(out, out)
    # What is said helps.
    index.unlink()
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 4)
    merge(out, out)
    assert len(paths(tmp_path / "out")) == len(CONTENTS)


def test_of_two_rows_of_a_path_the_one_written_last_stays(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"1", b"2", b"3"])
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 2)
    Path(files[0]).write_bytes(b"longer")
    # A driver that was killed between writing the later part and taking the row out of the earlier one.
    earlier = {
        file: file.read_bytes()
        for file in (tmp_path / "out").rglob("part-1-of-1-000001.*")
    }  # fmt: skip
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 2)
    for file, data in earlier.items():
        file.write_bytes(data)
    out = FolderOutput(tmp_path / "out")
    assert merge(out, out).doubled == 1
    assert sorted(paths(out.folder)) == files
    assert {row["photo"]["path"]: row["photo"]["bytes"] for row in rows(out.folder)}[files[0]] == 6


def test_a_path_in_two_whole_files_has_one_row(tmp_path: Path) -> None:
    (file,) = photos(tmp_path / "photos", [b"1"])
    for number in (1, 2):
        (tmp_path / "list").write_text(f"{file}\n")
        inspect(tmp_path / "photos", tmp_path / "out", f"{number}/2", None)
    line = (json.dumps(json.loads(SerialExecutor.report(file))) + "\n").encode()
    for number in (1, 2):
        (tmp_path / "out" / f"reports-{number}-of-2.jsonl").write_bytes(line)
    out = FolderOutput(tmp_path / "out")
    assert merge(out, out).doubled == 1
    assert paths(out.folder) == [file]


def test_lines_that_a_whole_file_has_twice_are_one_row(tmp_path: Path) -> None:
    files = photos(tmp_path / "photos", [b"1", b"2"])
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", None)
    file = tmp_path / "out" / "reports.jsonl"
    file.write_bytes(2 * file.read_bytes())
    out = FolderOutput(tmp_path / "out")
    assert merge(out, out).doubled == 2
    assert sorted(paths(out.folder)) == files
    assert summary(out.folder)["photos"] == 2


@pytest.mark.parametrize("copy", ["1-of-2/part-1-of-2-000009.json", "2-of-2/part-2-of-2-000001.json", "1-of-2/b.json"])
def test_a_part_that_is_there_twice_is_named_and_no_row_is_doubled(copy: str, tmp_path: Path) -> None:
    photos(tmp_path / "photos", CONTENTS)
    for shard in ("1/2", "2/2"):
        inspect(tmp_path / "photos", tmp_path / "out", shard, 4)
    shutil.copy(tmp_path / "out" / "index" / "1-of-2" / "part-1-of-2-000001.json", tmp_path / "out" / "index" / copy)
    out = FolderOutput(tmp_path / "out")
    with pytest.raises(NotReadableError, match=rf"{copy}: its part is not what was written"):
        merge(out, out)
    (tmp_path / "out" / "index" / copy).unlink()
    inspect(tmp_path / "photos", tmp_path / "out", "2/2", 4)
    merge(out, out)
    assert len(set(paths(out.folder))) == len(paths(out.folder)) == len(CONTENTS)


def test_names_that_differ_in_bytes_that_are_no_text_are_different_paths(tmp_path: Path) -> None:
    names = [b"a\xe9.jpg", b"a\xe8.jpg", b"a?.jpg", "a\N{REPLACEMENT CHARACTER}.jpg".encode()]
    (tmp_path / "photos").mkdir()
    for name in names:
        Path(str(tmp_path / "photos"), os.fsdecode(name)).write_bytes(name)
    for how in (None, 2):
        inspect(tmp_path / "photos", tmp_path / f"out {how}", "1/1", how)
        out = FolderOutput(tmp_path / f"out {how}")
        assert merge(out, out).doubled == 0
        assert sorted(paths(out.folder)) == sorted(str(file) for file in (tmp_path / "photos").iterdir())


def test_memory_does_not_grow_with_the_parts(tmp_path: Path) -> None:
    """Each index is read twice and each part once, one after the other."""
    photos(tmp_path / "photos", CONTENTS)
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 1)
    held: list[int] = []

    class Counting(FolderOutput):
        def get(self, names: Any) -> Any:
            for one in super().get(names):
                held.append(1)
                yield one

    to: Output = ModelOutput()
    merge(Counting(tmp_path / "out"), to)
    assert len(held) == 1 + 3 * len(CONTENTS)  # the summary; each index twice, each part once


def test_a_temporary_folder_without_room_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos(tmp_path / "photos", [b"1", b"2"])
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 2)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))

    class Full(sqlite3.Connection):
        def executemany(self, *_: object) -> Any:
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, factory=Full))
    out = FolderOutput(tmp_path / "out")
    with pytest.raises(NotReadableError, match=r"temporary: .*database or disk is full"):
        merge(out, out)
    assert not (tmp_path / "out" / "reports.jsonl").exists()


def test_hostile_names_survive(tmp_path: Path) -> None:
    names = [b"caf\xe9.jpg", b"new\nline.jpg", "été 写真.jpg".encode()]
    (tmp_path / "photos").mkdir()
    for name in names:
        Path(str(tmp_path / "photos"), name.decode("utf-8", "surrogateescape")).write_bytes(name)
    inspect(tmp_path / "photos", tmp_path / "out", "1/1", 2)
    out = FolderOutput(tmp_path / "out")
    merge(out, out)
    expected = sorted(str(file) for file in (tmp_path / "photos").iterdir())
    assert sorted(paths(out.folder)) == expected
