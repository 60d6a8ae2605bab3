"""What a marker lets through is read, told as such, and covered in copies; paint that lets nothing through is left."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from photoscan import Scanner, ScanOptions
from photoscan.cleaning import CleanPlan
from photoscan.photo import Photo
from photoscan.pixels import Pixels
from photoscan.report import Report
from photoscan.safe_copy import make_safe_copy

NUMBERS = ScanOptions(only=("text.national_id",))
BAR = np.s_[110:180, 190:640]
SAYS = "anybody who raises the contrast can read it"


def png(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def slip(share: float) -> bytes:
    """A payslip with its number under a marker that covers that share of it."""
    drawn = np.full((300, 940, 3), 250, np.uint8)
    for row, text in (
        (80, "Penyata Gaji / Payslip"),
        (160, "No. KP: 900214-14-5236"),
        (240, "Gaji bersih: RM 4,812.50"),
    ):
        cv2.putText(drawn, text, (40, row), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (20, 20, 20), 2, cv2.LINE_AA)
    drawn[BAR] = np.rint(drawn[BAR] * (1 - share))
    return png(drawn)


def scanned(data: bytes) -> Report:
    return Scanner(NUMBERS).scan(data)


def test_what_a_marker_lets_through_is_told_and_covered() -> None:
    data = slip(0.97)
    report = scanned(data)
    (found,) = report.findings
    assert found.kind.value == "text.national_id"
    assert found.value == "900214-14-5236"
    assert found.attributes["covered"] == "see-through"
    assert SAYS in found.explained("en")
    copy = make_safe_copy(Photo.open(data), Scanner(NUMBERS), CleanPlan(redact=("text.national_id",)), report)
    assert scanned(copy.data).findings == ()
    assert found.box is not None
    box, pixels = found.box, Photo.open(copy.data).pixels()
    inner = pixels[box.y : box.y2, box.x : box.x2]
    assert (inner == inner[0, 0]).all()


@pytest.mark.parametrize("share", [1.0, 0.0])
def test_what_is_wholly_covered_or_not_at_all_is_none_of_that(share: float) -> None:
    findings = scanned(slip(share)).findings
    assert [f.kind.value for f in findings] == ([] if share else ["text.national_id"])
    assert not any("covered" in f.attributes for f in findings)
