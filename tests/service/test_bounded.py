"""Answers of bounded length: what a photo full of numbers is told, and that its decision stays what it was."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.errors import UsageError
from photoscan.options import ScanOptions
from photoscan.service import documents, task
from photoscan.service.album import _row
from photoscan.service.bounded import FEWEST, bound_check, bound_receipt
from photoscan.service.settings import Settings, load_policies
from photoscan.service.task import Answer, ServiceRequest
from tests.service.test_app import App

NUMBERS = "\n".join(f"IC {880214 + n % 9:06d}-{14 + n % 3}-{1000 + n} call 012-{1000000 + n * 7}" for n in range(1500))


def checked(text: str, most: int) -> dict[str, Any]:
    asked = ServiceRequest("text", text.encode(), "platform", most=most)
    found = task.answer(load_policies(("platform",)), ScanOptions(), asked)
    assert isinstance(found, Answer)
    document = json.loads(found.body)
    assert found.cut == document["more_findings"]
    # What is counted for metrics is all that was found.
    assert sum(found.kinds.values()) == len(document["report"]["findings"]) + found.cut
    return document


def ids(document: dict[str, Any]) -> set[str]:
    rows = [*document["reasons"], *document["notices"], *document["report"]["risk"]["rules"]]
    return {name for row in rows for name in row["findings"]}


def test_a_text_of_a_thousand_numbers_gets_a_short_answer_and_the_same_decision() -> None:
    whole, short = checked(NUMBERS, 10**6), checked(NUMBERS, 100)
    assert len(whole["report"]["findings"]) > 1000
    assert whole["more_findings"] == 0
    assert len(short["report"]["findings"]) == 100
    assert short["more_findings"] == len(whole["report"]["findings"]) - 100
    assert len(json.dumps(short)) < 120_000
    for member in ("decision", "policy"):
        assert short[member] == whole[member]
    assert [row["message"] for row in short["reasons"]] == [row["message"] for row in whole["reasons"]]
    assert short["report"]["risk"]["score"] == whole["report"]["risk"]["score"]
    told = {row["id"] for row in short["report"]["findings"]}
    assert ids(short) <= told
    assert all(row["findings"] for row in short["report"]["risk"]["rules"])
    schema = {"$ref": "#/components/schemas/Check", "components": {"schemas": documents.components()}}
    jsonschema.validate(short, schema)
    # Those that decide are told before others.
    deciding = {name for row in whole["reasons"] for name in row["findings"]}
    assert len(told & deciding) == min(len(deciding), 100)


def test_an_ordinary_answer_is_not_touched() -> None:
    document = checked("Call 012-345 6789", FEWEST)
    assert document["more_findings"] == 0
    assert document["report"]["findings"]


ROWS = st.lists(
    st.tuples(st.sampled_from(["critical", "high", "medium", "low"]), st.floats(0, 1)), max_size=80, min_size=1
)


@given(ROWS, st.data())
def test_what_stays_is_in_its_order_and_what_names_it_names_nothing_else(
    rows: list[tuple[str, float]], data: st.DataObject
) -> None:
    findings = [{"id": f"f{n}", "severity": s, "confidence": c} for n, (s, c) in enumerate(rows)]
    names = st.lists(st.sampled_from([row["id"] for row in findings]), min_size=1, unique=True)
    document: dict[str, Any] = {
        "reasons": [{"findings": data.draw(names)} for _ in range(2)],
        "notices": [{"findings": data.draw(names)}],
        "report": {"findings": list(findings), "risk": {"rules": [{"findings": data.draw(names)} for _ in range(3)]}},
    }
    more = bound_check(document, 10)
    kept = document["report"]["findings"]
    assert len(kept) == min(10, len(findings))
    assert more == document["more_findings"] == len(findings) - len(kept)
    assert kept == [row for row in findings if row in kept]
    assert ids(document) <= {row["id"] for row in kept}
    assert all(row["findings"] for row in [*document["reasons"], *document["report"]["risk"]["rules"]])


def test_a_receipt_is_bounded_too() -> None:
    receipt: dict[str, Any] = {"found": [1] * 60, "hidden": [1] * 55, "removed": [1] * 3, "proofs": ["a"]}
    assert bound_receipt(receipt, 50) == 10
    assert (len(receipt["found"]), len(receipt["hidden"]), len(receipt["removed"])) == (50, 50, 3)
    assert receipt["more"] == {"found": 10, "hidden": 5}
    whole: dict[str, Any] = {"found": [1], "hidden": [], "removed": []}
    assert bound_receipt(whole, 50) == 0
    assert "more" not in whole


def test_an_album_counts_what_was_not_told_before() -> None:
    document = checked(NUMBERS, 100)
    row = _row(1, Answer(json.dumps(document).encode(), decision=document["decision"]), "en")
    assert len(row["findings"]) == 50
    assert row["more_findings"] == 50 + document["more_findings"]


def test_the_bound_is_the_settings_and_counted() -> None:
    app = App(findings=60)
    app.check()
    assert app.pool.jobs[0].most == 60
    with pytest.raises(UsageError):
        Settings(findings=FEWEST - 1)
