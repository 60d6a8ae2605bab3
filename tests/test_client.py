"""The client against services that are none: every failure is one of ours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from photoscan.client import Client, ServiceError
from photoscan.errors import UsageError


@pytest.fixture
def stranger() -> Iterator[HTTPServer]:
    """A server that answers every request with what its attributes `status` and `body` say."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
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


STRANGE = [(404, []), (404, "no"), (200, []), (200, {"ok": True}), (200, None), (500, 7), (200, {"photo": "%"})]


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
