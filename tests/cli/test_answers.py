"""Answers that can't be written, and web addresses where a path belongs: told, with a status that is no answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from photoscan.cli.root import root
from photoscan.errors import NotReadableError, UsageError
from tests.conftest import Run

FULL = Path("/dev/full")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "a.jpg"
    Image.new("RGB", (16, 16)).save(file)
    return file


def commands(photo: Path) -> list[list[str]]:
    look = ["scan", "--only", "metadata", str(photo)]
    return [
        *([*look, "--format", name] for name in ("text", "json", "jsonl", "html", "sarif")),
        ["clean", "--metadata-only", "--dry-run", str(photo), str(photo)],
        ["policy", "show", "default"],
        ["--help"],
    ]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["-o", "out", "--drop-extras"], "--in-place"),
        (["--dry-run", "--drop-extras"], "--in-place"),
        (["--check", "--drop-extras"], "--in-place"),
        (["--dry-run", "--keep-time"], "--dry-run or --check"),
        (["--check", "--keep-time"], "--dry-run or --check"),
    ],
)
def test_an_option_without_effect_is_refused(
    options: list[str], why: str, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photo.parent)
    done = CliRunner().invoke(root, ["clean", str(photo), "--metadata-only", "--lang", "en", *options])
    assert (done.exit_code, why in done.output) == (2, True)
    assert [file.name for file in photo.parent.iterdir()] == [photo.name]


def test_standard_input_has_no_time_to_keep(tmp_path: Path) -> None:
    out = tmp_path / "out.jpg"
    done = CliRunner().invoke(root, ["clean", "-", "-o", str(out), "--metadata-only", "--keep-time", "--lang", "en"])
    assert (done.exit_code, "standard input" in done.output, out.exists()) == (2, True, False)


def called(arguments: list[str], out: int) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "photoscan", *arguments], stdout=out, stderr=subprocess.PIPE, check=False, timeout=120
    )


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_an_answer_that_does_not_fit_is_told(photo: Path) -> None:
    for arguments in commands(photo):
        with FULL.open("wb") as full:
            done = called(arguments, full.fileno())
        assert done.returncode == 2, arguments
        assert b"the output can't be written: " in done.stderr
        assert done.stderr.count(b"\n") == 1, done.stderr


def test_a_reader_who_has_gone_is_not_complained_of(photo: Path) -> None:
    for arguments in commands(photo)[:2] + commands(photo)[-3:]:
        reading, writing = os.pipe()
        os.close(reading)
        done = called(arguments, writing)
        os.close(writing)
        assert (done.returncode, done.stderr) == (2, b""), arguments


ADDRESS = "s3://bucket/some"
PAGE = "https://example.org/some"
"""What no command reads; a batch reads from stores."""
CALLS = {
    "batch from": ["batch", PAGE, "--out", "out"],
    "batch to": ["batch", ".", "--out", PAGE],
    "scan to": ["scan", "a.jpg", "-o", ADDRESS],
    "baseline": ["scan", "a.jpg", "--baseline", ADDRESS],
    "people": ["scan", "a.jpg", "--people", ADDRESS],
    "policy": ["scan", "a.jpg", "--policy", ADDRESS],
    "clean to": ["clean", "a.jpg", "-o", ADDRESS],
    "receipt": ["clean", "a.jpg", "-o", "b.jpg", "--receipt", ADDRESS],
    "known person": ["people", "add", "Aina", ADDRESS],
    "list of people": ["people", "list", "--people", ADDRESS],
    "keys": ["serve", "list-keys", "--keys", ADDRESS],
}


@pytest.mark.parametrize("case", sorted(CALLS))
def test_a_web_address_is_refused_by_name(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (16, 16)).save("a.jpg")
    done = CliRunner().invoke(root, CALLS[case])
    assert isinstance(done.exception, NotReadableError)
    named = PAGE if PAGE in CALLS[case] else ADDRESS
    advice = "a web address; photoscan works offline: download the photo first, then give its file"
    assert str(done.exception) == f"{named}: {advice}"
    assert [file.name for file in tmp_path.iterdir()] == ["a.jpg"]


def test_a_photo_at_a_web_address_is_told_by_each_command(run: Run, tmp_path: Path) -> None:
    for arguments in (["scan", ADDRESS], ["read", ADDRESS], ["clean", ADDRESS, "-o", tmp_path / "b.jpg"]):
        done = run(*arguments)
        assert done.returncode == 2
        # Once: the report of a scan is the place for it.
        assert " ".join((done.stdout + done.stderr).split()).count("a web address; photoscan works offline") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_mistyped_setting_of_the_service_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOSCAN_SERVE_POLCY", "strict")
    done = CliRunner().invoke(root, ["serve", "--host", "203.0.113.9"])
    assert isinstance(done.exception, UsageError)
    assert "PHOTOSCAN_SERVE_POLCY: " in str(done.exception)
    assert "PHOTOSCAN_SERVE_POLICY" in str(done.exception)
    monkeypatch.delenv("PHOTOSCAN_SERVE_POLCY")
    for name, value in (
        ("POLICY", "strict"),
        ("WORKERS", "1"),
        ("MAX_BYTES", "9"),
        ("ALLOW_HOST", "a"),
        ("QUEUE", "1"),
    ):
        monkeypatch.setenv(f"PHOTOSCAN_SERVE_{name}", value)
    # Known ones pass: what is left to refuse is an open address without keys.
    done = CliRunner().invoke(root, ["serve", "--host", "203.0.113.9"])
    assert "--keys" in str(done.exception)
