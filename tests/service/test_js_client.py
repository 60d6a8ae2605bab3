"""The JavaScript client: its own tests by Node, and its types as the service describes itself."""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import photoscan
from photoscan.catalog import LANGUAGES
from photoscan.client import conversation
from photoscan.client.blocking import Client
from photoscan.service.app import create_app
from photoscan.service.settings import Settings
from tests.service.stub import Pool

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
    assert {word.strip(" '") for word in line.partition("[")[2].partition("]")[0].split(",")} == {*conversation.AGAIN}
    for name, value in (("UNTOLD", conversation.UNTOLD), ("WIDEST", conversation.WIDEST)):
        assert f"const {name} = {value:g};" in source
    ours = inspect.signature(Client).parameters
    (line,) = (row for row in source.splitlines() if row.startswith("  constructor(url"))
    theirs = {name: int(value.replace("_", "")) for name, value in re.findall(r"(\w+) = ([\d_]+)", line)}
    assert theirs == {
        "timeout": 1000 * ours["timeout"].default, "patience": 1000 * ours["patience"].default,
        "retries": ours["retries"].default,
    }  # fmt: skip


ROUTES = {
    "/v1/check": "CheckOptions", "/v1/gate": "GateOptions", "/v1/album": "AlbumOptions",
    "/v1/check/text": "TextOptions", "/v1/clean": "CleanOptions",
}  # fmt: skip
"""Each route that asks something, and what the client takes for it."""


def options(name: str) -> set[str]:
    """The names of an interface of the client's types, with those that it extends."""
    text = (CLIENT / "src" / "client.d.ts").read_text("utf-8")
    found = re.search(rf"interface {name}(?: extends (\w+))? {{(.*?)\n}}", text, re.DOTALL)
    assert found is not None, name
    own = {*re.findall(r"^  (\w+)\?:", found[2], re.MULTILINE)}
    return own | options(found[1]) if found[1] else own


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_whatever_the_service_can_be_asked_it_can_ask(path: str) -> None:
    paths = create_app(Settings(), Pool())[0].app.openapi()["paths"]  # type: ignore[attr-defined]
    assert {path for path in paths if "post" in paths[path]} == {*ROUTES}
    other = {"box": "boxes", "Idempotency-Key": "idempotencyKey"}
    asked = {row["name"] for row in paths[path]["post"]["parameters"]}
    camel = {re.sub(r"_(\w)", lambda letter: letter[1].upper(), name) for name in asked - {*other}}
    wanted = camel | {other[name] for name in asked & {*other}}
    assert len(wanted) >= 2
    assert wanted <= options(ROUTES[path])
    assert options(ROUTES[path]) - wanted <= {"signal", "name", "caption"}


def test_it_has_our_version_and_needs_nothing() -> None:
    package = json.loads((CLIENT / "package.json").read_text("utf-8"))
    assert package["version"] == photoscan.__version__
    assert not {"dependencies", "devDependencies", "peerDependencies"} & package.keys()
