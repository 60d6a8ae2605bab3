"""Reports before an outside judge: the official SARIF schema.

Run by hand: `npm install @microsoft/jest-sarif@1.0.0-beta.0`; PHOTOSCAN_NODE_MODULES names the folder.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import Run

pytestmark = pytest.mark.extras
MODULES = Path(os.environ.get("PHOTOSCAN_NODE_MODULES", "node_modules"))
PHOTOS = ("identity_card.jpg", "holiday.jpg", "landscape.jpg", "car_malaysia.jpg", "manifest.json")


@pytest.mark.parametrize("show", [False, True])
def test_sarif_is_valid_by_the_official_schema(show: bool, run: Run, demo: Path) -> None:
    schema = json.loads((MODULES / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    arguments = ["--show-values"] if show else []
    result = run("scan", *(demo / name for name in PHOTOS), "--format", "sarif", *arguments)
    log = json.loads(result.stdout)
    assert len(log["runs"][0]["results"]) > 5
    assert log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    jsonschema.validate(log, schema)
