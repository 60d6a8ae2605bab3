"""Connections of the client that waits: kept for requests to come, on nothing but the standard library."""

from __future__ import annotations

import errno
import http.client
import os
import selectors
import ssl
import weakref
from collections import deque
from contextlib import suppress

from photoscan.client.exchange import Reply, Request, Unreached
from photoscan.client.terms import KEPT, Terms

_ENDED = (ConnectionError, http.client.BadStatusLine, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""What it is called when the other side has gone."""


class Connections:
    """To one service. Thread-safe, and of each process its own: a forked one never writes into its parent's."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._trust = terms.trust()
        self._idle: deque[http.client.HTTPConnection] = deque()
        self._process = os.getpid()
        # Whoever forgets a client leaves no connection open.
        weakref.finalize(self, _close, self._idle)

    def close(self) -> None:
        """End those that are not in use."""
        _close(self._idle)

    def send(self, request: Request) -> Reply | Unreached:
        """Send a request and bring its reply, or why there is none. Raises nothing for what a network does."""
        try:
            connection = self._take() or self._open()
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            return Unreached(why(error))
        keep = False
        try:
            reply, keep = _exchange(connection, request)
        except _LostError as error:
            return Unreached(why(error.cause), lost=True)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            return Unreached(why(error))
        finally:
            if keep and len(self._idle) < KEPT:
                self._idle.append(connection)
            else:
                connection.close()
        return reply

    def _open(self) -> http.client.HTTPConnection:
        where = self._terms.host, self._terms.port
        if self._trust is None:
            connection = http.client.HTTPConnection(*where, timeout=self._terms.timeout)
        else:
            connection = http.client.HTTPSConnection(*where, timeout=self._terms.timeout, context=self._trust)
        connection.connect()
        return connection

    def _take(self) -> http.client.HTTPConnection | None:
        """The one that was used last, of those that the other side has not ended."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self.close()
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not _has_ended(connection):
                return connection
            connection.close()


class _LostError(Exception):
    """A connection ended before anything came back on it."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


def _exchange(connection: http.client.HTTPConnection, request: Request) -> tuple[Reply, bool]:
    """The reply, and whether the connection can be kept."""
    try:
        # Who refuses a body before it has come whole has often said why.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(request.method, request.target, request.body or None, dict(request.headers))
        answer = connection.getresponse()
    except _ENDED as error:
        raise _LostError(error) from None
    reply = Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    return reply, not answer.will_close


def _close(idle: deque[http.client.HTTPConnection]) -> None:
    while idle:
        try:
            idle.pop().close()
        except IndexError:
            return


def _has_ended(connection: http.client.HTTPConnection) -> bool:
    """Whether there is something to read where nothing was asked: the end, or what nobody can use."""
    if connection.sock is None:
        return True
    with selectors.DefaultSelector() as watch:
        watch.register(connection.sock, selectors.EVENT_READ)
        return bool(watch.select(0))


def why(error: BaseException) -> str:
    """What the system says of an error or of what is behind it, without anything of the request; else its type."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, TimeoutError):
            return os.strerror(errno.ETIMEDOUT)
        if isinstance(seen, OSError) and seen.strerror:
            # Where there is a number, asyncio's own words name the address.
            return os.strerror(seen.errno) if seen.errno and seen.errno > 0 else seen.strerror
        inner = seen.exceptions[0] if isinstance(seen, BaseExceptionGroup) else None
        seen = inner or seen.__cause__ or seen.__context__
    return type(error).__name__
