"""What an image asks of its container: the service where it serves, the models where it does not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from photoscan.service import health


@contextmanager
def answering(status: int) -> Iterator[tuple[int, list[str]]]:
    """A server that answers so; its port, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[1], asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False), (404, False), (500, False)])
def test_only_a_service_that_says_so_is_ready(status: int, ready: bool) -> None:
    with answering(status) as (port, asked):
        assert health.is_ready("127.0.0.1", port) is ready
    assert asked == ["/readyz"]


def test_where_nobody_listens_nothing_is_ready() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        assert not health.is_ready("127.0.0.1", taken.getsockname()[1])


def test_a_service_that_stands_still_is_not_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not health.is_ready("127.0.0.1", silent.getsockname()[1], seconds=0.05)


@pytest.mark.parametrize(
    ("words", "variables", "expected"),
    [
        ("photoscan serve", {}, ("127.0.0.1", 8000)),
        ("photoscan serve --host 0.0.0.0 --keys k.json", {}, ("127.0.0.1", 8000)),
        ("photoscan serve --host=:: --port=9000", {}, ("::1", 9000)),
        ("photoscan serve --port 1 --port 9001", {}, ("127.0.0.1", 9001)),
        ("photoscan serve", {"PHOTOSCAN_SERVE_PORT": "9002", "PHOTOSCAN_SERVE_HOST": "10.0.0.7"}, ("10.0.0.7", 9002)),
        ("photoscan serve --port 9003", {"PHOTOSCAN_SERVE_PORT": "9002"}, ("127.0.0.1", 9003)),
    ],
)
def test_the_address_is_the_one_that_the_service_was_given(
    words: str, variables: dict[str, str], expected: tuple[str, int]
) -> None:
    assert health.address(words.split(), variables) == expected


def main_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    file = tmp_path / "cmdline"
    file.write_bytes(b"\0".join(words.encode().split()) + b"\0")
    monkeypatch.setattr(health, "_MAIN", file)


@pytest.mark.parametrize(("status", "exit_status"), [(200, 0), (503, 1)])
def test_a_container_that_serves_is_asked_itself(
    status: int, exit_status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(status) as (port, asked):
        main_process(tmp_path, monkeypatch, f"/bin/tini -- python photoscan serve --port {port}")
        assert health.main() == exit_status
    assert asked == ["/readyz"]


@pytest.mark.parametrize(
    "words",
    [
        "photoscan scan serve",
        "photoscan batch photos --out out",
        "photoscan serve add-key a",
        "photoscan serve change-key a",
        "photoscan serve list-keys",
    ],
)
@pytest.mark.parametrize(("verified", "exit_status"), [(0, 0), (2, 1)])
def test_of_any_other_container_the_models_are_verified(
    words: str, verified: int, exit_status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main_process(tmp_path, monkeypatch, words)
    run: list[list[str]] = []

    class Done:
        returncode = verified

    def instead(command: list[str], check: bool) -> Done:
        run.append(command)
        return Done()

    monkeypatch.setattr(health.subprocess, "run", instead)
    assert health.main() == exit_status
    assert [command[1:] for command in run] == [["-m", "photoscan", "models", "verify"]]


def test_the_image_asks_it() -> None:
    recipe = (Path(__file__).parents[2] / "Dockerfile").read_text()
    assert f'CMD ["python", "-m", "{health.__name__}"]' in recipe
