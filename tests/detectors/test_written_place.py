"""Positions in the picture: told as severe as those of the file, masked to the town, and never a telephone number."""

from __future__ import annotations

import pytest

from photoscan import Scanner, ScanOptions, scan_text
from photoscan.detectors.written_place import WrittenPlaceDetector
from photoscan.finding import Finding, Region
from photoscan.geometry import Box, corners
from photoscan.kind import Kind, Severity
from photoscan.masking import mask
from photoscan.risk.lead import lead
from photoscan.textline import TextLine

STAMPS = {
    "camera": ["Lat 3.157764°", "Long 101.711861°", "14/03/24 08:12 AM GMT +08:00"],
    "one line": ["GPS 3.157764, 101.711861"],
    "degrees": ["3°09'28.0\"N 101°42'42.7\"E"],
    "map": ["https://www.google.com/maps/@3.157764,101.711861,17z"],
    "words": ["///limit.broom.flip"],
}


def places(lines: list[str]) -> list[Finding]:
    return [f for f in scan_text(lines) if f.kind is Kind.TEXT_PLACE and f.attributes.get("position")]


@pytest.mark.parametrize("name", STAMPS)
def test_a_position_is_as_severe_as_that_of_a_file(name: str) -> None:
    (found,) = places(STAMPS[name])
    assert found.severity is Severity.HIGH is Kind.METADATA_GPS.severity
    assert found.likely
    assert [f.value for f in scan_text(STAMPS[name]) if f.kind in (Kind.TEXT_PHONE, Kind.PLATE, Kind.TEXT_SECRET)] == []


@pytest.mark.parametrize("name", [name for name in STAMPS if name != "words"])
def test_the_nearest_town_is_told_and_the_rest_masked(name: str) -> None:
    (found,) = places(STAMPS[name])
    assert found.attributes["town"] == "Bukit Bintang"
    assert found.value_masked == "Bukit Bintang, Malaysia"
    shown = str(found.to_dict())
    assert not any(digits in shown for digits in ("3.15", "101.7"))
    assert "3.157" in str(found.to_dict(show_values=True))


def test_three_words_are_masked() -> None:
    assert "broom" not in mask(Kind.TEXT_PLACE, "///limit.broom.flip")


def test_a_coarse_position_does_less_harm() -> None:
    (found,) = places(["Lat 3.15 Long 101.71"])
    assert found.severity is Severity.MEDIUM
    assert not found.likely


def test_the_region_holds_both_lines_of_a_stamp() -> None:
    lines = [
        TextLine(text, corners(Box(10, 20 + 30 * i, 200, 20)), confidence=0.99)
        for i, text in enumerate(STAMPS["camera"])
    ]
    (found,) = WrittenPlaceDetector().find_in_lines(lines)
    assert isinstance(found.location, Region)
    assert found.location.box == Box(10, 20, 200, 50)


def test_the_first_sentence_and_the_reason_speak_of_the_exact_spot() -> None:
    report = Scanner(ScanOptions()).scan_text(STAMPS["camera"])
    assert report.decision.level == "high"
    (found,) = [f for f in report.findings if f.attributes.get("position")]
    assert "Bukit Bintang" in found.explanation
    assert "exact spot" in found.explanation
    first = lead(report)
    assert first is not None
    assert "exactly where" in first.text("en")


@pytest.mark.parametrize("text", ["Call +60 12-345 6789", "Tel. 03-2345 6789", "WhatsApp 0812-3456-7890"])
def test_telephones_stay_telephones(text: str) -> None:
    found = scan_text(text)
    assert [f.kind for f in found] == [Kind.TEXT_PHONE]
