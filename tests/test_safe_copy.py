"""One way to a safe copy: every shell makes the same one, and it makes none of what does not belong together."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

import numpy as np
import piexif
import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw

import photoscan
from photoscan import Photo, Policy, Report, Scanner, ScanOptions
from photoscan.cleaning import CleanPlan
from photoscan.cli import clean as command
from photoscan.detectors import REGISTRY
from photoscan.detectors.base import Detector, Source
from photoscan.errors import CleaningError, UsageError
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.options import Limits
from photoscan.risk import known
from photoscan.safe_copy import NotSeenError, foresee_safe_copy, make_safe_copy
from photoscan.service import task
from photoscan.views import Views
from photoscan.workshop import work
from photoscan.workshop.desk import GoneError, Item
from tests.cleaning.samples import coded

NAME = "webcam-7.png"
PLACES: dict[str, tuple[Box, tuple[int, int, int], Kind, str | None]] = {
    "caption": (Box(40, 440, 120, 30), (250, 0, 0), Kind.TEXT_PHONE, "+60 12 555 0199"),
    "bus": (Box(60, 60, 100, 30), (0, 250, 0), Kind.PLATE, "BUS 1234"),
    "car": (Box(320, 80, 100, 30), (0, 0, 250), Kind.PLATE, "CAR 5678"),
    "school": (Box(320, 240, 120, 40), (250, 250, 0), Kind.TEXT_SCHOOL, "SK Bukit Contoh"),
    "child": (Box(100, 200, 60, 80), (250, 0, 250), Kind.FACE_CHILD, None),
}
"""What is in the picture: where, its colour, its kind and value. The caption is ignored in photos of that name, the bus
known, the school allowed: only the car and the child have to go."""
GONE = {"car", "child"}


class Coloured(Detector):
    """Finds what has the colour of a place."""

    name: ClassVar[str] = "coloured"
    kinds: ClassVar[tuple[Kind, ...]] = tuple({kind for _, _, kind, _ in PLACES.values()})
    source: ClassVar[Source] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        pixels = views.photo.pixels(views.page)[:, :, ::-1].astype(int)
        for box, colour, kind, value in PLACES.values():
            there = pixels[box.y : box.y2, box.x : box.x2]
            if there.size and np.abs(there - colour).mean() < 12:
                yield Finding(kind, 0.95, Region(box), self.name, "coloured", value)


def drawn(*places: str) -> bytes:
    image = Image.new("RGB", (480, 480), "white")
    for name in places or PLACES:
        box, colour, *_ = PLACES[name]
        ImageDraw.Draw(image).rectangle((box.x, box.y, box.x2 - 1, box.y2 - 1), colour)
    return coded("PNG", image, exif=piexif.dump({"0th": {piexif.ImageIFD.Artist: b"CANARY artist"}}))


def shown(data: bytes) -> set[str]:
    """The places that can still be seen."""
    pixels = Photo.open(data).pixels()[:, :, ::-1].astype(int)
    there = {name: pixels[box.y : box.y2, box.x : box.x2] for name, (box, *_) in PLACES.items()}
    return {name for name, part in there.items() if np.abs(part - PLACES[name][1]).mean() < 12}


@pytest.fixture(autouse=True)
def eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real readers of metadata, and eyes for colours."""
    metadata = tuple(detector for detector in REGISTRY if detector.source == "metadata")
    monkeypatch.setattr("photoscan.scanner.REGISTRY", (*metadata, Coloured()))


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy that knows the bus, ignores the caption of one camera's photos and allows schools."""
    monkeypatch.setenv("PHOTOSCAN_KEY", str(tmp_path / "known.key"))
    bus = known.fingerprint(Kind.PLATE, "bus1234", known.make_key())
    file = tmp_path / "ours.toml"
    file.write_text(
        f"""
name = "ours"
version = "1"
[kinds]
"text.school" = "allow"
[[allow]]
kind = "plate"
hash = "{bus}"
[[ignore]]
box = [0.0, 0.9, 1.0, 0.1]
photos = "webcam-*.png"
[redaction]
keep = ["icc"]
"""
    )
    return file


Way = Callable[[Path, Path], tuple[bytes, dict[str, Any]]]
"""From a photo's file and a policy's file to the copy and its receipt, as a shell gives them."""


def by_library(file: Path, policy: Path) -> tuple[bytes, dict[str, Any]]:
    result = photoscan.clean(file, policy=str(policy))
    return result.data, result.receipt.to_dict()


def by_library_in_steps(file: Path, policy: Path) -> tuple[bytes, dict[str, Any]]:
    scanner = Scanner(ScanOptions(policy=str(policy)))
    result = photoscan.clean(file, scanner.scan(file), scanner=scanner)
    return result.data, result.receipt.to_dict()


def by_command(file: Path, policy: Path) -> tuple[bytes, dict[str, Any]]:
    copy, receipt = file.parent / "copy.png", file.parent / "receipt.json"
    given = [file, "-o", copy, "--policy", policy, "--receipt", receipt]
    result = CliRunner().invoke(command.clean, list(map(str, given)))
    assert result.exit_code == 0, result.output
    return copy.read_bytes(), json.loads(receipt.read_text())[0]


def by_service(file: Path, policy: Path) -> tuple[bytes, dict[str, Any]]:
    job = task.Job("clean", file.read_bytes(), "ours", name=file.name)
    answer = task.answer({"ours": Policy.load(str(policy))}, Limits(), job)
    assert isinstance(answer, task.Answer), answer
    assert answer.photo is not None
    return answer.photo, json.loads(answer.body)


def by_workshop(file: Path, policy: Path) -> tuple[bytes, dict[str, Any]]:
    """What the class leaves to cover is what the policy would."""
    scanner = Scanner(ScanOptions(policy=str(policy)))
    item = Item(Photo.open(file.read_bytes(), name=file.name), 0.0)
    work.look(item, scanner, lambda event: None, Event())
    assert item.report is not None
    wanted = [f.id for f in item.report.findings if CleanPlan.by_policy(scanner.policy).hides(f)]
    copy = work.copy(item, scanner, wanted, Event())
    return copy.result.data, copy.result.receipt.to_dict()


def by_example(file: Path, policy: Path) -> tuple[bytes, dict[str, Any]]:
    """The example of the pages, by this policy."""
    spec = importlib.util.spec_from_file_location(
        "in_process", Path(__file__).parents[1] / "docs" / "examples" / "in_process.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    scanner = Scanner(ScanOptions(policy=str(policy)))
    setattr(module, "scanner", lambda: scanner)  # noqa: B010 - the module has no types to speak of
    decision, kept = module.decide(file)
    assert decision == "review"
    return kept, {}


WAYS: dict[str, Way] = {
    "library": by_library, "library in steps": by_library_in_steps, "command line": by_command, "service": by_service,
    "workshop": by_workshop, "example": by_example,
}  # fmt: skip


@pytest.mark.parametrize("way", sorted(WAYS))
def test_every_way_makes_the_same_copy(way: str, policy: Path, tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(drawn())
    data, receipt = WAYS[way](file, policy)
    assert shown(data) == set(PLACES) - GONE
    assert b"CANARY" not in data
    expected, told = by_library(file, policy)
    assert data == expected
    if not receipt:
        return
    for part in ("removed", "hidden", "boxes", "kept", "notes", "proofs"):
        assert receipt[part] == told[part]
    assert receipt["output"] == told["output"]
    assert receipt["source"]["sha256"] == told["source"]["sha256"]

    def rows(of: dict[str, Any]) -> list[tuple[Any, ...]]:
        # Why something stays is another matter where a class chose.
        return [(row["kind"], row["action"], row["location"], row["value_masked"]) for row in of["found"]]

    assert rows(receipt) == rows(told)
    if way not in ("workshop",):
        assert [row["reason"] for row in receipt["found"]] == [row["reason"] for row in told["found"]]


@pytest.mark.parametrize("way", sorted(WAYS))
def test_what_is_ignored_goes_by_the_photo_s_name_in_every_way(way: str, policy: Path, tmp_path: Path) -> None:
    file = tmp_path / "telephone-7.png"
    file.write_bytes(drawn())
    data, _ = WAYS[way](file, policy)
    assert shown(data) == {"bus", "school"}


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
        with pytest.raises(CleaningError, match="needs a scan"):
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
    failure = task.answer({"ours": Policy.load(str(policy))}, Limits(), task.Job("clean", photo.data, "ours"))
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
