"""The code: easy to say, hard to guess, and nobody who knows it is kept out."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from photoscan.workshop.lan import code
from photoscan.workshop.lan.code import CALM, LONGEST, WAITING, WAITING_HERE, CrowdError, Turnstile, new_code, typed

RIGHT = "234567"


class Clock:
    """Time that passes only where somebody waits, and then at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.now + seconds, id(future), future))
        await future

    async def run(self, seconds: float) -> None:
        """Let so many seconds pass."""
        end = self.now + seconds
        await _settle()
        while self._sleeping and self._sleeping[0][0] <= end:
            self.now, _, future = heapq.heappop(self._sleeping)
            if not future.done():
                future.set_result(None)
            await _settle()
        self.now = end


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def play(what: Callable[[Turnstile, Clock], Coroutine[Any, Any, None]]) -> None:
    async def all_of_it() -> None:
        clock = Clock()
        async with asyncio.timeout(30):
            await what(Turnstile(RIGHT, clock, clock.sleep), clock)

    asyncio.run(all_of_it())


def wrong(number: int) -> str:
    digits = "".join(code.DIGITS[(number >> 3 * place) % 8] for place in range(6))
    return digits if digits != RIGHT else "999999"


def test_codes_are_short_unlike_and_unambiguous() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    assert {len(one) for one in codes} == {6}
    assert set("".join(codes)) == set(code.DIGITS)
    assert not set(code.DIGITS) & set("01OI")


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("234567", "234567"),
        (" 234 567\n", "234567"),
        ("23-45-67", "234567"),
        ("2345670", "234567"),
        ("", ""),
        ("\ud800" * 6, ""),
        ("２３４５６７", ""),
        ("9" * 1000, ""),
        (None, ""),
        (234567, ""),
        (["234567"], ""),
    ],
)
def test_what_is_typed(value: object, taken: str) -> None:
    assert typed(value) == taken


def test_a_class_that_types_badly_waits_for_nothing() -> None:
    async def go(turnstile: Turnstile, clock: Clock) -> None:
        for number in range(int(CALM) - 1):
            assert not await turnstile.passes(f"10.0.0.{number}", wrong(number))
        assert await turnstile.passes("10.0.0.1", RIGHT)
        assert clock.now == 0

    play(go)


def test_a_right_code_is_taken_and_a_wrong_one_is_not() -> None:
    async def go(turnstile: Turnstile, clock: Clock) -> None:
        assert await turnstile.passes("10.0.0.1", RIGHT)
        for other in ("", "2", "2345678", RIGHT[::-1], "é"):
            assert not await turnstile.passes("10.0.0.1", other)

    play(go)


async def flood(turnstile: Turnstile, address: str, count: int, first: int = 0) -> list[asyncio.Task[bool]]:
    """So many different wrong codes at once."""
    tasks = [asyncio.ensure_future(turnstile.passes(address, wrong(first + n))) for n in range(count)]
    await _settle()
    return tasks


def verdicts(tasks: list[asyncio.Task[bool]]) -> list[asyncio.Task[bool]]:
    return [one for one in tasks if one.done() and not one.exception()]


SECONDS = 90


@pytest.mark.parametrize("addresses", [1, 50])
def test_many_connections_guess_no_faster(addresses: int) -> None:
    async def go(turnstile: Turnstile, clock: Clock) -> None:
        told = 0
        for second in range(SECONDS):
            tasks = [
                one
                for n in range(addresses)
                for one in await flood(turnstile, f"10.0.1.{n}", 50 // addresses, 10_000 * second + 200 * n)
            ]
            await clock.run(1)
            told += len(verdicts(tasks))
            for one in tasks:
                one.cancel()
            await _settle()
        # Once it is hot one a second; and what a class may get wrong comes on top.
        assert told <= SECONDS + 3 * CALM

    play(go)


@pytest.mark.parametrize("where", ["beside the guesser", "behind the guesser's address"])
def test_a_right_code_gets_in_soon_whoever_guesses(where: str) -> None:
    async def go(turnstile: Turnstile, clock: Clock) -> None:
        await flood(turnstile, "10.0.0.66", 100)
        await clock.run(120)
        await flood(turnstile, "10.0.0.66", WAITING_HERE - 1, 1000)
        address = "10.0.0.66" if where.startswith("behind") else "10.0.0.7"
        phones = [asyncio.ensure_future(turnstile.passes(address, RIGHT)) for _ in range(30)]
        await clock.run(WAITING_HERE * LONGEST if where.startswith("behind") else 3 * LONGEST)
        assert [one.done() and one.result() for one in phones] == [True] * 30

    play(go)


def test_a_full_address_is_told_to_wait_and_others_are_not() -> None:
    async def go(turnstile: Turnstile, clock: Clock) -> None:
        await flood(turnstile, "10.0.0.66", int(CALM))
        await flood(turnstile, "10.0.0.66", WAITING_HERE, 1000)
        with pytest.raises(CrowdError):
            await turnstile.passes("10.0.0.66", RIGHT)
        other = asyncio.ensure_future(turnstile.passes("10.0.0.7", RIGHT))
        await clock.run(3)
        assert other.result()

    play(go)


def test_where_all_is_full_the_busiest_address_makes_room() -> None:
    async def go(turnstile: Turnstile, clock: Clock) -> None:
        await flood(turnstile, "10.0.0.66", int(CALM))
        full = [await flood(turnstile, f"10.0.2.{n}", WAITING_HERE, 500 * n) for n in range(WAITING // WAITING_HERE)]
        newcomer = asyncio.ensure_future(turnstile.passes("10.0.0.7", RIGHT))
        await clock.run((WAITING / WAITING_HERE + 2) * LONGEST)
        assert newcomer.result()
        turned_away = [one for tasks in full for one in tasks if one.done() and one.exception()]
        assert len(turned_away) == 1

    play(go)


def test_who_leaves_takes_no_verdict_from_others() -> None:
    async def go(turnstile: Turnstile, clock: Clock) -> None:
        await flood(turnstile, "10.0.0.66", int(CALM) + 2)
        first, second = (asyncio.ensure_future(turnstile.passes("10.0.0.7", RIGHT)) for _ in range(2))
        await _settle()
        first.cancel()
        await clock.run(5)
        assert second.result()

    play(go)


def test_time_heals() -> None:
    async def go(turnstile: Turnstile, clock: Clock) -> None:
        await flood(turnstile, "10.0.0.66", 60)
        await clock.run(600)
        assert turnstile.pause == code.FIRST
        assert await turnstile.passes("10.0.0.7", RIGHT)

    play(go)


@pytest.mark.parametrize(
    ("address", "same"),
    [("10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"), ("fd00::1%eth0", "fd00::1"), ("", ""), ("x", "x")],
)
def test_an_address_has_one_form(address: str, same: str) -> None:
    assert code.origin(address) == same


def test_ten_thousand_wrong_codes_slow_a_class_for_two_minutes_and_no_longer() -> None:
    clock = Clock()
    turnstile = Turnstile(RIGHT, clock, clock.sleep)
    for number in range(10_000):
        turnstile._verdict(f"10.0.{number >> 8 & 255}.{number & 255}", wrong(number))
    assert turnstile.pause == LONGEST
    assert len(turnstile._wrong) == code.REMEMBERED
    assert "10.0.39.15" in turnstile._wrong, "the last ones are remembered"
    clock.now += (code.HOTTEST - CALM) / code.HEALS + 1
    assert turnstile._heated() < CALM
