"""What is asked again, when and how often: the conversation by itself, and both clients that carry it."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest

from photoscan.client import ServiceError, conversation
from photoscan.client.exchange import Reply
from photoscan.service.problem import STATUS
from tests.client.script import CHECKED, Script, problem, reply

Connect = Callable[..., Any]


@pytest.mark.parametrize("code", conversation.AGAIN)
def test_what_goes_away_by_itself_is_asked_again(
    code: str, script: Script, connect: Connect, pauses: list[float]
) -> None:
    script.turns = [problem(code, STATUS.get(code, 429), retry_after="2"), problem(code), reply(200, CHECKED)]
    assert connect(script.url).check(b"photo").decision == "review"
    assert [asked.body for asked in script.asked] == [b"photo"] * 3
    # Never before the service says; where it does not say, a second.
    assert len(pauses) == 2
    assert 2 <= pauses[0] <= 3
    assert 1 <= pauses[1] <= 2


@pytest.mark.parametrize("code", sorted({*STATUS} - {*conversation.AGAIN}))
def test_what_would_end_the_same_is_not_asked_again(
    code: str, script: Script, connect: Connect, pauses: list[float]
) -> None:
    script.turns = [problem(code, STATUS[code])]
    with pytest.raises(ServiceError) as caught:
        connect(script.url).check(b"photo")
    assert (caught.value.reason, pauses, len(script.asked)) == (code, [], 1)


@pytest.mark.parametrize(
    ("status", "headers", "times"),
    [
        (503, {"retry_after": "3"}, 2),
        (429, {"retry_after": "3"}, 2),
        (503, {}, 1),
        (429, {}, 1),
        (502, {"retry_after": "3"}, 1),
        (500, {"retry_after": "3"}, 1),
    ],
)
def test_who_stands_before_the_service_may_say_when(
    status: int, headers: dict[str, str], times: int, script: Script, connect: Connect, pauses: list[float]
) -> None:
    script.turns = [reply(status, b"<html>", content_type="text/html", **headers)]
    with pytest.raises(ServiceError) as caught:
        connect(script.url, retries=1).check(b"photo")
    assert (caught.value.status, len(script.asked), caught.value.unseen) == (status, times, True)
    assert caught.value.retry_after == (3 if headers else None)


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_there_is_an_end(retries: int, script: Script, connect: Connect, pauses: list[float]) -> None:
    script.turns = [problem("full", retry_after="1")]
    with pytest.raises(ServiceError) as caught:
        connect(script.url, retries=retries).check(b"photo")
    assert (caught.value.reason, caught.value.retry_after) == ("full", 1)
    assert (len(script.asked), len(pauses)) == (1 + retries, retries)


@pytest.mark.parametrize(("said", "times"), [("89", 2), ("3600", 1), ("9" * 400, 1)])
def test_nobody_waits_longer_than_the_own_patience(
    said: str, times: int, script: Script, connect: Connect, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation.random, "uniform", lambda low, _: low)
    script.turns = [problem("full", retry_after=said)]
    with pytest.raises(ServiceError) as caught:
        connect(script.url, retries=1).check(b"photo")
    assert len(script.asked) == times
    assert caught.value.retry_after == float(said)
    script.asked.clear()
    with pytest.raises(ServiceError):
        connect(script.url, retries=1, patience=0).check(b"photo")
    assert len(script.asked) == 1


def test_patience_counts_from_the_first_attempt(
    script: Script, connect: Connect, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    clock = [100.0]
    monkeypatch.setattr(conversation.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(conversation.random, "uniform", lambda low, _: low)
    client = connect(script.url, retries=9, patience=10)

    class Later(list[Any]):
        def __len__(self) -> int:
            # A turn is taken for each request: four seconds pass meanwhile.
            clock[0] += 4
            return super().__len__()

    script.turns = Later([problem("full", retry_after="1")])
    with pytest.raises(ServiceError):
        client.check(b"photo")
    # At 4 and at 8 a second's pause still ends within ten; at 12 no more.
    assert len(script.asked) == 3


@pytest.mark.parametrize("after", [None, 0.0, 1.0, 20.0])
def test_those_who_were_refused_together_do_not_come_back_together(after: float | None) -> None:
    least = conversation.UNTOLD if after is None else after
    widths = []
    for attempt in range(8):
        found = [conversation.pause(after, attempt) for _ in range(300)]
        assert min(found) >= least
        widths.append(max(found) - least)
        # Anywhere in that time, not at its ends.
        middle = sum(least + widths[-1] / 3 < one < least + 2 * widths[-1] / 3 for one in found)
        assert 50 < middle < 150
    assert widths[0] == pytest.approx(max(1, least) / 2, rel=0.1)
    assert widths[1] == pytest.approx(max(1, least), rel=0.1)
    assert max(widths) <= conversation.WIDEST


SAID = {
    "": None, "0": 0, "7": 7, " 7 ": 7, "1.5": None, "-1": None, "soon": None, "²": None, "٣": None,
    "Wed, 21 Oct 2015 07:28:00 GMT": 0, "Wed, 99 Oct 2015 07:28:00 GMT": None,
}  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_what_a_reply_says_of_when(said: str) -> None:
    assert conversation.retry_after(Reply(503, {"retry-after": said}, b"")) == SAID[said]


def test_a_reply_may_name_a_date() -> None:
    said = formatdate(time.time() + 30, usegmt=True)
    found = conversation.retry_after(Reply(503, {"retry-after": said}, b""))
    assert found is not None
    assert 25 < found <= 30
    assert conversation.retry_after(Reply(503, {}, b"")) is None
