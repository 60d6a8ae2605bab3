"""How one question comes to its answer, whoever carries the bytes: what is asked again, when, and how often.

A conversation says what it wants next (send this, wait so long) and is told what came of it. So both clients are as
patient as one another, and what they promise is tested without a network.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Generator
from email.utils import parsedate_to_datetime
from typing import Any

from photoscan.client.exchange import Done, Outcome, Pause, Reply, Request, Step, Unreached
from photoscan.client.failures import ServiceError, told
from photoscan.client.questions import Answer, Question
from photoscan.client.terms import Terms

AGAIN = ("full", "deadline", "worker_lost", "stopping", "not_ready", "same_key_at_work", "quota")
"""Problems that go away by themselves. So does whatever says with 429 or 503 when to come back."""
UNTOLD = 1.0
"""Seconds until a photo is sent again, where the service does not say."""
WIDEST = 30.0
"""Seconds over which clients that were refused together are spread, at most."""


class Conversation:
    """One question, step by step. Not thread-safe, but it may go from thread to thread."""

    def __init__(self, steps: Generator[Request | Pause, Outcome, Any]) -> None:
        self._steps = steps

    def next(self, outcome: Outcome = None) -> Step:
        """What to do now, after what came of the step before. Raises ServiceError."""
        try:
            return self._steps.send(outcome)
        except StopIteration as end:
            return Done(end.value)


def ask(terms: Terms, question: Question[Answer]) -> Conversation:
    """The conversation about a question; it ends with the answer, or raises ServiceError."""
    return Conversation(_asked(terms, question))


def probe(terms: Terms) -> Conversation:
    """The conversation that ends with whether the service is ready. It is not asked twice."""
    return Conversation(_probed(terms))


def _probed(terms: Terms) -> Generator[Request | Pause, Outcome, bool]:
    found = yield from _sent(Request("GET", f"{terms.path}/readyz", terms.headers))
    return isinstance(found, Reply) and found.status == 200 and _document(found) is not None


def _asked(terms: Terms, question: Question[Answer]) -> Generator[Request | Pause, Outcome, Answer]:
    request = Request("POST", terms.path + question.path, {**terms.headers, **question.headers}, question.body)
    end = time.monotonic() + terms.patience
    attempt = 0
    while True:
        found = yield from _sent(request)
        if not isinstance(found, Reply):
            raise ServiceError("problem.client.unreachable", host=terms.host, why=found.why)
        problem = _document(found)
        if found.status in question.good and not _is_problem(found):
            return _read(terms, question, found, problem)
        after = retry_after(found)
        wait = pause(after, attempt)
        if not _passes(found.status, problem or {}, after) or attempt >= terms.retries or time.monotonic() + wait > end:
            break
        yield Pause(wait)
        attempt += 1
    if problem is None:
        raise _stranger(terms, found.status, after)
    raise ServiceError(told(problem, found.status), found.status, problem, after)


def _sent(request: Request) -> Generator[Request | Pause, Outcome, Reply | Unreached]:
    """What came of a request. A service may end a kept connection at the moment at which it is used: once more, then.

    No question changes anything, so that it does no harm where the service had begun with it.
    """
    found = yield request
    if isinstance(found, Unreached) and found.lost:
        found = yield request
    assert found is not None
    return found


def _read(terms: Terms, question: Question[Answer], found: Reply, row: dict[str, Any] | None) -> Answer:
    if row is None and found.status != 204:
        raise _stranger(terms, found.status)
    try:
        return question.read(found, row or {})
    except (AttributeError, KeyError, TypeError, ValueError):
        raise _stranger(terms, found.status) from None


def _stranger(terms: Terms, status: int, after: float | None = None) -> ServiceError:
    """For an answer that no photoscan gives."""
    return ServiceError("problem.client.stranger", status, None, after, host=terms.host)


def _document(found: Reply) -> dict[str, Any] | None:
    try:
        row = json.loads(found.body)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _is_problem(found: Reply) -> bool:
    return found.headers.get("content-type", "").startswith("application/problem+json")


def _passes(status: int, problem: dict[str, Any], after: float | None) -> bool:
    """Whether a problem goes away by itself."""
    return problem.get("code") in AGAIN or (status in (429, 503) and after is not None)


def pause(after: float | None, attempt: int) -> float:
    """Seconds until the next attempt: never before the service says, then anywhere in a time that doubles.

    `after`: what the service says; `attempt`: how many there have been before the last one.
    """
    known = UNTOLD if after is None else after
    # Clients that were refused together shall not come back together.
    return known + random.uniform(0, min(WIDEST, max(UNTOLD, known) * 2.0 ** (attempt - 1)))


def retry_after(found: Reply) -> float | None:
    """What a reply's Retry-After says, in seconds; None where it says nothing that can be understood."""
    said = found.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
