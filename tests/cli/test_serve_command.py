"""`photoscan serve` as it is started: what it refuses to start with, and the keys."""

from __future__ import annotations

import builtins
import socket
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from photoscan.cli.serve import serve
from photoscan.errors import NotInstalledError
from photoscan.service import keys, server
from photoscan.service.settings import Settings
from tests.conftest import Run

WRONG = {
    "open to everybody": ["--host", "0.0.0.0"],
    "open to everybody by IPv6": ["--host", "::"],
    "no such policy": ["--policy", "nowhere.toml"],
    "no such file of keys": ["--keys", "nowhere.json"],
    "no such address": ["--host", "192.0.2.7", "--keys", "{keys}"],
    "no address at all": ["--host", "no such host", "--keys", "{keys}"],
    "no workers": ["--workers", "0"],
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_it_does_not_start(case: str, process: Run, tmp_path: Path) -> None:
    keys.add(tmp_path / "keys.json", "shop")
    arguments = [argument.format(keys=tmp_path / "keys.json") for argument in WRONG[case]]
    result = process("serve", "--port", "0", *arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()


def test_a_port_that_is_taken_is_told(process: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = process("serve", "--port", port)
    assert result.returncode == 2
    assert f"port {port}: Address already in use" in result.stderr


def test_a_key_is_shown_once_and_on_standard_output_alone(process: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    made = process("serve", "add-key", "shop", "--keys", file)
    key = made.stdout.strip()
    assert made.returncode == 0
    assert key not in made.stderr
    found = keys.Keys(file).find(key)
    assert found is not None
    assert (found.name, found.scopes) == ("shop", ("check", "clean"))
    listed = process("serve", "list-keys", "--keys", file)
    assert "shop" in listed.stdout
    assert key not in listed.stdout
    assert process("serve", "remove-key", "shop", "--keys", file).returncode == 0
    assert process("serve", "remove-key", "shop", "--keys", file).returncode == 2
    assert process("serve", "list-keys", "--keys", file).stdout == ""


def started(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings that the command makes of its arguments."""
    found: list[Settings] = []
    monkeypatch.setattr(server, "run", lambda settings, keys, say: found.append(settings) or 0)
    result = CliRunner().invoke(serve, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return found[0]


def test_options_and_variables_become_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOSCAN_SERVE_WORKERS", "5")
    monkeypatch.setenv("PHOTOSCAN_SERVE_ALLOW_HOST", "Photos.example other.example")
    settings = started(["--policy", "strict", "--max-bytes", "1000", "--timeout", "2.5"], monkeypatch)
    assert (settings.workers, settings.default_policy, settings.max_bytes, settings.timeout) == (5, "strict", 1000, 2.5)
    assert settings.host == "127.0.0.1"
    assert settings.hosts == ("photos.example", "other.example")
    monkeypatch.delenv("PHOTOSCAN_SERVE_ALLOW_HOST")
    assert started([], monkeypatch).hosts == ()


def test_every_option_has_the_variable_that_help_promises() -> None:
    for option in serve.params:
        assert isinstance(option, click.Option)
        variable = option.envvar or f"PHOTOSCAN_SERVE_{option.name}".upper()
        promised = option.opts[0].removeprefix("--").replace("-", "_").upper()
        assert option.name == "help" or variable == f"PHOTOSCAN_SERVE_{promised}"


def test_the_bound_on_findings_can_be_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOSCAN_SERVE_MAX_FINDINGS", "77")
    assert started([], monkeypatch).findings == 77


def test_without_its_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "photoscan.service":
            raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(NotInstalledError, match=r"pip install '\.\[service\]'"):
        CliRunner().invoke(serve, [], catch_exceptions=False)
