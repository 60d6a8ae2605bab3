"""`clean` and `scan` in several processes: the same files, receipts and words as in one, whatever happens."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from photoscan.cleaning import CleanPlan
from photoscan.cli.hands import Here, Several
from photoscan.errors import PhotoscanError
from photoscan.options import ScanOptions
from photoscan.outside.chosen import NONE
from photoscan.photo import Photo
from photoscan.workers.sizing import Sized
from tests.cli import deeds
from tests.conftest import Run

METADATA_ONLY = CleanPlan(metadata_only=True)
TWO = Sized(2, "asked")


def photo(path: Path, shade: int = 0, comment: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[0x010E] = f"picture {shade}"
    Image.new("L", (8, 8), shade).save(path, "JPEG", exif=exif, comment=comment.encode())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photos of which some can't be opened, some are the same, and some have the same name below two folders."""
    for number in range(8):
        photo(tmp_path / "in" / f"{number}.jpg", number)
    photo(tmp_path / "in/twice.jpg", 3)
    photo(tmp_path / "other/1.jpg", 99)
    (tmp_path / "in/broken.jpg").write_bytes(b"\xff\xd8\xff\xe0abc")
    (tmp_path / "in/text.jpg").write_text("text")
    return tmp_path


def several(paths: list[str], done: Callable[[str], bool] = lambda path: False) -> Several:
    return Several(deeds.made, (NONE, ScanOptions(), None), METADATA_ONLY, TWO, paths, done)


def told(hands: Here | Several, paths: list[str]) -> list[object]:
    """What is made of each photo, or why nothing is."""
    rows: list[object] = []
    with hands:
        for path in paths:
            hands.turn(path)
            try:
                rows.append(hands.made(Photo.open(path)))
            except PhotoscanError as error:
                rows.append((error.code, error.text()))
    return rows


def test_the_same_as_in_this_process_in_order(tmp_path: Path) -> None:
    names = ["slow", "quick", "refused", "quick", "crash", "not seen", "quick", *["quick"] * 20]
    paths = [str(photo(tmp_path / f"{n}.jpg", n, comment=name)) for n, name in enumerate(names)]
    alone = Here(deeds.made, None, METADATA_ONLY)
    rows = told(several(paths), paths)
    quick = [path for path, name in zip(paths, names, strict=True) if name != "crash"]
    assert [row for row, name in zip(rows, names, strict=True) if name != "crash"] == told(alone, quick)
    assert "ValueError" in str(rows[4])
    assert "quote" not in str(rows[4]), "its message may tell what was read"
    assert rows[:2] == [f"{paths[0]} slow", f"{paths[1]} quick"]
    assert all(isinstance(row, tuple) for row in (rows[2], rows[5]))


def test_a_photo_that_brings_its_process_down_is_refused_alone(tmp_path: Path) -> None:
    names = ["quick", "die", "quick", "quick", "die", "quick"]
    paths = [str(photo(tmp_path / f"{n}.jpg", n, comment=name)) for n, name in enumerate(names)]
    rows = told(several(paths), paths)
    assert [row[0] if isinstance(row, tuple) else "made" for row in rows] == [
        "worker_lost" if name == "die" else "made" for name in names
    ]


def test_a_photo_that_has_changed_since_it_was_begun_is_begun_anew(tmp_path: Path) -> None:
    paths = [str(photo(tmp_path / f"{n}.jpg", n, comment="quick")) for n in range(3)]
    with several(paths) as hands:
        hands.turn(paths[0])
        assert hands.made(Photo.open(paths[0])) == f"{paths[0]} quick"
        photo(Path(paths[1]), 1, comment="later")
        hands.turn(paths[1])
        assert hands.made(Photo.open(paths[1])) == f"{paths[1]} later"


def test_nothing_starts_where_all_is_done_and_what_only_seemed_done_is_made(tmp_path: Path) -> None:
    paths = [str(photo(tmp_path / f"{n}.jpg", n, comment="quick")) for n in range(3)]
    with several(paths, lambda path: True) as hands:
        for path in paths:
            hands.turn(path)
        assert hands._workers is None
        assert hands.made(Photo.open(paths[2])) == f"{paths[2]} quick"


def cleaned(run: Run, folder: Path, jobs: int, *options: object) -> dict[str, object]:
    """All that one call says and writes."""
    out, receipt = folder / f"out{jobs}", folder / f"out{jobs}.json"
    command = ("clean", folder / "in", folder / "other", "-v", "-o", out, "--metadata-only", "--receipt", receipt)
    result = run(*command, "--jobs", jobs, *options)
    files = {file.relative_to(out).as_posix(): file.read_bytes() for file in out.rglob("*") if file.is_file()}
    said = result.stderr.replace(str(out), "OUT").replace(str(receipt), "RECEIPT")
    return {"code": result.returncode, "said": said, "files": files, "receipts": json.loads(receipt.read_text())}


def test_clean_says_and_writes_the_same(run: Run, folder: Path) -> None:
    first = cleaned(run, folder, 1)
    assert first["code"] == 2
    assert len(first["receipts"]) == 9, "one of ten has the name of another"  # type: ignore[arg-type]
    assert cleaned(run, folder, 2) == first
    # What was done is passed over; what is done anew because of one that is gone is told in its place.
    for jobs in (1, 2):
        (folder / f"out{jobs}/4.jpg").unlink()
    again = cleaned(run, folder, 1)
    assert again == cleaned(run, folder, 2)
    assert "4.jpg" in str(again["said"])


def test_clean_in_place_and_renamed(run: Run, folder: Path) -> None:
    (folder / "in/link.jpg").symlink_to("0.jpg")
    assert run("clean", folder / "in", "--in-place", "--metadata-only", "--jobs", 2).returncode == 2
    assert all(b"picture" not in file.read_bytes() for file in (folder / "in").glob("*.jpg"))
    renamed = cleaned(run, folder, 2, "--rename")
    # The copy of one photo is that of its twin as well, also where both were begun with at the same time.
    assert len(renamed["files"]) == len({*renamed["files"].values()})  # type: ignore[attr-defined,arg-type]


def shown(run: Run, folder: Path, jobs: int, format_: str, *options: object) -> tuple[int, str, str]:
    command = ("scan", folder / "in", folder / "other", "--only", "metadata", "--format", format_)
    result = run(*command, "--jobs", jobs, *options)
    return result.returncode, re.sub(r'"seconds": [0-9.e-]+', "", result.stdout), result.stderr


@pytest.mark.parametrize("format_", ["text", "jsonl"])
def test_scan_says_the_same(format_: str, run: Run, folder: Path) -> None:
    assert shown(run, folder, 2, format_) == shown(run, folder, 1, format_)


def test_scan_tells_how_many_at_a_time_and_why(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "2 photos at a time, as you asked." in shown(run, folder, 2, "text", "-v")[2]
    monkeypatch.setenv("PHOTOSCAN_JOBS", "2")
    assert "as you asked" in run("scan", folder / "other", folder / "in/0.jpg", "--only", "metadata", "-v").stderr
    monkeypatch.setenv("PHOTOSCAN_JOBS", "many")
    assert run("scan", folder / "in", "--only", "metadata").returncode == 2
    assert "One photo at a time." in shown(run, folder, 1, "text", "-v")[2]
    assert "at a time" not in shown(run, folder, 1, "text")[2]
    monkeypatch.setenv("PHOTOSCAN_JOBS", "auto")
    told = run("scan", folder / "in", "--only", "metadata", "-v").stderr
    assert "One photo at a time." in told, "so few files are quicker looked at in one process"
    assert "at a time" not in run("scan", folder / "other/1.jpg", "--only", "metadata", "-v").stderr


def children(pid: int) -> set[int]:
    return {int(word) for task in Path(f"/proc/{pid}/task").glob("*/children") for word in task.read_text().split()}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes by way of /proc")
@pytest.mark.parametrize("command", ["scan", "clean"])
def test_ctrl_c_ends_all_at_once_and_leaves_nothing_behind(command: str, tmp_path: Path) -> None:
    for number in range(400):
        photo(tmp_path / "in" / f"{number:03}.jpg", number % 256, comment=str(number))
    out = tmp_path / "out"
    options = ["--only", "metadata"] if command == "scan" else ["--metadata-only"]
    argument = [sys.executable, "-m", "tests.program", command, str(tmp_path / "in"), *options, "--jobs", "2"]
    argument += ["-o", str(out / "report.json" if command == "scan" else out)]
    out.mkdir()
    with subprocess.Popen(argument, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        try:
            until = time.monotonic() + 60
            # The third one watches over what multiprocessing shares.
            while len(workers := children(program.pid)) < 3 or (command == "clean" and not any(out.iterdir())):
                assert program.poll() is None
                assert time.monotonic() < until
                time.sleep(0.01)
            program.send_signal(signal.SIGINT)
            said = program.communicate(timeout=30)[1]
        finally:
            program.kill()
    assert program.returncode in (2, 130), said
    assert "Traceback" not in said
    until = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert not [file.name for file in out.rglob("*.partial")]
    assert command == "clean" or not any(out.iterdir())
