"""What a clean copy holds on purpose is told and does not count; anything else counts, and all of it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import piexif
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from photoscan import Photo, Scanner, ScanOptions, cleaning
from photoscan.cleaning import CleanPlan
from photoscan.cli import clean as clean_command
from photoscan.cli import scan as scan_command
from photoscan.errors import UsageError
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.on_purpose import Purpose
from photoscan.report import PhotoInfo, Report
from photoscan.risk import exempt
from tests.cleaning.samples import coded, picture

SCANNER = Scanner(ScanOptions(only=("metadata",)))
KEEP = CleanPlan(metadata_only=True, keep=("icc", "orientation", "date", "copyright"), coarsen_gps="city")
CHOICES = ("--keep", "date", "--keep", "copyright", "--coarsen-gps", "city")


def said(latitude: tuple[int, ...] = (3, 8, 1234), **more: Any) -> bytes:
    degrees, minutes, hundredths = latitude
    ifds: dict[str, Any] = {
        "0th": {piexif.ImageIFD.Copyright: b"(c) 2026 Aina Yusof"},
        "Exif": {piexif.ExifIFD.DateTimeOriginal: b"2026:01:02 03:04:05"},
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: b"N",
            piexif.GPSIFD.GPSLatitude: ((degrees, 1), (minutes, 1), (hundredths, 100)),
            piexif.GPSIFD.GPSLongitudeRef: b"E",
            piexif.GPSIFD.GPSLongitude: ((101, 1), (41, 1), (5678, 100)),
        },
    }
    for ifd, rows in more.items():
        ifds[ifd] |= rows
    return piexif.dump(ifds)


PHOTO = coded("JPEG", picture(), exif=said())


def made(plan: CleanPlan = KEEP) -> tuple[bytes, dict[str, Any]]:
    result = cleaning.clean(Photo.open(PHOTO, name="a.jpg"), None, None, plan)
    return result.data, result.receipt.to_dict()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A copy that holds what was kept, and the file of its receipt."""
    data, row = made()
    copy, receipt = tmp_path / "copy.jpg", tmp_path / "receipts.json"
    copy.write_bytes(data)
    receipt.write_text(json.dumps([row]))
    return copy, receipt


def marked(data: bytes, purpose: Purpose) -> Report:
    photo = Photo.open(data, name="copy.jpg")
    return purpose.mark(SCANNER.scan(photo), photo)


def counted(report: Report) -> list[str]:
    return sorted({f.kind.value for f in report.findings if not exempt.is_exempt(f)})


def by_receipt(row: dict[str, Any], tmp_path: Path) -> Purpose:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(row))
    return Purpose.read(file)


def test_what_was_kept_is_told_and_does_not_count(tmp_path: Path) -> None:
    data, row = made()
    plain = SCANNER.scan(data, name="copy.jpg")
    assert {"metadata.gps", "metadata.datetime"} <= set(counted(plain))
    for purpose in (by_receipt(row, tmp_path), Purpose(KEEP)):
        report = marked(data, purpose)
        assert len(report.findings) == len(plain.findings)
        assert counted(report) == []
        assert {f.attributes["exempt"] for f in report.findings} == {"kept"}


@pytest.mark.parametrize(
    ("plan", "left"),
    [
        (replace(KEEP, coarsen_gps=None), "metadata.gps"),
        (replace(KEEP, coarsen_gps="country"), "metadata.gps"),
        (replace(KEEP, keep=("copyright",)), "metadata.datetime"),
        (replace(KEEP, keep=("date",)), "metadata.person"),
        (CleanPlan(metadata_only=True), "metadata.gps"),
    ],
)
def test_what_the_choices_do_not_keep_counts(plan: CleanPlan, left: str) -> None:
    data, _ = made()
    assert left in counted(marked(data, Purpose(plan)))


CHANGED: dict[str, bytes] = {
    "a position that is not rounded": said(),
    "another field": said(**{"0th": {piexif.ImageIFD.Artist: b"Joana Prado"}}),
    "another date beside": said(Exif={piexif.ExifIFD.DateTimeDigitized: b"2026:01:02 03:04:05"}),
}


@pytest.mark.parametrize("case", sorted(CHANGED))
def test_a_file_that_says_more_counts_wholly(case: str, tmp_path: Path) -> None:
    """It is no longer the copy that was made, whatever a receipt says of the copy."""
    data, row = made()
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.save(out, "JPEG", exif=CHANGED[case])
    plain = counted(SCANNER.scan(out.getvalue(), name="copy.jpg"))
    for purpose in (Purpose(KEEP), by_receipt(row, tmp_path)):
        assert counted(marked(out.getvalue(), purpose)) == plain
    # Not even a receipt that was bent to this file's hash hides what no copy would say.
    photo = Photo.open(out.getvalue())
    row["output"]["sha256"] = photo.sha256
    assert counted(marked(out.getvalue(), by_receipt(row, tmp_path))) == plain


def test_a_receipt_is_of_one_file(tmp_path: Path) -> None:
    data, row = made()
    purpose = by_receipt(row, tmp_path)
    other = data.replace(b"2026:01:02", b"2025:01:02")
    assert purpose.knows(Photo.open(data))
    assert not purpose.knows(Photo.open(other))
    assert "metadata.datetime" in counted(marked(other, purpose))


def test_a_name_that_tells_counts(tmp_path: Path) -> None:
    data, row = made()
    photo = Photo.open(data, name="2026-01-02 Aina Yusof.jpg")
    report = by_receipt(row, tmp_path).mark(SCANNER.scan(photo), photo)
    assert counted(report) == ["metadata.filename"]


def test_a_face_that_was_shown_by_consent_does_not_count(tmp_path: Path) -> None:
    data, row = made()
    box = [40, 40, 60, 80]
    row["found"] = [
        {"kind": "face.known", "action": "keep", "reason": "consents", "location": {"type": "region", "box": box}},
        {"kind": "face", "action": "hide", "reason": "harm", "location": {"type": "region", "box": [200, 40, 60, 80]}},
    ]
    photo = Photo.open(data)
    faces = tuple(
        Finding(kind, 0.9, Region(Box(*place)), "test", "drawn")
        for kind, place in (
            (Kind.FACE, (44, 42, 58, 80)), (Kind.PLATE, (44, 42, 58, 80)), (Kind.FACE, (200, 40, 60, 80)),
        )
    )  # fmt: skip
    report = replace(Report(photo.info(), "0"), findings=faces)
    marks = [exempt.is_exempt(f) for f in by_receipt(row, tmp_path).mark(report, photo).findings]
    assert marks == [True, False, False]


def test_a_report_of_another_photo_is_not_marked(tmp_path: Path) -> None:
    data, row = made()
    report = replace(SCANNER.scan(data), photo=PhotoInfo("x", "0" * 64))
    assert by_receipt(row, tmp_path).mark(report, Photo.open(data)) == report


def test_marks_of_others_stay(tmp_path: Path) -> None:
    data, row = made()
    photo = Photo.open(data, name="copy.jpg")
    report = SCANNER.scan(photo)
    report = replace(report, findings=tuple(exempt.marked(f, "reviewed") for f in report.findings))
    assert by_receipt(row, tmp_path).mark(report, photo) == report


NO_RECEIPTS = {
    "nothing": "",
    "text": "Receipt for a.jpg",
    "another object": '{"mine": 1}',
    "a list of other things": "[1, 2]",
    "no hash": '[{"receipt_version": "2.1", "output": {}}]',
    "a hash that is none": '[{"receipt_version": "2.1", "output": {"sha256": 7}}]',
    "no version": '[{"output": {"sha256": "00"}}]',
    "parts that are none": '[{"receipt_version": "2.1", "output": {"sha256": "00"}, "kept_parts": 5}]',
    "boxes that are none": '[{"receipt_version": "2.1", "output": {"sha256": "00"}, "found": [{"action": "keep", '
    '"reason": "consents", "location": {"box": [1, "a"]}}]}]',
    "bytes": "\udcff",
}


@pytest.mark.parametrize("case", sorted(NO_RECEIPTS))
def test_what_is_no_receipt_is_told(case: str, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_bytes(NO_RECEIPTS[case].encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match="no receipts"):
        Purpose.read(file)
    with pytest.raises(UsageError):
        Purpose.read(tmp_path / "none.json")


def test_receipts_before_they_could_be_read_say_nothing(tmp_path: Path) -> None:
    data, row = made()
    del row["kept_parts"]
    row["receipt_version"] = "2"
    assert "metadata.gps" in counted(marked(data, by_receipt(row, tmp_path)))


# ---------------------------------------------------------------- the commands


def scan(*arguments: object) -> Result:
    return CliRunner().invoke(scan_command.scan, [*map(str, arguments), "--only", "metadata", "--lang", "en"])


def check(*arguments: object) -> Result:
    return CliRunner().invoke(clean_command.clean, [*map(str, arguments), "--check", "--lang", "en"])


def test_scan_and_check_take_receipts_and_choices(files: tuple[Path, Path]) -> None:
    copy, receipt = files
    assert scan(copy).exit_code == 1
    assert check(copy).exit_code == 2
    for choices in (("--receipt", receipt), CHOICES):
        result = scan(copy, *choices)
        assert result.exit_code == 0, result.output
        assert "kept on purpose" in result.output
        assert "(0/100)" in result.output
        checked = check(copy, *choices)
        assert checked.exit_code == 0, checked.output
        assert "copyright, date, position (city)" in checked.output
        assert "the picture itself was not looked at" in checked.output
    row = json.loads(scan(copy, "--receipt", receipt, "--format", "json").output)
    assert {f["attributes"]["exempt"] for f in row["findings"]} == {"kept"}
    assert receipt.read_text()


def test_a_file_without_a_receipt_is_told_and_counts(files: tuple[Path, Path], tmp_path: Path) -> None:
    copy, receipt = files
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(PHOTO)
    for result, status in ((scan(photo, "--receipt", receipt), 1), (check(photo, "--receipt", receipt), 2)):
        assert result.exit_code == status
        assert "there is no receipt for exactly this file" in result.output
    assert "no receipt for" not in scan(copy, "--receipt", receipt).output
    before = copy.read_bytes(), receipt.read_text()
    for command in (scan, check):
        assert command(copy, "--receipt", copy).exit_code != 0
    assert (copy.read_bytes(), receipt.read_text()) == before


def test_what_can_not_be_opened_is_told_once(files: tuple[Path, Path], tmp_path: Path) -> None:
    _, receipt = files
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"hello")
    assert scan(broken, "--receipt", receipt).exit_code == 2
