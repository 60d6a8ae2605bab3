"""The shells, each as a function from a photo's file and a policy's file to what it says and makes: one table.

The eyes are for colours, so that no network is asked; the readers of metadata are the real ones.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

import numpy as np
import piexif
import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw

import photoscan
from photoscan import Photo, Policy, Scanner, ScanOptions
from photoscan.batch import Job, Setup
from photoscan.batch import task as batch
from photoscan.cleaning import CleanPlan
from photoscan.cli import clean as command
from photoscan.cli import scan as scan_command
from photoscan.detectors import REGISTRY
from photoscan.detectors.base import Detector, Input
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.risk import known
from photoscan.safe_copy import foresee_safe_copy
from photoscan.service import task
from photoscan.views import Views
from photoscan.workshop import view, work
from photoscan.workshop.desk import Item
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
    source: ClassVar[Input] = "pixels"

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


def colours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real readers of metadata, and eyes for colours."""
    metadata = tuple(detector for detector in REGISTRY if detector.source == "metadata")
    monkeypatch.setattr("photoscan.scanner.REGISTRY", (*metadata, Coloured()))


def ours(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy that knows the bus, ignores the caption of one camera's photos and allows schools."""
    monkeypatch.setenv("PHOTOSCAN_KEY", str(folder / "known.key"))
    bus = known.fingerprint(Kind.PLATE, "bus1234", known.make_key())
    file = folder / "ours.toml"
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


# What they make


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
    job = task.ServiceRequest("clean", file.read_bytes(), "ours", name=file.name)
    answer = task.answer({"ours": Policy.load(str(policy))}, ScanOptions(), job)
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


MAKING: dict[str, Way] = {
    "library": by_library, "library in steps": by_library_in_steps, "command line": by_command, "service": by_service,
    "workshop": by_workshop, "example": by_example,
}  # fmt: skip


# What they say


@dataclass(frozen=True)
class Said:
    """What a shell says of a photo: findings as in reports, and what follows from them."""

    findings: list[dict[str, Any]]
    level: str
    score: int
    verdict: str
    headline: dict[str, Any]
    rules: list[str]
    policy: dict[str, Any]


def said(report: Mapping[str, Any]) -> Said:
    """Of a report as JSON."""
    risk = report["risk"]
    rules = [rule["id"] for rule in risk["rules"]]
    return Said(
        report["findings"], risk["level"], risk["score"], report["verdict"], report["headline"], rules, report["policy"]
    )


def said_by_library(file: Path, policy: Path) -> Said:
    return said(photoscan.scan(file, policy=str(policy)).to_dict())


def said_by_command(file: Path, policy: Path) -> Said:
    given = [file, "--policy", policy, "--format", "json"]
    result = CliRunner().invoke(scan_command.scan, list(map(str, given)))
    assert result.exit_code == 1, result.output
    return said(json.loads(result.stdout))


def said_by_service(file: Path, policy: Path) -> Said:
    job = task.ServiceRequest("check", file.read_bytes(), "ours", name=file.name)
    answer = task.answer({"ours": Policy.load(str(policy))}, ScanOptions(), job)
    assert isinstance(answer, task.Answer), answer
    document = json.loads(answer.body)
    assert document["decision"] == answer.decision == document["report"]["verdict"]
    assert document["policy"] == document["report"]["policy"]
    return said(document["report"])


def said_by_batch(file: Path, policy: Path) -> Said:
    """What its worker processes do with one path."""
    look = batch.set_up(Setup.of(ScanOptions(), Policy.load(str(policy))).text)
    return said(json.loads(look(Job("key", str(file))).report))


def said_by_workshop(file: Path, policy: Path) -> Said:
    """The report that lies on the desk, and what the page is told event by event."""
    scanner, events = Scanner(ScanOptions(policy=str(policy))), []
    item = Item(Photo.open(file.read_bytes(), name=file.name), 0.0)
    work.look(item, scanner, events.append, Event())
    assert item.report is not None
    whole = said(item.report.to_dict())
    shown = [row for event in events if event["event"] == "detector" for row in event["findings"]]
    assert {row["id"]: row["kind"] for row in shown} == {row["id"]: row["kind"] for row in whole.findings}
    (end,) = (event for event in events if event["event"] == "report")
    assert end == {"event": "report", **view.judgement(item.report)}
    assert (end["level"], end["verdict"], [rule["id"] for rule in end["rules"]]) == (
        whole.level, whole.verdict, whole.rules
    )  # fmt: skip
    return whole


SAYING: dict[str, Callable[[Path, Path], Said]] = {
    "library": said_by_library, "command line": said_by_command, "service": said_by_service, "batch": said_by_batch,
    "workshop": said_by_workshop,
}  # fmt: skip


# What they would do


Plan = list[dict[str, Any]]
"""What becomes of each finding, as plans and receipts say it."""


def plan_by_library(file: Path, policy: Path) -> Plan:
    scanner = Scanner(ScanOptions(policy=str(policy)))
    rows = foresee_safe_copy(Photo.open(file), scanner).to_dict("en")["findings"]
    assert isinstance(rows, list)
    return rows


def plan_by_command(file: Path, policy: Path) -> Plan:
    given = [file, "--dry-run", "--policy", policy, "--format", "json"]
    result = CliRunner().invoke(command.clean, list(map(str, given)))
    assert result.exit_code == 0, result.output
    (document,) = json.loads(result.stdout)
    rows = document["findings"]
    assert isinstance(rows, list)
    return rows


def plan_by_receipt(way: str) -> Callable[[Path, Path], Plan]:
    """Shells that tell no plan do by their receipts."""

    def plan(file: Path, policy: Path) -> Plan:
        rows = MAKING[way](file, policy)[1]["found"]
        assert isinstance(rows, list)
        return rows

    return plan


PLANNING: dict[str, Callable[[Path, Path], Plan]] = {
    "library": plan_by_library,
    "command line": plan_by_command,
    **{f"receipt of the {way}": plan_by_receipt(way) for way in ("library", "command line", "service")},
}
