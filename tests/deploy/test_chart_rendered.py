"""What the Helm chart renders to. Needs helm, on the path or named by PHOTOSCAN_HELM."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from photoscan.cli.serve import serve
from photoscan.risk.policy import Policy
from photoscan.workers import sizing
from tests.deploy.test_chart import CHART, DEFAULT, SETS, Values, merged, read

HELM = os.environ.get("PHOTOSCAN_HELM") or shutil.which("helm")
if HELM is None:
    pytest.skip("no helm here: nobody looks at what the chart renders to", allow_module_level=True)
KUBERNETES = ("1.27.0", "1.31.0", "1.34.0")
PLATFORM = read(CHART / "ci" / "platform-values.yaml")
Manifest = dict[str, Any]


def helm(*words: str, values: Values | None = None) -> subprocess.CompletedProcess[str]:
    given = ["--values", "-"] if values is not None else []
    command = [str(HELM), *words, *given]
    return subprocess.run(command, input=json.dumps(values or {}), capture_output=True, text=True, check=False)


@cache
def _rendered(values: str, release: str) -> str:
    done = helm("template", release, str(CHART), "--namespace", "trust", values=json.loads(values))
    assert done.returncode == 0, done.stderr
    return done.stdout


def rendered(values: Values | None = None, release: str = "r") -> dict[str, Manifest]:
    """By kind: there is one of each."""
    found = [row for row in yaml.safe_load_all(_rendered(json.dumps(values or {}), release)) if row]
    assert len({row["kind"] for row in found}) == len(found)
    return {row["kind"]: row for row in found}


def pod(values: Values | None = None) -> Manifest:
    found: Manifest = rendered(values)["Deployment"]["spec"]["template"]["spec"]
    return found


def container(values: Values | None = None) -> Manifest:
    (found,) = pod(values)["containers"]
    return dict(found)


@pytest.mark.parametrize("values", [{}, *(read(CHART / "ci" / name) for name in SETS)], ids=["default", *SETS])
def test_helm_finds_no_fault(values: Values) -> None:
    done = helm("lint", str(CHART), "--strict", "--quiet", values=values)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("values", [{}, *(read(CHART / "ci" / name) for name in SETS)], ids=["default", *SETS])
def test_kubernetes_would_take_it(values: Values) -> None:
    validator = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    for row in rendered(values).values():
        # Prometheus' own kind is not one of Kubernetes.
        if row["kind"] != "ServiceMonitor":
            for version in KUBERNETES:
                validator.validate(row, version, strict=True)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"serve": {"worker": 2}}, "worker"),
        ({"networkPolicy": {"from": []}}, "from"),
        ({"serve": {"policy": ["school.toml"]}}, "school.toml, which policies lacks"),
        ({"autoscaling": {"enabled": True, "cpuUtilization": 0, "waitSeconds": 0}}, "needs cpuUtilization"),
        ({"autoscaling": {"enabled": True, "minReplicas": 9, "maxReplicas": 3}}, "more than maxReplicas"),
    ],
)
def test_what_could_not_work_is_not_rendered(wrong: Values, why: str) -> None:
    done = helm("template", "r", str(CHART), values=wrong)
    assert done.returncode != 0
    assert why in done.stderr


@pytest.mark.parametrize("values", [{}, *(read(CHART / "ci" / name) for name in SETS)], ids=["default", *SETS])
def test_the_service_understands_its_command_line(values: Values) -> None:
    command, *words = container(values)["args"]
    assert command == "serve"
    given = serve.make_context("serve", [*words], auto_envvar_prefix=None).params
    wanted = merged(DEFAULT, values)["serve"]
    assert (given["workers"], given["queue"], given["profile"]) == (
        wanted["workers"], wanted["queue"], wanted["profile"],
    )  # fmt: skip
    assert (given["max_bytes"], given["max_pixels"]) == (wanted["maxBytes"], wanted["maxPixels"])
    assert (given["timeout"], given["grace"], given["remember"]) == (
        wanted["timeout"], wanted["grace"], wanted["remember"],
    )  # fmt: skip
    assert (given["deadline"] or 0) == wanted["deadline"]
    assert given["tiers"] is wanted["tiers"]
    assert list(given["hosts"]) == wanted["allowHosts"]
    assert list(given["proxies"]) == wanted["trustProxies"]
    assert given["drain"] == wanted["drain"]
    assert [Path(name).name for name in given["policies"]] == wanted["policy"]
    assert given["keys"] == Path("/etc/photoscan/keys") / merged(DEFAULT, values)["keys"]["secretKey"]


def test_pods_have_no_more_rights_than_the_strictest_standard_grants() -> None:
    """Kubernetes' Pod Security Standard `restricted`, and beyond it a root that nobody can write to."""
    spec, own = pod(), container()
    assert not {"hostNetwork", "hostPID", "hostIPC", "hostUsers"} & set(spec)
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert own["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {key for volume in spec["volumes"] for key in volume} <= {"name", "secret", "configMap", "emptyDir"}
    assert spec["automountServiceAccountToken"] is False
    assert not [port for port in own["ports"] if "hostPort" in port]


def test_nothing_but_its_memory_can_be_written_to() -> None:
    volumes = {volume["name"]: volume for volume in pod(PLATFORM)["volumes"]}
    for mount in container(PLATFORM)["volumeMounts"]:
        assert mount.get("readOnly") or volumes[mount["name"]]["emptyDir"]["medium"] == "Memory"
        # Such a mount never shows a file that was replaced.
        assert "subPath" not in mount
    assert {mount["name"] for mount in container(PLATFORM)["volumeMounts"]} == set(volumes)


def test_nothing_gets_out_and_only_those_named_get_in() -> None:
    policy = rendered(PLATFORM)["NetworkPolicy"]["spec"]
    assert policy["egress"] == []
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    (rule,) = policy["ingress"]
    assert rule["from"] == PLATFORM["networkPolicy"]["from"] + PLATFORM["networkPolicy"]["metricsFrom"]
    assert rule["ports"] == [{"port": "http", "protocol": "TCP"}]
    assert rendered()["NetworkPolicy"]["spec"]["ingress"][0]["from"] == [{"podSelector": {}}]


def test_variables_that_kubernetes_sets_by_itself_stay_away() -> None:
    """`PHOTOSCAN_SERVE_PORT=tcp://...` of a service named photoscan-serve would stop the start."""
    assert pod()["enableServiceLinks"] is False


def test_everything_selects_the_same_pods() -> None:
    found = rendered(PLATFORM)
    wanted = {"app.kubernetes.io/name": "photoscan", "app.kubernetes.io/instance": "r"}
    assert found["Deployment"]["spec"]["selector"]["matchLabels"] == wanted
    assert wanted.items() <= found["Deployment"]["spec"]["template"]["metadata"]["labels"].items()
    assert found["Service"]["spec"]["selector"] == wanted
    for kind in ("PodDisruptionBudget", "ServiceMonitor"):
        assert found[kind]["spec"]["selector"]["matchLabels"] == wanted
    assert found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == wanted
    for row in found["Deployment"]["spec"]["template"]["spec"]["topologySpreadConstraints"]:
        assert row["labelSelector"]["matchLabels"] == wanted
        assert row["whenUnsatisfiable"] == "ScheduleAnyway", "one zone that is full stops nobody"
    assert wanted.items() <= found["Service"]["metadata"]["labels"].items()


def test_a_pod_gets_photos_when_it_is_ready_and_is_restarted_only_when_it_is_dead() -> None:
    own = container()
    probes = {name: own[f"{name}Probe"]["httpGet"] for name in ("startup", "readiness", "liveness")}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startup": "/readyz", "readiness": "/readyz", "liveness": "/healthz",
    }  # fmt: skip
    (port,) = own["ports"]
    (served,) = rendered()["Service"]["spec"]["ports"]
    assert {port["name"], served["targetPort"], *(probe["port"] for probe in probes.values())} == {"http"}
    liveness = own["livenessProbe"]
    assert liveness["periodSeconds"] * liveness["failureThreshold"] >= 60, "longer than photos keep it busy"
    # A worker loads its models in seconds, on a machine that is full in more.
    assert own["startupProbe"]["periodSeconds"] * own["startupProbe"]["failureThreshold"] >= 120


def test_a_rollout_never_has_fewer_pods_and_an_ill_pod_stops_no_drain() -> None:
    found = rendered()
    assert found["Deployment"]["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert found["PodDisruptionBudget"]["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_the_images_user_can_read_the_keys_and_nobody_else_can() -> None:
    (keys,) = [volume["secret"] for volume in pod()["volumes"] if "secret" in volume]
    # Files of a secret are root's; the group is that of the pod.
    assert keys["defaultMode"] == 0o440
    assert pod()["securityContext"]["fsGroup"] == pod()["securityContext"]["runAsGroup"] == 10001


def test_a_pod_has_time_to_leave() -> None:
    values = {"serve": {"drain": 11, "grace": 40}}
    assert "--drain=11" in container(values)["args"]
    assert pod(values)["terminationGracePeriodSeconds"] >= 11 + 40 + 1


@pytest.mark.parametrize("profile", ["fast", "balanced", "thorough"])
@pytest.mark.parametrize("workers", [1, 4])
def test_memory_follows_from_what_may_be_in_it(profile: Any, workers: int) -> None:
    serve_ = {"workers": workers, "queue": 3, "profile": profile, "maxPixels": 50_000_000, "maxBytes": 20_000_000}
    resources = container({"serve": serve_, "cacheMiB": 100})["resources"]

    def reckoned(pixels: int, size: int) -> float:
        worker = sizing._IDLE[profile] + pixels * sizing._PIXEL[profile]
        bodies = (workers + 3 + 1 + 3) * size
        return (workers * worker + bodies) / sizing.MEBIBYTE + 512 + 100

    assert mebibytes(resources["limits"]["memory"]) == pytest.approx(reckoned(50_000_000, 20_000_000), abs=1)
    # What is asked for is what a phone's photos take.
    assert mebibytes(resources["requests"]["memory"]) == pytest.approx(reckoned(12_000_000, 4 * 1024**2), abs=1)
    assert resources["requests"]["cpu"] == str(workers)
    assert "cpu" not in resources["limits"]


def mebibytes(text: str) -> int:
    found = re.fullmatch(r"(\d+)Mi", text)
    assert found, text
    return int(found[1])


def test_what_is_kept_to_start_faster_is_bounded_or_nothing() -> None:
    def kept(values: Values) -> tuple[str, str]:
        (tmp,) = [volume["emptyDir"] for volume in pod(values)["volumes"] if volume["name"] == "tmp"]
        (variable,) = [row for row in container(values)["env"] if row["name"] == "PHOTOSCAN_CACHE"]
        return variable["value"], tmp["sizeLimit"]

    assert kept({}) == ("/tmp/photoscan", "512Mi")
    assert kept({"cacheMiB": 0}) == ("", "64Mi")


def test_measured_resources_win() -> None:
    assert container(read(CHART / "ci" / "cpu-values.yaml"))["resources"] == {
        "requests": {"cpu": "1500m", "memory": "2Gi"},
        "limits": {"cpu": 2, "memory": "4Gi"},
    }


def test_it_is_scaled_by_the_wait_and_held_by_the_cpu() -> None:
    spec = rendered(PLATFORM)["HorizontalPodAutoscaler"]["spec"]
    wait, cpu = spec["metrics"]
    assert wait["pods"]["target"] == {"type": "AverageValue", "averageValue": "1500m"}
    assert cpu["resource"]["target"] == {"type": "Utilization", "averageUtilization": 70}
    assert (spec["minReplicas"], spec["maxReplicas"]) == (4, 200)
    # Whoever scales it would otherwise be overruled by each upgrade.
    assert "replicas" not in rendered(PLATFORM)["Deployment"]["spec"]
    assert rendered()["Deployment"]["spec"]["replicas"] == 2
    assert rendered({"replicas": 0})["Deployment"]["spec"]["replicas"] == 0
    assert "replicas" not in rendered({"replicas": None})["Deployment"]["spec"]
    assert "HorizontalPodAutoscaler" not in rendered()
    assert spec["behavior"]["scaleUp"]["stabilizationWindowSeconds"] == 0
    assert spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"] >= 300, "loading models costs more than waiting"
    (only,) = rendered(read(CHART / "ci" / "cpu-values.yaml"))["HorizontalPodAutoscaler"]["spec"]["metrics"]
    assert only["type"] == "Resource"


def test_numbers_may_be_set_on_the_command_line() -> None:
    """Where helm reads them as whole numbers, those of a file as broken ones."""
    sets = "replicas=3,serve.workers=4,serve.maxPixels=64000000,serve.maxBytes=33554432,serve.drain=4"
    shown = helm("template", "r", str(CHART), "--set", sets).stdout
    values = {"replicas": 3, "serve": {"workers": 4, "maxPixels": 64_000_000, "drain": 4}}
    assert {row["kind"]: row for row in yaml.safe_load_all(shown) if row} == rendered(values)


def test_policies_come_whole_and_can_be_loaded(tmp_path: Path) -> None:
    found = rendered(PLATFORM)
    data = found["ConfigMap"]["data"]
    assert data == PLATFORM["policies"]
    file = tmp_path / "school.toml"
    file.write_text(data["school.toml"], "utf-8")
    assert Policy.load(str(file)).name == "our school's website"
    mounts = {mount["name"]: mount["mountPath"] for mount in container(PLATFORM)["volumeMounts"]}
    assert f"--policy={mounts['policies']}/school.toml" in container(PLATFORM)["args"]


def test_changed_policies_make_new_pods() -> None:
    def mark(values: Values) -> str:
        row: str = rendered(values)["Deployment"]["spec"]["template"]["metadata"]["annotations"]["checksum/policies"]
        return row

    other = merged(PLATFORM, {"policies": {"school.toml": PLATFORM["policies"]["school.toml"] + "\n# 2"}})
    assert mark(PLATFORM) != mark(other)


def test_prometheus_brings_a_key() -> None:
    (endpoint,) = rendered(PLATFORM)["ServiceMonitor"]["spec"]["endpoints"]
    credentials = {"name": "photoscan-metrics", "key": "key"}
    assert endpoint["authorization"] == {"type": "Bearer", "credentials": credentials}
    assert "ServiceMonitor" not in rendered()


def test_a_digest_wins_over_a_tag() -> None:
    digest = "sha256:" + "0" * 64
    assert container({"image": {"tag": "x", "digest": digest}})["image"] == f"photoscan@{digest}"
    assert container({"image": {"tag": "x"}})["image"] == "photoscan:x"


@pytest.mark.parametrize(
    ("release", "name"),
    [("r", "r-photoscan"), ("photoscan", "photoscan"), ("a" * 53, "a" * 52), ("my-photoscan", "my-photoscan")],
)
def test_names_are_short_enough_for_all_that_is_named_after_them(release: str, name: str) -> None:
    found = rendered(PLATFORM, release)
    assert {row["metadata"]["name"] for row in found.values()} == {name, f"{name}-policies"}


def test_who_installs_it_is_told_what_is_still_missing() -> None:
    done = helm("install", "r", str(CHART), "--dry-run=client", "--namespace", "trust", values=PLATFORM)
    if done.returncode:
        pytest.skip("this helm wants a cluster for notes")
    assert "create secret generic photoscan-keys --from-file=keys.json" in done.stdout
    assert "photoscan_wait_seconds" in done.stdout
