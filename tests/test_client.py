"""The client against services that are none: every failure is one of ours."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from photoscan import client as client_module
from photoscan.client import Client, ServiceError
from photoscan.errors import UsageError
from photoscan.service.app import create_app
from photoscan.service.settings import Settings
from tests.service.stub import Pool


@pytest.fixture
def stranger() -> Iterator[HTTPServer]:
    """A server that answers every request with what its attributes `status` and `body` say."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.server.asked = self.path  # type: ignore[attr-defined]
            self.rfile.read(int(self.headers["content-length"]))
            server = self.server
            self.send_response(server.status)  # type: ignore[attr-defined]
            self.end_headers()
            self.wfile.write(server.body)  # type: ignore[attr-defined]

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


CHECKED = {"decision": "review", "reasons": [], "policy": {}, "report": {}}
MADE = {"photo": "AAE=", "media_type": "image/png", "receipt": {"a": 1}, "preview": "Ag=="}
STRANGE = [
    (404, []),
    (404, "no"),
    (200, []),
    (200, {"ok": True}),
    (200, None),
    (500, 7),
    (200, {"photo": "%"}),
    (200, {**CHECKED, "copy": {"photo": "%"}}),
    (200, {**CHECKED, "copy": 7}),
]


@pytest.mark.parametrize(("status", "document"), STRANGE)
@pytest.mark.parametrize("asks", ["check", "clean", "check_text"])
def test_an_answer_that_no_photoscan_gives_is_a_service_error(
    status: int, document: object, asks: str, stranger: HTTPServer
) -> None:
    stranger.status, stranger.body = status, json.dumps(document).encode()  # type: ignore[attr-defined]
    client = Client(f"http://127.0.0.1:{stranger.server_port}")
    with pytest.raises(ServiceError) as caught:
        client.check_text("hello") if asks == "check_text" else getattr(client, asks)(b"photo")
    assert caught.value.status == status


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:99999", "http://127.0.0.1:x", "http://[::1", "ftp://localhost", "localhost", ""]
)
def test_an_address_that_can_t_be_one_is_wrong_use(address: str) -> None:
    with pytest.raises(UsageError):
        Client(address)


def test_a_clean_asks_for_all_that_it_was_given(stranger: HTTPServer) -> None:
    row = {"photo": "AA==", "media_type": "image/png", "receipt": {}}
    stranger.status, stranger.body = 200, json.dumps(row).encode()  # type: ignore[attr-defined]
    client = Client(f"http://127.0.0.1:{stranger.server_port}")
    client.clean(b"photo", language="ms", coarsen_gps="city", to="png", boxes=[(1, 2, 3, 4), (5, 6, 7, 8)])
    asked = parse_qs(urlsplit(stranger.asked).query)  # type: ignore[attr-defined]
    assert asked == {"lang": ["ms"], "coarsen_gps": ["city"], "to": ["png"], "box": ["1,2,3,4", "5,6,7,8"]}
    client.clean(b"photo")
    assert urlsplit(stranger.asked).query == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "path", "least"), [("clean", "/v1/clean", 10), ("check", "/v1/check", 5), ("album", "/v1/album", 2)]
)
def test_whatever_the_service_can_be_asked_the_client_can_ask(method: str, path: str, least: int) -> None:
    said = inspect.signature(getattr(Client, method)).parameters
    names = {"lang": "language", "box": "boxes"}
    app, _ = create_app(Settings(), Pool())
    rows = app.app.openapi()["paths"][path]["post"]["parameters"]  # type: ignore[attr-defined]
    asked = {row["name"] for row in rows if row["in"] == "query"}
    assert len(asked) >= least
    assert {names.get(name, name) for name in asked} <= {*said}


@pytest.mark.parametrize("code", ["full", "worker_lost", "stopping", "not_ready", "same_key_at_work"])
def test_what_goes_away_by_itself_is_asked_again_and_not_by_all_at_once(
    code: str, stranger: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", paused.append)
    stranger.status, stranger.body = 503, json.dumps({"code": code}).encode()  # type: ignore[attr-defined]
    with pytest.raises(ServiceError) as caught:
        Client(f"http://127.0.0.1:{stranger.server_port}", retries=20).check(b"photo")
    assert caught.value.reason == code
    assert len(paused) == 20
    # The service says nothing of when: a second, and up to half of one on top.
    assert all(1 <= pause <= 1.5 for pause in paused)
    assert len({*paused}) > 10


@pytest.mark.parametrize("code", ["timeout", "corrupt", "model", "crash"])
def test_what_would_end_the_same_is_not_asked_again(
    code: str, stranger: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", paused.append)
    stranger.status, stranger.body = 503, json.dumps({"code": code}).encode()  # type: ignore[attr-defined]
    with pytest.raises(ServiceError):
        Client(f"http://127.0.0.1:{stranger.server_port}").check(b"photo")
    assert paused == []


def test_an_album_is_sent_as_one_form(stranger: HTTPServer, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"one")
    row = {"decision": "review", "policy": {}, "photos": [{"photo": 1}, {"photo": 2}], "together": {"repeats": []}}
    stranger.status, stranger.body = 200, json.dumps(row).encode()  # type: ignore[attr-defined]
    found = Client(f"http://127.0.0.1:{stranger.server_port}").album([tmp_path / "a.jpg", b"two"], language="ms")
    assert urlsplit(stranger.asked)[2:4] == ("/v1/album", "lang=ms")  # type: ignore[attr-defined]
    assert (found.decision, len(found.photos), found.together) == ("review", 2, {"repeats": []})


@pytest.mark.parametrize("document", [{"ok": True}, CHECKED], ids=["another", "a check"])
def test_what_is_no_album_is_a_stranger(document: dict[str, Any], stranger: HTTPServer) -> None:
    stranger.status, stranger.body = 200, json.dumps(document).encode()  # type: ignore[attr-defined]
    with pytest.raises(ServiceError):
        Client(f"http://127.0.0.1:{stranger.server_port}").album([b"one"])


def test_the_form_of_an_album_is_understood_by_the_service() -> None:
    pool = Pool()
    app, _ = create_app(Settings(), pool)
    body, kind = client_module._form([(b"\xff\xd8\xff\xe01", "ä.jpg"), (b"\xff\xd8\xff\xe02\r\n", None)], "hi")
    asked: list[Any] = []

    async def send() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            asked.append(await http.post("/v1/album", content=body, headers={"content-type": kind}))

    asyncio.run(send())
    photos = [job for job in pool.jobs if job.kind == "check"]
    assert [(job.data[4:], job.name, job.caption) for job in photos] == [(b"1", "ä.jpg", "hi"), (b"2\r\n", None, None)]


def test_a_check_brings_its_copy(stranger: HTTPServer) -> None:
    row = {**CHECKED, "kinds": {"face": {"title": "Face"}}, "copy": MADE, "tier": "fast"}
    stranger.status, stranger.body = 200, json.dumps(row).encode()  # type: ignore[attr-defined]
    check = Client(f"http://127.0.0.1:{stranger.server_port}").check(b"photo", copy=True, tiers=True, only="face")
    asked = parse_qs(urlsplit(stranger.asked).query)  # type: ignore[attr-defined]
    assert asked == {"copy": ["true"], "tiers": ["true"], "only": ["face"]}
    assert check.copy is not None
    assert (check.copy.data, check.copy.media_type, check.copy.preview) == (b"\0\1", "image/png", b"\2")
    assert (check.kinds["face"]["title"], check.tier, check.no_copy) == ("Face", "fast", None)


@pytest.mark.parametrize(
    ("more", "no_copy"), [({}, None), ({"copy": None}, None), ({"copy": None, "no_copy": "why"}, "why")]
)
def test_a_check_without_a_copy_says_so(more: dict[str, Any], no_copy: str | None, stranger: HTTPServer) -> None:
    stranger.status, stranger.body = 200, json.dumps({**CHECKED, **more}).encode()  # type: ignore[attr-defined]
    check = Client(f"http://127.0.0.1:{stranger.server_port}").check(b"photo", copy=True)
    assert (check.copy, check.no_copy, check.kinds, check.tier) == (None, no_copy, {}, None)
