"""The client that waits for each answer, on nothing but Python's standard library."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Concatenate, ParamSpec

from photoscan.client import conversation, questions
from photoscan.client.connections import Connections
from photoscan.client.conversation import Conversation
from photoscan.client.exchange import Done, Outcome, Pause
from photoscan.client.methods import as_method
from photoscan.client.questions import Answer, Question
from photoscan.client.terms import agree

Given = ParamSpec("Given")


def _asking(make: Callable[Given, Question[Answer]]) -> Callable[Concatenate[Client, Given], Answer]:
    """A question as a method."""

    def ask(client: Client, /, *given: Given.args, **named: Given.kwargs) -> Answer:
        answer: Answer = client._carry(conversation.ask(client._terms, make(*given, **named)))
        return answer

    return as_method(ask, make)


class Client:
    """Speaks to one service. Thread-safe; keeps connections for further requests, until it is closed or forgotten."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 120.0,
        retries: int = 3,
        patience: float = 90.0,
    ) -> None:
        """`key`: the API key, by default that of PHOTOSCAN_API_KEY. `timeout`: seconds without any sign of life.

        `retries`: how often to send a photo again when the service says that it is full or lost a worker. `patience`:
        seconds after the first attempt in which another one may begin. Raises UsageError for an address or a key that
        can't be one.
        """
        self._terms = agree(url, key, timeout, retries, patience)
        self._connections = Connections(self._terms)

    check = _asking(questions.check)
    gate = _asking(questions.gate)
    album = _asking(questions.album)
    check_text = _asking(questions.check_text)
    clean = _asking(questions.clean)

    def ready(self) -> bool:
        """Whether the service answers and has its models loaded."""
        ready: bool = self._carry(conversation.probe(self._terms))
        return ready

    def close(self) -> None:
        """End the connections that are kept. The client can still be used."""
        self._connections.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _carry(self, talk: Conversation) -> Any:
        outcome: Outcome = None
        while True:
            step = talk.next(outcome)
            if isinstance(step, Done):
                return step.value
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                outcome = None
            else:
                outcome = self._connections.send(step)
