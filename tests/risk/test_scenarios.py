"""Photos in six groups of harm (scenarios.toml): no pair across groups is out of order."""

from __future__ import annotations

import tomllib
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from photoscan.risk import assess
from tests.risk.reports import DEFAULT, report

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("scenarios.toml").read_text("utf-8"))
GROUPS: list[dict[str, Any]] = TABLE["group"]
SCORES = {
    row["name"]: assess(report(*row["findings"]), DEFAULT).risk.score for group in GROUPS for row in group["scenario"]
}


def test_the_table_is_whole() -> None:
    assert len(GROUPS) == 6
    assert min(len(group["scenario"]) for group in GROUPS) > 2
    assert len(SCORES) == sum(len(group["scenario"]) for group in GROUPS) >= 30
    assert all(group["reason"] and group["source"] for group in GROUPS)
    assert all(row["reason"] for group in GROUPS for row in group["scenario"])


@pytest.mark.parametrize(("less", "more"), list(combinations(range(6), 2)))
def test_no_pair_across_groups_is_out_of_order(less: int, more: int) -> None:
    wrong = [
        (low["name"], high["name"])
        for low, high in product(GROUPS[less]["scenario"], GROUPS[more]["scenario"])
        if SCORES[low["name"]] >= SCORES[high["name"]]
    ]
    assert wrong == []


def score_of(words: list[str]) -> int:
    repeated = [kind for word in words for kind, _, n in [word.partition("*")] for _ in range(int(n or 1))]
    return assess(report(*repeated), DEFAULT).risk.score


@pytest.mark.parametrize("pair", TABLE["pair"], ids=lambda pair: pair["more"]["name"])
def test_the_worse_of_a_pair_ranks_higher(pair: dict[str, Any]) -> None:
    assert pair["reason"]
    assert score_of(pair["less"]["findings"]) < score_of(pair["more"]["findings"])
