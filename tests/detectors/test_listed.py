"""The table of detectors says what their classes say, and loads none of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from photoscan.detectors import REGISTRY
from photoscan.detectors.base import Detector, TextDetector
from photoscan.detectors.listed import Listed

ROWS = [pytest.param(row, id=row.name) for row in REGISTRY]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_says_what_its_detector_says(row: Detector) -> None:
    assert isinstance(row, Listed)
    own = row.loaded
    assert (row.name, row.source, row.kinds) == (own.name, own.source, own.kinds)
    assert isinstance(row, TextDetector) == isinstance(own, TextDetector)


def test_no_two_rows_have_one_name_or_one_home() -> None:
    homes = [row.home for row in REGISTRY if isinstance(row, Listed)]
    assert len({row.name for row in REGISTRY}) == len(set(homes)) == len(REGISTRY)


HEAVY = ("cv2", "numpy", "PIL", "photoscan.cleaning", "photoscan.textual", "photoscan.vision")
SCRIPT = f"""
import sys
from photoscan import ScanOptions, Scanner
dot = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")
report = Scanner(ScanOptions(only=("metadata.gps", "text.phone"), skip=("text",))).scan(dot)
print(report.error, *(name.split(".")[2] for name in sys.modules if name.startswith("photoscan.detectors.")))
print(*(name for name in {HEAVY} if name in sys.modules))
"""


def test_a_detector_that_is_not_asked_for_is_not_loaded() -> None:
    shown = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout
    loaded, heavy = shown.splitlines()
    assert set(loaded.split()) == {"None", "base", "listed", "gps", "metadata_values"}
    assert not heavy
