"""What speaks for and against a plate: the shape, the reading, the lines around it, vehicles; no network is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import plate_formats
from photoscan.geometry import Box, corners
from photoscan.textline import TextLine
from photoscan.vision.objects import Object
from photoscan.vision.plates import judge
from photoscan.vision.plates.reading import Piece, Reading
from photoscan.vision.plates.surroundings import Scene

PLACE = Box(400, 300, 120, 40)


def read(text: str, confidence: float = 0.97, place: Box = PLACE) -> Reading:
    piece = Piece(place, corners(place), text, confidence)
    return Reading(text, plate_formats.match(text, shaped=True), confidence, (piece,))


def line(text: str, x: int, y: int, w: int, h: int) -> TextLine:
    return TextLine(text, corners(Box(x, y, w, h)), 0.97)


def told(
    text: str,
    shape: float = 0.0,
    around: tuple[TextLine, ...] = (),
    vehicle: float | None = None,
    confidence: float = 0.97,
) -> float:
    """How likely a text in its place is a plate. `vehicle`: how surely one is around it; None where nobody looked."""
    way = read(text, confidence)
    own = TextLine(text, corners(PLACE), confidence)
    seen = None if vehicle is None else (Object("car", vehicle, Box(200, 50, 500, 400)),)
    scene = Scene((own, *around), 1000, 700, seen)
    return judge.confidence(judge.Candidate(shape, PLACE, (way,), way), scene)


NONE = [
    "10. Rice", "3) WK 4821", "EST 1998", "Since 1987", "Zone 3", "GMT+08:00", "UTC 7", "12.5 MB", "1080p60", "16GB",
    "YOLOv5n", "OLOv5n", "v2.13.4", "VER 12", "RM 12.90", "R$ 45,90", "Copies= 17¢", "Scans= 5¢", "SUSHI 131",
    "Room 204", "BILIK 12", "Flight MH 370", "Seat 14C", "TAHUN 2024", "2023/24", "2023/2024", "Form 5", "KELAS 3",
    "MATH 204", "PHASE 2", "Speed 60", "60 KM/H", "55℉12℃O", "IPHONE15", "012-345 6789", "1-800-TAXI-123",
    "+60 12 345 6789", "12/05/2024", "12 MAC 2024", "8:30 AM", "1 =CONTO!!!", "640x480", "f/2.8", "ISO 400",
    "Table 12", "FIG 3",
    "SAE 10W-40", "CE 0197", "1200 pcs", "HP 302 XL", "BR-101", "Spin 1400",
    "Lot 1234", "No. 27", "#A1234", "BATCH 1234", "Model X100",
]  # fmt: skip
"""Lists, years, places, zones, sizes, versions, prices, rooms, flights, courses, speeds, telephones, products."""


@pytest.mark.parametrize("text", NONE)
def test_no_plate_as_it_is_written(text: str) -> None:
    assert told(text, shape=0.3) < 0.5


PLATES = [
    "WKM 4821", "VIPS 7003", "B 1974 KZR", "AA 1056 QG", "QXP4J18", "AZJ-6991", "LK58 ZRT", "M AB 1234", "AB-123-CD",
    "SBA 1234 G", "BZM:22-27", "34A-123.45", "JTX 5093",
]  # fmt: skip


@pytest.mark.parametrize("text", PLATES)
def test_a_number_in_the_shape_of_a_plate(text: str) -> None:
    assert told(text, shape=0.8) >= 0.5


@pytest.mark.parametrize("text", PLATES)
def test_text_alone_is_evidence_and_no_proof(text: str) -> None:
    assert 0.05 < told(text) < 0.5


@pytest.mark.parametrize("text", ["WKM 4821", "B 1974 KZR", "QXP4J18", "LK58 ZRT"])
def test_text_on_a_vehicle(text: str) -> None:
    assert told(text, vehicle=0.6) >= 0.5
    assert told(text, vehicle=0.0) <= told(text) < 0.5


@pytest.mark.parametrize("text", ["HB20", "GT3", "XC90", "C200", "EURO 5", "HINO 300", "V8", "16V", "4X4"])
def test_badges_of_cars(text: str) -> None:
    assert told(text, vehicle=0.7) < 0.5


def alone(shape: float, vehicle: float | None = None, place: Box = PLACE) -> float:
    seen = None if vehicle is None else (Object("car", vehicle, Box(200, 50, 500, 400)),)
    return judge.confidence(judge.Candidate(shape, place, (), None), Scene((), 1000, 700, seen))


def test_a_shape_alone_is_possible_and_on_a_vehicle_likely() -> None:
    assert 0.05 < alone(0.95) < 0.5
    assert alone(0.95, vehicle=0.6) >= 0.5
    assert alone(0.95, vehicle=0.0) < alone(0.95)


def test_what_is_seen_over_a_vehicle_or_fills_the_photo_is_no_plate() -> None:
    assert alone(0.95, vehicle=0.6, place=Box(400, 60, 120, 40)) < 0.5
    assert alone(0.95, place=Box(50, 50, 900, 600)) < 0.2 < alone(0.95)


@pytest.mark.parametrize("text", ["FT 50", "IM 18", "T 20"])
def test_a_short_number_needs_a_vehicle(text: str) -> None:
    assert told(text, shape=1.0) < 0.5


def test_a_month_and_a_year_below_an_indonesian_number() -> None:
    month = line("08.28", 430, 345, 60, 22)
    assert told("B 1974 KZR") < 0.5 <= told("B 1974 KZR", around=(month,))
    assert told("WKM 4821", around=(month,)) < 0.5
    assert told("B 1974 KZR", around=(line("18.28", 430, 345, 60, 22),)) < 0.5


LIST = tuple(line(f"WKM 48{i}1", 400, 300 + 55 * i, 120, 40) for i in (-2, -1, 1, 2))
PARAGRAPH = tuple(line("how it was told", 380, 300 + 50 * i, 300, 40) for i in (-3, -2, -1, 1, 2, 3))
TABLE = (
    line("12", 330, 300, 50, 40),
    line("34", 540, 300, 50, 40),
    line("56", 400, 350, 50, 40),
    line("8", 400, 250, 90, 40),
)
FAR = (line("KEDAI MAKAN", 10, 20, 300, 40), line("WKM 1234", 750, 320, 120, 40))


@pytest.mark.parametrize("around", [LIST, PARAGRAPH, TABLE])
def test_rows_around_speak_against_it(around: tuple[TextLine, ...]) -> None:
    assert told("WKM 4821", 0.3, around) < told("WKM 4821", 0.3) - 0.1


def test_lines_elsewhere_say_nothing() -> None:
    assert told("WKM 4821", 0.3, FAR) == told("WKM 4821", 0.3)


def test_a_word_or_a_sentence_in_the_shape_lowers_it() -> None:
    way = read("12", 0.9, Box(400, 300, 30, 40))
    sentence = read("Buy two and get", 0.97, Box(430, 300, 90, 40))
    none = judge.confidence(judge.Candidate(0.8, PLACE, (way,), way), Scene((), 1000, 700))
    assert judge.confidence(judge.Candidate(0.8, PLACE, (way, sentence), way), Scene((), 1000, 700)) < 0.5 * none


def test_each_repair_costs() -> None:
    sure = [told(text, 0.3) for text in ("WKM 4821", "WKM 482I", "WKM 48ZI")]
    assert sure[0] > sure[1] > sure[2]


def test_small_letters_are_no_plate() -> None:
    assert told("wkm 4821", 0.3) < told("WKM 4821", 0.3)


def test_a_close_up_needs_no_vehicle() -> None:
    way = read("WKM 4821", place=Box(100, 100, 800, 250))
    candidate = judge.Candidate(0.8, Box(80, 80, 840, 290), (way,), way)
    near, unasked = Scene((), 1000, 700, ()), Scene((), 1000, 700)
    assert judge.confidence(candidate, near) == judge.confidence(candidate, unasked)


@given(st.text(max_size=30), st.floats(0, 1), st.floats(0, 1), st.none() | st.floats(0, 1))
def test_any_text_has_a_confidence(text: str, shape: float, confidence: float, vehicle: float | None) -> None:
    assert 0 <= told(text, shape, vehicle=vehicle, confidence=confidence) <= judge.SUREST


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_surer_shape_is_a_likelier_plate(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert told("WKM 4821", low) <= told("WKM 4821", high)
