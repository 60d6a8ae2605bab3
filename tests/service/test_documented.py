"""docs/serving.md tells every option, route, parameter, problem and metric, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from photoscan.cli.serve import serve
from photoscan.service.problem import STATUS
from tests.service.test_app import App

PAGE = (Path(__file__).parents[2] / "docs/serving.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")]


def heads(pattern: str) -> set[str]:
    """What stands in the first column of tables, in the form of a pattern."""
    return {name for row in ROWS for name in re.findall(pattern, row.split(" | ")[0])}


def test_options() -> None:
    named = heads(r"`(--[a-z-]+)")
    options = {option for parameter in serve.params for option in (*parameter.opts, *parameter.secondary_opts)}
    of_keys = {
        option
        for command in ("add-key", "change-key")
        for parameter in serve.commands[command].params
        for option in parameter.opts
    }
    assert {name for name in options if name.startswith("--")} - {"--help", "--key-metrics"} <= named
    assert named <= options | of_keys


@pytest.mark.parametrize("code", sorted(STATUS))
def test_problems(code: str) -> None:
    told = [row.split(" | ")[0] for row in ROWS if re.match(r"\| \d{3}", row) and f"`{code}`" in row.split(" | ")[1]]
    assert [head for head in told if str(STATUS[code]) in head] == told
    assert told


def test_metrics() -> None:
    lines = App().ask("GET", "/metrics").text.splitlines()
    names = {line.split()[2] for line in lines if line.startswith("# TYPE photoscan_") and "_created" not in line}
    assert heads(r"`(photoscan_\w+)`") == names


def test_routes_and_their_parameters() -> None:
    paths = App().ask("GET", "/openapi.json").json()["paths"]
    for path, operations in paths.items():
        assert path in PAGE
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                assert re.search(rf"[?&`]{parameter['name']}\b", PAGE), (path, parameter["name"])
