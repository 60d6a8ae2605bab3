"""Every shell says, plans and makes the same of the same photo by the same policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from photoscan.kind import Kind
from tests.shells import (
    GONE,
    MAKING,
    NAME,
    PLACES,
    PLANNING,
    SAYING,
    by_library,
    colours_only,
    drawn,
    ours,
    plan_by_library,
    said_by_library,
    shown,
)  # fmt: skip


@pytest.fixture(autouse=True)
def eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    colours_only(monkeypatch)


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return ours(tmp_path, monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(drawn())
    return path


@pytest.mark.parametrize("shell", SAYING)
@pytest.mark.parametrize("name", [NAME, "telephone-7.png"])
def test_every_shell_says_the_same(name: str, shell: str, policy: Path, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(drawn())
    told = SAYING[shell](file, policy)
    assert told == said_by_library(file, policy)
    seen = {Kind(row["kind"]) for row in told.findings}
    assert seen >= {kind for _, _, kind, _ in PLACES.values()}
    ignored = [row["kind"] for row in told.findings if row["attributes"].get("exempt") == "ignored"]
    assert ignored == (["text.phone"] if name == NAME else [])
    assert told.verdict == "review"
    assert told.score > 0
    assert told.policy["name"] == "ours"


@pytest.mark.parametrize("shell", PLANNING)
def test_every_shell_plans_the_same(shell: str, policy: Path, file: Path) -> None:
    rows = PLANNING[shell](file, policy)
    assert rows == plan_by_library(file, policy)
    assert sorted((row["kind"], row["action"]) for row in rows) == [
        ("face.child", "hide"), ("metadata.person", "remove"), ("plate", "hide"), ("plate", "keep"),
        ("text.phone", "keep"), ("text.school", "keep"),
    ]  # fmt: skip


@pytest.mark.parametrize("way", sorted(MAKING))
def test_every_shell_makes_the_same_copy(way: str, policy: Path, tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(drawn())
    data, receipt = MAKING[way](file, policy)
    assert shown(data) == set(PLACES) - GONE
    assert b"CANARY" not in data
    expected, told = by_library(file, policy)
    assert data == expected
    if not receipt:
        return
    for part in ("removed", "hidden", "boxes", "kept", "notes", "proofs"):
        assert receipt[part] == told[part]
    assert receipt["output"] == told["output"]
    assert receipt["source"]["sha256"] == told["source"]["sha256"]

    def rows(of: dict[str, Any]) -> list[tuple[Any, ...]]:
        # Why something stays is another matter where a class chose.
        return [(row["kind"], row["action"], row["location"], row["value_masked"]) for row in of["found"]]

    assert rows(receipt) == rows(told)
    if way not in ("workshop",):
        assert [row["reason"] for row in receipt["found"]] == [row["reason"] for row in told["found"]]


@pytest.mark.parametrize("way", sorted(MAKING))
def test_what_is_ignored_goes_by_the_photo_s_name_by_every_shell(way: str, policy: Path, tmp_path: Path) -> None:
    file = tmp_path / "telephone-7.png"
    file.write_bytes(drawn())
    data, _ = MAKING[way](file, policy)
    assert shown(data) == {"bus", "school"}
