"""Copies, moments, paths, previews and names: what the metadata detectors make of entries."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import piexif
import pytest
from PIL import Image

from photoscan import Photo, Scanner, ScanOptions
from photoscan.catalog import text
from photoscan.detectors.filename import FilenameDetector
from photoscan.detectors.hidden_parts import HiddenPartDetector
from photoscan.finding import Field, Finding
from photoscan.metadata.entry import Entry
from photoscan.metadata.positions import says_only_where
from photoscan.risk.explain import explain
from photoscan.views import Views
from tests.metadata import containers as c

LIGHT = ScanOptions(only=("metadata",))
SCANNER = Scanner(LIGHT)
XMP = b"http://ns.adobe.com/xap/1.0/\0"


def real(**extra: Any) -> bytes:
    """A JPEG that can be opened, with segments of ours."""
    out = io.BytesIO()
    Image.new("RGB", (48, 32), (90, 140, 60)).save(out, "JPEG", **extra)
    return out.getvalue()


def with_segments(*segments: bytes) -> bytes:
    data = real()
    return data[:2] + b"".join(segments) + data[2:]


def found(data: bytes, kind: str, name: str = "photo.jpg") -> list[Finding]:
    report = SCANNER.scan(data, name)
    assert all(outcome.status.value != "failed" for outcome in report.detectors)
    return [f for f in report.findings if f.kind == kind]


def test_every_copy_of_a_place_is_listed() -> None:
    block = c.exif(c.tiff([], gps=c.gps((6, 19, 1234), (99, 50, 3660))))
    packet = c.segment(0xE1, XMP + c.xmp('<a:b exif:GPSLatitude="6,19.2057N" exif:GPSLongitude="99,50.61E"/>'))
    text = c.segment(0xFE, b"taken at 6.320094, 99.843500 by the sea")
    data = with_segments(block, packet, text)
    (finding,) = found(data, "metadata.gps")
    assert isinstance(finding.location, Field)
    assert finding.location.copies == 3
    containers = [row["container"] for row in finding.attributes["copies"]]
    assert containers == ["jpeg/exif/gps", "jpeg/xmp", "jpeg/COM"]
    for row in finding.attributes["copies"]:
        assert 0 < row["length"] < 300


@pytest.mark.parametrize(
    ("north", "east", "value"),
    [("N", "E", "6.320094, 99.843500"), ("S", "W", "-6.320094, -99.843500"), ("S", "E", "-6.320094, 99.843500")],
)
def test_hemispheres(north: str, east: str, value: str) -> None:
    (finding,) = found(
        with_segments(c.exif(c.tiff([], gps=c.gps((6, 19, 1234), (99, 50, 3660), north, east)))), "metadata.gps"
    )
    assert finding.value == value


def test_a_place_in_a_motion_video() -> None:
    video = c.movie(c.box(b"udta", c.box(b"\xa9xyz", b"\0\x12\x15\xc7+06.3200+099.8435/")))
    (finding,) = found(real() + video, "metadata.gps")
    assert finding.attributes["country_code"] == "MY"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3.1390,101.6869", True), ("+03.1390+101.6869/", True), ("at 3.1390,101.6869 with Rosa and Bima", False),
     ("1.2, 3.4", False), ("version 1.234", False), ("", False)],
)  # fmt: skip
def test_what_says_only_where(text: str, expected: bool) -> None:
    assert says_only_where(Entry("jpeg", "comment", text)) is expected


def test_one_moment_in_three_notations_is_one_finding() -> None:
    exif = [(0x9003, 2, "2026:02:17 16:42:08"), (0x9011, 2, "+08:00")]
    packet = c.xmp('<a:b xmp:CreateDate="2026-02-17T16:42:08+08:00" photoshop:DateCreated="2026-02-17"/>')
    data = with_segments(c.exif(c.tiff([], exif=exif)), c.segment(0xE1, XMP + packet))
    (finding,) = found(data, "metadata.datetime")
    assert finding.value == "2026:02:17 16:42:08"
    assert finding.attributes["time_zone"] == "+08:00"
    assert isinstance(finding.location, Field)
    assert finding.location.copies == 2


@pytest.mark.parametrize("blank", ["0000:00:00 00:00:00", "    :  :     :  :  "])
def test_a_clock_that_was_never_set_says_nothing(blank: str) -> None:
    assert found(with_segments(c.exif(c.tiff([(0x0132, 2, blank)]))), "metadata.datetime") == []


@pytest.mark.parametrize(
    ("path", "names"),
    [(r"C:\Users\wahyu\Pictures\a.jpg", ["wahyu"]), ("/home/rosa.lima/a.png", ["rosa.lima"]),
     ("/Users/Shared/a.png", []), ("/usr/share/home.png", []), ("file:///Users/bima/x", ["bima"])],
)  # fmt: skip
def test_account_names_in_paths(path: str, names: list[str]) -> None:
    data = with_segments(c.segment(0xFE, path.encode()))
    assert [f.value for f in found(data, "metadata.person")] == names
    (comment,) = found(data, "metadata.comment")
    assert comment.value == path


def test_switches_of_unknown_makers_say_nothing() -> None:
    packet = c.xmp('<a:b acme:Zoom="1.5" acme:Flash="True" acme:Note="for Rosa"/>')
    data = with_segments(c.segment(0xE1, XMP + packet))
    assert [f.value for f in found(data, "metadata.comment")] == ["for Rosa"]


NAMES = {
    "IMG-20260217-WA0007.jpg": ["date", "received or sent with WhatsApp"],
    "signal-2026-02-17-164208.jpg": ["date", "received or sent with Signal"],
    "FB_IMG_1771317728000.jpg": ["date", "received or sent with Facebook"],
    "Wahyu Aditya home.jpg": ["name"],
    "Screenshot From Phone.png": [],
    "Summer Holiday.jpg": [],
    "IMG_E0042.HEIC": [],
    "97.1234 200.5678.jpg": [],
    "1.2345 103.6789.jpg": ["coordinates"],
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_telling_names(name: str) -> None:
    views = Views(Photo.open(real(), name=name), LIGHT)
    assert [f.attributes["tells"] for f in FilenameDetector().find(views)] == NAMES[name]


def scene(seed: int = 5) -> Image.Image:
    """Soft shapes: something that a small preview can show."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 9, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((450, 300), Image.Resampling.BICUBIC)


def coded(image: Image.Image, **extra: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, **extra)
    return out.getvalue()


def with_preview(photo: Image.Image, preview: Image.Image, orientation: int = 1) -> Photo:
    tags = {piexif.ImageIFD.Orientation: orientation}
    block = piexif.dump({"0th": tags, "1st": {}, "thumbnail": coded(preview)})
    return Photo.open(coded(photo, exif=block), name="photo.jpg")


def covered(image: Image.Image) -> Image.Image:
    copy = image.copy()
    copy.paste((0, 0, 0), (200, 120, 260, 180))
    return copy


def letterboxed(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", (160, 120))
    canvas.paste(image.resize((160, 107)), (0, 6))
    return canvas


PREVIEWS = {
    "itself": (scene(), scene().resize((150, 100)), 1, "the same as the photo"),
    "sideways": (scene(), scene().resize((150, 100)), 6, "the same as the photo"),
    "upside down": (scene(), scene().resize((150, 100)), 3, "the same as the photo"),
    "with black bars": (scene(), letterboxed(scene()), 1, "the same as the photo"),
    "of something else": (scene(), scene(8).resize((150, 100)), 1, "something else than the photo"),
    "before it was covered": (covered(scene()), scene().resize((150, 100)), 1, "something else than the photo"),
    "before it was cropped": (
        scene().crop((0, 0, 200, 300)),
        scene().resize((150, 100)),
        1,
        "more than the photo",
    ),
}


@pytest.mark.parametrize("name", sorted(PREVIEWS))
def test_what_a_preview_shows(name: str) -> None:
    photo, preview, orientation, shows = PREVIEWS[name]
    views = Views(with_preview(photo, preview, orientation), ScanOptions())
    (finding,) = [f for f in HiddenPartDetector().find(views) if f.kind == "metadata.thumbnail"]
    assert finding.attributes["shows"] == shows
    assert finding.severity.label == ("low" if shows.startswith("the same") else "high")


SECONDS = {
    "itself": (scene(), "the same as the photo"),
    "itself, smaller": (scene().resize((225, 150)), "the same as the photo"),
    "before it was covered": (covered(scene()), "something else than the photo"),
    "of something else": (scene(8), "something else than the photo"),
}


@pytest.mark.parametrize("name", sorted(SECONDS))
def test_a_second_picture_is_told_to_be_the_same(name: str) -> None:
    second, shows = SECONDS[name]
    views = Views(Photo.open(coded(scene()) + coded(second), name="photo.jpg"), ScanOptions())
    (finding,) = [f for f in HiddenPartDetector().find(views) if f.kind == "metadata.shadow_image"]
    assert finding.attributes.get("shows") == shows
    same = shows.startswith("the same")
    assert finding.severity.label == ("low" if same else "high")
    assert explain(finding, "ms").startswith(text("detail.preview.same", "ms")) is same


def test_a_metadata_scan_looks_at_no_pixels() -> None:
    views = Views(with_preview(covered(scene()), scene().resize((150, 100))), LIGHT)
    (finding,) = [f for f in HiddenPartDetector().find(views) if f.kind == "metadata.thumbnail"]
    assert "shows" not in finding.attributes
    assert "pyramid" not in vars(views)


def test_remains_of_a_cropped_picture_weigh_more() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    rest = b"\x8f\x11\x12 IDAT of what was cropped" + c.chunk(b"IEND", b"")
    (finding,) = found(out.getvalue() + rest, "metadata.trailing")
    assert finding.severity.label == "high"
