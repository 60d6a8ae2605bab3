"""The teacher's routes: the lesson as JSON, by the same door as the page; and the photos of the rounds."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from photoscan.workshop.app import Workshop
from photoscan.workshop.game import rounds
from photoscan.workshop.game.host import Host
from photoscan.workshop.lesson import LONGEST_BODY, LessonRoutes
from tests.workshop.conftest import client_of
from tests.workshop.game.drawing import ROUNDS, SIGN, album
from tests.workshop.stub import StubScanner

MARK = {"at": list(SIGN.centre), "sure": True}
OPEN = {"teams": ["Otters", "Owls"], "rounds": ["street", "calm"], "seconds": 90}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    made = Workshop(StubScanner(), "en")
    drawn = album(tmp_path)
    made.lesson = LessonRoutes(album=lambda: drawn)
    yield client_of(made)
    made.desk.close()


def test_a_lesson_by_its_routes(client: TestClient) -> None:
    told = client.post("/api/lesson", json=OPEN).json()
    assert (told["phase"], told["rounds"]) == ("lobby", ["street", "calm"])
    told = client.post("/api/lesson/start").json()
    assert told["round"]["seconds_left"] == 90
    told = client.put("/api/lesson/marks", json={"team": "t2", "marks": [MARK]}).json()
    assert told["teams"][1]["marks"] == [MARK]
    assert client.get("/api/lesson").json() == told
    assert client.get("/api/lesson", params={"since": told["version"] - 1}).json() == told
    assert client.post("/api/lesson/show").json()["shown"]["leaks"][0]["found"] == ["t2"]
    assert client.post("/api/lesson/next").json()["round"]["index"] == 1
    assert client.post("/api/lesson/finish").json()["phase"] == "podium"
    assert client.delete("/api/lesson").status_code == 204
    assert client.get("/api/lesson").status_code == 204
    assert client.get("/api/lesson", params={"since": 1}).status_code == 404


def test_nothing_new_is_no_content(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoscan.workshop.game.host.LONGEST_WAIT", 0.01)
    told = client.post("/api/lesson", json=OPEN).json()
    assert client.get("/api/lesson", params={"since": told["version"]}).status_code == 204


def test_another_lesson_takes_the_place_of_the_first(client: TestClient) -> None:
    client.post("/api/lesson", json=OPEN)
    client.post("/api/lesson/start")
    assert client.post("/api/lesson", json=OPEN).json()["phase"] == "lobby"


BAD = [
    b"", b"[]", b"null", b"{", b'{"a": 1}', b"\xff", b"[" * 100_000, b" " * (LONGEST_BODY + 1),
    *(json.dumps(OPEN | change).encode() for change in (
        {"teams": None}, {"teams": "Otters"}, {"teams": []}, {"teams": [None]}, {"teams": ["x" * 99]},
        {"rounds": None}, {"rounds": ["nowhere"]}, {"rounds": [["street"]]}, {"rounds": ["street", "street"]},
        {"rounds": ["../street"]}, {"rounds": ["monday"]},
        {"seconds": "90"}, {"seconds": True}, {"seconds": 1.5}, {"seconds": -1}, {"seconds": 10**30},
    )),
]  # fmt: skip


@pytest.mark.parametrize("body", BAD)
def test_a_lesson_that_makes_no_sense_is_refused(body: bytes, client: TestClient) -> None:
    answer = client.post("/api/lesson", content=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "usage"
    assert client.get("/api/lesson").status_code == 204


@pytest.mark.parametrize(
    "body", [{}, {"team": "t9", "marks": []}, {"team": ["t1"], "marks": []}, {"team": "t1", "marks": [{"at": [1]}]}]
)
def test_marks_that_make_no_sense_are_refused(body: dict[str, object], client: TestClient) -> None:
    client.post("/api/lesson", json=OPEN)
    client.post("/api/lesson/start")
    assert client.put("/api/lesson/marks", json=body).status_code == 422


@pytest.mark.parametrize("step", ["show", "next"])
def test_a_step_at_the_wrong_time_is_a_conflict(step: str, client: TestClient) -> None:
    client.post("/api/lesson", json=OPEN)
    answer = client.post(f"/api/lesson/{step}")
    assert (answer.status_code, answer.json()["code"]) == (409, "late")


def test_without_a_lesson_there_is_none(client: TestClient) -> None:
    for step in ("start", "show", "next", "finish"):
        assert client.post(f"/api/lesson/{step}").status_code == 404
    assert client.delete("/api/lesson").status_code == 204


def test_a_pupil_is_sent_out(tmp_path: Path) -> None:
    made = Workshop(StubScanner(), "en")
    host = Host(lambda: album(tmp_path))
    made.lesson = LessonRoutes(host, lambda: album(tmp_path))
    client = client_of(made)
    client.post("/api/lesson", json=OPEN)
    assert host.lesson is not None
    host.lesson.join("Ana")
    (ana,) = client.get("/api/lesson").json()["pupils"]
    assert client.delete(f"/api/lesson/pupils/{ana['id']}").json()["pupils"] == []
    assert client.delete(f"/api/lesson/pupils/{ana['id']}").status_code == 404
    made.desk.close()


def test_another_page_can_t_change_the_lesson(client: TestClient) -> None:
    for method, path in (("POST", ""), ("POST", "/start"), ("PUT", "/marks"), ("DELETE", "")):
        answer = client.request(method, f"/api/lesson{path}", headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403


def test_the_photos_are_told_without_what_is_in_them(client: TestClient) -> None:
    told = client.get("/api/rounds").json()
    assert [row["name"] for row in told["rounds"]] == [one.name for one in ROUNDS]
    assert {key for row in told["rounds"] for key in row} == {"name", "width", "height"}


def test_a_round_s_photo_and_a_story_s_are_there_and_no_other_file(client: TestClient) -> None:
    for name in ("street", "cat", "monday"):
        answer = client.get(f"/api/rounds/{name}")
        assert answer.headers["content-type"] == "image/jpeg"
        assert Image.open(io.BytesIO(answer.content)).size == (1000, 600)
    for name in ("truth", "truth.json", "street.jpg", "..%2Fstreet", "nobody"):
        assert client.get(f"/api/rounds/{name}").status_code == 404


def test_what_a_file_says_is_shown_where_it_says_something(client: TestClient) -> None:
    answer = client.get("/api/rounds/cat/preview")
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (160, 120)
    told = client.get("/api/rounds/cat/place").json()
    assert [round(float(one), 3) for one in told["value"].split(", ")] == [3.139, 101.687]
    assert told["near"]["within"] <= 5
    assert client.get("/api/rounds/street/preview").status_code == 404
    assert client.get("/api/rounds/street/place").status_code == 404
    assert client.get("/api/rounds/nobody/place").status_code == 404


def test_a_broken_truth_is_no_game(tmp_path: Path) -> None:
    for text in ("", "{}", '{"rounds": [{}], "story": []}', '{"rounds": 3, "story": []}'):
        (tmp_path / "truth.json").write_text(text, "utf-8")
        with pytest.raises((ValueError, KeyError, TypeError)):
            rounds.read(tmp_path)
