"""The Helm chart: its values, and that it fits the service. Needs no helm; what it renders to is tested beside this."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml

import photoscan
from photoscan.cli.serve import serve
from photoscan.service.guard import PROBES
from photoscan.workers import sizing

CHART = Path(__file__).parents[2] / "deploy" / "helm" / "photoscan"
SCHEMA = json.loads((CHART / "values.schema.json").read_text("utf-8"))
TEMPLATES = {file.name: file.read_text("utf-8") for file in sorted((CHART / "templates").iterdir())}
OPTIONS = {name: option for option in serve.params for name in option.opts}
Values = dict[str, Any]


def read(file: Path) -> Values:
    found = yaml.safe_load(file.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def merged(base: Values, other: Values) -> Values:
    """As helm lays values over others: maps by their members, all else as a whole."""
    return base | {
        name: merged(base[name], value) if isinstance(value, dict) and isinstance(base.get(name), dict) else value
        for name, value in other.items()
    }


DEFAULT = read(CHART / "values.yaml")
SETS = {file.name: merged(DEFAULT, read(file)) for file in sorted((CHART / "ci").iterdir())}


def test_the_chart_is_of_this_version() -> None:
    chart = read(CHART / "Chart.yaml")
    assert chart["version"] == chart["appVersion"] == photoscan.__version__
    assert DEFAULT["image"]["tag"] == ""


def test_the_schema_is_one_and_closed() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert list(open_objects(SCHEMA, DEFAULT, "values")) == []


def open_objects(schema: Values, values: Any, place: str) -> Iterator[str]:
    """Maps of the values whose members the schema does not list one by one, beside those that are the user's."""
    if isinstance(values, dict) and values:
        if schema.get("additionalProperties") is not False or not set(values) <= set(schema["properties"]):
            yield place
        for name, value in values.items():
            yield from open_objects(schema["properties"].get(name, {}), value, f"{place}.{name}")


@pytest.mark.parametrize("values", [DEFAULT, *SETS.values()], ids=["default", *SETS])
def test_values_keep_to_the_schema(values: Values) -> None:
    jsonschema.validate(values, SCHEMA)


WRONG = [
    {"serve": {"worker": 2}},  # a typing error
    {"replica": 2},
    {"serve": {"workers": 0}},
    {"serve": {"workers": "auto"}},  # memory and cores follow from it
    {"serve": {"profile": "quick"}},
    {"serve": {"policy": []}},
    {"serve": {"grace": 0}},
    {"serve": {"timeout": 0}},
    {"serve": {"remember": 3601}},
    {"serve": {"extraArgs": ["serve"]}},
    {"image": {"digest": "sha256:abc"}},
    {"policies": {"../keys.toml": "x"}},
    {"policies": {"school": "x"}},
    {"keys": {"existingSecret": ""}},
    {"networkPolicy": {"from": []}},  # would let everybody in
    {"podDisruptionBudget": {"maxUnavailable": 0}},  # no node could be emptied
    {"podDisruptionBudget": {"maxUnavailable": "0%"}},
    {"service": {"port": 0}},
    {"serviceMonitor": {"interval": "15"}},
]


@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_wrong_values_are_refused(wrong: Values) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(merged(DEFAULT, wrong), SCHEMA)


SAME = {
    "queue": "--queue", "profile": "--profile", "maxBytes": "--max-bytes", "maxPixels": "--max-pixels",
    "timeout": "--timeout", "grace": "--grace", "remember": "--remember",
}  # fmt: skip


@pytest.mark.parametrize("value", SAME)
def test_the_service_behaves_there_as_elsewhere(value: str) -> None:
    assert DEFAULT["serve"][value] == OPTIONS[SAME[value]].default


def test_every_option_in_the_chart_is_one_of_the_service() -> None:
    text = "".join(TEMPLATES.values()) + "".join(str(values["serve"]["extraArgs"]) for values in SETS.values())
    named = set(re.findall(r"(?<=[- '\[])--[a-z][a-z-]+", text)) - {"--namespace", "--from-file", "--raw"}
    assert named >= {"--keys", "--policy", "--max-pixels"}
    assert named <= set(OPTIONS)


def test_the_options_that_decide_can_be_set() -> None:
    """A new option of the service is either a value of the chart, or left to extraArgs on purpose."""
    left = {"--detector", "--engine", "--key-metrics", "--max-findings", "--otel", "--uploads"}
    given = set(re.findall(r"(?<=- )--[a-z][a-z-]+", TEMPLATES["_helpers.tpl"] + TEMPLATES["deployment.yaml"]))
    options = {name for name, option in OPTIONS.items() if isinstance(option, click.Option) and name != "--help"}
    assert options - given <= left


def test_ports_and_paths_are_those_of_the_service() -> None:
    deployment = TEMPLATES["deployment.yaml"]
    (port,) = re.findall(r"containerPort: (\d+)", deployment)
    assert f"--port={port}" in TEMPLATES["_helpers.tpl"]
    assert set(re.findall(r"httpGet: {path: (\S+), port: http}", deployment)) == set(PROBES)
    routes = (Path(photoscan.__file__).parent / "service" / "app.py").read_text("utf-8")
    (path,) = re.findall(r"path: (\S+)", TEMPLATES["servicemonitor.yaml"])
    assert f'"{path}"' in routes


def test_the_metric_that_it_is_scaled_by_is_told_by_the_service() -> None:
    (name,) = re.findall(r"name: (photoscan_\w+)", TEMPLATES["hpa.yaml"])
    assert f'"{name}"' in (Path(photoscan.__file__).parent / "service" / "state.py").read_text("utf-8")
    assert name in TEMPLATES["NOTES.txt"]


def test_memory_is_reckoned_with_the_measured_figures() -> None:
    figures = re.findall(r'dict "fast" (\d+) "balanced" (\d+) "thorough" (\d+)', TEMPLATES["_helpers.tpl"])
    mebibyte = sizing.MEBIBYTE
    assert [[int(figure) for figure in row] for row in figures] == [
        [sizing._IDLE[name] // mebibyte for name in ("fast", "balanced", "thorough")],
        [int(sizing._PIXEL[name]) for name in ("fast", "balanced", "thorough")],
    ]


def test_the_user_is_the_images() -> None:
    (user,) = re.findall(r"^USER (\d+):\1$", (CHART.parents[2] / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert f"runAsUser: {user}\n" in TEMPLATES["deployment.yaml"]
    assert f"fsGroup: {user}\n" in TEMPLATES["deployment.yaml"]


PAGE = (CHART.parents[2] / "docs" / "deployment.md").read_text("utf-8")


def test_the_page_names_values_that_there_are() -> None:
    table = PAGE.partition("| what | why it is so |")[2].partition("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert {"serve.workers", "networkPolicy"} <= set(named)
    told = {*PROBES, "enableServiceLinks: false"}
    for name in [name for name in named if name not in told]:
        value: Any = DEFAULT
        for part in name.split("."):
            assert part in value, name
            value = value[part]


def test_what_the_page_offers_to_copy_can_be_read() -> None:
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
    adapter, keda = blocks
    (rule,) = adapter["rules"]
    metric = "photoscan_wait_seconds"
    assert rule["name"]["as"] == metric
    assert metric in rule["seriesQuery"]
    assert keda["spec"]["triggers"][0]["type"] == "prometheus"
    assert metric in keda["spec"]["triggers"][0]["metadata"]["query"]
    assert int(keda["spec"]["triggers"][0]["metadata"]["threshold"]) == DEFAULT["autoscaling"]["waitSeconds"]
    assert int(keda["spec"]["triggers"][1]["metadata"]["value"]) == DEFAULT["autoscaling"]["cpuUtilization"]


def test_the_commands_of_the_page_name_what_is_there() -> None:
    for path in re.findall(r"(?:--file|helm install \w+) (deploy/\S+)", PAGE):
        assert (CHART.parents[2] / path).exists()
    secret = re.search(r"generic (\S+) --from-file=(keys\S+)", PAGE)
    assert secret is not None
    assert secret.groups() == (DEFAULT["keys"]["existingSecret"], DEFAULT["keys"]["secretKey"])
    metrics = re.search(r"generic (photoscan-metrics) --from-file=(\S+)", PAGE)
    assert metrics is not None
    assert metrics.groups() == (DEFAULT["serviceMonitor"]["keySecret"], DEFAULT["serviceMonitor"]["keySecretKey"])
