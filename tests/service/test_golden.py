"""The real service with the real models: one golden report through every way in, and hostile photos."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest

from fixtures import corrupt
from photoscan import Photo, Scanner, ScanOptions, used
from photoscan.catalog import text
from photoscan.clean_phrases import RefusedError
from photoscan.client import Client
from photoscan.models import sessions
from photoscan.options import Limits
from photoscan.outside.chosen import Chosen
from photoscan.service import copying, documents, task
from photoscan.service.look import Look
from photoscan.service.settings import Settings, load_policies
from tests.conftest import Run
from tests.service.stub import Service, running
from tests.service.test_app import problem
from tests.test_entry_points import gist
from tests.test_offline import CANARIES

PHOTO = "identity_card.jpg"
POLICIES = load_policies(())
PATIENCE = 600
"""Seconds for one photo: a busy machine is no fault. What becomes of slow ones is tested in test_faults.py."""
CHECK = {"$ref": "#/components/schemas/Check", "components": {"schemas": documents.components()}}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    command = ["-m", "tests.program", "serve", "--port", "0", "--workers", "1", "--timeout", f"{PATIENCE}"]
    with running(tmp_path_factory.mktemp("service"), command, "Models loaded") as found:
        found.http.timeout = 2 * PATIENCE
        yield found
        said = found.said()
        assert "Traceback" not in said
        # Times, sizes and numbers of requests may hold any short run of digits.
        words = re.sub(r"\b(time|in|out|ms|id)=\S+", "", said)
        assert [c for canaries in CANARIES.values() for c in canaries if c in words] == []


@pytest.fixture(scope="module")
def golden(demo: Path) -> dict[str, Any]:
    return gist(Scanner(ScanOptions(policy="platform")).scan(demo / PHOTO).to_dict())


def test_the_service_says_what_the_command_line_and_python_say(
    service: Service, run: Run, demo: Path, golden: dict[str, Any]
) -> None:
    assert gist(json.loads(run("scan", demo / PHOTO, "--policy", "platform", "--format", "json").stdout)) == golden
    raw = service.http.post("/v1/check", content=(demo / PHOTO).read_bytes()).json()
    jsonschema.validate(raw, CHECK)
    assert gist(raw["report"]) == golden
    assert raw["decision"] == golden["verdict"] == "block"
    assert raw["report"]["photo"]["path"] == "upload"
    client = Client(service.url, timeout=2 * PATIENCE).check(demo / PHOTO)
    assert gist(client.report) == golden
    (kind, *_) = client.reasons
    assert (kind["code"], kind["about"]) == ("kind", "text.national_id")
    assert set(kind["findings"]) <= {finding["id"] for finding in golden["findings"]}


def test_no_answer_names_a_value(service: Service, demo: Path) -> None:
    for name in ("holiday.jpg", "whiteboard.jpg"):
        with (demo / name).open("rb") as stream:
            said = service.http.post("/v1/check", files={"photo": stream}).text
        assert [canary for canary in CANARIES[name] if canary in said] == []


@pytest.mark.parametrize("name", sorted(corrupt.files()))
def test_broken_and_hostile_photos(name: str, service: Service) -> None:
    data, expected = corrupt.files()[name]
    answer = service.http.post("/v1/check", content=data)
    if expected == corrupt.OK:
        assert answer.status_code == 200
    else:
        problem(answer, expected)


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for the memory of processes in /proc")
def test_a_bomb_takes_no_memory(service: Service) -> None:
    before = peaks(service)
    for name in ("bomb.png", "giant.png", "giant.jpg"):
        for path in ("/v1/check", "/v1/clean"):
            problem(service.http.post(path, content=corrupt.files()[name][0]), "too_large")
    after = peaks(service)
    assert before.keys() == after.keys()
    assert all(after[pid] - before[pid] < 50_000 for pid in before)


def peaks(service: Service) -> dict[int, int]:
    """The largest resident memory that the service and its workers have had, in KiB."""
    from tests.service.test_faults import workers

    found = {}
    for pid in (service.process.pid, *workers(service)):
        status = Path(f"/proc/{pid}/status").read_text()
        found[pid] = int(status.partition("VmHWM:")[2].split()[0])
    return found


def test_a_clean_copy_gives_nothing_away_any_more(service: Service, demo: Path) -> None:
    copy = Client(service.url, timeout=2 * PATIENCE).clean(demo / PHOTO, policy="platform")
    report = Scanner(ScanOptions(policy="platform")).scan(copy.data)
    left = {finding.kind.value for finding in report.findings if finding.confidence >= 0.5}
    assert not {kind for kind in left if kind.startswith(("text.national_id", "text.address", "metadata"))}
    assert copy.receipt["source"]["path"] == "upload"
    assert copy.receipt["hidden"]
    assert "a second scan found nothing of what should be hidden" in copy.receipt["proofs"]


def test_metadata_alone_is_stripped_at_once(service: Service, demo: Path) -> None:
    copy = Client(service.url, timeout=2 * PATIENCE).clean(demo / "holiday.jpg", metadata_only=True)
    assert copy.receipt["removed"]
    assert Scanner(ScanOptions(only=("metadata",))).scan(copy.data).findings == ()


def test_a_caption_is_judged_with_its_photo(service: Service, demo: Path) -> None:
    check = Client(service.url, timeout=2 * PATIENCE).check(
        demo / "landscape.jpg", caption="Wi-Fi password: mango#Kite47", language="ms"
    )
    assert check.decision == "block"
    assert check.reasons[0]["about"] == "text.secret"
    assert check.reasons[0]["message"].startswith("Polisi tidak membenarkan")
    assert Client(service.url, timeout=2 * PATIENCE).check_text("Wi-Fi password: mango#Kite47").decision == "block"
    assert Client(service.url, timeout=2 * PATIENCE).check_text("what a view").decision == "allow"


LIMITS = Settings().limits


def done(job: task.ServiceRequest, limits: Limits = LIMITS) -> task.Result:
    return task.answer(POLICIES, ScanOptions(limits=limits), job)


def test_after_its_start_a_worker_loads_no_model(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with used.watched() as use:
        work = partial(task.set_up, Chosen(), POLICIES, ScanOptions(limits=LIMITS))()
    assert {model.name for model in use.models} >= {"age", "face-detector", "plate-detector", "text-detector"}

    def refuse(*_: object) -> None:
        raise AssertionError("a model was loaded late")

    monkeypatch.setattr(sessions, "_open", refuse)
    answer = work(task.ServiceRequest("check", (demo / PHOTO).read_bytes(), "platform"))
    assert isinstance(answer, task.Answer)
    statuses = {row["status"] for row in json.loads(answer.body)["report"]["detectors"]}
    assert statuses == {"ok"}


def test_a_telling_file_name_is_found_but_not_repeated(demo: Path) -> None:
    name = "passport of Siti Nurhaliza 880214-14-5678.jpg"
    answer = done(task.ServiceRequest("check", (demo / "landscape.jpg").read_bytes(), "strict", name=name))
    assert isinstance(answer, task.Answer)
    assert answer.kinds["metadata.filename"] == 1
    assert "Siti" not in answer.body.decode()
    assert "5678" not in answer.body.decode()
    failure = done(task.ServiceRequest("check", corrupt.files()["bomb.png"][0], "strict", name=name))
    assert isinstance(failure, task.Failure)
    assert "Siti" not in failure.detail
    assert failure.detail.startswith("20000 x 20000")
    assert "Siti" not in json.dumps(failure.document)
    copy = done(task.ServiceRequest("clean", (demo / "holiday.jpg").read_bytes(), "strict", "ms", name=name))
    assert isinstance(copy, task.Answer)
    assert "Siti" not in copy.body.decode()
    # Nor does the copy keep it.
    named = [row for row in json.loads(copy.body)["found"] if row["kind"] == "metadata.filename"]
    assert [(row["action"], row["reason"]) for row in named] == [("remove", "renamed")]


def test_what_is_known_of_a_photo_that_can_not_be_seen(demo: Path) -> None:
    data = (demo / "holiday.jpg").read_bytes()
    failure = done(task.ServiceRequest("check", data[: len(data) * 2 // 3], "platform"))
    assert isinstance(failure, task.Failure)
    assert (failure.code, failure.status) == ("corrupt", 422)
    assert failure.document is not None
    assert failure.document["decision"] == "incomplete"
    assert "metadata.gps" in {row["kind"] for row in failure.document["report"]["findings"]}
    assert {row["code"] for row in failure.document["reasons"]} >= {"unreadable", "kind"}


def test_a_clean_after_a_check_looks_at_its_copy_alone(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = task.ServiceRequest("check", (demo / PHOTO).read_bytes(), "platform", keep=True)
    checked = done(asked)
    anew = done(replace(asked, kind="clean", language="ms"))
    assert isinstance(checked, task.Answer)
    assert checked.kept is not None
    looks: list[Any] = []
    scan = Scanner.scan

    def counted(self: Scanner, *what: Any, **how: Any) -> Any:
        looks.append(what)
        return scan(self, *what, **how)

    monkeypatch.setattr(Scanner, "scan", counted)
    again = done(replace(asked, kind="clean", language="ms", known=checked.kept))
    assert len(looks) == 1
    # The copy and its receipt are those of a clean that knew nothing.
    assert isinstance(anew, task.Answer)
    assert isinstance(again, task.Answer)
    assert (again.photo, again.body) == (anew.photo, anew.body)


def test_what_is_kept_of_another_photo_makes_no_copy(demo: Path) -> None:
    kept = done(task.ServiceRequest("check", (demo / "holiday.jpg").read_bytes(), "platform", keep=True))
    assert isinstance(kept, task.Answer)
    made = done(task.ServiceRequest("clean", (demo / PHOTO).read_bytes(), "platform", known=kept.kept))
    assert isinstance(made, task.Failure)
    assert made.code == "not_cleaned"


def test_a_look_that_was_not_whole_is_not_kept(demo: Path) -> None:
    for look in (Look(only=("metadata",)), Look(profile="fast")):
        data = (demo / "landscape.jpg").read_bytes()
        answer = done(task.ServiceRequest("check", data, "platform", look=look, keep=True))
        assert isinstance(answer, task.Answer)
        assert answer.kept is None


def test_limits_are_those_that_were_set(demo: Path) -> None:
    failure = done(task.ServiceRequest("clean", (demo / PHOTO).read_bytes(), "platform"), Limits(max_pixels=1000))
    assert isinstance(failure, task.Failure)
    assert failure.code == "too_large"


def test_one_call_gives_the_decision_the_words_and_the_same_copy_as_a_clean(demo: Path) -> None:
    data = (demo / PHOTO).read_bytes()
    answer = done(task.ServiceRequest("check", data, "platform", "ms", copy=True))
    assert isinstance(answer, task.Answer)
    document = json.loads(answer.body)
    jsonschema.validate(document, CHECK)
    assert document["decision"] == answer.decision == "block"
    assert set(document["kinds"]) == {finding["kind"] for finding in document["report"]["findings"]}
    assert document["kinds"]["text.national_id"]["title"] == text("kind.text.national_id.title", "ms")
    alone = done(task.ServiceRequest("clean", data, "platform", "ms"))
    assert isinstance(alone, task.Answer)
    copy = document["copy"]
    assert base64.b64decode(copy["photo"]) == alone.photo
    assert copy["receipt"] == json.loads(alone.body)
    assert copy["decision"] == alone.decision
    # The preview shows the copy, and nothing that the copy hides.
    small, large = (Photo.open(base64.b64decode(copy[name])).pixels() for name in ("preview", "photo"))
    assert max(small.shape[:2]) <= 1024
    fitted = cv2.resize(large, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - fitted).mean() < 4
    assert "no_copy" not in document


def test_a_copy_has_a_decision_of_its_own(demo: Path) -> None:
    """The policy asks for a look at a street beside a house number, and hides neither."""
    data = (demo / "street.jpg").read_bytes()
    answer, alone = (done(task.ServiceRequest(k, data, "platform", copy=k == "check")) for k in ("check", "clean"))
    assert isinstance(answer, task.Answer)
    assert isinstance(alone, task.Answer)
    copy = json.loads(answer.body)["copy"]
    assert answer.decision == alone.decision == copy["decision"] == "review"


def test_what_may_be_shared_brings_no_copy(demo: Path) -> None:
    answer = done(task.ServiceRequest("check", (demo / "landscape.jpg").read_bytes(), "platform", copy=True))
    assert isinstance(answer, task.Answer)
    document = json.loads(answer.body)
    assert (document["decision"], document["copy"]) == ("allow", None)
    assert "no_copy" not in document


def test_a_copy_is_proved_by_a_whole_look_whatever_the_check_was_content_with(demo: Path) -> None:
    data = (demo / "holiday.jpg").read_bytes()
    answer = done(task.ServiceRequest("check", data, "platform", look=Look(only=("metadata",)), copy=True))
    alone = done(task.ServiceRequest("clean", data, "platform"))
    assert isinstance(answer, task.Answer)
    assert isinstance(alone, task.Answer)
    assert base64.b64decode(json.loads(answer.body)["copy"]["photo"]) == alone.photo


def test_where_there_can_be_no_copy_it_says_why(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RefusedError("other_photo")

    monkeypatch.setattr(copying, "make_safe_copy", refuse)
    answer = done(task.ServiceRequest("check", (demo / PHOTO).read_bytes(), "platform", copy=True))
    assert isinstance(answer, task.Answer)
    document = json.loads(answer.body)
    jsonschema.validate(document, CHECK)
    assert (document["copy"], document["no_copy"]) == (None, str(RefusedError("other_photo")))
