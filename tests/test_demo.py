"""The sample photos through the whole house: all that is expected is found, and nothing where there is nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photoscan import Report, Scanner
from photoscan.finding import Finding
from photoscan.geometry import Box
from tests.properties import thorough

SCANNER = Scanner()
RARE = {
    "street.jpg", "car_indonesia.jpg", "car_brazil.jpg", "car_britain.jpg", "motorcycle_malaysia.jpg",
    "notice_board_12mp.jpg",
}  # fmt: skip
"""More streets and cars, and a large board: only a thorough run looks at them. Others are looked at by many tests."""


def samples(demo: Path) -> list[dict[str, object]]:
    rows = json.loads((demo / "manifest.json").read_text("utf-8"))
    assert isinstance(rows, list)
    assert {row["file"] for row in rows} > RARE
    return rows if thorough() else [row for row in rows if row["file"] not in RARE]


@pytest.fixture(scope="module")
def reports(demo: Path) -> dict[str, Report]:
    return {str(row["file"]): SCANNER.scan(demo / str(row["file"])) for row in samples(demo)}


def plain(value: object) -> str:
    return "".join(c for c in str(value).casefold() if not c.isspace() and c != "-")


def fits(finding: Finding, row: dict[str, object]) -> bool:
    if not finding.kind.value.startswith(str(row["kind"])):
        return False
    if row["value"] and plain(row["value"]) not in plain(finding.value):
        return False
    if row["box"] and (finding.box is None or not finding.box.intersection(Box(*row["box"]))):  # type: ignore[misc]
        return False
    return not row["country"] or row["country"] in (
        finding.attributes.get("country"),
        *finding.attributes.get("countries", ()),
    )


def test_every_expected_finding_is_found(demo: Path, reports: dict[str, Report]) -> None:
    missing = [
        (row["file"], expected["kind"])
        for row in samples(demo)
        for expected in row["expected"]  # type: ignore[attr-defined]
        if not any(fits(f, expected) for f in reports[str(row["file"])].findings)
    ]
    assert missing == []


def test_what_must_not_be_found_is_not_likely(demo: Path, reports: dict[str, Report]) -> None:
    wrong = [
        (row["file"], finding.kind.value)
        for row in samples(demo)
        for finding in reports[str(row["file"])].findings
        if finding.likely and any(finding.kind.within(kind) for kind in row["must_not"])  # type: ignore[attr-defined]
    ]
    assert wrong == []


def test_the_landscape_is_free_of_everything(reports: dict[str, Report]) -> None:
    report = reports["landscape.jpg"]
    assert report.findings == ()
    assert report.verdict == "allow"
    assert report.risk.score == 0


def test_every_detector_ran_on_every_photo(reports: dict[str, Report]) -> None:
    failed = [(name, d.name, d.reason) for name, r in reports.items() for d in r.detectors if d.status.value != "ok"]
    assert failed == []


def test_the_identity_card_blocks_and_says_why(reports: dict[str, Report]) -> None:
    report = reports["identity_card.jpg"]
    assert report.verdict == "block"
    assert {"identity_with_name", "face_with_place"} <= {rule.id for rule in report.risk.rules}
    assert report.risk.level == "critical"
