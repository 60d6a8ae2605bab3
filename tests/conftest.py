"""What tests share: how often properties are tried, the sample photos, and the command line as a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures import draw
from photoscan import catalog, kind
from tests import properties

Run = Callable[..., subprocess.CompletedProcess[str]]

properties.register()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every sample photo and its manifest.json."""
    folder = tmp_path_factory.mktemp("demo")
    draw.write(folder)
    return folder


@pytest.fixture
def run() -> Run:
    """Run `photoscan` as a user would; standard output and error as text."""

    def call(*arguments: object, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [sys.executable, "-m", "photoscan", *map(str, arguments)], input=stdin, capture_output=True, check=False
        )
        return subprocess.CompletedProcess(
            result.args, result.returncode, result.stdout.decode(), result.stderr.decode()
        )

    return call


@pytest.fixture
def newcomers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds that a test registers are gone after it."""
    monkeypatch.setattr(kind, "_READ", [dict(kind._table())])
    monkeypatch.setattr(catalog, "_ADDED", {})
