"""Bodies that are still coming: how many and how many bytes of them one client may have at a time.

A body that never ends holds memory and a connection until it is cut, which costs whoever sends it nothing. A client is
a key, else an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from photoscan.service.problem import ProblemError

PART = 0.5
"""Of the memory for bodies that the unfinished ones of one client may hold."""


class Coming:
    """What has come of one body."""

    def __init__(self) -> None:
        self.bytes = 0


class Uploads:
    """Unfinished bodies by client. For one event loop: it holds no lock.

    `most`: of one client; `room`: bytes of one client.
    """

    def __init__(self, most: int, room: int) -> None:
        self.most = most
        self.room = room
        self._bodies: dict[str, list[Coming]] = {}

    @contextmanager
    def coming(self, client: str) -> Iterator[Coming]:
        """Be one of the bodies of a client while it comes; the problem 'uploads' where there are too many already."""
        bodies = self._bodies.get(client, [])
        if len(bodies) >= self.most:
            raise _too_many()
        body = Coming()
        bodies = self._bodies.setdefault(client, bodies)
        bodies.append(body)
        try:
            yield body
        finally:
            bodies.remove(body)
            if not bodies:
                self._bodies.pop(client, None)

    def grow(self, client: str, body: Coming, count: int) -> None:
        """So many bytes more have come; the problem 'uploads' where they are too many.

        One body alone is never too many: how long it may be is another limit's affair.
        """
        body.bytes += count
        bodies = self._bodies.get(client, [])
        if len(bodies) > 1 and sum(one.bytes for one in bodies) > self.room:
            raise _too_many()

    @property
    def count(self) -> int:
        """How many there are, of all clients."""
        return sum(len(bodies) for bodies in self._bodies.values())


def _too_many() -> ProblemError:
    # What of the body is still to come would be read for nothing.
    return ProblemError("uploads", headers={"retry-after": "1", "connection": "close"})
