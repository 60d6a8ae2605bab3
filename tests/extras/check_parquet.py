"""The table of `photoscan batch --parquet`: run by `make test-extras` only, which installs pyarrow (large)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photoscan.batch import sink
from photoscan.batch.table import shown
from tests.batch.test_sink import PATHS, reports


def test_parquet_has_a_row_for_each_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    monkeypatch.setattr(sink, "_GROUP", 2)
    sink.write_parquet(tmp_path / "reports.parquet", reports())
    rows = parquet.read_table(tmp_path / "reports.parquet").to_pylist()
    assert [row["path"] for row in rows] == [shown(path) for path in PATHS]
    assert [row["verdict"] for row in rows] == ["incomplete"] * 5
    assert json.loads(rows[0]["report"]) == reports()[0]
