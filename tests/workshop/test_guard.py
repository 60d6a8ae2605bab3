"""The door of the workshop: only the page itself gets in, and every answer forbids what it does not need."""

from __future__ import annotations

import gzip
import re
from importlib import resources
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from photoscan.workshop.app import STATIC, Workshop
from photoscan.workshop.guard import ALWAYS, POLICY
from tests.workshop.conftest import client_of

WEIGHT = 350_000
"""Bytes of the page without samples, compressed."""
ANSWERS = {
    ("GET", "/"): 200,
    ("GET", "/static/app.js"): 200,
    ("GET", "/api/start"): 200,
    ("GET", "/api/samples/holiday"): 200,
    ("GET", "/api/samples/../../catalog.py"): 404,
    ("GET", "/api/samples/%2e%2e%2fnothing"): 404,
    ("GET", "/api/texts/xx"): 404,
    ("GET", "/static/../app.py"): 404,
    ("GET", "/static/%2e%2e/app.py"): 404,
    ("GET", "/static/"): 404,
    ("GET", "/nothing"): 404,
    ("GET", "/docs"): 404,
    ("GET", "/openapi.json"): 404,
    ("POST", "/api/photos"): 415,
    ("POST", "/api/samples/nothing"): 404,
    ("GET", "/api/photos/nothing/picture"): 404,
    ("GET", "/api/photos/nothing/copy"): 404,
    ("GET", "/api/photos/nothing/copy/receipt"): 404,
    ("DELETE", "/api/photos/nothing"): 204,
    ("PUT", "/api/photos"): 405,
}


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_every_answer_is_strict(method: str, path: str, client: TestClient) -> None:
    answer = client.request(method, path)
    assert answer.status_code == ANSWERS[method, path]
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    if answer.status_code not in (200, 204, 405):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


HOSTS = ("example.org", "example.org:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8765.example.org", "[::1]:8765", "")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS"])
def test_a_foreign_host_gets_nothing(method: str, host: str, client: TestClient) -> None:
    answer = client.request(method, "/", headers={"host": host})
    assert answer.status_code == 421
    assert answer.headers["content-security-policy"] == POLICY


def test_this_computer_by_its_other_name(client: TestClient) -> None:
    assert client.get("/", headers={"host": "localhost:8765"}).status_code == 200


STRANGERS: dict[str, tuple[str, str, dict[str, str]]] = {
    "another site reads": ("GET", "/api/start", {"sec-fetch-site": "cross-site"}),
    "another port reads": ("GET", "/api/start", {"sec-fetch-site": "same-site"}),
    "another site shows a sample": ("GET", "/api/samples/holiday", {"sec-fetch-site": "cross-site"}),
    "another site posts": ("POST", "/api/photos", {"sec-fetch-site": "cross-site"}),
    "a typed address posts": ("POST", "/api/photos", {"sec-fetch-site": "none"}),
    "a form posts": ("POST", "/api/photos", {"x-photoscan": ""}),
    "another origin posts": ("POST", "/api/photos", {"origin": "http://example.org"}),
    "no origin to speak of": ("POST", "/api/photos", {"origin": "null"}),
    "another site forgets": ("DELETE", "/api/photos/x", {"sec-fetch-site": "cross-site"}),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_another_page_gets_nothing(who: str, client: TestClient) -> None:
    method, path, headers = STRANGERS[who]
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "refused"


def test_an_old_browser_that_says_nothing_of_itself_is_let_in_with_our_header(workshop: Workshop) -> None:
    client = client_of(workshop)
    for name in ("sec-fetch-site", "origin"):
        del client.headers[name]
    assert client.post("/api/photos", content=b"no photo").status_code == 415


def test_the_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    assert POLICY.startswith("default-src 'none'")
    sources = {word for rule in POLICY.split(";") for word in rule.split()[1:]}
    assert sources == {"'none'", "'self'", "'script'"}


PAGE = sorted(p for p in STATIC.rglob("*") if p.suffix in {".html", ".css", ".js", ".svg"})


def test_the_folder_holds_the_page_and_nothing_else() -> None:
    assert sorted(path for path in STATIC.rglob("*") if path.is_file()) == PAGE


@pytest.mark.parametrize("file", PAGE, ids=lambda p: p.relative_to(STATIC).as_posix())
def test_a_file_of_the_page_names_no_other_host_and_writes_no_markup(file: Path) -> None:
    text = file.read_text("utf-8")
    assert set(re.findall(r"(?:https?:)?//[a-z0-9][\w.-]+\.[a-z]{2,}", text)) <= {"http://www.w3.org"}
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    if file.suffix == ".html":
        assert not re.search(r"<style|\son\w+=|\sstyle=|<script(?![^>]*\ssrc=)", text)


def test_the_page_is_light(client: TestClient) -> None:
    pieces = [file.read_bytes() for file in PAGE]
    pieces += [client.get(path).content for path in ("/api/start", "/api/texts/ms", "/api/world")]
    assert sum(len(gzip.compress(piece)) for piece in pieces) <= WEIGHT


def test_the_map_is_that_of_the_reports(client: TestClient) -> None:
    world = resources.files("photoscan").joinpath("render/assets/world.txt").read_text("ascii")
    assert client.get("/api/world").text == world.strip()
