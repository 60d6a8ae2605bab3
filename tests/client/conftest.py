"""Both clients, asked in the same way; and a server that follows a script."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from photoscan.client import Client, aio
from tests.client.script import Script, scripted

MAKERS = {"blocking": Client, "awaited": aio.AsyncClient}


class Awaited:
    """An `AsyncClient` with a loop of its own, whose methods are waited for."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self._loop = asyncio.Runner()
        self._client = aio.AsyncClient(*given, **named)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *given, **named: self._loop.run(getattr(self._client, name)(*given, **named))

    def close(self) -> None:
        self._loop.run(self._client.aclose())
        self._loop.close()


@pytest.fixture
def script() -> Iterator[Script]:
    with scripted() as found:
        yield found


@pytest.fixture(params=list(MAKERS))
def connect(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Makes clients, of the one sort and of the other, that are closed in the end."""
    made = {"blocking": Client, "awaited": Awaited}[request.param]
    with ExitStack() as stack:

        def make(*given: Any, **named: Any) -> Any:
            client = made(*given, **named)
            stack.callback(client.close)
            return client

        yield make


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that clients would have made, in seconds; none is made."""
    found: list[float] = []

    async def noted(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(time, "sleep", found.append)
    monkeypatch.setattr(asyncio, "sleep", noted)
    return found
