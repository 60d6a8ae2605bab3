"""Plates: how a number is put together close up, what speaks for and against one, and drawn ones found again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import plates as drawn
from fixtures.canvas import Picture, blank, paste
from photoscan import plate_formats
from photoscan.geometry import Box, Polygon, corners
from photoscan.options import ScanOptions
from photoscan.textline import TextLine
from photoscan.vision import ocr, plates
from photoscan.vision.plates import finding, glare, reading
from photoscan.vision.plates.frame import flat
from photoscan.vision.plates.reading import Piece, Reading
from photoscan.vision.pyramid import Pyramid


def piece(text: str, x: int, y: int, w: int, h: int, confidence: float = 0.95) -> Piece:
    box = Box(x, y, w, h)
    return Piece(box, corners(box), text, confidence)


FRAME, REACH = Box(100, 40, 200, 60), Box(0, 0, 500, 160)
PUT_TOGETHER = {
    "one row": ([piece("WKM 4821", 100, 40, 200, 60)], "WKM4821"),
    "cut at its gaps": (
        [piece("AA", 100, 42, 50, 50), piece("1056", 170, 44, 90, 50), piece("QG", 280, 45, 60, 50)],
        "AA1056QG",
    ),
    "two rows": ([piece("JTX", 120, 20, 100, 50), piece("5093", 110, 75, 120, 50)], "JTX5093"),
    "month and year below": ([piece("B 1974 KZR", 100, 40, 200, 60), piece("08.28", 170, 102, 60, 22)], "B1974KZR"),
    "state above": ([piece("TEXAS", 160, 20, 60, 18), piece("CWW 2245", 100, 40, 200, 60)], "CWW2245"),
    "far apart": ([piece("WKM 4821", 100, 40, 200, 60), piece("12", 460, 40, 30, 60)], "WKM4821"),
    "a flag read as a letter": ([piece("BAA8931GC", 100, 40, 200, 60)], "AA8931GC"),
    "texture": ([piece("WKM 4821", 100, 40, 200, 60, confidence=0.1)], None),
    "elsewhere": ([piece("WKM 4821", 350, 120, 100, 30)], None),
    "a word": ([piece("KEDAI", 100, 40, 200, 60)], None),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PUT_TOGETHER))
def test_a_number_put_together(name: str) -> None:
    pieces, expected = PUT_TOGETHER[name]
    way = reading.best(list(reading.readings(pieces, FRAME, REACH, shaped=True)))
    assert (way.match.text if way and way.match else None) == expected


def way(text: str, confidence: float = 0.95) -> Reading:
    return Reading(text, plate_formats.match(text, shaped=True), confidence)


JUDGED: dict[str, tuple[float, list[Reading], tuple[str | None, bool] | None]] = {
    # name: (shape's score, readings, (text, likely) or None for no plate)
    "read and seen": (0.8, [way("WKM 4821")], ("WKM4821", True)),
    "only read": (0.0, [way("WKM 4821")], ("WKM4821", True)),
    "read badly": (0.0, [way("WKM 4821", 0.5)], ("WKM4821", False)),
    "seen, can't be read": (0.9, [way("", 0.0)], (None, True)),
    "seen, a number without a form": (0.9, [way("918 5914")], ("9185914", True)),
    "a number alone": (0.0, [way("918 5914")], None),
    "words before a number": (0.0, [way("BUS 750")], ("BUS750", False)),
    "a shop's sign": (0.9, [way("KEDAI", 0.97)], ("KEDAI", False)),
    "a house number": (0.3, [way("No.27", 0.97)], ("NO27", False)),
    "weak and unread": (0.1, [way("", 0.0)], None),
}


@pytest.mark.parametrize("name", sorted(JUDGED))
def test_judging(name: str) -> None:
    score, ways, expected = JUDGED[name]
    plate = finding.judged(finding._Candidate(corners(Box(0, 0, 120, 40)), score), ways)
    assert (None if plate is None else (plate.text, plate.confidence >= 0.5)) == expected


def test_readings_that_agree_count_more() -> None:
    best = reading.best([way("DLB-4809", 0.96), way("OLB-4809", 0.95), way("OLB-4809", 0.93)])
    assert best is not None
    assert best.match is not None
    assert best.match.text == "OLB4809"


LINES = {
    "WKM 4821": True, "B 1974": True, "4821": True, "see you at 5 o'clock": False, "07:45": False, "KEDAI": False,
    "7": False, "1.50/2.50/3.50": False,
}  # fmt: skip


@pytest.mark.parametrize("text", sorted(LINES))
def test_lines_that_may_be_plates(text: str) -> None:
    line = TextLine(text, corners(Box(10, 10, 100, 30)))
    assert bool(finding.from_lines([line], [])) == LINES[text]
    assert not finding.from_lines([line], [Box(0, 0, 200, 100)])


@given(st.floats(20, 200), st.floats(20, 60), st.floats(-0.6, 0.6), st.integers(20, 90))
def test_a_frame_laid_flat_keeps_its_corners(width: float, height: float, angle: float, size: int) -> None:
    quad: Polygon = tuple(
        (300 + u * np.cos(angle) - v * np.sin(angle), 200 + u * np.sin(angle) + v * np.cos(angle))
        for u, v in ((0, 0), (width, 0), (width, height), (0, height))
    )
    laid = flat(np.zeros((480, 640, 3), np.uint8), quad, size, (1.0, 0.5))
    assert laid.frame.h == size
    assert np.allclose(laid.to_photo(corners(laid.frame)), quad, atol=0.5)
    assert np.allclose(laid.from_photo(quad), corners(laid.frame), atol=0.5)


def test_a_frame_outside_the_photo_is_laid_flat_all_the_same() -> None:
    laid = flat(np.zeros((50, 50, 3), np.uint8), corners(Box(200, 200, 60, 20)), 40, (1.0, 1.0))
    assert laid.pixels.shape == (120, 200, 3)


def street(plate: Picture, width: int, angle: float = 0.0) -> tuple[Picture, Box]:
    """A plate of that width, turned by degrees, on a plain car; and its box."""
    picture = blank(960, 640, (126, 122, 118))
    height = width * plate.shape[0] / plate.shape[1]
    a = np.radians(angle)
    quad = [
        (480 + u * np.cos(a) - v * np.sin(a), 320 + u * np.sin(a) + v * np.cos(a))
        for u, v in ((x * width / 2, y * height / 2) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    ]  # fmt: skip
    paste(picture, plate, quad)
    return np.ascontiguousarray(picture[:, :, ::-1]), Box.around(quad)


DRAWN = {
    "Malaysia": (drawn.malaysia("WKM 4821"), 200, 0, "WKM4821"),
    "Malaysia, tilted": (drawn.malaysia("BQU 5613"), 200, 20, "BQU5613"),
    "Malaysia, two lines": (drawn.malaysia("JTX 5093", two_lines=True), 170, 0, "JTX5093"),
    "Malaysia, two lines, tilted": (drawn.malaysia("JTX 5093", two_lines=True), 170, 15, "JTX5093"),
    "Indonesia": (drawn.indonesia("B 1974 KZR", "08 - 28"), 200, 0, "B1974KZR"),
    "Brazil": (drawn.mercosul("QXP4J18"), 200, -10, "QXP4J18"),
    "Singapore": (drawn.singapore("SBA 1234 G"), 180, 0, "SBA1234G"),
    "United Kingdom": (drawn.britain("LK58 ZRT"), 240, 5, "LK58ZRT"),
}


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_drawn_plates_are_found_and_read(name: str) -> None:
    plate, width, angle, text = DRAWN[name]
    pixels, box = street(plate, width, angle)
    pyramid, options = Pyramid(pixels), ScanOptions()
    found = plates.find(pyramid, ocr.read(pyramid, options), options)
    best = max(found, key=lambda p: p.box.iou(box))
    assert best.text == text
    assert best.countries[0] == name.split(",")[0]
    assert box.coverage_by(best.box) >= 0.9
    assert best.confidence >= 0.5


def test_a_washed_out_plate_is_looked_for() -> None:
    plate = np.clip(drawn.indonesia("B 1974 KZR", "08 - 28").astype(int) // 16 + 238, 0, 255).astype(np.uint8)
    pixels, box = street(plate, 220)
    outlines = glare.find(Pyramid(pixels), [], 1)
    assert any(Box.around(o).intersection(box) > 0.2 * box.area for o, _ in outlines)
    assert not glare.find(Pyramid(pixels), [box.grown(0.2, 0.3)], 1)


@pytest.mark.parametrize("size", [(1, 1), (5, 400), (300, 8)])
def test_tiny_photos_are_no_trouble(size: tuple[int, int]) -> None:
    assert plates.find(Pyramid(np.full((*size, 3), 200, np.uint8)), (), ScanOptions()) == ()
