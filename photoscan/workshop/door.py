"""The door of the class: how phones come in, as the teacher's screen shows it."""

from __future__ import annotations

from typing import Any, Protocol

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from photoscan.workshop.lesson import Holder

SHUT: dict[str, Any] = {
    "lan": False,
    "open": False,
    "secure": False,
    "code": None,
    "addresses": [],
    "qr": None,
    "ways": [],
}
"""Where the program was started without `--lan`."""


class Phones(Holder, Protocol):
    """Who holds a lesson that phones can join: `lan.remote.Remote`."""

    def door(self) -> dict[str, Any]:
        """See Remote.door."""


class DoorRoutes:
    """The route /api/lesson/door."""

    def __init__(self, phones: Phones | None) -> None:
        self.phones = phones

    def mount(self, app: FastAPI) -> None:
        """Add it to an application."""
        app.add_api_route("/api/lesson/door", self.door, methods=["GET"], response_model=None)

    async def door(self) -> Response:
        """What phones need to come in: {"lan", "open", "secure", "code", "addresses", "qr", "ways"}."""
        return JSONResponse(SHUT if self.phones is None else self.phones.door())
