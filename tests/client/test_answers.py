"""Both clients against a server that follows a script: what is asked, and what becomes of an answer."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from photoscan.client import Album, Check, Cleaned, Client, Gated, ServiceError, questions
from photoscan.client.aio import AsyncClient
from photoscan.errors import NotReadableError, UsageError
from photoscan.service.app import create_app
from photoscan.service.settings import Settings
from tests.client.script import CHECKED, Script, Turn, problem, reply
from tests.service.stub import CANARY, Pool

Connect = Callable[..., Any]
MADE = {"decision": "review", "photo": "AAE=", "media_type": "image/png", "receipt": {"a": 1}, "preview": "Ag=="}
ALBUM = {"decision": "review", "policy": {}, "photos": [{"photo": 1}, {"photo": 2}], "together": {"repeats": []}}
ASKS = {
    "check": (b"photo",), "gate": (b"photo",), "album": ([b"photo"],), "check_text": ("hello",), "clean": (b"photo",),
}  # fmt: skip
"""Every method that asks something, and the least that it takes."""


# One mechanism, two transports


def test_both_clients_can_be_asked_the_same() -> None:
    public = [{name for name in vars(kind) if name[0] != "_"} for kind in (Client, AsyncClient)]
    assert public[0] - {"close"} == public[1] - {"aclose"} == {*ASKS, "ready"}
    for name in (*ASKS, "ready", "__init__"):
        waits, awaits = getattr(Client, name), getattr(AsyncClient, name)
        assert inspect.signature(waits) == inspect.signature(awaits)
        assert inspect.iscoroutinefunction(awaits) == (name != "__init__")
        assert awaits.__doc__
    answers = {name: inspect.signature(getattr(Client, name)).return_annotation for name in ASKS}
    assert answers == {"check": Check, "gate": Gated, "album": Album, "check_text": Check, "clean": Cleaned}
    assert next(iter(inspect.signature(Client("http://localhost").check).parameters)) == "photo"


@pytest.mark.parametrize("method", sorted(ASKS))
def test_whatever_the_service_can_be_asked_the_clients_can_ask(method: str) -> None:
    said = {*inspect.signature(getattr(Client, method)).parameters}
    names = {"lang": "language", "box": "boxes", "Idempotency-Key": "idempotency_key"}
    app, _ = create_app(Settings(), Pool())
    paths = app.app.openapi()["paths"]  # type: ignore[attr-defined]
    path = urlsplit(getattr(questions, method)(*ASKS[method]).path).path
    asked = {names.get(row["name"], row["name"]) for row in paths[path]["post"]["parameters"]}
    assert len(asked) >= 2
    assert asked <= said
    # And nothing that the service does not know; a form holds what is no parameter.
    assert said - asked <= {"self", "photo", "photos", "text", "name", "caption"}
    assert {path for path in paths if "post" in paths[path]} == {
        urlsplit(getattr(questions, name)(*given).path).path for name, given in ASKS.items()
    }


EVERYTHING: list[tuple[str, tuple[Any, ...], dict[str, Any], dict[str, list[str]]]] = [
    (
        "check",
        (b"photo",),
        {"policy": "strict", "language": "ms", "profile": "fast", "only": "face", "tiers": False, "copy": True},
        {"policy": ["strict"], "lang": ["ms"], "profile": ["fast"], "only": ["face"], "tiers": ["false"],
         "copy": ["true"]},
    ),
    ("gate", (b"photo",), {"tiers": True, "review": "pass"}, {"tiers": ["true"], "review": ["pass"]}),
    ("album", ([b"1", b"2"],), {"policy": "a b&c"}, {"policy": ["a b&c"]}),
    ("check_text", ("hello",), {"policy": "strict"}, {"policy": ["strict"]}),
    (
        "clean",
        (b"photo",),
        {"metadata_only": True, "redact": "face,plate", "redact_possible": True, "style": "fill", "keep": "date",
         "remove": "gps", "coarsen_gps": "city", "to": "png", "boxes": [(1, 2, 3, 4), (5, 6, 7, 8)]},
        {"metadata_only": ["true"], "redact": ["face,plate"], "redact_possible": ["true"], "style": ["fill"],
         "keep": ["date"], "remove": ["gps"], "coarsen_gps": ["city"], "to": ["png"], "box": ["1,2,3,4", "5,6,7,8"]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("method", "given", "named", "query"), EVERYTHING, ids=[row[0] for row in EVERYTHING])
def test_all_that_was_given_is_asked(
    method: str, given: tuple[Any, ...], named: dict[str, Any], query: dict[str, Any], script: Script, connect: Connect
) -> None:
    script.turns = [reply(200, {**ALBUM, **CHECKED, **MADE}), reply(409, CHECKED, photoscan_decision="review")]
    if method == "gate":
        script.turns.pop(0)
    client = connect(f"{script.url}/photoscan/", "my-key\n")
    getattr(client, method)(*given, **named)
    (asked,) = script.asked
    path = {"check_text": "check/text"}.get(method, method)
    assert (asked.method, urlsplit(asked.target).path) == ("POST", f"/photoscan/v1/{path}")
    assert parse_qs(urlsplit(asked.target).query) == query
    assert asked.headers["authorization"] == "Bearer my-key"
    assert (asked.headers["accept"], asked.headers["accept-encoding"]) == ("application/json", "identity")
    assert asked.headers["user-agent"].startswith("photoscan/")


@pytest.mark.parametrize("method", sorted(ASKS))
def test_nothing_is_asked_that_was_not_given(
    method: str, script: Script, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PHOTOSCAN_API_KEY", raising=False)
    script.turns = [reply(204, photoscan_decision="allow")] if method == "gate" else [
        reply(200, {**ALBUM, **CHECKED, **MADE})
    ]  # fmt: skip
    getattr(connect(script.url), method)(*ASKS[method])
    (asked,) = script.asked
    assert urlsplit(asked.target).query == ""
    assert not {"authorization", "idempotency-key", "cookie"} & {*asked.headers}


@pytest.mark.parametrize("method", ["check", "check_text"])
def test_a_key_of_the_request_travels(method: str, script: Script, connect: Connect) -> None:
    getattr(connect(script.url), method)(*ASKS[method], idempotency_key="once")
    assert script.asked[0].headers["idempotency-key"] == "once"


@pytest.mark.parametrize("method", ["check", "gate", "clean"])
def test_a_name_and_a_caption_travel_in_a_form(method: str, script: Script, connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"one")
    script.turns = [reply(200, {**CHECKED, **MADE})]
    if method == "gate":
        script.turns = [reply(204, photoscan_decision="allow")]
    client = connect(script.url)
    getattr(client, method)(tmp_path / "a.jpg", caption="hi")
    with (tmp_path / "a.jpg").open("rb") as stream:
        getattr(client, method)(stream)
    form, raw = script.asked
    assert form.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="photo"; filename="a.jpg"\r\n\r\none\r\n' in form.body
    assert b'name="caption"\r\n\r\nhi\r\n' in form.body
    assert (raw.headers["content-type"], raw.body) == ("application/octet-stream", b"one")
    with pytest.raises(NotReadableError):
        getattr(client, method)(tmp_path / "b.jpg")


# What an answer becomes


def test_a_check_brings_its_copy(script: Script, connect: Connect) -> None:
    row = {**CHECKED, "kinds": {"face": {"title": "Face"}}, "copy": MADE, "tier": "fast"}
    script.turns = [reply(200, row)]
    check = connect(script.url).check(b"photo", copy=True)
    assert check.copy is not None
    assert (check.copy.data, check.copy.media_type, check.copy.preview) == (b"\0\1", "image/png", b"\2")
    assert check.copy.decision == "review"
    assert (check.kinds["face"]["title"], check.tier, check.no_copy) == ("Face", "fast", None)


@pytest.mark.parametrize(
    ("more", "no_copy"), [({}, None), ({"copy": None}, None), ({"copy": None, "no_copy": "why"}, "why")]
)
def test_a_check_without_a_copy_says_so(
    more: dict[str, Any], no_copy: str | None, script: Script, connect: Connect
) -> None:
    script.turns = [reply(200, {**CHECKED, **more})]
    check = connect(script.url).check(b"photo", copy=True)
    assert (check.copy, check.no_copy, check.kinds, check.tier) == (None, no_copy, {}, None)


@pytest.mark.parametrize(
    ("status", "decision", "passes"),
    [(204, "allow", True), (204, "review", True), (406, "block", False), (409, "incomplete", False)],
)
def test_a_gate_answers_by_its_status(
    status: int, decision: str, passes: bool, script: Script, connect: Connect
) -> None:
    script.turns = [reply(status, {**CHECKED, "decision": decision}, photoscan_decision=decision)]
    found = connect(script.url).gate(b"photo")
    assert (found.passes, found.decision) == (passes, decision)
    assert (found.check and found.check.decision) == (None if passes else decision)


@pytest.mark.parametrize(("code", "status"), [("same_key_at_work", 409), ("quota", 406)])
def test_a_problem_is_no_decision(code: str, status: int, script: Script, connect: Connect) -> None:
    script.turns = [problem(code, status)]
    with pytest.raises(ServiceError) as caught:
        connect(script.url, retries=0).gate(b"photo")
    assert (caught.value.reason, caught.value.status) == (code, status)


def test_an_album_is_sent_as_one_form(script: Script, connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"one")
    script.turns = [reply(200, ALBUM)]
    found = connect(script.url).album([tmp_path / "a.jpg", b"two"], language="ms")
    assert script.asked[0].target == "/v1/album?lang=ms"
    assert script.asked[0].body.count(b'name="photo"') == 2
    assert (found.decision, len(found.photos), found.together) == ("review", 2, {"repeats": []})


GARBLED = Turn(b"no HTTP at all\r\n\r\n", close=True)
STRANGE = [
    (404, reply(404, [])),
    (404, reply(404, b"no")),
    (200, reply(200, [])),
    (200, reply(200, {"ok": True})),
    (200, reply(200, None)),
    (200, reply(200, b"[" * 100_000)),
    (301, reply(301, CHECKED, location="/elsewhere")),
    (500, reply(500, 7)),
    (200, reply(200, {"photo": "%"})),
    (200, reply(200, {**CHECKED, "copy": {"photo": "%"}})),
    (200, reply(200, {**CHECKED, "copy": 7})),
    (200, reply(200, {**MADE, "photo": "%AAE="})),
    (200, reply(200, {**CHECKED, "copy": {**MADE, "preview": "Ag=="[:3]}})),
    (204, reply(204)),
    (0, GARBLED),
]


@pytest.mark.parametrize(("status", "turn"), STRANGE, ids=[f"{n} {row[0]}" for n, row in enumerate(STRANGE)])
@pytest.mark.parametrize("method", sorted(ASKS))
def test_an_answer_that_no_photoscan_gives_is_a_service_error(
    status: int, turn: Turn, method: str, script: Script, connect: Connect
) -> None:
    script.turns = [turn]
    with pytest.raises(ServiceError) as caught:
        getattr(connect(script.url), method)(*ASKS[method])
    assert caught.value.status == status
    assert caught.value.reason == ("unknown" if status else "unreachable")


@pytest.mark.parametrize("document", [{"ok": True}, CHECKED], ids=["another", "a check"])
def test_what_is_no_album_is_a_stranger(document: dict[str, Any], script: Script, connect: Connect) -> None:
    script.turns = [reply(200, document)]
    with pytest.raises(ServiceError):
        connect(script.url).album([b"one"])


@pytest.mark.parametrize(
    ("code", "status", "unseen"),
    [("corrupt", 422, False), ("timeout", 504, True), ("unauthorized", 401, False), ("crash", 500, True)],
)
def test_a_problem_is_told(code: str, status: int, unseen: bool, script: Script, connect: Connect) -> None:
    script.turns = [problem(code, status)]
    with pytest.raises(ServiceError, match=code) as caught:
        connect(script.url).clean(b"photo")
    error = caught.value
    assert (error.reason, error.status, error.unseen, error.retry_after) == (code, status, unseen, None)
    assert error.problem["title"] == code


@pytest.mark.parametrize(("turn", "ready"), [(reply(200, {}), True), (problem("not_ready"), False), (GARBLED, False)])
def test_whether_it_is_ready_is_asked_once(turn: Turn, ready: bool, script: Script, connect: Connect) -> None:
    script.turns = [turn]
    assert connect(script.url).ready() is ready
    assert {(asked.method, asked.target) for asked in script.asked} == {("GET", "/readyz")}
    assert not connect("http://127.0.0.1:1").ready()


# Addresses and keys


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:99999", "http://127.0.0.1:x", "http://[::1", "ftp://localhost", "localhost", ""]
)
def test_an_address_that_can_t_be_one_is_wrong_use(address: str, connect: Connect) -> None:
    with pytest.raises(UsageError):
        connect(address)


@pytest.mark.parametrize(
    "address", ["http://[::1]:1", "http://localhost:1/ä", "https://127.0.0.1:1", "http://a..b", "http://-ä.b"]
)
def test_an_address_where_nobody_is(address: str, connect: Connect) -> None:
    with pytest.raises(ServiceError, match="can't be reached") as caught:
        connect(address).check_text("hello")
    assert (caught.value.reason, caught.value.status, caught.value.unseen) == ("unreachable", 0, True)


@pytest.mark.parametrize("wrong", [CANARY + "\r\nx-other: 1", CANARY + "\n\n.", CANARY + "é", CANARY + "漢"])
def test_a_key_is_never_quoted(wrong: str, script: Script, connect: Connect) -> None:
    with pytest.raises(UsageError) as caught:
        connect(script.url, wrong)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(UsageError):
        connect(script.url).check(b"photo", idempotency_key=wrong)
    assert CANARY not in repr(vars(connect(script.url, CANARY)))
    assert script.asked == []
