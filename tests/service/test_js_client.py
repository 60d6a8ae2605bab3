"""The JavaScript client: its own tests by Node, and its types as the service describes itself."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import photoscan
from photoscan.catalog import LANGUAGES
from photoscan.client.conversation import AGAIN

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "js"
NODE_MODULES = "PHOTOSCAN_NODE_MODULES"
"""The variable that names a folder of Node packages; without it that of the client itself."""


def test_its_own_tests_pass() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("THE JAVASCRIPT CLIENT IS NOT TESTED: Node is not installed")
    command = [node, "--test", "--test-reporter=tap", "test/client.test.js"]
    done = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "# pass 0" not in done.stdout
    assert "# fail 0" in done.stdout


def test_its_sources_are_of_the_types_that_it_declares() -> None:
    compiler = Path(os.environ.get(NODE_MODULES, CLIENT / "node_modules")) / ".bin" / "tsc"
    if not compiler.exists() or shutil.which("node") is None:
        pytest.skip(f"THE JAVASCRIPT CLIENT'S TYPES ARE NOT CHECKED: {NODE_MODULES} names no TypeScript")
    for project in ("tsconfig.json", "tsconfig.sources.json"):
        done = subprocess.run(
            [compiler, "--project", project], cwd=CLIENT, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout[-4000:]


def test_its_types_are_those_of_the_service() -> None:
    spec = importlib.util.spec_from_file_location("client_types", ROOT / "scripts" / "client_types.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.FILE.read_text("utf-8") == module.declarations(), "run python scripts/client_types.py"


def test_it_speaks_our_languages_and_asks_again_when_the_other_client_does() -> None:
    words = (CLIENT / "src" / "words.js").read_text("utf-8")
    assert all(f"\n  {language}: {{" in words or f"\n  '{language}': {{" in words for language in LANGUAGES)
    source = (CLIENT / "src" / "client.js").read_text("utf-8")
    (line,) = (row for row in source.splitlines() if row.startswith("const AGAIN"))
    assert {word.strip(" '") for word in line.partition("[")[2].partition("]")[0].split(",")} == {*AGAIN}


def test_it_has_our_version_and_needs_nothing() -> None:
    package = json.loads((CLIENT / "package.json").read_text("utf-8"))
    assert package["version"] == photoscan.__version__
    assert not {"dependencies", "devDependencies", "peerDependencies"} & package.keys()
