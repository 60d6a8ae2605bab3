"""The manifests of Kubernetes against its own schemas: run by `make test-extras` only, which installs these (large).

KubeRay's kinds are in none of them: of a RayJob the pods are checked here, the rest by `tests/deploy/test_archive.py`.
"""

from __future__ import annotations

import copy
from typing import Any

import kubernetes_validate
import pytest

from tests.deploy.test_archive import CLUSTER, GROUP, JOB

VERSIONS = ("1.31", "1.34", "1.37")


def pod(template: dict[str, Any]) -> dict[str, Any]:
    """A Pod as the template makes it."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": template["spec"]}


KINDS = {"job": JOB, "head": pod(CLUSTER["headGroupSpec"]["template"]), "worker": pod(GROUP["template"])}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_what_kubernetes_takes(kind: str, version: str) -> None:
    kubernetes_validate.validate(KINDS[kind], version, strict=True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_misspelt_field_would_be_seen(kind: str) -> None:
    wrong = copy.deepcopy(KINDS[kind])
    spec = wrong["spec"]["template"]["spec"] if kind == "job" else wrong["spec"]
    spec["containers"][0]["securityContext"]["readOnlyRootFileSystem"] = True
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)
