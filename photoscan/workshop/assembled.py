"""The teacher's server put together: the application behind its guard, and the door for phones where it is wanted."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from functools import partial
from typing import Any

import uvicorn

from photoscan.errors import UsageError
from photoscan.options import ScanOptions
from photoscan.web.connection import Connection
from photoscan.workshop.app import Workshop
from photoscan.workshop.guard import Guard, refused
from photoscan.workshop.lan.addresses import offers
from photoscan.workshop.lan.remote import Remote
from photoscan.workshop.lan.settings import ScannerOf, Settings

__all__ = ["Remote", "Server", "Workshop", "connection", "guarded", "phones"]


def guarded(workshop: Workshop, hosts: Iterable[str]) -> Guard:
    """The application with its door, for a browser that calls it by one of these names."""
    return Guard(workshop.app(), hosts)


class Server(uvicorn.Server):
    """A server that keeps nobody waiting for news when it ends."""

    def __init__(self, config: uvicorn.Config, workshop: Workshop) -> None:
        super().__init__(config)
        self._workshop = workshop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer who waits, then end as ever."""
        self._workshop.lesson.close()
        await super().shutdown(sockets)


def connection(patience: float) -> Any:
    """What makes a connection that is cut when it stands still for so many seconds."""
    return partial(Connection, patience=patience, malformed=refused(400, "This is not HTTP."))


def phones(
    options: ScanOptions, addresses: tuple[str, ...], port: int | None, certificate: str | None, key: str | None
) -> Remote:
    """The door for phones, not open yet. Raises UsageError for addresses and for a certificate that are of no use."""
    found = offers(addresses)
    if certificate is not None:
        _check(certificate, key)
    return Remote(Settings(found, ScannerOf(options), options.language, port, certificate, key))


def _check(certificate: str, key: str | None) -> None:
    try:
        # A key under a password would be asked for on the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError):
        raise UsageError("problem.workshop.lan_certificate", path=certificate) from None
