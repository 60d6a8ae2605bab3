"""Faces as findings: which kind, what is told of age and of people who are known, and what is not told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photoscan import Photo, Scanner, ScanOptions, cleaning, people
from photoscan.cleaning import CleanPlan
from photoscan.detectors.face import FaceDetector
from photoscan.errors import NotInstalledError, PhotoscanError
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.people import LENGTH, Encoding, People
from photoscan.report import PhotoInfo, Report
from photoscan.views import Views
from photoscan.vision import age, encoder, face_quality
from photoscan.vision.faces import Face
from photoscan.vision.pyramid import Pyramid
from tests.properties import sample

SEEN = np.random.default_rng(1).integers(0, 256, (200, 200, 3), np.uint8)


def marks(height: int) -> tuple[tuple[float, float], ...]:
    """Eyes, nose and mouth corners of a face at 5, 5 that looks at the camera."""
    places = ((0.3, 0.35), (0.75, 0.35), (0.52, 0.6), (0.35, 0.8), (0.7, 0.8))
    return tuple((5 + x * height, 5 + y * height) for x, y in places)


AINA: Encoding = (1.0,) + (0.0,) * (LENGTH - 1)
STRANGER: Encoding = (9.0,) * LENGTH


def looked_at(
    monkeypatch: pytest.MonkeyPatch,
    height: int,
    years: float,
    file: Path | None = None,
    encoding: Encoding = STRANGER,
    sure: float = 0.99,
) -> Finding:
    """The finding for one face of that height and apparent age."""
    monkeypatch.setattr(age.AgeJudge, "years", lambda self, pyramid, landmarks: years)
    monkeypatch.setattr(encoder, "encode", lambda pixels, landmarks: encoding)
    face = Face(Box(5, 5, height, height), 0.7, sure, marks(height))
    photo: Any = None
    views = Views(photo, ScanOptions(people=file))
    views.__dict__ |= {"faces": (face,), "pyramid": Pyramid(SEEN)}
    (finding,) = FaceDetector().find(views)
    return finding


AGES = [
    (60, 6.0, Kind.FACE_CHILD, "child"),
    (60, 20.6, Kind.FACE_CHILD, "child"),
    (60, 20.7, Kind.FACE, "possible minor"),
    (60, 28.1, Kind.FACE, "adult"),
    (32, 6.0, Kind.FACE_CHILD, "child"),
    (31, 6.0, Kind.FACE, "unknown"),
    (31, 60.0, Kind.FACE, "unknown"),
]


@pytest.mark.parametrize(("height", "years", "kind", "group"), AGES)
def test_age_groups(height: int, years: float, kind: Kind, group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = looked_at(monkeypatch, height, years)
    assert (finding.kind, finding.attributes["age_group"]) == (kind, group)
    assert finding.value is None


SURENESS = [
    (0.99, 6.0, "child", 0.99 * 0.98),
    (0.99, 18.0, "child", 0.99 * 0.75),
    (0.6, 18.0, "possible minor", 0.6),
    (0.92, 20.6, "possible minor", 0.92),
    (0.4, 6.0, "child", 0.4 * 0.98),
    (0.4, 20.6, "child", 0.4 * 0.52),
    (0.6, 40.0, "adult", 0.6),
]


@pytest.mark.parametrize(("sure", "years", "group", "told"), SURENESS)
def test_a_child_is_as_sure_as_its_age_and_a_likely_face_stays_likely(
    sure: float, years: float, group: str, told: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = looked_at(monkeypatch, 60, years, sure=sure)
    assert finding.attributes["age_group"] == group
    assert finding.confidence == pytest.approx(told, abs=0.01)


def test_a_face_that_is_not_seen_well_is_of_unknown_age(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_quality, "shows_age", lambda face, pyramid: False)
    finding = looked_at(monkeypatch, 60, 6.0)
    assert (finding.kind, finding.attributes["age_group"], finding.confidence) == (Kind.FACE, "unknown", 0.99)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.json"
    known = People().with_photos("Aina", (AINA,), consents=True).with_photos("Budi", ((5.0,) * LENGTH,), child=True)
    people.write(path, known)
    return path


KNOWN = {
    "known": (60, AINA, Kind.FACE_KNOWN, "Aina"),
    "a known child is a child first": (60, (5.0,) * LENGTH, Kind.FACE_CHILD, "Budi"),
    "a stranger": (60, STRANGER, Kind.FACE, None),
    "too small to be compared": (31, AINA, Kind.FACE, None),
}


@pytest.mark.parametrize("case", sorted(KNOWN))
def test_people_who_are_known(case: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    height, encoding, kind, name = KNOWN[case]
    finding = looked_at(monkeypatch, height, 40.0, file, encoding)
    assert (finding.kind, finding.value, finding.attributes.get("value_name")) == (kind, name, name)
    shown = json.dumps(finding.to_dict())
    assert "Aina" not in shown
    assert "Budi" not in shown
    assert name is None or name in json.dumps(finding.to_dict(show_values=True))


def test_a_known_adult_with_a_young_face_is_no_child(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = looked_at(monkeypatch, 60, 9.0, file, AINA)
    assert (finding.kind, finding.attributes["age_group"]) == (Kind.FACE_KNOWN, "adult")


def test_a_wrong_file_of_people_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    with pytest.raises(PhotoscanError, match="can't be read"):
        Scanner(ScanOptions(people=tmp_path / "none.json"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NotInstalledError, match=r"pip install '\.\[people\]'"):
        Scanner(ScanOptions(people=tmp_path / "none.json"))


# ---------------------------------------------------------------- what is hidden of them


def finding(kind: Kind, name: str | None, consents: bool | None) -> Finding:
    attributes = {} if name is None else {"value_name": name, "consents": consents}
    return Finding(kind, 0.9, Region(Box(10, 10, 40, 50)), "face", "drawn", name, attributes)


SHOWN = {
    "the one who may be seen": (finding(Kind.FACE_KNOWN, "Aina", True), True),
    "a child whose family agrees": (finding(Kind.FACE_CHILD, "Aina", True), True),
    "without consent": (finding(Kind.FACE_KNOWN, "Aina", False), False),
    "somebody else who consents": (finding(Kind.FACE_KNOWN, "Budi", True), False),
    "a stranger": (finding(Kind.FACE, None, None), False),
}


@pytest.mark.parametrize("case", sorted(SHOWN))
def test_only_those_who_were_named_and_consent_are_kept(case: str) -> None:
    seen, kept = SHOWN[case]
    assert CleanPlan(keep_faces=("Aina",)).hides(seen) is not kept
    assert CleanPlan(redact=("face",), keep_faces=("Aina",)).hides(seen) is not kept
    assert CleanPlan().hides(seen)


def test_a_kept_face_stays_and_the_others_go(demo: Path) -> None:
    photo = Photo.open(demo / "portraits.jpg")
    pixels = photo.pixels()
    keep, hide = Box(261, 206, 82, 115), Box(734, 297, 55, 77)

    def scan(source: object) -> Report:
        now = Photo.open(source).pixels() if isinstance(source, bytes) else pixels
        found = [finding(Kind.FACE_KNOWN, "Aina", True), finding(Kind.FACE, None, None)]
        rows = [
            Finding(f.kind, 0.9, Region(box), "face", "drawn", f.value, f.attributes)
            for f, box in zip(found, (keep, hide), strict=True)
            if now[box.y : box.y2, box.x : box.x2].mean() > 12
        ]
        return Report(PhotoInfo("photo"), "0", tuple(rows))

    result = cleaning.clean(photo, scan(photo), scan, CleanPlan(keep_faces=("Aina",)))
    assert "1 x face: you asked to keep it, and the person consents" in map(str, result.receipt.kept)
    assert "Aina" not in str(result.receipt.to_dict()["kept"])
    after = Photo.open(result.data).pixels()
    assert after[hide.y : hide.y2, hide.x : hide.x2].max() < 40
    assert after[keep.y : keep.y2, keep.x : keep.x2].std() > 30
    assert "Aina" not in json.dumps(result.receipt.to_dict())


@pytest.mark.parametrize("style", sample(["fill", "blur"], ["fill", "pixelate", "blur"]))
def test_no_face_is_found_any_more_not_even_a_possible_one(style: str, demo: Path) -> None:
    """With the real detector, at every confidence it tells; what it takes opaque paint for is no face."""
    scanner = Scanner(ScanOptions(only=("face",)))
    photo = Photo.open(demo / "portraits.jpg")
    first = scanner.scan(photo)
    assert len(first.findings) >= 3
    plan = CleanPlan(redact=("face",), style=style)  # type: ignore[arg-type]
    result = cleaning.clean(photo, first, scanner.scan, plan)
    before, after = photo.pixels().astype(int), Photo.open(result.data).pixels().astype(int)
    for left in scanner.scan(result.data).findings:
        assert left.box is not None
        assert style == "fill"
        assert np.percentile(after[left.box.y : left.box.y2, left.box.x : left.box.x2], 80) < 40
    assert np.abs(before - after)[:100].mean() < 6
