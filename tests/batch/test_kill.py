"""Real processes, really killed: workers by their photos and from outside, and the driver itself."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.batch.stub import SECRET, photos, rows

ROOT = Path(__file__).parents[2]


def start(folder: Path, timeout: float = 30, **more: Any) -> subprocess.Popen[str]:
    arguments = [str(folder / name) for name in ("photos", "out", "log")]
    return subprocess.Popen([sys.executable, "-m", "tests.batch.stub", *arguments, str(timeout)], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)  # fmt: skip


def finish(folder: Path, timeout: float = 30) -> dict[str, Any]:
    output, errors = start(folder, timeout).communicate(timeout=120)
    assert errors == ""
    summary = json.loads(output)
    assert isinstance(summary, dict)
    return summary


def log(folder: Path) -> list[str]:
    file = folder / "log"
    return file.read_text().splitlines() if file.exists() else []


def until_looked_at(folder: Path, count: int, driver: subprocess.Popen[str]) -> None:
    """Wait until so many looks were taken, or the driver is through."""
    end = time.monotonic() + 60
    while len(log(folder)) < count and driver.poll() is None:
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def workers_of(driver: int) -> list[int]:
    """Its children but for the tracker of resources."""
    children = Path(f"/proc/{driver}/task").glob("*/children")
    found = [int(pid) for file in children for pid in file.read_text().split()]
    return [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_photos_that_kill_hang_or_crash_are_set_aside_and_the_others_inspected(tmp_path: Path) -> None:
    contents = [b"%d" % n for n in range(20)]
    contents[3:3] = [b"die", b"hang", b"crash", b"fragile"]
    files = photos(tmp_path / "photos", contents)
    summary = finish(tmp_path, timeout=1)
    reports = rows(tmp_path / "out" / "reports.jsonl")
    assert [report["photo"]["path"] for report in reports] == files  # type: ignore[index]
    codes = [report["error"] and report["error"]["code"] for report in reports]  # type: ignore[index]
    assert codes == [None] * 3 + ["worker_lost", "timeout", "crash", None] + [None] * 17
    looks = Counter(log(tmp_path))
    assert [looks[file] for file in files] == [1] * 3 + [2, 2, 1, 2] + [1] * 17
    assert {(Path(row["path"]).name, row["code"]) for row in summary["set_aside"]} == {
        ("p0003.jpg", "worker_lost"), ("p0004.jpg", "timeout"), ("p0005.jpg", "crash"),
    }  # fmt: skip
    written = b"".join(file.read_bytes() for file in (tmp_path / "out").iterdir())
    assert SECRET.encode() not in written


@pytest.mark.parametrize("seed", [1, 2])
def test_kills_of_workers_and_driver_lose_nothing_and_double_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    files = photos(tmp_path / "photos", [b"%d" % n for n in range(60)])
    kills = 0
    for number in sorted(chance.sample(range(1, 50), 4)):
        driver = start(tmp_path)
        until_looked_at(tmp_path, number, driver)
        time.sleep(chance.random() * 0.05)
        if driver.poll() is None and chance.random() < 0.5:
            for pid in workers_of(driver.pid)[:1]:
                os.kill(pid, signal.SIGKILL)
            until_looked_at(tmp_path, number + 3, driver)
        if driver.poll() is None:
            driver.kill()
            kills += 1
        driver.communicate()
    assert kills >= 1
    before = len(log(tmp_path))
    summary = finish(tmp_path)
    assert summary["inspected_in_this_run"] == 0 or len(log(tmp_path)) > before
    reports = rows(tmp_path / "out" / "reports.jsonl")
    assert [report["photo"]["path"] for report in reports] == files  # type: ignore[index]
    assert all(report["error"] is None for report in reports)
    # Only what a process was at when it was killed has been begun a second time: at most two for each driver.
    assert len(log(tmp_path)) <= len(files) + 2 * kills + 4
    assert finish(tmp_path)["photos"] == len(files)
    assert rows(tmp_path / "out" / "reports.jsonl") == reports
