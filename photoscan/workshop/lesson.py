"""The teacher's routes of the game: the lesson, and the photos of its rounds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from photoscan.web import PROBLEM
from photoscan.workshop import evidence
from photoscan.workshop.game import rounds
from photoscan.workshop.game.host import Host
from photoscan.workshop.game.lesson import LessonError
from photoscan.workshop.game.rounds import Album
from photoscan.workshop.guard import problem_members

LONGEST_BODY = 64 * 1024
"""Bytes of what the page says of a lesson."""
REFUSED = {"wrong": (422, "usage"), "late": (409, "late"), "gone": (404, "no_lesson"), "lost": (503, "lost")}
"""By a LessonError's code: the status, and what names the page's words."""


class Holder(Protocol):
    """Whoever holds the lesson: `Host` in this process, or one that passes everything on to another process."""

    async def ask(self, action: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """See Host.ask."""


class LessonRoutes:
    """Routes under /api/lesson and /api/rounds."""

    def __init__(self, holder: Holder | None = None, album: Callable[[], Album] = rounds.album) -> None:
        self.holder = holder or Host(album)
        self.album = album
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Answer all who wait for news: the program ends."""
        self._closing.set()

    def join(self, app: FastAPI) -> None:
        """Add the routes to an application."""
        for method, path, answer in (
            ("POST", "/api/lesson", self.open),
            ("GET", "/api/lesson", self.state),
            ("DELETE", "/api/lesson", self.end),
            ("PUT", "/api/lesson/marks", self.marks),
            ("DELETE", "/api/lesson/pupils/{name}", self.remove),
            ("POST", "/api/lesson/start", self.start),
            ("POST", "/api/lesson/show", self.show),
            ("POST", "/api/lesson/next", self.next),
            ("POST", "/api/lesson/finish", self.finish),
            ("GET", "/api/rounds", self.rounds),
            ("GET", "/api/rounds/{name}", self.picture),
            ("GET", "/api/rounds/{name}/preview", self.preview),
            ("GET", "/api/rounds/{name}/place", self.place),
        ):
            app.add_api_route(path, answer, methods=[method], response_model=None)
        app.add_exception_handler(LessonError, _refused)

    async def open(self, request: Request) -> Response:
        """Begin a lesson with {"teams": names, "rounds": names, "seconds": a number or null}."""
        return await self._asked("open", await _body(request))

    async def state(self, since: int | None = None) -> Response:
        """The lesson as it is, 204 where there is none; with `since`, once it is newer, 204 where it stays as it is."""
        asked = asyncio.ensure_future(self._asked("state", {"since": since}))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({asked, closing}, return_when=asyncio.FIRST_COMPLETED)
            return asked.result() if asked.done() else Response(status_code=204)
        finally:
            asked.cancel()
            closing.cancel()

    async def start(self) -> Response:
        """Begin with the first round."""
        return await self._asked("start")

    async def show(self) -> Response:
        """End the round and tell what was there."""
        return await self._asked("show")

    async def next(self) -> Response:
        """Go on to the next round, or to the podium."""
        return await self._asked("next")

    async def finish(self) -> Response:
        """Go on to the podium at once."""
        return await self._asked("finish")

    async def marks(self, request: Request) -> Response:
        """Set all marks of {"team": id, "marks": [...]}."""
        return await self._asked("marks", await _body(request))

    async def remove(self, name: str) -> Response:
        """Send a pupil out."""
        return await self._asked("remove", {"id": name})

    async def end(self) -> Response:
        """Forget the lesson and all who were in it."""
        return await self._asked("end")

    async def rounds(self) -> Response:
        """The rounds that there are, without what is in them."""
        return JSONResponse({"rounds": [one.told() for one in self.album().rounds]})

    async def picture(self, name: str) -> Response:
        """The photo of a round, as a file."""
        data = self.album().picture(name)
        return Response(data, media_type="image/jpeg") if data else _missing()

    async def preview(self, name: str) -> Response:
        """The preview that a round's file holds."""
        data = self.album().picture(name)
        found = evidence.preview(data) if data else None
        return Response(found, media_type="image/jpeg") if found else _missing()

    async def place(self, name: str) -> Response:
        """Where a round's file says that it was taken."""
        data = self.album().picture(name)
        found = evidence.place(data) if data else None
        return JSONResponse(found) if found else _missing()

    async def _asked(self, action: str, body: Mapping[str, Any] | None = None) -> Response:
        told = await self.holder.ask(action, body or {})
        return Response(status_code=204) if told is None else JSONResponse(told)


async def _body(request: Request) -> dict[str, Any]:
    """The object that a request's body is, read no further than its limit. Raises LessonError."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_BODY:
            raise LessonError("wrong", "This is too long.")
    try:
        value = json.loads(bytes(body))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise LessonError("wrong", "The body has to be an object of JSON.")
    return value


def _problem(status: int, code: str, title: str) -> Response:
    return JSONResponse(problem_members(status, code, title), status, media_type=PROBLEM)


def _missing() -> Response:
    return _problem(404, "gone", "No round has this.")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, LessonError)
    status, code = REFUSED[error.code]
    return _problem(status, code, str(error))
