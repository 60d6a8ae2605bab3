"""`photoscan batch` as a user meets it: the same reports as `scan`, masked, and exit codes that mean the same."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cleaning.samples import coded, exif, small
from tests.conftest import Run
from tests.test_entry_points import gist
from tests.test_offline import CANARIES

SOME = ("holiday.jpg", "screenshot_qr.png", "whiteboard.jpg", "landscape.jpg")


@pytest.fixture(scope="module")
def some(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("some")
    for name in SOME:
        shutil.copy(demo / name, folder)
    return folder


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_rows_equal_the_reports_of_scan_and_nothing_personal_is_written(
    some: Path, tmp_path: Path, process: Run
) -> None:
    scanned = [json.loads(line) for line in process("scan", some, "--format", "jsonl").stdout.splitlines()]
    result = process("batch", some, "--out", tmp_path / "out", "--workers", "2")
    assert result.returncode == 0, result.stderr
    batched = rows(tmp_path / "out" / "reports.jsonl")
    assert [row["photo"] for row in batched] == [row["photo"] for row in scanned]
    assert [gist(row) for row in batched] == [gist(row) for row in scanned]
    said = result.stdout + result.stderr
    written = said.encode() + b"".join(file.read_bytes() for file in (tmp_path / "out").iterdir())
    canaries = [canary for name in SOME for canary in CANARIES.get(name, ()) if canary.encode() in written]
    assert canaries == []
    again = process("batch", some, "--out", tmp_path / "out", "--fail-on", "high")
    assert again.returncode == 1
    assert "0 inspected in this run" in again.stderr
    assert rows(tmp_path / "out" / "reports.jsonl") == batched


def metadata(process: Run, *arguments: object) -> subprocess.CompletedProcess[str]:
    return process("batch", *arguments, "--only", "metadata", "--workers", "1")


def test_a_photo_that_cannot_be_inspected_is_exit_two(some: Path, tmp_path: Path, process: Run) -> None:
    (tmp_path / "list").write_text(f"{some / SOME[0]}\n{some / 'gone.jpg'}\n")
    result = metadata(process, tmp_path / "list", "--out", tmp_path / "out")
    assert result.returncode == 2
    assert "not fully inspected: 1" in result.stderr
    reports = rows(tmp_path / "out" / "reports.jsonl")
    assert [row["error"] and row["error"]["code"] for row in reports] == [None, "not_readable"]
    assert metadata(process, tmp_path / "list", "--out", tmp_path / "out", "--allow-incomplete").returncode == 0


def test_files_alone_have_verdicts_where_the_policy_says_so(some: Path, tmp_path: Path, process: Run) -> None:
    metadata(process, some, "--out", tmp_path / "default")
    metadata(process, some, "--out", tmp_path / "strict", "--policy", "strict")
    mild, harsh = (rows(tmp_path / name / "reports.jsonl") for name in ("default", "strict"))
    assert {row["coverage"] for row in (*mild, *harsh)} == {"file"}
    assert {row["verdict"] for row in mild} >= {"allow", "review"}
    assert "incomplete" not in {row["verdict"] for row in mild}
    assert "allow" not in {row["verdict"] for row in harsh}
    assert {tuple(row["headline"]["codes"]) for row in mild if row["verdict"] == "allow"} == {("file",)}


def test_shards_divide_the_photos_and_share_a_folder(some: Path, tmp_path: Path, process: Run) -> None:
    for number in (1, 2):
        metadata(process, some, "--out", tmp_path, "--shard", f"{number}/2")
    parts = [[row["photo"]["path"] for row in rows(tmp_path / f"reports-{n}-of-2.jsonl")] for n in (1, 2)]
    assert sorted(parts[0] + parts[1]) == sorted(str(some / name) for name in SOME)


def test_other_options_are_another_answer_and_the_old_ones_are_kept(some: Path, tmp_path: Path, process: Run) -> None:
    metadata(process, some, "--out", tmp_path)
    other = metadata(process, some, "--out", tmp_path, "--skip", "metadata.gps")
    assert "results here were made with other options" in other.stderr
    assert "4 inspected in this run" in other.stderr
    assert "0 inspected in this run" in metadata(process, some, "--out", tmp_path).stderr


WRONG: dict[str, tuple[str, ...]] = {
    "no such file": ("no-such-folder",),
    "--shard": (".", "--shard", "3/2"),
    "no policy": (".", "--policy", "no-such-policy"),
    "unknown kind": (".", "--only", "no.such.kind"),
}


@pytest.mark.parametrize("said", sorted(WRONG))
def test_wrong_use_is_told_in_one_line(said: str, tmp_path: Path, process: Run) -> None:
    result = process("batch", *WRONG[said], "--out", tmp_path / "out")
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_an_empty_folder_is_no_success(tmp_path: Path, process: Run) -> None:
    (tmp_path / "empty").mkdir()
    result = metadata(process, tmp_path / "empty", "--out", tmp_path / "out")
    assert result.returncode == 2
    assert "no photos" in result.stderr


def test_a_missing_model_is_told_at_once(some: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.program", "batch", str(some), "--out", str(tmp_path / "out")]
    environment = os.environ | {"PHOTOSCAN_MODELS": str(tmp_path / "none")}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 2
    assert "photoscan models install" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out" / "reports.jsonl").exists()


MANY = 500
"""Small photos, of which the signal comes in the middle."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_cleanly_and_the_same_command_goes_on(
    number: signal.Signals, tmp_path: Path, process: Run
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    photo = coded("JPEG", small(), exif=exif())
    for n in range(MANY):
        (folder / f"{n:04}.jpg").write_bytes(photo + bytes([n % 256, n // 256]))
    command = [
        sys.executable,
        "-m",
        "photoscan",
        "batch",
        str(folder),
        "--out",
        str(tmp_path / "out"),
        "--workers",
        "1",
    ]
    with subprocess.Popen([*command, "--only", "metadata"], stderr=subprocess.PIPE, text=True) as batch:
        ledger = tmp_path / "out" / "ledger.sqlite-wal"
        while not (ledger.exists() and ledger.stat().st_size > 100_000):
            assert batch.poll() is None
            time.sleep(0.01)
        batch.send_signal(number)
        _, errors = batch.communicate(timeout=60)
    assert batch.returncode == 2
    assert "Run the same command again to continue" in errors
    assert "Traceback" not in errors
    # Nothing that takes long is written at a stop.
    assert not (tmp_path / "out" / "reports.jsonl").exists()
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    done = summary["photos"]
    assert 0 < done < MANY
    assert not summary["finished"]
    rest = metadata(process, folder, "--out", tmp_path / "out")
    assert f"{MANY} photos, {MANY - done} inspected" in rest.stderr
