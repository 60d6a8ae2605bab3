"""What the networks are shown of a photo: counts of pixels and columns, without running them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from fixtures.canvas import Picture, blank, letters
from photoscan.budget import Budget, Share
from photoscan.geometry import Box, corners
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.vision import closer, text_looks, text_recogniser
from photoscan.vision.ppocr import PpOcr
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import open_reader
from photoscan.vision.text_detector import Heat, TextDetector
from photoscan.vision.text_looks import Candidate
from photoscan.vision.text_recogniser import LineReading, TextRecogniser

INK = 100


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pixels of every run of a detector that answers faintly wherever there is dark ink, and outlines nothing."""
    counts: list[int] = []

    def answer(self: TextDetector, pixels: Picture) -> Heat:
        counts.append(pixels.shape[0] * pixels.shape[1])
        faint: Heat = np.where(pixels.min(axis=2) < INK, closer.FAINTEST, 0).astype(np.uint8)
        return faint

    monkeypatch.setattr(TextDetector, "_infer", answer)
    return counts


def sign(width: int, height: int) -> Picture:
    """A bare wall with one short line on it."""
    picture = blank(width, height, (225, 225, 225))
    letters(picture, (width // 3, height // 3), "Jalan 18", 40)
    return picture


def foliage(width: int, height: int) -> Picture:
    return np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)


def looked(shown: list[int], picture: Picture) -> float:
    """Pixels shown to the detector in times of the picture."""
    shown.clear()
    open_reader(ScanOptions()).read(Pyramid(picture))
    return sum(shown) / (picture.shape[0] * picture.shape[1])


def test_of_a_bare_wall_only_the_overview_is_looked_at(shown: list[int]) -> None:
    assert looked(shown, blank(4000, 3000, (225, 225, 225))) < 0.06


def test_one_line_on_a_large_photo_costs_little_more_than_none(shown: list[int]) -> None:
    assert 0.06 < looked(shown, sign(4000, 3000)) < 0.12


def test_a_large_photo_that_is_answered_everywhere_costs_less_than_one_whole_look(shown: list[int]) -> None:
    assert looked(shown, foliage(2600, 1950)) < 0.8


@pytest.mark.parametrize("draw", [sign, foliage])
def test_there_is_no_cliff_where_photos_are_no_longer_enlarged(shown: list[int], draw: object) -> None:
    smaller, larger = ((1600, 1200), (1700, 1275))
    costs = [looked(shown, draw(*size)) * size[0] * size[1] for size in (smaller, larger)]  # type: ignore[operator]
    assert costs[0] < 1.1 * costs[1]


@pytest.mark.parametrize("size", [(1, 3000), (3000, 1), (1, 1), (1700, 2)])
def test_strips_are_looked_at_without_complaint(shown: list[int], size: tuple[int, int]) -> None:
    assert open_reader(ScanOptions()).read(Pyramid(foliage(*size))) == ()


@pytest.mark.parametrize("sideways", [False, True])
def test_parts_are_looked_at_in_their_places(monkeypatch: pytest.MonkeyPatch, sideways: bool) -> None:
    picture = blank(600, 400, (225, 225, 225))
    picture[100:130, 200:400] = 0
    monkeypatch.setattr(
        TextDetector, "_infer", lambda self, pixels: np.where(pixels.min(axis=2) < INK, 250, 0).astype(np.uint8)
    )
    detector = TextDetector(Runtime())
    seen = text_looks.look(detector, Pyramid(picture), 600, [Box(150, 80, 300, 80)], sideways)
    elsewhere = text_looks.look(detector, Pyramid(picture), 600, [Box(0, 200, 600, 300)], sideways)
    assert Box.around(seen.candidates[0].polygon).iou(Box(180, 80, 240, 70)) > 0.7
    assert (seen.heat[100:130, 200:400] == 250).all()
    assert (elsewhere.candidates, elsewhere.heat.max()) == ([], 0)


def test_of_too_many_outlines_the_largest_are_read_and_the_rest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def read(self: TextRecogniser, crops: Sequence[Picture], careful: bool = False) -> list[LineReading]:
        asked.extend(crop.shape[0] for crop in crops)
        return [LineReading("", 0.0)] * len(crops)

    monkeypatch.setattr(TextRecogniser, "read", read)
    outlines = [corners(Box(10, 10 + 60 * i, 20 * height, height)) for i, height in enumerate((12, 40, 16, 36))]
    row = 20 * text_recogniser.HEIGHT
    assert [text_recogniser.columns(o) for o in outlines] == [row] * 4
    budget = Budget("balanced", 0)
    budget.take(Share.LINES, budget.left(Share.LINES) - 2 * row)
    reader = open_reader(ScanOptions(), budget)
    assert isinstance(reader, PpOcr)
    seen = reader._read(Pyramid(blank(900, 400, (225, 225, 225))), [Candidate(o, 0.0, 1) for o in outlines])
    assert ([s.polygon for s in seen], asked) == ([outlines[1], outlines[3]], [40, 36])
    assert budget.left_out == {Share.LINES}


WHOLE = Candidate(corners(Box(100, 100, 400, 160)), 1.2, 742)
PART = Candidate(corners(Box(380, 100, 120, 160)), 0.6, 1484, cut=True)


def test_a_part_of_a_line_never_replaces_the_line() -> None:
    """Though a finer look saw it at a better scale: it did not look at the rest."""
    assert text_looks.distinct([PART, WHOLE]) == [WHOLE]
    assert text_looks.distinct([PART._replace(cut=False), WHOLE]) == [PART._replace(cut=False)]
    assert text_looks.distinct([PART]) == [PART]


@pytest.mark.parametrize("sideways", [False, True])
@pytest.mark.parametrize(
    ("parts", "cut"),
    [
        ([Box(0, 0, 300, 200)], False),
        ([Box(120, 30, 180, 130)], False),
        ([Box(0, 0, 200, 200)], True),
        ([Box(0, 0, 210, 200), Box(190, 0, 110, 200)], False),
        ([Box(0, 0, 190, 200), Box(210, 0, 90, 200)], True),
    ],
)
def test_an_outline_that_leaves_what_was_looked_at_is_cut(
    monkeypatch: pytest.MonkeyPatch, parts: list[Box], cut: bool, sideways: bool
) -> None:
    """The outline lies from 140 to 260 across and from 60 to 120 down."""
    outline = corners(Box(140, 60, 120, 60))
    turned = tuple((y, 300 - x) for x, y in outline)
    monkeypatch.setattr(TextDetector, "heat", lambda self, pixels, parts=None: np.zeros(pixels.shape[:2], np.uint8))
    monkeypatch.setattr("photoscan.vision.text_detector.boxes", lambda heat: [turned if sideways else outline])
    pyramid = Pyramid(np.zeros((200, 300, 3), np.uint8))
    (candidate,) = text_looks.look(TextDetector(Runtime()), pyramid, 300, parts, sideways).candidates
    assert candidate.cut is cut
    assert not text_looks.look(TextDetector(Runtime()), pyramid, 300, None, sideways).candidates[0].cut


def test_the_crop_of_a_huge_outline_takes_no_more_memory_than_a_large_photo() -> None:
    wall = np.zeros((9_000, 12_000, 3), np.uint8)
    strip = text_recogniser.crop(wall, corners(Box(0, 0, 12_000, 9_000)))
    assert strip.shape[0] * strip.shape[1] <= 1.001 * text_recogniser.LARGEST
    assert strip.shape[1] / strip.shape[0] == pytest.approx(12 / 9, rel=0.01)
    assert text_recogniser.crop(wall, corners(Box(10, 10, 900, 40))).shape == (40, 900, 3)
