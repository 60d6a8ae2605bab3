"""Reading: tiles cover, order is human, and drawn words come back, also small, turned and on large photos."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians, sin

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.canvas import Picture, blank, letters
from fixtures.documents import lay, paper, planks
from photoscan.geometry import Polygon
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.textline import TextLine
from photoscan.vision import codes, text_detector
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import open_reader
from photoscan.vision.reading_order import in_reading_order
from photoscan.vision.text_recogniser import TextRecogniser
from photoscan.vision.tiles import tiles


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(200, 1500), st.integers(0, 150))
def test_tiles_cover_everything_and_overlap(width: int, height: int, size: int, overlap: int) -> None:
    found = tiles(width, height, size, overlap)
    assert all(t.x >= 0 and t.x2 <= width and t.y >= 0 and t.y2 <= height for t in found)
    assert all(t.w <= size and t.h <= size for t in found)
    columns = sorted({(t.x, t.x2) for t in found})
    assert columns[0][0] == 0
    assert columns[-1][1] == width
    assert all(b[0] <= a[1] - overlap for a, b in pairwise(columns))


def line(text: str, x: float, y: float, angle: float = 0.0, width: float = 100, height: float = 20) -> TextLine:
    a = radians(angle)
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    polygon: Polygon = tuple((x + u * cos(a) - v * sin(a), y + u * sin(a) + v * cos(a)) for u, v in corners)
    return TextLine(text, polygon)


ORDERS = {
    "rows": [("one", 0, 0, 0), ("two", 150, 4, 0), ("three", 0, 40, 0), ("four", 150, 44, 0)],
    "upside down": [("one", 300, 200, 180), ("two", 150, 196, 180), ("three", 300, 160, 180)],
    "downwards": [("one", 200, 0, 90), ("two", 160, 0, 90), ("three", 120, 0, 90)],
    "slanted": [("one", 0, 0, 15), ("two", -10, 40, 15), ("three", -20, 80, 15)],
}


@pytest.mark.parametrize("name", sorted(ORDERS))
def test_reading_order(name: str) -> None:
    lines = [line(*row) for row in ORDERS[name]]
    assert [item.text for item in in_reading_order(reversed(lines))] == [item.text for item in lines]


def page(width: int = 1000, height: int = 700) -> Picture:
    picture = blank(width, height, (240, 238, 230))
    letters(picture, (120, 150), "No. 18, Jalan Melur 4/2", 48)
    letters(picture, (120, 260), "43650 Bandar Baru Bangi", 48)
    return picture


def texts(picture: Picture, **options: object) -> str:
    found = open_reader(ScanOptions(**options)).read(Pyramid(picture))  # type: ignore[arg-type]
    return "|".join(item.text for item in found).replace(" ", "")


WANTED = "No.18,JalanMelur4/2|43650BandarBaruBangi"
TURNS = {"upright": 0, "upside down": 2, "left": 1, "right": 3}


@pytest.mark.parametrize("turn", sorted(TURNS))
def test_words_come_back_however_the_page_lies(turn: str) -> None:
    assert texts(np.rot90(page(), TURNS[turn]).copy()) == WANTED


def test_small_photos_are_enlarged() -> None:
    assert texts(cv2.resize(page(), (400, 280), interpolation=cv2.INTER_AREA)) == WANTED


def test_small_print_on_a_large_photo() -> None:
    picture = blank(4000, 3000, (236, 232, 224))
    letters(picture, (1460, 1490), "ravi.menon@example.org", 24)
    assert "ravi.menon@example.org" in texts(picture)


def test_an_empty_picture_says_nothing() -> None:
    assert texts(blank(600, 400, (90, 120, 90))) == ""
    assert texts(blank(3, 2, (90, 120, 90))) == ""


def test_lines_that_cross_a_seam_of_tiles_are_whole() -> None:
    heat = np.zeros((300, 3000), np.uint8)
    heat[100:130, 200:2800] = 230
    (outline,) = text_detector.boxes(heat)
    assert outline[1][0] - outline[0][0] > 2500


CODES = {"QRCode": "BEGIN:VCARD\nN:Lestari;Putri\nEND:VCARD", "DataMatrix": "PARCEL 55 01", "Code128": "MY550271849X"}


@pytest.mark.parametrize("symbology", sorted(CODES))
def test_codes_are_decoded_where_they_are(symbology: str) -> None:
    from fixtures.scenes.papers import code

    picture = blank(2400, 1600, (200, 200, 196))
    size = (360, 120) if symbology == "Code128" else (240, 240)
    picture[900 : 900 + size[1], 1500 : 1500 + size[0]] = code(CODES[symbology], symbology, *size)
    (found,) = codes.find(Pyramid(picture), ScanOptions())
    assert (found.symbology, found.text) == (symbology, CODES[symbology])
    assert 1480 < found.box.x < found.box.x2 < 1500 + size[0] + 20


@pytest.mark.parametrize(
    ("blur", "legible"),
    [
        (3.0, ["Jalan Melur 4/2", "43650 Bandar Baru Bangi"]),
        pytest.param(4.0, ["345 6789"], marks=pytest.mark.thorough),
    ],
)
def test_a_photo_out_of_focus_is_read_as_far_as_people_can(blur: float, legible: list[str]) -> None:
    scene = planks(1280, 960)
    label = paper(("Kepada: Siti", "No. 18, Jalan Melur 4/2", "43650 Bandar Baru Bangi", "Tel: 012-345 6789"))
    lay(scene, label, (640, 480), 700, 6)
    found = open_reader(ScanOptions()).read(Pyramid(cv2.GaussianBlur(scene, (0, 0), blur)))
    assert len(found) >= 4
    assert all(part in " ".join(line.text for line in found) for part in legible)


def test_what_is_read_with_care_reads_the_same_beside_others() -> None:
    """Doubtful characters change with what a crop is filled up with, so that has to be the crop's own affair."""
    rng = np.random.default_rng(7)
    crops = []
    for text in ("WSG 979", "RDN 464", "A1", "B 2153 TOT"):
        picture = blank(30 * len(text), 60, (235, 235, 235))
        letters(picture, (10, 8), text, 40, (20, 20, 20))
        small = cv2.resize(np.asarray(picture, np.uint8), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        crops.append(np.clip(small + rng.normal(0, 25, small.shape), 0, 255).astype(np.uint8))
    recogniser = TextRecogniser(Runtime())
    together = recogniser.read(crops, careful=True)
    alone = [recogniser.read([crop], careful=True)[0] for crop in crops]
    assert [r.text for r in together] == [r.text for r in alone]
    assert [r.confidence for r in together] == pytest.approx([r.confidence for r in alone])
    assert all(len(r.choices) == len(r.text) for r in together)
