"""The names that `import photoscan` promises: to people, to editors and to type checkers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from mypy import api

import photoscan

ROOT = Path(__file__).parent.parent


def test_dir_lists_the_public_names_and_loads_nothing() -> None:
    assert set(photoscan.__all__) <= set(dir(photoscan))
    script = "import sys, photoscan; print('scan' in dir(photoscan), 'photoscan.api' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="scna"):
        _ = getattr(photoscan, "scna")  # noqa: B009 - a checker would see it


def test_a_type_checker_sees_a_mistyped_name(tmp_path: Path) -> None:
    snippet = (
        "from photoscan import scan, scna\nimport photoscan\nphotoscan.claen\nreport: photoscan.Report = scan('a')\n"
    )
    said, _, status = api.run(
        ["--strict", "--follow-imports=silent", f"--cache-dir={tmp_path}", "--config-file=", "-c", snippet]
    )
    assert status == 1
    assert 'has no attribute "scna"' in said
    assert 'has no attribute "claen"' in said
    assert said.count("error:") == 2


TEXTS = (".md", ".json", ".py", ".yml", ".yaml", ".toml", ".sh", ".html", ".js")
ALONE = {"Makefile", "Dockerfile"}


def test_nobody_is_told_to_install_the_bare_name_from_an_index() -> None:
    """Until a release no index holds it: whoever registers the name first would be installed."""
    import re

    bare = re.compile(r"(?:pip|pipx|uv|uvx|poetry|conda)\s+(?:[a-z-]+\s+)*?['\"]?photoscan(?![\w./*-])", re.IGNORECASE)
    assert bare.search("pip install 'photoscan[people]'")
    assert bare.search("pip install photoscan")
    assert bare.search("uv tool install photoscan")
    assert not bare.search("pip install photoscan-*.whl")
    folders = ("photoscan", "docs", "models", "scripts", "benchmarks", "requirements", ".ci")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file()]
    files += [file for file in ROOT.iterdir() if file.is_file()]
    told = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in files
        if file.suffix in TEXTS or file.name in ALONE
        for line in file.read_text("utf-8").splitlines()
        if bare.search(line)
    ]
    assert told == []
