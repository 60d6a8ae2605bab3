"""Requests made to break things: every answer is a 200 or a problem, and what the description promises is kept."""

from __future__ import annotations

import asyncio
import warnings
from functools import partial

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fixtures import corrupt
from photoscan.options import Limits
from photoscan.service import keys
from photoscan.service.problem import STATUS
from photoscan.service.settings import load_proxies
from photoscan.web import PROBLEM
from tests.properties import share
from tests.service.stub import Pool, opened
from tests.service.test_app import App, form

LIMITS = Limits(max_bytes=100_000, max_pixels=1_000_000)


APP = App(Pool(partial(opened, LIMITS)), max_bytes=100_000)
SEEDS = [data for data, _ in corrupt.files().values() if len(data) < 20_000]
FORM = form(('name="photo"; filename="a.png"', corrupt.files()["named_wrongly.jpg"][0]), ('name="caption"', b"hi"))
EDITS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=4)


def mutated(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for at, cut, patch in edits:
        at %= len(data) + 1
        data = data[:at] + patch + data[at + cut :]
    return data


def sound(answer: httpx.Response) -> None:
    if answer.status_code == 200:
        return
    assert answer.headers["content-type"] == PROBLEM
    row = answer.json()
    assert row["status"] == answer.status_code == STATUS[row["code"]]
    assert answer.status_code < 500
    assert "Traceback" not in answer.text


@share(0.5)
@given(st.sampled_from(SEEDS), EDITS, st.sampled_from(["/v1/check", "/v1/clean"]))
def test_mutated_photos(data: bytes, edits: list[tuple[int, int, bytes]], path: str) -> None:
    sound(APP.check(mutated(data, edits), path))


@share(0.5)
@given(EDITS, st.sampled_from(["xx", "x", "", '"xx"', "xx; charset=\x7f", "x" * 300]))
def test_mutated_forms(edits: list[tuple[int, int, bytes]], boundary: str) -> None:
    head = {"content-type": f"multipart/form-data; boundary={boundary}".encode()}
    sound(APP.check(mutated(FORM, edits), headers=head))


@share(0.25)
@given(st.binary(max_size=60), st.text(max_size=20), st.binary(max_size=40))
def test_mutated_heads(header: bytes, query: str, key: bytes) -> None:
    clean = header.translate(None, b"\r\n\0")
    heads = {"content-type": clean, "accept-language": clean, "content-encoding": b"", "idempotency-key": clean or key}
    heads = {name: value.translate(None, b"\r\n\0").strip() for name, value in heads.items()}
    sound(
        asyncio.run(APP.send("POST", "/v1/check", params={"policy": query, "lang": query}, content=key, headers=heads))
    )


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> tuple[App, str]:
    """A service with a key for checks, and that key."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    key = keys.add(file, "shop", ("check",), per_minute=5, at_once=2)
    return App(Pool(partial(opened, LIMITS)), keys.Keys(file), proxies=load_proxies(("127.0.0.0/8",))), key


@share(0.25)
@given(
    st.sampled_from(["", "Bearer ", "bearer", "Basic "]),
    st.binary(max_size=80),
    st.binary(max_size=80),
    st.sampled_from(["/v1/check", "/v1/clean", "/v1/check?copy=true", "/metrics", "/openapi.json", "/v1/album"]),
)
def test_without_the_key_nothing_opens_whatever_else_is_sent(
    keyed: tuple[App, str], scheme: str, presented: bytes, other: bytes, path: str
) -> None:
    app, _ = keyed
    clean, more = (value.translate(None, b"\r\n\0").strip() for value in (presented, other))
    heads = {"authorization": scheme.encode() + clean, "x-forwarded-for": more, "forwarded": more, "traceparent": more}
    method = "POST" if path.startswith("/v1/") else "GET"
    answer = asyncio.run(app.send(method, path, content=b"x", headers=heads))
    if path == "/openapi.json":
        assert "strict" not in answer.text.replace("?policy=strict", "")
    else:
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert app.pool.jobs == []


@share(0.25)
@given(st.sampled_from(SEEDS), EDITS, st.sampled_from(["/v1/check", "/v1/clean", "/v1/gate", "/v1/check/text"]))
def test_mutated_photos_within_a_quota(
    keyed: tuple[App, str], data: bytes, edits: list[tuple[int, int, bytes]], path: str
) -> None:
    app, key = keyed
    answer = app.check(mutated(data, edits), path, headers={"authorization": f"Bearer {key}"})
    if not (path == "/v1/gate" and answer.status_code == 406):
        sound(answer)
    if path == "/v1/clean":
        # What a key is not good for counts for nothing.
        assert answer.json()["code"] == "scope"
        assert "ratelimit" not in answer.headers
        return
    assert answer.headers["ratelimit-policy"] == '"minute";q=5;w=60, "at-once";q=2;qu="concurrent-requests"'
    if answer.status_code == 429:
        assert int(answer.headers["retry-after"]) >= 1


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP.app, headers={"host": "localhost"})

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.filterwarnings("ignore")
@SCHEMA.parametrize()
@settings(share(0.125), suppress_health_check=list(HealthCheck))
def test_the_description_is_kept(case: schemathesis.Case) -> None:
    answer = case.call(headers={"host": "localhost"})
    case.validate_response(answer, checks=CHECKS)
