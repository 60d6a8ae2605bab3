"""What was asked of the same pixels is not asked again within one request, and never answered by something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photoscan import repeated
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.service import task
from photoscan.service.look import Look
from photoscan.service.settings import load_policies
from photoscan.vision.centerface import CenterFace
from photoscan.vision.plate_detector import PlateDetector
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.text_recogniser import TextRecogniser

WHITE = np.full((4, 4, 3), 255, np.uint8)
DOT = WHITE.copy()
DOT[3, 3, 2] = 254


class Asked:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> int:
        self.count += 1
        return self.count


def test_inside_the_same_is_asked_once_and_outside_each_time() -> None:
    make = Asked()
    with repeated.shared():
        assert [repeated.once(make, [WHITE], "text", 1) for _ in range(3)] == [1, 1, 1]
    assert [repeated.once(make, [WHITE], "text", 1) for _ in range(2)] == [2, 3]
    with repeated.shared():
        assert repeated.once(make, [WHITE], "text", 1) == 4
        with repeated.shared(False):
            assert repeated.once(make, [WHITE], "text", 1) == 5
        assert repeated.once(make, [WHITE.copy()], "text", 1) == 4


OTHERS: dict[str, tuple[list[Any], tuple[Any, ...]]] = {
    "one level of one pixel": ([DOT], ("text", 1)),
    "another shape": ([WHITE.reshape(2, 8, 3)], ("text", 1)),
    "another type": ([WHITE.view(np.int8)], ("text", 1)),
    "more": ([WHITE, WHITE], ("text", 1)),
    "none": ([], ("text", 1)),
    "another network": ([WHITE], ("faces", 1)),
    "another threshold": ([WHITE], ("text", 2)),
    "another engine": ([WHITE], ("text", Runtime(engine="onnxruntime"))),
}


@pytest.mark.parametrize("case", sorted(OTHERS))
def test_what_differs_is_another_question(case: str) -> None:
    make = Asked()
    pixels, asked = OTHERS[case]
    with repeated.shared():
        assert repeated.once(make, [WHITE], "text", 1) == 1
        assert repeated.once(make, pixels, *asked) == 2


def test_what_went_wrong_is_tried_again() -> None:
    def fail() -> int:
        raise ZeroDivisionError

    with repeated.shared():
        with pytest.raises(ZeroDivisionError):
            repeated.once(fail, [WHITE], "text")
        assert repeated.once(lambda: 7, [WHITE], "text") == 7


def test_nobody_writes_into_what_others_are_given() -> None:
    with repeated.shared():
        first = TextDetector(Runtime()).heat(np.full((64, 64, 3), 200, np.uint8))
        before = first.copy()
        first[:] = 99
        assert (TextDetector(Runtime()).heat(np.full((64, 64, 3), 200, np.uint8)) == before).all()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    for where, name in (
        (TextDetector, "_heat"),
        (TextRecogniser, "_readings"),
        (CenterFace, "_detect"),
        (PlateDetector, "_detect"),
    ):
        real = getattr(where, name)

        def run(*given: Any, real: Any = real, where: type = where) -> Any:
            made.append(where.__name__)
            return real(*given)

        monkeypatch.setattr(where, name, staticmethod(run))
    return made


def report(found: task.Result) -> dict[str, Any]:
    assert isinstance(found, task.Answer)
    told: dict[str, Any] = json.loads(found.body)["report"]
    for row in told["detectors"]:
        row["seconds"] = 0
    return told


def test_steps_share_what_they_ask_and_say_what_a_whole_look_says(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = counted(monkeypatch)
    data = (demo / "landscape.jpg").read_bytes()

    def ask(**how: Any) -> dict[str, Any]:
        made.clear()
        request = task.ServiceRequest("check", data, "platform", **how)
        return report(task.answer(load_policies(("platform",)), ScanOptions(), request))

    whole, alone = ask(), len(made)
    ask(look=Look("fast"))
    fast = len(made)
    assert ask(look=Look(tiers=True)) == whole
    assert alone <= len(made) < alone + fast
