"""Cleaning folders: plans, policies, going on where a run stopped; failures that release nothing and lose nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import piexif
import pytest
from click.testing import CliRunner, Result
from PIL import ImageCms

from photoscan import Photo, Policy, catalog, cleaning, metadata
from photoscan.catalog import LANGUAGES
from photoscan.cleaning import CleanPlan, ledger
from photoscan.cli import clean as command
from photoscan.errors import CleaningError, UsageError
from photoscan.finding import Field, Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.report import PhotoInfo, Report
from photoscan.stripping import Keep, Stripped
from tests.cleaning.samples import coded, exif, texts
from tests.cleaning.test_clean import BOX, LEAKY, seen

NAMES = ("a.jpg", "deep/b.png", "deep/c.webp", "d.gif")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four photos that say CANARY, in two folders."""
    source = tmp_path / "in"
    (source / "deep").mkdir(parents=True)
    for name, sample in zip(NAMES, ("turned", "PNG texts", "WebP EXIF", "GIF comment"), strict=True):
        (source / name).write_bytes(LEAKY[sample])
    return source


def call(*arguments: object) -> Result:
    """The command in this process, so that failures can be planted in it."""
    return CliRunner().invoke(command.clean, [str(argument) for argument in arguments])


def copies(folder: Path) -> dict[str, bytes]:
    """The files below a folder but for the ledger."""
    if not folder.exists():
        return {}
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    found.pop(ledger.NAME, None)
    return found


def receipts_are_true(rows: list[dict[str, Any]], source: Path, out: Path) -> None:
    """Every receipt names a source and an output that are there, and nothing that it calls removed is in the output."""
    hashes = {hashlib.sha256(data).hexdigest(): data for data in copies(out).values()}
    for row in rows:
        given = Path(row["source"]["path"]).read_bytes()
        assert hashlib.sha256(given).hexdigest() == row["source"]["sha256"]
        data = hashes[row["output"]["sha256"]]
        photo = Photo.open(data)
        assert photo.format.value == row["output"]["format"]
        assert metadata.read(data, photo.format, "copy").entries == ()
        assert b"CANARY" not in data
        assert ("orientation" in " ".join(row["kept"])) == (photo.orientation != 1)


# ---------------------------------------------------------------- going on


def test_a_folder_is_cleaned_once(folder: Path, tmp_path: Path) -> None:
    out, receipt = tmp_path / "out", tmp_path / "receipts.json"
    first = call(folder, "-o", out, "--metadata-only", "--receipt", receipt)
    assert first.exit_code == 0, first.output
    assert set(copies(out)) == set(NAMES)
    receipts_are_true(json.loads(receipt.read_text()), folder, out)
    stamps = {path: path.stat().st_mtime_ns for path in out.rglob("*.*")}
    again = call(folder, "-o", out, "--metadata-only", "-v", "--receipt", receipt)
    assert again.exit_code == 0
    assert again.output.count("proved before") == 4
    assert "0 cleaned and proved, 4 done before, 0 refused" in again.output
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.*")} == stamps
    assert len(json.loads(receipt.read_text())) == 4


CHANGES: dict[str, Callable[[Path, Path], None]] = {
    "the source": lambda source, out: (source / "a.jpg").write_bytes(LEAKY["comment"]) and None,
    "the copy": lambda source, out: (out / "a.jpg").write_bytes(b"somebody else's") and None,
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_what_changed_is_neither_taken_for_done_nor_overwritten(change: str, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call(folder, "-o", out, "--metadata-only")
    CHANGES[change](folder, out)
    was = copies(out)
    again = call(folder, "-o", out, "--metadata-only")
    assert again.exit_code == 2
    assert "--overwrite" in again.output
    assert copies(out) == was
    assert call(folder, "-o", out, "--metadata-only", "--overwrite").exit_code == 0
    assert b"CANARY" not in (out / "a.jpg").read_bytes()
    assert Photo.open(out / "a.jpg")


def test_other_choices_are_other_copies(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call(folder, "-o", out, "--metadata-only")
    assert call(folder, "-o", out, "--metadata-only", "--keep", "nothing").exit_code == 2


def test_a_copy_that_is_gone_is_made_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call(folder, "-o", out, "--metadata-only")
    (out / "deep" / "b.png").unlink()
    again = call(folder, "-o", out, "--metadata-only")
    assert again.exit_code == 0
    assert "1 cleaned and proved, 3 done before" in again.output


def test_a_ledger_cut_in_the_middle_of_a_row_is_read(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call(folder, "-o", out, "--metadata-only")
    book = out / ledger.NAME
    book.write_bytes(book.read_bytes()[:-40])
    again = call(folder, "-o", out, "--metadata-only", "--overwrite")
    assert "1 cleaned and proved, 3 done before" in again.output
    assert "0 cleaned and proved, 4 done before" in call(folder, "-o", out, "--metadata-only").output


def test_renamed_copies_tell_nothing_and_are_found_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (folder / "a.jpg").rename(folder / "CANARY at home.jpg")
    assert call(folder, "-o", out, "--metadata-only", "--rename").exit_code == 0
    names = copies(out)
    assert len(names) == 4
    assert all(name.startswith("photo-") and "/" not in name for name in names)
    assert "CANARY" not in (out / ledger.NAME).read_text()
    again = call(folder, "-o", out, "--metadata-only", "--rename")
    assert "4 done before" in again.output
    assert copies(out) == names


def test_one_file_is_not_overwritten_either(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "safe.jpg"
    target.write_bytes(b"precious")
    assert call(folder / "a.jpg", "-o", target, "--metadata-only").exit_code == 2
    assert target.read_bytes() == b"precious"
    assert call(folder / "a.jpg", "-o", target, "--metadata-only", "--overwrite").exit_code == 0


# ---------------------------------------------------------------- planted failures


def test_one_failure_does_not_stop_the_others(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one that nobody thought of, whose words may quote the photo."""
    from photoscan.stripping import strip

    def crashing(data: bytes, format_: Any, keep: Keep) -> Stripped:
        if format_.value == "png":
            raise ZeroDivisionError("CANARY from the photo")
        return strip(data, format_, keep)

    monkeypatch.setattr(cleaning, "strip", crashing)
    out, receipt = tmp_path / "out", tmp_path / "r.json"
    result = call(folder, "-o", out, "--metadata-only", "--receipt", receipt)
    assert result.exit_code == 2
    assert "ZeroDivisionError" in result.output
    assert "CANARY" not in result.output
    assert set(copies(out)) == set(NAMES) - {"deep/b.png"}
    assert "3 cleaned and proved, 0 done before, 1 refused" in result.output
    receipts_are_true(json.loads(receipt.read_text()), folder, out)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_releases_nothing_and_loses_nothing(
    step: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second photo meets it; what had been there stays, and a second run goes on."""
    out, receipt = tmp_path / "out", tmp_path / "r.json"
    before = copies(folder)
    calls = {"n": 0}
    owner = {"fsync": os, "replace": Path}[step]
    real = getattr(owner, step)

    def full(*arguments: Any) -> Any:
        calls["n"] += 1
        if calls["n"] == 3:
            raise OSError(28, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(owner, step, full)
    result = call(folder, "-o", out, "--metadata-only", "--receipt", receipt)
    monkeypatch.undo()
    assert result.exit_code == 2
    assert copies(folder) == before
    for data in copies(out).values():
        assert b"CANARY" not in data
        assert Photo.open(data).format
    assert not [path for path in out.rglob("*") if path.suffix == ".partial"]
    receipts_are_true(json.loads(receipt.read_text()), folder, out)
    again = call(folder, "-o", out, "--metadata-only", "--overwrite")
    assert again.exit_code == 0, again.output
    assert set(copies(out)) == set(NAMES)


def test_a_ledger_that_can_not_be_written_loses_no_copy(folder: Path, tmp_path: Path) -> None:
    out, receipt = tmp_path / "out", tmp_path / "r.json"
    (out / ledger.NAME).mkdir(parents=True)
    result = call(folder, "-o", out, "--metadata-only", "--receipt", receipt)
    assert result.exit_code == 0
    assert result.output.count(f"{ledger.NAME}: can't be written") == 4
    assert set(copies(out)) == set(NAMES)
    receipts_are_true(json.loads(receipt.read_text()), folder, out)
    assert len(json.loads(receipt.read_text())) == 4


@pytest.mark.parametrize("in_place", [False, True])
def test_a_kill_between_write_and_rename_leaves_whole_files(
    in_place: bool, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, out = copies(folder), tmp_path / "out"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    where = ["--in-place"] if in_place else ["-o", out]
    result = call(folder, *where, "--metadata-only")
    monkeypatch.undo()
    assert result.exit_code != 0
    assert copies(folder) == before
    assert copies(out) == {}
    assert call(folder, *where, "--metadata-only").exit_code == 0


def test_a_redactor_that_writes_another_picture_releases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from photoscan import redaction

    real = redaction.redact

    def swapped(photo: Photo, *rest: Any) -> redaction.Redacted:
        made = real(photo, *rest)
        other = coded(photo.format.value.upper(), sample_with_a_hole(photo))
        return replace(made, data=other)

    monkeypatch.setattr(redaction, "redact", swapped)
    for format_ in ("JPEG", "PNG"):
        photo = Photo.open(coded(format_))
        with pytest.raises(CleaningError, match="changed where it should not"):
            cleaning.clean(photo, seen(BOX)(photo), seen(BOX), CleanPlan())


def sample_with_a_hole(photo: Photo) -> Any:
    """Another picture of the same size in which the box is black all the same."""
    from PIL import Image

    pixels = photo.pixels()[::-1, :, ::-1].copy()
    pixels[BOX.y - 16 : BOX.y2 + 16, BOX.x - 16 : BOX.x2 + 16] = 0
    return Image.fromarray(pixels)


def test_a_redactor_that_keeps_metadata_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a coder writes is stripped once more, so that a redacted copy carries no shadow of its source."""
    from photoscan import redaction

    real = redaction.redact

    def chatty(photo: Photo, *rest: Any) -> redaction.Redacted:
        made = real(photo, *rest)
        return replace(made, data=made.data[:2] + b"\xff\xfe\x00\x08CANARY" + made.data[2:])

    monkeypatch.setattr(redaction, "redact", chatty)
    photo = Photo.open(LEAKY["EXIF with thumbnail"])
    result = cleaning.clean(photo, seen(BOX)(photo), seen(BOX), CleanPlan())
    assert b"CANARY" not in result.data


def test_words_that_only_a_second_scan_finds_forbid_the_copy() -> None:
    photo = Photo.open(coded("PNG"))
    told = Finding(Kind.METADATA_COMMENT, 0.9, Field("png", "tEXt"), "test", "planted", "CANARY")

    def chatty(source: object) -> Report:
        return Report(PhotoInfo("photo"), "0", (told,))

    with pytest.raises(CleaningError, match="still contains metadata"):
        cleaning.clean(photo, seen(BOX)(photo), chatty, CleanPlan())


def test_what_is_always_found_is_never_released() -> None:
    """A plate that a scan sees wherever there is no paint: three rounds, then no copy."""
    photo = Photo.open(coded("PNG"))
    spots = iter(Box(20 * i, 200, 12, 12) for i in range(20))

    def stubborn(source: object) -> Report:
        return Report(PhotoInfo("photo"), "0", (Finding(Kind.PLATE, 0.9, Region(next(spots)), "test", "drawn"),))

    with pytest.raises(CleaningError, match="hidden for good"):
        cleaning.clean(photo, stubborn(photo), stubborn, CleanPlan())


@pytest.mark.parametrize("sure", [0.0, 0.5])
def test_possible_traces_are_told_or_forbid_the_copy_as_the_policy_wants(sure: float) -> None:
    photo = Photo.open(coded("PNG"))
    spots = iter(Box(20 * i, 200, 12, 12) for i in range(20))

    def doubtful(source: object) -> Report:
        return Report(PhotoInfo("photo"), "0", (Finding(Kind.PLATE, 0.2, Region(next(spots)), "test", "drawn"),))

    if sure == 0.0:
        with pytest.raises(CleaningError):
            cleaning.clean(photo, doubtful(photo), doubtful, CleanPlan(sure=sure, possible_from=0.0))
        return
    receipt = cleaning.clean(photo, doubtful(photo), doubtful, CleanPlan(sure=sure, possible_from=0.0)).receipt
    assert "clean.note.possible" in [said.key for said in receipt.notes]
    assert receipt.proofs[-1].key == "clean.proof.nothing_sure"


def test_a_weak_style_that_does_not_help_is_filled_instead() -> None:
    photo = Photo.open(coded("PNG"))
    result = cleaning.clean(photo, seen(BOX)(photo), seen(BOX), CleanPlan(style="pixelate"))
    assert Photo.open(result.data).pixels()[BOX.y : BOX.y2, BOX.x : BOX.x2].max() == 0
    assert [said.key for said in result.receipt.notes] == ["clean.note.filled_instead"]


# ---------------------------------------------------------------- plans


def findings() -> tuple[Finding, ...]:
    region = Region(BOX)
    return (
        Finding(Kind.FACE, 0.9, region, "test", "drawn"),
        Finding(Kind.PLATE, 0.9, region, "test", "drawn", "AB12CDE"),
        Finding(Kind.PLATE, 0.9, region, "test", "drawn", "XY98ZZZ", {"exempt": "known"}),
        Finding(Kind.TEXT_URL, 0.9, region, "test", "drawn", "example.org"),
        Finding(Kind.METADATA_GPS, 0.9, Field("jpeg/exif/gps", "GPSLatitude"), "test", "drawn", "3.1390, 101.6869"),
        Finding(
            Kind.METADATA_DATETIME, 0.9, Field("jpeg/exif", "DateTimeOriginal"), "test", "drawn", "2026:11:03 08:15:00"
        ),
        Finding(Kind.METADATA_FILENAME, 0.9, Field("file", "name"), "test", "drawn", "Aina.jpg"),
    )


PLANS: dict[str, tuple[CleanPlan, list[str]]] = {
    "by harm": (CleanPlan(), ["hide", "hide", "keep", "keep", "remove", "remove", "keep"]),
    "faces only": (CleanPlan(redact=("face",)), ["hide", "keep", "keep", "keep", "remove", "remove", "keep"]),
    "text as well": (
        CleanPlan(redact=("face", "plate", "text")),
        ["hide", "hide", "keep", "hide", "remove", "remove", "keep"],
    ),
    "plates allowed": (
        CleanPlan(allowed=frozenset({Kind.PLATE})),
        ["hide", "keep", "keep", "keep", "remove", "remove", "keep"],
    ),
    "position and date": (
        CleanPlan(coarsen_gps="city", keep=("icc", "date")),
        ["hide", "hide", "keep", "keep", "coarsen", "keep", "keep"],
    ),
    "renamed": (CleanPlan(rename=True), ["hide", "hide", "keep", "keep", "remove", "remove", "remove"]),
    "picture as it is": (
        CleanPlan(metadata_only=True),
        ["keep", "keep", "keep", "keep", "remove", "remove", "keep"],
    ),
}


@pytest.mark.parametrize("name", sorted(PLANS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_says_what_becomes_of_each_finding_and_why(name: str, language: str) -> None:
    plan, actions = PLANS[name]
    said = {
        "Exif": {piexif.ExifIFD.DateTimeOriginal: b"2026:11:03 08:15:00"},
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: b"N",
            piexif.GPSIFD.GPSLatitude: ((3, 1), (139, 1000), (0, 1)),
            piexif.GPSIFD.GPSLongitudeRef: b"E",
            piexif.GPSIFD.GPSLongitude: ((101, 1), (6869, 10000), (0, 1)),
        },
    }
    photo = Photo.open(coded("JPEG", comment=b"CANARY-com", exif=piexif.dump(said)))
    foreseen = cleaning.foresee(photo, Report(PhotoInfo("photo"), "0", findings()), plan)
    assert [row.action for row in foreseen.rows] == actions
    told = foreseen.text(language) + json.dumps(foreseen.to_dict(language))
    for value in ("AB12CDE", "XY98ZZZ", "101.6869", "08:15:00", "CANARY"):
        assert value not in told
    assert catalog.text("clean.part.comment", language) in foreseen.text(language)
    assert all(row["explanation"] for row in foreseen.to_dict(language)["findings"])


def test_the_plan_foretells_the_receipt() -> None:
    photo = Photo.open(coded("JPEG", exif=exif(6)))
    report = seen(BOX)(photo)
    foreseen = cleaning.foresee(photo, report, CleanPlan())
    receipt = cleaning.clean(photo, report, seen(BOX), CleanPlan()).receipt
    assert foreseen.rows == receipt.found
    assert foreseen.removed == receipt.removed
    assert foreseen.kept == receipt.kept
    assert [row.finding for row in foreseen.rows if row.action == "hide"] == list(receipt.hidden)


def test_what_is_not_there_is_not_called_kept() -> None:
    photo = Photo.open(coded("JPEG"))
    assert cleaning.clean(photo, None, None, CleanPlan(metadata_only=True)).receipt.kept == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_receipts_speak_the_user_s_language(language: str) -> None:
    photo = Photo.open(coded("JPEG", exif=exif(6)))
    receipt = cleaning.clean(photo, seen(BOX)(photo), seen(BOX), CleanPlan()).receipt
    told = receipt.text(language)
    for section in ("found", "removed", "hidden", "kept", "proofs"):
        assert catalog.text(f"clean.receipt.{section}", language) in told
    assert "AB12CDE" not in told + receipt.summary(language) + json.dumps(receipt.to_dict(language))


def test_dry_runs_speak_json(folder: Path, tmp_path: Path) -> None:
    result = call(folder, "--dry-run", "--metadata-only", "--format", "json")
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert len(rows) == 4
    assert all(row["removed"] for row in rows)
    assert set(copies(tmp_path)) == {f"in/{name}" for name in NAMES}


# ---------------------------------------------------------------- policies


@pytest.mark.parametrize("name", ["default", "platform", "workshop", "strict"])
def test_shipped_policies_make_plans(name: str) -> None:
    policy = Policy.load(name)
    plan = CleanPlan.by_policy(policy)
    assert plan.style == "fill"
    assert plan.sure == policy.minimum_confidence
    assert plan.redact == policy.redaction.kinds
    assert plan.hides(Finding(Kind.FACE_CHILD, 0.9, Region(BOX), "test", "drawn"))
    assert plan.hides(Finding(Kind.TEXT_SECRET, 0.9, Region(BOX), "test", "drawn"))


def test_the_longest_prefix_of_a_policy_decides_what_is_hidden_too() -> None:
    kinds = {"text": "allow", "text.secret": "block", "face": "allow", "face.child": "block", "plate": "allow"}
    plan = CleanPlan.by_policy(Policy.parse({"name": "p", "version": "1", "kinds": kinds}))
    hidden = {kind for kind in Kind if plan.hides(Finding(kind, 0.9, Region(BOX), "test", "drawn"))}
    assert {Kind.TEXT_SECRET, Kind.FACE_CHILD} < hidden
    assert not {Kind.FACE, Kind.PLATE, Kind.TEXT_PHONE} & hidden


def test_a_policy_that_names_no_kinds_hides_nothing() -> None:
    policy = Policy.parse({"name": "p", "version": "1", "redaction": {"kinds": []}})
    assert not CleanPlan.by_policy(policy).hides(Finding(Kind.TEXT_SECRET, 0.9, Region(BOX), "test", "drawn"))
    with pytest.raises(UsageError, match="metadata"):
        Policy.parse({"name": "p", "version": "1", "redaction": {"kinds": ["face", "metadata.gps"]}})


def test_explicit_choices_outrank_the_policy() -> None:
    policy = Policy.parse(
        {
            "name": "p",
            "version": "1",
            "kinds": {"plate": "allow"},
            "redaction": {"kinds": ["plate"], "style": "blur", "keep": ["copyright"], "coarsen_gps": "city"},
        }
    )
    plan = CleanPlan.by_policy(policy, style=None, redact=None)
    assert (plan.redact, plan.style, plan.keep, plan.coarsen_gps) == (("plate",), "blur", ("copyright",), "city")
    own = CleanPlan.by_policy(policy, style="fill", redact=("face",), keep=("icc",), coarsen_gps="country")
    assert (own.redact, own.style, own.keep, own.coarsen_gps) == (("face",), "fill", ("icc",), "country")


def test_the_command_goes_by_the_policy(folder: Path, tmp_path: Path) -> None:
    policy = tmp_path / "p.toml"
    policy.write_text('name = "p"\nversion = "1"\nlanguage = "ms"\n[redaction]\nkeep = []\n')
    out = tmp_path / "safe.jpg"
    result = call(folder / "a.jpg", "-o", out, "--metadata-only", "--policy", policy)
    assert result.exit_code == 0
    assert Photo.open(out).orientation == 1
    assert "dibuang" in result.output
    kept = call(folder / "a.jpg", "-o", tmp_path / "b.jpg", "--metadata-only", "--policy", policy, "--keep", "pages")
    assert kept.exit_code == 0
    assert Photo.open(tmp_path / "b.jpg").orientation == 6


def test_errors_speak_the_user_s_language(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "safe.jpg"
    target.write_bytes(b"precious")
    told = {lang: call(folder / "a.jpg", "-o", target, "--metadata-only", "--lang", lang).output for lang in LANGUAGES}
    assert len(set(told.values())) == len(LANGUAGES)
    assert all("--overwrite" in text for text in told.values())


def test_receipts_as_text(folder: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "r.txt"
    call(folder, "-o", tmp_path / "out", "--metadata-only", "--receipt", receipt)
    assert receipt.read_text().count("Receipt for") == 4


def test_masks_and_sizes_of_the_samples_are_as_these_tests_assume() -> None:
    assert Photo.open(coded("PNG", pnginfo=texts())).width == 320
    assert np.asarray(Photo.open(io.BytesIO(coded("JPEG"))).pixels())[BOX.y : BOX.y2, BOX.x : BOX.x2].mean() > 12


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_profile_is_not_both_kept_and_removed(format_: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = Photo.open(coded(format_, icc_profile=profile))
    for keep, there in ((("icc",), True), ((), False)):
        receipt = cleaning.clean(photo, None, None, CleanPlan(metadata_only=True, keep=keep)).receipt
        parts = [part.part for part in receipt.removed]
        assert ("clean.kept.icc" in [row.key for row in receipt.kept]) is there
        assert ("names in the colour profile" in parts) is there
        assert any(part in ("colour profile", "chunk iCCP", "chunk ICCP") for part in parts) is not there
