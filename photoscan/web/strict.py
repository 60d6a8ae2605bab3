"""HTTP/1.1 as one end reads it, refused where two readers could disagree on where a request ends.

What a proxy in front takes for one request must never be two behind it (request smuggling). h11 follows the rules, but
forgives what RFC 9112 lets a server refuse: a length beside chunks (6.1) and lines that end with a bare LF (2.2).
"""

from __future__ import annotations

import re
from typing import Any

import h11

VERSIONS = (b"1.0", b"1.1")
_BARE_LF = re.compile(rb"(?<!\r)\n")


class StrictConnection(h11.Connection):
    """A server's end that raises RemoteProtocolError for a head with a bare LF, with a length and chunks at once, or of
    another version than HTTP/1.0 and 1.1.

    What came of a head is kept until it is whole, which h11 bounds; of a body nothing is.
    """

    def __init__(self, max_incomplete_event_size: int) -> None:
        super().__init__(h11.SERVER, max_incomplete_event_size)
        self._head = bytearray()

    def receive_data(self, data: bytes) -> None:
        """Take bytes off the line."""
        if self.their_state is h11.IDLE:
            self._head += data
        super().receive_data(data)

    def next_event(self) -> Any:
        """The next event, as h11 has it."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._check(event)
        return event

    def start_next_cycle(self) -> None:
        """Begin with the next request, of which some may have come with the last one."""
        super().start_next_cycle()
        self._head[:] = self.trailing_data[0]

    def _check(self, request: h11.Request) -> None:
        behind = len(self.trailing_data[0])
        head = bytes(self._head[: len(self._head) - behind])
        self._head.clear()
        names = {name for name, _ in request.headers}
        if request.http_version not in VERSIONS:
            raise h11.RemoteProtocolError("another version of HTTP")
        if {b"content-length", b"transfer-encoding"} <= names:
            raise h11.RemoteProtocolError("a length and chunks")
        if _BARE_LF.search(head):
            raise h11.RemoteProtocolError("a bare line feed")
