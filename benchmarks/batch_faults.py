"""What `photoscan batch` loses when processes are killed: nothing, or this says what.

Run it with `python -m benchmarks.batch_faults [PHOTOS] [KILLS]`. Draws small photos, inspects them once undisturbed,
and once with KILLS workers and KILLS drivers killed (SIGKILL) at random moments, each driver started anew; then
compares the reports. Linux only: it finds the workers in /proc.
"""

from __future__ import annotations

import json
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from os import kill
from pathlib import Path
from typing import Any

import cv2
import numpy as np

COMMAND = [sys.executable, "-m", "photoscan", "batch"]
OPTIONS = ["--workers", "2", "--profile", "fast", "--only", "metadata,face,code,text.email", "--lang", "en"]
SEED = 20
SIDE = 320


def main(count: int = 500, kills: int = 5) -> None:
    """Print what was lost, doubled or changed, and what it cost."""
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _draw(folder / "photos", count)
        started, before = time.monotonic(), _cpu()
        _run(folder, "calm").wait()
        calm, calm_cpu = time.monotonic() - started, _cpu() - before
        done = _disturbed(folder, chance, count, kills)
        undisturbed, reports = _rows(folder / "calm"), _rows(folder / "killed")
        paths = Counter(report["photo"]["path"] for report in reports)
        expected = {report["photo"]["path"]: _gist(report) for report in undisturbed}
        print(
            f"photos {count}, undisturbed {len(undisturbed)} rows in {calm:.0f} s, {calm_cpu / count:.3f} CPU s a photo"
        )
        print(f"killed: {done['workers']} workers, {done['drivers']} drivers")
        aside = sum(report["error"] is not None for report in reports)
        differ = sum(_gist(report) != expected.get(report["photo"]["path"]) for report in reports)
        lost, doubled = len(expected.keys() - paths.keys()), len(reports) - len(paths)
        print(f"rows {len(reports)}, lost {lost}, doubled {doubled}, set aside {aside}, differ {differ}")


def _draw(folder: Path, count: int) -> None:
    """Gradients with shapes and a number, all different."""
    folder.mkdir()
    dice = np.random.default_rng(SEED)
    for number in range(count):
        row = np.linspace(int(dice.integers(60, 255)), int(dice.integers(60, 255)), SIDE).astype(np.uint8)
        photo = cv2.merge([np.tile(row, (SIDE * 3 // 4, 1))] * 3)
        for _ in range(4):
            centre = [int(v) for v in dice.integers(20, 220, 2)]
            colour = [int(v) for v in dice.integers(0, 255, 3)]
            cv2.circle(photo, centre, int(dice.integers(8, 40)), colour, -1)
        cv2.putText(photo, f"photo {number}", (20, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20, 20, 20), 2)
        cv2.imwrite(str(folder / f"p{number:04}.jpg"), photo)


def _run(folder: Path, out: str) -> subprocess.Popen[bytes]:
    command = [*COMMAND, str(folder / "photos"), "--out", str(folder / out), *OPTIONS]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def _disturbed(folder: Path, chance: random.Random, count: int, kills: int) -> Counter[str]:
    """Runs until one ends by itself, each kill at a random one of the photos that were answered."""
    moments = sorted(chance.sample(range(count // 50, count - count // 10), 2 * kills))
    whom = ["drivers"] * kills + ["workers"] * kills
    chance.shuffle(whom)
    done: Counter[str] = Counter()
    driver = _run(folder, "killed")
    for moment, victim in zip(moments, whom, strict=True):
        while _answered(folder / "killed" / "ledger.sqlite-wal") < moment and driver.poll() is None:
            time.sleep(0.05)
        time.sleep(chance.random() * 0.2)
        if driver.poll() is not None:
            break
        if victim == "workers":
            kill(chance.choice(_workers(driver.pid)), signal.SIGKILL)
        else:
            driver.kill()
            driver.wait()
            driver = _run(folder, "killed")
        done[victim] += 1
    driver.wait()
    return done


def _answered(log: Path) -> int:
    """How many answers there are, from a copy: the ledger itself is locked by its writer."""
    ledger = log.with_name("ledger.sqlite")
    if not ledger.exists():
        return 0
    with tempfile.TemporaryDirectory() as name:
        for file in (ledger, log):
            if file.exists():
                (Path(name) / file.name).write_bytes(file.read_bytes())
        try:
            base = sqlite3.connect(Path(name) / ledger.name)
            answers = base.execute("SELECT count(*) FROM answers").fetchone()[0]
            base.close()
        except sqlite3.DatabaseError:  # copied in the middle of a write
            return 0
    return int(answers)


def _workers(driver: int) -> list[int]:
    found = [int(pid) for file in Path(f"/proc/{driver}/task").glob("*/children") for pid in file.read_text().split()]
    return [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def _rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "reports.jsonl").read_text("utf-8").splitlines()]


def _gist(report: dict[str, Any]) -> object:
    """A report without what differs from run to run: seconds, and which models a process had used before."""
    outcomes = [(outcome["name"], outcome["status"], outcome["reason"]) for outcome in report["detectors"]]
    return report["photo"], report["findings"], outcomes, report["risk"], report["verdict"]


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
