"""Copies of several runs: what is done anew, what is replaced, and which receipts stay true."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from photoscan import Photo, cleaning, metadata
from photoscan.clean_phrases import note
from photoscan.cleaning import CleanPlan, ledger, verify
from photoscan.cli import clean as command
from photoscan.errors import CleaningError, UsageError
from photoscan.files import write_atomically
from photoscan.finding import Field, Finding
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.redaction import Patch
from photoscan.report import PhotoInfo, Report
from photoscan.scanner import Scanner
from photoscan.stage import Told, nobody
from tests.cleaning.samples import coded
from tests.cleaning.test_clean import BOX, LEAKY, seen
from tests.cleaning.test_folders import call, copies


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo that says CANARY, in a folder of its own."""
    file = tmp_path / "in" / "a.jpg"
    file.parent.mkdir()
    file.write_bytes(LEAKY["EXIF with thumbnail"])
    return file


class _Blind(Scanner):
    """A scanner that finds nothing."""

    def scan(self, source: object, name: str | None = None, progress: object = None, stage: Told = nobody) -> Report:
        return Report(PhotoInfo("photo"), "0")

    def scan_again(self, photo: Photo, seen: Report, progress: object = None) -> Report:
        return self.scan(photo)


# ---------------------------------------------------------------- what is done anew

IGNORED = '\n[[ignore]]\nbox = [0, 0, 1, 1]\nreason = "a poster"\n'


def test_an_edited_policy_is_another_policy(photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name and what it says of copies are the same; what it ignores is not."""
    monkeypatch.setattr(command, "_scanner", lambda options, policy, _: _Blind(options, policy))
    policy, out = tmp_path / "p.toml", tmp_path / "out"
    plain = 'name = "p"\nversion = "1"\n'
    policy.write_text(plain + IGNORED)
    given = (photo.parent, "-o", out, "--policy", policy, "--overwrite")
    assert call(*given).exit_code == 0
    assert "proved before" in call(*given).output
    policy.write_text(plain)
    again = call(*given)
    assert again.exit_code == 0
    assert "proved before" not in again.output


@pytest.mark.parametrize(("photos", "done"), [("", True), ('photos = "*/a.jpg"', False)])
def test_a_policy_that_names_photos_does_not_take_one_for_the_other(
    photos: str, done: bool, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_scanner", lambda options, policy, _: _Blind(options, policy))
    policy = tmp_path / "p.toml"
    policy.write_text('name = "p"\nversion = "1"\n' + IGNORED + photos + "\n")
    given = ("-o", tmp_path / "out", "--policy", policy, "--rename")
    assert call(photo.parent, *given).exit_code == 0
    photo.rename(photo.with_name("b.jpg"))
    assert ("proved before" in call(photo.parent, *given).output) is done


def test_a_copy_that_a_killed_run_did_not_note_is_taken(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert call(photo.parent, "-o", out, "--metadata-only").exit_code == 0
    (out / ledger.NAME).unlink()
    assert call(photo.parent, "-o", out, "--metadata-only").exit_code == 0
    assert (out / ledger.NAME).exists()


def test_copies_in_the_folder_that_is_searched_are_not_copied(photo: Path) -> None:
    out = photo.parent / "safe"
    for _ in range(3):
        assert call(photo.parent, "-o", out, "--metadata-only").exit_code == 0
    assert set(copies(out)) == {"a.jpg"}
    # What is no copy is cleaned wherever it lies.
    shutil.copy(photo, out / "new.jpg")
    assert call(photo.parent, "-o", out, "--metadata-only").exit_code == 0
    assert set(copies(out)) == {"a.jpg", "new.jpg", "safe/new.jpg"}


@pytest.mark.parametrize("named", ["safe", "safe/a.jpg"])
def test_a_copy_that_is_named_is_not_called_done_by_other_choices(named: str, photo: Path) -> None:
    """What it was cleaned of then says nothing about what is asked for now."""
    out = photo.parent / "safe"
    call(photo.parent, "-o", out, "--metadata-only")
    for other in ([], ["--keep", "nothing"]):
        result = call(photo.parent / named, "-o", out, "--metadata-only", *other)
        assert result.exit_code == 2
        assert "proved before" not in result.output


def test_copies_below_the_photos_do_not_stand_in_their_own_way(photo: Path) -> None:
    photo.write_bytes(LEAKY["turned"])
    given = (photo.parent, "-o", photo.parent / "safe", "--metadata-only")
    assert call(*given).exit_code == 0
    result = call(*given, "--keep", "nothing", "--overwrite")
    assert result.exit_code == 0, result.output
    assert Photo.open(photo.parent / "safe" / "a.jpg").orientation == 1


def test_a_folder_of_copies_alone_is_told(photo: Path) -> None:
    given = (photo.parent, "-o", photo.parent / "safe", "--metadata-only")
    call(*given)
    photo.unlink()
    result = call(*given)
    assert result.exit_code == 2
    assert "only copies" in result.output


# ---------------------------------------------------------------- what is replaced


def test_no_copy_takes_the_place_of_another_of_the_same_run(photo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "a.jpg"
    other.parent.mkdir()
    other.write_bytes(LEAKY["comment"])
    out = tmp_path / "out"
    result = call(photo, other, "-o", out, "--metadata-only", "--overwrite")
    assert result.exit_code == 2
    assert "copy of another photo" in result.output
    assert "1 cleaned and proved, 0 done before, 1 refused" in result.output


def test_no_copy_takes_the_place_of_one_that_is_called_done(photo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "a.jpg"
    other.parent.mkdir()
    other.write_bytes(LEAKY["comment"])
    given = (photo, other, "-o", tmp_path / "out", "--metadata-only")
    call(*given)
    made = copies(tmp_path / "out")
    result = call(*given, "--overwrite")
    assert result.exit_code == 2
    assert "0 cleaned and proved, 1 done before, 1 refused" in result.output
    assert copies(tmp_path / "out") == made


def test_in_place_goes_behind_a_link(photo: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.jpg"
    link.symlink_to(photo)
    assert call(link, "--in-place", "--metadata-only").exit_code == 0
    assert link.is_symlink()
    assert b"CANARY" not in photo.read_bytes()


def test_in_place_no_page_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "m.tif"
    Image.new("L", (64, 64)).save(file, "TIFF", save_all=True, append_images=[Image.new("L", (64, 64), 9)] * 2)
    before = file.read_bytes()
    result = call(file, "--in-place", "--metadata-only")
    assert result.exit_code == 2
    assert "--keep pages" in result.output
    assert file.read_bytes() == before
    assert call(file, "-o", tmp_path / "out", "--metadata-only").exit_code == 0
    assert call(file, "--in-place", "--metadata-only", "--keep", "pages").exit_code == 0
    assert Photo.open(file).frames == 3


def test_in_place_no_picture_of_a_sequence_is_lost(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = photo.read_bytes(), cleaning.clean

    def stilled(*arguments: Any) -> Any:
        made = real(*arguments)
        return replace(made, receipt=replace(made.receipt, notes=(note("movement"),)))

    monkeypatch.setattr(cleaning, "clean", stilled)
    assert call(photo, "--in-place", "--metadata-only").exit_code == 2
    assert photo.read_bytes() == before


def test_what_is_saved_while_its_copy_is_made_is_not_lost(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = cleaning.clean

    def slow(*arguments: Any) -> Any:
        made = real(*arguments)
        write_atomically(photo, LEAKY["comment"])
        return made

    monkeypatch.setattr(cleaning, "clean", slow)
    result = call(photo, "--in-place", "--metadata-only")
    assert result.exit_code == 2
    assert "changed while" in result.output
    assert photo.read_bytes() == LEAKY["comment"]


def test_standard_input_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command.clean, ["-", "--in-place", "--metadata-only"], input=LEAKY["comment"])
    assert result.exit_code != 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("where", [["--in-place"], ["-o", "copy.jpg"]])
def test_a_new_name_is_not_promised_where_there_is_none(where: list[str], photo: Path) -> None:
    before = photo.read_bytes()
    assert call(photo, *where, "--metadata-only", "--rename").exit_code != 0
    assert photo.read_bytes() == before


def test_receipts_do_not_take_a_photo_s_place(photo: Path, tmp_path: Path) -> None:
    before = photo.read_bytes()
    result = call(photo, "-o", tmp_path / "out", "--metadata-only", "--receipt", photo)
    assert result.exit_code != 0
    assert photo.read_bytes() == before


@pytest.mark.parametrize("mode", ["--check", "--dry-run"])
def test_there_is_no_receipt_without_a_copy(mode: str, photo: Path) -> None:
    before = photo.read_bytes()
    assert call(photo, mode, "--metadata-only", "--receipt", photo).exit_code != 0
    assert photo.read_bytes() == before


@pytest.mark.parametrize("output", ["out.jpg", "out"])
def test_receipts_do_not_take_a_copy_s_place(output: str, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / output
    receipt = out if out.suffix else out / "a.jpg"
    result = call(photo, "-o", out, "--metadata-only", "--receipt", receipt)
    assert result.exit_code != 0
    assert not out.is_file()
    assert call(photo, "-o", out, "--metadata-only").exit_code == (0 if out.suffix else 2)


@pytest.mark.parametrize(("name", "text"), [("x.json", '{"mine": 1}'), ("x.txt", "my diary"), ("x.png", "\x89PNG")])
def test_receipts_do_not_take_another_file_s_place(name: str, text: str, photo: Path, tmp_path: Path) -> None:
    other, given = tmp_path / name, (photo, "-o", tmp_path / "out", "--metadata-only", "--receipt", tmp_path / name)
    other.write_text(text)
    assert call(*given).exit_code != 0
    assert other.read_text() == text
    assert not (tmp_path / "out").exists()
    assert call(*given, "--overwrite").exit_code == 0
    assert other.read_text() != text
    # Receipts make place for receipts.
    assert call(*given).exit_code == 0


def test_a_place_for_receipts_is_looked_for_first(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert call(photo, "-o", out, "--metadata-only", "--receipt", tmp_path / "no" / "r.json").exit_code != 0
    assert not out.exists()
    assert call(photo, "-o", out, "--metadata-only", "--receipt", out / "r.json").exit_code == 0
    assert (out / "r.json").exists()


# ---------------------------------------------------------------- receipts


def test_a_receipt_of_another_copy_is_not_taken_over(photo: Path, tmp_path: Path) -> None:
    """Two folders, other choices, one file of receipts: each tells of the copies that its last run vouches for."""
    photo.write_bytes(LEAKY["turned"])
    receipt, one, two = tmp_path / "r.json", tmp_path / "one", tmp_path / "two"
    call(photo.parent, "-o", one, "--metadata-only", "--receipt", receipt)
    call(photo.parent, "-o", two, "--metadata-only", "--keep", "nothing")
    result = call(photo.parent, "-o", two, "--metadata-only", "--keep", "nothing", "--receipt", receipt)
    assert "1 done before has no receipt" in result.output
    assert json.loads(receipt.read_text()) == []


@pytest.mark.parametrize("name", ["r.json", "r.txt"])
def test_receipts_of_an_earlier_run_stay(name: str, photo: Path, tmp_path: Path) -> None:
    receipt, given = tmp_path / name, (photo.parent, "-o", tmp_path / "out", "--metadata-only")
    call(*given, "--receipt", receipt)
    was = receipt.read_text()
    assert "no receipt" not in call(*given, "--receipt", receipt).output
    assert receipt.read_text() == was
    photo.with_name("b.jpg").write_bytes(LEAKY["comment"])
    call(*given, "--receipt", receipt)
    assert receipt.read_text().count("a.jpg") == was.count("a.jpg")
    assert "b.jpg" in receipt.read_text()


def test_what_only_the_second_scan_sees_is_in_the_receipt() -> None:
    picture = Photo.open(coded("PNG"))
    result = cleaning.clean(picture, Report(PhotoInfo("photo"), "0"), seen(BOX), CleanPlan())
    assert Photo.open(result.data).pixels()[BOX.y : BOX.y2, BOX.x : BOX.x2].max() == 0
    assert [finding.kind for finding in result.receipt.hidden] == [Kind.PLATE]


SAYS = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"'
    b' xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="2026-01-02T03:04:05">'
    b"<dc:rights>Aina</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>"
)


@pytest.mark.parametrize("to", [None, "png"])
def test_what_has_no_place_in_a_format_is_not_called_kept(to: str | None) -> None:
    """A GIF has none for statements; its copy as PNG has."""
    from photoscan.formats import Format

    out = io.BytesIO()
    Image.new("L", (64, 64)).save(out, "GIF")
    says = b"\x21\xff\x0bXMP DataXMP" + SAYS + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    picture = Photo.open(out.getvalue()[:-1] + says + b";")
    plan = CleanPlan(metadata_only=to is None, keep=("date", "copyright"), to=Format(to) if to else None)
    empty = Report(PhotoInfo("photo"), "0")
    result = cleaning.clean(picture, empty, lambda data: empty, plan)
    kept = [row.key for row in result.receipt.kept]
    assert kept == (["clean.kept.copyright", "clean.kept.date"] if to else [])
    assert (b"Aina" in result.data) is bool(to)


# ---------------------------------------------------------------- what can't be chosen together


@pytest.mark.parametrize("choice", [["--box", "1,1,9,9"], ["--redact", "face"]])
def test_nothing_is_hidden_in_a_picture_that_stays_as_it_is(choice: list[str], photo: Path, tmp_path: Path) -> None:
    assert call(photo, "-o", tmp_path / "out", "--metadata-only", *choice).exit_code != 0
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("choice", [{"boxes": (BOX,)}, {"keep_faces": ("Aina",)}])
def test_a_plan_does_not_hide_in_a_picture_that_stays_as_it_is(choice: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        CleanPlan(metadata_only=True, **choice)


def test_what_a_policy_hides_may_stand_beside_metadata_only(photo: Path, tmp_path: Path) -> None:
    policy = tmp_path / "p.toml"
    policy.write_text('name = "p"\nversion = "1"\n[redaction]\nkinds = ["face"]\n')
    assert call(photo, "-o", tmp_path / "out", "--metadata-only", "--policy", policy).exit_code == 0


@pytest.mark.parametrize("box", [Box(5000, 5000, 50, 50), Box(-50, -50, 30, 30), Box(0, -9, 400, 9)])
def test_a_region_outside_of_the_picture_is_not_called_hidden(box: Box) -> None:
    picture, nothing = Photo.open(coded("PNG")), Report(PhotoInfo("photo"), "0")
    for begin in (
        lambda plan: cleaning.clean(picture, nothing, seen(), plan),
        lambda plan: cleaning.foresee(picture, nothing, plan),
    ):
        with pytest.raises(CleaningError, match="outside"):
            begin(CleanPlan(boxes=(box,)))


def test_of_a_patch_outside_of_the_picture_nothing_is_proved() -> None:
    with pytest.raises(CleaningError):
        verify.painted_over(Photo.open(coded("PNG")), [Patch(Box(5000, 5000, 50, 50))])


# ---------------------------------------------------------------- what is called kept


def _says(**fields: str) -> bytes:
    """A PNG whose XMP says these fields."""
    given = "".join(f'{name.replace("_", ":")}="{value}" ' for name, value in fields.items())
    spaces = 'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description {spaces} {given}/></rdf:RDF></x:xmpmeta>'
    out, info = io.BytesIO(), PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp)
    Image.new("L", (64, 64)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"exif_DateTimeOriginal": "sometime in 2024"}, set()),
        (
            {"exif_DateTimeOriginal": "2024-01-02T03:04:05", "xmp_CreateDate": "2025-01-02T03:04:05"},
            {"exif:DateTimeOriginal"},
        ),
        (
            {"exif_DateTimeOriginal": "2024-01-02T03:04:05", "xmp_CreateDate": "2024-01-02T03:04:05Z"},
            {"exif:DateTimeOriginal", "xmp:CreateDate"},
        ),
    ],
)
def test_only_what_the_copy_says_is_called_kept(fields: dict[str, str], kept: set[str]) -> None:
    picture = Photo.open(_says(**fields))
    entries = [e for e in metadata.read(picture.data, picture.format, "p").entries if "Date" in e.field]
    assert len(entries) == len(fields)
    found = tuple(
        Finding(Kind.METADATA_DATETIME, 0.9, Field(e.container, e.field), "test", "test", e.text) for e in entries
    )
    plan = CleanPlan(metadata_only=True, keep=("date",))
    result = cleaning.clean(picture, Report(PhotoInfo("photo"), "0", findings=found), None, plan)
    rows = {row.finding.location.field: row.action for row in result.receipt.found}  # type: ignore[union-attr]
    assert {field for field, action in rows.items() if action == "keep"} == kept
    assert set(rows.values()) <= {"keep", "remove"}


def test_what_the_plan_keeps_is_not_held_against_a_copy() -> None:
    fields = {
        "exif_DateTimeOriginal": "2024-01-02T03:04:05",
        "exif_GPSLatitude": "3,8.5N",
        "exif_GPSLongitude": "101,41.2E",
    }
    picture = Photo.open(_says(**fields))
    plan = CleanPlan(metadata_only=True, keep=("date",), coarsen_gps="city")
    copy = Photo.open(cleaning.clean(picture, None, None, plan).data)
    assert cleaning.left_over(copy, plan) == []
    # What is kept is the rounded position, and only on request.
    assert cleaning.left_over(picture, plan)
    assert cleaning.left_over(copy, CleanPlan(metadata_only=True))
