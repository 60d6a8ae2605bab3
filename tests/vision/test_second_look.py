"""Second looks: steep and doubtful lines read better, and nothing is told twice."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.canvas import Picture, blank, letters
from photoscan.geometry import Polygon, polygon_area
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.vision import second_look
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import open_reader
from photoscan.vision.second_look import Sighting
from photoscan.vision.text_recogniser import LineReading, TextRecogniser


def square(x: float, y: float, w: float = 100, h: float = 30) -> Polygon:
    return (x, y), (x + w, y), (x + w, y + h), (x, y + h)


def sighting(text: str, confidence: float, polygon: Polygon, view: int) -> Sighting:
    return Sighting(polygon, LineReading(text, confidence), view)


def test_of_looks_at_one_place_the_best_reading_stays() -> None:
    seen = [
        sighting("SANSUNG", 0.7, square(0, 0), 1),
        sighting("SAMSUNG", 0.99, square(2, 1), 2),
        sighting("other", 0.4, square(0, 200), 1),
    ]
    assert {s.reading.text for s in second_look.best(seen)} == {"SAMSUNG", "other"}


def test_two_outlines_of_one_look_both_stay() -> None:
    seen = [sighting("a", 0.9, square(0, 0), 1), sighting("b", 0.8, square(10, 5), 1)]
    assert len(second_look.best(seen)) == 2


corners = st.tuples(st.integers(0, 300), st.integers(0, 200), st.integers(5, 200), st.integers(5, 80))


@given(st.lists(st.tuples(corners, st.integers(0, 3), st.floats(0, 1)), max_size=8))
def test_what_stays_was_seen_and_no_place_is_lost(rows: list[tuple[tuple[int, int, int, int], int, float]]) -> None:
    seen = [sighting("x", confidence, square(*box), view) for box, view, confidence in rows]
    kept = second_look.best(seen)
    assert all(one in seen for one in kept)
    assert all(any(one is k or second_look.same(one.polygon, k.polygon) for k in kept) for one in seen)


@pytest.mark.parametrize("slope", [-0.7, -0.35, 0.35, 0.7])
def test_a_steep_sign_seen_from_the_side_is_read(slope: float) -> None:
    picture = blank(900, 500, (235, 236, 230))
    letters(picture, (150, 250), "KAMPUNG HULU", 60)
    sheared = np.array([[1, 0, 0], [slope, 1, -slope * 450]], np.float32)
    leaning: Picture = cv2.warpAffine(  # type: ignore[assignment]
        picture, sheared, (900, 700), borderMode=cv2.BORDER_REPLICATE
    )
    found = open_reader(ScanOptions()).read(Pyramid(leaning))
    assert [line.text.replace(" ", "") for line in found] == ["KAMPUNGHULU"]


def test_a_line_that_lies_steeply_keeps_its_outline() -> None:
    picture = blank(900, 500, (235, 236, 230))
    letters(picture, (150, 250), "KAMPUNG HULU", 60)
    turned = cv2.warpAffine(
        picture, cv2.getRotationMatrix2D((450, 250), 24, 1), (900, 500), borderValue=(235, 236, 230)
    )
    (line,) = open_reader(ScanOptions()).read(Pyramid(turned))  # type: ignore[arg-type]
    assert line.text.replace(" ", "") == "KAMPUNGHULU"
    assert line.polygon is not None
    assert 300 * 40 < polygon_area(line.polygon) < 900 * 150


def test_a_picture_that_lies_upright_is_not_read_upside_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short word that reads a little better upside down stays as it is: only surely read words turn a photo."""
    shown = {"MAC": LineReading("MAC", 0.75), "UAW": LineReading("UAW", 0.78), "sign": LineReading("sign", 1.0)}
    order = iter([[shown["MAC"], shown["sign"]], [shown["UAW"]]])
    monkeypatch.setattr(TextRecogniser, "_read_all", lambda self, crops, careful: next(order) if crops else [])
    readings = TextRecogniser(Runtime()).read([np.zeros((48, 60, 3), np.uint8)] * 2)
    assert [r.text for r in readings] == ["MAC", "sign"]


@pytest.mark.parametrize(
    ("outline", "new"),
    [
        pytest.param(square(0, 0), False, id="the same"),
        pytest.param(square(-6, -6, 112, 42), False, id="a looser one"),
        pytest.param(square(20, 5, 50, 20), False, id="a part of it"),
        pytest.param(square(0, 0, 140, 30), True, id="one that goes on"),
        pytest.param(square(0, 0, 100, 70), True, id="one with a second line"),
        pytest.param(square(0, 200), True, id="one elsewhere"),
    ],
)
def test_what_was_read_surely_is_not_read_again_unless_there_is_more_of_it(outline: Polygon, new: bool) -> None:
    assert second_look.shows_nothing_new(outline, [sighting("Jalan Melur", 0.99, square(0, 0), 1)]) is not new
    assert not second_look.shows_nothing_new(outline, [sighting("Jalan Melur", 0.9, square(0, 0), 1)])
    assert not second_look.shows_nothing_new(outline, [])
