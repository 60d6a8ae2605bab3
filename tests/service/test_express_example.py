"""The recipe for Express, with Express itself where it is installed, and with a stand-in for it anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from photoscan.service import keys
from tests.service.stub import Service, photo, running, stub_command

ROOT = Path(__file__).parents[2]
RECIPE = Path("docs") / "examples" / "gate" / "express_upload.mjs"
NODE_MODULES = "PHOTOSCAN_NODE_MODULES"
"""The variable that names a folder of Node packages with Express in it."""
PASSES = {
    "allow": (photo("decide allow"), 201, "Shared."),
    "review": (photo("decide review"), 201, "Shared."),
    "incomplete": (photo("decide incomplete"), 422, "policy"),
    "block": (photo("decide block"), 422, "policy"),
    "broken": (photo("corrupt"), 422, "broken"),
    "no photo": (b"words, and no photo at all", 422, "not a photo"),
    "crash": (photo("crash"), 503, "checked just now"),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """With a key: `service.key`."""
    folder = tmp_path_factory.mktemp("service")
    key = keys.add(folder / "keys.json", "site")
    with running(folder, stub_command(workers=1, keys=str(folder / "keys.json"))) as found:
        found.key = key  # type: ignore[attr-defined]
        yield found


@pytest.fixture(scope="module", params=["express", "stand-in"])
def program(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recipe beside what it imports."""
    if shutil.which("node") is None:
        pytest.skip("THE RECIPE FOR EXPRESS IS NOT TESTED: Node is not installed")
    folder = tmp_path_factory.mktemp("site")
    (folder / RECIPE).parent.mkdir(parents=True)
    shutil.copy(ROOT / RECIPE, folder / RECIPE)
    (folder / "clients").symlink_to(ROOT / "clients")
    modules = Path(os.environ.get(NODE_MODULES, ROOT / "clients" / "js" / "node_modules"))
    if request.param == "express":
        if not (modules / "express").is_dir():
            pytest.skip(f"THE RECIPE FOR EXPRESS IS TESTED WITH A STAND-IN ALONE: {NODE_MODULES} names no Express")
        (folder / "node_modules").symlink_to(modules)
    else:
        package = folder / "node_modules" / "express"
        package.mkdir(parents=True)
        shutil.copy(Path(__file__).with_name("express_stand_in.mjs"), package / "index.mjs")
        (package / "package.json").write_text('{"name": "express", "exports": "./index.mjs"}')
    return folder / RECIPE


@contextmanager
def website(program: Path, uploads: Path, url: str, **more: str) -> Iterator[httpx.Client]:
    variables = {**os.environ, "PORT": "0", "UPLOADS": str(uploads), "PHOTOSCAN_URL": url, **more}
    with subprocess.Popen(["node", program], stdout=subprocess.PIPE, text=True, env=variables) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[-1]
            with httpx.Client(base_url=address, timeout=60) as client:
                yield client
        finally:
            process.terminate()


@pytest.fixture
def site(program: Path, service: Any, tmp_path: Path) -> Iterator[httpx.Client]:
    with website(program, tmp_path / "up", service.url, PHOTOSCAN_API_KEY=service.key) as client:
        yield client


def test_each_photo_by_the_gate(site: httpx.Client, tmp_path: Path) -> None:
    kept = []
    for name, (data, status, words) in PASSES.items():
        answer = site.post("/share", files={"photo": ("a.jpg", data)})
        assert (answer.status_code, words in answer.text) == (status, True), (name, answer.text)
        kept += [data] if status == 201 else []
    assert sorted(file.read_bytes() for file in (tmp_path / "up").glob("*")) == sorted(kept)
    assert site.post("/share", data={"photo": "words"}).status_code == 400
    assert site.post("/share", content=b"").status_code == 400


def test_the_page_gets_the_component_and_the_way_to_the_service_without_its_key(site: httpx.Client) -> None:
    page = site.get("/")
    assert "<photoscan-check" in page.text
    for name in ("element", "client", "style", "words"):
        script = site.get(f"/photoscan-client/{name}.js")
        assert script.status_code == 200
        assert "javascript" in script.headers["content-type"]
    # What a browser sends of its own is no hindrance: the service would refuse a foreign Origin.
    browser = {"origin": str(site.base_url), "sec-fetch-site": "same-origin", "cookie": "session=1"}
    form = {"photo": ("a.jpg", photo("decide review"))}
    answer = site.post("/photoscan/v1/check?lang=ms", files=form, headers=browser)
    assert answer.status_code == 200
    assert answer.json()["decision"] == "review"
    assert answer.headers["cache-control"] == "no-store"
    refused = site.post("/photoscan/v1/check", files={"photo": ("a.jpg", photo("corrupt"))}, headers=browser)
    assert (refused.status_code, refused.json()["code"]) == (422, "corrupt")
    foreign = site.post("/photoscan/v1/check", files=form, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403


@pytest.mark.parametrize("path", ["/photoscan/metrics", "/photoscan/v1/check/../../metrics", "/photoscan/openapi.json"])
def test_nothing_else_of_the_service_can_be_reached(path: str, site: httpx.Client) -> None:
    assert site.get(path).status_code == 404
    assert site.post(path, content=b"x").status_code == 404


@pytest.mark.parametrize(("otherwise", "status"), [("closed", 503), ("open", 201)])
def test_where_nobody_looks(otherwise: str, status: int, program: Path, tmp_path: Path) -> None:
    with website(program, tmp_path / "up", "http://127.0.0.1:9", PHOTOSCAN_OTHERWISE=otherwise) as client:
        assert client.post("/share", files={"photo": ("a.jpg", photo())}).status_code == status
        assert client.post("/photoscan/v1/check", content=photo()).status_code == 502
    assert len([*(tmp_path / "up").glob("*")]) == (status == 201)
