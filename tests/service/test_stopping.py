"""A stop with a drain: /readyz says so at once, and the listener goes only after a while."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from photoscan.errors import UsageError
from photoscan.service.settings import Settings
from tests.service.stub import photo, running, stub_command
from tests.service.test_app import App, problem

SETTINGS = {"workers": 2, "queue": 2, "timeout": 20.0, "upload_timeout": 5.0, "grace": 20}


def test_while_it_drains_it_says_so_and_answers(tmp_path: Path) -> None:
    with running(tmp_path, stub_command(**SETTINGS, drain=3.0)) as service, ThreadPoolExecutor(1) as crowd:
        assert "connection" not in service.http.get("/readyz").headers
        long = crowd.submit(service.http.post, "/v1/check", content=photo("sleep 5"))
        time.sleep(0.5)
        started = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        service.wait_for("STOPPING")
        # On connections that did not exist before.
        with httpx.Client(base_url=service.url, timeout=20) as late:
            problem(late.get("/readyz"), "stopping")
            answer = late.post("/v1/check", content=photo())
        assert time.monotonic() - started < 3
        assert answer.status_code == 200
        assert answer.headers["connection"] == "close"
        assert service.process.wait(30) == 0
        assert time.monotonic() - started >= 3
        assert long.result().status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{service.url}/healthz")
    assert service.said().count("STOPPING") == 1
    assert "Traceback" not in service.said()


def test_a_second_signal_ends_the_drain(tmp_path: Path) -> None:
    with running(tmp_path, stub_command(**SETTINGS, drain=300.0)) as service:
        service.process.send_signal(signal.SIGTERM)
        service.wait_for("STOPPING")
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(30) == 0


def test_a_service_that_stops_ends_each_connection() -> None:
    app = App()
    assert "connection" not in app.check().headers
    app.service.stopping = True
    assert app.check().headers["connection"] == "close"


def test_a_drain_is_no_time_before_now() -> None:
    with pytest.raises(UsageError):
        Settings(drain=-1.0)
    assert Settings().drain == 0
