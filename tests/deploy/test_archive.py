"""The manifests of an archive: what they run is what the command takes, and what they promise holds together.

Their schemas: `tests/extras/check_manifests.py`.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from photoscan.batch.source import Shard
from photoscan.cli.batch import TIMEOUT, batch
from photoscan.workers import sizing
from photoscan.workers.machine import Machine

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
MEBIBYTE = 1024 * 1024


def manifest(name: str) -> dict[str, Any]:
    (found,) = yaml.safe_load_all((FOLDER / f"archive-{name}.yaml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


JOB, RAY = manifest("job"), manifest("rayjob")
CLUSTER = RAY["spec"]["rayClusterSpec"]
(GROUP,) = CLUSTER["workerGroupSpecs"]
PODS = {
    "job": JOB["spec"]["template"]["spec"],
    "head": CLUSTER["headGroupSpec"]["template"]["spec"],
    "worker": GROUP["template"]["spec"],
}


def parsed(words: list[str]) -> dict[str, Any]:
    """A command as the command line understands it; click.UsageError for one that it does not."""
    assert words[0] == "batch"
    return batch.make_context("batch", words[1:]).params


def container(pod: str) -> dict[str, Any]:
    (found,) = PODS[pod]["containers"]
    return dict(found)


def amount(text: str) -> int:
    """Bytes of what Kubernetes writes as 4Gi."""
    number, unit = re.fullmatch(r"(\d+)(Mi|Gi)", text).groups()  # type: ignore[union-attr]
    return int(number) * MEBIBYTE * (1024 if unit == "Gi" else 1)


def test_each_part_of_the_job_is_one_index(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = JOB["spec"]
    chosen = parsed(container("job")["args"])
    assert spec["completionMode"] == "Indexed"
    parts = set()
    for index in range(spec["completions"]):
        monkeypatch.setenv("JOB_COMPLETION_INDEX", str(index))
        parts.add(Shard.parse(chosen["shard"]))
    assert {part.number for part in parts} == set(range(1, spec["completions"] + 1))
    assert {part.count for part in parts} == {spec["completions"]}


def test_a_machine_that_goes_costs_the_job_nothing() -> None:
    spec = JOB["spec"]
    first = spec["podFailurePolicy"]["rules"][0]
    assert first["action"] == "Ignore"
    assert {"type": "DisruptionTarget", "status": "True"} in first["onPodConditions"]
    # What Kubernetes asks of who has such a policy.
    assert spec["podReplacementPolicy"] == "Failed"
    assert PODS["job"]["restartPolicy"] == "Never"
    assert "backoffLimit" not in spec


def test_one_broken_file_fails_no_part() -> None:
    assert parsed(container("job")["args"])["allow_incomplete"]
    assert entrypoint()["allow_incomplete"]


def test_a_photo_may_be_finished_before_its_pod_is_killed() -> None:
    assert PODS["job"]["terminationGracePeriodSeconds"] > TIMEOUT


def entrypoint() -> dict[str, Any]:
    words = shlex.split(RAY["spec"]["entrypoint"])
    assert words[0] == "photoscan"
    return parsed(words[1:])


def test_the_head_runs_the_command_on_its_own_cluster() -> None:
    chosen = entrypoint()
    assert (chosen["executor"], chosen["address"]) == ("ray", "auto")
    assert CLUSTER["headGroupSpec"]["rayStartParams"]["num-cpus"] == "0"
    # As many as the largest cluster bears: what is asked for beyond would wait for ever.
    cores = int(container("worker")["resources"]["limits"]["cpu"])
    assert chosen["workers"] == cores * GROUP["maxReplicas"]
    assert CLUSTER["enableInTreeAutoscaling"] is True
    assert GROUP["minReplicas"] <= GROUP["replicas"] <= GROUP["maxReplicas"]


def test_ray_is_the_version_that_is_tested() -> None:
    pinned = re.search(r"^ray==(\S+)", (ROOT / "requirements" / "extras.txt").read_text("utf-8"), re.MULTILINE)
    assert pinned is not None
    image = (FOLDER / "archive.Dockerfile").read_text("utf-8")
    assert CLUSTER["rayVersion"] == pinned[1]
    assert f'"ray[default]=={pinned[1]}"' in image


def test_only_who_has_the_token_may_speak_to_ray_and_nothing_is_told_of_it() -> None:
    assert CLUSTER["authOptions"] == {"mode": "token"}
    for pod in ("head", "worker"):
        told = {row["name"]: row["value"] for row in container(pod)["env"]}
        assert told["RAY_USAGE_STATS_ENABLED"] == "0"
        # Ray reports, where it is started as a cluster, that it reports nothing.
        assert told["RAY_USAGE_STATS_REPORT_URL"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("pod", ["job", "worker"])
def test_there_is_memory_for_as_many_photos_as_processors(pod: str) -> None:
    limits = container(pod)["resources"]["limits"]
    assert limits == container(pod)["resources"]["requests"]
    there = Machine(int(limits["cpu"]), amount(limits["memory"]))
    assert sizing.sized(None, "balanced", there=there).count == there.processors


@pytest.mark.parametrize("pod", PODS)
def test_pods_have_no_rights_that_they_do_not_need(pod: str) -> None:
    spec = PODS[pod]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container(pod)["securityContext"]["allowPrivilegeEscalation"] is False
    assert container(pod)["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert spec["enableServiceLinks"] is False
    assert not any(name in yaml.dump(spec).lower() for name in ("secret_access_key", "password", "hostpath"))
    if pod != "head":
        assert spec["automountServiceAccountToken"] is False


@pytest.mark.parametrize("pod", PODS)
def test_images_are_pinned_by_a_tag(pod: str) -> None:
    assert re.fullmatch(r"photoscan-archive:(?!latest)[\w.-]+", container(pod)["image"])


def test_the_head_is_on_no_spot_machine_and_workers_may_be() -> None:
    (term,) = PODS["head"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]
    shunned = {row["key"] for row in term["matchExpressions"]}
    for pod in ("job", "worker"):
        assert {row["key"] for row in PODS[pod]["tolerations"]} <= shunned
    assert "tolerations" not in PODS["head"]
