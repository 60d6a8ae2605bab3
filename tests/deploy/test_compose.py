"""The compose file: what its containers may do, and that it fits the image, the service and the recipe of the gate."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from photoscan.cli.serve import serve
from photoscan.service.health import address, is_serving

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILE = DEPLOY / "compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN = SERVICES["photoscan"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
MEMORY = {"k": 1024, "m": 1024**2, "g": 1024**3}


def amount(text: str) -> int:
    return int(text[:-1]) * MEMORY[text[-1]]


def memory_files(service: dict[str, Any]) -> dict[str, str]:
    return dict(row.split(":", 1) for row in service["tmpfs"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_no_more_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "pid", "ipc", "network_mode", "devices", "userns_mode"} & set(service)
    assert all(mount["read_only"] is True for mount in service["volumes"])
    assert all("size=" in options for options in memory_files(service).values())
    # What lies in memory is bounded below the container's.
    held = sum(amount(re.findall(r"size=(\w+)", options)[0]) for options in memory_files(service).values())
    assert held <= amount(service["mem_limit"]) or name == "gate"
    assert service["restart"] == "unless-stopped"


def test_photoscan_has_no_way_out_and_no_door_to_the_outside() -> None:
    assert OWN["networks"] == ["photos"]
    assert COMPOSE["networks"]["photos"] == {"internal": True}
    assert "ports" not in OWN
    assert OWN["memswap_limit"] == OWN["mem_limit"]
    assert "user" not in OWN, "the image's user"


def test_only_this_computer_reaches_the_gate() -> None:
    assert SERVICES["gate"]["ports"] == ["127.0.0.1:8080:8080"]
    assert SERVICES["gate"]["profiles"] == ["gate"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", SERVICES["gate"]["user"]), "nginx runs as somebody who is not root"


def test_the_service_understands_its_command_line() -> None:
    command, *words = OWN["command"]
    assert command == "serve"
    given = serve.make_context("serve", [*words]).params
    assert given["keys"].parent == Path("/keys")
    assert given["host"] == "0.0.0.0"
    (mount,) = [row for row in OWN["volumes"] if row["target"] == str(given["keys"].parent)]
    assert mount["source"] == "./keys", "the folder: a mount of the file would never show a removed key"
    grace = int(re.findall(r"(\d+)s", OWN["stop_grace_period"])[0])
    assert grace > given["grace"]
    # Workers with the largest photos, and all bodies, as docs/serving.md reckons them; half a GiB for all else.
    workers, queue = given["workers"], given["queue"]
    photos = workers * (0.7 * MEMORY["g"] + 12 * given["max_pixels"])
    bodies = (workers + queue + 1 + queue) * given["max_bytes"]
    cache = amount(re.findall(r"size=(\w+)", memory_files(OWN)["/tmp"])[0])
    assert photos + bodies + cache + MEMORY["g"] / 2 <= amount(OWN["mem_limit"])


def test_its_cache_is_in_memory() -> None:
    assert OWN["environment"] == {"PHOTOSCAN_CACHE": "/tmp/photoscan"}
    assert "/tmp" in memory_files(OWN)


def test_its_health_check_is_the_images_and_finds_the_service() -> None:
    (interval, timeout, start) = re.findall(
        r"HEALTHCHECK --interval=(\w+) --timeout=(\w+) --start-period=(\w+)", DOCKERFILE
    )[0]
    (test,) = re.findall(r"HEALTHCHECK.*\\\n +CMD (\[.*\])", DOCKERFILE)
    check = OWN["healthcheck"]
    assert check["test"] == ["CMD", *yaml.safe_load(test)]
    assert (check["interval"], check["timeout"], check["start_period"]) == (interval, timeout, start)
    words = ["python", "/opt/photoscan/bin/photoscan", *OWN["command"]]
    assert is_serving(words)
    assert address(words, {}) == ("127.0.0.1", 8000)


KEY = '# proxy_set_header Authorization "Bearer ...";  # where photoscan serve has --keys'
REPLACED = {
    "server photoscan:8000;": "server 127.0.0.1:8000;",
    "server website:3000;": "server 127.0.0.1:3000;",
    "listen 8080;": "listen 127.0.0.1:8080;",
    "include /run/secrets/gate_key;": KEY,
}


def test_the_gate_is_that_of_the_recipe() -> None:
    """Which is tested with the real nginx: only the addresses are others, and the key is there."""
    own = (DEPLOY / "gate" / "nginx.conf").read_text("utf-8").partition("\n")[2]
    for there, here in REPLACED.items():
        assert own.count(there) == 1
        own = own.replace(there, here)
    assert own == (ROOT / "docs" / "examples" / "gate" / "nginx.conf").read_text("utf-8")


def test_what_is_mounted_is_there() -> None:
    for mount in SERVICES["gate"]["volumes"]:
        assert (DEPLOY / mount["source"]).exists()
    assert (DEPLOY / OWN["build"]["context"] / "Dockerfile").exists()
    assert set(SERVICES["gate"]["secrets"]) == set(COMPOSE["secrets"])


def test_keys_in_clear_are_where_photoscan_does_not_see_them_and_git_does_not_keep_them() -> None:
    folder = Path(COMPOSE["secrets"]["gate_key"]["file"]).parent
    assert folder not in {Path(mount["source"]) for mount in OWN["volumes"]}
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"/deploy/keys/", "/deploy/secrets/"} <= set(ignored)


def test_the_file_keeps_to_the_specification() -> None:
    specification = pytest.importorskip("compose_spec", reason="compose-spec is not installed")
    specification.PyCompose.from_yaml(FILE.read_text("utf-8")).validate()
    with pytest.raises(Exception, match="read_onlyy"):
        specification.PyCompose.from_yaml(FILE.read_text("utf-8").replace("read_only: true", "read_onlyy: true"))


def test_compose_takes_it() -> None:
    """The first version of the program, too, which is what Debian has."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("no docker-compose here: nobody else looks at the compose file")
    command = [program, "--file", str(FILE), "--profile", "gate", "config"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = yaml.safe_load(done.stdout)
    assert set(shown["services"]) == set(SERVICES)
    assert shown["services"]["photoscan"]["read_only"] is True
