"""What tests share: how often properties are tried, the sample photos, the command line, and what networks answered."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest
from click.testing import CliRunner

from fixtures import draw
from photoscan import catalog, kind
from photoscan.cli import main
from photoscan.models import sessions
from tests import program, properties, remembered

Run = Callable[..., subprocess.CompletedProcess[str]]

properties.register()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests, the same for all of its processes."""
    base = tmp_path_factory.getbasetemp()
    # Each worker of pytest-xdist has a folder of its own in the one of the run.
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def demo(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every sample photo and its manifest.json, drawn once for all workers; nobody writes into it."""

    def make(folder: Path) -> None:
        folder.mkdir()
        draw.write(folder)

    return remembered.once(shared / "demo", make)


@pytest.fixture(scope="session", autouse=True)
def cache(shared: Path) -> Iterator[None]:
    """What photoscan keeps to start faster is kept for this run alone."""
    with mock.patch.dict(os.environ, {"PHOTOSCAN_CACHE": str(shared / "cache")}):
        yield


@pytest.fixture(scope="session", autouse=True)
def networks(shared: Path) -> Iterator[None]:
    """The same network is not asked the same twice, whichever test asks. A thorough run asks each time."""
    if properties.thorough():
        yield
        return
    real = sessions._open
    with mock.patch.dict(os.environ, {program.FOLDER: str(shared / "answers")}):
        program.remember()
        yield
    sessions._open = real


@pytest.fixture(scope="session", autouse=True)
def one_process() -> Iterator[None]:
    """Commands stay in one process unless a test says otherwise: what it patched, and what was answered, is there."""
    with mock.patch.dict(os.environ, {"PHOTOSCAN_JOBS": "1"}):
        yield


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> Iterator[None]:
    """Programs that tests start can be interrupted, though a shell may have started the tests with that ignored."""
    before = signal.getsignal(signal.SIGINT)
    if before == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _completed(arguments: tuple[object, ...], code: int, out: bytes, err: bytes) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess(arguments, code, out.decode(), err.decode())


@pytest.fixture
def process() -> Run:
    """Run `photoscan` in a process of its own; standard output and error as text."""

    def call(*arguments: object, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [sys.executable, "-m", "tests.program", *map(str, arguments)], input=stdin, capture_output=True, check=False
        )
        return _completed(arguments, result.returncode, result.stdout, result.stderr)

    return call


@pytest.fixture
def run() -> Run:
    """The same in this process, where the process is not the point: nothing is started, no model is loaded again."""

    def call(*arguments: object, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
        given = ["photoscan", *map(str, arguments)]
        with CliRunner().isolation(stdin) as (out, err, _), mock.patch.object(sys, "argv", given):
            with pytest.raises(SystemExit) as ended:
                main()
            sys.stdout.flush()
            sys.stderr.flush()
            code = ended.value.code
            assert isinstance(code, int)
            return _completed(arguments, code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def newcomers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds that a test registers are gone after it."""
    monkeypatch.setattr(kind, "_READ", [dict(kind._table())])
    monkeypatch.setattr(catalog, "_ADDED", {})


LONG = (
    "tests/test_demo.py", "tests/browser/test_workshop.py", "tests/cli/test_batch_command.py", "tests/service/",
    "tests/workshop/", "tests/test_hooks.py", "tests/vision/", "tests/browser/", "tests/batch/", "tests/cleaning/",
    "tests/detectors/", "tests/risk/", "tests/fuzz/",
)  # fmt: skip
"""What takes longest comes first, so that no worker is left alone with it at the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave more of the same to a thorough run, and put long files first; the order within a file stays."""
    if not properties.thorough() and "thorough" not in config.option.markexpr:
        more = [item for item in items if item.get_closest_marker("thorough")]
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=more)
    items.sort(key=lambda item: next((i for i, begin in enumerate(LONG) if item.nodeid.startswith(begin)), len(LONG)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Answers are large, and pytest keeps the folders of its last runs: whoever started the workers removes them."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(session.config._tmp_path_factory.getbasetemp() / "answers", ignore_errors=True)  # type: ignore[attr-defined]
