"""Codes that are seen and don't decode, drawn: blurred, moved, half covered, bent; and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from fixtures.canvas import letters
from photoscan.budget import Budget, Share
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.options import ScanOptions
from photoscan.scanner import Scanner
from photoscan.vision import clearer, code_looks, codes, finder_patterns, unread_codes
from photoscan.vision.codes import Code
from photoscan.vision.pyramid import Pyramid

TEXT = "WIFI:T:WPA;S:RumahSuraya;P:kelisa-Hujan9;;"
AT = Box(250, 150, 240, 240)
"""Where the code with its light border is drawn."""
Picture = Any


@cache
def wall(seed: int = 1) -> Picture:
    """A wall with soft spots, 700 x 500."""
    noise = np.random.default_rng(seed).normal(0, 1, (50, 70)).astype(np.float32)
    soft = cv2.resize(cv2.GaussianBlur(noise, (0, 0), 2), (700, 500), interpolation=cv2.INTER_CUBIC)
    return np.clip(150 + 90 * np.stack([soft] * 3, -1), 0, 255).astype(np.uint8)


@cache
def square() -> Picture:
    drawn = np.array(zxingcpp.create_barcode(TEXT, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6))
    return cv2.resize(drawn if drawn.ndim == 2 else drawn[..., 0], (AT.w, AT.h), interpolation=cv2.INTER_AREA)


def posted(code: Picture | None = None) -> Picture:
    picture = wall().copy()
    picture[AT.y : AT.y2, AT.x : AT.x2] = (20 + 0.85 * (square() if code is None else code))[..., None]
    return picture


def out_of_focus(sigma: float) -> Picture:
    return cv2.GaussianBlur(posted(), (0, 0), sigma)


def moved(length: int) -> Picture:
    return cv2.blur(posted(), (length, 1))


def half_covered() -> Picture:
    picture = posted()
    cv2.rectangle(picture, (AT.x, AT.y), (AT.x + 130, AT.y + 105), (190, 90, 40), -1)
    return picture


def on_a_bottle() -> Picture:
    half = 1.2
    x = np.linspace(-1, 1, AT.w)
    xs = (np.arcsin(x * np.sin(half)) / half + 1) / 2 * (AT.w - 1)
    ys = np.arange(AT.h)[:, None] - 22 * np.sqrt(1 - (x * np.sin(half)) ** 2) + 12
    bent = cv2.remap(
        square(), np.tile(xs, (AT.h, 1)).astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR, borderValue=(255,)
    )
    return posted(bent)


SEEN: dict[str, Callable[[], Picture]] = {
    "out of focus": lambda: out_of_focus(5.5),
    "in motion": lambda: moved(21),
    "half covered": half_covered,
    "on a bottle": on_a_bottle,
}


def found(picture: Picture, **options: Any) -> tuple[Code, ...]:
    return codes.find(Pyramid(picture), ScanOptions(**options))


@pytest.mark.parametrize("way", SEEN)
def test_a_code_that_is_seen_is_told_and_covered(way: str) -> None:
    told = found(SEEN[way]())
    assert told, way
    covered = Box.around(told[0].covering(700, 500))
    assert AT.coverage_by(covered) > 0.9
    assert covered.area < 3 * AT.area


def test_sharpening_reads_what_is_little_out_of_focus_or_little_moved() -> None:
    for picture in (out_of_focus(4.0), moved(12)):
        assert not zxingcpp.read_barcodes(picture), "this one reads as it is"
        assert [code.text for code in found(picture)] == [TEXT]


def board() -> Picture:
    picture = np.full((500, 700, 3), 235, np.uint8)
    for y in range(100, 400, 20):
        for x in range(200, 500, 20):
            if (x + y) // 20 % 2:
                picture[y : y + 20, x : x + 20] = 30
    return picture


def page() -> Picture:
    picture = np.full((500, 700, 3), 240, np.uint8)
    for row in range(12):
        letters(picture, (200, 120 + 24 * row), "SQUARES AND RINGS 0808 80 OO", 16)
    return picture


def windows() -> Picture:
    picture = np.full((500, 700, 3), 225, np.uint8)
    for y in range(110, 380, 45):
        for x in range(210, 480, 45):
            cv2.rectangle(picture, (x, y), (x + 30, y + 30), (40, 40, 40), -1)
            cv2.rectangle(picture, (x + 6, y + 6), (x + 24, y + 24), (150, 150, 150), 2)
    return picture


def buttons() -> Picture:
    """Rings with a dot, as on a stove or a keypad, which stand where no code has its corners."""
    picture = np.full((500, 700, 3), 230, np.uint8)
    for x, y in ((250, 150), (330, 190), (420, 160), (280, 300), (390, 280), (350, 370)):
        cv2.circle(picture, (x, y), 22, (30, 30, 30), 6)
        cv2.circle(picture, (x, y), 8, (30, 30, 30), -1)
    return picture


@pytest.mark.parametrize("draw", [wall, board, page, windows, buttons])
def test_what_is_as_busy_is_no_code(draw: Callable[[], Picture]) -> None:
    assert not found(draw())


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_no_code(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 2, (30, 30)).astype(np.uint8)
    picture = wall().copy()
    picture[100:400, 200:500] = 235
    picture[120:360, 220:460] = cv2.resize(noise * 215 + 20, (240, 240), interpolation=cv2.INTER_NEAREST)[..., None]
    assert not found(picture)


def test_corners_are_needed_and_where_they_stand_counts() -> None:
    patch = cv2.resize(square(), (finder_patterns.SIDE,) * 2, interpolation=cv2.INTER_AREA).astype(np.float32)
    assert finder_patterns.likeness(patch) > unread_codes.CORNERS
    side = finder_patterns.SIDE
    third = side // 3
    without = patch.copy()
    for y, x in ((0, 0), (0, side - third), (side - third, 0)):
        without[y : y + third, x : x + third] = patch[third : 2 * third, third : 2 * third][: side - y, : side - x]
    assert finder_patterns.likeness(without) < unread_codes.CORNERS


def test_a_code_that_was_read_is_not_told_again() -> None:
    assert [code.readable for code in found(posted())] == [True]


def test_fast_looks_take_the_decoders_word_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_looks, "find", lambda *_: pytest.fail("asked for"))
    assert found(on_a_bottle(), profile="fast")
    assert not found(moved(21), profile="fast")


def test_the_budget_bounds_what_is_told() -> None:
    budget = Budget("balanced", 1)
    budget.take(Share.CODES, budget.left(Share.CODES))
    assert not codes.find(Pyramid(half_covered()), ScanOptions(), budget)
    assert Share.CODES in budget.left_out


def test_the_finding_says_that_it_can_not_be_read() -> None:
    _, data = cv2.imencode(".png", half_covered())
    (finding,) = Scanner(ScanOptions(only=("code",))).scan(data.tobytes()).findings
    assert (finding.kind, finding.value, finding.likely) == (Kind.CODE_UNREADABLE, None, True)
    assert finding.explanation


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 255))
def test_any_patch_is_survived(width: int, height: int, grey: int) -> None:
    shown = np.full((height, width), grey, np.uint8)
    assert all(version.dtype == np.uint8 for version in clearer.versions(shown))
    assert not code_looks.find(Pyramid(np.dstack([shown] * 3)), 4)


def test_rows_of_bars_are_told_too() -> None:
    drawn = np.array(zxingcpp.create_barcode(3 * TEXT, zxingcpp.BarcodeFormat.PDF417).to_image(scale=3))
    drawn = drawn if drawn.ndim == 2 else drawn[..., 0]
    height, width = drawn.shape
    picture = np.full((height + 200, width + 200, 3), 150, np.uint8)
    # Its rows are bent, as round a bottle that lies.
    dips = 30 * np.sin(np.linspace(0, np.pi, width))[None, :]
    ys = (np.arange(height)[:, None] - dips).astype(np.float32)
    xs = np.tile(np.arange(width, dtype=np.float32), (height, 1))
    bent = cv2.remap(drawn, xs, ys, cv2.INTER_LINEAR, borderValue=(255,))
    picture[100 : 100 + height, 100 : 100 + width] = bent[..., None]
    assert not zxingcpp.read_barcodes(picture), "this one reads as it is"
    (code,) = found(picture)
    assert (code.symbology, code.readable) == ("PDF417", False)
    assert Box(100, 100, width, height).coverage_by(Box.around(code.covering(width + 200, height + 200))) > 0.8
