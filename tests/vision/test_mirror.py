"""Mirrored lettering: it is read, told and covered where it is shown, and a photo that is not mirrored is not taken
for one."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fixtures.canvas import Picture, blank, letters
from photoscan import Photo, Scanner, ScanOptions, mirrored
from photoscan.cleaning import CleanPlan
from photoscan.detectors.base import Detector
from photoscan.finding import Finding, Region
from photoscan.geometry import Box, corners, mirrored_box, mirrored_polygon, polygon_area
from photoscan.kind import Kind
from photoscan.models import Runtime
from photoscan.safe_copy import make_safe_copy
from photoscan.textline import TextLine
from photoscan.views import BY_TEXT_ALONE, Mirror, Views
from photoscan.vision import mirror, plates
from photoscan.vision.plates import Plate
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_recogniser import LineReading, TextRecogniser

WIDTH = 1000
ALIKE = ScanOptions(only=("text", "document"))


def line(text: str, confidence: float, x: float = 100, y: float = 100, w: float = 300, h: float = 40) -> TextLine:
    return TextLine(text, ((x, y), (x + w, y), (x + w, y + h), (x, y + h)), confidence)


def flipped(item: TextLine) -> TextLine:
    return replace(item, polygon=mirrored_polygon(item.polygon or (), WIDTH))


def png(picture: Picture) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.asarray(picture, np.uint8)).save(out, "PNG")
    return out.getvalue()


boxes = st.builds(Box, *[st.integers(0, 500)] * 4)


@given(boxes, st.integers(1, 900))
def test_twice_flipped_is_as_it_was(box: Box, width: int) -> None:
    assert mirrored_box(mirrored_box(box, width), width) == box
    outline = ((1.0, 2.0), (9.0, 3.0), (8.0, 7.0), (0.0, 6.0))
    assert mirrored_polygon(mirrored_polygon(outline, width), width) == outline


# As it is shown, flipped: (text, confidence), then whether it belongs to the mirror, when it is all there is.
SORTED = [
    ("8JS00 LOHOB BVHBN", 0.84, "81200 JOHOR BAHRU", 0.998, True),
    ("MKW 485J", 0.96, "WKM 4821", 0.99, True),
    ("IN N BN SNI", 0.54, "NURUL HUDA BINTI RAZALI", 0.99, True),
    ("12 Jalan Melur", 0.999, "ru1eM nelaL SI", 0.72, False),
    ("12 Jalan Melur", 0.82, "ru1eM nelaL SI", 0.72, False),
    ("12 Jalan Melur", 0.96, "ru1eM nelaL SI", 0.962, False),
    ("ru1eM nelaL SI", 0.72, "12 Jalan Melur", 0.86, False),
    ("0080", 0.977, "0800", 0.993, False),
    ("AVATAR", 0.999, "AVATAR", 0.999, False),
]


@pytest.mark.parametrize(("text", "sure", "other", "surer", "mirrored"), SORTED)
def test_a_line_belongs_where_it_reads_well(text: str, sure: float, other: str, surer: float, mirrored: bool) -> None:
    shown = [line(text, sure)]
    kept = mirror.sort(shown, [flipped(line(other, surer))], WIDTH)
    if mirrored:
        assert ([m.text for m in kept.mirrored], kept.shown) == ([other], ())
    elif mirror._proof(other) >= mirror.PROOF:
        assert (kept.mirrored, list(kept.shown)) == ((), shown)


def test_what_looks_alike_in_both_ways_goes_with_the_rest() -> None:
    alike = line("TAMA 1801", 0.99, y=300), line("TAMA 1081", 0.99, y=300)
    name, surname = line("RIZAL BIN OSMAN", 0.99), line("MAMSO MIB LASIR", 0.7)
    mostly_mirrored = mirror.sort([surname, alike[0]], [flipped(name), flipped(alike[1])], WIDTH)
    assert (mostly_mirrored.shown, len(mostly_mirrored.mirrored)) == ((), 2)
    sign = line("Ticket office on the first floor", 0.99, y=600)
    partly = mirror.sort([surname, alike[0], sign], [flipped(name), flipped(alike[1])], WIDTH)
    assert list(partly.shown) == [alike[0], sign]
    assert [m.text for m in partly.mirrored] == [name.text]


def test_clear_lettering_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that reads well costs nothing: not even one that has a few doubtful lines with nothing in them."""

    def never(*_: object, **__: object) -> list[LineReading]:
        raise AssertionError("read flipped")

    monkeypatch.setattr(TextRecogniser, "read", never)
    pyramid = Pyramid(blank(WIDTH, 700, (240, 238, 230)))
    clear = [line("Ticket office, first floor", 0.998, y=60 * i) for i in range(1, 8)]
    assert not mirror.suspected(clear, pyramid, Runtime())
    assert not mirror.suspected([*clear, line("MAT", 0.96), line("1.", 0.6)], pyramid, Runtime())
    assert not mirror.suspected([], pyramid, Runtime())


def test_in_vain_few_lines_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def unsure(self: TextRecogniser, crops: list[Picture], careful: bool = False) -> list[LineReading]:
        tried.extend(crops)
        return [LineReading("ssenkrad", 0.7) for _ in crops]

    monkeypatch.setattr(TextRecogniser, "read", unsure)
    pyramid = Pyramid(blank(WIDTH, 900, (240, 238, 230)))
    assert not mirror.suspected([line("darkness", 0.6, y=50 * i, w=800) for i in range(1, 16)], pyramid, Runtime())
    assert len(tried) == mirror.IN_VAIN
    assert all(crop.shape[1] <= mirror.PART * crop.shape[0] for crop in tried)


def sign(straight: bool = True) -> Picture:
    """A board beside one that is seen in a mirror."""
    picture = blank(WIDTH, 700, (240, 238, 230))
    letters(picture, (60, 420), "Wi-Fi password: mango#Kite47", 44)
    letters(picture, (60, 520), "Call Mei at 012-555 0193", 44)
    turned: Picture = cv2.flip(picture, 1)  # type: ignore[assignment]
    if straight:
        letters(turned, (60, 100), "Ticket office on the first floor", 44)
        letters(turned, (60, 200), "open from nine to five", 44)
    return turned


def test_a_mirror_on_the_wall_is_read_beside_the_rest() -> None:
    views = Views(Photo.open(png(sign())), ScanOptions())
    assert [item.text for item in views.lines] == ["Ticket office on the first floor", "open from nine to five"]
    assert views.mirror is not None
    assert [item.text for item in views.mirror.lines] == ["Wi-Fi password: mango#Kite47", "Call Mei at 012-555 0193"]
    for item in views.mirror.lines_as_shown:
        (x0, y0), (x1, _), _, (_, y3) = item.polygon or ()
        assert (x0 < x1, y0 < y3, polygon_area(item.polygon or ()) > 0) == (True, True, True)
        assert item.box is not None
        assert item.box.x > WIDTH / 4


def test_a_straight_page_has_no_mirror() -> None:
    straight: Picture = cv2.flip(sign(straight=False), 1)  # type: ignore[assignment]
    views = Views(Photo.open(png(straight)), ScanOptions())
    assert len(views.lines) == 2
    assert views.mirror is None


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    return sorted((f.kind.value, f.value) for f in findings if f.likely)


@pytest.mark.parametrize("name", ["identity_card.jpg"])
def test_a_flipped_photo_gives_what_the_photo_gives_where_it_is_shown(name: str, demo: Path) -> None:
    photo = Photo.open(demo / name)
    picture = photo.pixels(0)[:, ::-1, ::-1]
    scanner = Scanner(ALIKE)
    straight = [f for f in scanner.scan(photo).findings if f.likely]
    found = [f for f in scanner.scan(png(picture)).findings if f.likely]
    assert straight
    assert told(tuple(found)) == told(tuple(straight))
    for one in straight:
        place = mirrored_box(one.box, picture.shape[1]) if one.box else None
        assert place is not None
        alike = [f for f in found if f.kind is one.kind and f.box and f.box.iou(place) > 0.8]
        assert [f.attributes.get("mirrored") for f in alike] == [True]


# What is told of a plate as it is shown and in the mirror: (box, text, confidence), and what remains.
PLATES = [
    ((100, 50), "MKW485J", 0.94, (100, 50), "WKM4821", 0.99, ["WKM4821"]),
    ((100, 50), None, 0.8, (100, 50), "WKM4821", 0.9, ["WKM4821"]),
    ((100, 50), None, 0.8, (600, 50), "WKM4821", 0.9, [None, "WKM4821"]),
    ((600, 50), "B1974KZR", 0.9, (100, 50), "WKM4821", 0.9, ["B1974KZR", "WKM4821"]),
    ((100, 50), "MKW485J", 0.94, None, None, 0.0, []),
    ((100, 50), None, 0.94, None, None, 0.0, [None]),
]


@pytest.mark.parametrize(("shape", "sure"), [(0.0, BY_TEXT_ALONE), (0.6, 0.9)])
def test_a_plate_in_a_mirror_needs_its_shape(shape: float, sure: float, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Views(Photo.open(png(blank(1000, 200, (90, 90, 90)))), ScanOptions(only=("plate",)))
    seen = Mirror(shown, ())
    box = Box(100, 50, 200, 60)
    plate = Plate(box, corners(box), "WKM4821", ("Malaysia",), 0.9, "", None, shape)
    monkeypatch.setattr(plates, "find", lambda *_: [plate])
    monkeypatch.setattr(Mirror, "objects", None)
    assert [one.confidence for one in seen.plates] == [sure]


def test_a_few_mirrored_characters_on_a_plate_do_not_outdo_it() -> None:
    width, plate, row = 1000, Box(100, 50, 200, 80), Box(150, 108, 60, 20)
    shown = Views(Photo.open(png(blank(width, 200, (90, 90, 90)))), ScanOptions())
    seen = Mirror(shown, (TextLine("C2-38", corners(mirrored_box(row, width)), 0.99),))
    shown.__dict__["mirror"] = seen

    class Plates(Detector):
        name, kinds, source, reads = "plate", (Kind.PLATE,), "pixels", True

        def find(self, views: Views) -> list[Finding]:
            box, text, sure = (plate, "WKM4821", 0.97) if views is shown else (mirrored_box(row, width), "C238", 0.9)
            return [Finding(Kind.PLATE, sure, Region(box), "plate", "", text)]

    assert [f.value for f in mirrored.found(Plates(), shown)] == ["WKM4821"]


@pytest.mark.parametrize(("at", "text", "sure", "there", "other", "surer", "left"), PLATES)
def test_a_plate_is_told_once_as_it_reads_better(
    at: tuple[int, int],
    text: str | None,
    sure: float,
    there: tuple[int, int] | None,
    other: str | None,
    surer: float,
    left: list[str | None],
) -> None:
    """`there`: where in the photo as shown the mirror's plate lies; the mirrored line stands at (100, 50)."""
    width, size = 1000, (200, 60)
    shown = Views(Photo.open(png(blank(width, 200, (90, 90, 90)))), ScanOptions())
    seen = Mirror(shown, (TextLine("WKM 4821", corners(mirrored_box(Box(110, 60, 180, 40), width)), 0.99),))
    shown.__dict__["mirror"] = seen

    class Plates(Detector):
        name, kinds, source, reads = "plate", (Kind.PLATE,), "pixels", True

        def find(self, views: Views) -> list[Finding]:
            if views is shown:
                return [Finding(Kind.PLATE, sure, Region(Box(*at, *size)), "plate", "", text)]
            place = there and mirrored_box(Box(*there, *size), width)
            return [Finding(Kind.PLATE, surer, Region(place), "plate", "", other)] if place else []

    found = list(mirrored.found(Plates(), shown))
    assert [f.value for f in found] == left
    for one in found:
        x, y = there if there and one.attributes.get("mirrored") else at
        assert one.box == Box(x, y, *size)


def test_the_copy_of_a_flipped_photo_shows_nothing_in_a_mirror_either() -> None:
    scanner = Scanner(ScanOptions(only=("text",)))
    photo = Photo.open(png(sign(straight=False)), name="selfie.png")
    copy = make_safe_copy(photo, scanner, CleanPlan(redact=("text",))).data
    again: Picture = Photo.open(copy).pixels(0)[:, ::-1, ::-1]  # type: ignore[assignment]
    assert scanner.scan(photo).findings
    assert not scanner.scan(png(again)).findings
