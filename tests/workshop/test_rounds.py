"""The photos of the game are what is drawn today, and a scan finds in them exactly what their truth says."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fixtures import rounds, workshop
from fixtures.rounds.photo import LARGEST, coded
from fixtures.rounds.scene import Round
from photoscan.finding import Finding
from photoscan.geometry import Box
from photoscan.scanner import Scanner

NAMES = tuple(name for name in (*rounds.ROUNDS, *rounds.STORY) if rounds.drawn_here(name))
KEPT: dict[str, dict[str, Any]] = {
    row["name"]: row
    for rows in json.loads((workshop.ROUNDS / "truth.json").read_text("utf-8")).values()
    for row in rows
}


@pytest.fixture(scope="module")
def redrawn() -> dict[str, tuple[bytes, Round]]:
    return {drawn.name: (data, drawn) for data, drawn in rounds.draw()}


def pixels(data: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float32)


def file(name: str) -> bytes:
    return (workshop.ROUNDS / f"{name}.jpg").read_bytes()


def test_the_folder_holds_these_photos_and_no_other_file() -> None:
    assert {path.name for path in workshop.ROUNDS.iterdir()} == {"truth.json", *(f"{name}.jpg" for name in NAMES)}
    assert tuple(KEPT) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_photo_and_its_truth_are_what_is_drawn_today(name: str, redrawn: dict[str, tuple[bytes, Round]]) -> None:
    data, drawn = redrawn[name]
    assert len(file(name)) <= LARGEST
    assert KEPT[name] == json.loads(json.dumps(drawn.to_dict()))
    # Coded by another version of a library, a picture differs a little.
    assert np.abs(pixels(file(name)) - pixels(data)).mean() < 2


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_well_formed(name: str) -> None:
    row = KEPT[name]
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
    if leak["kind"] is None or not finding.kind.within(leak["kind"]):
        return False
    if leak["box"] is None or finding.box is None:
        return leak["box"] is None and finding.box is None
    box = Box(*leak["box"])
    return finding.box.intersection(box) >= 0.6 * min(box.area, finding.box.area)


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_finds_every_leak_and_nothing_else(name: str, scanner: Scanner) -> None:
    findings = scanner.scan(file(name), name=f"{name}.jpg").findings
    leaks = [leak for leak in KEPT[name]["leaks"] if leak["seen"] == "program"]
    missed = [leak["name"] for leak in leaks if not any(shows(f, leak) and f.likely for f in findings)]
    others = [(f.kind.value, f.confidence, f.box) for f in findings if not any(shows(f, leak) for leak in leaks)]
    assert (missed, others) == ([], [])


def test_a_photo_with_too_much_detail_is_refused() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (853, 1280, 3), np.uint8)
    with pytest.raises(ValueError, match="detail"):
        coded(noise)
