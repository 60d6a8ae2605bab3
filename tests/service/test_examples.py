"""The examples of the pages do what the pages say."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.service.stub import Service, photo, running, stub_command

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("service"), stub_command(workers=1)) as found:
        yield found


@pytest.fixture
def website(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of the example's website, whose photos go to `uploads` in tmp_path."""
    pytest.importorskip("flask", reason="THE UPLOAD FORM IN docs/examples IS NOT TESTED: Flask is not installed")
    monkeypatch.setenv("PHOTOSCAN_URL", service.url)
    monkeypatch.setenv("UPLOADS", str(tmp_path / "uploads"))
    spec = importlib.util.spec_from_file_location("upload_form", EXAMPLES / "upload_form.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app.test_client()


UPLOADS = {
    "allow": (photo("decide allow"), 201, "Shared.", [photo("decide allow")]),
    "review": (photo("decide review"), 201, "Shared as a safe copy", [b"clean"]),
    "review, and its copy too": (photo("decide review") + b"stays", 422, "Not shared.", []),
    "block": (photo("decide block"), 422, "Not shared.", []),
    "incomplete": (photo("decide incomplete"), 422, "Not shared.", []),
    "broken": (photo("corrupt"), 422, "This photo is broken", []),
    "no photo": (b"hello", 422, "This is not a photo", []),
    "crash": (photo("crash"), 503, "try again later", []),
}


@pytest.mark.parametrize("case", sorted(UPLOADS))
def test_the_upload_form(case: str, website: Any, tmp_path: Path) -> None:
    data, status, words, kept = UPLOADS[case]
    answer = website.post("/", data={"photo": (io.BytesIO(data), "a.jpg"), "caption": "hi"})
    assert answer.status_code == status
    assert words in answer.text
    assert [file.read_bytes() for file in (tmp_path / "uploads").glob("*")] == kept


def test_the_upload_form_without_a_service_keeps_nothing(
    website: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.application.view_functions["upload"].__globals__["service"] = nobody()
    answer = website.post("/", data={"photo": (io.BytesIO(photo()), "a.jpg")})
    assert answer.status_code == 503
    assert not (tmp_path / "uploads").exists()


def nobody() -> Any:
    from photoscan.client import Client

    return Client("http://127.0.0.1:1")


def test_the_upload_form_shows_itself(website: Any) -> None:
    assert 'name="photo"' in website.get("/").text
    assert website.post("/", data={}).status_code == 400


def test_the_check_in_process(demo: Path, tmp_path: Path) -> None:
    with Image.open(demo / "landscape.jpg") as image:
        image.resize((480, 320)).save(tmp_path / "fine.jpg")
    command = [sys.executable, EXAMPLES / "in_process.py", tmp_path / "fine.jpg", demo / "manifest.json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    fine, other = result.stdout.splitlines()
    assert fine.endswith(f"allow, {(tmp_path / 'fine.jpg').stat().st_size:,} bytes kept")
    assert other.endswith("unsupported_format, nothing kept")
