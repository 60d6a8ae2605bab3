"""`scan --jobs`: the reports of one process, in order, also when processes die."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from pathlib import Path
from threading import Thread

import pytest

from photoscan.cli.jobs import reports
from photoscan.options import ScanOptions
from photoscan.scanner import Scanner
from photoscan.workers.sizing import Sized
from tests.conftest import Run

METADATA = Scanner(ScanOptions(only=("metadata",)))


def test_standard_input_among_others(process: Run, demo: Path) -> None:
    arguments = ("scan", demo / "holiday.jpg", "-", "--only", "metadata", "--format", "jsonl", "--jobs", "2")
    result = process(*arguments, stdin=(demo / "generated.png").read_bytes())
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["photo"]["path"] for row in rows] == [str(demo / "holiday.jpg"), "<standard input>"]
    assert rows[1]["photo"]["format"] == "png"
    assert rows[1]["error"] is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("command", ["scan", "clean"])
def test_what_can_be_read_once_is_read_once(command: str, process: Run, demo: Path, tmp_path: Path) -> None:
    """A pipe among the photos, as a shell's <(...) gives it: no other process shall wait for what this one has read."""
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    Thread(target=lambda: pipe.write_bytes((demo / "holiday.jpg").read_bytes()), daemon=True).start()
    more = ("--only", "metadata", "-q") if command == "scan" else ("--metadata-only", "-o", tmp_path / "safe")
    result = process(command, pipe, demo / "landscape.jpg", *more, "--jobs", "2", "--lang", "en")
    if command == "scan":
        assert "not inspected" not in result.stdout
        assert len(result.stdout.splitlines()) == 2
    else:
        assert (tmp_path / "safe/landscape.jpg").is_file()
        assert (tmp_path / "safe/pipe.jpg").is_file()


def test_a_report_for_every_photo_whatever_dies(demo: Path) -> None:
    photos = [(str(demo / "holiday.jpg"), f"{n}.jpg") for n in range(60)]
    found = []
    for number, report in enumerate(reports(photos, METADATA, Sized(2, "asked"))):
        found.append(report)
        if number in (5, 25):
            for process in multiprocessing.active_children():
                assert process.pid is not None
                os.kill(process.pid, signal.SIGKILL)
    assert [report.photo.path for report in found] == [name for _, name in photos]
    lost = [report for report in found if report.error is not None]
    assert {report.error.code for report in lost if report.error} <= {"worker_lost"}
    assert len(lost) <= 4
    assert all(report.verdict == "incomplete" and report.error.message.startswith(report.photo.path)
               for report in lost if report.error)  # fmt: skip


def test_what_a_stop_ends_does_not_count_as_done(demo: Path) -> None:
    done: list[str] = []
    photos = [(str(demo / "holiday.jpg"), f"{n}.jpg") for n in range(6)]
    scanned = reports(photos, METADATA, Sized(1, "asked"), done=done.append)
    first = next(scanned)
    with pytest.raises(KeyboardInterrupt):
        scanned.throw(KeyboardInterrupt)
    assert done[0] == first.photo.path
    assert len(done) < len(photos)


def test_what_cannot_be_opened_keeps_its_place(demo: Path) -> None:
    photos = [(str(demo / "holiday.jpg"), "a"), ("/no/such.jpg", "/no/such.jpg"), (b"text", "c")]
    codes = [report.error and report.error.code for report in reports(photos, METADATA, Sized(2, "asked"))]
    assert codes == [None, "not_readable", "unsupported_format"]


def test_a_folder_without_photos_starts_no_process(process: Run, tmp_path: Path) -> None:
    result = process("scan", tmp_path, "--jobs", "2", "--only", "metadata")
    assert result.returncode == 2
    assert "no photos in this folder" in result.stderr
    assert "mistake" not in result.stderr
