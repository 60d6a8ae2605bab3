"""Plates: how a number is put together close up, what speaks for and against one, and drawn ones found again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import plates as drawn
from fixtures.canvas import Picture, blank, letters, paste, rectangle, width_of
from photoscan import plate_formats
from photoscan.geometry import Box, Polygon, corners
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.textline import TextLine
from photoscan.vision import plates
from photoscan.vision.plate_detector import PlateBox, PlateDetector
from photoscan.vision.plates import finding, glare, reading, shapes, small
from photoscan.vision.plates.frame import flat
from photoscan.vision.plates.reading import Piece, Reading
from photoscan.vision.plates.surroundings import Scene
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import open_reader
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.text_recogniser import LineReading
from tests.properties import sample

LETTERING = TextDetector(Runtime())


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
    "a first letter, a gap behind it and the others": ([piece("BZM:22-27", 100, 40, 200, 60)], "BZM2227"),
    "texture": ([piece("WKM 4821", 100, 40, 200, 60, confidence=0.1)], None),
    "elsewhere": ([piece("WKM 4821", 350, 120, 100, 30)], None),
    "a word": ([piece("KEDAI", 100, 40, 200, 60)], None),
    "three characters on an outline far too wide": ([piece("A12", 0, 70, 500, 40)], None),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PUT_TOGETHER))
def test_a_number_put_together(name: str) -> None:
    pieces, expected = PUT_TOGETHER[name]
    way = reading.best(list(reading.readings(pieces, FRAME, REACH, shaped=True)))
    assert (way.match.text if way and way.match else None) == expected


def reading_of(text: str, confidence: float, *pieces: Piece) -> Reading:
    return Reading(text, plate_formats.match(text, shaped=True), confidence, pieces)


def test_a_part_of_a_number_counts_for_the_whole() -> None:
    ways = [reading_of("AA 1528", c) for c in (1.0, 0.99, 0.99)] + [reading_of("AA 1528 G", 0.99)]
    best = reading.best(ways)
    assert best is not None
    assert best.says == "AA1528G"


BELIEVED = {
    "its own tail": ([("AA 5336 NK", 0.86), ("A 5336 NK", 0.97), ("5336 NK", 0.98)], "AA5336NK"),
    "a word before the number": ([("JAN 4521", 1.0), ("JQN 4521", 0.9)], "JAN4521"),
    "a first digit that would have to be a letter": ([("A 5336 NK", 0.9), ("4 5336 NK", 0.93)], "A5336NK"),
    "month and year behind the number": ([("AB 1425 QO 08.27", 0.97), ("AB 1425", 0.95)], "AB1425QO"),
    "a month and year is no letter of a plate": ([("CDK-575 13", 0.99), ("CDK-575", 0.98)], "CDK575"),
}


@pytest.mark.parametrize("name", sorted(BELIEVED))
def test_which_of_several_readings_is_believed(name: str) -> None:
    texts, expected = BELIEVED[name]
    ways = [r for text, c in texts for r in reading._as_plates(reading_of(text, c), shaped=True)]
    best = reading.best(ways)
    assert best is not None
    assert best.says == expected


def test_a_month_and_a_year_are_taken_off_indonesian_numbers_only() -> None:
    # A number of four digits behind another country's is its own.
    for text in ("WKM 4821 08.27", "CWW 2245 0827", "B 1234 0827"):
        assert [r.text for r in reading._as_plates(reading_of(text, 0.9), shaped=True)][:1] == [text]
        assert not any(
            r.text != text and r.trimmed == 0 for r in reading._as_plates(reading_of(text, 0.9), shaped=True)
        )


PASS = ("BOARDING PASS", "Flight MH 370", "Gate C12", "Seat 14A", "MH 1234", "PNR ABC123")


@pytest.mark.parametrize(("shape", "on"), [(0.0, False), (0.9, True)])
def test_a_flight_on_a_boarding_pass_is_no_plate(shape: float, on: bool) -> None:
    lines = tuple(TextLine(text, corners(Box(10, 40 * i, 200, 24)), 0.98) for i, text in enumerate(PASS))
    candidate = finding._Candidate(corners(Box(0, 400, 120, 40)), shape)
    ways = [reading_of("WKM 4821", 0.98)]
    assert (finding.judged(candidate, ways, Scene(lines, 800, 600, ())) is not None) == on
    assert finding.judged(candidate, ways, Scene(lines[:2], 800, 600, ())) is not None


def test_an_outline_stays_inside_the_photo() -> None:
    tilted: Polygon = ((150, 230), (310, 238), (308, 266), (148, 262))
    look = finding._Look(finding._Candidate(tilted, 0.9), (reading_of("WKM 4821", 0.98),))
    (plate,) = finding.distinct([look], Scene((), 300, 260))
    assert all(0 <= x <= 300 and 0 <= y <= 260 for x, y in plate.polygon)
    assert len(plate.polygon) > 2


def test_a_sticker_behind_the_number_is_no_part_of_it() -> None:
    ways = [reading_of("CDK-575 13", 0.99), reading_of("CDK-575", 0.98), reading_of("CDK-575", 0.95)]
    best = reading.best(ways)
    assert best is not None
    assert best.says == "CDK575"


def test_the_tightest_outline_of_what_was_read() -> None:
    wide, tight = piece("WKM 4821", 0, 0, 400, 200), piece("WKM 4821", 100, 60, 200, 60)
    other = piece("4821", 200, 60, 100, 60)
    ways = [reading_of("WKM 4821", 0.9, wide), reading_of("WKM 4821", 0.8, tight), reading_of("4821", 0.9, other)]
    assert reading.tightest(ways, ways[0]) == (tight,)
    assert reading.tightest([reading_of("WKM 4821", 0.9)], ways[0]) == ()


CUT_OFF = {
    # what was read first: (what its row reads, followed further, and the plate; None where nothing is added)
    "H 1456": ("H 1456 TL", "H1456TL"),
    "1021HU": ("T1021HU", "T1021HU"),
    "CDK 575": ("CDK 575 13", None),
    "W 1234": ("W 1234", None),
    "AB 1234": ("HONDA", None),
}


@pytest.mark.parametrize("text", sorted(CUT_OFF))
def test_a_number_that_seems_cut_off(text: str) -> None:
    further, expected = CUT_OFF[text]
    stretch = piece(text, 100, 40, 160, 40)
    row = reading.cut_off([reading_of(text, 0.95, stretch)], corners(Box(0, 0, 10, 10)))
    assert row is not None
    assert row.reach[0][0] < 100 or row.reach[1][0] > 260
    added = list(row.completed(LineReading(further, 0.9), shaped=True))
    assert [way.says for way in added] == ([expected] if expected else [])
    assert all(Box.around(p.outline).w > 160 for way in added for p in way.pieces)


@pytest.mark.parametrize("text", ["WKM 4821 X", "AA 1056 QG", "KEDAI", ""])
def test_a_number_that_is_not_cut_off(text: str) -> None:
    assert reading.cut_off([reading_of(text, 0.95)], corners(Box(0, 0, 90, 30))) is None


JOINED = {
    # the readings, the surest last: what they say together
    "each cut at its other side": (["T1021", "1021 HU"], ["T1021HU"]),
    "in whichever order": (["1021 HU", "T1021"], ["T1021HU"]),
    "said as a whole as well": (["T1021", "1021 HU", "T 1021 HU"], []),
    "a sticker behind the number": (["CDK-575", "575 13"], []),
    "a sticker behind a longer number": (["AB 1234", "1234 08"], []),
    "too little in common": (["T 10", "10 HU"], []),
    "nothing in common": (["WKM 4821", "BKL 77"], []),
    "one inside of the other": (["AA 1528 G", "1528"], []),
    "no telling form": (["HUH 1N24", "N24 QQQQ"], []),
    "a word": (["KEDAI", "DAING"], []),
}


@pytest.mark.parametrize("name", sorted(JOINED))
def test_readings_that_overlap_are_joined(name: str) -> None:
    texts, expected = JOINED[name]
    ways = [reading_of(text, 0.9, piece(text, 100, 40, 160, 40)) for text in texts]
    assert [way.says for way in reading.joined(ways, shaped=True)] == expected


def test_a_joined_reading_is_as_sure_as_its_less_sure_part_and_stands_where_both_do() -> None:
    start, end = piece("T1021", 100, 40, 120, 40), piece("1021 HU", 130, 40, 150, 40)
    (way,) = reading.joined([reading_of("T1021", 0.9, start), reading_of("1021 HU", 0.8, end)], shaped=True)
    assert way.confidence == 0.8
    assert Box.union(p.box for p in way.pieces) == Box.union((start.box, end.box))


@given(st.lists(st.text(alphabet="AB12", min_size=1, max_size=7), max_size=6))
def test_joining_invents_nothing(texts: list[str]) -> None:
    ways = [reading_of(text, 0.9) for text in texts]
    for joined in reading.joined(ways, shaped=True):
        assert joined.says not in {way.says for way in ways}
        assert any(joined.says.startswith(way.says) for way in ways)
        assert any(joined.says.endswith(way.says) for way in ways)


def test_what_was_read_in_one_place_is_weighed_together() -> None:
    quad = corners(Box(100, 100, 120, 40))
    shape = finding._Look(finding._Candidate(quad, 0.7), (reading_of("A 1959 G", 0.9),))
    line = finding._Look(
        finding._Candidate(corners(Box(95, 102, 130, 36)), 0.0),
        (reading_of("AA 1959 G", 0.98, piece("AA 1959 G", 95, 102, 130, 36)),),
    )
    (plate,) = finding.distinct(finding.places([shape, line]), Scene((), 640, 480))
    assert plate.text == "AA1959G"
    assert "shape 0.70" in plate.reason


def way(text: str, confidence: float = 0.95) -> Reading:
    return Reading(text, plate_formats.match(text, shaped=True), confidence)


JUDGED: dict[str, tuple[float, list[Reading], tuple[str | None, bool] | None]] = {
    # name: (shape's score, readings, (text, likely) or None for no plate)
    "read and seen": (0.8, [way("WKM 4821")], ("WKM4821", True)),
    "only read": (0.0, [way("WKM 4821")], ("WKM4821", False)),
    "read badly": (0.0, [way("WKM 4821", 0.5)], ("WKM4821", False)),
    "read with doubts": (0.0, [way("P 123 E", 0.72)], ("P123E", False)),
    "seen, can't be read": (0.9, [way("", 0.0)], (None, False)),
    "seen, a number without a form": (0.9, [way("918 5914")], ("9185914", False)),
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


# The Malaysian ones that lie straight are more of what the sample photos show.
@pytest.mark.parametrize("name", sample(sorted(DRAWN.keys() - {"Malaysia", "Malaysia, two lines"}), sorted(DRAWN)))
def test_drawn_plates_are_found_and_read(name: str) -> None:
    plate, width, angle, text = DRAWN[name]
    pixels, box = street(plate, width, angle)
    pyramid, options = Pyramid(pixels), ScanOptions()
    found = plates.find(pyramid, open_reader(options).read(pyramid), options)
    best = max(found, key=lambda p: p.box.iou(box))
    assert best.text == text
    assert best.countries[0] == name.split(",")[0]
    assert box.coverage_by(best.box) >= 0.9
    assert best.confidence >= 0.5


def test_bright_levels_are_spread_apart() -> None:
    shown = glare.darkened(np.array([[[245, 245, 245], [225, 225, 225]]], np.uint8)).astype(int)
    assert shown[0, 0, 0] - shown[0, 1, 0] > 2 * (245 - 225)


def test_a_washed_out_plate_is_looked_for() -> None:
    plate = np.clip(drawn.indonesia("B 1974 KZR", "08 - 28").astype(int) // 16 + 238, 0, 255).astype(np.uint8)
    pixels, box = street(plate, 220)
    outlines = glare.find(Pyramid(pixels), [], LETTERING)
    assert any(Box.around(o).intersection(box) > 0.2 * box.area for o, _ in outlines)
    assert not glare.find(Pyramid(pixels), [box.grown(0.2, 0.3)], LETTERING)


@pytest.mark.parametrize("place", [Box(40, 30, 60, 20), Box(1500, 1000, 60, 20), Box(2900, 1900, 60, 20)])
def test_a_shape_in_a_large_photo_is_placed_right(place: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def bright(self: PlateDetector, pixels: Picture, threshold: float) -> list[PlateBox]:
        sizes.append(max(pixels.shape[:2]))
        ys, xs = np.nonzero(pixels[:, :, 0] > 128)
        box = Box.around(zip(xs.tolist(), ys.tolist(), strict=True)) if len(xs) else Box(0, 0, 0, 0)
        return [PlateBox(0.9, box, corners(box))] if box.w > 50 else []

    monkeypatch.setattr(PlateDetector, "detect", bright)
    photo = np.zeros((2000, 3000, 3), np.uint8)
    photo[place.y : place.y2, place.x : place.x2] = 255
    (shape,) = shapes.find(Pyramid(photo), "balanced", PlateDetector(Runtime()))
    assert shape.box.iou(place) > 0.9
    assert Box.around(shape.corners) == shape.box
    assert max(sizes) <= shapes.TILE
    assert sizes[:3] == list(shapes.SIZES["balanced"])


def test_small_lettering_is_looked_for_in_scenes() -> None:
    pixels, box = street(drawn.malaysia("WKM 4821"), 48, 10)
    pyramid = Pyramid(pixels)
    assert any(Box.around(o).intersection(box) > 0.3 * box.area for o in small.find(pyramid, [], [], LETTERING))
    assert small.find(pyramid, [], [box.grown(0.5)], LETTERING) == []
    page = [TextLine("a line", corners(Box(0, 0, 9, 9)))] * (small.FEW + 1)
    assert small.find(pyramid, page, [], LETTERING) == []


def sheet(texts: Sequence[str]) -> tuple[Picture, list[Box]]:
    """Texts on boards of several colours, in two columns; and the boards."""
    picture, boards = blank(1100, 120 + 90 * ((len(texts) + 1) // 2), (126, 122, 118)), []
    inks = [((240, 240, 236), (22, 22, 24)), ((22, 60, 120), (250, 250, 250)), ((236, 190, 20), (20, 20, 20))]
    for i, text in enumerate(texts):
        ground, ink = inks[i % len(inks)]
        x, y, w = 60 + 540 * (i % 2), 60 + 90 * (i // 2), width_of(text, 40, 0.05) + 40
        rectangle(picture, (x, y, w, 62), ground, 6)
        letters(picture, (x + 20, y + 8), text, 40, ink, 0.05)
        boards.append(Box(x, y, w, 62))
    return np.ascontiguousarray(picture[:, :, ::-1]), boards


NO_PLATES = [
    "HINO 300", "EURO 5", "TURBO 16V", "EXIT 24B", "BUS 780", "50% OFF", "2 FOR 30", "RM 12.90", "Tel 03-5544 1234",
    "No. 27", "LOT 5", "9 JAN 2015", "BIB 1234", "KEDAI MAKAN", "OPEN 24H", "012-345 6789", "ROOM 204", "Jalan 5/12",
]  # fmt: skip


def test_signs_and_badges_are_no_likely_plates() -> None:
    pixels, boards = sheet(NO_PLATES)
    pyramid, options = Pyramid(pixels), ScanOptions()
    lines = open_reader(options).read(pyramid)
    assert len(lines) >= len(boards) // 2
    likely = [p for p in plates.find(pyramid, lines, options) if p.confidence >= 0.5]
    wrong = {text for text, board in zip(NO_PLATES, boards, strict=True) for p in likely if board.intersection(p.box)}
    assert wrong == set()


REDACTED = {
    "Malaysia, two lines, tilted": (drawn.malaysia("JTX 5093", two_lines=True), 150, 20, "JTX5093"),
    "Indonesia, with month and year": (drawn.indonesia("B 1974 KZR", "08 - 28"), 220, 8, "B1974KZR"),
    "Brazil": (drawn.mercosul("QXP4J18"), 190, -10, "QXP4J18"),
    "United Kingdom, with a strip": (drawn.britain("LK58 ZRT"), 240, 5, "LK58ZRT"),
}


@pytest.mark.parametrize("name", sample(sorted(REDACTED)[1:3], sorted(REDACTED)))
def test_nothing_is_read_where_a_plate_was_painted_over(name: str) -> None:
    plate, width, angle, text = REDACTED[name]
    pixels, box = street(plate, width, angle)
    options = ScanOptions()
    for found in plates.find(Pyramid(pixels), open_reader(options).read(Pyramid(pixels)), options):
        pixels[found.box.y : found.box.y2, found.box.x : found.box.x2] = 0
    around = box.grown(0.5, 1.0).clipped(960, 640)
    left = Pyramid(np.ascontiguousarray(pixels[around.y : around.y2, around.x : around.x2]))
    lines = open_reader(options).read(left)
    assert not any(c in text for line in lines for c in plate_formats.compacted(line.text)), len(lines)
    assert not any(p.text for p in plates.find(left, lines, options))


@pytest.mark.parametrize("size", [(1, 1), (5, 400), (300, 8)])
def test_tiny_photos_are_no_trouble(size: tuple[int, int]) -> None:
    assert plates.find(Pyramid(np.full((*size, 3), 200, np.uint8)), (), ScanOptions()) == ()
