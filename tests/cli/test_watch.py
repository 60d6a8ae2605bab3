"""`photoscan watch`: what has settled is copied once, nothing else is touched, and a restart goes on."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import piexif
import pytest
from PIL import Image

from photoscan import safe_copy
from photoscan.cleaning import CleanPlan
from photoscan.cleaning.ledger import NAME
from photoscan.cli.arrivals import Arrivals
from photoscan.ignoring import NOTHING, Ignored, Patterns
from tests.cli.conftest import Said


def photo(shade: int = 99, author: str = "somebody") -> bytes:
    """A small photo that names its author."""
    stream = io.BytesIO()
    exif = piexif.dump({"0th": {piexif.ImageIFD.Artist: author.encode()}})
    Image.new("RGB", (40, 30), (shade, 80, 60)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def copies(folder: Path) -> list[str]:
    return [name for name in names(folder) if name != NAME]


def test_what_grows_is_waited_for_and_given_once(folder: Path) -> None:
    arrivals = Arrivals(folder, NOTHING)
    file = folder / "a.jpg"
    file.write_bytes(photo()[:200])
    assert list(arrivals.look()) == []
    file.write_bytes(photo()[:300])
    assert (list(arrivals.look()), arrivals.waiting) == ([], True)
    assert (list(arrivals.look()), arrivals.waiting) == ([str(file)], False)
    assert list(arrivals.look()) == []
    file.write_bytes(photo())
    assert list(arrivals.look()) == []
    assert list(arrivals.look()) == [str(file)]
    file.unlink()
    assert (list(arrivals.look()), arrivals.known) == ([], [])
    file.write_bytes(photo())
    list(arrivals.look())
    assert list(arrivals.look()) == [str(file)]


def test_what_is_not_finished_hidden_or_passed_over_is_left_alone(folder: Path) -> None:
    for name in ("a.jpg.part", "b.JPG.crdownload", ".c.jpg", "d.tmp", "notes.txt", "old/e.jpg", "f.jpg"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"words" if name == "notes.txt" else photo())
    arrivals = Arrivals(folder, Ignored(Patterns.of(["old/"])))
    list(arrivals.look())
    assert list(arrivals.look()) == [str(folder / "f.jpg")]
    (folder / "a.jpg.part").rename(folder / "a.jpg")
    list(arrivals.look())
    assert list(arrivals.look()) == [str(folder / "a.jpg")]


ONCE = ("--once", "--metadata-only", "--every", "0.02")


def test_copies_are_made_and_a_restart_makes_none_again(folder: Path, tmp_path: Path, said: Said) -> None:
    safe = tmp_path / "safe"
    (folder / "b").mkdir()
    for name, shade in (("a.jpg", 10), ("b/a.jpg", 90)):
        (folder / name).write_bytes(photo(shade))
    (folder / "c.jpg").write_bytes(b"no photo")
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    code, _, err = said("watch", str(folder), "-o", str(safe), *ONCE)
    assert code == 2  # for c.jpg
    assert err.count("c.jpg") == 1
    assert f"{folder / 'a.jpg'}: gone: a name\n" in err
    assert copies(safe) == ["a.jpg", "b/a.jpg"]
    assert all(b"somebody" not in (safe / name).read_bytes() for name in copies(safe))
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before
    (folder / "c.jpg").unlink()
    times = [(safe / name).stat().st_mtime_ns for name in copies(safe)]
    code, _, err = said("watch", str(folder), "-o", str(safe), *ONCE)
    assert (code, "0 cleaned and proved, 2 done before" in err) == (0, True)
    assert [(safe / name).stat().st_mtime_ns for name in copies(safe)] == times


def test_no_copy_is_replaced_by_that_of_another_photo(folder: Path, tmp_path: Path, said: Said) -> None:
    safe = tmp_path / "safe"
    for shade in (10, 90):
        (folder / "a.jpg").write_bytes(photo(shade))
        assert said("watch", str(folder), "-o", str(safe), *ONCE)[0] == 0
    assert copies(safe) == ["a-2.jpg", "a.jpg"]
    assert said("watch", str(folder), "-o", str(safe), *ONCE)[0] == 0
    assert copies(safe) == ["a-2.jpg", "a.jpg"]
    # Nor is what somebody else has put there.
    (safe / "d.jpg").write_bytes(b"mine")
    (folder / "d.jpg").write_bytes(photo(200))
    assert said("watch", str(folder), "-o", str(safe), *ONCE)[0] == 0
    assert (safe / "d.jpg").read_bytes() == b"mine"
    assert "d-2.jpg" in copies(safe)


@pytest.mark.parametrize("output", ["in", "in/safe", ".", "link/safe"])
def test_copies_do_not_arrive_themselves(output: str, folder: Path, tmp_path: Path, said: Said) -> None:
    (tmp_path / "link").symlink_to(folder)
    (folder / "a.jpg").write_bytes(photo())
    code, _, err = said("watch", str(folder), "-o", str(tmp_path / output), *ONCE)
    assert (code, "would arrive in the watched folder" in err) == (2, True)
    assert names(folder) == ["a.jpg"]


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path, said: Said) -> None:
    (tmp_path / "private.jpg").write_bytes(photo())
    (folder / "a.jpg").symlink_to(tmp_path / "private.jpg")
    (folder / "b.jpg").write_bytes(photo(10))
    (folder / "c.jpg").symlink_to(folder / "b.jpg")
    code, _, err = said("watch", str(folder), "-o", str(tmp_path / "safe"), *ONCE)
    assert (code, err.count("leads out of the watched folder")) == (2, 1)
    assert copies(tmp_path / "safe") == ["b.jpg", "c.jpg"]


def test_a_start_in_another_language_makes_no_copy_anew(
    folder: Path, tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the pictures are looked at: what was chosen then is known by a hash."""
    (folder / "a.jpg").write_bytes(photo())
    made = safe_copy.make_safe_copy
    monkeypatch.setattr(safe_copy, "make_safe_copy", lambda photo, *_: made(photo, None, CleanPlan(metadata_only=True)))
    for language in ("en", "pt-BR"):
        options = ("--once", "--every", "0.02", "--lang", language)
        assert said("watch", str(folder), "-o", str(tmp_path / "safe"), *options)[0] == 0
    assert copies(tmp_path / "safe") == ["a.jpg"]


def test_a_folder_that_is_none(tmp_path: Path, said: Said) -> None:
    code, _, err = said("watch", str(tmp_path / "none"), "-o", str(tmp_path / "safe"), *ONCE)
    assert (code, "is no folder" in err) == (2, True)
    assert not (tmp_path / "safe").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as on POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_until_it_is_stopped(how: signal.Signals, folder: Path, tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    command = ["watch", str(folder), "-o", str(safe), "--metadata-only", "--every", "0.05", "--lang", "en"]
    run = subprocess.Popen([sys.executable, "-m", "tests.program", *command], stderr=subprocess.PIPE, text=True)
    try:
        for number, name in enumerate(("a.jpg", "later.jpg")):
            (folder / name).write_bytes(photo(10 + number))
            (folder / "broken.jpg").write_bytes(b"no photo")
            end = time.monotonic() + 60
            while name not in copies(safe) and time.monotonic() < end:
                time.sleep(0.05)
        time.sleep(0.5)
        run.send_signal(how)
        _, err = run.communicate(timeout=60)
    finally:
        run.kill()
    assert copies(safe) == ["a.jpg", "later.jpg"]
    assert err.startswith(f"Watching {folder}")
    # Its time changed once; the same state is told of once.
    assert 1 <= err.count("broken.jpg: not a photo") <= 2
    assert "Watching has ended: 2 cleaned and proved" in err
    assert "Traceback" not in err
    assert run.returncode == 2
