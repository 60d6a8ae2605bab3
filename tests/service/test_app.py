"""The application by itself, around a pool that answers at once: what goes in, what is refused, what comes out."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes
from typing import Any

import httpx
import jsonschema
import pytest

from photoscan.catalog import LANGUAGES
from photoscan.cleaning.plan import TARGETS
from photoscan.service import documents
from photoscan.service.app import create_app
from photoscan.service.language import negotiated
from photoscan.service.problem import STATUS
from photoscan.service.settings import TEXT_BYTES, Settings
from photoscan.service.state import Service
from photoscan.web import PROBLEM
from tests.service.stub import CANARY, Pool, photo

FORM = "multipart/form-data; boundary=xx"


class App:
    """An application and its pool, asked without a network."""

    def __init__(self, pool: Pool | None = None, keys: Any = None, **settings: Any) -> None:
        self.pool = pool or Pool()
        self.app, self.service = create_app(Settings(**settings), self.pool, keys)

    async def send(self, method: str, path: str, **how: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.request(method, path, **how)

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        return asyncio.run(self.send(method, path, **how))

    def check(self, content: Any = None, path: str = "/v1/check", **how: Any) -> httpx.Response:
        return self.ask("POST", path, content=photo() if content is None and "files" not in how else content, **how)


def problem(answer: httpx.Response, code: str) -> dict[str, Any]:
    """The document of an answer that is this problem."""
    assert answer.headers["content-type"] == PROBLEM, answer.text
    row: dict[str, Any] = answer.json()
    jsonschema.validate(
        row, {"$ref": "#/components/schemas/Problem", "components": {"schemas": documents.components()}}
    )
    assert (row["code"], row["status"], answer.status_code) == (code, STATUS[code], STATUS[code])
    assert row["type"].endswith(f"/{code}")
    assert row["title"]
    assert CANARY not in answer.text
    return row


def form(*parts: tuple[str, bytes], end: str = "--xx--\r\n") -> bytes:
    """A form's body, each part with what stands after 'form-data; '."""
    rows = [f"--xx\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n" for head, data in parts]
    return b"".join(rows) + end.encode()


def test_a_raw_body_needs_no_header() -> None:
    app = App()
    answer = app.check(photo("x", 5000))
    (job,) = app.pool.jobs
    assert (answer.status_code, answer.json()) == (200, documents.EXAMPLE_CHECK)
    assert (job.kind, job.data, job.policy, job.language) == ("check", photo("x", 5000), "platform", "en")
    assert job.name is job.caption is None


FORMS = {
    "file": ([('name="photo"; filename="a.jpg"', photo())], "a.jpg", None),
    "no file name": ([('name="photo"', photo())], None, None),
    "any field with a file": ([('name="upload"; filename="b.png"', photo())], "b.png", None),
    "whole path": ([('name="photo"; filename="C:\\Users\\x\\c.jpg"', photo())], "c.jpg", None),
    "control characters": ([('name="photo"; filename="d\x07.jpg"', photo())], "d.jpg", None),
    "caption first": ([('name="caption"', "di mana? 你好".encode()), ('name="photo"', photo())], None, "di mana? 你好"),
    "caption last": ([('name="photo"', photo()), ('name="caption"', b"hi")], None, "hi"),
}


@pytest.mark.parametrize("kind", ["check", "clean"])
@pytest.mark.parametrize("case", sorted(FORMS))
def test_a_form(case: str, kind: str) -> None:
    parts, name, caption = FORMS[case]
    app = App()
    assert app.check(form(*parts), f"/v1/{kind}", headers={"content-type": FORM}).status_code == 200
    (job,) = app.pool.jobs
    assert (job.kind, job.data, job.name, job.caption) == (kind, photo(), name, caption)


def test_what_a_client_library_sends_is_understood() -> None:
    app = App()
    app.check(files={"photo": ("ä.jpg", photo("y", 100_000), "image/jpeg")}, data={"caption": "hello"})
    (job,) = app.pool.jobs
    assert (job.data, job.name, job.caption) == (photo("y", 100_000), "ä.jpg", "hello")


FILE = 'name="photo"; filename="a.jpg"'
REFUSED = {
    "empty": (b"", {}, "unsupported_format"),
    "text": (b"hello", {}, "unsupported_format"),
    "a PDF": (b"%PDF-1.7" + b" " * 9000, {}, "unsupported_format"),
    "too long": (photo(size=200_000), {}, "too_large"),
    "compressed": (photo(), {"content-encoding": "gzip"}, "encoded_body"),
    "form without boundary": (form((FILE, photo())), {"content-type": "multipart/form-data"}, "bad_body"),
    "form of another boundary": (
        form((FILE, photo())), {"content-type": "multipart/form-data; boundary=yy"}, "bad_body",
    ),
    "form without photo": (form(('name="caption"', b"hi")), {"content-type": FORM}, "bad_body"),
    "form of two photos": (form((FILE, photo()), (FILE, photo())), {"content-type": FORM}, "bad_body"),
    "form cut off": (form((FILE, photo()), end=""), {"content-type": FORM}, "bad_body"),
    "form cut off in its head": (b"--xx\r\nContent-Dispo", {"content-type": FORM}, "bad_body"),
    "form of many parts": (form(*[('name="a"', b"")] * 17), {"content-type": FORM}, "bad_body"),
    "form of many heads": (
        form((FILE + "\r\nX: y" * 100, photo())), {"content-type": FORM}, "bad_body",
    ),
    "form of a long head": (
        form((FILE + "\r\nX: " + "y" * 20_000, photo())), {"content-type": FORM}, "bad_body",
    ),
    "form with a text as photo": (form((FILE, b"hello")), {"content-type": FORM}, "unsupported_format"),
    "form too long": (form((FILE, photo(size=110_000))), {"content-type": FORM}, "too_large"),
    "caption too long": (
        form((FILE, photo()), ('name="caption"', b"a" * (TEXT_BYTES + 1))), {"content-type": FORM}, "too_large",
    ),
    "caption not UTF-8": (form((FILE, photo()), ('name="caption"', b"\xff")), {"content-type": FORM}, "bad_body"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_is_refused_never_reaches_a_worker(case: str) -> None:
    body, headers, code = REFUSED[case]
    app = App(max_bytes=100_000)
    problem(app.check(body, headers=headers), code)
    assert app.pool.jobs == []
    assert (app.service.gate.taken, app.service.gate.buffered) == (0, 0)


def test_a_body_without_a_length_is_refused_while_it_comes() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield photo()
        while sent < 1000:
            sent += 1
            yield b"\0" * 1000

    app = App(max_bytes=10_000)

    async def receive_slowly() -> httpx.Response:
        return await app.send("POST", "/v1/check", content=endless())

    problem(asyncio.run(receive_slowly()), "too_large")
    assert sent <= 12


def test_what_is_no_photo_is_refused_by_its_first_bytes() -> None:
    app = App()

    async def text() -> AsyncIterator[bytes]:
        yield b"hello " * 1000
        raise AssertionError("nobody should have read on")

    problem(app.check(text()), "unsupported_format")


PARAMETERS = {
    "policy": ("/v1/check?policy=none", "usage"),
    "language": ("/v1/check?lang=tlh", "usage"),
    "kind": ("/v1/clean?redact=elephants", "usage"),
    "style": ("/v1/clean?style=glitter", "usage"),
    "kept part": ("/v1/clean?keep=soul", "usage"),
    "box": ("/v1/clean?box=1,2", "usage"),
    "flag": ("/v1/clean?metadata_only=perhaps", "usage"),
    "mistyped": ("/v1/check?polcy=strict", "usage"),
    "of another route": ("/v1/check?metadata_only=true", "usage"),
    "other case": ("/v1/check?Policy=strict", "usage"),
    "without a value": ("/v1/check?strict", "usage"),
    "empty, and unknown": ("/v1/clean?polcy=", "usage"),
    "twice": ("/v1/check?policy=platform&policy=strict", "usage"),
    "twice, to clean": ("/v1/clean?style=fill&style=fill", "usage"),
    "address": ("/v2/check", "not_found"),
    "slash": ("/v1/check/", "not_found"),
}


MAY_BE = {
    "/v1/check?profile=FAST": "profile (fast, balanced, thorough)",
    "/v1/check?copy=perhaps": "copy (true, false)",
    "/v1/clean?style=glitter": "style (fill, pixelate, blur)",
    "/v1/clean?to=bmp": f"to ({', '.join(TARGETS)})",
    "/v1/gate?review=maybe": "review (stop, pass)",
    "/v1/clean?keep=" + "x" * 501: "keep (<= 500)",
    "/v1/check?profile=x&copy=x": "copy (true, false), profile (fast, balanced, thorough)",
}


@pytest.mark.parametrize("path", sorted(MAY_BE))
def test_of_a_wrong_value_it_is_told_what_may_be(path: str) -> None:
    assert problem(App().check(path=path), "usage")["detail"] == f"wrong value: {MAY_BE[path]}"


@pytest.mark.parametrize("case", sorted(PARAMETERS))
def test_wrong_parameters(case: str) -> None:
    path, code = PARAMETERS[case]
    app = App()
    problem(app.check(path=path), code)
    assert app.pool.jobs == []


def test_an_unknown_parameter_is_named_beside_the_known_ones() -> None:
    row = problem(App().check(path="/v1/check?polcy=strict"), "usage")
    assert row["detail"] == "not known here: polcy; known: policy, lang, profile, only, tiers, copy"
    row = problem(App().check(path=f"/v1/clean?{'x' * 500}=1"), "usage")
    assert len(row["detail"]) < 200


def test_boxes_alone_may_be_given_more_than_once() -> None:
    assert App().check(path="/v1/clean?box=1,2,3,4&box=5,6,7,8").status_code == 200


UNKNOWN = {
    "policy in a form": (form(('name="photo"', photo()), ('name="policy"', b"strict")), FORM, "/v1/check"),
    "nameless field": (form(('name="photo"', photo()), ('name=""', b"")), FORM, "/v1/clean"),
    "policy in JSON": (b'{"text": "a", "policy": "strict"}', "application/json", "/v1/check/text"),
    "two texts": (b'{"text": "secret", "text": ""}', "application/json", "/v1/check/text"),
}


@pytest.mark.parametrize("case", sorted(UNKNOWN))
def test_what_a_body_says_beyond_what_is_known_is_refused(case: str) -> None:
    body, media_type, path = UNKNOWN[case]
    app = App()
    row = problem(app.check(body, path, headers={"content-type": media_type}), "usage")
    assert app.pool.jobs == []
    assert case != "policy in a form" or row["detail"] == "not known here: policy; known: photo, caption"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_wrong_methods(method: str) -> None:
    answer = App().ask(method, "/v1/check")
    problem(answer, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_policies_are_those_that_were_given_and_no_files() -> None:
    app = App()
    assert app.check(path="/v1/check?policy=strict").status_code == 200
    assert app.pool.jobs[0].policy == "strict"
    row = problem(app.check(path="/v1/check?policy=/etc/passwd"), "usage")
    assert "/etc/passwd" not in json.dumps(row)


def test_when_all_slots_are_taken() -> None:
    app = App(workers=1, queue=1)

    async def crowd() -> tuple[list[httpx.Response], list[httpx.Response]]:
        app.pool.held = []
        first = [asyncio.create_task(app.send("POST", "/v1/check", content=photo())) for _ in range(2)]
        while len(app.pool.held) < 2:
            await asyncio.sleep(0.01)
        refused = [await app.send("POST", "/v1/check", content=photo()) for _ in range(3)]
        for future in app.pool.held:
            future.set_result(app.pool.task(app.pool.jobs[0]))
        app.pool.held = None
        return [await task for task in first], [*refused, await app.send("POST", "/v1/check", content=photo())]

    answered, (*refused, after) = asyncio.run(crowd())
    assert [answer.status_code for answer in [*answered, after]] == [200, 200, 200]
    for answer in refused:
        problem(answer, "full")
        assert int(answer.headers["retry-after"]) >= 1
    assert app.service.gate.taken == 0


def test_memory_for_bodies_is_bounded() -> None:
    app = App(workers=1, queue=0, max_bytes=1000)
    app.service.gate.buffered = 500
    problem(app.check(photo(size=600)), "full")
    assert app.service.gate.buffered == 500
    assert app.check(photo(size=400)).status_code == 200


async def leave(app: App) -> None:
    """Send a photo and go away."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/v1/check",
        "raw_path": b"/v1/check", "query_string": b"", "headers": [(b"host", b"127.0.0.1")], "scheme": "http",
        "client": None, "server": None, "root_path": "",
    }  # fmt: skip
    messages: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": photo(), "more_body": False}, {"type": "http.disconnect"}]
    )

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        pass

    await app.app(scope, receive, send)


def test_a_caller_who_leaves_is_not_worked_for() -> None:
    app = App()
    app.pool.held = []
    asyncio.run(leave(app))
    assert app.pool.held[0].cancelled()
    assert app.service.gate.taken == 0


@pytest.mark.parametrize("done", [True, False])
def test_work_for_a_caller_who_has_left_is_ended_unless_it_soon_is(done: bool) -> None:
    app = App()
    app.pool.held = []
    app.service.gate.seconds = 0.2

    async def crowd() -> None:
        left = asyncio.create_task(leave(app))
        while not app.pool.held:
            await asyncio.sleep(0)
        assert app.pool.held[0].set_running_or_notify_cancel()
        if done:
            await asyncio.sleep(0.05)
            app.pool.held[0].set_result(app.pool.task(app.pool.jobs[0]))
        await left

    asyncio.run(crowd())
    assert app.pool.dropped == ([] if done else app.pool.held)
    assert app.service.gate.taken == 0


@pytest.mark.parametrize("begun", [True, False])
def test_at_the_deadline_there_is_an_answer_and_the_work_ends(begun: bool) -> None:
    app = App(deadline=0.1)
    app.pool.held = []

    async def late() -> httpx.Response:
        asked = asyncio.create_task(app.send("POST", "/v1/check", content=photo()))
        while not app.pool.held:
            await asyncio.sleep(0)
        if begun:
            assert app.pool.held[0].set_running_or_notify_cancel()
        return await asked

    answer = asyncio.run(late())
    problem(answer, "deadline")
    assert int(answer.headers["retry-after"]) >= 1
    assert app.pool.dropped == app.pool.held
    assert app.service.gate.taken == 0


def test_a_crash_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(job: Any) -> Any:
        raise ValueError(CANARY)

    logging.getLogger("photoscan.service").propagate = True
    with caplog.at_level(logging.INFO):
        row = problem(App(Pool(fail)).check(), "internal")
    assert "ValueError" not in json.dumps(row)
    assert "Traceback" not in caplog.text
    assert CANARY not in caplog.text
    assert "error=ValueError" in caplog.text


def test_a_broken_photo_says_what_is_known_of_it() -> None:
    row = problem(App().check(photo("corrupt")), "corrupt")
    assert row["detail"] == "broken jpeg file: it ends early"


def test_every_answer_is_sealed() -> None:
    app = App()
    for answer in (app.check(), app.check(b"x"), app.ask("GET", "/healthz"), app.ask("GET", "/nowhere")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-request-id"]


COPIES = ["*/*", "image/*", "image/jpeg", "text/html"]


@pytest.mark.parametrize("accept", COPIES)
def test_a_clean_copy_is_the_photo_itself(accept: str) -> None:
    answer = App().check(photo("z"), "/v1/clean", headers={"accept": accept})
    assert (answer.headers["content-type"], answer.content) == ("image/jpeg", photo("z"))


def test_a_clean_copy_with_its_receipt_in_json() -> None:
    row = App().check(photo("z"), "/v1/clean", headers={"accept": "application/json"}).json()
    assert base64.b64decode(row["photo"]) == photo("z")
    assert (row["media_type"], row["receipt"]) == ("image/jpeg", {"proofs": []})


def test_a_clean_copy_with_its_receipt_in_two_parts() -> None:
    answer = App().check(photo("z"), "/v1/clean", headers={"accept": "multipart/mixed"})
    whole = message_from_bytes(
        b"content-type: " + answer.headers["content-type"].encode() + b"\r\n\r\n" + answer.content
    )
    receipt, copy = whole.get_payload()  # type: ignore[misc]
    assert json.loads(receipt.get_payload()) == {"proofs": []}
    assert copy.get_content_type() == "image/jpeg"
    assert photo("z") in answer.content
    assert copy.get_filename() == "photo.jpg"


TEXTS = {
    "plain": (b"hello", "text/plain", "hello"),
    "form-like default of curl": (b"a=b", "application/x-www-form-urlencoded", "a=b"),
    "JSON": (b'{"text": "hel\\u006co"}', "application/json; charset=utf-8", "hello"),
    "empty": (b"", "text/plain", ""),
    "not UTF-8": (b"\xff\xfe", "text/plain", None),
    "JSON of something else": (b"[1]", "application/json", None),
    "JSON without text": (b"{}", "application/json", None),
    "JSON with a number": (b'{"text": 5}', "application/json", None),
    "JSON cut off": (b'{"text": "a', "application/json", None),
    "JSON nested deeply": (b"[" * 60_000, "application/json", None),
    "lone surrogate": (b'{"text": "\\ud800"}', "application/json", None),
}


@pytest.mark.parametrize("case", sorted(TEXTS))
def test_texts(case: str) -> None:
    body, media_type, text = TEXTS[case]
    app = App()
    answer = app.check(body, "/v1/check/text", headers={"content-type": media_type})
    if text is None:
        problem(answer, "bad_body")
    else:
        assert answer.status_code == 200
        assert app.pool.jobs[0].data.decode() == text


def test_a_text_that_is_too_long() -> None:
    problem(App().check(b"a" * (TEXT_BYTES + 1), "/v1/check/text"), "too_large")


HEADERS = {
    "ms": "ms",
    "ms-MY,en;q=0.5": "ms",
    "de, pt;q=0.4, id;q=0.6": "id",
    "pt-PT": "pt-BR",
    "en;q=0.1, ms;q=0": "en",
    "de": None,
    "": None,
    "*": None,
    "ms;q=x": None,
    "ms;q=7": None,
    ",,;;==": None,
    ", " * 5000 + "ms": None,
}


@pytest.mark.parametrize("header", sorted(HEADERS))
def test_languages_are_negotiated(header: str) -> None:
    assert negotiated(header) == HEADERS[header]


def test_problems_speak_every_language() -> None:
    app = App()
    titles = {
        app.check(b"x", "/v1/check", headers={"accept-language": language}).json()["title"] for language in LANGUAGES
    }
    assert len(titles) == len(LANGUAGES)
    answer = app.check(path="/v1/check?lang=pt-BR", headers={"accept-language": "ms"})
    assert (answer.headers["content-language"], app.pool.jobs[-1].language) == ("pt-BR", "pt-BR")


def test_a_request_that_is_sent_again_gets_the_same_answer() -> None:
    app = App()
    first, again = (app.check(headers={"idempotency-key": CANARY}) for _ in range(2))
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(app.pool.jobs) == 1
    problem(app.check(photo("other"), headers={"idempotency-key": CANARY}), "same_key_other_body")
    problem(app.check(path="/v1/check?lang=ms", headers={"idempotency-key": CANARY}), "same_key_other_body")
    assert CANARY not in app.ask("GET", "/metrics").text


def test_a_request_that_failed_may_be_sent_again() -> None:
    app = App()
    for _ in range(2):
        problem(app.check(photo("corrupt"), headers={"idempotency-key": "1"}), "corrupt")
    assert len(app.pool.jobs) == 2


def test_clean_copies_are_not_remembered() -> None:
    app = App()
    for _ in range(2):
        app.check(path="/v1/clean", headers={"idempotency-key": "1"})
    assert len(app.pool.jobs) == 2
    assert app.service.replays.bytes == 0


HOSTS = {
    "127.0.0.1:8000": True,
    "127.0.0.1": True,
    "localhost:8000": True,
    "LOCALHOST": True,
    "[::1]:8000": True,
    "evil.example": False,
    "evil.example:8000": False,
    "127.0.0.1.evil.example": False,
    "localhost.evil.example:8000": False,
    "127.0.0.1:80@evil.example": False,
    "127.0.0.1:80:80": False,
    "": False,
}


@pytest.mark.parametrize("host", sorted(HOSTS))
@pytest.mark.parametrize("path", ["/v1/check", "/metrics", "/openapi.json"])
def test_on_this_computer_foreign_names_are_refused(host: str, path: str) -> None:
    method = "POST" if path == "/v1/check" else "GET"
    answer = App().ask(method, path, headers={"host": host}, content=photo())
    if HOSTS[host]:
        assert answer.status_code == 200
    else:
        problem(answer, "wrong_host")


def test_elsewhere_names_are_those_that_were_given() -> None:
    app = App(host="0.0.0.0", hosts=("photos.example",))
    assert app.check(headers={"host": "photos.example"}).status_code == 200
    problem(app.check(headers={"host": "evil.example"}), "wrong_host")
    assert App(host="0.0.0.0").check(headers={"host": "anything.example"}).status_code == 200


def test_pages_of_other_sites_may_not_send_photos_here() -> None:
    for where in ("cross-site", "same-site"):
        problem(App().check(headers={"sec-fetch-site": where}), "forbidden")
    assert App().check(headers={"sec-fetch-site": "same-origin"}).status_code == 200


ORIGINS = {
    "http://127.0.0.1:8000": True,
    "http://127.0.0.1:8001": False,
    "http://evil.example": False,
    "http://evil.example://127.0.0.1:8000": False,
    "127.0.0.1:8000": False,
    "null": False,
    "": False,
}


@pytest.mark.parametrize("origin", sorted(ORIGINS))
def test_nor_in_browsers_that_tell_only_the_origin(origin: str) -> None:
    app = App()
    answer = app.check(headers={"origin": origin})
    if ORIGINS[origin]:
        assert answer.status_code == 200
    else:
        problem(answer, "forbidden")
        assert app.pool.jobs == []


def test_probes() -> None:
    app = App()
    probe = {"headers": {"host": "10.0.0.7:8000"}}
    assert app.ask("GET", "/healthz", **probe).json() == {"status": "ok"}
    assert app.ask("GET", "/readyz", **probe).json() == {"status": "ok", "workers_ready": 2, "workers_failing": 0}
    assert app.ask("HEAD", "/readyz", **probe).status_code == 200
    app.pool.ready = 0
    problem(app.ask("GET", "/readyz"), "not_ready")
    assert app.ask("GET", "/healthz").status_code == 200
    app.pool.ready, app.service.stopping = 2, True
    problem(app.ask("GET", "/readyz"), "stopping")


def test_where_no_worker_can_be_started_nobody_is_kept_waiting() -> None:
    app = App()
    app.pool.failing = 1
    assert app.ask("GET", "/readyz").json() == {"status": "ok", "workers_ready": 2, "workers_failing": 1}
    assert app.check().status_code == 200
    app.pool.ready, app.pool.failing, app.pool.held = 0, 2, []
    for path in ("/v1/check", "/v1/gate", "/v1/clean"):
        answer = app.check(path=path)
        problem(answer, "not_ready")
        assert answer.headers["retry-after"] == "2"
    problem(app.ask("GET", "/readyz"), "not_ready")
    assert app.ask("GET", "/healthz").status_code == 200
    assert "photoscan_workers_failing 2.0" in app.ask("GET", "/metrics").text.splitlines()
    assert app.pool.dropped == app.pool.held
    assert len(app.pool.held) == 3
    app.pool.ready, app.pool.failing, app.pool.held = 2, 0, None
    assert app.check().status_code == 200


def test_metrics_count_and_name_nobody() -> None:
    app = App()
    app.check()
    app.check(b"x")
    app.ask("GET", f"/{CANARY}")
    app.ask("GET", "/healthz")
    lines = app.ask("GET", "/metrics").text.splitlines()
    for line in (
        'photoscan_requests_total{route="/v1/check",status="200"} 1.0',
        'photoscan_requests_total{route="other",status="404"} 1.0',
        'photoscan_decisions_total{decision="block",policy="platform"} 1.0',
        'photoscan_findings_total{kind="text.secret"} 1.0',
        'photoscan_problems_total{code="unsupported_format"} 1.0',
        "photoscan_slots 10.0",
        "photoscan_slots_taken 0.0",
        "photoscan_workers_ready 2.0",
        'photoscan_queue_wait_seconds_count{lane="photos"} 1.0',
        'photoscan_worker_seconds_count{kind="check"} 1.0',
        'photoscan_worker_restarts_total{reason="lost"} 0.0',
        "photoscan_findings_cut_total 0.0",
        "photoscan_uploads 0.0",
    ):
        assert line in lines
    assert CANARY not in "\n".join(lines)


def test_logs_name_nobody(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("photoscan.service").propagate = True
    app = App()
    with caplog.at_level(logging.DEBUG, "photoscan.service"):
        app.check(
            files={"photo": (f"{CANARY}.jpg", photo(CANARY))}, data={"caption": CANARY}, headers={"x-own": CANARY}
        )
        app.check(path=f"/{CANARY}")
        app.ask("GET", "/v1/check", headers={"accept-language": CANARY, "user-agent": CANARY, "cookie": CANARY})
        app.ask(CANARY, "/v1/check")
    rows = [record.getMessage() for record in caplog.records if record.name == "photoscan.service"]
    assert len(rows) == 4
    assert CANARY not in caplog.text
    assert "route=/v1/check status=200 problem=-" in rows[0]
    assert "route=other status=404 problem=not_found" in rows[1]


BROKEN = {
    "no form": CANARY.encode(),
    "after the end": form(('name="photo"', photo())) + CANARY.encode(),
    "in a header's name": form((FILE, photo())).replace(b"Content", f"{CANARY}\x01Content".encode()),
    "in a header": form((f"name={CANARY}\r\n{CANARY}", photo())),
    "in the boundary": form((FILE, photo())).replace(b"--xx--", f"--xx{CANARY}".encode()),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_no_library_logs_a_request_even_when_everything_is_logged(case: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "python_multipart")
    app = App()
    app.check(BROKEN[case], headers={"content-type": FORM, "x-own": CANARY})
    app.check(BROKEN[case], headers={"content-type": f"multipart/form-data; boundary={CANARY}"})
    # What the test's own client says is its affair.
    said = [row.getMessage() for row in caplog.records if not row.name.startswith(("httpx", "httpcore"))]
    assert not [row for row in said if CANARY in row]
    assert not [row for row in caplog.records if row.name.startswith("python_multipart")]


def described() -> dict[str, Any]:
    found: dict[str, Any] = App().ask("GET", "/openapi.json").json()
    return found


def test_the_description_is_whole_and_its_examples_are_right() -> None:
    document = described()
    assert set(document["paths"]) == {
        "/v1/check", "/v1/check/text", "/v1/album", "/v1/gate", "/v1/clean", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    components = {"components": document["components"]}
    seen = 0
    for operations in document["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    if "example" in content:
                        jsonschema.validate(content["example"], {**components, **content["schema"]})
                        seen += 1
    assert seen >= 5
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_problem_is_described() -> None:
    paths = described()["paths"]
    named = {int(status) for operations in paths.values() for row in operations.values() for status in row["responses"]}
    # What has no route can't be described by one.
    assert {status for status in STATUS.values() if status not in (404, 405)} <= named


def test_the_service_may_be_asked_for_its_state_in_python() -> None:
    _, service = create_app(Settings(), Pool())
    assert isinstance(service, Service)
    assert service.gate.slots == 10


GATE = [
    ("allow", "stop", 204),
    ("allow", "pass", 204),
    ("review", "stop", 409),
    ("review", "pass", 204),
    ("incomplete", "stop", 409),
    ("incomplete", "pass", 409),
    ("block", "stop", 406),
    ("block", "pass", 406),
]


@pytest.mark.parametrize(("decision", "review", "status"), GATE)
def test_a_gate_answers_by_its_status(decision: str, review: str, status: int) -> None:
    app = App()
    answer = app.check(photo(f"decide {decision}"), f"/v1/gate?review={review}")
    assert (answer.status_code, answer.headers["photoscan-decision"]) == (status, decision)
    if status == 204:
        assert answer.content == b""
    else:
        assert answer.json() == app.check(photo(f"decide {decision}")).json()
    assert f'photoscan_decisions_total{{decision="{decision}",policy="platform"}}' in app.ask("GET", "/metrics").text


def test_a_gate_stops_what_should_be_looked_at_unless_it_is_told_otherwise() -> None:
    assert App().check(photo("decide review"), "/v1/gate").status_code == 409


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        (photo("corrupt"), "/v1/gate", "corrupt"),
        (photo("crash"), "/v1/gate", "internal"),
        (b"no photo at all, only words", "/v1/gate", "unsupported_format"),
        (photo(), "/v1/gate?review=maybe", "usage"),
        (photo(), "/v1/gate?polcy=strict", "usage"),
        (photo(), "/v1/gate?policy=none", "usage"),
    ],
)
def test_what_a_gate_has_not_looked_at_is_a_problem_and_never_passes(body: bytes, path: str, code: str) -> None:
    problem(App().check(body, path), code)


def test_a_gate_looks_each_time_whatever_key_is_given() -> None:
    app = App()
    for _ in range(2):
        answer = app.check(photo("decide review"), "/v1/gate", headers={"idempotency-key": "one"})
        assert answer.headers["photoscan-decision"] == "review"
    assert len(app.pool.jobs) == 2
