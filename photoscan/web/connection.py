"""One connection: what is not HTTP gets a problem as well, and nobody may hold a line without using it.

Uvicorn waits for ever for a request's head, for the rest of a body that was refused, and for somebody to take an
answer: each costs a file handle, the last one also the answer's memory.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from photoscan.web import PROBLEM
from photoscan.web.strict import StrictConnection

LONGEST_HEAD = 16 * 1024
"""Bytes of a request's head, as h11 and uvicorn bound it by themselves."""


class Connection(H11Protocol):
    """HTTP/1.1 on one connection, which is cut when the other end stands still for `patience` seconds, twice at most.

    To stand still: no whole head of a request comes, or an answer is not taken. Bodies have their own time limit.
    `malformed`: the problem document for what is not HTTP.
    """

    def __init__(self, *how: Any, patience: float, malformed: bytes, **named: Any) -> None:
        super().__init__(*how, **named)
        # Uvicorn has no way to be given another reader of HTTP.
        self.conn = StrictConnection(LONGEST_HEAD)
        self.patience = patience
        self.malformed = malformed
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch."""
        super().connection_made(transport)
        self._again(None, False, 0)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to watch any more."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def _again(self, *state: Any) -> None:
        self._watch = self.loop.call_later(self.patience, self._look, *state)

    def _look(self, request: RequestResponseCycle | None, was_at_work: bool, before: int) -> None:
        """Cut the connection when nothing has happened since the last look; `before`: bytes that were unsent then."""
        at_work = self.cycle is not None and not self.cycle.response_complete
        unsent = self.transport.get_write_buffer_size()
        untaken = 0 < before <= unsent
        idle = before == unsent == 0 and not (at_work or was_at_work)
        if (untaken or idle) and self.cycle is request:
            self.transport.abort()
        else:
            self._again(self.cycle, at_work, unsent)

    def send_400_response(self, msg: str) -> None:
        """Refuse a connection on which something else than HTTP came."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        headers = [
            (b"content-type", PROBLEM.encode()),
            (b"content-length", str(len(self.malformed)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=self.malformed),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
