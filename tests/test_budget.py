"""The budget: what is hostile costs a bounded amount of work, what was left out is told, ordinary photos lose nothing.

Networks are stubs that count: nothing here goes by time.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import budget as budgets
from photoscan.budget import LIMITS, PAGE_PIXELS, Budget, Share
from photoscan.catalog import LANGUAGES, text
from photoscan.geometry import Box, Polygon, corners
from photoscan.models import Runtime
from photoscan.options import PROFILES, Profile, ScanOptions
from photoscan.photo import Photo
from photoscan.pixels import Pixels
from photoscan.render import RenderOptions, renderer
from photoscan.report import Report, Status
from photoscan.scanner import Scanner
from photoscan.textline import TextLine
from photoscan.views import Views
from photoscan.vision import codes, plates, text_recogniser
from photoscan.vision.objects import Object
from photoscan.vision.plate_detector import PlateBox, PlateDetector
from photoscan.vision.plates import close_up, contrast, finding, glare, judge, shapes, small
from photoscan.vision.ppocr import PpOcr
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import open_reader
from photoscan.vision.second_look import SecondLook
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.text_looks import Candidate
from photoscan.vision.text_recogniser import LineReading, TextRecogniser

GREY = Pyramid(np.full((1200, 1600, 3), 120, np.uint8))


@given(st.sampled_from(PROFILES), st.integers(0, 10**9), st.lists(st.integers(0, 10**7), max_size=9))
def test_no_more_is_granted_than_a_page_may_cost(profile: Profile, pixels: int, wanted: list[int]) -> None:
    for share in Share:
        budget = Budget(profile, pixels)
        granted = [budget.take(share, units) for units in wanted]
        assert all(0 <= got <= units for got, units in zip(granted, wanted, strict=True))
        assert sum(granted) + budget.left(share) <= LIMITS[profile][share].most
        assert sum(granted) == min(sum(wanted), Budget(profile, pixels).left(share))
        assert not budget.left_out


def test_nothing_is_given_back() -> None:
    with pytest.raises(ValueError, match="-1"):
        Budget().take(Share.CODES, -1)


@pytest.mark.parametrize("share", list(Share))
def test_a_thorough_look_may_cost_more_and_a_fast_one_less(share: Share) -> None:
    fast, balanced, thorough = (LIMITS[profile][share] for profile in ("fast", "balanced", "thorough"))
    assert all(a <= b < c for a, b, c in zip(fast, balanced, thorough, strict=True))


class Counted:
    """Stubs of the networks that say nothing and count what they are asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, found: Sequence[PlateBox]) -> None:
        self.pictures, self.crops = 0, 0

        def outlines(detector: TextDetector, pixels: Pixels) -> list[Polygon]:
            self.pictures += 1
            return []

        def read(recogniser: TextRecogniser, crops: Sequence[Pixels], careful: bool = False) -> list[LineReading]:
            self.crops += len(crops)
            return [LineReading("", 0.0)] * len(crops)

        monkeypatch.setattr(TextDetector, "outlines", outlines)
        monkeypatch.setattr(TextRecogniser, "read", read)
        monkeypatch.setattr(shapes, "find", lambda pyramid, profile, detector: list(found))


def texture(count: int, score: float) -> list[PlateBox]:
    boxes = [Box(60 * (i % 25) + 5, 40 * (i // 25) + 5, 48, 24) for i in range(count)]
    return [PlateBox(score, box, corners(box)) for box in boxes]


@pytest.mark.parametrize(("score", "told"), [(0.08, False), (0.2, True)])
def test_of_many_shapes_a_few_are_read(score: float, told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, budget = Counted(monkeypatch, texture(204, score)), Budget("balanced", 12_000_000)
    assert finding.find(GREY, (), ScanOptions(), (), budget) == ()
    most = LIMITS["balanced"][Share.PLATES].most
    assert counted.pictures == most
    assert counted.crops <= 2 * most
    # Weak shapes are texture: nobody misses them. Surer ones may be plates.
    assert (Share.PLATES in budget.left_out) is told


def test_what_is_a_plate_by_its_shape_is_told_where_nobody_could_afford_to_read_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted, budget = Counted(monkeypatch, texture(100, 0.9)), Budget("balanced", 12_000_000)
    found = finding.find(GREY, (), ScanOptions(), (), budget)
    assert len(found) == 100
    assert all(plate.text is None for plate in found)
    assert counted.pictures == LIMITS["balanced"][Share.PLATES].most
    assert budget.left_out == {Share.PLATES}


def test_the_likeliest_places_are_read_first(monkeypatch: pytest.MonkeyPatch) -> None:
    Counted(monkeypatch, [*texture(3, 0.9), *texture(60, 0.07)[30:]])
    line = TextLine("WKM 4821", corners(Box(900, 900, 120, 30)), 0.9)
    finder = finding._Finder(Runtime(), "balanced")
    found = finder.candidates(GREY, [line], ())
    scores = [candidate.score for candidate in found]
    assert scores[:4] == [0.9, 0.9, 0.9, 0.0]
    assert set(scores[4:]) == {0.07}


def test_within_the_budget_all_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    some, budget = texture(9, 0.4), Budget("balanced", 12_000_000)
    counted = Counted(monkeypatch, some)
    found = finding.find(GREY, (), ScanOptions(), (), budget)
    assert counted.pictures == len(some)
    assert not budget.left_out
    assert {plate.polygon for plate in found} == {shape.corners for shape in some}


CAR = Object("car", 0.4, Box(400, 300, 600, 500))
ON_IT = Box(600, 600, 90, 30)
REASONS: dict[str, tuple[list[Object] | None, list[PlateBox], bool]] = {
    "nobody looked for vehicles": (None, [], True),
    "no vehicle": ([], [], False),
    "no vehicle, a weak shape": ([], texture(1, 0.1), False),
    "a vehicle without a plate": ([CAR], [], True),
    "a vehicle with a weak shape": ([CAR], [PlateBox(0.1, ON_IT, corners(ON_IT))], True),
    "a vehicle with its plate": ([CAR], [PlateBox(0.9, ON_IT, corners(ON_IT))], False),
    "a vehicle far away": ([Object("car", 0.9, Box(400, 300, 90, 60))], [], False),
    "a plate elsewhere": ([CAR], texture(1, 0.9), True),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REASONS))
def test_washed_out_and_small_lettering_is_looked_for_where_there_is_a_reason(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vehicles, seen, wanted = REASONS[name]
    looks: list[str] = []
    Counted(monkeypatch, seen)
    monkeypatch.setattr(small, "find", lambda *given: looks.append("small") or [])
    monkeypatch.setattr(glare, "find", lambda *given: looks.append("glare") or [])
    finding.find(GREY, (), ScanOptions(), vehicles)
    assert looks == (["small", "glare"] if wanted else [])
    looks.clear()
    finding.find(GREY, (), ScanOptions(profile="fast"), vehicles)
    assert looks == []


def test_on_a_page_of_text_only_what_is_near_a_plate_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [corners(Box(5, 2 * i, 200, 2)) for i in range(100)]
    near = close_up.nearest(rows, Box(0, 100, 90, 4))
    assert len(near) == close_up.MOST_PIECES
    assert all(80 < Box.around(row).y < 120 for row in near)
    assert close_up.nearest(rows[:3], Box(0, 100, 90, 4)) == rows[:3]
    assert len(close_up.nearest(rows, Box(0, 100, 90, 4), close_up.FEW_PIECES)) == close_up.FEW_PIECES
    counted = Counted(monkeypatch, [])
    lines = [TextLine("a line of running text, longer than plates", rows[0]), TextLine("WKM 4821", rows[1])]
    frame = finding._laid_flat(GREY, finding._Candidate(rows[0], 0.5))
    closely = close_up.CloseUps(GREY, lines, Runtime(), Budget())
    place = closely.seen(frame)
    assert place is not None
    assert [len(read.again) for read in closely.read([place])] == [1]
    assert counted.crops == 1


def lettered(monkeypatch: pytest.MonkeyPatch, pieces: int) -> Counted:
    """Every place shows so many pieces of text."""
    counted = Counted(monkeypatch, texture(100, 0.9))

    def outlines(detector: TextDetector, pixels: Pixels) -> list[Polygon]:
        counted.pictures += 1
        return [corners(Box(150 + 40 * i, 90, 36, 40)) for i in range(pieces)]

    monkeypatch.setattr(TextDetector, "outlines", outlines)
    return counted


@pytest.mark.parametrize("megapixels", [1, 6, 60])
@pytest.mark.parametrize("pieces", [2, 4, 30])
def test_however_much_stands_at_many_places_so_much_is_read(
    pieces: int, megapixels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, budget = lettered(monkeypatch, pieces), Budget("balanced", megapixels * 1_000_000)
    most = budget.left(Share.CLOSE_UPS)
    found = finding.find(GREY, (), ScanOptions(), (), budget)
    # Each crop takes 320 columns at least, each look at a place as much as 200 or more.
    assert 320 * counted.crops + 200 * counted.pictures <= most <= LIMITS["balanced"][Share.CLOSE_UPS].most
    assert counted.crops > 0
    assert len(found) == 100
    assert Share.PLATES in budget.left_out
    assert pieces < 30 or Share.CLOSE_UPS in budget.left_out


@pytest.mark.parametrize(
    ("score", "unread", "told"), [(0.9, False, True), (0.12, False, True), (0.11, False, False), (0.0, True, False)]
)
def test_a_place_that_is_passed_over_is_told_where_it_may_be_a_plate(score: float, unread: bool, told: bool) -> None:
    """Weak shapes, lines that were read anyway and specks of lettering are no loss."""
    budget = Budget()
    budget.take(Share.PLATES, budget.left(Share.PLATES))
    candidate = finding._Candidate(corners(Box(10, 10, 40, 20)), score, unread=unread)
    assert finding._afforded([candidate], budget) == ([], [candidate])
    assert bool(budget.left_out) is told


def test_what_can_be_paid_is_read_as_if_there_were_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[tuple[int, ...]]] = []

    def read(recogniser: TextRecogniser, crops: Sequence[Pixels], careful: bool = False) -> list[LineReading]:
        asked.append([crop.shape for crop in crops])
        return [LineReading("WKM 4821", 0.99)] * len(crops)

    def outlines(detector: TextDetector, pixels: Pixels) -> list[Polygon]:
        return [corners(Box(150, 90, 200, 60))]

    Counted(monkeypatch, texture(4, 0.9))
    monkeypatch.setattr(TextRecogniser, "read", read)
    monkeypatch.setattr(TextDetector, "outlines", outlines)
    line = TextLine("WKM 4821", corners(Box(8, 10, 40, 12)), 0.9)
    found = finding.find(GREY, [line], ScanOptions(), (), budget := Budget("balanced", 2_000_000))
    assert [len(crops) for crops in asked] == [4, 1, 8, 0]
    thorough = finding.find(GREY, [line], ScanOptions(), (), Budget("thorough", 10**9))
    assert asked[:4] == asked[4:]
    assert found == thorough
    assert {plate.text for plate in found} == {"WKM4821"}
    assert not budget.left_out


def test_lines_of_the_photo_are_paid_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Counted(monkeypatch, [])
    budget, line = Budget(), TextLine("WKM 4821", corners(Box(300, 300, 90, 20)), 0.9)
    closely = close_up.CloseUps(GREY, [line], Runtime(), budget)
    frame = finding._laid_flat(GREY, finding._Candidate(corners(Box(290, 290, 110, 40)), 0.5))
    left = []
    for _ in range(2):
        assert (place := closely.seen(frame)) is not None
        assert len(place.lines) == 1
        before = budget.left(Share.CLOSE_UPS)
        assert closely.afforded(place)
        left.append(before - budget.left(Share.CLOSE_UPS))
    assert left == [close_up.columns(line.polygon or ()), 0]
    budget.take(Share.CLOSE_UPS, budget.left(Share.CLOSE_UPS) - 10)
    assert closely.seen(frame) is None
    assert closely.further([corners(Box(0, 0, 90, 20))]) == 0


IN_CODES: dict[str, tuple[list[Box], bool]] = {
    "none": ([], True),
    "a code elsewhere": ([Box(300, 300, 60, 60)], True),
    "a code on it": ([Box(12, 10, 14, 14)], True),
    "in a code": ([Box(0, 0, 60, 60)], False),
    "across two codes": ([Box(0, 0, 30, 30), Box(32, 0, 30, 30)], False),
}


@pytest.mark.parametrize("name", sorted(IN_CODES))
def test_no_plate_is_looked_for_in_codes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    places, looked_for = IN_CODES[name]
    counted, budget = Counted(monkeypatch, texture(1, 0.9)), Budget()
    found = finding.find(GREY, (), ScanOptions(), (), budget, places)
    assert bool(found) is bool(counted.pictures) is looked_for
    assert not budget.left_out


@pytest.mark.parametrize(("only", "given"), [((), 1), (("plate",), 0), (("plate", "code.qr"), 1)])
def test_codes_are_known_to_plates_where_both_are_asked_for(
    only: tuple[str, ...], given: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, seen = codes.Code("QRCode", "https://example.org/a", corners(Box(4, 4, 20, 20))), []

    def find(
        pyramid: Pyramid, lines: object, options: object, vehicles: object, budget: object, known: object
    ) -> list[object]:
        seen.append(known)
        return []

    monkeypatch.setattr(plates, "find", find)
    monkeypatch.setattr(codes, "find", lambda pyramid, options, budget: (code,))
    for view in ("lines", "objects"):
        monkeypatch.setattr(Views, view, ())
    _ = Views(Photo.open(animation(1)), ScanOptions(only=only)).plates
    assert seen == [[code.box] * given]


def strokes(height: int, width: int, *places: Box) -> Pixels:
    """A grey picture with upright strokes two pixels wide in some places."""
    picture = np.full((height, width, 3), 120, np.uint8)
    for place in places:
        picture[place.y : place.y2, place.x : place.x2] = 230
        picture[place.y : place.y2, place.x : place.x2 : 4] = 20
        picture[place.y : place.y2, place.x + 1 : place.x2 : 4] = 20
    return picture


FINE: dict[str, tuple[Pixels, float, float]] = {
    "a plain sky": (np.full((2400, 3200, 3), 200, np.uint8), 0, 0),
    "a sky that grows darker": (np.tile(np.linspace(0, 255, 2400)[:, None, None], (1, 3200, 3)).astype(np.uint8), 0, 0),
    "one small plate": (strokes(2400, 3200, Box(1500, 1000, 28, 12)), 0.001, 0.02),
    "two in corners": (strokes(2400, 3200, Box(2, 2, 28, 12), Box(3100, 2300, 28, 12)), 0.001, 0.03),
    "all of it": (strokes(2400, 3200, Box(0, 0, 3200, 2400)), 1.0, 1.25),
    "noise": (np.random.default_rng(3).integers(0, 256, (2400, 3200, 3), dtype=np.uint8), 1.0, 1.25),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FINE))
def test_a_large_picture_is_looked_at_finely_where_strokes_stand_close(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, least, most = FINE[name]
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(PlateDetector, "detect", lambda self, pixels, threshold: seen.append(pixels.shape[:2]) or [])
    assert shapes.find(Pyramid(picture), "balanced", PlateDetector(Runtime())) == []
    fine = seen[len(shapes.SIZES["balanced"]) :]
    assert least <= sum(h * w for h, w in fine) / (2400 * 3200) <= most
    assert all(max(size) <= shapes.TILE for size in seen)


@given(st.integers(0, 600), st.integers(0, 300), st.integers(24, 60), st.integers(10, 30))
def test_strokes_are_seen_wherever_they_stand(x: int, y: int, width: int, height: int) -> None:
    place = Box(x, y, width, height)
    grid = contrast.grid(strokes(340, 670, place))
    cells = np.argwhere(grid)
    assert len(cells)
    reach = contrast.CELL + contrast.WINDOW[0]
    assert all(
        Box(int(c) * 32 - reach, int(r) * 32 - reach, 3 * reach, 3 * reach).intersection(place) for r, c in cells
    )


def codes_on(columns: int, rows: int) -> Pixels:
    picture = np.full((60 * rows, 60 * columns), 255, np.uint8)
    for i in range(columns * rows):
        code = np.array(
            zxingcpp.create_barcode(f"https://example.org/{i}", zxingcpp.BarcodeFormat.QRCode).to_image(scale=1)
        )
        y, x = 60 * (i // columns) + 10, 60 * (i % columns) + 10
        picture[y : y + len(code), x : x + code.shape[1]] = code
    return np.ascontiguousarray(picture[:, :, None].repeat(3, 2))


def test_of_many_codes_some_are_told() -> None:
    pyramid, whole = Pyramid(np.kron(codes_on(4, 3), np.ones((2, 2, 1), np.uint8))), Budget()
    found = codes.find(pyramid, ScanOptions(), whole)
    assert len(found) == 12
    assert not whole.left_out
    assert codes.find(pyramid, ScanOptions()) == found
    nearly_spent = Budget()
    nearly_spent.take(Share.CODES, nearly_spent.left(Share.CODES) - 5)
    some = codes.find(pyramid, ScanOptions(), nearly_spent)
    assert len(some) == 5
    assert set(some) <= set(found)
    assert nearly_spent.left_out == {Share.CODES}


@pytest.mark.parametrize(("megapixels", "read"), [(0, 53), (12, 181), (1000, 400)])
def test_of_very_many_lines_the_largest_are_read(megapixels: int, read: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Polygon] = []

    def answers(look: SecondLook, pyramid: Pyramid, polygons: Sequence[Polygon]) -> list[LineReading]:
        asked.extend(polygons)
        return [LineReading("a line", 0.99)] * len(polygons)

    monkeypatch.setattr(SecondLook, "read", answers)
    budget = Budget("balanced", megapixels * 1_000_000)
    reader = open_reader(ScanOptions(), budget)
    assert isinstance(reader, PpOcr)
    # Each takes 1,500 columns.
    rows = [Candidate(corners(Box(0, 0, 250 + 1000 * (i % 2), 8 + 32 * (i % 2))), 0.0, 1) for i in range(900)]
    assert {text_recogniser.columns(row.polygon) for row in rows} == {1500}
    seen = reader._read(GREY, rows)
    assert len(seen) == len(asked) == read
    assert sum(Box.around(polygon).h == 40 for polygon in asked) == min(read, 450)
    assert budget.left_out == {Share.LINES}
    few = Budget("balanced", megapixels * 1_000_000)
    assert len(open_reader(ScanOptions(), few)._read(GREY, rows[:30])) == 30  # type: ignore[attr-defined]
    assert asked[read:] == [row.polygon for row in rows[:30]]
    assert not few.left_out


@pytest.mark.parametrize("size", [(1, 50_000), (50_000, 1), (budgets.LEAST_SIDE - 1, 9000), (1, 1)])
def test_a_strip_is_given_to_no_network(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(runtime: Runtime, *given: object, **named: object) -> None:
        raise AssertionError("a network was asked")

    monkeypatch.setattr(Runtime, "network", refused)
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)).save(file, "PNG")
    views = Views(Photo.open(file.getvalue()), ScanOptions())
    assert (views.lines, views.faces, views.plates, views.codes) == ((), (), (), ())


def animation(frames: int, side: int = 40) -> bytes:
    file, pictures = io.BytesIO(), [Image.new("L", (side, side), 7 * i) for i in range(frames)]
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:])
    return file.getvalue()


def scanned(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Scanned by the whole scanner; what networks would see is nothing."""
    for view in ("lines", "faces", "plates", "objects"):
        monkeypatch.setattr(Views, view, ())
    return Scanner().scan(data)


@pytest.mark.parametrize(("pixels", "looked_at"), [(40 * 40 * 5, 5), (40 * 40 * 3 + 99, 3), (1, 1), (40 * 40, 1)])
def test_of_many_frames_so_many_are_looked_at_as_their_pixels_allow(
    pixels: int, looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setitem(PAGE_PIXELS, "balanced", pixels)
    monkeypatch.setattr(codes, "find", lambda pyramid, options, budget: seen.append(pyramid.width) or ())
    report = scanned(animation(5), monkeypatch)
    assert len(seen) == looked_at
    left_out = [outcome.name for outcome in report.detectors if outcome.reason == "budget"]
    assert left_out == (["pages"] if looked_at < 5 else [])
    assert report.decision.verdict == ("incomplete" if looked_at < 5 else "allow")


@pytest.mark.parametrize("share", list(Share))
def test_what_was_left_out_is_told_beside_what_was_found(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    code = codes.Code("QRCode", "https://example.org/a", corners(Box(4, 4, 20, 20)))

    def cut(pyramid: Pyramid, options: ScanOptions, budget: Budget) -> tuple[codes.Code, ...]:
        budget.leave_out(share)
        return (code,)

    monkeypatch.setattr(codes, "find", cut)
    report = scanned(animation(1), monkeypatch)
    assert [finding.value for finding in report.findings] == [code.text]
    (outcome,) = [outcome for outcome in report.detectors if outcome.reason == "budget"]
    assert (outcome.name, outcome.status) == (share.value, Status.SKIPPED)
    assert report.decision.verdict == "incomplete"
    rows = json.loads(json.dumps(report.to_dict()))["detectors"]
    assert {"name": share.value, "status": "skipped", "reason": "budget", "seconds": 0.0} in rows
    assert Report.from_dict(report.to_dict()).decision.verdict == "incomplete"
    for language in LANGUAGES:
        said = "".join(renderer("text")(RenderOptions(language=language, width=400)).render([report]))
        assert text(f"detector.{share.value}", language) in said
        assert text("reason.budget", language) in said


def test_the_surest_weak_shape_is_below_what_is_told() -> None:
    assert shapes.THRESHOLD < judge.SEEN < finding.UNREADABLE_FROM
