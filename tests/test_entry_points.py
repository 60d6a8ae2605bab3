"""One golden result through every way in, in the shape that the schema promises."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image

import photoscan
from photoscan import Report, Scanner
from tests.conftest import Run

PHOTO = "identity_card.jpg"
SCANNER = Scanner()


def gist(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what may differ: seconds, the path, and which models this process had used before."""
    rows = list(report["findings"])
    return {
        "findings": rows,
        "detectors": [(d["name"], d["status"], d["reason"]) for d in report["detectors"]],
        "risk": report["risk"],
        "verdict": report["verdict"],
        "photo": {k: v for k, v in report["photo"].items() if k != "path"},
    }


@pytest.fixture(scope="module")
def golden(demo: Path) -> dict[str, Any]:
    return gist(SCANNER.scan(demo / PHOTO).to_dict())


WAYS: dict[str, Callable[[Path], Report]] = {
    "text path": lambda path: SCANNER.scan(str(path)),
    "bytes": lambda path: SCANNER.scan(path.read_bytes()),
    "stream": lambda path: SCANNER.scan(io.BytesIO(path.read_bytes())),
    "open file": lambda path: SCANNER.scan(path.open("rb")),
    "photo": lambda path: SCANNER.scan(photoscan.Photo.open(path)),
    "function": lambda path: photoscan.scan(path),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_python(way: str, demo: Path, golden: dict[str, Any]) -> None:
    assert gist(WAYS[way](demo / PHOTO).to_dict()) == golden


def test_a_pil_image_gives_the_same_findings(demo: Path, golden: dict[str, Any]) -> None:
    with Image.open(demo / PHOTO) as image:
        report = SCANNER.scan(image)
    kinds = [(f.kind.value, f.box.as_list() if f.box else None) for f in report.findings]
    assert kinds == [(f["kind"], f["location"].get("box")) for f in golden["findings"]]


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_command_line(format_: str, run: Run, demo: Path, golden: dict[str, Any]) -> None:
    result = run("scan", demo / PHOTO, "--format", format_)
    assert result.returncode == 1
    assert gist(json.loads(result.stdout)) == golden


def test_a_process_of_its_own_by_standard_input(process: Run, demo: Path, golden: dict[str, Any]) -> None:
    result = process("scan", "-", "--format", "json", stdin=(demo / PHOTO).read_bytes())
    assert result.returncode == 1
    report = json.loads(result.stdout)
    assert report["photo"]["path"] == "<standard input>"
    assert gist(report) == golden


def test_several_processes_keep_the_order(process: Run, demo: Path) -> None:
    names = ["screenshot_qr.png", "holiday.jpg", "generated.png"]
    result = process("scan", *(demo / n for n in names), "--only", "metadata,code", "--format", "jsonl", "--jobs", "2")
    assert [Path(json.loads(row)["photo"]["path"]).name for row in result.stdout.splitlines()] == names


SCHEMA = json.loads(resources.files("photoscan").joinpath("schema/report-v1.json").read_text("utf-8"))


@pytest.mark.parametrize("name", [PHOTO, "holiday.jpg", "screenshot_qr.png", "landscape.jpg", "manifest.json"])
@pytest.mark.parametrize("show", [False, True])
def test_reports_keep_to_the_schema(name: str, show: bool, demo: Path) -> None:
    report = SCANNER.scan(demo / name).to_dict(show_values=show)
    jsonschema.validate(report, SCHEMA)
    assert all(("value" in f) is show for f in report["findings"])


def test_a_caption_counts_too(demo: Path) -> None:
    options = photoscan.ScanOptions(only=("text",), caption="hello\nWi-Fi password: mango#Kite47")
    (finding,) = Scanner(options).scan(demo / "landscape.jpg").findings
    assert finding.kind == "text.secret"
    assert finding.location.to_dict() == {"type": "text", "lines": [1]}


def test_text_report_masks_and_shows_only_when_asked(run: Run, demo: Path) -> None:
    masked = run("scan", demo / "car_malaysia.jpg").stdout
    shown = run("scan", demo / "car_malaysia.jpg", "--show-values").stdout
    assert "WKM4821" not in masked.replace(" ", "")
    assert "WKM4821, Malaysia" in shown
    assert "Hide the plate" in " ".join(masked.split())
    # A command is for copying, and stands in one line however long the photo's name is.
    assert max(len(line) for line in masked.splitlines() if "photoscan clean " not in line) <= 80
    assert "\x1b" not in masked


READ = {
    "whiteboard.jpg": "mango#Kite47",
    "letter_turned.jpg": "Formulir Pendaftaran",
    "notice_board_12mp.jpg": "ravi.menon@example.org",
}


@pytest.mark.parametrize("name", sorted(READ))
def test_read(name: str, run: Run, demo: Path) -> None:
    row = json.loads(run("read", demo / name, "--format", "jsonl").stdout)
    texts = [line["text"] for line in row["lines"]]
    assert READ[name].replace(" ", "") in " ".join(texts).replace(" ", "")
    assert all(len(line["polygon"]) == 4 and line["box"] for line in row["lines"])
