"""`photoscan workshop`: it starts on this computer alone, says where, and ends with a word."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from photoscan import models
from photoscan.catalog import LANGUAGES, text
from photoscan.errors import ModelError, NotInstalledError
from photoscan.options import ScanOptions
from photoscan.workshop import serving
from tests.conftest import Run

IMPATIENT = """
from photoscan.__main__ import main
from photoscan.workshop import serving
serving.PATIENCE = 0.3
main()
"""


@contextmanager
def started(*arguments: str, how: Sequence[str] = ("-m", "photoscan")) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command, and the address that it printed."""
    command = [sys.executable, *how, "workshop", "--no-browser", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            assert found, line + process.stdout.read()
            yield process, found.group()
        finally:
            process.kill()


def test_it_serves_until_it_is_interrupted_and_says_goodbye() -> None:
    with started("--lang", "ms") as (process, address):
        with urllib.request.urlopen(address) as answer:
            assert b"<title>photoscan</title>" in answer.read()
        with urllib.request.urlopen(f"{address}api/start") as answer:
            assert b'"language":"ms"' in answer.read()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert said == "Selamat tinggal. Semua gambar sudah dilupakan.\n"


def test_who_waits_for_news_is_answered_when_it_ends() -> None:
    """Or the server would cut them off, and complain of it on the terminal."""
    ours = {"x-photoscan": "workshop", "content-type": "application/json"}
    with started("--lang", "en") as (process, address):
        body = json.dumps({"teams": ["A", "B"], "rounds": ["cat"]}).encode()
        asked = urllib.request.Request(f"{address}api/lesson", body, ours, method="POST")
        with urllib.request.urlopen(asked) as answer:
            version = json.loads(answer.read())["version"]
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        waiting = http.client.HTTPConnection(host, int(port), timeout=20)
        waiting.request("GET", f"/api/lesson?since={version}")
        with urllib.request.urlopen(f"{address}api/lesson") as answer:  # by now the other one waits
            assert json.loads(answer.read())["version"] == version
        process.send_signal(signal.SIGINT)
        assert waiting.getresponse().status == 204
        said, _ = process.communicate(timeout=20)
        assert said == text("workshop.cli.goodbye") + "\n"


def test_a_connection_that_stands_still_is_cut() -> None:
    with started(how=("-c", IMPATIENT)) as (_, address):
        port = int(address.rstrip("/").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 20) as line:
            line.sendall(b"GET / HTTP/1.1\r\nX: ")
            with suppress(ConnectionResetError):
                assert line.recv(1) == b""


def test_what_is_not_http_gets_a_problem_too() -> None:
    with started() as (_, address):
        port = int(address.rstrip("/").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 20) as line:
            line.sendall(b"hello\r\n\r\n")
            answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer


def test_its_names_are_those_that_a_browser_says() -> None:
    assert serving.hosts(8765) == ("127.0.0.1:8765", "localhost:8765")
    assert {"127.0.0.1", "localhost"} < set(serving.hosts(80))


def test_a_port_that_is_taken_is_told(process: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = process("workshop", "--no-browser", "--port", port)
    assert result.returncode == 2
    assert f"port {port} is in use" in result.stderr


def test_an_unknown_policy_is_told_before_anything_is_served(process: Run) -> None:
    result = process("workshop", "--no-browser", "--policy", "nonsense")
    assert result.returncode == 2
    assert "http://" not in result.stdout


@pytest.mark.parametrize("damage", ["missing", "damaged", "outdated"])
def test_without_its_models_it_does_not_start_and_names_the_command_that_helps(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoscan.models.store._checked", {})
    for model in models.in_use():
        if damage != "missing" or model.name != "face-detector":
            shutil.copytree(models.path(model.name).parent, tmp_path / model.name)
    monkeypatch.setattr("photoscan.models.store._checked", {})
    monkeypatch.setenv("PHOTOSCAN_MODELS", str(tmp_path))
    last = max(tmp_path.iterdir())
    if damage == "damaged":
        (last / models.known()[last.name].file_name).write_bytes(b"nothing")
    if damage == "outdated":
        record = json.loads((last / "prepared.json").read_text())
        (last / "prepared.json").write_text(json.dumps(record | {"preparation": 0}))

    def opened(address: str) -> None:
        raise AssertionError("it started")

    with pytest.raises(ModelError) as refused:
        serving.serve(ScanOptions(policy="workshop"), 0, opened)
    for language in LANGUAGES:
        assert "photoscan models install" in refused.value.text(language)


def test_the_command_ends_with_2_where_there_are_no_models(
    process: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOSCAN_MODELS", str(tmp_path))
    result = process("workshop", "--no-browser")
    assert result.returncode == 2
    assert "photoscan models install" in result.stderr
    assert "http://" not in result.stdout


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(NotInstalledError, match=r"pip install '\.\[workshop\]'"):
        serving.serve(ScanOptions(policy="workshop"), 0, lambda address: None)
