"""What `clean` tells people: what is gone and covered in their words, once for all photos, and where the copies are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from photoscan.catalog import LANGUAGES, has, rows
from photoscan.clean_phrases import clean_phrase
from photoscan.cleaning import Receipt
from photoscan.cleaning.outlook import Action, Row
from photoscan.cleaning.plan import CleanPlan
from photoscan.cli import clean
from photoscan.cli.outcome import Outcome
from photoscan.cli.stopping import STOPPED
from photoscan.finding import Field, Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind, families
from photoscan.photo import Photo
from tests.cli.conftest import Said

PLACE = Region(Box(0, 0, 9, 9))


def in_file(kind: Kind, action: Action = "remove") -> Row:
    return Row(Finding(kind, 0.9, Field("exif", "X"), "x", ""), action, clean_phrase("why.stripped"))


def seen(kind: Kind) -> Finding:
    return Finding(kind, 0.9, PLACE, "x", "")


def unsure(kind: Kind) -> Row:
    return Row(seen(kind), "keep", clean_phrase("why.possible"))


def receipt(name: str, *found: Row, hidden: tuple[Finding, ...] = (), boxes: int = 0) -> Receipt:
    """A photo of which something was found."""
    proofs = (clean_phrase("proof.no_metadata"),)
    # Something has to stand there, or the file would be asked.
    rows = found or (unsure(Kind.METADATA_FILENAME),)
    rows = rows if found else (replace(rows[0], why=clean_phrase("why.filename")),)
    return Receipt(name, "0" * 64, "1" * 64, "jpeg", rows, (), hidden, boxes, (), (), proofs, None, "1")


def told(capsys: pytest.CaptureFixture[str], *receipts: Receipt, language: str = "en", **how: bool) -> list[str]:
    """What is said of them, line by line."""
    outcome = Outcome(language, CleanPlan(), len(receipts), **how)
    for one in receipts:
        outcome.copied(cast(Photo, SimpleNamespace(name=one.source)), one)
    outcome.end()
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_one_photo(capsys: pytest.CaptureFixture[str]) -> None:
    found = [in_file(Kind.METADATA_SERIAL), in_file(Kind.METADATA_GPS), in_file(Kind.METADATA_DATETIME, "keep")]
    hidden = (seen(Kind.FACE), seen(Kind.FACE_CHILD), seen(Kind.FACE), seen(Kind.PLATE))
    assert told(capsys, receipt("a.jpg", *found, hidden=hidden)) == [
        "a.jpg: gone: where it was taken, the camera's serial number; covered: 3 faces, 1 number plate"
    ]
    assert told(capsys, receipt("a.jpg", unsure(Kind.PLATE), boxes=2)) == [
        "a.jpg: covered: 2 regions that you named",
        "  not covered, since it is only possible: 1 × Number plate; --redact-possible covers it too",
    ]
    assert told(capsys, receipt("a.jpg")) == ["a.jpg: nothing had to go"]


def test_several_photos_are_told_of_together(capsys: pytest.CaptureFixture[str]) -> None:
    place, serial = in_file(Kind.METADATA_GPS), in_file(Kind.METADATA_SERIAL)
    photos = [
        receipt("a.jpg", place, serial, hidden=(seen(Kind.TEXT_PHONE), seen(Kind.TEXT_ADDRESS), seen(Kind.FACE))),
        receipt("b.jpg", place, place, unsure(Kind.PLATE)),
        *(receipt(f"{n}.jpg", place, unsure(Kind.PLATE), hidden=(seen(Kind.TEXT_PHONE),)) for n in range(4)),
    ]
    assert told(capsys, *photos) == [
        "gone: where it was taken (6 photos); the camera's serial number (1 photo)",
        "covered: 6 pieces of text (Phone number, Address), 1 face",
        (
            "b.jpg, 0.jpg, 1.jpg, +2: not covered, since it is only possible: 5 × Number plate; "
            "--redact-possible covers it too"
        ),
    ]


def test_a_line_each_and_everything(capsys: pytest.CaptureFixture[str]) -> None:
    photos = [receipt("a\n.jpg", in_file(Kind.METADATA_GPS)), receipt("b.jpg", hidden=(seen(Kind.FACE),))]
    assert told(capsys, *photos, quiet=True) == ["a\\n.jpg: gone: where it was taken", "b.jpg: covered: 1 face"]
    everything = told(capsys, *photos, verbose=True)
    assert sum("a second reader found no metadata" in line for line in everything) == 2
    assert "covered: 1 face" in everything


def test_a_kind_from_elsewhere_is_told_by_its_title(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoscan.cli.outcome.has", lambda key: False)
    photo = receipt("a.jpg", in_file(Kind.METADATA_GPS), hidden=(seen(Kind.FACE), seen(Kind.FACE)))
    assert told(capsys, photo) == ["a.jpg: gone: GPS position; covered: 2 × Face"]


def test_every_kind_has_its_words() -> None:
    metadata = [kind for kind in Kind if kind.value.startswith("metadata.")]
    assert [kind for kind in metadata if not has(f"clean.gone.{kind.value}")] == []
    covered = {kind.value.partition(".")[0] for kind in Kind} - {"metadata"}
    assert [family for family in covered if not has(f"clean.covered.{family}")] == []
    assert families()


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_take_the_right_form(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    one = told(capsys, receipt("a", hidden=(seen(Kind.FACE),)), language=language)[0]
    two = told(capsys, receipt("a", hidden=(seen(Kind.FACE), seen(Kind.FACE))), language=language)[0]
    singular = rows(language).get("clean.covered.face.one", rows(language)["clean.covered.face"])
    assert singular.format(count=1) in one
    assert rows(language)["clean.covered.face"].format(count=2) in two


def test_where_the_copies_are(said: Said, demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_bytes((demo / "holiday.jpg").read_bytes())
    given = ("clean", "--metadata-only")
    _, _, several = said(*given, str(folder), "-o", str(tmp_path / "safe"))
    assert several.splitlines()[0].startswith("gone: where it was taken, a name, the camera's serial number")
    assert several.splitlines()[0].endswith("(2 photos)")
    assert several.splitlines()[-1] == f"2 copies are in {tmp_path / 'safe'}"
    assert several.count("the picture itself was not looked at") == 1
    _, _, one = said(*given, str(folder / "a.jpg"), "-o", str(tmp_path / "c.jpg"))
    assert one.splitlines()[-1] == f"The copy is {tmp_path / 'c.jpg'}"
    _, _, named = said(*given, str(folder / "a.jpg"), "-o", str(tmp_path / "safe3"))
    assert named.splitlines()[-1] == f"The copy is {tmp_path / 'safe3' / 'a.jpg'}"
    _, _, quiet = said(*given, str(folder), "-o", str(tmp_path / "safe2"), "-q")
    assert [line.partition(": ")[0] for line in quiet.splitlines()] == [str(folder / "a.jpg"), str(folder / "b.jpg")]
    _, _, here = said(*given, str(folder), "--in-place")
    assert here.splitlines()[-1] == "2 photos are replaced by their clean copies"
    code, _, both = said(*given, str(folder), "--in-place", "-q", "-v")
    assert code == 2
    assert "-v and -q exclude each other" in both


@pytest.mark.parametrize("how", ["--dry-run", "--check"])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_who_stops_what_writes_no_copies_learns_how_far_it_came(
    how: str, format_: str, said: Said, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes((demo / "holiday.jpg").read_bytes())
    one = clean._Run.one

    def stopped(self: clean._Run, path: str, task: object) -> None:
        if path.endswith("c.jpg"):
            raise KeyboardInterrupt
        one(self, path, task)

    monkeypatch.setattr(clean._Run, "one", stopped)
    code, out, err = said("clean", how, "--metadata-only", "--jobs", "1", "--format", format_, str(tmp_path))
    assert code == STOPPED
    assert "Stopped after 2 of 3 photos; the others were not looked at." in err
    if how == "--dry-run":
        assert ("a.jpg" in out) == (format_ == "text")
