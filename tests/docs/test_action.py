"""The GitHub Action: its shape, what it is given, and its script, run here with a stand-in for photoscan."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "action.yml").read_text("utf-8")
ACTION: dict[str, Any] = yaml.safe_load(TEXT)
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCAN = next(step for step in STEPS if step.get("name") == "Scan")
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the script is for bash")


def test_shape() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert ("uses" in step) != ("run" in step)
        assert "uses" in step or step["shell"] == "bash"
    for name, row in ACTION["inputs"].items():
        assert row["description"], name
        # Inputs are texts: a bare true would be told as a fault by some forges.
        assert isinstance(row["default"], str), name


def test_every_input_is_used_and_no_other_is() -> None:
    assert set(re.findall(r"inputs\.([\w-]+)", TEXT)) == set(ACTION["inputs"])


def test_actions_are_pinned_by_commit_with_their_tag() -> None:
    used = re.findall(r"uses: (.+)", TEXT)
    assert len(used) == 2
    assert [line for line in used if not re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_no_text_of_others_runs_in_a_shell() -> None:
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


def test_what_it_installs_is_there() -> None:
    names = set(re.findall(r"\$locks/([\w.]+)", TEXT))
    assert names
    assert [name for name in names if not (ROOT / "requirements" / name).exists()] == []


CALLS = {
    (): ["scan", "-o", "-", "-o", "photoscan.sarif", "--", "."],
    (("PATHS", "a b/\n-c.jpg\n\n$(touch x)\n"), ("SARIF", "out.sarif")): [
        "scan", "-o", "-", "-o", "out.sarif", "--", "a b/", "-c.jpg", "$(touch x)",
    ],
    (("METADATA_ONLY", "true"), ("POLICY", "strict; id"), ("FAIL_ON", "high"), ("BASELINE", "seen it.json")): [
        "scan", "-o", "-", "-o", "photoscan.sarif", "--only", "metadata", "--policy", "strict; id", "--fail-on", "high",
        "--baseline", "seen it.json", "--", ".",
    ],
}  # fmt: skip


@needs_bash
@pytest.mark.parametrize("given", CALLS)
def test_the_script_asks_as_its_inputs_say(given: tuple[tuple[str, str], ...], tmp_path: Path) -> None:
    program = tmp_path / "bin/photoscan"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%s\\0" "$@" > "$TOLD"\nexit 1\n')
    program.chmod(0o755)
    defaults = {
        name: ACTION["inputs"][re.findall(r"inputs\.([\w-]+)", value)[0]]["default"]
        for name, value in SCAN["env"].items()
    }
    told = tmp_path / "told"
    environment = {**defaults, **dict(given), "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    # As the runner calls bash for a step of that shell.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", SCAN["run"]]
    done = subprocess.run(command, env={**environment, "TOLD": str(told)}, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert told.read_text().split("\0")[:-1] == CALLS[given]
    assert not (tmp_path / "x").exists()
