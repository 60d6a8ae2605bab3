"""Connections of phones: so many, and where there are more the address that has most of them loses one.

One computer in the class room that opens hundreds of connections and says nothing on them would otherwise keep all
phones out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import count
from typing import Any

from photoscan.web.connection import Connection
from photoscan.workshop.lan.code import origin

MOST = 400
"""Connections at a time: a class with a few each, which may all come from one address."""
_numbers = count()


class PhoneConnection(Connection):
    """A connection that may have to make room for the next one."""

    def __init__(self, *how: Any, **named: Any) -> None:
        super().__init__(*how, **named)
        self.whose = ""
        """The address at the other end."""
        self._number = next(_numbers)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Be one more, and perhaps one too many."""
        super().connection_made(transport)
        self.whose = origin(self.client[0]) if self.client else ""
        phones = [one for one in self.connections if isinstance(one, PhoneConnection)]
        if len(phones) > MOST:
            here = Counter(one.whose for one in phones)
            last = min(phones, key=lambda one: (-here[one.whose], one.worth))
            self.connections.discard(last)
            last.transport.abort()

    @property
    def worth(self) -> tuple[int, int]:
        """Less for those on which nothing was ever asked, more where an answer is under way; the newest last."""
        return 0 if self.cycle is None else 1 if self.cycle.response_complete else 2, self._number
