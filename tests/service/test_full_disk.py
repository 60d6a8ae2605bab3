"""A disk that is full: the log can't be written any more, requests are answered all the same."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.service.stub import Service, photo, stub_command
from tests.service.test_app import problem

SETTINGS = {"workers": 2, "queue": 6, "timeout": 20.0, "upload_timeout": 5.0, "grace": 20, "drain": 0.2}
ROOM = 1000
"""Bytes of log: enough to say that it is ready, and then for a few requests."""


@pytest.mark.skipif(sys.platform == "win32", reason="bounds the size of files as Unix does")
def test_a_service_whose_log_is_full_answers_and_stops_in_peace(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, *stub_command(**SETTINGS)],
            stderr=stream,
            text=True,
            env={**os.environ, "LC_ALL": "C"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM)),
        )
    service = Service(process, "", log)
    try:
        service.wait_for("READY")
        url = next(word for word in service.said().split() if word.startswith("http://"))
        with httpx.Client(base_url=url, timeout=60) as http:
            for _ in range(20):
                assert http.post("/v1/check", content=photo()).status_code == 200
            assert log.stat().st_size == ROOM
            problem(http.post("/v1/check", content=photo("die")), "worker_lost")
            problem(http.post("/v1/check", content=photo("crash")), "crash")
            assert http.post("/v1/check", content=photo("x", 3_000_000)).status_code == 200
            assert http.post("/v1/clean", content=photo("x", 3_000_000)).content == photo("x", 3_000_000)
            with ThreadPoolExecutor(1) as crowd:
                last = crowd.submit(http.post, "/v1/check", content=photo("sleep 1.5"))
                while "photoscan_slots_taken 1.0" not in httpx.get(f"{url}/metrics").text:
                    pass
                process.send_signal(signal.SIGTERM)
                assert last.result().status_code == 200
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in service.said()
