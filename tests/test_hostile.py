"""Broken input ends in one honest line, never in a stack trace, and never hides the photos beside it."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import corrupt
from photoscan.errors import PhotoscanError
from photoscan.options import Limits
from photoscan.photo import Photo
from tests.conftest import Run

FILES = corrupt.files()


@pytest.mark.parametrize("name", sorted(FILES))
def test_opening_ends_as_expected(name: str) -> None:
    data, expected = FILES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            Photo.open(data, name=name).pixels()
            code = corrupt.OK
        except PhotoscanError as error:
            code = error.code
    assert code == expected


def test_a_folder_reports_every_file_and_all_the_others(run: Run, tmp_path: Path, demo: Path) -> None:
    expected = corrupt.write(tmp_path / "photos")
    (tmp_path / "photos" / "fine.jpg").write_bytes((demo / "landscape.jpg").read_bytes())
    result = run("scan", tmp_path / "photos", "--only", "metadata,face", "--format", "jsonl")
    rows = {Path(row["photo"]["path"]).name: row for row in map(json.loads, result.stdout.splitlines())}
    assert result.returncode == 2
    assert set(rows) == {*expected, "fine.jpg"}
    assert rows["fine.jpg"]["error"] is None
    for name, code in expected.items():
        assert (rows[name]["error"] or {"code": corrupt.OK})["code"] == code, name
        assert rows[name]["verdict"] in ("incomplete", "review", "block")
    complaints = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(complaints) == sum(code != corrupt.OK for code in expected.values())
    assert all(line.startswith("photoscan: ") for line in complaints)


BAD_ARGUMENTS = {
    "missing file": ["nowhere.jpg"],
    "folder without photos": ["{empty}"],
    "missing among others": ["nowhere.jpg", "{empty}"],
}


@pytest.mark.parametrize("case", sorted(BAD_ARGUMENTS))
def test_arguments_that_are_no_photos(case: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    paths = [argument.format(empty=tmp_path / "empty") for argument in BAD_ARGUMENTS[case]]
    result = run("scan", *paths, "--format", "jsonl")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()


def test_a_folder_named_like_a_photo_is_searched(run: Run, tmp_path: Path, demo: Path) -> None:
    folder = tmp_path / "photo.jpg"
    folder.mkdir()
    (folder / "inside.jpg").write_bytes((demo / "holiday.jpg").read_bytes())
    result = run("scan", folder, "--only", "metadata", "--format", "jsonl")
    assert json.loads(result.stdout)["photo"]["path"].endswith("inside.jpg")


def test_an_unreadable_file_is_told_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Permissions do not stop a privileged user, so the refusal comes from a stand-in for the operating system's.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PhotoscanError, match=r"secret\.jpg: can't be read: Permission denied"):
        Photo.open(tmp_path / "secret.jpg")


LIMITS = {
    "bytes": (Limits(max_bytes=100), "bytes"),
    "pixels": (Limits(max_pixels=1000), "pixels"),
}


@pytest.mark.parametrize("limit", sorted(LIMITS))
def test_limits_hold_before_anything_is_decoded(limit: str) -> None:
    limits, word = LIMITS[limit]
    with pytest.raises(PhotoscanError, match=word) as caught:
        Photo.open(FILES["named_wrongly.jpg"][0], limits)
    assert caught.value.code == "too_large"


GOOD = [data for data, expected in FILES.values() if expected == corrupt.OK] + [
    data for data, expected in FILES.values() if expected == "corrupt"
]


@given(st.sampled_from(GOOD), st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_mutated_files_end_in_a_photo_or_a_known_error(data: bytes, at: int, patch: bytes) -> None:
    at %= max(1, len(data))
    mutated = data[:at] + patch + data[at + len(patch) :]
    try:
        pixels = Photo.open(mutated, Limits(max_pixels=1_000_000)).pixels()
    except PhotoscanError:
        return
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
