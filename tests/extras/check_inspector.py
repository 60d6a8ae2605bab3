"""The class for Ray Data, without Ray: run by `make test-extras` only, which installs pyarrow and pandas (large)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pytest

from photoscan.batch import Setup
from photoscan.batch.ray import Inspector, data
from photoscan.batch.source import File
from photoscan.batch.store import Stored
from photoscan.errors import UsageError
from photoscan.options import ScanOptions
from photoscan.risk.policy import Policy
from tests.batch.stub import photos
from tests.extras import poison

TEXT = Setup.of(ScanOptions(only=("metadata",)), Policy.load("default")).text
FORMS: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "numpy": lambda rows: {name: np.array(values, dtype=object) for name, values in rows.items()},
    "pandas": pd.DataFrame,
    "pyarrow": pyarrow.table,
}


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inspector:
    monkeypatch.setattr(data, "set_up", partial(poison.set_up, log=tmp_path / "log"))
    return Inspector(TEXT, timeout=3.0)


def test_poison_is_a_row_and_the_others_are_inspected(poisoned: Inspector, tmp_path: Path) -> None:
    paths = photos(tmp_path / "photos", [b"GIF89a", b"die", b"hang", b"GIF89a2"])
    rows = poisoned({"path": np.array(paths)}).to_pylist()
    assert [row["path"] for row in rows] == paths
    assert [row["error"] for row in rows][1:3] == ["worker_lost", "timeout"]
    assert [row["key"] is None for row in rows] == [False, True, True, False]
    # Two chances each.
    assert (tmp_path / "log").read_text().count(paths[1]) == 2


@pytest.mark.parametrize("form", FORMS)
def test_a_batch_may_have_any_form_and_keys_are_those_of_a_ledger(form: str, tmp_path: Path) -> None:
    paths = photos(tmp_path / "photos", [b"GIF89a", b"GIF89a2"])
    inspector = Inspector(TEXT, column="photo")
    table = inspector(FORMS[form]({"photo": [*paths, None], "other": [1, 2, 3]}))
    assert table.column("key").to_pylist() == [*(File(path).content() for path in paths), None]
    assert table.column("error").to_pylist()[2] == "not_readable"
    assert json.loads(table.column("report")[0].as_py())["photo"]["path"] == paths[0]


@pytest.mark.parametrize("form", FORMS)
def test_a_version_is_looked_at_as_it_was_listed(form: str, tmp_path: Path) -> None:
    (path,) = photos(tmp_path / "photos", [b"GIF89a"])
    address = f"file://{path}"
    now = Stored(address, "").renewed().version
    inspector = Inspector(TEXT)
    rows = inspector(FORMS[form]({"path": [address] * 3, "version": [now, "another", None]})).to_pylist()
    assert [row["error"] == "not_readable" for row in rows] == [False, True, False]
    assert rows[0] == rows[2]


def test_a_setup_of_another_photoscan_is_refused() -> None:
    with pytest.raises(UsageError, match=r"0\.0\.1"):
        Inspector(json.dumps(json.loads(TEXT) | {"version": "0.0.1"}))
