"""Workflow files have the shape that a forge expects, ask for no more than they need, and run what is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
EXAMPLE = ROOT / "docs" / "examples" / "photos.yml"


def loaded(file: Path) -> dict[Any, Any]:
    rows = yaml.safe_load(file.read_text("utf-8"))
    assert isinstance(rows, dict)
    return rows


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in loaded(file)["jobs"].values() for step in job["steps"]]


def test_there_are_some() -> None:
    assert {file.stem for file in WORKFLOWS} >= {"check", "release"}
    assert len(FORMS) >= 2


@pytest.mark.parametrize("file", [*WORKFLOWS, EXAMPLE], ids=lambda f: f.stem)
def test_shape(file: Path) -> None:
    rows = loaded(file)
    # YAML 1.1 reads the key `on` as true.
    assert {"name", True, "permissions", "jobs"} <= set(rows)
    for name, job in rows["jobs"].items():
        assert job["runs-on"], name
        assert set(job.get("needs", ())) <= set(rows["jobs"]) or job["needs"] in rows["jobs"]
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), (name, step)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda f: f.stem)
def test_actions_are_pinned_by_commit_with_their_tag(file: Path) -> None:
    used = re.findall(r"uses: (.+)", file.read_text("utf-8"))
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda f: f.stem)
def test_rights_are_the_least(file: Path) -> None:
    rows = loaded(file)
    assert rows["permissions"] in ({}, {"contents": "read"})
    for name, job in rows["jobs"].items():
        assert "timeout-minutes" in job, name
        asked = {right for right, level in job.get("permissions", {}).items() if level == "write"}
        assert asked <= {"id-token", "attestations"}, name
    for step in steps(file):
        if str(step.get("uses", "")).startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda f: f.stem)
def test_no_text_of_others_runs_in_a_shell(file: Path) -> None:
    """What an expression holds is put into the script as it stands: a branch's name would be run."""
    assert [step["run"] for step in steps(file) if "${{" in str(step.get("run", ""))] == []


def test_what_is_published_was_built_tested_and_attested() -> None:
    jobs = loaded(ROOT / ".github/workflows/release.yml")["jobs"]
    assert set(jobs["publish"]["needs"]) == {"build", "attest"}
    assert jobs["publish"]["environment"] == "pypi"
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    commands = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert ".ci/run" in commands
    assert "make test-wheel" in commands


def test_the_promised_pythons_and_systems_are_tried() -> None:
    jobs = loaded(ROOT / ".github/workflows/check.yml")["jobs"]
    assert jobs["whole"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert jobs["elsewhere"]["strategy"]["matrix"]["system"] == ["macos-latest", "windows-latest"]
    told = (ROOT / "pyproject.toml").read_text("utf-8")
    assert set(re.findall(r"Python :: (3\.\d+)", told)) <= set(jobs["whole"]["strategy"]["matrix"]["python"])


def test_the_image_is_built_and_tried_without_a_network() -> None:
    commands = [step.get("run", "") for step in loaded(ROOT / ".github/workflows/check.yml")["jobs"]["image"]["steps"]]
    assert "make image" in commands
    (tried,) = [command for command in commands if command.startswith("docker run")]
    assert {"--network none", "--read-only", "--cap-drop ALL"} <= set(re.findall(r"--[\w-]+(?: (?!-|/)\w+)?", tried))
    files = [name for command in commands for name in re.findall(r"--file (\S+)", command)]
    assert [name for name in files if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda f: f.stem)
def test_what_is_run_exists(file: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for step in steps(file):
        for goal in re.findall(r"\bmake ([a-z-]+)", step.get("run", "")):
            assert goal in targets
        for path in re.findall(r"requirements/[\w.]+|\.ci/\w+", step.get("run", "")):
            assert (ROOT / path).exists()


@pytest.mark.parametrize("file", FORMS, ids=lambda f: f.stem)
def test_forms_ask_for_no_photo(file: Path) -> None:
    rows = loaded(file)
    assert {"name", "description", "body"} == set(rows)
    assert all({"type", "attributes"} <= set(part) for part in rows["body"])
    assert "no photo of real people" in " ".join(file.read_text("utf-8").split())
