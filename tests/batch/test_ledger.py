"""The ledger keeps what it was given, for one writer at a time."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from photoscan.batch import LocalLedger
from photoscan.errors import NotReadableError, UsageError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def fill(ledger: LocalLedger, *paths: str) -> None:
    for place, path in enumerate(paths, 1):
        ledger.place(path, "stamp", f"key of {path}", place)
        ledger.answer(f"key of {path}", json.dumps({"path": path}))


def shown(ledger: LocalLedger, of_this_run: bool = True) -> list[str]:
    return [path for path, _, _ in ledger.reports(of_this_run)]


def test_answers_outlive_the_writer(file: Path) -> None:
    with LocalLedger(file, "e") as ledger:
        fill(ledger, "b", "a")
    with LocalLedger(file, "e") as ledger:
        assert ledger.known("a", "stamp") == "key of a"
        assert ledger.known("a", "another stamp") is None
        assert ledger.answered("key of a")
        assert not ledger.answered("key of c")
        assert shown(ledger) == []  # this run has come past nothing
        assert shown(ledger, of_this_run=False) == ["b", "a"]


def test_reports_come_in_the_order_of_the_run_and_only_with_their_answer(file: Path) -> None:
    with LocalLedger(file, "e") as ledger:
        fill(ledger, "b", "c", "a")
        ledger.place("no answer yet", "stamp", "key", 9)
        ledger.place("b", "stamp", "key of b", 10)
        assert shown(ledger) == ["b", "c", "a"]


def test_a_path_without_stamp_is_never_known(file: Path) -> None:
    with LocalLedger(file, "e") as ledger:
        ledger.place("a", "", "key", 1)
        assert ledger.known("a", "") is None


def test_engines_are_kept_apart(file: Path) -> None:
    with LocalLedger(file, "old") as ledger:
        fill(ledger, "a")
        assert (ledger.others, ledger.count()) == (0, 1)
    with LocalLedger(file, "new") as ledger:
        assert (ledger.others, ledger.count()) == (1, 0)
        assert ledger.known("a", "stamp") is None
        assert not ledger.answered("key of a")


def test_deaths_are_counted_until_forgotten(file: Path) -> None:
    with LocalLedger(file, "e") as ledger:
        assert [ledger.died("k"), ledger.died("k"), ledger.died("other")] == [1, 2, 1]
        ledger.answer("k", "{}", "set_aside")
        ledger.answer("half", "{}", "partial")
        ledger.answer("fine", "{}")
    with LocalLedger(file, "e") as ledger:
        assert ledger.forget_partial() == 2
        assert not ledger.answered("k")
        assert ledger.answered("fine")
        assert ledger.died("k") == 1


def test_a_name_that_is_no_text(file: Path) -> None:
    with LocalLedger(file, "e") as ledger:
        ledger.place("caf\udce9.jpg", "stamp", "key", 1)
        ledger.answer("key", "{}")
        assert shown(ledger) == ["caf\udce9.jpg"]


def fill_the_disk(file: Path) -> None:
    with LocalLedger(file, "e") as ledger:
        pages = ledger._base.execute("PRAGMA page_count").fetchone()[0]
        ledger._base.execute(f"PRAGMA max_page_count = {pages + 2}")
        for number in range(10_000):
            ledger.place(f"{number:0200}", "stamp", "key", number)


def test_a_full_disk_is_told_as_such_and_the_file_released(file: Path) -> None:
    with pytest.raises(NotReadableError, match="full"):
        fill_the_disk(file)
    with LocalLedger(file, "e") as ledger:
        fill(ledger, "a")
        assert shown(ledger) == ["a"]


def test_a_second_writer_is_told(file: Path) -> None:
    with LocalLedger(file, "e"), pytest.raises(UsageError, match="another batch is running here"):
        LocalLedger(file, "e")
    LocalLedger(file, "e").close()


def test_a_killed_writer_leaves_its_answers_and_no_lock(file: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from photoscan.batch import LocalLedger\n"
        "ledger = LocalLedger(Path(sys.argv[1]), 'e'); ledger.place('a', 's', 'k', 1); ledger.answer('k', '{}')\n"
        "ledger.place('b', 's', 'k', 2); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(file)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(UsageError):
            LocalLedger(file, "e")
        writer.send_signal(signal.SIGKILL)
    with LocalLedger(file, "e") as ledger:
        assert ledger.answered("k")
        assert ledger.known("a", "s") == "k"
        assert ledger.known("b", "s") is None  # it was not committed: it is looked at again


@pytest.mark.parametrize("text", [b"a photo, perhaps" * 99, b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_ledger_is_told_and_left_alone(text: bytes, file: Path) -> None:
    file.write_bytes(text)
    with pytest.raises(UsageError, match="not a ledger"):
        LocalLedger(file, "e")
    assert file.read_bytes() == text


def test_answers_of_a_version_that_masked_less_leave_no_byte(file: Path) -> None:
    with LocalLedger(file, "e") as ledger:
        assert not ledger.forgotten
        ledger.place("a", "stamp", "key of a", 1)
        ledger.answer("key of a", json.dumps({"value_masked": "mango#Kite47" * 900}))
    base = sqlite3.connect(file)
    base.execute("PRAGMA user_version = 1")
    base.close()
    with LocalLedger(file, "e") as ledger:
        assert ledger.forgotten
        assert (ledger.count(), ledger.answered("key of a"), shown(ledger, of_this_run=False)) == (0, False, [])
        held = [other for other in file.parent.iterdir() if b"mango" in other.read_bytes()]
        assert held == []
        fill(ledger, "a")
    with LocalLedger(file, "e") as ledger:
        assert (ledger.forgotten, ledger.count()) == (False, 1)


def test_a_later_version_is_refused(file: Path) -> None:
    base = sqlite3.connect(file)
    base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(UsageError, match="another version"):
        LocalLedger(file, "e")
