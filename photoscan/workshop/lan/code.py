"""The code by which a class joins, and what slows those who guess.

A code has six digits out of eight: 262,144. Whoever tries learns whether one is right only as fast as the turnstile
lets answers through, right or wrong, so that many connections at a time gain nothing. Once many were wrong that is one
in a second for everybody together: a chance of one in 73 within an hour, and the teacher sees who comes in, and can
send them out.

Nobody is locked out. Addresses take turns, each the more rarely the more often it was wrong, so that one that is new
waits a second for each of the others. The same code from the same address waits but once for all who typed it: a class
behind one address never stands in its own way, and needs one place among the few that this address has.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from time import monotonic

from photoscan.workers.turns import Turns

DIGITS = "23456789"
"""Said alike in all languages, on every phone's first keys, and none of them looks like a letter."""
LENGTH = 6
CALM = 20.0
"""So many wrong codes are typing errors of a class ..."""
HEALS = 1 / 3
"""... of which so many are forgiven a second."""
FIRST, LONGEST = 0.1, 1.0
"""Seconds between two answers, once more were wrong: doubled with every ten, up to the longest."""
HOTTEST = 60.0
"""More wrong codes than that slow nobody for longer."""
WAITING, WAITING_HERE = 240, 20
"""How many different codes may wait, of all and of one address."""
LIGHTEST = 1 / 8
"""The weight, at turns, of an address that was wrong very often."""
REMEMBERED = 1024
"""How many addresses that were wrong are remembered."""


class CrowdError(Exception):
    """Too many wait already at the turnstile."""


def new_code() -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(DIGITS) for _ in range(LENGTH))


def typed(value: object) -> str:
    """The digits of what somebody typed; empty for what can be no code."""
    text = value if isinstance(value, str) and len(value) <= 4 * LENGTH else ""
    return "".join(one for one in text if one in DIGITS)


def origin(client: str) -> str:
    """The address of a sender in one form. Of IPv6 all of it: a class shares what stands before."""
    try:
        found = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    return f"{found.ipv4_mapped}" if isinstance(found, IPv6Address) and found.ipv4_mapped else f"{found}"


@dataclass(slots=True, eq=False)
class _Attempt:
    who: str
    code: str
    verdict: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Turnstile:
    """Tells whether codes are right, no faster than it should. For one event loop.

    `clock`: seconds; `sleep`: waits for so many.
    """

    def __init__(
        self,
        code: str,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.code = code
        self._clock = clock
        self._sleep = sleep
        self._level = 0.0
        self._at = clock()
        self._wrong: dict[str, int] = {}
        self._turns: Turns[_Attempt] = Turns()
        self._waiting: dict[tuple[str, str], _Attempt] = {}
        self._serving: asyncio.Task[None] | None = None

    async def passes(self, client: str, code: str) -> bool:
        """Whether a code is right, told when its turn comes. Raises CrowdError where too many wait."""
        who = origin(client)
        if not self._waiting and self._heated() < CALM:
            return self._verdict(who, code)
        attempt = self._waiting.get((who, code)) or self._queued(who, code)
        # Whoever leaves does not take the verdict from those who wait for the same.
        return await asyncio.shield(attempt.verdict)

    def _queued(self, who: str, code: str) -> _Attempt:
        here = Counter(one for one, _ in self._waiting)
        if here[who] >= WAITING_HERE:
            raise CrowdError
        if len(self._waiting) >= WAITING:
            self._make_room(here)
        attempt = self._waiting[who, code] = _Attempt(who, code)
        self._turns.append(attempt, who, max(LIGHTEST, 1 / (1 + self._wrong.get(who, 0) / CALM)))
        if self._serving is None or self._serving.done():
            self._serving = asyncio.ensure_future(self._serve())
        return attempt

    def _make_room(self, here: Counter[str]) -> None:
        """Turn away the last one of the address that has most of them. Raises CrowdError where each has but one."""
        ((most, count),) = here.most_common(1)
        if count == 1:
            raise CrowdError
        last = next(key for key in reversed(self._waiting) if key[0] == most)
        verdict = self._waiting.pop(last).verdict
        verdict.set_exception(CrowdError())
        verdict.exception()  # whoever sent it may have left: asyncio tells of errors that nobody asked for

    async def _serve(self) -> None:
        while self._waiting:
            await self._sleep(self.pause)
            attempt = self._turns.pop()
            while attempt.verdict.done():
                attempt = self._turns.pop()
            del self._waiting[attempt.who, attempt.code]
            attempt.verdict.set_result(self._verdict(attempt.who, attempt.code))

    @property
    def pause(self) -> float:
        """Seconds before the next answer to those who wait."""
        over = max(0.0, self._heated() - CALM)
        return min(LONGEST, FIRST * float(2.0 ** min(over / 10, 16)))

    def _heated(self) -> float:
        """How many wrong codes are not forgiven yet."""
        now = self._clock()
        self._level = max(0.0, self._level - (now - self._at) * HEALS)
        self._at = now
        return self._level

    def _verdict(self, who: str, code: str) -> bool:
        right = secrets.compare_digest(code.encode(), self.code.encode())
        if not right:
            self._level = min(HOTTEST, self._heated() + 1)
            self._wrong[who] = self._wrong.pop(who, 0) + 1
            while len(self._wrong) > REMEMBERED:
                del self._wrong[next(iter(self._wrong))]
        return right
