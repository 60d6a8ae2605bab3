"""Serving the page on this computer: only to itself, until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from photoscan import models
from photoscan.errors import NotInstalledError, UsageError
from photoscan.options import ScanOptions
from photoscan.scanner import Scanner

HOST = "127.0.0.1"
HTTP = 80
PATIENCE = 30.0
"""Seconds after which a connection that stands still is cut."""


@dataclass(frozen=True, slots=True)
class Lan:
    """That phones may join. `addresses`: those to offer, none for all of this computer's that are near; `port`: None
    for the usual one or any that is free; `certificate`, `key`: files for TLS. `joins` gets the door once it is open.
    """

    addresses: tuple[str, ...] = ()
    port: int | None = None
    certificate: str | None = None
    key: str | None = None
    joins: Callable[[Mapping[str, Any]], None] = lambda _: None


def serve(options: ScanOptions, port: int, ready: Callable[[str], None], lan: Lan | None = None) -> None:
    """Serve until interrupted (Ctrl-C). `port` 0 takes a free one; `ready` gets the page's address when it is open.

    Raises NotInstalledError without the extra `service`, ModelError where a model can't be used, which names the
    command that helps, UsageError for a port, an address or a certificate that can't be had.
    """
    try:
        import uvicorn

        from photoscan.workshop import assembled
    except ImportError:
        raise NotInstalledError("problem.workshop.extra") from None
    phones = assembled.phones(options, lan.addresses, lan.port, lan.certificate, lan.key) if lan else None
    workshop = assembled.Workshop(Scanner(options), options.language, phones=phones)
    # Without them nobody sees faces or writing, and a class would take that for a photo in which there are none.
    for model in models.in_use():
        models.path(model.name)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            raise UsageError("problem.workshop.port", port=port) from None
        taken = listener.getsockname()[1]
        config = uvicorn.Config(
            assembled.guarded(workshop, hosts(taken)), http=assembled.connection(PATIENCE), lifespan="off",
            log_level="error", access_log=False, server_header=False, timeout_graceful_shutdown=2, ws="none",
        )  # fmt: skip
        listener.listen(64)
        workshop.desk.work(lambda: _warm(workshop.scanner))
        try:
            if phones is not None:
                phones.begin()
            ready(f"http://{HOST}:{taken}/")
            if lan is not None and phones is not None:
                lan.joins(phones.door())
            with suppress(KeyboardInterrupt):
                assembled.Server(config, workshop).run(sockets=[listener])
        finally:
            workshop.desk.close()
            if phones is not None:
                phones.close()


def hosts(port: int) -> tuple[str, ...]:
    """What a browser on this computer calls this server; it leaves out HTTP's own port."""
    names = HOST, "localhost"
    return (*(f"{name}:{port}" for name in names), *(names if port == HTTP else ()))


def _warm(scanner: Scanner) -> None:
    """Load the models before the first photo comes."""
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (64, 64), "white").save(out, "PNG")
    scanner.scan(out.getvalue())
