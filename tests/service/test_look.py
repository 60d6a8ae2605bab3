"""A check may be of some kinds, more or less thorough, or in steps that go no further than the decision needs."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import used
from photoscan.errors import UsageError, WorkerLostError
from photoscan.options import PROFILES, Limits, ScanOptions
from photoscan.outside.chosen import Chosen
from photoscan.service import task
from photoscan.service.app import create_app
from photoscan.service.look import FILE, WHOLE, Look, is_final, kinds
from photoscan.service.problem import ProblemError
from photoscan.service.settings import Settings, load_policies
from tests.service.stub import Pool
from tests.service.test_app import App, photo, problem


def steps(look: Look, **usual: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(name, options.profile, options.only) for name, options in look.steps(ScanOptions(**usual))]


@pytest.mark.parametrize(
    ("look", "usual", "expected"),
    [
        (WHOLE, "balanced", [("balanced", "balanced", ())]),
        (WHOLE, "fast", [("fast", "fast", ())]),
        (Look("thorough"), "fast", [("thorough", "thorough", ())]),
        (Look(only=("face",)), "fast", [("fast", "fast", ("face",))]),
        (Look(tiers=True), "fast", [("metadata", "fast", FILE), ("fast", "fast", ())]),
        (
            Look(tiers=True),
            "balanced",
            [("metadata", "balanced", FILE), ("fast", "fast", ()), ("balanced", "balanced", ())],
        ),
        # Of some kinds there is nothing to take in steps.
        (Look(only=("face",), tiers=True), "balanced", [("balanced", "balanced", ("face",))]),
    ],
)
def test_the_steps_of_a_look(look: Look, usual: str, expected: list[Any]) -> None:
    assert steps(look, profile=usual) == expected


@given(st.builds(Look, st.sampled_from([None, *PROFILES]), st.just(()), st.booleans()), st.sampled_from(PROFILES))
def test_the_last_step_is_always_the_whole_look(look: Look, usual: Any) -> None:
    last, profile, only = steps(look, profile=usual)[-1]
    assert (last, profile, only) == (look.profile or usual, look.profile or usual, ())


@pytest.mark.parametrize(
    ("step", "decision", "final"),
    [
        ("metadata", "block", True),
        ("metadata", "review", False),
        ("metadata", "allow", False),
        ("metadata", "incomplete", False),
        ("fast", "block", True),
        ("fast", "review", True),
        ("fast", "allow", False),
        ("fast", "incomplete", False),
    ],
)
def test_what_is_forbidden_needs_no_closer_look_and_what_is_allowed_always_does(
    step: str, decision: str, final: bool
) -> None:
    assert is_final(step, decision) is final


@pytest.mark.parametrize(
    ("words", "found"),
    [(None, ()), ("", ()), ("metadata", ("metadata",)), (" face , metadata.gps,", ("face", "metadata.gps"))],
)
def test_kinds_of_a_parameter(words: str | None, found: tuple[str, ...]) -> None:
    assert kinds(words) == found


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError):
        kinds("metadata,faec")


@pytest.mark.parametrize(
    ("path", "light"),
    [
        ("/v1/check?only=metadata", True),
        ("/v1/gate?only=metadata.gps,metadata.person", True),
        ("/v1/check/text", True),
        ("/v1/check", False),
        ("/v1/check?only=metadata,face", False),
        ("/v1/check?only=metadata&copy=true", False),
        ("/v1/check?tiers=true", False),
        ("/v1/clean?metadata_only=true", False),
    ],
)
def test_what_needs_no_look_at_a_picture_has_a_lane_of_its_own(path: str, light: bool) -> None:
    heavy, quick = Pool(), Pool()
    app, _ = create_app(Settings(), heavy, light=quick)
    shell = App()
    shell.app = app
    body = b"hello" if path.endswith("text") else photo("decide allow")
    assert shell.check(body, path).status_code in (200, 204)
    assert (len(heavy.jobs), len(quick.jobs)) == (not light, light)


def test_the_light_lane_loads_no_model_and_says_what_the_other_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task.models, "Runtime", None)
    work = task.set_up_light(Chosen(), load_policies(("platform",)), ScanOptions())
    with used.watched() as use:
        answer = work(task.ServiceRequest("text", b"My IC is 880214-14-5678", "platform"))
    assert isinstance(answer, task.Answer)
    assert answer.decision == "block"
    assert list(use.models) == []


def test_bodies_of_photos_leave_room_for_texts_and_those_of_files_for_photos() -> None:
    app = App(max_bytes=100_000, queue=1)
    with app.service.gate.body() as photos:
        photos.grow(app.service.gate.buffer)
        problem(app.check(photo("decide allow")), "full")
        assert app.check(b"hello", "/v1/check/text").status_code == 200
        assert app.check(photo("decide allow"), "/v1/check?only=metadata").status_code == 200
    with app.service.light.gate.body() as files:
        files.grow(app.service.light.gate.buffer)
        problem(app.check(b"hello", "/v1/check/text"), "full")
        assert app.check(photo("decide allow")).status_code == 200
    assert app.service.gate.buffered == app.service.light.gate.buffered == 0


def test_a_short_deadline_lets_texts_wait_for_each_other() -> None:
    lane = App(deadline=1.0).service.light.gate
    lane.taken = 5
    lane.check()
    lane.took(10.0)
    with pytest.raises(ProblemError):
        lane.check()


@pytest.mark.parametrize("lane", ["heavy", "light"])
def test_a_service_of_which_a_lane_is_broken_is_not_well(lane: str) -> None:
    def broken(timeout: float | None = None) -> bool:
        raise WorkerLostError("problem.worker.untaken")

    pools = {"heavy": Pool(), "light": Pool()}
    pools[lane].wait_ready = broken  # type: ignore[method-assign]
    shell = App()
    shell.app, _ = create_app(Settings(), pools["heavy"], light=pools["light"])
    problem(shell.ask("GET", "/healthz"), "worker_lost")
    problem(shell.ask("GET", "/readyz"), "worker_lost")


@pytest.mark.parametrize(("look", "refused"), [(Look(only=FILE), False), (WHOLE, True), (Look(tiers=True), True)])
def test_of_the_file_alone_no_picture_is_too_large(look: Look, refused: bool) -> None:
    buffer = io.BytesIO()
    Image.new("1", (400, 300)).save(buffer, "PNG")
    usual = ScanOptions(limits=Limits(max_pixels=100_000))
    found = task.answer(
        load_policies(("platform",)), usual, task.ServiceRequest("check", buffer.getvalue(), "platform", look=look)
    )
    assert (found.code == "too_large") is refused if isinstance(found, task.Failure) else not refused


@pytest.mark.parametrize("path", ["/v1/check", "/v1/gate"])
def test_a_request_says_how_to_look(path: str) -> None:
    app = App()
    app.check(photo("decide allow"), f"{path}?profile=fast&only=metadata,face&tiers=true")
    app.check(photo("decide allow"), path)
    assert [job.look for job in app.pool.jobs] == [Look("fast", ("metadata", "face"), True), WHOLE]


@pytest.mark.parametrize("path", ["/v1/check", "/v1/gate"])
def test_a_service_may_look_in_steps_unless_it_is_told_otherwise(path: str) -> None:
    app = App(tiers=True)
    for query in ("", "?tiers=false", "?tiers=true", "?only=face"):
        app.check(photo("decide allow"), path + query)
    assert [job.look.tiers for job in app.pool.jobs] == [True, False, True, True]
    app.check(photo(), "/v1/clean")
    assert app.pool.jobs[-1].look == WHOLE


@pytest.mark.parametrize("query", ["profile=quick", "only=faec", "tiers=perhaps", "profile=fast&profile=thorough"])
@pytest.mark.parametrize("path", ["/v1/check", "/v1/gate"])
def test_a_wrong_look_is_refused_before_the_photo_is(query: str, path: str) -> None:
    app = App()
    problem(app.check(photo(), f"{path}?{query}"), "usage")
    assert app.pool.jobs == []


def test_another_look_is_another_request_to_an_idempotency_key() -> None:
    app = App()
    key = {"idempotency-key": "k"}
    assert app.check(photo("decide allow"), headers=key).status_code == 200
    problem(app.check(photo("decide allow"), "/v1/check?only=metadata", headers=key), "same_key_other_body")


@pytest.mark.parametrize(
    ("verdicts", "tier", "decision", "looks"),
    [
        ({"metadata": "block"}, "metadata", "block", 1),
        ({"metadata": "review", "fast": "review"}, "fast", "review", 2),
        ({"metadata": "allow", "fast": "block"}, "fast", "block", 2),
        ({"metadata": "allow", "fast": "allow", "balanced": "allow"}, "balanced", "allow", 3),
        ({"metadata": "allow", "fast": "allow", "balanced": "review"}, "balanced", "review", 3),
        ({"metadata": "incomplete", "fast": "incomplete", "balanced": "allow"}, "balanced", "allow", 3),
    ],
)
def test_a_look_in_steps_ends_where_it_is_decided(
    verdicts: dict[str, str], tier: str, decision: str, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    class Scans:
        def __init__(self, options: ScanOptions, *_: object) -> None:
            self.step = "metadata" if options.only == FILE else options.profile

        def scan(self, _: object) -> Any:
            made.append(self.step)
            return type("Report", (), {"verdict": verdicts[self.step], "detectors": ()})

    def told(report: Any, scanner: Scans, _: Any, more: dict[str, Any]) -> Any:
        return task.Answer(json.dumps(more).encode(), decision=report.verdict)

    monkeypatch.setattr(task, "Scanner", Scans)
    monkeypatch.setattr(task, "_checked", told)
    data = b"\x89PNG\r\n\x1a\n"
    monkeypatch.setattr(task.Photo, "open", lambda *_: data)
    asked = task.ServiceRequest("check", data, "platform", look=Look(tiers=True))
    answer = task.answer(load_policies(("platform",)), ScanOptions(), asked)
    assert isinstance(answer, task.Answer)
    assert (answer.decision, json.loads(answer.body)["tier"], len(made)) == (decision, tier, looks)


def test_a_copy_with_a_check_is_asked_for_by_name() -> None:
    app = App()
    app.check(photo("decide review"), "/v1/check?copy=true")
    app.check(photo("decide review"))
    assert [job.copy for job in app.pool.jobs] == [True, False]
    problem(app.check(photo(), "/v1/gate?copy=true"), "usage")
