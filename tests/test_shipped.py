"""Files that come with the package: what was parsed once is found again, and never in place of what the file says."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from pathlib import Path

import pytest

from photoscan import shipped


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shipped, "HOME", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "one.toml").write_text('words = ["a", "b"]\n[inner]\nshare = 0.5\n', "utf-8")
    return tmp_path


SAID = {"words": ["a", "b"], "inner": {"share": 0.5}}


def test_what_was_kept_says_the_same(home: Path) -> None:
    assert shipped.rules("one.toml") == SAID
    assert [p.name for p in (home / "__pycache__").iterdir()] == ["one.toml.json"]
    assert shipped.rules("one.toml") == SAID


def test_a_changed_file_is_read_anew(home: Path) -> None:
    shipped.rules("one.toml")
    (home / "one.toml").write_text('words = ["c"]\n', "utf-8")
    assert shipped.rules("one.toml") == {"words": ["c"]}
    before = (home / "one.toml").stat()
    (home / "one.toml").write_text('words = ["d"]\n', "utf-8")
    os.utime(home / "one.toml", ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert shipped.rules("one.toml") == {"words": ["d"]}


@pytest.mark.parametrize("junk", [b"", b"\xff\xfe", b"{}", b"[1, 2, 3]", b"[[1, 2], 5]", b"[" * 100_000])
def test_damage_to_what_was_kept_does_no_harm(home: Path, junk: bytes) -> None:
    shipped.rules("one.toml")
    (home / "__pycache__/one.toml.json").write_bytes(junk)
    assert shipped.rules("one.toml") == SAID


def test_nothing_is_kept_where_python_may_not_write(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert shipped.rules("one.toml") == SAID
    assert not (home / "__pycache__").exists()
    (home / "__pycache__").write_text("a file where the folder should be")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert shipped.rules("one.toml") == SAID


def test_what_is_wrong_is_told(home: Path) -> None:
    (home / "two.toml").write_text("= 1", "utf-8")
    with pytest.raises(tomllib.TOMLDecodeError):
        shipped.rules("two.toml")
    with pytest.raises(FileNotFoundError):
        shipped.rules("three.toml")


def test_every_shipped_file_is_the_same_when_kept() -> None:
    for file in sorted(shipped.HOME.rglob("*.toml")):
        document = tomllib.loads(file.read_text("utf-8"))
        assert json.loads(json.dumps(document)) == document, file.name
