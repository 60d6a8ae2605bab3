"""A client that is awaited: `pip install '.[client]'` brings httpx, which carries it.

async with AsyncClient("http://127.0.0.1:8000") as client:
    check = await client.check("photo.jpg", policy="platform")
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Concatenate, ParamSpec

from photoscan.client import conversation, questions
from photoscan.client.connections import why
from photoscan.client.conversation import Conversation
from photoscan.client.exchange import Done, Outcome, Pause, Reply, Request, Unreached
from photoscan.client.methods import as_method
from photoscan.client.questions import Answer, Question
from photoscan.client.terms import KEPT, agree
from photoscan.errors import NotInstalledError

try:
    import httpx
except ModuleNotFoundError as error:
    raise NotInstalledError("problem.client.extra", package=error.name) from None

Given = ParamSpec("Given")


def _asking(make: Callable[Given, Question[Answer]]) -> Callable[Concatenate[AsyncClient, Given], Awaitable[Answer]]:
    """A question as a method."""

    async def ask(client: AsyncClient, /, *given: Given.args, **named: Given.kwargs) -> Answer:
        # Files are read and forms are made beside the loop.
        question = await asyncio.to_thread(make, *given, **named)
        answer: Answer = await client._carry(conversation.ask(client._terms, question))
        return answer

    return as_method(ask, make)


class AsyncClient:
    """Speaks to one service, for one event loop of asyncio; keeps connections for further requests, until it is closed.

    Its methods are those of `Client`, to be awaited. A call that is cancelled closes its connection, so that the
    service stops its work on it.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 120.0,
        retries: int = 3,
        patience: float = 90.0,
    ) -> None:
        """As `Client`. Raises UsageError for an address or a key that can't be one."""
        self._terms = terms = agree(url, key, timeout, retries, patience)
        host = f"[{terms.host}]" if ":" in terms.host else terms.host
        self._origin = f"{terms.scheme}://{host}:{terms.port}"
        # Nobody waits for another's connection; and photos go to no proxy that only the environment names.
        self._http = httpx.AsyncClient(
            timeout=terms.timeout,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=KEPT, keepalive_expiry=None),
            # Without TLS nothing is to be trusted, and no list of authorities to be read.
            verify=terms.trust() or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=False,
        )

    check = _asking(questions.check)
    gate = _asking(questions.gate)
    album = _asking(questions.album)
    check_text = _asking(questions.check_text)
    clean = _asking(questions.clean)

    async def ready(self) -> bool:
        """Whether the service answers and has its models loaded."""
        ready: bool = await self._carry(conversation.probe(self._terms))
        return ready

    async def aclose(self) -> None:
        """End the connections that are kept. The client can't be used any more."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _carry(self, talk: Conversation) -> Any:
        outcome: Outcome = None
        while True:
            # A safe copy is many megabytes of JSON: read beside the loop, too.
            step = await asyncio.to_thread(talk.next, outcome)
            if isinstance(step, Done):
                return step.value
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
                outcome = None
            else:
                outcome = await self._send(step)

    async def _send(self, request: Request) -> Reply | Unreached:
        begun = False
        sent = self._http.stream(
            request.method, self._origin + request.target, content=request.body, headers=dict(request.headers)
        )
        try:
            async with sent as answer:
                begun = True
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status_code, headers, await answer.aread())
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
            return Unreached(why(error), lost=not begun)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            return Unreached(why(error))
