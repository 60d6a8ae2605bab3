"""The cost model: its formulas by hand, its page from measured figures alone, what is kept of others' photos."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from benchmarks import cost, cost_model
from benchmarks.cost_model import Assumptions

RESULTS = json.loads(cost.RESULTS.read_text("utf-8"))
NAMES = [f"{sort} {size}" for sort in cost.SORTS for size in cost.SIZES]
SECONDS = {"fast": 1.0, "balanced": 4.0, "all-steps": 4.5, "thorough": 8.0}
EVEN = Assumptions(
    core_hour=0.05,
    cores=10,
    peak=2.0,
    filled=0.5,
    share_1=0.5,
    share_2=0.25,
    street=0.4,
    stopped_file=0,
    stopped_fast=0,
)


def figures(**seconds: float) -> dict:
    """Results in which every photo costs the same in a look, a fourth of it outside networks."""
    photos = [
        {"engine": "onnxruntime", "look": look, "photo": name, "seconds": s, "networks": s * 0.75}
        for look, s in (SECONDS | seconds).items()
        for name in NAMES
    ]
    light = [{"engine": "onnxruntime", "look": "light", "photo": name, "seconds": 0.01} for name in [*NAMES, "text"]]
    told = {"measured": "2026-11-29", "photoscan": "0", "processor": "a processor", "rounds": 1}
    return {**told, "photos": photos, "light": light}


def test_the_page_says_what_was_measured() -> None:
    text = cost.PAGE.read_text("utf-8")
    assert cost.page(text, RESULTS) == text, "run python -m benchmarks.cost page"


def test_a_figure_that_changes_changes_the_page_and_nothing_else_of_it() -> None:
    text = cost.PAGE.read_text("utf-8")
    other = cost.page(text, RESULTS | {"measured": "2031-01-01"})
    assert "Measured on 2031-01-01" in other
    assert other.partition(cost.BEGIN)[0] == text.partition(cost.BEGIN)[0]
    assert cost.page(other, RESULTS) == text


def test_all_that_the_page_promises_was_measured() -> None:
    for look in (*cost.PROFILES, cost_model.ALL_STEPS):
        for name in NAMES:
            assert cost_model.seconds(RESULTS, look, name) > 0
    assert cost_model.seconds(RESULTS, "light", "text") > 0
    assert {row["look"] for row in RESULTS["ordinary"]} == {"file", "fast", "balanced", "steps"}


def test_of_ordinary_photos_only_sums_are_kept() -> None:
    for row in RESULTS["ordinary"]:
        assert set(row) == {"engine", "look", "photos", "seconds", "decisions", "tiers"}
        assert row["photos"] >= 20
        assert sum(row["decisions"].values()) == row["photos"]


def test_cores_machines_and_dollars_by_hand() -> None:
    # 1,080,000 photos of 4 seconds: 50 cores on average, 100 at the peak, 200 where half of each is used.
    assert cost_model.cores(1_080_000, 4.0, EVEN) == pytest.approx(200)
    assert cost_model.machines(1_080_000, 4.0, EVEN) == 20
    assert cost_model.machines(1_080_001, 4.0, EVEN) == 21
    assert cost_model.machines(1, 4.0, EVEN) == 1
    follows, always = cost_model.dollars(1_080_000, 4.0, EVEN)
    assert follows == pytest.approx(50 / 0.5 * 0.05 * 730)
    assert always == pytest.approx(200 * 0.05 * 730)


def test_the_mixture_weighs_sizes_and_sorts() -> None:
    results = figures()
    for row in results["photos"]:
        if row["look"] == "balanced":
            sort, size = row["photo"].split()
            row["seconds"] = {"plain": 1.0, "street": 10.0}[sort] * {"1": 1, "2": 2, "12": 12}[size]
    sizes, sorts = 0.5 * 1 + 0.25 * 2 + 0.25 * 12, 0.6 * 1 + 0.4 * 10
    assert cost_model.mean(results, "balanced", EVEN) == pytest.approx(sizes * sorts)
    assert sum(EVEN.sizes.values()) == pytest.approx(1)
    assert sum(EVEN.sorts.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("file", "fast", "seconds"),
    [
        (0.0, 0.0, 4.5),  # nothing is decided early: all three steps, which share their work
        (1.0, 0.0, 0.01),  # the file decides all
        (0.0, 1.0, 0.01 + 1),
        (0.25, 0.25, 0.25 * 0.01 + 0.25 * (0.01 + 1) + 0.5 * 4.5),
    ],
)
def test_steps_pay_for_each_look_that_is_reached(file: float, fast: float, seconds: float) -> None:
    given = replace(EVEN, stopped_file=file, stopped_fast=fast)
    assert cost_model.mean(figures(), "steps", given) == pytest.approx(seconds)


def test_a_gpu_leaves_what_no_network_does() -> None:
    assert cost_model.networks(figures(), EVEN) == pytest.approx(0.75)
    (row,) = [row for row in savings(figures()).rows if "GPU" in row[0]]
    assert row[1:] == ["1.00", "0.25"]


def test_steps_break_even_where_they_cost_as_much() -> None:
    share = cost_model.even(figures(), EVEN)
    given = replace(EVEN, stopped_fast=share)
    assert 0 < share < 1
    assert cost_model.mean(figures(), "steps", given) == pytest.approx(SECONDS["balanced"])
    # Where steps share so much that they never cost more, none has to be decided early.
    assert cost_model.even(figures(**{"all-steps": 3.5}), EVEN) == 0


def savings(results: dict) -> cost_model.Table:
    return next(t for t in cost_model.tables(results, EVEN) if t.title == "What changes the cost")


def test_another_engine_has_its_own_rows_and_none_where_it_was_not_measured() -> None:
    results = figures()
    assert not [row for row in savings(results).rows if "openvino" in row[0]]
    results["photos"] += [row | {"engine": "openvino", "seconds": row["seconds"] / 2} for row in results["photos"]]
    rows = {row[0]: row[1:] for row in savings(results).rows}
    assert rows["balanced, openvino"] == ["2.00", "0.5"]


def test_what_is_decided_early_is_taken_from_the_ordinary_photos() -> None:
    ordinary = [{"look": "steps", "photos": 20, "tiers": {"metadata": 1, "fast": 5, "balanced": 14}}]
    given = cost_model.of(figures() | {"ordinary": ordinary})
    assert (given.stopped_file, given.stopped_fast) == (0.05, 0.25)
    assert cost_model.of(figures()) == Assumptions()


def test_every_assumption_is_told_with_its_option() -> None:
    table = next(t for t in cost_model.tables(figures(), EVEN) if t.title == "Assumed")
    told = {row[2].strip("`-").replace("-", "_"): float(row[1]) for row in table.rows}
    assert told == {name: getattr(EVEN, name) for name in Assumptions.__dataclass_fields__}


def test_medians_are_kept_by_engine_look_and_photo() -> None:
    runs = [
        ("e", "fast", [{"photo": "a", "seconds": s, "networks": s / 2, "decision": "allow"}]) for s in (3.0, 1.0, 2.0)
    ]
    assert cost._medians(runs) == [
        {"engine": "e", "look": "fast", "photo": "a", "decision": "allow", "seconds": 2.0, "networks": 1.0}
    ]


def test_sums_of_others_photos_name_none_and_count_no_text() -> None:
    rows = [
        {"photo": "holiday of 1998", "seconds": 1.0, "decision": "allow", "tier": "fast"},
        {"photo": "second", "seconds": 3.0, "decision": "review", "tier": "fast"},
        {"photo": "text", "seconds": 99.0},
    ]
    assert cost._summed("onnxruntime", "light", rows) == {
        "engine": "onnxruntime", "look": "file", "photos": 2, "seconds": 2.0,
        "decisions": {"allow": 1, "review": 1}, "tiers": {"fast": 2},
    }  # fmt: skip
