"""Writing that could not be read is told as such, and what is no writing is not."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fixtures.canvas import Picture, blank, letters
from photoscan import Policy, Scanner, ScanOptions
from photoscan.cleaning import CleanPlan
from photoscan.geometry import Box, Polygon, corners
from photoscan.kind import Kind, Severity
from photoscan.textline import TextLine
from photoscan.vision import unread
from photoscan.vision.objects import Object
from photoscan.vision.plates import Plate, without_signs
from photoscan.vision.pyramid import Pyramid

SCENE = Pyramid(blank(1200, 900, (120, 130, 140)))
UNREAD = ScanOptions(only=("text.unread",))


def line(text: str, confidence: float, w: float = 300, h: float = 50) -> TextLine:
    return TextLine(text, ((100, 100), (100 + w, 100), (100 + w, 100 + h), (100, 100 + h)), confidence)


DOUBTFUL = [
    line("", 0.0),
    line("LUIC ULX4", 0.88),
    line("12", 0.98),  # of which most was passed over
    line("Boh eH", 0.64, 50, 300),
    line("", 0.0, 900, 360),  # a sign that fills the photo
]
CLEAR = [
    line("No. 12 Jalan Melur", 0.97),
    line("123 456 789", 0.98),
    line("", 0.0, 40, 30),  # a spot
    line("", 0.0, 60, 12),  # too small for anybody
    line("", 0.0, 1100, 600),  # the photo's own texture
]


@pytest.mark.parametrize("item", DOUBTFUL)
def test_lines_that_may_be_unread(item: TextLine) -> None:
    assert unread._is_doubtful(item, SCENE)


@pytest.mark.parametrize("item", CLEAR)
def test_lines_that_were_read_or_are_none(item: TextLine) -> None:
    assert not unread._is_doubtful(item, SCENE)


boxes = st.builds(Box, st.integers(0, 900), st.integers(0, 900), st.integers(20, 300), st.integers(20, 60))


@given(st.lists(boxes, max_size=9))
def test_groups_hold_every_line_and_are_apart(lines: list[Box]) -> None:
    groups = unread.joined([corners(box) for box in lines])
    assert all(any(box.coverage_by(group) == 1 for group in groups) for box in lines)
    assert len(groups) <= len(lines)
    assert list(groups) == sorted(groups, key=lambda group: -group.area)


def test_rows_of_one_sign_are_one_group_and_two_signs_are_two() -> None:
    rows: list[Polygon] = [corners(Box(100, y, 300, 40)) for y in (100, 150, 600)]
    assert unread.joined(rows) == (Box(100, 100, 300, 90), Box(100, 600, 300, 40))


def strokes(width: int, height: int, seed: int) -> Picture:
    """A line in a script of nobody: hooks, loops and dots of one weight, side by side."""
    rng = np.random.default_rng(seed)
    line = np.full((height, width, 3), (245, 244, 240), np.uint8)
    thick, step = max(3, height // 9), round(0.55 * height)
    for x in range(height // 2, width - height // 2 - step, step + height // 8):
        at = [(x + int(rng.integers(0, step)), int(rng.integers(height // 4, 3 * height // 4))) for _ in range(4)]
        cv2.polylines(line, [np.array(at, np.int32)], False, (25, 25, 25), thick, cv2.LINE_AA)
        centre = (x + step // 2, int(rng.integers(height // 3, 2 * height // 3)))
        cv2.ellipse(line, centre, (step // 3, height // 5), 0, 0, int(rng.integers(180, 360)), (25, 25, 25), thick)
    return line


def sign() -> Picture:
    picture = blank(1000, 700, (118, 140, 150))
    picture[250:350, 200:760] = strokes(560, 100, 3)
    return cv2.GaussianBlur(picture, (0, 0), 0.8)  # type: ignore[return-value]


def png(picture: Picture) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.asarray(picture, np.uint8)).save(out, "PNG")
    return out.getvalue()


def test_a_sign_in_an_unknown_script_is_told_and_covered_by_strict() -> None:
    scanner = Scanner(UNREAD, "strict")
    report = scanner.scan(png(sign()))
    (found,) = report.findings
    assert (found.kind, found.likely, found.severity) == (Kind.TEXT_UNREAD, False, Severity.LOW)
    assert found.box is not None
    assert found.box.coverage_by(Box(180, 230, 600, 140)) > 0.9
    plan = CleanPlan.by_policy(Policy.load("strict"))
    assert plan.may_hide(Kind.TEXT_UNREAD)
    assert plan.possible_from <= found.confidence


def test_a_page_that_reads_well_has_nothing_unread() -> None:
    picture = blank(1000, 700, (240, 238, 230))
    letters(picture, (120, 150), "Ticket office, first floor", 48)
    letters(picture, (120, 260), "open from nine to five", 48)
    assert not Scanner(UNREAD).scan(png(picture)).findings


def test_bricks_and_noise_are_no_writing() -> None:
    rng = np.random.default_rng(1)
    wall = np.full((700, 1000, 3), (90, 110, 160), np.uint8)
    for y in range(0, 700, 44):
        wall[y : y + 4] = (190, 190, 190)
        for x in range(0, 1000, 110):
            wall[y : y + 44, (x + 55 * (y // 44 % 2)) % 1000 :][:, :4] = (190, 190, 190)
    noisy = np.clip(wall + rng.normal(0, 12, wall.shape), 0, 255).astype(np.uint8)
    assert not Scanner(UNREAD).scan(png(noisy)).findings


PLATES = [
    # confidence, its box, a vehicle's box: what is left of the confidence
    (0.73, Box(220, 260, 200, 60), None, 0.3),
    (0.73, Box(220, 260, 200, 60), Box(100, 100, 500, 400), 0.73),
    (0.92, Box(220, 260, 200, 60), None, 0.92),
    (0.73, Box(700, 600, 200, 60), None, 0.73),
    (0.05, Box(220, 260, 200, 60), None, 0.05),
]


@pytest.mark.parametrize(("sure", "box", "vehicle", "left"), PLATES)
def test_unread_lettering_is_no_likely_plate(sure: float, box: Box, vehicle: Box | None, left: float) -> None:
    seen = [Object("car", 0.9, vehicle)] if vehicle else []
    plate = Plate(box, corners(box), "M31M031", (), sure, "text in the form of a plate")
    (kept,) = without_signs([plate], seen, lambda: [Box(200, 250, 560, 100)])
    assert kept.confidence == left


def test_where_nobody_looked_for_vehicles_no_plate_is_doubted() -> None:
    box = Box(220, 260, 200, 60)
    plate = Plate(box, corners(box), "M31M031", (), 0.73, "")

    def never() -> list[Box]:
        raise AssertionError("asked")

    assert without_signs([plate], None, never) == (plate,)
