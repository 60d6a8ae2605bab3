"""A copy of a checkout that may be changed, and pytest run inside it in a forked child."""

from __future__ import annotations

import contextlib
import importlib
import os
import py_compile
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

OWN = Path(__file__).resolve().parents[2]
MEMORY = 12 << 30
"""Bytes of address space that a child may take: a mutant that counts wrongly allocates without end."""
HEAVY = (
    "numpy", "cv2", "PIL.Image", "pillow_heif", "onnxruntime", "piexif", "phonenumbers", "stdnum", "zxingcpp",
    "hypothesis", "hypothesis.strategies", "pytest", "jsonschema", "click", "rich.console",
)  # fmt: skip
"""Imported once in the parent: what every test run needs and no mutant changes."""
TIMED_OUT = -1


def preload() -> None:
    """Import what no mutant changes."""
    for name in HEAVY:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def make(root: Path, target: Path) -> None:
    """Copy the tracked files of a checkout; prepared models are linked, not copied."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)
    for model in (root / "models").glob("*/*"):
        place = target / model.relative_to(root)
        if not place.exists() and model.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(model.resolve())
    for path in target.rglob("*.py"):  # by hash: a changed module is never taken for its former self
        py_compile.compile(str(path), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH, quiet=1)


def pytest_in(shadow: Path, arguments: list[str], plugins: list[object], seconds: float) -> int:
    """pytest's exit code in a child whose modules come from the copy; TIMED_OUT after `seconds`."""
    child = os.fork()
    if not child:
        try:
            os._exit(_inside(shadow, arguments, plugins))
        finally:
            os._exit(70)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            _end_group(child)
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 71
        time.sleep(0.05)
    _end_group(child)
    os.waitpid(child, 0)
    return TIMED_OUT


def _end_group(leader: int) -> None:
    """End the child and what it left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _inside(shadow: Path, arguments: list[str], plugins: list[object]) -> int:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(shadow)
    log = os.open(shadow / "pytest.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ["PYTHONPATH"] = str(shadow)
    sys.path[:] = [str(shadow), *(path for path in sys.path if path and Path(path).resolve() != OWN)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "benchmarks"]:
        del sys.modules[name]
    import pytest

    arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", *arguments]
    code = pytest.main(arguments, plugins=plugins)
    sys.stdout.flush()
    return int(code)
