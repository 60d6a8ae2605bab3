"""The photos of the game and of the story: a scan finds in each exactly what its truth says, and they are what is drawn
today."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import piexif
import pytest
from PIL import Image

from fixtures import rounds, workshop
from fixtures.rounds import cropped
from fixtures.rounds.photo import LARGEST, coded
from photoscan.finding import Finding
from photoscan.geometry import Box
from photoscan.report import Report
from photoscan.scanner import Scanner
from tests import properties

NAMES = (*rounds.ROUNDS, *rounds.STORY)
KEPT: dict[str, dict[str, Any]] = {
    row["name"]: row
    for rows in json.loads((workshop.ROUNDS / "truth.json").read_text("utf-8")).values()
    for row in rows
}
DRAWN_ANEW = properties.sample(("uniform", "boarding", "friday"), NAMES)
"""A scene takes seconds to draw."""


def file(name: str) -> bytes:
    return (workshop.ROUNDS / f"{name}.jpg").read_bytes()


@pytest.fixture(scope="module")
def reports(scanner: Scanner) -> dict[str, Report]:
    """Each photo is scanned once for all that is asked of it."""
    return {name: scanner.scan(file(name), name=f"{name}.jpg") for name in NAMES}


def without_file(data: bytes) -> bytes:
    """The same coded picture, with nothing that its file says."""
    out = io.BytesIO()
    piexif.remove(data, out)
    return out.getvalue()


def kinds(report: Report) -> set[str]:
    return {finding.kind.value for finding in report.findings}


def pixels(data: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float32)


def test_the_folder_holds_these_photos_and_no_other_file() -> None:
    assert {path.name for path in workshop.ROUNDS.iterdir()} == {"truth.json", *(f"{name}.jpg" for name in NAMES)}
    assert tuple(KEPT) == NAMES


@pytest.mark.parametrize("name", DRAWN_ANEW)
def test_a_photo_and_its_truth_are_what_is_drawn_today(name: str) -> None:
    ((data, drawn),) = rounds.draw((name,))
    assert KEPT[name] == json.loads(json.dumps(drawn.to_dict()))
    # Coded by another version of a library, a picture differs a little.
    assert np.abs(pixels(file(name)) - pixels(data)).mean() < 2


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_well_formed(name: str) -> None:
    row = KEPT[name]
    assert len(file(name)) <= LARGEST
    with Image.open(io.BytesIO(file(name))) as image:
        assert image.size == (row["width"], row["height"])
    assert max(image.size) == 1280
    parts = [part["name"] for part in (*row["leaks"], *row["decoys"])]
    assert len(parts) == len(set(parts))
    for part in (*row["leaks"], *row["decoys"]):
        if part["box"] is not None:
            x, y, w, h = part["box"]
            assert x >= 0
            assert y >= 0
            assert w > 0
            assert h > 0
            assert x + w <= row["width"]
            assert y + h <= row["height"]
    assert all((leak["kind"] is None) == (leak["seen"] == "people") for leak in row["leaks"])


def shows(finding: Finding, leak: dict[str, Any]) -> bool:
    """Whether a finding is that leak: of its kind, and most of one's box within the other's."""
    # What a code holds lies in its code: a boarding pass's names its passenger.
    coded = "in_code" in finding.attributes and str(leak["kind"]).startswith("code.")
    if leak["kind"] is None or not (coded or finding.kind.within(leak["kind"])):
        return False
    if leak["box"] is None or finding.box is None:
        return leak["box"] is None and finding.box is None
    box = Box(*leak["box"])
    return finding.box.intersection(box) >= 0.6 * min(box.area, finding.box.area)


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_finds_every_leak_and_nothing_else(name: str, reports: dict[str, Report]) -> None:
    findings = reports[name].findings
    leaks = [leak for leak in KEPT[name]["leaks"] if leak["seen"] == "program"]
    missed = [leak["name"] for leak in leaks if not any(shows(f, leak) and f.likely for f in findings)]
    others = [(f.kind.value, f.confidence, f.box) for f in findings if not any(shows(f, leak) for leak in leaks)]
    assert (missed, others) == ([], [])


def test_the_cat_sleeps_near_kuching_and_only_its_file_says_so(reports: dict[str, Report], scanner: Scanner) -> None:
    report = reports["cat"]
    assert kinds(report) == {"metadata.gps", "metadata.datetime"}
    place = next(f for f in report.findings if f.kind.value == "metadata.gps")
    assert (place.attributes["town"], place.attributes["country_code"]) == ("Kuching", "MY")
    assert report.risk.level == "high"
    picture = scanner.scan(without_file(file("cat")), name="cat.jpg")
    assert (picture.findings, picture.risk.level) == ((), "none")


def test_the_preview_shows_what_was_cropped_away(reports: dict[str, Report]) -> None:
    (preview,) = reports["cropped"].findings
    assert (preview.kind.value, preview.attributes["shows"]) == ("metadata.thumbnail", "more than the photo")
    x, y, w, h = cropped.CROP
    place = x / cropped.WIDTH, y / cropped.HEIGHT, (x + w) / cropped.WIDTH, (y + h) / cropped.HEIGHT
    assert preview.attributes["photo_at"] == pytest.approx(place, abs=0.02)


def test_the_whole_scene_gives_away_what_the_crop_does_not(scanner: Scanner) -> None:
    data = file("cropped")
    shown = kinds(scanner.scan(piexif.load(data)["thumbnail"], name="preview.jpg"))
    assert {"face", "plate"} <= shown, "what the preview shows can be told from the preview"
    assert kinds(scanner.scan(without_file(data), name="cropped.jpg")) == set()


def test_the_last_round_has_no_leak_to_find(reports: dict[str, Report]) -> None:
    assert (reports["nothing"].findings, reports["nothing"].risk.level) == ((), "none")
    assert (KEPT["nothing"]["leaks"], len(KEPT["nothing"]["decoys"])) == ([], 3)


def test_the_story_tells_home_school_and_way_by_photos_that_are_harmless_alone(reports: dict[str, Report]) -> None:
    assert {name: kinds(reports[name]) for name in rounds.STORY} == {
        "monday": {"text.house_number"},
        "wednesday": {"text.school", "face"},
        "friday": {"text.street"},
        "sunday": {"face"},
    }
    assert {reports[name].risk.level for name in rounds.STORY} <= {"low", "medium"}
    people = {leak["name"] for name in rounds.STORY for leak in KEPT[name]["leaks"] if leak["seen"] == "people"}
    assert people == {"bus", "time"}


def test_a_photo_with_too_much_detail_is_refused() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (853, 1280, 3), np.uint8)
    with pytest.raises(ValueError, match="detail"):
        coded(noise)
