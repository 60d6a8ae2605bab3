"""What only the files of the game's photos say, what none of them says, and what four harmless ones say together."""

from __future__ import annotations

import io
from functools import cache

import piexif
import pytest
from PIL import Image

from fixtures import rounds
from fixtures.rounds import cropped
from fixtures.rounds.scene import Round
from photoscan.report import Report
from photoscan.scanner import Scanner


@cache
def drawn(name: str) -> tuple[bytes, Round]:
    return next(iter(rounds.draw((name,))))


@cache
def story(scanner: Scanner) -> dict[str, Report]:
    return {name: scanner.scan(drawn(name)[0], name=f"{name}.jpg") for name in rounds.STORY}


def without_file(data: bytes) -> bytes:
    """The picture alone: coded anew, with nothing that its file says."""
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def kinds(report: Report) -> set[str]:
    return {finding.kind.value for finding in report.findings}


def test_the_cat_sleeps_near_kuching_and_only_its_file_says_so(scanner: Scanner) -> None:
    data, _ = drawn("cat")
    report = scanner.scan(data, name="cat.jpg")
    assert kinds(report) == {"metadata.gps", "metadata.datetime"}
    place = next(f for f in report.findings if f.kind.value == "metadata.gps")
    assert (place.attributes["town"], place.attributes["country_code"]) == ("Kuching", "MY")
    assert report.risk.level == "high"
    picture = scanner.scan(without_file(data), name="cat.jpg")
    assert (picture.findings, picture.risk.level) == ((), "none")


def test_the_preview_shows_what_was_cropped_away(scanner: Scanner) -> None:
    data, _ = drawn("cropped")
    report = scanner.scan(data, name="cropped.jpg")
    assert kinds(report) == {"metadata.thumbnail"}
    (preview,) = report.findings
    assert preview.attributes["shows"] == "more than the photo"
    x, y, w, h = cropped.CROP
    place = x / cropped.WIDTH, y / cropped.HEIGHT, (x + w) / cropped.WIDTH, (y + h) / cropped.HEIGHT
    assert preview.attributes["photo_at"] == pytest.approx(place, abs=0.02)


def test_the_whole_scene_gives_away_what_the_crop_does_not(scanner: Scanner) -> None:
    data, _ = drawn("cropped")
    shown = kinds(scanner.scan(piexif.load(data)["thumbnail"], name="preview.jpg"))
    assert {"face", "plate"} <= shown, "what the preview shows can be told from the preview"
    assert kinds(scanner.scan(without_file(data), name="cropped.jpg")) == set()


def test_the_last_round_has_no_leak_to_find(scanner: Scanner) -> None:
    data, truth = drawn("nothing")
    report = scanner.scan(data, name="nothing.jpg")
    assert (report.findings, report.risk.level) == ((), "none")
    assert (truth.leaks, len(truth.decoys)) == ((), 3)


@pytest.mark.parametrize("name", rounds.STORY)
def test_a_photo_of_the_story_is_harmless_alone(name: str, scanner: Scanner) -> None:
    assert story(scanner)[name].risk.level in {"low", "medium"}


def test_the_story_tells_home_school_and_way(scanner: Scanner) -> None:
    told = {name: kinds(report) for name, report in story(scanner).items()}
    assert told == {
        "monday": {"text.house_number"},
        "wednesday": {"text.school", "face"},
        "friday": {"text.street"},
        "sunday": {"face"},
    }
    people = {leak.name for name in rounds.STORY for leak in drawn(name)[1].leaks if leak.seen == "people"}
    assert people == {"bus", "time"}
