"""Limits on one photo: how they are written, in which commands, and that a copy of what they let through is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Said


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "a.png"
    Image.effect_noise((600, 500), 99).save(file)
    return file


@pytest.mark.parametrize("option", ["--max-bytes 10KiB", "--max-pixels 100"])
@pytest.mark.parametrize(
    "command", ["scan --only metadata", "clean --metadata-only --dry-run", "clean --dry-run", "read"]
)
def test_a_limit_refuses_and_names_the_option(command: str, option: str, photo: Path, said: Said) -> None:
    code, out, err = said(*command.split(), str(photo), *option.split())
    if "metadata" in command and "pixels" in option:
        # What the file says is read and left out without decoding the picture.
        assert code == 0, err
        return
    assert code == 2
    assert f"{option.split()[0]} 1M" in " ".join((out + err).split())


def test_batch_has_them_too(photo: Path, tmp_path: Path, said: Said) -> None:
    out = tmp_path / "out"
    code, _, _ = said("batch", str(photo.parent), "--out", str(out), "--only", "metadata", "--max-bytes", "10KiB")
    assert code == 2
    assert "more than the limit of 10 KiB; --max-bytes 1MiB lifts it" in (out / "reports.jsonl").read_text()


def test_what_a_lifted_limit_lets_through_is_copied(photo: Path, tmp_path: Path, said: Said) -> None:
    copied = ("clean", str(photo), "--redact", "plate", "-o")
    code, _, err = said(*copied, str(tmp_path / "b.png"), "--max-pixels", "0.3 MP")
    assert code == 0, err
    code, _, err = said(*copied, str(tmp_path / "c.png"), "--max-pixels", "299999")
    assert code == 2
    assert not (tmp_path / "c.png").exists()


@pytest.mark.parametrize("wrong", ["much", "0", "-4", "64MP"])
def test_what_is_no_amount_is_told(wrong: str, photo: Path, said: Said) -> None:
    code, _, err = said("scan", str(photo), "--max-bytes", wrong)
    assert code == 2
    assert "--max-bytes has to be an amount such as 400MiB" in err
