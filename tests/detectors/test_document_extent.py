"""How much of a document a finding covers: drawn ones of several sorts, sizes and tilts, and papers that are none."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import documents
from fixtures.canvas import Picture
from photoscan import Scanner
from photoscan.detectors.document import DocumentDetector
from photoscan.finding import Finding, Region
from photoscan.geometry import Box, Polygon, clipped, corners, polygon_area, rotated, shared_area
from photoscan.kind import Kind
from photoscan.options import ScanOptions
from photoscan.textline import TextLine
from photoscan.vision import outline
from photoscan.vision.pyramid import Pyramid
from tests.properties import sample, share

COVERED, EXCESS = 0.97, 0.25
ID, PAYMENT = Kind.DOCUMENT_ID_CARD, Kind.DOCUMENT_PAYMENT_CARD
PASSPORT, BOARDING = Kind.DOCUMENT_PASSPORT, Kind.DOCUMENT_BOARDING_PASS


def found_in(picture: Picture) -> list[Finding]:
    _, data = cv2.imencode(".png", picture[:, :, ::-1])
    return list(Scanner(ScanOptions(only=("document",))).scan(data.tobytes()).findings)


def covered(quad: documents.Quad, finding: Finding, picture: Picture) -> tuple[float, float]:
    """Shares of the document's visible area: that is covered, and that is covered beside it."""
    assert isinstance(finding.location, Region)
    assert finding.location.polygon is not None
    seen = clipped(quad, corners(Box(0, 0, picture.shape[1], picture.shape[0])))
    shared = shared_area(seen, finding.location.polygon)
    return shared / polygon_area(seen), (polygon_area(finding.location.polygon) - shared) / polygon_area(seen)


SCENES = [
    (documents.identity_card, ID, (800, 600), 1000, 0),
    (documents.identity_card, ID, (800, 600), 900, 25),
    (documents.identity_card, ID, (480, 600), 1100, 4),  # its left side is out of the picture
    (documents.driving_licence, Kind.DOCUMENT_DRIVING_LICENCE, (800, 600), 620, -15),
    (documents.payment_card, PAYMENT, (800, 600), 420, 0),
    (documents.payment_card, PAYMENT, (1130, 600), 1100, -3),  # its right side
    (documents.passport_page, PASSPORT, (800, 600), 800, 8),
    (documents.boarding_pass, BOARDING, (800, 600), 900, 25),
]
"""How each is drawn, its kind, where it lies on the table, how wide, and how far it is turned."""


OFTEN = [*SCENES[1:3], SCENES[4], SCENES[6]]
"""Turned, cut off, small, and of other proportions."""


@pytest.mark.parametrize(("draw", "kind", "centre", "width", "angle"), sample(OFTEN, SCENES))
def test_a_document_is_covered_and_little_beside_it(
    draw: Callable[[], Picture], kind: Kind, centre: tuple[float, float], width: float, angle: float
) -> None:
    scene = documents.table()
    quad = documents.lay(scene, draw(), centre, width, angle)
    (found,) = [f for f in found_in(scene) if f.likely]
    assert found.kind is kind
    share, excess = covered(quad, found, scene)
    assert share >= COVERED
    assert excess <= EXCESS


def test_fingers_over_a_card_and_boards_under_it_do_no_harm() -> None:
    scene = documents.planks()
    quad = documents.lay(scene, documents.identity_card(), (760, 560), 850, 5)
    documents.hold(scene, quad)
    (found,) = [f for f in found_in(scene) if f.likely]
    share, excess = covered(quad, found, scene)
    assert share >= COVERED
    assert excess <= EXCESS
    assert found.confidence >= 0.8


BESIDE, ABOVE = ((420, 600), (1180, 600)), ((800, 300), (820, 860))


@pytest.mark.parametrize("places", [BESIDE, pytest.param(ABOVE, marks=pytest.mark.thorough)])
def test_two_cards_are_two_findings(places: tuple[tuple[float, float], ...]) -> None:
    scene = documents.table()
    cards = documents.identity_card(), documents.identity_card("850707-10-5231", "AHMAD BIN SALLEH")
    quads = [documents.lay(scene, card, at, 720) for card, at in zip(cards, places, strict=True)]
    found = [f for f in found_in(scene) if f.likely]
    assert len(found) == 2
    for quad in quads:
        assert any(s >= COVERED and e <= EXCESS for s, e in (covered(quad, f, scene) for f in found))


def written(rows: list[str], angle: float = 0.0) -> tuple[TextLine, ...]:
    """Lines of 36 pixels under each other, turned about the photo's corner."""
    boxes = [corners(Box(300, 200 + 54 * i, 17 * len(text), 36)) for i, text in enumerate(rows)]
    return tuple(TextLine(text, rotated(box, angle)) for text, box in zip(rows, boxes, strict=True))


def judged(lines: tuple[TextLine, ...]) -> list[Finding]:
    """What the lines amount to on a black picture without faces and codes."""
    pixels = Pyramid(np.zeros((1200, 1600, 3), np.uint8))
    views = SimpleNamespace(lines=lines, codes=(), faces=(), pyramid=pixels, page=0)
    return list(DocumentDetector().find(views))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rows",
    [
        ["APPLICATION FORM FOR IDENTITY CARD", "Name", "Date of birth", "Place of birth", "Nationality", "Race"],
        ["IDENTITY CARD", "APPLICATION FORM", "Nationality", "Date of birth", "Date of issue", "Country of birth"],
        ["KEDAI ALI", "TOTAL 7.00", "VISA", "DEBIT CARD", "**** **** **** 1111", "EXP **/**", "APPROVED"],
        ["VISA", "MASTERCARD", "DEBIT", "CREDIT"],
        ["GOLD CREDIT CARD", "VISA PLATINUM", "No fee. Debit or credit.", "Apply at your bank"],
        ["PASSPORT TO FUN", "Family day 12 June", "Bring your identity card"],
        ["STAFF", "NURUL HUDA BINTI RAZALI", "Sales Manager"],
        ["DRIVING LICENCE", "Renewal counter", "Class B2 D", "Opening hours 9 - 5"],
        ["BOARDING", "Gate 5", "Terminal 2", "Zone A"],
        ["Dear Madam,", "your passport is ready. Nationality and", "date of issue are on the form. Please bring it."],
    ],
)
def test_papers_that_speak_of_documents_are_none(rows: list[str]) -> None:
    assert not [f for f in judged(written(rows)) if f.likely]


CARD = ["KAD PENGENALAN", "900214-14-5236", "FARAH BINTI ISMADI", "WARGANEGARA", "PEREMPUAN"]


@share(0.125)
@given(st.floats(-0.1, 0.4))
def test_without_an_outline_the_finding_holds_all_its_cues(angle: float) -> None:
    lines = written(CARD, angle)
    (found,) = judged(lines)
    assert found.box is not None
    photo = Box(0, 0, 1600, 1200)
    for line in lines:
        assert line.box is not None
        inside = line.box.clipped(photo.w, photo.h)
        assert inside.coverage_by(found.box) == 1 or not inside.area


def test_proportions_carry_a_finding_beyond_what_was_read() -> None:
    (found,) = judged(written(CARD))
    assert found.box is not None
    assert found.box.w / found.box.h == pytest.approx(85.60 / 53.98, rel=0.05)


QUAD: Polygon = ((400, 300), (1000, 300), (1000, 678), (400, 678))


def test_an_outline_needs_straight_sides_of_the_right_proportions() -> None:
    content = outline.Extent(460, 350, 900, 620)
    picture = np.full((1000, 1400, 3), 90, np.uint8)
    assert outline.find(Pyramid(picture), content, 0.0, (1.586,)) is None
    cv2.fillPoly(picture, [np.array(QUAD, np.int32)], (210, 210, 210))
    seen = outline.find(Pyramid(picture), content, 0.0, (1.586,))
    assert seen is not None
    assert shared_area(seen, QUAD) / polygon_area(QUAD) > 0.98
    assert outline.find(Pyramid(picture), content, 0.0, (2.46,)) is None
