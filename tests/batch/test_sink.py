"""Reports are written whole or not at all, as valid text whatever the files are called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photoscan.batch import sink
from photoscan.errors import NotInstalledError, NotReadableError
from photoscan.report import PhotoInfo, Report

PATHS = ["a.jpg", "été 写真.jpg", "caf\udce9.jpg", 'quote".jpg', "new\nline.jpg"]


def reports() -> list[dict[str, Any]]:
    return [Report(PhotoInfo(path), "1").to_dict() for path in PATHS]


def test_one_line_each_in_utf8(tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    sink.write_jsonl(file, reports())
    rows = [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]
    assert [row["photo"]["path"] for row in rows] == PATHS


def test_on_failure_the_old_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    sink.write_jsonl(file, reports())
    before = file.read_bytes()

    def broken() -> Iterator[dict[str, Any]]:
        yield reports()[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        sink.write_jsonl(file, broken())
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match="can't be written"):
        sink.write_jsonl(tmp_path / "gone" / "reports.jsonl", reports())


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotInstalledError, match="pip install pyarrow"):
        sink.write_parquet(tmp_path / "reports.parquet", reports())
