"""The phones' door and routes: who joined gets in, everybody to their own, and nothing of the teacher's is there."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from photoscan.workshop import bodies
from photoscan.workshop.app import Workshop
from photoscan.workshop.game.lesson import LONGEST_NAME
from photoscan.workshop.guard import ALWAYS
from photoscan.workshop.lan import app as phones
from photoscan.workshop.lan import room
from photoscan.workshop.lan.app import KEY
from photoscan.workshop.lan.pupils import numbered
from photoscan.workshop.lan.settings import MOST_PUPILS
from tests.workshop import lan_stub, stub
from tests.workshop.lan_room import Class, play, tell_here

OPEN = {"teams": ["Red", "Blue"], "rounds": ["street", "cat"], "seconds": None}
MARKS = [{"at": [120, 110], "sure": True}]


@pytest.fixture(autouse=True)
def _tells(monkeypatch: pytest.MonkeyPatch) -> None:
    tell_here(monkeypatch)


ANSWERS = {
    ("GET", "/"): 200,
    ("GET", "/api/start"): 200,
    ("GET", "/api/texts/ms"): 200,
    ("GET", "/api/rounds/street"): 404,
    ("GET", "/api/rounds/../truth.json"): 404,
    ("GET", "/api/rounds/truth"): 404,
    ("GET", "/static/../lan/app.py"): 404,
    ("GET", "/docs"): 404,
    ("POST", "/api/join"): 422,
    ("POST", "/api/leave"): 401,
    ("GET", "/api/play"): 401,
    ("PUT", "/api/play/marks"): 401,
    ("POST", "/api/photos"): 401,
    ("GET", "/api/photos/x/picture"): 401,
    ("GET", "/api/photos/x/copy/receipt"): 401,
    ("DELETE", "/api/photos/x"): 401,
}


def test_every_answer_is_strict_and_needs_a_key(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        for (method, path), status in ANSWERS.items():
            answer = await pupils.http.request(method, path)
            assert (method, path, answer.status_code) == (method, path, status)
            assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
            if status != 200:
                assert answer.json()["status"] == status

    play(tmp_path, go)


def test_no_route_of_the_teacher_is_there(tmp_path: Path) -> None:
    def routes(app: Any) -> set[tuple[str, str]]:
        found = set()
        for route in app.routes:
            found |= {(method, route.path) for method in getattr(route, "methods", None) or ()}
        return found

    async def go(pupils: Class) -> None:
        ours = routes(pupils.http._transport.app.app)  # type: ignore[attr-defined]
        theirs = routes(Workshop(lan_stub.scanner(), "en").app())
        assert {path for _, path in ours if path.startswith("/api/lesson")} == set()
        assert {path for _, path in ours & theirs} == {
            "/", "/api/start", "/api/texts/{language}", "/api/world", "/api/rounds/{name}",
            *(path for _, path in ours if path.startswith("/api/photos")),
        }  # fmt: skip
        who = await pupils.join()
        for method, path in theirs - ours:
            answer = await pupils.http.request(method, path.replace("{name}", "street"), headers=who)
            assert answer.status_code in (404, 405), path

    play(tmp_path, go)


HOSTS = ("192.168.7.1", "192.168.7.1:80", "192.168.7.2:8090", "127.0.0.1:8090", "localhost:8090", "example.org", "")
STRANGERS: dict[str, dict[str, str]] = {
    "another site": {"sec-fetch-site": "cross-site"},
    "another origin": {"origin": "http://example.org"},
    "another port": {"origin": "http://192.168.7.1:8091"},
    "no origin to speak of": {"origin": "null"},
    "a form": {"x-photoscan": ""},
}


def test_only_offered_addresses_and_the_page_itself_get_in(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        for host in HOSTS:
            for method, path in (("GET", "/"), ("POST", "/api/join"), ("GET", "/api/play")):
                assert (await pupils.http.request(method, path, headers={"host": host})).status_code == 421
        for headers in STRANGERS.values():
            answer = await pupils.http.post("/api/join", json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "refused")

    play(tmp_path, go)


BODIES = {
    "nothing": b"",
    "no object": b"[]",
    "deep": b'{"code":' + b"[" * 20_000,
    "no text": b"\xff\xfe",
    "no name": b'{"code": "CODE"}',
    "a number": b'{"code": "CODE", "name": 5}',
    "no letters": b'{"code": "CODE", "name": " \\u200b\\u202e "}',
    "too long": b'{"code": "CODE", "name": "' + b"x" * (LONGEST_NAME + 1) + b'"}',
}


def test_hostile_bodies_join_nobody(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        for what, body in BODIES.items():
            sent = body.replace(b"CODE", pupils.room.turnstile.code.encode())
            answer = await pupils.http.post("/api/join", content=sent)
            assert (what, answer.status_code, answer.json()["code"]) == (what, 422, "usage")
        answer = await pupils.http.post("/api/join", content=b" " * (phones.SMALL + 1))
        assert answer.status_code == 413
        assert len(pupils.room.pupils) == 0

    play(tmp_path, go)


def test_a_wrong_code_joins_nobody_and_says_nothing(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        code = pupils.room.turnstile.code
        for other in (code[:-1], code + "2", code[::-1] if code != code[::-1] else "222223", None, [code], ""):
            answer = await pupils.http.post("/api/join", json={"code": other, "name": "Aina"})
            assert (answer.status_code, answer.json()["code"]) == (403, "code")
            assert code not in answer.text
        assert len(pupils.room.pupils) == 0

    play(tmp_path, go)


NAMES = [
    ("Aina", [], "Aina"),
    ("Aina", ["Aina"], "Aina 2"),
    ("aina", ["Aina", "AINA 2"], "aina 3"),
    ("Ａina", ["aina"], "Ａina 2"),
    ("x" * LONGEST_NAME, ["x" * LONGEST_NAME], "x" * (LONGEST_NAME - 2) + " 2"),
]


@pytest.mark.parametrize(("name", "taken", "given"), NAMES)
def test_who_is_called_alike_gets_a_number(name: str, taken: list[str], given: str) -> None:
    assert numbered(name, taken) == given


def test_names_show_as_one_line_without_tricks(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        body = {"code": pupils.room.turnstile.code, "name": "  Ai\u202ena\n\tbinti\x00 "}
        assert (await pupils.http.post("/api/join", json=body)).json()["name"] == "Aina binti"

    play(tmp_path, go)


def test_so_many_and_no_more(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        keys = [(await pupils.join())[KEY] for _ in range(MOST_PUPILS)]
        assert len({*keys}) == MOST_PUPILS
        assert min(map(len, keys)) >= 32
        body = {"code": pupils.room.turnstile.code, "name": "Aina"}
        answer = await pupils.http.post("/api/join", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "late")
        assert (await pupils.http.post("/api/leave", headers={KEY: keys[0]})).status_code == 204
        assert (await pupils.http.post("/api/join", json=body)).status_code == 200

    play(tmp_path, go)


async def told(pupils: Class, who: dict[str, str], since: int | None = None) -> dict[str, Any]:
    answer = await pupils.http.get("/api/play", headers=who, params={} if since is None else {"since": since})
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def test_a_lesson_from_the_lobby_to_the_next_one(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        who = await pupils.join()
        early = await told(pupils, who)
        assert (early["phase"], early["mine"]["team"]) == ("lobby", None)
        assert (await pupils.http.put("/api/play/marks", json={"marks": MARKS}, headers=who)).status_code == 409
        waiting = asyncio.ensure_future(told(pupils, who, early["version"]))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        opened = await pupils.room.ask("open", OPEN)
        assert opened is not None
        assert [row["name"] for row in opened["pupils"]] == ["Aina"]
        assert (await waiting)["mine"]["team"] == "t1"

        await pupils.room.ask("start", {})
        assert (await pupils.http.put("/api/play/marks", json={"marks": MARKS}, headers=who)).status_code == 204
        assert (await pupils.http.put("/api/play/marks", json={"marks": [1]}, headers=who)).status_code == 422
        shown = await pupils.room.ask("show", {})
        assert shown is not None
        assert shown["pupils"][0]["answered"]
        seen = await told(pupils, who)
        assert seen["mine"]["points"] > 0

        waiting = asyncio.ensure_future(told(pupils, who, seen["version"]))
        await asyncio.sleep(0.05)
        again = await pupils.room.ask("open", OPEN)
        assert again is not None
        assert again["version"] > shown["version"]
        after = await waiting
        assert (after["phase"], after["mine"]["points"]) == ("lobby", 0)
        assert after["version"] > seen["version"]

    play(tmp_path, go)


def test_a_teacher_who_waits_is_told_of_the_next_lesson(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        await pupils.join()
        first = await pupils.room.ask("open", OPEN)
        assert first is not None
        waiting = asyncio.ensure_future(pupils.room.ask("state", {"since": first["version"]}))
        await asyncio.sleep(0.05)
        second = await pupils.room.ask("open", OPEN | {"teams": ["Green"]})
        news = await waiting
        assert news == second

    play(tmp_path, go)


def test_who_is_sent_out_is_out_at_once(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        who, other = await pupils.join(), await pupils.join("Badrul")
        lesson = await pupils.room.ask("open", OPEN)
        assert lesson is not None
        events = await pupils.send(who, stub.drawn())
        state = await told(pupils, who)
        waiting = asyncio.ensure_future(pupils.http.get("/api/play", headers=who, params={"since": state["version"]}))
        await asyncio.sleep(0.05)
        left = await pupils.room.ask("remove", {"id": lesson["pupils"][0]["id"]})
        assert left is not None
        assert [row["name"] for row in left["pupils"]] == ["Badrul"]
        answer = await waiting
        assert (answer.status_code, answer.json()["code"]) == (401, "out")
        for path in ("/api/play", f"/api/photos/{events[0]['id']}/picture"):
            assert (await pupils.http.get(path, headers=who)).status_code == 401
        assert pupils.room.pupils.photos == 0
        assert (await told(pupils, other))["mine"]["name"] == "Badrul"

    play(tmp_path, go)


def test_the_end_is_told_to_phones_that_wait(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        who, early = await pupils.join(), await pupils.join("Badrul")
        await pupils.room.ask("open", OPEN)
        await pupils.send(who, stub.drawn())
        waiting = []
        for one in (who, early):
            since = {"since": (await told(pupils, one))["version"]}
            waiting.append(asyncio.ensure_future(pupils.http.get("/api/play", headers=one, params=since)))
        await asyncio.sleep(0.05)
        assert await pupils.room.ask("end", {}) == {"pupils": 2, "photos": 1}
        for one in waiting:
            answer = await one
            assert (answer.status_code, answer.json()["code"]) == (410, "over")
        answer = await pupils.http.post("/api/join", json={"code": pupils.room.turnstile.code, "name": "Aina"})
        assert answer.status_code == 410

    play(tmp_path, go)


# Photos

ROUTES = ("picture", "values", "report", "copy", "copy/picture", "copy/receipt")


def test_a_photo_is_its_pupil_s_alone(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        who, other = await pupils.join(), await pupils.join("Badrul")
        events = await pupils.send(who, stub.drawn())
        assert [e["event"] for e in events][-1] == "report"
        assert stub.SECRET not in json.dumps(events)
        path = f"/api/photos/{events[0]['id']}"
        (found,) = [finding for e in events for finding in e.get("findings", ())]
        made = await pupils.http.post(f"{path}/copy", json={"hide": [found["id"]]}, headers=who)
        assert made.status_code == 200
        for route in ROUTES:
            assert (await pupils.http.get(f"{path}/{route}", headers=who)).status_code == 200, route
            theirs = await pupils.http.get(f"{path}/{route}", headers=other)
            never = await pupils.http.get(f"/api/photos/{'x' * 24}/{route}", headers=other)
            assert (theirs.status_code, theirs.content) == (404, never.content), route
            assert (await pupils.http.get(f"{path}/{route}")).status_code == 401
        stolen = await pupils.http.post(f"{path}/copy", json={"hide": []}, headers=other)
        assert stolen.status_code == 404
        await pupils.http.delete(path, headers=other)
        assert (await pupils.http.get(f"{path}/picture", headers=who)).status_code == 200
        assert (await pupils.http.delete(path, headers=who)).status_code == 204
        assert (await pupils.http.get(f"{path}/picture", headers=who)).status_code == 404

    play(tmp_path, go)


def test_the_next_photo_takes_the_place_of_the_last(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        who = await pupils.join()
        first, second = [(await pupils.send(who, stub.drawn()))[0]["id"] for _ in range(2)]
        assert (await pupils.http.get(f"/api/photos/{first}/picture", headers=who)).status_code == 404
        assert (await pupils.http.get(f"/api/photos/{second}/picture", headers=who)).status_code == 200
        assert pupils.room.pupils.photos == 1

    play(tmp_path, go)


def test_places_in_the_queue_are_told_and_go_down(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        await pupils.room.ask("open", OPEN)
        pupils.pool.held = True
        keys = [await pupils.join(name) for name in ("Aina", "Badrul", "Citra")]
        sent = []
        for count, who in enumerate(keys, 1):
            sent.append(asyncio.ensure_future(pupils.send(who, stub.drawn())))
            await until(lambda count=count: pupils.room.pupils.photos == count)  # type: ignore[misc]
        state = await pupils.room.ask("state", {})
        assert state is not None
        assert [row["photo"] for row in state["pupils"]] == ["waiting"] * 3
        for done in range(3):
            await until(lambda done=done: len(pupils.pool.jobs) == done + 1)  # type: ignore[misc]
            pupils.pool.let_go()
            await sent[done]
        places = [[e["ahead"] for e in one.result() if e["event"] == "waiting"] for one in sent]
        assert places == [[], [1], [2, 1]]
        assert [one.result()[0]["ahead"] for one in sent] == [0, 1, 2]
        state = await pupils.room.ask("state", {})
        assert state is not None
        assert [row["photo"] for row in state["pupils"]] == [None] * 3

    play(tmp_path, go)


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def test_the_game_goes_on_while_photos_wait(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        pupils.pool.held = True
        who = await pupils.join()
        sent = asyncio.ensure_future(pupils.send(who, stub.drawn()))
        await pupils.room.ask("open", OPEN)
        await pupils.room.ask("start", {})
        assert (await pupils.http.put("/api/play/marks", json={"marks": MARKS}, headers=who)).status_code == 204
        assert (await told(pupils, who))["mine"]["marks"]
        await until(lambda: pupils.pool.jobs)
        pupils.pool.let_go()
        assert (await sent)[-1]["event"] == "report"

    play(tmp_path, go)


def test_nothing_of_a_photo_is_told_to_the_teacher(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        who = await pupils.join()
        await pupils.room.ask("open", OPEN)
        await pupils.send(who, stub.drawn())
        state = await pupils.room.ask("state", {})
        assert state is not None
        assert set(state["pupils"][0]) == {"id", "name", "team", "answered", "photo"}
        key = next(iter(who.values()))
        assert key not in json.dumps(state)

    play(tmp_path, go)


BROKEN = {"no photo": (b"hello", 415), "nothing": (b"", 415), "a head alone": (stub.drawn()[:300], 422)}


def test_what_is_no_photo_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        who = await pupils.join()
        for what, (data, status) in BROKEN.items():
            answer = await pupils.http.post("/api/photos", content=data, headers=who)
            if answer.status_code == 200:
                assert json.loads(answer.text.splitlines()[-1])["event"] in ("problem", "report"), what
            else:
                assert (what, answer.status_code) == (what, status)
        big = await pupils.http.post("/api/photos", content=bytes(200_001), headers=who)
        assert big.status_code == 413
        assert pupils.room._coming == 0

    play(tmp_path, go, max_bytes=200_000)


def test_photos_have_room_for_so_many_bytes_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def go(pupils: Class) -> None:
        keys = [await pupils.join() for _ in range(3)]
        await pupils.send(keys[0], stub.drawn())
        await pupils.send(keys[1], stub.drawn())
        monkeypatch.setattr(room, "MOST_BYTES", pupils.room.pupils.bytes + len(stub.drawn()) // 2)
        answer = await pupils.http.post("/api/photos", content=stub.drawn(), headers=keys[2])
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert pupils.room._coming == 0
        await pupils.http.post("/api/leave", headers=keys[0])
        await pupils.send(keys[2], stub.drawn())

    play(tmp_path, go)


def test_slow_bodies_are_cut_and_one_comes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies.read, "__kwdefaults__", {**(bodies.read.__kwdefaults__ or {}), "still": 0.2})

    async def go(pupils: Class) -> None:
        who = await pupils.join()

        async def pieces() -> Any:
            yield stub.drawn()[:100]
            await asyncio.sleep(30)

        slow = asyncio.ensure_future(pupils.http.post("/api/photos", content=pieces(), headers=who))
        await until(lambda: pupils.room._coming)
        beside = await pupils.http.post("/api/photos", content=stub.drawn(), headers=who)
        assert (beside.status_code, beside.json()["code"]) == (503, "busy")
        answer = await slow
        assert (answer.status_code, answer.json()["code"]) == (408, "slow")
        assert pupils.room._coming == 0
        assert pupils.room.pupils.photos == 0

    play(tmp_path, go)


def test_a_phone_that_sleeps_finds_its_report(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        pupils.pool.held = True
        first, second = await pupils.join(), await pupils.join()
        sent = [asyncio.ensure_future(pupils.send(who, stub.drawn())) for who in (first, second)]
        await until(lambda: pupils.room.pupils.photos == 2 and pupils.pool.jobs)
        (name,) = pupils.room.pupil(second[KEY]).shelf._items
        sent[1].cancel()
        await asyncio.sleep(0.05)
        path = f"/api/photos/{name}"
        assert (await pupils.http.get(path, headers=second)).status_code == 202
        assert (await pupils.http.get(path, headers=first)).status_code == 404
        pupils.pool.let_go()
        await until(lambda: len(pupils.pool.jobs) == 2)
        pupils.pool.let_go()
        await sent[0]
        await until(lambda: pupils.room.pupil(second[KEY]).shelf.state is None)
        answer = await pupils.http.get(path, headers=second)
        assert answer.status_code == 200
        assert stub.SECRET not in answer.text

    play(tmp_path, go)


def test_what_is_forgotten_while_it_waits_is_not_looked_at(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        pupils.pool.held = True
        first, second = await pupils.join(), await pupils.join()
        sent = [asyncio.ensure_future(pupils.send(who, stub.drawn())) for who in (first, second)]
        await until(lambda: pupils.room.pupils.photos == 2 and pupils.pool.jobs)
        (name,) = pupils.room.pupil(second[KEY]).shelf._items
        await pupils.http.delete(f"/api/photos/{name}", headers=first)
        assert not sent[1].done()
        await pupils.http.delete(f"/api/photos/{name}", headers=second)
        assert (await sent[1])[-1]["event"] == "problem"
        pupils.pool.let_go()
        await sent[0]
        await asyncio.sleep(0.05)
        assert len(pupils.pool.jobs) == 1

    play(tmp_path, go)


def test_who_leaves_while_waiting_is_not_looked_at(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        pupils.pool.held = True
        first, second = await pupils.join(), await pupils.join()
        sent = [asyncio.ensure_future(pupils.send(who, stub.drawn())) for who in (first, second)]
        await until(lambda: pupils.room.pupils.photos == 2 and pupils.pool.jobs)
        await pupils.http.post("/api/leave", headers=second)
        assert (await sent[1])[-1]["event"] == "problem"
        pupils.pool.let_go()
        assert (await sent[0])[-1]["event"] == "report"
        await asyncio.sleep(0.05)
        assert len(pupils.pool.jobs) == 1

    play(tmp_path, go)
