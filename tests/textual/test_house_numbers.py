"""Numbers on lines of their own: what makes a house's of one, and outlines that cannot be those of their characters."""

from __future__ import annotations

import pytest

from photoscan.detectors.address import AddressDetector
from photoscan.geometry import Box, corners
from photoscan.kind import Kind
from photoscan.textline import TextLine

NUMBER = ("27", Box(300, 200, 200, 150))


def line(text: str, box: Box) -> TextLine:
    return TextLine(text, corners(box))


def said(*rows: tuple[str, Box]) -> list[float]:
    """The confidences of the house numbers in those lines."""
    found = AddressDetector().match([line(*row) for row in rows])
    return [match.confidence for match in found if match.kind is Kind.TEXT_HOUSE_NUMBER]


@pytest.mark.parametrize("beside", ["Harcourt Gardens", "27 Harcourt Gardens", "Hartono family", "Fam. Prado"])
def test_a_number_beside_a_street_or_a_family_is_a_houses(beside: str) -> None:
    assert all(confidence >= 0.5 for confidence in said(NUMBER, (beside, Box(250, 370, 400, 60))))
    assert said(NUMBER, (beside, Box(250, 370, 400, 60)))


@pytest.mark.parametrize("mark", ["", '""', "---"])
def test_a_labelled_number_far_from_the_street_is_a_houses_and_marks_around_it_say_nothing(mark: str) -> None:
    rows = [("No. 27", Box(800, 470, 100, 44)), ("Jalan Kenanga 3", Box(150, 670, 360, 80))]
    assert said(*rows, (mark, Box(420, 510, 720, 440)))[0] >= 0.5
    others = [(word, Box(60, 60 * i, 200, 30)) for i, word in enumerate(("Tutup", "Sila masuk", "Selamat datang"))]
    assert said(*rows, *others)[0] >= 0.5
    assert said(rows[0], *others) == [0.15], "where no street is written, few lines have to stand around it"


def test_a_number_by_itself_is_hardly_one_and_covered_by_nobody() -> None:
    assert all(confidence < 0.2 for confidence in said(NUMBER))


@pytest.mark.parametrize("beside", ["SPEED LIMIT", "RM", "Gate", "AL-FATIH", "12:30"])
def test_a_number_beside_other_words_is_none(beside: str) -> None:
    assert not said(NUMBER, (beside, Box(300, 370, 250, 80)))


def test_numbers_in_rows_and_columns_are_none() -> None:
    assert not said(*((str(n), Box(60 * n, 100, 30, 20)) for n in range(1, 13)))
    assert not said(*((str(n), Box(100, 40 * n, 30, 20)) for n in range(1, 5)))


@pytest.mark.parametrize(
    ("text", "box", "fits"),
    [("27", Box(100, 100, 120, 90), True), ("10", Box(0, 0, 640, 480), False), ("1", Box(0, 0, 30, 60), True),
     ("MARLOWE STREET", Box(20, 20, 600, 60), True), ("I", Box(10, 10, 600, 40), False),
     ("a whole sentence in a square", Box(10, 10, 40, 40), False), ("NO PARKING HERE", Box(0, 0, 640, 480), True)],
)  # fmt: skip
def test_outlines_fit_their_characters(text: str, box: Box, fits: bool) -> None:
    assert line(text, box).fits(640, 480) is fits
    assert TextLine(text).fits(640, 480)
