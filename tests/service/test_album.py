"""Several photos in one request: each by itself, then what they say together."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from photoscan.catalog import LANGUAGES
from photoscan.errors import TaskFailedError, WorkerLostError, WorkerTimeoutError
from photoscan.finding import Field, Finding, Region, with_ids
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.risk.policy import Policy
from photoscan.service import album, documents
from photoscan.service.task import Answer, Failure, Result, ServiceRequest
from photoscan.service.together import packed, together
from photoscan.service.written import written
from tests.risk.reports import made
from tests.service.stub import CANARY, Pool, do, photo
from tests.service.test_app import App, problem

POLICY = Policy.load("platform")
ALBUM = {"$ref": "#/components/schemas/Album", "components": {"schemas": documents.components()}}


def seen(kind: Kind, value: str | None = None, sure: float = 0.95, **more: Any) -> Finding:
    place = Field("exif", "x") if kind.value.startswith("metadata") else Region(Box(5, 5, 90, 40))
    return Finding(kind, sure, place, "detector", "why", value, more)


def report(*findings: Finding) -> Report:
    return assess(made(*with_ids(findings)), POLICY)


def of(*reports: Report, language: str = "en") -> dict[str, Any]:
    return together(packed({n: written(one) for n, one in enumerate(reports, 1)}), POLICY, language)


CHILD, SCHOOL = report(seen(Kind.FACE_CHILD)), report(seen(Kind.TEXT_SCHOOL, "SK Contoh Permai"))


def test_a_child_and_its_school_in_two_photos() -> None:
    found = of(CHILD, report(), SCHOOL)
    (row,) = (row for row in found["combinations"] if row["id"] == "child_with_school")
    assert row["photos"] == [1, 3]
    ids = {(1, CHILD.findings[0].id), (3, SCHOOL.findings[0].id)}
    assert {(one["photo"], one["id"]) for one in row["findings"]} == ids
    assert found["decision"] == "review"
    for language in LANGUAGES:
        assert of(CHILD, SCHOOL, language=language)["combinations"][0]["message"]


UNTOLD = {
    "one photo has it already": (report(*CHILD.findings, *SCHOOL.findings), report()),
    "only possible": (report(seen(Kind.FACE_CHILD, sure=0.3)), SCHOOL),
    "exempt": (report(seen(Kind.FACE_CHILD, exempt="reviewed")), SCHOOL),
    "one of them alone": (CHILD, CHILD),
}


@pytest.mark.parametrize("case", sorted(UNTOLD))
def test_what_is_no_combination_of_several(case: str) -> None:
    assert "child_with_school" not in {row["id"] for row in of(*UNTOLD[case])["combinations"]}


def test_what_repeats_is_told_and_masked() -> None:
    plate = report(seen(Kind.PLATE, "BQU 5613"))
    found = of(plate, report(), plate)
    (row,) = found["repeats"]
    assert (row["kind"], row["photos"]) == ("plate", [1, 3])
    assert "5613" not in json.dumps(found)
    assert of(plate, report())["repeats"] == []


def test_a_place_is_lent_to_photos_of_the_same_minutes() -> None:
    where = seen(Kind.METADATA_GPS, "3.139003, 101.686855")
    at = [seen(Kind.METADATA_DATETIME, f"2026:05:01 10:0{minute}:00") for minute in range(2)]
    (row,) = of(report(where, at[0]), report(seen(Kind.FACE), at[1]))["joined"]
    assert (row["beside"], row["photos"]) == (1, [2])
    assert "101.6868" not in row["message"]


def test_what_is_harmless_stays_so() -> None:
    assert of(report(), report()) == {"decision": "allow", "combinations": [], "repeats": [], "joined": []}


# Through the application

DEATHS = {"worker_lost": WorkerLostError, "timeout": WorkerTimeoutError, "crash": TaskFailedError}
"""Errors of the pool, whose messages are for the log."""


def worker(job: ServiceRequest) -> Result:
    """Looks as its photo says: 'see child', 'see school', or as the stub."""
    if job.kind == "album":
        found = together(job.data, POLICY, job.language)
        return Answer(json.dumps(found).encode())
    order = job.data[4:].partition(b"\n")[0].decode()
    if order in DEATHS:
        raise DEATHS[order]("problem.worker.died", death=CANARY)
    if not order.startswith("see "):
        return do(job)
    one = {"child": CHILD, "school": SCHOOL, "nothing": report(), "much": report(*[seen(Kind.PLATE)] * 200)}[order[4:]]
    body = {
        "decision": one.verdict,
        "reasons": [reason.to_dict("en") for reason in one.decision.reasons],
        "notices": one.to_dict()["notices"],
        "policy": dict(one.policy),
        "report": one.to_dict(),
    }
    return Answer(json.dumps(body).encode(), decision=one.verdict, kept=written(one) if job.keep else None)


def send(app: App, *orders: str, **more: Any) -> Any:
    files = [("photo", (f"{CANARY}.jpg", photo(order))) for order in orders]
    return app.ask("POST", "/v1/album", files=files, **more)


def told(*orders: str, app: App | None = None, **more: Any) -> dict[str, Any]:
    answer = send(app or App(Pool(worker)), *orders, **more)
    assert answer.status_code == 200, answer.text
    assert CANARY not in answer.text
    row: dict[str, Any] = answer.json()
    jsonschema.validate(row, ALBUM)
    assert [one["photo"] for one in row["photos"]] == list(range(1, len(orders) + 1))
    return row


def test_an_album_is_answered_photo_by_photo_and_as_a_whole() -> None:
    app = App(Pool(worker))
    found = told("see child", "see nothing", "see school", app=app, data={"caption": "hello"})
    assert [row["photos"] for row in found["together"]["combinations"] if row["id"] == "child_with_school"] == [[1, 3]]
    assert found["photos"][1]["decision"] == "allow"
    assert found["photos"][0]["kinds"]["face.child"]["title"] == "Child's face"
    assert found["together"]["left_out"] == []
    assert [job.caption for job in app.pool.jobs] == ["hello", None, None, None]
    assert [job.kind for job in app.pool.jobs] == ["check"] * 3 + ["album"]
    assert app.service.gate.taken == app.service.gate.buffered == 0


def test_harmless_photos_may_be_shared() -> None:
    assert told("see nothing", "see nothing")["decision"] == "allow"


@pytest.mark.parametrize("order", ["corrupt", *DEATHS])
def test_a_photo_that_nobody_saw_makes_the_whole_incomplete(order: str) -> None:
    found = told("see nothing", order, "see nothing")
    assert found["decision"] == found["photos"][1]["decision"] == "incomplete"
    assert found["photos"][1]["problem"]["code"] == order
    assert found["together"]["left_out"] == [2]
    assert [row["decision"] for row in found["photos"]][::2] == ["allow", "allow"]


def test_what_is_too_much_to_put_together_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "LARGEST", 10)
    found = told("see nothing")
    assert (found["decision"], found["together"]["left_out"]) == ("incomplete", [1])


def test_the_answer_is_bounded() -> None:
    (row,) = told("see much")["photos"]
    assert (len(row["findings"]), row["more_findings"]) == (50, 150)
    assert all(len(reason["findings"]) <= 50 for reason in row["reasons"])


def test_slots_are_counted_by_photos() -> None:
    app = App(Pool(worker), workers=1, queue=2)
    app.service.gate.taken = 1
    assert "retry-after" in send(app, *["see nothing"] * 3).headers
    problem(send(app, *["see nothing"] * 3), "full")
    assert app.pool.jobs == []
    told(*["see nothing"] * 2, app=app)
    problem(send(app, *["see nothing"] * 4), "bad_body")


@pytest.mark.parametrize("code", sorted(album.WHOLE & {"model"}))
def test_what_is_wrong_with_the_service_is_wrong_with_all(code: str) -> None:
    def broken(job: ServiceRequest) -> Result:
        return Failure(code, 503, "") if b"bad" in job.data else worker(job)

    app = App(Pool(broken))
    problem(send(app, "see nothing", "bad"), code)
    assert app.service.gate.taken == 0


def test_bodies_that_are_no_album() -> None:
    app = App(Pool(worker), max_bytes=1000)
    problem(app.ask("POST", "/v1/album", content=photo()), "bad_body")
    problem(app.ask("POST", "/v1/album", files={"caption": (None, b"hi")}), "bad_body")
    problem(app.ask("POST", "/v1/album?polcy=strict", files=[("photo", ("a.jpg", photo()))]), "usage")
    problem(app.ask("POST", "/v1/album?lang=xx", files=[("photo", ("a.jpg", photo()))]), "usage")
    assert app.pool.jobs == []


NO_PHOTOS = {
    "unsupported_format": [b"hello", b"", b"%PDF-1.7" + b" " * 9000, b"<html>" + b"x" * 80_000],
    "too_large": [photo(size=100_001)],
}


@pytest.mark.parametrize(("code", "part"), [(code, part) for code, parts in NO_PHOTOS.items() for part in parts])
def test_a_part_that_is_no_photo_has_a_row_of_its_own(code: str, part: bytes) -> None:
    app = App(Pool(worker), max_bytes=100_000, workers=1, queue=1)
    files = [("photo", (f"{CANARY}.txt", part)), ("photo", ("a.jpg", photo("see child"))), ("x", ("b.txt", part))]
    answer = app.ask("POST", "/v1/album", files=files[:2], data={"caption": "hello"})
    assert answer.status_code == 200, answer.text
    assert CANARY not in answer.text
    found = answer.json()
    jsonschema.validate(found, ALBUM)
    assert found["decision"] == found["photos"][0]["decision"] == "incomplete"
    assert (found["photos"][0]["problem"]["code"], found["photos"][1]["problem"]) == (code, None)
    assert found["photos"][1]["decision"] == CHILD.verdict
    assert found["together"]["left_out"] == [1]
    # It takes no slot, and what was written with it is still read.
    assert [job.caption for job in app.pool.jobs] == ["hello", None]
    assert app.service.gate.taken == app.service.gate.buffered == 0
    problem(app.ask("POST", "/v1/album", files=files), "bad_body")


def test_an_album_of_nothing_but_other_files_is_answered_row_by_row() -> None:
    app = App(Pool(worker))
    files = [("photo", ("a.txt", b"hello")), ("photo", ("b.txt", b""))]
    found = app.ask("POST", "/v1/album", files=files).json()
    assert [row["problem"]["code"] for row in found["photos"]] == ["unsupported_format"] * 2
    assert (found["decision"], found["together"]["left_out"]) == ("incomplete", [1, 2])


def test_all_photos_of_an_album_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "SIZES", 0)
    app = App(Pool(worker), max_bytes=500_000)
    files = [("photo", ("a.jpg", photo(size=80_000)))] * 2
    problem(app.ask("POST", "/v1/album", files=files), "too_large")


def test_an_album_of_one_says_what_its_check_says() -> None:
    found = told("see school")
    assert found["decision"] == SCHOOL.verdict
