"""The hooks of .pre-commit-hooks.yaml and the steps of the example workflow, run as their runners would."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from photoscan.folder import SUFFIXES
from photoscan.formats import Format

ROOT = Path(__file__).parent.parent
TABLE = {row["id"]: row for row in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
HOOKS = {name: row["entry"] for name, row in TABLE.items()}
STEPS = re.findall(r"- run: (.+)\n", (ROOT / "docs/examples/photos.yml").read_text())


def call(line: str, folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """A command line that begins with 'photoscan', in a folder, with file names behind it."""
    program, *arguments = shlex.split(line)
    assert program == "photoscan"
    command = [sys.executable, "-m", "tests.program", *arguments, *files]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path, demo: Path) -> Path:
    (tmp_path / "assets").mkdir()
    for source, name in (
        ("holiday.jpg", "my holiday.jpg"),
        ("landscape.jpg", "fine.jpg"),
        ("car_malaysia.jpg", "a.jpg"),
    ):
        (tmp_path / "assets" / name).write_bytes((demo / source).read_bytes())
    return tmp_path


def test_there_are_two_hooks_in_plain_yaml() -> None:
    assert set(HOOKS) == {"photoscan-metadata", "photoscan"}
    for line in (ROOT / ".pre-commit-hooks.yaml").read_text().splitlines():
        # In plain YAML neither ': ' nor ' #' may stand in an unquoted value.
        assert re.fullmatch(r"#.*|(- |  )[a-z_]+: (?!.*(: | #)).+", line), line


def test_photos_are_told_by_the_suffixes_that_folders_go_by() -> None:
    # What has no pixels that are looked at would not be inspected, and fail: drawings, films, RAW files.
    unseen = {suffix for f in Format if not f.decodable and f is not Format.JXL for suffix in f.row.suffixes}
    for name, wanted in (("photoscan-metadata", SUFFIXES), ("photoscan", SUFFIXES - unseen)):
        row = TABLE[name]
        assert not {"types", "types_or", "exclude_types"} & set(row), "what is told by type is not handed over"
        expression = re.compile(row["files"])
        found = {suffix for suffix in SUFFIXES if expression.search(f"a folder/b{suffix}")}
        assert found == wanted
        assert [s for s in wanted if not expression.search(f"B{s.upper()}")] == []
        for other in ("a.jpg.txt", "jpg", "a.jpgx", "photo.py", "a.xjpg"):
            assert not expression.search(other)


def test_the_hook_that_is_given_drawings_does_not_fail_them(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><rect width="4" height="4"/></svg>')
    assert call(HOOKS["photoscan-metadata"], tmp_path, "a.svg").returncode == 0


CASES = {
    ("photoscan-metadata", "fine.jpg"): 0,
    ("photoscan-metadata", "a.jpg"): 0,
    ("photoscan-metadata", "my holiday.jpg"): 1,
    ("photoscan", "fine.jpg"): 0,
    ("photoscan", "a.jpg"): 1,
}


@pytest.mark.parametrize(("hook", "name"), CASES)
def test_a_hook_blocks_what_gives_something_away(hook: str, name: str, repository: Path) -> None:
    result = call(HOOKS[hook], repository, f"assets/{name}")
    assert result.returncode == CASES[hook, name], result.stdout + result.stderr
    assert f"assets/{name}" in result.stdout


def test_a_hook_takes_many_files_at_once(repository: Path) -> None:
    names = sorted(f"assets/{path.name}" for path in (repository / "assets").iterdir())
    result = call(HOOKS["photoscan-metadata"], repository, *names)
    assert result.returncode == 1
    assert [name for name in names if name not in result.stdout] == []


def test_the_steps_of_the_workflow(repository: Path) -> None:
    (scan,) = (step for step in STEPS if step.startswith("photoscan scan"))
    for name in ("a.jpg", "fine.jpg"):
        (repository / "assets" / name).unlink()
    noted = "photoscan scan assets/ --baseline photoscan-baseline.json --update-baseline"
    assert call(noted, repository).returncode == 1
    assert call(scan, repository).returncode == 0
    (repository / "assets/news.webp").write_bytes((repository / "assets/my holiday.jpg").read_bytes() + b"news")
    assert call(scan, repository).returncode == 1
    log = json.loads((repository / "photoscan.sarif").read_text("utf-8"))
    new = [row for row in log["runs"][0]["results"] if "suppressions" not in row]
    assert {row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for row in new} == {"assets/news.webp"}
