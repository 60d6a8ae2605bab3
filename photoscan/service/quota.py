"""How much a key may ask: photos and texts in any minute, and requests at a time. Beyond that it is told when to come.

Told in the fields of the IETF draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-11).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import ceil
from time import monotonic
from typing import Self

from photoscan.errors import phrase
from photoscan.service.keys import ApiKey
from photoscan.service.problem import ProblemError

WINDOW = 60
"""Seconds: no stretch of this length holds more than a key's quota."""
MINUTE, AT_ONCE = "minute", "at-once"
"""The names of both policies in headers and problems."""
_SOON = 1
Header = tuple[bytes, bytes]


class Quotas:
    """What keys have used, by name. For one event loop: it holds no lock. Memory only."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._used: dict[str, _Used] = {}

    def of(self, key: ApiKey) -> Use:
        """One request of a key, which counts from where its `with` block begins."""
        return Use(key, self._used.setdefault(key.name, _Used()), self.clock)


class _Used:
    """What one key has used: photos and texts by the second in which they came, and the requests that are here."""

    def __init__(self) -> None:
        self.at_once = 0
        self.seconds: deque[list[int]] = deque()

    @property
    def count(self) -> int:
        return sum(count for _, count in self.seconds)

    def forget(self, now: float) -> None:
        """A second counts until all of it lies a whole window back."""
        while self.seconds and self.seconds[0][0] + 1 + WINDOW <= now:
            self.seconds.popleft()


class Use:
    """One request's part of its key's quotas."""

    def __init__(self, key: ApiKey, used: _Used, clock: Callable[[], float]) -> None:
        self.key = key
        self._used = used
        self._clock = clock
        self._charged: list[tuple[list[int], int]] = []

    def __enter__(self) -> Self:
        """Be one of those at a time, and charge for one photo; the problem 'quota'."""
        bound = self.key.at_once
        if bound is not None and self._used.at_once >= bound:
            raise self._problem(AT_ONCE, bound, _SOON)
        self.charge(1)
        self._used.at_once += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._used.at_once -= 1

    def charge(self, count: int) -> None:
        """Count so many photos more; the problem 'quota' where they are too many for this minute."""
        bound = self.key.per_minute
        if bound is None or count < 1:
            return
        now = self._clock()
        self._used.forget(now)
        over = self._used.count + count - bound
        if over > 0:
            raise self._problem(MINUTE, bound, self._until(over, now))
        seconds = self._used.seconds
        if not seconds or seconds[-1][0] != int(now):
            seconds.append([int(now), 0])
        seconds[-1][1] += count
        self._charged.append((seconds[-1], count))

    def give_back(self) -> None:
        """Nobody has looked: it counts for nothing."""
        for second, count in self._charged:
            second[1] -= count
        self._charged.clear()

    def headers(self) -> list[Header]:
        """What the key may have, and what is left of it; none for a key without bounds."""
        policies, left = [], []
        if self.key.per_minute is not None:
            now = self._clock()
            self._used.forget(now)
            policies.append(f'"{MINUTE}";q={self.key.per_minute};w={WINDOW}')
            rest = max(0, self.key.per_minute - self._used.count)
            left.append(f'"{MINUTE}";r={rest};t={self._until(1, now)}')
        if self.key.at_once is not None:
            policies.append(f'"{AT_ONCE}";q={self.key.at_once};qu="concurrent-requests"')
            left.append(f'"{AT_ONCE}";r={max(0, self.key.at_once - self._used.at_once)}')
        if not policies:
            return []
        return [(b"ratelimit-policy", ", ".join(policies).encode()), (b"ratelimit", ", ".join(left).encode())]

    def _until(self, wanted: int, now: float) -> int:
        """Seconds until so many more are free; a whole window where they never are, 0 where nothing was used."""
        freed = 0
        for second, count in self._used.seconds:
            freed += count
            if freed >= wanted:
                return max(1, ceil(second + 1 + WINDOW - now))
        return WINDOW if self._used.seconds else 0

    def _problem(self, name: str, bound: int, seconds: int) -> ProblemError:
        detail = phrase(f"serve.detail.quota.{name}", count=bound)
        return ProblemError("quota", detail, {"retry-after": str(max(1, seconds))}, {"violated-policies": [name]})
