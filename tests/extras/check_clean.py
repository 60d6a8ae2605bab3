"""Cleaning every sample photo with policy strict, then looking at the copies anew: slow, by `make test-extras` only."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from photoscan import Photo, Policy, Scanner, ScanOptions, metadata
from photoscan.cleaning import CleanPlan
from photoscan.cleaning.ledger import NAME
from photoscan.finding import Region
from photoscan.formats import Format
from tests.conftest import Run


@pytest.fixture(scope="module")
def cleaned(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the copies and receipts.json."""
    import subprocess
    import sys

    out = tmp_path_factory.mktemp("clean")
    command = [sys.executable, "-m", "photoscan", "clean", str(demo), "-o", str(out), "--policy", "strict"]
    subprocess.run([*command, "--receipt", str(out / "receipts.json")], check=True)
    return out


def test_every_sample_is_cleaned_and_its_receipt_is_true(demo: Path, cleaned: Path) -> None:
    rows = {Path(row["source"]["path"]).name: row for row in json.loads((cleaned / "receipts.json").read_text())}
    photos = {path.name for path in demo.iterdir() if path.suffix != ".json"}
    assert set(rows) == photos
    for name, row in rows.items():
        source, copy = Photo.open(demo / name), Photo.open(cleaned / name)
        assert (source.sha256, copy.sha256) == (row["source"]["sha256"], row["output"]["sha256"])
        assert metadata.read(copy.data, copy.format, name).entries == ()
        pixels = copy.pixels()
        for finding in row["hidden"]:
            x, y, w, h = finding["location"]["box"]
            assert np.percentile(pixels[max(0, y) : y + h, max(0, x) : x + w], 95) <= 40, (name, finding["kind"])
        if not row["hidden"]:
            assert np.array_equal(pixels, source.pixels())
        elif source.format is Format.JPEG:
            assert row["output"]["picture"] == "blocks"


def test_nothing_is_found_in_the_copies(cleaned: Path) -> None:
    plan = CleanPlan.by_policy(Policy.load("strict"))
    scanner = Scanner(ScanOptions(policy="strict"))
    for path in sorted(cleaned.iterdir()):
        if path.name in (NAME, "receipts.json"):
            continue
        left = [f.kind.value for f in scanner.scan(path).findings if plan.hides(f) and isinstance(f.location, Region)]
        assert left == [], path.name


def test_a_second_run_passes_all_over(demo: Path, cleaned: Path, run: Run) -> None:
    again = run("clean", demo, "-o", cleaned, "--policy", "strict")
    assert again.returncode == 0
    assert "0 cleaned and proved" in again.stderr
