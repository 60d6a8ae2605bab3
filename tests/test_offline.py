"""A scan opens no socket, leaves nothing behind, and says no personal value where nobody asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from photoscan import models
from tests.conftest import Run

DENY = """
import socket, sys

def deny(*arguments, **keywords):
    raise AssertionError("a socket was opened")

socket.socket.__init__ = deny
socket.create_connection = deny
socket.getaddrinfo = deny
from photoscan.cli import main
main()
"""


@pytest.fixture(scope="module")
def small(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A card and a screenshot that every network has something to do with, and not for long: nothing is remembered."""
    files = []
    for name in ("identity_card.jpg", "screenshot_qr.png"):
        files.append(tmp_path_factory.mktemp("small") / name)
        with Image.open(demo / name) as image:
            image.thumbnail((600, 600))
            image.save(files[-1])
    return files


def test_a_full_scan_opens_no_socket(small: list[Path]) -> None:
    command = [sys.executable, "-c", DENY, "scan", *map(str, small)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1, result.stderr
    assert "a socket was opened" not in result.stdout + result.stderr


def test_no_library_makes_a_system_call_for_a_socket(small: list[Path], tmp_path: Path) -> None:
    """Below Python as well: the inference library carries a telemetry client of its own, which has to stay off."""
    strace = shutil.which("strace")
    environment = os.environ | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment["PHOTOSCAN_MODELS"] = str(models.path("face-detector").parent.parent)
    command = [sys.executable, "-m", "photoscan", "scan", str(small[0])]
    log = tmp_path / "calls"
    if strace:
        command = [strace, "-f", "-e", "trace=socket,connect", "-o", str(log), *command]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 1, result.stderr
    if strace:
        assert "socket(AF_INET" not in log.read_text()
        log.unlink()
    # The client keeps its queue in the home folder from its first start on: an untouched home is proof as well.
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


CANARIES = {
    "holiday.jpg": ["Hakim", "Yusri", "0047719", "family holiday", "6.320094"],
    "whiteboard.jpg": ["mango", "Kite47", "0193"],
    "letter_turned.jpg": ["Lestari", "3273015206940007", "Cempaka"],
    "screenshot_qr.png": ["hujan", "Petang88"],
}


@pytest.mark.parametrize("name", sorted(CANARIES))
@pytest.mark.parametrize("format_", ["text", "json"])
def test_nothing_personal_in_any_output_unless_asked(name: str, format_: str, run: Run, demo: Path) -> None:
    result = run("scan", demo / name, "--format", format_, "-v")
    said = result.stdout + result.stderr
    assert [canary for canary in CANARIES[name] if canary in said] == []
