"""Cameras' RAW files: what is told, what is looked at, what a copy is made of."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import Photo, Scanner, formats, metadata, raw_survey, safe_copy
from photoscan.cleaning import CleanPlan
from photoscan.errors import UnsupportedFormatError
from photoscan.formats import Format
from photoscan.metadata import Role
from photoscan.options import ScanOptions
from photoscan.render.mending import mending
from photoscan.report import PREVIEW, Status
from tests import raw_files as r
from tests.cleaning import several
from tests.metadata import containers as c
from tests.properties import share

EACH = pytest.mark.parametrize("format_", r.SAMPLES, ids=str)
MAKERS = {
    Format.CR3: r.cr3, Format.CR2: r.cr2, Format.CRW: r.crw, Format.RAF: r.raf, Format.RW2: r.rw2, Format.ORF: r.orf,
    Format.MRW: r.mrw, Format.X3F: r.x3f,
}  # fmt: skip
SMALL = (19, 14)
"""Less than half of the sensor's 40 pixels."""


def without(format_: Format, preview: bytes) -> bytes:
    """The sample with another preview."""
    if format_ in MAKERS:
        return MAKERS[format_](preview)
    at = r.SAMPLES[format_].index(r.photo())
    return r.SAMPLES[format_][:at] + preview.ljust(len(r.photo()), b"\0") + r.SAMPLES[format_][at + len(r.photo()) :]


@EACH
def test_a_raw_file_is_named_and_sized_by_its_preview(format_: Format) -> None:
    photo = Photo.open(r.SAMPLES[format_])
    assert photo.format is format_
    assert (photo.width, photo.height) == r.PREVIEW
    assert photo.seen
    assert photo.pixels().shape == (*r.PREVIEW[::-1], 3)
    assert raw_survey.sensor(photo.data).width == r.SENSOR[0]
    assert "RAW" in format_.row.title or format_ is Format.DNG


@EACH
def test_previews_and_strips_are_no_further_pages(format_: Format) -> None:
    found = metadata.read(r.SAMPLES[format_], format_, "")
    assert not [e for e in found.entries if e.role is Role.IMAGE]
    shown = raw_survey.shown(raw_survey.previews(r.SAMPLES[format_]), raw_survey.sensor(r.SAMPLES[format_]))
    assert shown is not None
    assert shown.start not in {e.offset for e in found.entries if e.role is Role.THUMBNAIL}
    assert found.warnings == ()


@EACH
def test_a_small_preview_does_not_stand_for_the_photo(format_: Format) -> None:
    photo = Photo.open(without(format_, r.photo(SMALL)))
    assert photo.format is format_
    assert not photo.seen
    assert (photo.width, photo.height) == r.SENSOR
    with pytest.raises(UnsupportedFormatError, match="no preview of at least half"):
        photo.pixels()
    with pytest.raises(UnsupportedFormatError, match="no preview of at least half"):
        photo.developed()
    said = metadata.read(photo.data, format_, "")
    assert [e.about for e in said.entries if e.role is Role.THUMBNAIL][-1:] == ["JPEG picture, 19 x 14"]


def test_without_a_preview_it_is_never_clean() -> None:
    report = Scanner(ScanOptions(only=("code",))).scan(without(Format.CR3, b""))
    assert report.error is not None
    assert report.verdict == "incomplete"
    file = Scanner(ScanOptions(only=("metadata",))).scan(without(Format.CR3, b""))
    assert file.error is None
    assert {f.kind.value for f in file.findings} >= {"metadata.gps", "metadata.serial", "metadata.person"}


def test_the_report_says_what_was_looked_at() -> None:
    report = Scanner(ScanOptions(only=("code",))).scan(r.SAMPLES[Format.CR3])
    (outcome,) = [o for o in report.detectors if o.name == "raw"]
    assert (outcome.status, outcome.reason, outcome.unseen) == (Status.SKIPPED, PREVIEW, False)
    assert report.error is None
    assert not [o for o in Scanner(ScanOptions(only=("metadata",))).scan(r.SAMPLES[Format.CR3]).detectors
                if o.name == "raw"]  # fmt: skip


def test_the_report_names_the_way_to_a_copy() -> None:
    report = Scanner(ScanOptions(only=("metadata",))).scan(r.cr3(), name="photo.CR3")
    assert "photoscan clean photo.CR3 -o safe/ --to jpeg" in str(mending([report]))


def test_canon_s_boxes_tell_all() -> None:
    said = {(e.container, e.field): e.value for e in metadata.read(r.cr3(), Format.CR3, "").entries}
    assert said["cr3/exif", "Artist"] == "CANARY artist"
    assert said["cr3/exif", "BodySerialNumber"] == "012345678901"
    assert said["cr3/exif/makernote/Canon", "OwnerName"] == "CANARY owner"
    assert said["cr3/exif/makernote/Canon", "InternalSerialNumber"] == "AB1234567"
    assert said["cr3/exif/gps", "GPSLatitude"] == (3.0, 8.0, 20.0)
    assert said["cr3/xmp", "dc:creator"] == "CANARY xmp"


def test_what_programs_put_behind_a_heap_is_told() -> None:
    packet = c.xmp('<dc:description xmlns:dc="http://purl.org/dc/elements/1.1/">CANARY behind</dc:description>')
    said = metadata.read(r.crw() + packet, Format.CRW, "").entries
    assert "CANARY behind" in [e.value for e in said]


TURNED = {
    "the file": lambda turn: r.cr3(turn=turn),
    "the preview": lambda turn: r.cr3(r.photo(turn=turn)),
    "the preview before the file": lambda turn: r.cr3(r.photo(turn=turn), turn=3),
    "a directory": lambda turn: r.like_tiff("SONY", (0x112, 3, turn)),
    "degrees": lambda turn: r.x3f(turn={1: 0, 3: 180, 6: 90, 8: 270}[turn]),
}


@pytest.mark.parametrize("told", TURNED)
@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_it_is_upright_and_so_is_its_copy(told: str, turn: int) -> None:
    photo = Photo.open(TURNED[told](turn))
    upright = Photo.open(r.photo(turn=turn))
    assert photo.orientation == turn
    assert np.array_equal(photo.pixels(), upright.pixels())
    assert np.array_equal(photo.developed().pixels(), upright.pixels())


@EACH
def test_a_copy_is_made_of_the_preview(format_: Format) -> None:
    photo = Photo.open(r.SAMPLES[format_], name="photo.raw")
    with pytest.raises(UnsupportedFormatError, match="--to jpeg"):
        safe_copy.foresee_safe_copy(photo, None, CleanPlan(metadata_only=True))
    inner = photo.developed()
    assert (inner.format, inner.name, inner.sha256) == (Format.JPEG, photo.name, photo.sha256)
    assert Image.open(io.BytesIO(inner.data)).size == r.PREVIEW


def test_a_copy_is_stripped_scanned_and_proved() -> None:
    photo = Photo.open(r.cr3(turn=6), name="photo.CR3")
    scanner = Scanner(ScanOptions(only=("metadata", "code"), profile="fast"))
    plan = CleanPlan(to="jpeg", redact=("code",))
    result = safe_copy.make_safe_copy(photo, scanner, plan)
    copy = Photo.open(result.data)
    assert (copy.format, copy.orientation) == (Format.JPEG, 6)
    assert b"CANARY" not in result.data
    assert result.receipt.source_sha256 == photo.sha256
    assert np.array_equal(copy.pixels(), photo.pixels())
    assert {row.key for row in result.receipt.proofs} & {"clean.proof.same_code", "clean.proof.same_pixels"}


def test_of_several_previews_the_largest_stands_for_the_photo_and_the_rest_are_told() -> None:
    data = r.cr3(r.photo(SMALL) + r.photo() + r.photo((30, 20)))
    said = metadata.read(data, Format.CR3, "").entries
    assert [e.about for e in said if e.role is Role.THUMBNAIL] == [
        "JPEG picture, 16 x 12", "JPEG picture, 19 x 14", "JPEG picture, 30 x 20"]  # fmt: skip
    assert Photo.open(data).width == r.PREVIEW[0]


NO_RAW = {
    "a scanner's TIFF": several.tiff(several.page(32, 24, (0x10F, 2, "NIKON"), (0x110, 2, "LS-5000"))),
    "a TIFF out of a camera": several.tiff(several.page(32, 24, (0x10F, 2, "SONY"), below={0x8769: [several._TAKEN]})),
    "a pyramid of a camera's photo": several.tiff(
        several.page(64, 48, (0x10F, 2, "SAMSUNG"), below={0x14A: [several.page(32, 24, several.REDUCED)]})
    ),
    "pixels that begin with CR": several.ORDINARY["pixels that begin with CR"],
}


@pytest.mark.parametrize("name", NO_RAW)
def test_an_ordinary_tiff_of_a_camera_s_maker_is_none(name: str) -> None:
    assert formats.of(NO_RAW[name]) is Format.TIFF


def test_a_directory_at_the_end_of_the_file_is_seen_too() -> None:
    data = several.tiff(
        several.page(100, 100, several.REDUCED, (0x10F, 2, "Google"), (0xC612, 1, b"\1\4\0\0"),
                     below={0x14A: [several.page(*r.SENSOR, several.CFA)]})
    )  # fmt: skip
    assert len(data) > formats.HEAD
    assert Photo.open(data).format is Format.DNG


@share(4)
@given(cut=st.floats(0, 1), noise=st.binary(max_size=40), at=st.floats(0, 1), format_=st.sampled_from(list(r.SAMPLES)))
def test_no_damage_breaks_a_reader(cut: float, noise: bytes, at: float, format_: Format) -> None:
    whole = r.SAMPLES[format_]
    place = int(at * len(whole))
    data = (whole[:place] + noise + whole[place + len(noise) :])[: 16 + int(cut * len(whole))]
    raw_survey.sensor(data)
    raw_survey.previews(data)
    metadata.read(data, format_, "")


def test_a_file_full_of_beginnings_is_read_in_linear_time() -> None:
    data = r.SAMPLES[Format.RAF][:148] + b"\xff\xd8\xff\xe0\0\2" * 200_000
    assert raw_survey.previews(data) == []
    assert len(raw_survey.previews(c.jpeg() * 500)) == raw_survey.MAX_PREVIEWS
