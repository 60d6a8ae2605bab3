"""What a key is good for, and how much: scopes, quotas, and what is told without one."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES, text
from photoscan.errors import UsageError
from photoscan.risk.policy import Policy
from photoscan.service import keys
from photoscan.service.guard import OPEN, SCOPE, Guard
from photoscan.service.problem import ProblemError
from photoscan.service.quota import WINDOW, Quotas
from photoscan.service.task import Answer
from tests.service.stub import CHECKED, Pool, photo
from tests.service.test_app import FORM, App, form, problem
from tests.service.test_parts import bearer

HASH = "0" * 64


def guarded(tmp_path: Path, settings: dict[str, Any] | None = None, **said: Any) -> tuple[App, dict[str, str]]:
    """A service with one key, of which this is said; and the headers that present it."""
    file = tmp_path / "keys.json"
    key = keys.add(file, "shop", **said)
    return App(keys=keys.Keys(file), **settings or {}), bearer(key)


ASKED = {
    "check": ("POST", "/v1/check", "check"),
    "text": ("POST", "/v1/check/text", "check"),
    "gate": ("POST", "/v1/gate", "check"),
    "album": ("POST", "/v1/album", "check"),
    "clean": ("POST", "/v1/clean", "clean"),
    "copy": ("POST", "/v1/check?copy=true", "clean"),
    "metrics": ("GET", "/metrics", "metrics"),
}


@pytest.mark.parametrize("scope", keys.SCOPES)
@pytest.mark.parametrize("case", sorted(ASKED))
def test_a_key_opens_what_it_is_good_for_and_no_more(case: str, scope: str, tmp_path: Path) -> None:
    method, path, wanted = ASKED[case]
    app, head = guarded(tmp_path, scopes=("check", scope) if case == "copy" else (scope,))
    answer = app.ask(method, path, headers=head, content=photo())
    if wanted == scope:
        assert answer.status_code in (200, 400, 406)
    else:
        row = problem(answer, "scope")
        assert row["detail"] == f"the key lacks the scope '{wanted}'"
        assert app.pool.jobs == []


@pytest.mark.parametrize("case", sorted(ASKED))
@pytest.mark.parametrize("spelled", ["{}%0A", "{}/", "/{}", "{}%00", "{}%20", "{}%2F", "{};a=b", "{}%0D%0A"])
def test_no_other_spelling_of_a_route_goes_round_its_scope(spelled: str, case: str, tmp_path: Path) -> None:
    method, asked, wanted = ASKED[case]
    path, mark, query = asked.partition("?")
    app, head = guarded(tmp_path, scopes=sorted({*keys.SCOPES} - {wanted}))
    problem(app.ask(method, spelled.format(path) + mark + query, headers=head, content=photo()), "not_found")
    problem(app.ask(method, path.upper() + mark + query, headers=head, content=photo()), "not_found")
    assert app.pool.jobs == []


REFUSED = {
    "unauthorized": ({"authorization": "Bearer x"}, "Authorization: Bearer"),
    "wrong_host": ({"host": "shop.example"}, "--allow-host"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", REFUSED)
def test_whoever_is_refused_is_told_what_to_do(code: str, language: str, tmp_path: Path) -> None:
    said, words = REFUSED[code]
    app, head = guarded(tmp_path)
    row = problem(app.check(headers={**head, "accept-language": language, **said}), code)
    assert words in row["detail"]
    assert language == "en" or row["detail"] != text(f"serve.detail.{code}", "en")


def test_a_page_of_another_site_is_told_what_to_do() -> None:
    assert "Origin" in problem(App().check(headers={"origin": "http://evil.example"}), "forbidden")["detail"]


def test_a_key_has_no_counts_unless_that_is_said(tmp_path: Path) -> None:
    app, head = guarded(tmp_path)
    assert app.check(headers=head).status_code == 200
    assert app.check(path="/v1/clean", headers=head).status_code == 200
    problem(app.ask("GET", "/metrics", headers=head), "scope")


def test_every_route_has_a_scope_or_is_open() -> None:
    guard = App().app
    assert isinstance(guard, Guard)
    assert guard.routes == set(SCOPE) | set(OPEN)
    assert set(SCOPE.values()) == set(keys.SCOPES)


def test_without_keys_everything_is_open_as_before() -> None:
    app = App()
    assert app.ask("GET", "/metrics").status_code == 200
    assert app.check(path="/v1/check?copy=true").status_code == 200
    assert "ratelimit-policy" not in app.check().headers


def test_names_of_policies_are_told_with_a_key_alone(tmp_path: Path) -> None:
    ours = {"our-secret-rules": replace(Policy.load("strict"), name="our-secret-rules")}
    app, head = guarded(tmp_path, settings={"policies": ours})
    for headers, told in (({}, False), ({"authorization": "Bearer x"}, False), (head, True)):
        answer = app.ask("GET", "/openapi.json", headers=headers)
        assert answer.status_code == 200
        assert ("our-secret-rules" in answer.text) is told
        assert answer.json()["security"] == [{"key": []}]
    without = App(policies=ours).ask("GET", "/openapi.json").json()
    assert "our-secret-rules" in json.dumps(without["paths"])
    assert "security" not in without


def test_a_minute_holds_no_more_than_its_quota(tmp_path: Path) -> None:
    app, head = guarded(tmp_path, per_minute=2)
    first, second, third = (app.check(headers=head) for _ in range(3))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.headers["ratelimit-policy"] == f'"minute";q=2;w={WINDOW}'
    assert first.headers["ratelimit"].startswith('"minute";r=1;t=')
    row = problem(third, "quota")
    assert row["violated-policies"] == ["minute"]
    assert 1 <= int(third.headers["retry-after"]) <= WINDOW + 1
    assert third.headers["ratelimit"].startswith('"minute";r=0;t=')
    assert len(app.pool.jobs) == 2


def test_a_quota_says_in_each_language_what_it_is(tmp_path: Path) -> None:
    app, head = guarded(tmp_path, per_minute=1)
    app.check(headers=head)
    said = {app.check(headers={**head, "accept-language": language}).text for language in LANGUAGES}
    assert len({json.loads(text)["detail"] for text in said}) == len(LANGUAGES)


def test_an_album_counts_each_of_its_photos(tmp_path: Path) -> None:
    app, head = guarded(tmp_path, per_minute=3)
    parts = [('name="photo"; filename="a.jpg"', photo())] * 4
    answer = app.check(form(*parts), "/v1/album", headers={**head, "content-type": FORM})
    assert problem(answer, "quota")["violated-policies"] == ["minute"]
    assert app.pool.jobs == []
    # The request itself was counted, its photos were not.
    assert [app.check(headers=head).status_code for _ in range(3)] == [200, 200, 429]


def test_what_nobody_has_looked_at_is_not_counted(tmp_path: Path) -> None:
    app, head = guarded(tmp_path, per_minute=1)
    app.service.gate.taken = app.service.gate.slots
    for _ in range(3):
        problem(app.check(headers=head), "full")
    app.service.gate.taken = 0
    assert app.check(headers=head).status_code == 200
    problem(app.check(headers=head), "quota")


def test_a_photo_that_crashes_is_counted(tmp_path: Path) -> None:
    app, head = guarded(tmp_path, per_minute=1)
    problem(app.check(photo("crash"), headers=head), "internal")
    problem(app.check(headers=head), "quota")


def test_health_and_counts_cost_no_quota(tmp_path: Path) -> None:
    app, head = guarded(tmp_path, per_minute=1, scopes=keys.SCOPES)
    for path in ("/metrics", "/healthz", "/readyz", "/openapi.json"):
        assert app.ask("GET", path, headers=head).status_code == 200
    assert app.check(headers=head).status_code == 200


def test_requests_at_a_time_are_bounded(tmp_path: Path) -> None:
    app, head = guarded(tmp_path, at_once=2)

    async def crowd() -> tuple[httpx.Response, list[httpx.Response]]:
        app.pool.held = []
        first = [asyncio.create_task(app.send("POST", "/v1/check", content=photo(), headers=head)) for _ in range(2)]
        while len(app.pool.held) < 2:
            await asyncio.sleep(0)
        refused = await app.send("POST", "/v1/check", content=photo(), headers=head)
        for future in app.pool.held:
            future.set_result(app.pool.task(app.pool.jobs[0]))
        app.pool.held = None
        return refused, [*[await one for one in first], await app.send("POST", "/v1/check", content=b"x", headers=head)]

    refused, answers = asyncio.run(crowd())
    assert problem(refused, "quota")["violated-policies"] == ["at-once"]
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["ratelimit"] == '"at-once";r=0'
    assert [answer.status_code for answer in answers] == [200, 200, 415]
    assert answers[-1].headers["ratelimit-policy"] == '"at-once";q=2;qu="concurrent-requests"'


class Clock:
    def __init__(self) -> None:
        self.now = 1000.25

    def __call__(self) -> float:
        return self.now


ASKING = st.lists(st.tuples(st.floats(0, 30), st.integers(1, 4), st.booleans()), max_size=60)


@given(st.integers(1, 8), ASKING)
def test_no_minute_ever_holds_more(quota: int, asked: list[tuple[float, int, bool]]) -> None:
    clock = Clock()
    quotas = Quotas(clock)
    key = keys.ApiKey("a", HASH, "", per_minute=quota)
    taken: list[tuple[float, int]] = []
    for pause, more, back in asked:
        clock.now += pause
        used = 0
        try:
            with quotas.of(key) as use:
                used = 1
                use.charge(more - 1)
                used = more
                if back:
                    use.give_back()
                    used = 0
        except ProblemError:
            pass
        taken.append((clock.now, used))
        assert sum(count for at, count in taken if at > clock.now - WINDOW) <= quota


@given(st.integers(1, 8), ASKING)
def test_whoever_comes_when_he_is_told_is_served(quota: int, asked: list[tuple[float, int, bool]]) -> None:
    clock = Clock()
    quotas = Quotas(clock)
    key = keys.ApiKey("a", HASH, "", per_minute=quota)
    for pause, _, _ in asked:
        clock.now += pause / 10
        try:
            with quotas.of(key):
                pass
        except ProblemError as refused:
            clock.now += int(refused.headers["retry-after"])
            with quotas.of(key):
                pass


READ = {
    "version 1": ({"version": 1, "keys": [{"name": "a", "sha256": HASH, "made": "2026"}]}, keys.USUAL),
    "version 2": (
        {"version": 2, "keys": [{"name": "a", "sha256": HASH, "made": "2026", "scopes": ["metrics"], "per_minute": None,
                                 "at_once": 3, "share": 2}]},
        ("metrics",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(READ))
def test_files_of_both_versions_are_read(case: str, tmp_path: Path) -> None:
    document, scopes = READ[case]
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(document))
    (key,) = keys.read(file)
    assert key.scopes == scopes
    keys.add(file, "b")
    assert json.loads(file.read_text())["version"] == 2
    assert keys.read(file)[0] == key


SPOILT: dict[str, Any] = {
    "scopes": ["check", [], ["all"], [1], None, {"check": 1}],
    "per_minute": [0, -1, 1.5, True, "5", 10**9],
    "at_once": [0, -1, False, [1]],
    "share": [0, None, "1", 1001],
    "name": ["", "a b", None],
    "sha256": ["", None, 5],
}


@pytest.mark.parametrize("member", sorted(SPOILT))
def test_a_file_with_a_wrong_value_is_none(member: str, tmp_path: Path) -> None:
    row = {"name": "a", "sha256": HASH, "made": "2026", "scopes": ["check"], "per_minute": 1, "at_once": 1, "share": 1}
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"version": 2, "keys": [row]}))
    assert keys.read(file)
    for value in SPOILT[member]:
        file.write_text(json.dumps({"version": 2, "keys": [{**row, member: value}]}))
        with pytest.raises(UsageError):
            keys.read(file)
    for document in ({"version": 3, "keys": [row]}, {"version": 2, "keys": [row, row]}, {"keys": [row]}, [], 1):
        file.write_text(json.dumps(document))
        with pytest.raises(UsageError):
            keys.read(file)


def test_a_key_is_changed_while_the_service_runs(tmp_path: Path) -> None:
    app, head = guarded(tmp_path)
    file = tmp_path / "keys.json"
    keys.change(file, "shop", scopes=("metrics",), per_minute=5)
    problem(app.check(headers=head), "scope")
    assert app.ask("GET", "/metrics", headers=head).status_code == 200
    assert keys.read(file)[0].per_minute == 5
    keys.change(file, "shop", per_minute=None)
    assert (keys.read(file)[0].scopes, keys.read(file)[0].per_minute) == (("metrics",), None)
    with pytest.raises(UsageError):
        keys.change(file, "forum", share=2)


@pytest.mark.parametrize("named", [True, False])
def test_requests_are_counted_by_key_unless_names_are_personal(named: bool, tmp_path: Path) -> None:
    app, head = guarded(tmp_path, {"key_metrics": named}, scopes=keys.SCOPES)
    app.check(headers=head)
    app.check(headers=bearer("photoscan_" + "A" * 43))
    app.check(b"x", headers=head)
    lines = [
        line for line in app.ask("GET", "/metrics", headers=head).text.splitlines() if "key_requests_total" in line
    ]
    counted = [line for line in lines if not line.startswith("#")]
    wanted = [f'photoscan_key_requests_total{{key="shop",status="{status}"}} 1.0' for status in ("200", "415")]
    assert counted == (wanted if named else [])


def test_what_workers_were_replaced_for_is_counted() -> None:
    app = App()
    app.pool.restarts = {"lost": 2, "timeout": 1}
    lines = app.ask("GET", "/metrics").text.splitlines()
    for reason, count in (("lost", 2), ("timeout", 1), ("dropped", 0), ("recycled", 0), ("start", 0)):
        assert f'photoscan_worker_restarts_total{{reason="{reason}"}} {count}.0' in lines


def test_findings_that_no_answer_told_are_counted() -> None:
    app = App(Pool(lambda job: Answer(CHECKED, decision="block", kinds={"text.phone": 70}, cut=20)))
    app.check()
    app.check(path="/v1/gate")
    assert "photoscan_findings_cut_total 40.0" in app.ask("GET", "/metrics").text.splitlines()


def test_a_wait_that_led_to_nothing_is_counted_too() -> None:
    app = App(deadline=0.1)
    app.pool.held = []
    problem(app.check(), "deadline")
    lines = app.ask("GET", "/metrics").text.splitlines()
    assert 'photoscan_queue_wait_seconds_count{lane="photos"} 1.0' in lines
    assert 'photoscan_queue_wait_seconds_bucket{lane="photos",le="0.025"} 0.0' in lines
    assert not [line for line in lines if line.startswith("photoscan_worker_seconds_count")]


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/check", photo()), ("/v1/clean", photo()), ("/v1/gate", photo()), ("/v1/check/text", b"a")]
)
def test_workers_are_told_whose_photo_it_is_so_that_keys_take_turns(path: str, body: bytes, tmp_path: Path) -> None:
    app, head = guarded(tmp_path)
    app.check(body, path, headers=head)
    assert [job.caller for job in app.pool.jobs] == ["shop"]
    alone = App()
    alone.check(body, path)
    assert [job.caller for job in alone.pool.jobs] == [None]


def test_a_slot_is_its_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    mine, yours = keys.add(file, "shop"), keys.add(file, "forum")
    app = App(keys=keys.Keys(file), workers=1, queue=3)

    async def crowd() -> tuple[list[int], int]:
        app.pool.held = []

        async def send(key: str) -> int:
            return (await app.send("POST", "/v1/check", content=photo(), headers=bearer(key))).status_code

        first = [asyncio.create_task(send(mine)) for _ in range(4)]
        while len(app.pool.held) < 3 or app.service.uploads.count:
            await asyncio.sleep(0)
        other = asyncio.create_task(send(yours))
        while len(app.pool.held) < 4:
            await asyncio.sleep(0)
        for future, job in zip(app.pool.held, app.pool.jobs, strict=True):
            future.set_result(app.pool.task(job))
        return [await one for one in first], await other

    first, other = asyncio.run(crowd())
    assert sorted(first) == [200, 200, 200, 503]
    assert other == 200


def test_a_new_key_under_an_old_name_is_another_caller(tmp_path: Path) -> None:
    app, old = guarded(tmp_path)
    again = {"idempotency-key": "1"}
    assert app.check(headers=old | again).status_code == 200
    assert app.check(headers=old | again).headers["idempotency-replayed"] == "true"
    file = tmp_path / "keys.json"
    keys.add(file, "other")
    keys.remove(file, "shop")
    new = bearer(keys.add(file, "shop"))
    answer = app.check(headers=new | again)
    assert (answer.status_code, "idempotency-replayed" in answer.headers) == (200, False)
