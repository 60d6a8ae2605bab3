"""Weights are hashed once per file time: an unbroken seal is believed, a broken one is not, and nothing else is."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photoscan import models
from photoscan.errors import ModelError
from photoscan.models import kept, manifest, places, store
from tests import fake_carrier


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The installed weights of a small model, which no process has looked at yet."""
    fake = fake_carrier.make(tmp_path, monkeypatch)
    monkeypatch.setenv("PHOTOSCAN_CACHE", str(tmp_path / "cache"))
    models.install()
    store.forget("tiny")
    yield fake.models / "tiny" / "tiny.onnx"
    manifest.known.cache_clear()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was hashed since."""
    seen: list[Path] = []
    real = store.sha256

    def counting(file: Path) -> str:
        seen.append(file)
        return real(file)

    monkeypatch.setattr(store, "sha256", counting)
    return seen


def start() -> Path:
    """What a new process does."""
    store.forget("tiny")
    return models.path("tiny")


def record(weights: Path, **changed: Any) -> dict[str, Any]:
    """The record beside the weights, after these changes; None takes a row out."""
    file = weights.with_name(store.RECORD)
    rows: dict[str, Any] = json.loads(file.read_text()) | changed
    rows = {name: value for name, value in rows.items() if value is not None}
    file.write_text(json.dumps(rows))
    return rows


def test_what_was_installed_is_not_hashed_when_it_starts(weights: Path, hashed: list[Path]) -> None:
    assert start() == weights
    assert hashed == []


def test_verifying_hashes_whatever_the_seal_says(weights: Path, hashed: list[Path]) -> None:
    assert models.state(models.find("tiny")) is models.State.OK
    assert hashed == [weights]


def test_another_thread_may_ask_for_a_model_meanwhile(weights: Path) -> None:
    """While one looks up whose hash a file has."""
    file = start()

    class Asking(type(file)):  # type: ignore[misc]
        def __eq__(self, other: object) -> bool:
            store._checked["another", ()] = file, "0"
            return False

        __hash__ = None  # type: ignore[assignment]

    assert store.digest_of(Asking(file)) is None
    store._checked.pop(("another", ()))


def test_a_touched_file_is_hashed_once_and_sealed_anew(weights: Path, hashed: list[Path]) -> None:
    os.utime(weights, (1_000_000_000, 1_000_000_000))
    assert start() == start() == weights
    assert hashed == [weights]


def test_a_file_that_was_touched_this_moment_is_not_sealed(weights: Path, hashed: list[Path]) -> None:
    weights.touch()
    start()
    start()
    assert hashed == [weights, weights]


@pytest.mark.parametrize("later", [0, -100])
def test_other_bytes_of_the_same_size_are_refused(weights: Path, later: int) -> None:
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    os.utime(weights, (weights.stat().st_mtime + later,) * 2)
    for _ in range(2):
        with pytest.raises(ModelError, match=r"the model tiny is damaged"):
            start()


def test_a_shorter_file_of_the_same_time_is_refused(weights: Path) -> None:
    before = weights.stat().st_mtime_ns
    weights.write_bytes(weights.read_bytes()[:-1])
    os.utime(weights, ns=(before, before))
    with pytest.raises(ModelError, match=r"the model tiny is damaged"):
        start()


@pytest.mark.parametrize("changed", [{"size": None, "mtime_ns": None}, {"mtime_ns": None}, {"size": 1}])
def test_a_record_without_its_seal_is_hashed_and_sealed(
    weights: Path, hashed: list[Path], changed: dict[str, Any]
) -> None:
    record(weights, **changed)
    assert start() == start() == weights
    assert hashed == [weights]
    assert record(weights)["size"] == weights.stat().st_size


def test_a_seal_that_makes_no_sense_counts_as_no_record(weights: Path) -> None:
    record(weights, size="many")
    with pytest.raises(ModelError, match="not installed"):
        start()


def test_in_a_wheel_the_seal_is_kept_elsewhere(
    weights: Path, hashed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = record(weights, size=None, mtime_ns=None)
    monkeypatch.setattr(store, "in_wheel", lambda place: place == weights.parents[1])
    assert start() == start() == weights
    assert hashed == [weights]
    assert record(weights) == before, "the wheel's own file is as it was"
    (seal,) = (Path(os.environ[places.CACHE]) / "seals").iterdir()
    seal.chmod(0o666)
    start()
    assert len(hashed) == (2 if hasattr(os, "geteuid") else 1), "a seal that others can write is not believed"


def test_a_seal_of_other_weights_is_not_believed(
    weights: Path, hashed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    record(weights, size=None, mtime_ns=None)
    monkeypatch.setattr(store, "in_wheel", lambda place: True)
    start()
    record(weights, prepared="0" * 64)
    with pytest.raises(ModelError, match="damaged"):
        start()


def test_where_nothing_can_be_kept_it_is_hashed_each_time(
    weights: Path, hashed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    record(weights, size=None, mtime_ns=None)
    monkeypatch.setattr(store, "in_wheel", lambda place: True)
    monkeypatch.setenv(places.CACHE, "")
    assert start() == start() == weights
    assert hashed == [weights, weights]


# The folder of what is kept


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(places.CACHE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_kept_is_found_again(cache: Path) -> None:
    kept.write("a/b/c", b"1")
    assert kept.trusted("a/b/c") == cache / "a/b/c"
    kept.write("a/b/c", b"22")
    assert (cache / "a/b/c").read_bytes() == b"22"
    assert [file.name for file in (cache / "a/b").iterdir()] == ["c"]
    kept.drop("a/b/c")
    assert kept.trusted("a/b/c") is None


def test_a_full_disk_leaves_nothing_behind(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    kept.write("a/c", b"1")
    monkeypatch.setattr(Path, "replace", full)
    kept.write("a/c", b"22")
    assert [(file.name, file.read_bytes()) for file in (cache / "a").iterdir()] == [("c", b"1")]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners and modes here")
@pytest.mark.parametrize("part", ["", "a", "a/b", "a/b/c"])
@pytest.mark.parametrize("mode", [0o020, 0o002])
def test_what_others_could_have_written_is_not_believed(cache: Path, part: str, mode: int) -> None:
    kept.write("a/b/c", b"1")
    place = cache / part
    place.chmod(place.stat().st_mode | mode)
    assert kept.trusted("a/b/c") is None
    if part != "a/b/c":
        assert kept.folder("a/b") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners and modes here")
def test_what_another_user_owns_is_not_believed(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write("a/b/c", b"1")
    monkeypatch.setattr(os, "geteuid", lambda: cache.stat().st_uid + 1)
    assert kept.trusted("a/b/c") is None
    assert kept.folder("a/b") is None


def test_a_link_is_not_followed(cache: Path, tmp_path: Path) -> None:
    kept.write("a/c", b"1")
    (tmp_path / "elsewhere").write_bytes(b"2")
    (cache / "a/d").symlink_to(tmp_path / "elsewhere")
    assert kept.trusted("a/d") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no umask here")
def test_folders_are_private_whatever_the_umask_says(cache: Path) -> None:
    before = os.umask(0)
    try:
        kept.write("a/b/c", b"1")
    finally:
        os.umask(before)
    assert kept.trusted("a/b/c") is not None


def test_a_folder_that_is_a_file_keeps_nothing(cache: Path) -> None:
    cache.write_bytes(b"")
    kept.write("a/b/c", b"1")
    assert kept.trusted("a/b/c") is None
    assert kept.folder("a") is None
