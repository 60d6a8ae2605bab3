"""The benchmarks that work on reports: what counts as true, and what policies make of a set. By reports made here."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from benchmarks.accuracy import calibration, decisions, reports
from photoscan.finding import Finding, Region, with_ids
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.report import PhotoInfo, Report
from photoscan.risk import assess
from photoscan.risk.policy import SHIPPED
from tests.risk.reports import ALL_DONE, DEFAULT

HERE, THERE = Box(10, 10, 40, 40), Box(300, 300, 40, 40)


def seen(kind: str, box: Box = HERE, confidence: float = 0.95) -> Finding:
    return Finding(Kind(kind), confidence, Region(box), "test", "drawn")


def report(path: str, *found: Finding) -> Report:
    return assess(Report(PhotoInfo(path, "0" * 64), "0", with_ids(found), ALL_DONE), DEFAULT)


def kept(path: Path, *rows: Report) -> Path:
    path.write_text("".join(json.dumps(row.to_dict()) + "\n" for row in rows) + "\n", "utf-8")
    return path


FACES = {"faces": [{"box": HERE.as_list()}, {"box": THERE.as_list(), "ignore": True}]}
PLATES = {"plates": [{"box": HERE.as_list()}]}
QUAD = [[10, 10], [50, 10], [50, 50], [10, 50]]
TEXT = {"lines": [{"quad": QUAD}], "entities": [{"type": "PHONE", "lines": [0]}]}
OTHER = {"lines": [{"quad": QUAD}], "entities": [{"type": "NEW", "lines": [0]}]}
TRUE = [
    (calibration.in_faces, seen("face"), FACES, True),
    (calibration.in_faces, seen("face.child"), FACES, True),
    (calibration.in_faces, seen("face", Box(100, 10, 40, 40)), FACES, False),
    (calibration.in_faces, seen("face", THERE), FACES, None),
    (calibration.in_faces, seen("plate"), FACES, None),
    (calibration.in_plates, seen("plate"), PLATES, True),
    (calibration.in_plates, seen("plate", THERE), PLATES, False),
    (calibration.in_plates, seen("face"), PLATES, None),
    (calibration.in_text, seen("text.phone"), TEXT, True),
    (calibration.in_text, seen("text.address"), TEXT, False),
    (calibration.in_text, seen("text.phone", THERE), TEXT, False),
    (calibration.in_text, seen("text.address"), OTHER, True),
    (calibration.in_text, seen("text.phone"), {**TEXT, "condition": "real"}, None),
    (calibration.in_ordinary, seen("plate"), {"harmless": True}, False),
    (calibration.in_ordinary, seen("text.url"), {"harmless": True}, None),
    (calibration.in_ordinary, seen("face"), {"harmless": False, "faces_only": True}, True),
    (calibration.in_ordinary, seen("plate"), {"harmless": False, "faces_only": True}, None),
    (calibration.in_ordinary, seen("face"), {"harmless": False, "faces_only": False}, None),
]


@pytest.mark.parametrize(("judge", "finding", "row", "true"), TRUE)
def test_what_is_true(judge: calibration.Judge, finding: Finding, row: dict[str, object], true: bool | None) -> None:
    assert judge(finding, row) is true


@pytest.mark.parametrize("confidence", [0.0, 0.09, 0.1, 0.35, 0.499, 0.5, 0.899, 0.9, 1.0])
def test_every_confidence_lies_in_one_bin(confidence: float) -> None:
    number = calibration.bin_of(confidence)
    assert calibration.EDGES[number] <= confidence < calibration.EDGES[number + 1]


def test_a_table_for_each_family_with_its_sets(tmp_path: Path) -> None:
    for name, row in (("faces", FACES), ("plates", PLATES)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ground_truth.json").write_text(json.dumps([{"file": "some/a.jpg", **row}]), "utf-8")
    told = (
        report("/x/some/a.jpg", seen("face"), seen("face", Box(100, 10, 40, 40))),
        report("/x/other.jpg", seen("face")),
    )
    kept(tmp_path / "faces.jsonl", *told)
    (table,) = calibration.measure(Namespace(data=tmp_path, reports=tmp_path))
    assert table.title == "Calibration: face"
    assert table.columns == ("confidence", "faces: told", "faces: true")
    assert table.rows == [["0.90 to 1.00", "2", "0.500"]]
    # Without reports of plates there is no table of them.
    assert not (tmp_path / "plates.jsonl").exists()


def test_a_report_goes_with_the_row_that_ends_its_path(tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    truth.write_text(json.dumps([{"file": "b/a.jpg", "n": 1}, {"file": "c.jpg", "n": 2}]), "utf-8")
    found = kept(tmp_path / "r.jsonl", report("x/b/a.jpg"), report("x/c.jpg"), report("x/d/a.jpg"))
    assert [row["n"] for _, row in reports.beside(found, truth)] == [1, 2]


def test_the_mix_of_decisions_is_that_of_each_policy(tmp_path: Path) -> None:
    rows = (
        report("a.jpg"),
        report("b.jpg", seen("face")),
        report("c.jpg", seen("face.child")),
        report("d.jpg", seen("text.secret")),
    )
    (table,) = decisions.measure(Namespace(data=[kept(tmp_path / "set.jsonl", *rows)], policy=None))
    cells = {row[0]: row[1:] for row in table.rows}
    assert list(cells) == list(SHIPPED)
    # photos; allow, review, block, incomplete; allowed with a notice; low, medium, high, critical
    assert cells["platform"] == ["4", "0.500", "0.250", "0.250", "0.000", "0.250", "0.250", "0.000", "0.250", "0.250"]
    assert cells["strict"][1:4] == ["0.250", "0.000", "0.750"]
    (one,) = decisions.measure(Namespace(data=[tmp_path / "set.jsonl"], policy=["strict"]))
    assert [row[0] for row in one.rows] == ["strict"]
