"""Idempotency keys: a request that is sent again gets the answer of the first one, as long as that is remembered.

As the IETF draft "The Idempotency-Key HTTP Header Field" has it. Memory only, bounded, short; keyed by hash.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from photoscan.errors import phrase
from photoscan.service.problem import ProblemError, retry_later

SECONDS = 600.0
ANSWERS = 1000
BYTES = 32 * 1024 * 1024
"""All answers together; the oldest ones are forgotten first."""
LONGEST_KEY = 255


class Replays:
    """Answers by key and what was asked. For one event loop: it holds no lock."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self.bytes = 0
        self._answers: OrderedDict[str, tuple[str, float, bytes]] = OrderedDict()
        self._at_work: dict[str, str] = {}

    def begin(self, key: str, asked: str) -> bytes | None:
        """The answer that was given before; None when the request is a new one, which then has to be `end`ed.

        Raises the problems same_key_other_body and same_key_at_work.
        """
        self._forget()
        before = self._answers.get(key)
        known = before[0] if before else self._at_work.get(key)
        if known is not None and known != asked:
            raise ProblemError("same_key_other_body", phrase("serve.detail.same_key_other_body"))
        if before:
            return before[2]
        if key in self._at_work:
            raise retry_later("same_key_at_work", 1)
        self._at_work[key] = asked
        return None

    def end(self, key: str, answer: bytes | None) -> None:
        """The request is done; without an answer it may be sent again as a new one."""
        asked = self._at_work.pop(key)
        if answer is not None:
            self._answers[key] = (asked, self.clock(), answer)
            self.bytes += len(answer)
        self._forget()

    def _forget(self) -> None:
        while self._answers:
            key, (_, since, answer) = next(iter(self._answers.items()))
            if self.clock() - since < SECONDS and len(self._answers) <= ANSWERS and self.bytes <= BYTES:
                return
            del self._answers[key]
            self.bytes -= len(answer)


def digest(*parts: bytes) -> str:
    """One hash of several parts, none of which can run into the next."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()
