"""The sink of docs/examples/photoscan-postgres against a real PostgreSQL: run by `make test-extras` only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pg8000", reason="pip install pg8000")

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "photoscan-postgres"


def test_the_example_passes_its_own_tests(tmp_path: Path) -> None:
    around = {**os.environ, "PYTHONPATH": os.pathsep.join((str(EXAMPLE / "src"), str(ROOT)))}
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", str(EXAMPLE / "tests")]
    done = subprocess.run(command, capture_output=True, text=True, env=around, cwd=tmp_path, check=False, timeout=300)
    assert done.returncode == 0, done.stdout
    if "skipped" in done.stdout:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    assert "8 passed" in done.stdout
