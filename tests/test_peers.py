"""The comparison with other programs: what counts as found, and what as told falsely."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import peers

FACE = {"kind": "face", "value": None, "box": [100, 100, 40, 40]}
PLACE = {"kind": "metadata.gps", "value": "6.320094,99.843500", "box": None}
NAME = {"kind": "metadata.person", "value": "HakimYusri", "box": None}
CARD = {"kind": "document.id_card", "value": None, "box": [0, 0, 100, 60]}


@pytest.mark.parametrize(
    ("row", "thing", "held"),
    [
        ({"family": "face", "box": [90, 90, 60, 60]}, FACE, True),
        ({"family": "face", "box": [100, 100, 20, 40]}, FACE, True),
        ({"family": "face", "box": [100, 100, 19, 40]}, FACE, False),
        ({"family": "face", "box": [300, 100, 60, 60]}, FACE, False),
        ({"family": "text", "box": [90, 90, 60, 60]}, FACE, False),
        ({"family": "face", "value": "somebody"}, FACE, False),
        ({"family": "metadata", "value": "6.32009 99.8435"}, PLACE, True),
        ({"family": "metadata", "value": "6.32009 N"}, PLACE, False),
        ({"family": "metadata", "value": "Hakim Yusri"}, NAME, True),
        ({"family": "metadata", "value": ""}, NAME, False),
        ({"family": "metadata", "value": "Senja"}, NAME, False),
        ({"family": "text", "box": [0, 0, 100, 60]}, CARD, True),
    ],
)
def test_what_counts_as_the_thing(row: dict[str, Any], thing: dict[str, Any], held: bool) -> None:
    assert peers.holds(row, thing) is held


def test_programs_rows_come_to_one_form() -> None:
    line = {"text": "27", "polygon": [[1, 2], [5, 2], [5, 9], [1, 9]]}
    answer = {"fields": [["GPS", "6.3"]], "faces": [[1, 2, 3, 4]], "found": [["PERSON", 5, 6, 7, 8]], "lines": [line]}
    assert peers.told(answer) == [
        {"family": "metadata", "value": "6.3"},
        {"family": "face", "box": [1, 2, 3, 4]},
        {"family": "text", "box": [5, 6, 7, 8]},
        {"family": "text", "box": [1, 2, 4, 7], "value": "27"},
    ]


def test_found_and_false_are_counted_by_photo() -> None:
    truth = [
        {"file": "a.jpg", "expected": [FACE, NAME], "must_not": ["plate"]},
        {"file": "b.jpg", "expected": [FACE], "must_not": ["plate", "text"]},
    ]
    here = {"family": "face", "box": [100, 100, 40, 40]}
    rows = {
        "a.jpg": [here, {"family": "text", "box": [0, 0, 9, 9]}],
        "b.jpg": [{"family": "text", "box": [0, 0, 9, 9]}],
    }
    assert peers.found(rows, truth, "face") == (1, 2)
    assert peers.found(rows, truth, "metadata") == (0, 1)
    assert peers.false(rows, truth) == 1
