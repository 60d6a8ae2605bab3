"""Completion scripts, and what the program answers to them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

START = [sys.executable, "-c", "import sys; sys.argv[0] = 'photoscan'; from photoscan.cli import main; main()"]


def run(*arguments: str, **variables: str) -> str:
    environment = {**os.environ, "LC_ALL": "en_GB.UTF-8", **variables}
    return subprocess.run([*START, *arguments], capture_output=True, text=True, check=True, env=environment).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_a_script_that_asks_by_the_variable(shell: str) -> None:
    script = run("completions", shell)
    assert f"{shell}_complete" in script
    assert "_PHOTOSCAN_COMPLETE" in script
    assert "%(" not in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash reads it")
def test_bash_can_read_its_script() -> None:
    subprocess.run(["bash", "-n"], input=run("completions", "bash"), text=True, check=True)


def test_bash_is_answered() -> None:
    asked = {"_PHOTOSCAN_COMPLETE": "bash_complete", "COMP_CWORD": "3"}
    assert run(COMP_WORDS="photoscan scan --profile ba", **asked).splitlines() == ["plain,balanced"]


@pytest.mark.parametrize(
    ("line", "word", "value"),
    [
        ("photoscan sc", "sc", "scan"),
        ("photoscan scan --profile ba", "ba", "balanced"),
        ("photoscan scan --profile ", "", "thorough"),
        ("photoscan policy a", "a", "allow"),
        ("photoscan scan --fa", "--fa", "--fail-on"),
    ],
)
def test_powershell_is_answered(line: str, word: str, value: str) -> None:
    asked = {"_PHOTOSCAN_COMPLETE": "powershell_complete", "COMP_WORDS": line, "COMP_INCOMPLETE": word}
    assert value in [row.split("\t")[0] for row in run(**asked).splitlines()]
