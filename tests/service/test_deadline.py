"""The deadline's way: from the service into the worker, which answers in time with what it found."""

from __future__ import annotations

import io
import json
import time
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import deadline
from photoscan.catalog import text
from photoscan.deadline import OutOfTimeError
from photoscan.options import ScanOptions
from photoscan.service import task
from photoscan.service.gate import LATE, LEAST_MARGIN, MOST_MARGIN, Gate
from photoscan.service.look import Look
from photoscan.service.settings import load_policies
from photoscan.service.task import Answer, Failure, ServiceRequest
from tests.service.stub import CHECKED, Pool, photo
from tests.service.test_app import App, problem


def picture(gps: bool = True) -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (3.0, 8.0, 24.0), 3: "E", 4: (101.0, 41.0, 12.0)})
    Image.new("RGB", (64, 64), "white").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def done(kind: Any = "check", **how: Any) -> task.Result:
    asked = ServiceRequest(kind, picture(), how.pop("policy", "platform"), **how)
    return task.answer(load_policies(("platform",)), ScanOptions(), asked)


def test_past_its_time_an_answer_holds_what_the_file_says() -> None:
    answer = done(until=monotonic() - 1)
    assert isinstance(answer, Answer)
    document = json.loads(answer.body)
    assert document["decision"] == "incomplete"
    assert "metadata.gps" in {finding["kind"] for finding in document["report"]["findings"]}
    rows = {(row["name"], row["status"], row["reason"]) for row in document["report"]["detectors"]}
    assert {("gps", "ok", None), ("face", "skipped", "deadline")} <= rows
    assert answer.decision == "incomplete"


def test_what_the_file_says_forbids_also_past_the_time() -> None:
    answer = done(until=monotonic() - 1, policy="strict")
    assert isinstance(answer, Answer)
    assert answer.decision == "block"


def test_a_report_that_was_cut_short_is_not_kept_for_a_clean() -> None:
    answer = done(until=monotonic() - 1, keep=True)
    assert isinstance(answer, Answer)
    assert answer.kept is None


def test_in_steps_nothing_more_is_begun_past_the_time() -> None:
    answer = done(until=monotonic() - 1, look=Look(tiers=True))
    assert isinstance(answer, Answer)
    assert (json.loads(answer.body)["tier"], answer.decision) == ("metadata", "incomplete")


@pytest.mark.parametrize("look", [Look(), Look(tiers=True), Look(profile="fast")])
def test_a_copy_that_there_is_no_time_for_is_told_and_not_begun(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*_: Any, **__: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr("photoscan.service.copying.make_safe_copy", begun)
    answer = done(until=monotonic() - 1, copy=True, look=look)
    assert isinstance(answer, Answer)
    document = json.loads(answer.body)
    assert (document["copy"], document["no_copy"]) == (None, text("reason.deadline", "en"))


def test_a_clean_that_there_is_no_time_for_may_be_asked_again() -> None:
    failure = done("clean", until=monotonic() - 1)
    assert isinstance(failure, Failure)
    assert (failure.code, failure.status) == ("deadline", 503)


def test_also_where_time_ends_in_the_midst_of_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any, **__: Any) -> Any:
        raise OutOfTimeError

    monkeypatch.setattr(task, "make_safe_copy", late)
    failure = done("clean")
    assert isinstance(failure, Failure)
    assert failure.code == "deadline"
    monkeypatch.setattr("photoscan.service.copying.make_safe_copy", late)
    answer = done(copy=True)
    assert isinstance(answer, Answer)
    assert "time" in json.loads(answer.body)["no_copy"]


def test_a_photo_travels_with_the_time_that_is_left_to_it() -> None:
    app = App(deadline=20.0)
    before = monotonic()
    app.check(photo("decide allow"))
    (asked,) = app.pool.jobs
    assert asked.until is not None
    assert before + 20 * (1 - MOST_MARGIN) <= asked.until <= monotonic() + 20 * (1 - LEAST_MARGIN)
    app = App()
    app.check(photo("decide allow"))
    assert app.pool.jobs[0].until is None


def test_a_worker_that_has_no_time_left_is_told_as_the_deadline() -> None:
    app = App(Pool(lambda job: Failure("deadline", 503, "")), deadline=20.0)
    answer = app.check(path="/v1/clean")
    problem(answer, "deadline")
    assert int(answer.headers["retry-after"]) >= 1


def test_the_margin_follows_how_late_answers_were() -> None:
    gate = Gate(10, 2, 1000, deadline=10.0)
    assert gate.margin == LEAST_MARGIN * 10
    assert gate.patience == LATE * 10
    gate.stopped(2.0)
    assert gate.margin == 2.5
    for _ in range(20):
        gate.stopped(0.01)
    assert 1 < gate.margin < 2.5
    for _ in range(500):
        gate.stopped(0.01)
    assert gate.margin == pytest.approx(LEAST_MARGIN * 10)


def test_where_workers_had_to_be_ended_others_are_told_to_end_earlier() -> None:
    gate = Gate(10, 2, 1000, deadline=10.0)
    before = gate.margin
    gate.dropped(running=False, late=True)
    gate.dropped(running=True, late=False)
    assert gate.margin == before
    for _ in range(30):
        gate.dropped(running=True, late=True)
        assert gate.margin >= before
        before = gate.margin
    assert gate.margin == MOST_MARGIN * 10


@given(st.lists(st.floats(0, 1e6), max_size=20), st.floats(0.01, 1e4))
def test_there_is_always_time_to_look_and_always_a_margin(late: list[float], seconds: float) -> None:
    gate = Gate(10, 2, 1000, deadline=seconds)
    for after in late:
        gate.stopped(after)
    assert LEAST_MARGIN * seconds * 0.999 <= gate.margin <= MOST_MARGIN * seconds * 1.001


def test_without_a_deadline_nothing_is_given_up() -> None:
    gate = Gate(10, 2, 1000)
    assert gate.looks_until is None
    assert gate.patience is None


def test_an_answer_that_came_late_makes_the_margin_larger() -> None:
    def slowly(job: ServiceRequest) -> Answer:
        time.sleep(0.5)
        return Answer(CHECKED, decision="block")

    app = App(Pool(slowly), deadline=0.5)
    assert app.check().status_code == 200
    assert app.service.gate.margin > LEAST_MARGIN * 0.5
    with deadline.within(None):
        deadline.check()
