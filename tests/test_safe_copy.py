"""One way to a safe copy, and it makes none of what does not belong together. That of each shell: test_shells.py."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PIL import Image

import photoscan
from photoscan import Photo, Policy, Report, Scanner, ScanOptions, safe_copy
from photoscan.cleaning import CleanPlan
from photoscan.detectors import REGISTRY
from photoscan.errors import CleaningError, UsageError
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.safe_copy import NotSeenError, foresee_safe_copy, make_safe_copy
from photoscan.service import task
from photoscan.views import Views
from photoscan.workshop import work
from photoscan.workshop.desk import GoneError, Item
from tests.shells import GONE, NAME, PLACES, Coloured, by_service, colours_only, drawn, ours, shown


@pytest.fixture(autouse=True)
def eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    colours_only(monkeypatch)


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return ours(tmp_path, monkeypatch)


def test_the_upload_s_name_is_not_told(policy: Path, tmp_path: Path) -> None:
    file = tmp_path / "webcam-of Aina Yusof.png"
    file.write_bytes(drawn())
    data, receipt = by_service(file, policy)
    assert "caption" in shown(data)
    assert "Aina" not in json.dumps(receipt)


# ---------------------------------------------------------------- what the copy's report says


def scanner_of(policy: Path) -> Scanner:
    return Scanner(ScanOptions(policy=str(policy)))


def test_the_result_says_what_is_left_in_the_copy(policy: Path) -> None:
    photo = Photo.open(drawn(), name=NAME)
    result = make_safe_copy(photo, scanner_of(policy))
    assert result.report is not None
    assert {(f.kind, f.attributes.get("exempt")) for f in result.report.findings} == {
        (Kind.TEXT_PHONE, "ignored"),
        (Kind.PLATE, "known"),
        (Kind.TEXT_SCHOOL, None),
    }
    assert result.report.photo.sha256 == result.receipt.output_sha256


def test_nobody_looks_at_a_copy_whose_picture_stays(policy: Path) -> None:
    photo, plan = Photo.open(drawn(), name=NAME), CleanPlan(metadata_only=True)
    for scanner in (None, scanner_of(policy)):
        result = make_safe_copy(photo, scanner, plan)
        assert result.report is None
        assert result.receipt.found == ()
        assert shown(result.data) == set(PLACES)


def test_what_was_not_chosen_is_left_and_told(policy: Path) -> None:
    photo, scanner = Photo.open(drawn(), name=NAME), scanner_of(policy)
    report = scanner.scan(photo)
    # What the policy knows can be chosen all the same.
    bus = next(f.id for f in report.findings if f.box == PLACES["bus"][0])
    result = make_safe_copy(photo, scanner, report=report, chosen=[bus])
    assert shown(result.data) == set(PLACES) - {"bus"}
    assert result.report is not None
    counted = {f.kind for f in result.report.findings if "exempt" not in f.attributes}
    assert counted == {Kind.PLATE, Kind.TEXT_SCHOOL, Kind.FACE_CHILD}
    assert result.report.risk.score > 0
    assert result.report.verdict != "allow"


def test_of_an_empty_choice_the_picture_stays_and_its_copy_is_looked_at(policy: Path) -> None:
    photo, scanner = Photo.open(drawn(), name="Aina Yusof 2024-05-01.png"), scanner_of(policy)
    result = make_safe_copy(photo, scanner, chosen=[])
    assert shown(result.data) == set(PLACES)
    assert result.report is not None
    kinds = [f.kind.value for f in result.report.findings]
    assert len(kinds) == len(PLACES)
    # Neither what the file said nor its name is with the copy.
    assert not [kind for kind in kinds if kind.startswith("metadata")]


# ---------------------------------------------------------------- a picture that is the same is looked at once


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes of what was looked at, one for each look at a picture."""
    made: list[str] = []
    real = Coloured.find

    def find(self: Coloured, views: Views) -> Iterable[Finding]:
        made.append(views.photo.sha256)
        return real(self, views)

    monkeypatch.setattr(Coloured, "find", find)
    return made


def untimed(report: Report | None) -> dict[str, Any]:
    assert report is not None
    return replace(report, detectors=tuple(replace(o, seconds=0.0) for o in report.detectors)).to_dict(True)


def test_of_a_copy_with_the_same_picture_the_file_alone_is_looked_at(
    looks: list[str], policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, scanner = Photo.open(drawn("caption", "bus", "school"), name=NAME), scanner_of(policy)
    once = make_safe_copy(photo, scanner)
    assert looks == [photo.sha256]
    given = make_safe_copy(photo, scanner, report=scanner.scan(photo), same_scanner=True)
    assert looks == [photo.sha256] * 2
    monkeypatch.setattr(safe_copy, "_shows_the_same", lambda *_: False)
    twice = make_safe_copy(photo, scanner)
    assert len(set(looks)) == 2
    assert once.data == twice.data == given.data
    assert once.receipt == twice.receipt == given.receipt
    assert untimed(once.report) == untimed(twice.report) == untimed(given.report)
    # It says so of the file's words too: the first look found the artist, the one at the copy does not.
    assert b"CANARY" in photo.data
    assert not [f for f in once.report.findings if f.kind.value.startswith("metadata.p")] if once.report else False


def test_a_report_from_elsewhere_never_stands_for_a_look_at_the_copy(looks: list[str], policy: Path) -> None:
    photo, scanner = Photo.open(drawn("school"), name=NAME), scanner_of(policy)
    report = scanner.scan(photo)
    make_safe_copy(photo, scanner, report=report)
    assert len(set(looks)) == 2


def painted(image: Image.Image, format_: str = "PNG", **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **how)
    return file.getvalue()


def pictures() -> dict[str, tuple[bytes, bytes]]:
    """Pairs of files that do not show the same to detectors, however little they differ."""
    plain = Image.new("RGB", (480, 480), "white")
    dot, clear, faint, hidden = plain.copy(), plain.convert("RGBA"), plain.convert("RGBA"), plain.convert("RGBA")
    dot.putpixel((479, 479), (255, 255, 254))
    clear.putpixel((3, 3), (255, 255, 255, 0))
    faint.putpixel((3, 3), (255, 255, 255, 1))
    hidden.putpixel((3, 3), (0, 0, 0, 0))
    wide = Image.new("RGB", (480, 240), "white")
    turned = Image.Exif()
    turned[0x0112] = 6
    frames = {"save_all": True, "append_images": [dot]}
    return {
        "one pixel": (painted(plain), painted(dot)),
        "alpha": (painted(clear), painted(faint)),
        "no alpha": (painted(clear), painted(plain)),
        "colours that nobody sees": (painted(clear), painted(hidden)),
        "size": (painted(plain), painted(wide)),
        "way up": (painted(wide, "JPEG"), painted(wide, "JPEG", exif=turned)),
        "format": (painted(plain), painted(plain, "BMP")),
        "frames": (painted(plain, "GIF"), painted(plain, "GIF", **frames)),
        "cut off": (painted(plain), painted(plain)[:-30]),
    }


@pytest.mark.parametrize("case", sorted(pictures()))
def test_what_is_not_the_same_to_the_last_bit_is_looked_at_again(case: str, looks: list[str], policy: Path) -> None:
    before, after = pictures()[case]
    photo, scanner = Photo.open(before, name=NAME), scanner_of(policy)
    report = scanner.scan(photo)
    looks.clear()
    seen = safe_copy._seen_again(photo, report, after, scanner, None)
    assert looks
    looks.clear()
    assert untimed(seen) == untimed(scanner.scan(after, name=NAME))
    looks.clear()
    safe_copy._seen_again(photo, report, before, scanner, None)
    assert looks == []


def test_what_the_copy_shows_beyond_the_photo_is_found(policy: Path) -> None:
    photo, scanner = Photo.open(drawn("school"), name=NAME), scanner_of(policy)
    seen = safe_copy._seen_again(photo, scanner.scan(photo), drawn("school", "car"), scanner, None)
    assert "CAR 5678" in {f.value for f in seen.findings}


class Foreign:
    name = "foreign"
    kinds = (Kind.TEXT_SECRET,)
    source = "pixels"

    def __init__(self) -> None:
        self.asked = 0

    def find(self, views: Views) -> Iterable[Finding]:
        self.asked += 1
        return ()


def test_a_detector_from_outside_looks_again(looks: list[str], policy: Path) -> None:
    foreign: Any = Foreign()
    scanner = Scanner(ScanOptions(policy=str(policy)), detectors=[foreign])
    make_safe_copy(Photo.open(drawn("school"), name=NAME), scanner)
    assert (len(looks), foreign.asked) == (1, 2)


# ---------------------------------------------------------------- what does not go together


def _of(photo: Photo, scanner: Scanner, **changed: Any) -> Report:
    return replace(scanner.scan(photo), **changed)


@pytest.mark.parametrize("plan", [None, CleanPlan(metadata_only=True)])
def test_a_report_of_another_photo_is_refused(plan: CleanPlan | None, policy: Path) -> None:
    scanner = scanner_of(policy)
    other = scanner.scan(Photo.open(drawn("bus"), name=NAME))
    with pytest.raises(CleaningError, match="another photo"):
        make_safe_copy(Photo.open(drawn(), name=NAME), scanner, plan, other)
    with pytest.raises(CleaningError, match="another photo"):
        foresee_safe_copy(Photo.open(drawn(), name=NAME), scanner, plan, other)


def test_a_report_by_another_policy_is_refused(policy: Path) -> None:
    photo = Photo.open(drawn(), name=NAME)
    report = _of(photo, scanner_of(policy), policy={"name": "ours", "version": "0"})
    with pytest.raises(UsageError, match=r"ours 0.*ours 1"):
        make_safe_copy(photo, scanner_of(policy), report=report)


def test_a_report_of_the_same_bytes_under_another_name_is_judged_by_the_photo_s(policy: Path) -> None:
    scanner = scanner_of(policy)
    for name, stays in ((NAME, True), ("telephone.png", False)):
        report = scanner.scan(drawn(), name="telephone.png" if stays else NAME)
        result = make_safe_copy(Photo.open(drawn(), name=name), scanner, report=report)
        assert ("caption" in shown(result.data)) is stays


def test_a_report_that_left_out_what_is_to_go_does_no_harm(policy: Path) -> None:
    photo = Photo.open(drawn(), name=NAME)
    blind = Scanner(ScanOptions(policy=str(policy), only=("metadata",))).scan(photo)
    assert shown(make_safe_copy(photo, scanner_of(policy), report=blind).data) == set(PLACES) - GONE


def test_a_scanner_that_does_not_look_for_what_is_to_go_proves_nothing(policy: Path) -> None:
    photo = Photo.open(drawn(), name=NAME)
    for choice in ({"only": ("metadata",)}, {"skip": ("face.child",)}):
        scanner = Scanner(ScanOptions(policy=str(policy), **choice))  # type: ignore[arg-type]
        with pytest.raises(UsageError, match=r"face\.child"):
            make_safe_copy(photo, scanner)
    plates = Scanner(ScanOptions(policy=str(policy), only=("plate",)))
    result = make_safe_copy(photo, plates, CleanPlan(redact=("plate",)))
    assert "car" not in shown(result.data)


def test_without_a_scanner_nothing_can_be_hidden(policy: Path) -> None:
    photo = Photo.open(drawn(), name=NAME)
    report = scanner_of(policy).scan(photo)
    for given in ({}, {"plan": CleanPlan()}, {"plan": CleanPlan(metadata_only=True), "chosen": []}):
        with pytest.raises(CleaningError, match="has to be scanned first"):
            make_safe_copy(photo, None, report=report, **given)  # type: ignore[arg-type]


def test_an_unknown_choice_is_refused(policy: Path) -> None:
    with pytest.raises(UsageError, match="plate-0"):
        make_safe_copy(Photo.open(drawn(), name=NAME), scanner_of(policy), chosen=["plate-0"])


def test_a_photo_that_can_not_be_seen_has_no_copy(policy: Path) -> None:
    whole = drawn()
    photo = Photo.open(whole[: len(whole) // 2], name=NAME)
    with pytest.raises(NotSeenError) as raised:
        make_safe_copy(photo, scanner_of(policy))
    assert raised.value.report.error is not None
    with pytest.raises(NotSeenError):
        foresee_safe_copy(photo, scanner_of(policy))
    failure = task.answer(
        {"ours": Policy.load(str(policy))}, ScanOptions(), task.ServiceRequest("clean", photo.data, "ours")
    )
    assert isinstance(failure, task.Failure)
    assert failure.code == "corrupt"
    assert failure.document is not None


def test_a_scanner_brings_its_policy(policy: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        photoscan.clean(drawn(), policy="strict", scanner=scanner_of(policy))


@pytest.mark.parametrize("look", [1, 2])
def test_work_that_nobody_waits_for_ends_within_a_look(look: int, policy: Path) -> None:
    ended: list[str] = []
    per_look = sum(detector.source == "metadata" for detector in REGISTRY) + 1

    def count(outcome: Any, findings: Any) -> None:
        ended.append(outcome.name)
        if len(ended) > per_look * (look - 1) + 1:
            raise GoneError

    with pytest.raises(GoneError):
        make_safe_copy(Photo.open(drawn(), name=NAME), scanner_of(policy), progress=count)
    assert len(ended) == per_look * (look - 1) + 2


def test_the_workshop_stops_when_it_closes(policy: Path) -> None:
    scanner, gone = scanner_of(policy), Event()
    item = Item(Photo.open(drawn(), name=NAME), 0.0)
    work.look(item, scanner, lambda event: None, gone)
    gone.set()
    with pytest.raises(GoneError):
        work.copy(item, scanner, [], gone)


def test_foreseen_is_what_is_done(policy: Path) -> None:
    photo, scanner = Photo.open(drawn(), name=NAME), scanner_of(policy)
    foreseen = foresee_safe_copy(photo, scanner)
    receipt = make_safe_copy(photo, scanner).receipt
    assert foreseen.rows == receipt.found
    assert foreseen.kept == receipt.kept
    assert foresee_safe_copy(photo, None, CleanPlan(metadata_only=True)).rows == ()
