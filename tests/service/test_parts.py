"""The small parts: keys, slots, replays, plans, settings."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES
from photoscan.errors import NotReadableError, UsageError
from photoscan.formats import Format
from photoscan.risk.policy import Policy
from photoscan.service import keys
from photoscan.service.gate import LONGEST_WAIT, Gate
from photoscan.service.language import negotiated
from photoscan.service.plan import plan
from photoscan.service.problem import ProblemError
from photoscan.service.replays import ANSWERS, BYTES, SECONDS, Replays, digest
from photoscan.service.settings import Settings, is_loopback, load_policies
from tests.service.stub import CANARY
from tests.service.test_app import App, problem


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_a_key_opens_and_is_written_down_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key, other = keys.add(file, "shop"), keys.add(file, "forum")
    assert key != other
    assert len(key) > 43
    assert key not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    app = App(keys=keys.Keys(file))
    assert app.check(headers=bearer(key)).status_code == 200
    assert app.check(headers={"authorization": f"bearer  {other}"}).status_code == 200


WRONG = [{}, {"authorization": ""}, {"authorization": "Bearer"}, bearer("x"), bearer("photoscan_" + "A" * 43),
         {"authorization": "Basic cGhvdG86c2Nhbg=="}, bearer("ü" * 100), {"x-api-key": "x"}]  # fmt: skip


@pytest.mark.parametrize("headers", WRONG)
@pytest.mark.parametrize("path", ["/v1/check", "/v1/clean", "/v1/check/text", "/metrics", "/nowhere"])
def test_without_a_key_nothing_opens(headers: dict[str, str], path: str, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.add(file, "shop")
    app = App(keys=keys.Keys(file))
    sent = {name: value.encode() for name, value in headers.items()}
    answer = app.check(path=path, headers=sent)
    problem(answer, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert app.pool.jobs == []


def test_probes_and_the_description_need_no_key(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.add(file, "shop")
    app = App(keys=keys.Keys(file))
    assert {app.ask("GET", path).status_code for path in ("/healthz", "/readyz", "/openapi.json")} == {200}
    assert app.ask("GET", "/openapi.json").json()["security"] == [{"key": []}]


def owner(known: keys.Keys, presented: str) -> str | None:
    key = known.find(presented)
    return None if key is None else key.name


def test_a_key_that_is_taken_back_opens_nothing_any_more(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key, _ = keys.add(file, "shop"), keys.add(file, "forum")
    known = keys.Keys(file)
    assert owner(known, key) == "shop"
    keys.remove(file, "shop")
    assert owner(known, key) is None
    assert owner(known, keys.add(file, "news")) == "news"


def test_a_file_that_is_spoilt_locks_nobody_out(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = keys.add(file, "shop")
    known = keys.Keys(file)
    file.write_text("{")
    assert owner(known, key) == "shop"
    file.unlink()
    assert owner(known, key) == "shop"


def test_callers_do_not_share_their_replays(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    mine, yours = keys.add(file, "shop"), keys.add(file, "forum")
    app = App(keys=keys.Keys(file))
    for key in (mine, yours):
        assert "idempotency-replayed" not in app.check(headers={**bearer(key), "idempotency-key": "1"}).headers
    assert len(app.pool.jobs) == 2


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "a\nb", "x" * 41, ".x"])
def test_names_of_keys_fit_into_a_log(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        keys.add(tmp_path / "keys.json", name)


def test_a_name_has_one_key(tmp_path: Path) -> None:
    keys.add(tmp_path / "keys.json", "shop")
    with pytest.raises(UsageError, match="already"):
        keys.add(tmp_path / "keys.json", "shop")
    with pytest.raises(UsageError, match="no key"):
        keys.remove(tmp_path / "keys.json", "forum")


ROW = {"name": "shop", "sha256": "0" * 64, "made": "2026-01-01"}
FILES = {
    "empty": b"",
    "list": b"[]",
    "no keys": b'{"version": 1}',
    "other version": json.dumps({"version": 2, "keys": [ROW]}).encode(),
    "key in clear": json.dumps({"version": 1, "keys": [{**ROW, "sha256": "photoscan_x"}]}).encode(),
    "name with a space": json.dumps({"version": 1, "keys": [{**ROW, "name": "a b"}]}).encode(),
    "twice": json.dumps({"version": 1, "keys": [ROW, ROW]}).encode(),
    "deep": b"[" * 100_000,
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("case", sorted(FILES))
def test_files_that_hold_no_keys(case: str, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(FILES[case])
    with pytest.raises(UsageError, match=r"keys\.json"):
        keys.Keys(file)


def test_a_file_must_be_there_and_hold_a_key(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    with pytest.raises(NotReadableError):
        keys.Keys(file)
    keys.add(file, "shop")
    keys.remove(file, "shop")
    with pytest.raises(UsageError, match="holds no key"):
        keys.Keys(file)


@pytest.mark.parametrize(
    ("seconds", "taken", "after"), [(0.4, 3, 1), (2.0, 10, 8), (30.0, 10, LONGEST_WAIT), (1, 0, 1)]
)
def test_retry_after_is_about_when_a_slot_is_free(seconds: float, taken: int, after: int) -> None:
    gate = Gate(10, 2, 1000)
    for _ in range(50):
        gate.took(seconds)
    gate.taken = taken
    assert gate.retry_after == after


@given(st.lists(st.sampled_from(["take", "give"]), max_size=60))
def test_slots_are_never_more_than_there_are(steps: list[str]) -> None:
    gate = Gate(3, 2, 1000)
    held = []
    for step in steps:
        if step == "give" and held:
            held.pop().__exit__(None, None, None)
        elif step == "take":
            slot = gate.slot()
            if len(held) < 3:
                slot.__enter__()
                held.append(slot)
            else:
                with pytest.raises(ProblemError):
                    slot.__enter__()
        assert gate.taken == len(held) <= 3


@pytest.mark.parametrize(
    ("taken", "seconds", "admitted"),
    [
        (0, 100, True),  # a worker is free: even what is expected to take too long may try
        (1, 100, True),
        (2, 4, True),  # waits 2, looks 4
        (4, 4, True),  # waits 6, looks 4
        (5, 4, False),  # waits 8, looks 4
        (2, 7, False),  # waits 3.5, looks 7
    ],
)
def test_a_photo_that_would_be_late_is_refused_before_it_comes(taken: int, seconds: float, admitted: bool) -> None:
    gate = Gate(10, 2, 1000, deadline=10)
    gate.taken, gate.seconds = taken, seconds
    if admitted:
        gate.check()
    else:
        with pytest.raises(ProblemError) as caught:
            gate.check()
        assert caught.value.code == "full"
        assert int(caught.value.headers["retry-after"]) >= 1
    free = Gate(10, 2, 1000)
    free.taken, free.seconds = taken, seconds
    free.check()


def test_what_was_given_up_counts_as_long_as_it_was_given() -> None:
    gate = Gate(10, 2, 1000, deadline=10)
    gate.dropped(running=False, late=True)
    assert gate.seconds == 1
    for _ in range(50):
        gate.dropped(running=True, late=True)
    assert gate.seconds == pytest.approx(10, abs=0.1)


def test_replays_are_forgotten_in_time() -> None:
    now = [0.0]
    replays = Replays(lambda: now[0])
    assert replays.begin("k", "photo") is None
    replays.end("k", b"answer")
    now[0] = SECONDS - 1
    assert replays.begin("k", "photo") == b"answer"
    now[0] = SECONDS + 1
    assert replays.begin("k", "photo") is None
    assert replays.bytes == 0


def test_the_same_request_twice_at_a_time() -> None:
    replays = Replays()
    replays.begin("k", "photo")
    with pytest.raises(ProblemError) as caught:
        replays.begin("k", "photo")
    assert caught.value.code == "same_key_at_work"
    with pytest.raises(ProblemError) as caught:
        replays.begin("k", "another photo")
    assert caught.value.code == "same_key_other_body"
    replays.end("k", None)
    assert replays.begin("k", "another photo") is None


@given(st.lists(st.integers(0, BYTES // 3), max_size=12))
def test_replays_are_bounded(sizes: list[int]) -> None:
    replays = Replays()
    for number, size in enumerate(sizes):
        replays.begin(str(number), "x")
        # Only the length counts.
        replays.end(str(number), memoryview(ZEROS)[:size])  # type: ignore[arg-type]
        assert replays.bytes <= BYTES


ZEROS = bytes(BYTES)


def test_replays_are_bounded_in_number() -> None:
    replays = Replays()
    for number in range(ANSWERS + 10):
        replays.begin(str(number), "x")
        replays.end(str(number), b"y")
    assert replays.begin("0", "x") is None
    assert replays.begin(str(ANSWERS), "x") == b"y"
    assert replays.bytes <= ANSWERS + 10


def test_parts_of_a_digest_can_not_run_into_the_next() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")


@given(st.text(max_size=300))
def test_any_header_gives_one_of_our_languages_or_none(header: str) -> None:
    assert negotiated(header) in (None, *LANGUAGES)


@pytest.mark.parametrize("choice", [{"boxes": ["1,2,3,4"]}, {"redact": "face"}])
def test_a_request_does_not_hide_in_a_picture_that_stays_as_it_is(choice: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        plan(Policy.load("default"), metadata_only=True, **choice)


def test_the_caller_wins_over_the_policy_and_that_over_the_defaults() -> None:
    policy = Policy.parse(
        {"name": "x", "version": "1", "redaction": {"kinds": ["plate"], "style": "blur", "keep": ["icc", "copyright"]}}
    )
    bare = Policy("y", "1")
    assert (plan(policy).redact, plan(policy).style, plan(policy).keep) == (("plate",), "blur", ("icc", "copyright"))
    chosen = plan(policy, redact="face, text", style="fill", keep="date", boxes=["1,2,3,4"])
    assert (chosen.redact, chosen.style, chosen.keep) == (("face", "text"), "fill", ("icc", "orientation", "date"))
    assert chosen.boxes[0].as_list() == [1, 2, 3, 4]
    assert plan(policy, keep="nothing").keep == ()
    assert plan(policy, to="png").to is Format.PNG
    assert (plan(bare).redact, plan(bare).style, plan(bare).keep) == (None, "fill", ("icc", "orientation"))


def test_policies_go_by_their_names(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "ours"\nversion = "7"\n')
    found = load_policies((os.fspath(file), "strict"))
    assert list(found)[:2] == ["ours", "strict"]
    assert set(found) == {"ours", "default", "platform", "workshop", "strict"}
    assert Settings(policies=found).default_policy == "ours"
    with pytest.raises(UsageError, match="two policies"):
        load_policies(("strict", "strict"))


LOOPBACK = {"127.0.0.1": True, "127.8.9.1": True, "::1": True, "[::1]": True, "localhost": True, "0.0.0.0": False,
            "::": False, "10.0.0.1": False, "localhost.example": False, CANARY: False, "": False}  # fmt: skip


@pytest.mark.parametrize("host", sorted(LOOPBACK))
def test_loopback(host: str) -> None:
    assert is_loopback(host) is LOOPBACK[host]


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"queue": -1}, {"timeout": 0}, {"max_bytes": 0}])
def test_settings_make_sense(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Settings(**wrong)  # type: ignore[arg-type]
