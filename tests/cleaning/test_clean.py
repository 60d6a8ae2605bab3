"""A clean copy is the same picture without the rest, or there is no copy."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import piexif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

import photoscan
from photoscan import Photo, Scanner, ScanOptions, cleaning, metadata
from photoscan.cleaning import CleanPlan, ledger
from photoscan.errors import CleaningError, PhotoscanError, UsageError
from photoscan.finding import Finding, Region
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.report import PhotoInfo, Report
from photoscan.stripping import Keep, Stripped
from tests.cleaning.samples import between_scans, coded, exif, picture, texts
from tests.conftest import Run
from tests.properties import sample, share

STRIP = CleanPlan(metadata_only=True)


LEAKY: dict[str, bytes] = {
    "EXIF with thumbnail": coded("JPEG", exif=exif()),
    "turned": coded("JPEG", exif=exif(6)),
    "comment": coded("JPEG", comment=b"CANARY-com"),
    "XMP": coded("JPEG", xmp=b"<x:xmpmeta><rdf:li>CANARY-xmp</rdf:li></x:xmpmeta>"),
    "progressive with a late comment": between_scans(coded("JPEG", progressive=True)),
    "behind the end": coded("JPEG") + b"CANARY-tail",
    "second image behind the end": coded("JPEG") + coded("JPEG", exif=exif()),
    "private segment": coded("JPEG")[:2] + b"\xff\xe9\x00\x10CANARY-private" + coded("JPEG")[2:],
    "grey": coded("JPEG", picture().convert("L"), comment=b"CANARY"),
    "CMYK": coded("JPEG", picture().convert("CMYK"), comment=b"CANARY"),
    "PNG texts": coded("PNG", pnginfo=texts()),
    "PNG EXIF": coded("PNG", exif=exif(8)),
    "PNG behind the end": coded("PNG") + b"CANARY-tail",
    "PNG palette with transparency": coded("PNG", picture().convert("P"), pnginfo=texts(), transparency=3),
    "PNG 16 bit": coded("PNG", Image.fromarray(np.arange(4096, dtype=np.uint16).reshape(64, 64) * 16), pnginfo=texts()),
    "WebP EXIF": coded("WEBP", exif=exif(6)),
    "WebP XMP": coded("WEBP", xmp=b"<x:xmpmeta><rdf:li>CANARY-xmp</rdf:li></x:xmpmeta>", lossless=True),
    "WebP behind the end": coded("WEBP") + b"CANARY-tail",
    "WebP animated": coded("WEBP", save_all=True, append_images=[picture().rotate(180)], xmp=b"<a:b>CANARY</a:b>"),
    "GIF comment": coded("GIF", comment=b"CANARY-comment"),
    "GIF behind the end": coded("GIF") + b"CANARY-tail",
    "GIF animated": coded("GIF", save_all=True, append_images=[picture().rotate(180)], loop=2, comment=b"CANARY"),
    "GIF without a trailer": coded("GIF", comment=b"CANARY-comment")[:-1],
    "comment like a Huffman table": coded("JPEG", comment=b"CANARY CDEFGHIJ stuvwxyz 456789"),
    "author like a Huffman table": coded("JPEG", exif=piexif.dump({"0th": {piexif.ImageIFD.Artist: b"stuvwxyz"}})),
    "PNG interlaced": coded("PNG", pnginfo=texts(), interlace=1),
}


@pytest.mark.parametrize("name", sorted(LEAKY))
def test_stripping_takes_everything_and_leaves_the_picture(name: str) -> None:
    photo = Photo.open(LEAKY[name])
    result = cleaning.clean(photo, None, None, STRIP)
    assert b"CANARY" not in result.data
    after = metadata.read(result.data, photo.format, "copy")
    assert after.entries == ()
    again = Photo.open(result.data)
    assert again.orientation == photo.orientation
    assert again.frames == photo.frames
    for page in range(photo.frames):
        assert np.array_equal(again.pixels(page), photo.pixels(page))
    assert result.receipt.removed
    assert result.receipt.proofs


def test_a_clean_file_stays_as_it_is_inside() -> None:
    first = cleaning.clean(Photo.open(coded("JPEG")), None, None, STRIP).data
    assert cleaning.clean(Photo.open(first), None, None, STRIP).data == first


def test_the_colour_profile_stays_but_names_nobody() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for format_ in ("JPEG", "PNG"):
        photo = Photo.open(coded(format_, icc_profile=profile))
        kept = Image.open(io.BytesIO(cleaning.clean(photo, None, None, STRIP).data)).info["icc_profile"]
        assert kept[36:40] == b"acsp"
        assert kept[24:36] == bytes(12)
        assert ImageCms.getProfileDescription(io.BytesIO(kept)).strip() == "Generic profile"
        gone = cleaning.clean(photo, None, None, CleanPlan(metadata_only=True, keep=("orientation",)))
        assert "icc_profile" not in Image.open(io.BytesIO(gone.data)).info


@share(0.5)
@given(st.sampled_from(sorted(LEAKY)), st.integers(0, 10**6), st.binary(min_size=1, max_size=6))
def test_damaged_files_are_refused_or_cleaned(name: str, at: int, patch: bytes) -> None:
    data = LEAKY[name]
    at %= len(data)
    try:
        photo = Photo.open(data[:at] + patch + data[at + len(patch) :])
        result = cleaning.clean(photo, None, None, STRIP)
    except PhotoscanError:
        return
    assert metadata.read(result.data, photo.format, "copy").entries == ()


# ---------------------------------------------------------------- hiding parts of the picture


def seen(*boxes: Box) -> Callable[[object], Report]:
    """A scan that finds a plate in every box that is not yet black."""

    def scan(source: object) -> Report:
        photo = source if isinstance(source, Photo) else Photo.open(source)  # type: ignore[arg-type]
        pixels = photo.pixels()
        found = tuple(
            Finding(Kind.PLATE, 0.9, Region(box), "test", "drawn", "AB12CDE")
            for box in boxes
            if pixels[box.y : box.y2, box.x : box.x2].mean() > 12
        )
        return Report(PhotoInfo("photo"), "0", found)

    return scan


BOX = Box(100, 80, 60, 30)


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_a_region_is_hidden_and_the_rest_stays(format_: str) -> None:
    photo = Photo.open(coded(format_, exif=exif(6)))
    scan = seen(BOX)
    result = cleaning.clean(photo, scan(photo), scan, CleanPlan())
    before, after = photo.pixels().astype(int), Photo.open(result.data).pixels().astype(int)
    assert after.shape == before.shape
    assert after[BOX.y : BOX.y2, BOX.x : BOX.x2].max() <= 12
    far = np.abs(before - after)[150:, :]
    assert far.max() == 0 if format_ == "PNG" else far.mean() < 6
    assert b"CANARY" not in result.data
    assert [f.kind for f in result.receipt.hidden] == [Kind.PLATE]
    assert "AB12CDE" not in json.dumps(result.receipt.to_dict())


def test_what_only_the_second_scan_sees_is_hidden_as_well() -> None:
    late = Box(20, 20, 40, 40)
    photo = Photo.open(coded("PNG"))
    first = seen(BOX)(photo)
    result = cleaning.clean(photo, first, seen(BOX, late), CleanPlan())
    assert Photo.open(result.data).pixels()[late.y : late.y2, late.x : late.x2].max() == 0


@pytest.mark.parametrize("style", ["pixelate", "blur"])
def test_weak_styles_say_so_in_the_receipt(style: str) -> None:
    photo = Photo.open(coded("PNG"))
    calm = lambda source: Report(PhotoInfo("photo"), "0")  # noqa: E731
    result = cleaning.clean(photo, seen(BOX)(photo), calm, CleanPlan(style=style))  # type: ignore[arg-type]
    assert "can be undone" in str(result.receipt.notes[-1])


def test_boxes_by_hand() -> None:
    photo = Photo.open(coded("PNG"))
    nothing = lambda source: Report(PhotoInfo("photo"), "0")  # noqa: E731
    result = cleaning.clean(photo, nothing(photo), nothing, CleanPlan(boxes=(BOX,)))
    assert Photo.open(result.data).pixels()[BOX.y : BOX.y2, BOX.x : BOX.x2].max() == 0


# ---------------------------------------------------------------- planted failures


def test_a_redactor_that_misses_releases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoscan.redaction.still.hide", lambda *_: None)
    photo = Photo.open(coded("PNG"))
    with pytest.raises(CleaningError, match="nothing was written"):
        cleaning.clean(photo, seen(BOX)(photo), seen(BOX), CleanPlan())


def test_a_stripper_that_leaves_something_releases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def lazy(data: bytes, format_: Format, keep: Keep) -> Stripped:
        return Stripped(data, ())

    monkeypatch.setattr(cleaning, "strip", lazy)
    for name in sorted(LEAKY):
        with pytest.raises(CleaningError, match="nothing was written"):
            cleaning.clean(Photo.open(LEAKY[name]), None, None, STRIP)


def test_a_stripper_that_touches_the_picture_releases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for format_ in ("JPEG", "PNG"):
        other = cleaning.clean(Photo.open(coded(format_, picture().rotate(180))), None, None, STRIP).data
        monkeypatch.setattr(cleaning, "strip", lambda *_, data=other: Stripped(data, ()))
        with pytest.raises(CleaningError, match="changed"):
            cleaning.clean(Photo.open(LEAKY["comment"] if format_ == "JPEG" else LEAKY["PNG texts"]), None, None, STRIP)
        monkeypatch.undo()


def test_a_scan_that_fails_proves_nothing() -> None:
    from photoscan.report import DetectorOutcome, Status

    broken = lambda source: Report(  # noqa: E731
        PhotoInfo("photo"), "0", detectors=(DetectorOutcome("face", Status.FAILED, "crash"),)
    )
    photo = Photo.open(coded("PNG"))
    with pytest.raises(CleaningError, match="face"):
        cleaning.clean(photo, seen(BOX)(photo), broken, CleanPlan())


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_file(step: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from photoscan.files import write_atomically

    target = tmp_path / "photo.jpg"
    target.write_bytes(b"the original")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(PhotoscanError, match="No space left"):
        write_atomically(target, b"the copy")
    monkeypatch.undo()
    assert target.read_bytes() == b"the original"
    assert list(tmp_path.iterdir()) == [target]


# ---------------------------------------------------------------- the command


def test_copies_of_a_folder_with_receipts(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "deep").mkdir(parents=True)
    (source / "a.jpg").write_bytes(LEAKY["turned"])
    (source / "deep" / "b.png").write_bytes(LEAKY["PNG texts"])
    (source / "broken.jpg").write_bytes(LEAKY["comment"][:400])
    receipt = tmp_path / "receipt.json"
    result = run("clean", source, "-o", tmp_path / "out", "--metadata-only", "--receipt", receipt)
    assert result.returncode == 2
    assert {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.*")} == {
        ledger.NAME,
        "a.jpg",
        "deep/b.png",
    }
    assert (source / "a.jpg").read_bytes() == LEAKY["turned"]
    assert len(json.loads(receipt.read_text())) == 2
    assert "CANARY" not in result.stdout + result.stderr + receipt.read_text()


def test_the_input_is_never_overwritten_unless_asked(run: Run, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(LEAKY["comment"])
    (tmp_path / "link.jpg").symlink_to(photo)
    for target in (photo, tmp_path / "link.jpg", tmp_path):
        assert run("clean", photo, "-o", target, "--metadata-only").returncode == 2
        assert photo.read_bytes() == LEAKY["comment"]
    photo.chmod(0o640)
    assert run("clean", photo, "--in-place", "--metadata-only").returncode == 0
    assert b"CANARY" not in photo.read_bytes()
    assert photo.stat().st_mode & 0o777 == 0o640


def test_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(LEAKY["comment"])
    result = run("clean", photo, "--dry-run", "--metadata-only")
    assert result.returncode == 0
    assert "comment" in result.stdout
    assert "remove: Text in the file" in result.stdout
    assert "Nothing was written" in result.stderr
    where = run("clean", photo, "--dry-run", "--metadata-only", "-o", tmp_path / "safe")
    assert (where.returncode, where.stdout) == (0, result.stdout)
    assert list(tmp_path.iterdir()) == [photo]


def test_check_tells_clean_from_not_clean(run: Run, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(LEAKY["comment"])
    assert run("clean", photo, "--check").returncode == 2
    assert run("clean", photo, "-o", tmp_path / "b.jpg", "--metadata-only").returncode == 0
    assert run("clean", tmp_path / "b.jpg", "--check").returncode == 0


USAGE = {
    "no target": [],
    "two targets": ["--in-place", "--check"],
    "wrong box": ["--dry-run", "--box", "1,2,3"],
    "another format in place": ["--in-place", "--to", "png"],
    "wrong kind": ["--dry-run", "--redact", "faces"],
}


@pytest.mark.parametrize("case", sorted(USAGE))
def test_wrong_use_is_told(case: str, run: Run, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(LEAKY["comment"])
    result = run("clean", photo, *USAGE[case])
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert photo.read_bytes() == LEAKY["comment"]


@pytest.mark.parametrize("box", ["", "a,b,c,d", "1,2,0,5", "1,2,3,4,5"])
def test_boxes_are_checked(box: str) -> None:
    with pytest.raises(UsageError):
        cleaning.parse_box(box)


REAL = ["whiteboard.jpg", "car_malaysia.jpg", "portraits.jpg", "screenshot_qr.png"]


# Faces and texts are hidden for real in the workshop's and the service's tests as well.
@pytest.mark.parametrize("name", sample(["car_malaysia.jpg", "screenshot_qr.png"], REAL))
def test_sample_photos_are_cleaned_for_real(name: str, demo: Path) -> None:
    result = photoscan.clean(demo / name)
    again = Scanner(ScanOptions(skip=("metadata.filename",))).scan(result.data)
    plan = CleanPlan()
    assert [f.kind.value for f in again.findings if plan.hides(f) and f.likely] == []
    assert result.receipt.hidden
