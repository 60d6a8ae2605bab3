"""The routes for pupils' phones. None of the teacher's is here.

    GET    /                                 the phones' page (static/player.html), and GET /static/...
    GET    /api/start, /api/texts/LANGUAGE   as on the teacher's page; /api/world the map
    POST   /api/join {"code", "name"}        {"key", "name"}: the name may have got a number
                                             403 'code' wrong, 409 'late' no room or over, 422 'usage' no name,
                                             429 'crowd' try again after Retry-After
    POST   /api/leave                        204; all of this pupil is forgotten
    GET    /api/play?since=VERSION           the lesson as Lesson.for_pupil tells it (phase 'lobby' and no teams before
                                             it begins), its rounds under other names and with their texts (Veil);
                                             204 where nothing is new within 20 seconds: ask again;
                                             410 'over' once the teacher has ended all
    PUT    /api/play/marks {"marks": [...]}  204; 409 'late' in another phase
    GET    /api/rounds/NAME                  the drawn photo of a round, once it has been asked for, by the name that
                                             GET /api/play told; needs no key
    POST   /api/photos                       the body is the photo, the header x-photoscan-name its name, quoted; lines
                                             of JSON: {"event": "opened", "id", "photo", "ahead"}, then while it waits
                                             {"event": "waiting", "ahead"}, then 'picture', 'detector'..., 'report' or
                                             'problem', as on the teacher's page; 503 'busy'. Another photo of the same
                                             pupil takes its place. It is looked at to its end also where the phone
                                             hears no more.
    GET    /api/photos/ID                    what was told of it, once all of it was; 202 before that
    GET    /api/photos/ID/picture, /values, /report?lang=
    POST   /api/photos/ID/copy               {"hide": [ids], "remove": [groups]}
    GET    /api/photos/ID/copy, /copy/picture, /copy/receipt?lang=
    DELETE /api/photos/ID                    204

All but the first three lines and rounds need the header x-photoscan-pupil: KEY, else 401 'out': join again. Another
pupil's photo is 404 'gone', as one that never was. What changes something needs the header x-photoscan: workshop.
Pictures come only with the key: fetch them, and draw them with createImageBitmap.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from photoscan.options import Limits
from photoscan.risk.policy import Policy
from photoscan.workshop import bodies
from photoscan.workshop.answers import missing, problem, tell_problems
from photoscan.workshop.game.lesson import LessonError
from photoscan.workshop.game.marks import MarkError
from photoscan.workshop.lan.code import CrowdError, typed
from photoscan.workshop.lan.pupils import Pupil
from photoscan.workshop.lan.room import OutError, OverError, Room
from photoscan.workshop.lan.veil import HELD_BACK
from photoscan.workshop.page import Page
from photoscan.workshop.photos import PhotoRoutes, Place

KEY = "x-photoscan-pupil"
SMALL = 32 * 1024
"""Bytes of what is no photo."""
SECONDS, STILL = 15.0, 5.0
"""For such a body, at most."""


class Phones:
    """The application for phones."""

    def __init__(self, room: Room, policy: Policy, language: str, limits: Limits) -> None:
        self.room = room
        self._page = Page("player.html", policy, language, limits.max_bytes, held_back=HELD_BACK)
        self._photos = PhotoRoutes(limits, self._place)

    def app(self) -> FastAPI:
        """The application, without the guard at its door."""
        app = FastAPI(title="photoscan workshop", openapi_url=None, docs_url=None, redoc_url=None)
        self._page.mount(app)
        for method, path, answer in (
            ("POST", "/api/join", self.join),
            ("POST", "/api/leave", self.leave),
            ("GET", "/api/play", self.play),
            ("PUT", "/api/play/marks", self.marks),
            ("GET", "/api/rounds/{name}", self.picture),
        ):
            app.add_api_route(path, answer, methods=[method], response_model=None)
        self._photos.mount(app)
        tell_problems(app)
        for error, handler in REFUSALS.items():
            app.add_exception_handler(error, handler)
        return app

    async def join(self, request: Request) -> Response:
        """Come in with the code and a name."""
        asked = await _object(request)
        client = request.client.host if request.client else ""
        if not await self.room.turnstile.passes(client, typed(asked.get("code"))):
            return problem(403, "code", "This is not the code.")
        pupil = self.room.join(asked.get("name"))
        return JSONResponse({"key": pupil.key, "name": pupil.name})

    async def leave(self, request: Request) -> Response:
        """Go, and be forgotten."""
        self.room.leave(self._pupil(request))
        return Response(status_code=204)

    async def play(self, request: Request, since: int | None = None) -> Response:
        """The lesson, as one pupil sees it."""
        told = await self.room.news(self._pupil(request), since)
        return Response(status_code=204) if told is None else Response(told, media_type="application/json")

    async def marks(self, request: Request) -> Response:
        """Set all marks of a pupil."""
        pupil = self._pupil(request)
        self.room.mark(pupil, (await _object(request)).get("marks"))
        return Response(status_code=204)

    async def picture(self, name: str) -> Response:
        """The photo of a round."""
        data = self.room.picture(name)
        return Response(data, media_type="image/jpeg") if data else missing()

    def _pupil(self, request: Request) -> Pupil:
        return self.room.pupil(request.headers.get(KEY, ""))

    def _place(self, request: Request) -> Place:
        pupil = self._pupil(request)

        async def receive(request: Request, most: int) -> bytes:
            with self.room.coming(pupil) as grow:
                return await bodies.read(request, most, grow=grow)

        return Place(pupil.shelf, pupil.hands, receive, stays=True)


async def _object(request: Request) -> dict[str, Any]:
    """The object that a request's body is. Raises LessonError, TooLargeError and SlowBodyError."""
    body = await bodies.read(request, SMALL, seconds=SECONDS, still=STILL)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise LessonError("wrong", "The body has to be an object of JSON.")
    return value


def _out(*_: object) -> Response:
    return problem(401, "out", "Join first.")


def _over(*_: object) -> Response:
    return problem(410, "over", "The lesson has ended.")


def _crowd(*_: object) -> Response:
    return problem(429, "crowd", "Many are trying to join: try again in a moment.", {"retry-after": "2"})


def _wrong(request: Request, error: Exception) -> Response:
    return problem(422, "usage", str(error))


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, LessonError)
    status, code = {"wrong": (422, "usage"), "gone": (401, "out")}.get(error.code, (409, "late"))
    return problem(status, code, str(error))


REFUSALS: dict[type[Exception], Callable[[Request, Exception], Response]] = {
    OutError: _out,
    OverError: _over,
    CrowdError: _crowd,
    MarkError: _wrong,
    LessonError: _refused,
}
