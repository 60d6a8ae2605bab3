"""Files are whole or not there; what is no plain file is never replaced by one."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from photoscan.errors import NotReadableError
from photoscan.files import write_atomically


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_atomically(pipe, b"the answer")
    reader.join(10)
    assert got == [b"the answer"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert [file.name for file in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_device_is_an_error_and_stays_a_device(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/dev/full")
    with pytest.raises(NotReadableError):
        write_atomically(link, b"the answer")
    assert link.is_symlink()
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotReadableError):
        write_atomically(tmp_path / "folder", b"the answer")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_file_that_is_written_in_pieces_is_whole_or_not_there(tmp_path: Path) -> None:
    """What makes the pieces may fail, and then neither part of a file stays nor is the old one lost."""
    target = tmp_path / "report.html"
    write_atomically(target, iter([b"first ", b"", b"second"]))
    assert target.read_bytes() == b"first second"

    def pieces() -> Iterator[bytes]:
        yield b"third"
        raise RuntimeError("no picture")

    with pytest.raises(RuntimeError, match="no picture"):
        write_atomically(target, pieces())
    assert target.read_bytes() == b"first second"
    assert list(tmp_path.iterdir()) == [target]
