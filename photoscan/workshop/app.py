"""The routes of the teacher's page: the page, the samples, photos."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from photoscan.catalog import LANGUAGES
from photoscan.scanner import Scanner
from photoscan.workshop import notes, samples
from photoscan.workshop.answers import missing, tell_problems
from photoscan.workshop.desk import Desk
from photoscan.workshop.door import DoorRoutes, Phones
from photoscan.workshop.hands import OwnHands
from photoscan.workshop.lesson import LessonRoutes
from photoscan.workshop.page import STATIC, TEXTS, Page
from photoscan.workshop.photos import PhotoRoutes, Place

__all__ = ["STATIC", "TEXTS", "Workshop"]


class Workshop:
    """What the routes share: the scanner, the desk, the language to begin with."""

    def __init__(self, scanner: Scanner, language: str, desk: Desk | None = None, phones: Phones | None = None) -> None:
        """`phones`: who holds the lesson where everybody joins."""
        self.scanner = scanner
        self.language = language
        self.desk = desk or Desk()
        self.limits = scanner.options.limits
        self.lesson = LessonRoutes(phones)
        self._door = DoorRoutes(phones)
        self._phones = phones
        self._place = Place(self.desk, OwnHands(self.desk, scanner))
        self._photos = PhotoRoutes(self.limits, lambda _: self._place)

    def app(self) -> FastAPI:
        """The application, without the guard at its door."""
        app = FastAPI(title="photoscan workshop", openapi_url=None, docs_url=None, redoc_url=None)
        page = Page(
            "index.html", self.scanner.policy, self.language, self.limits.max_bytes,
            samples=samples.NAMES, lan=self._phones is not None,
        )  # fmt: skip
        page.mount(app)
        for method, answer in (("GET", self.sample), ("POST", self.look_at_sample)):
            app.add_api_route("/api/samples/{name}", answer, methods=[method], response_model=None)
        app.add_api_route("/api/notes/{language}", self.notes, methods=["GET"], response_model=None)
        self._photos.mount(app)
        self.lesson.join(app)
        self._door.mount(app)
        tell_problems(app)
        return app

    async def notes(self, language: str) -> Response:
        """What a teacher may want to say, view by view, and the lesson's steps in minutes."""
        return JSONResponse(notes.told(language)) if language in LANGUAGES else missing()

    async def sample(self, name: str) -> Response:
        """A sample, as a picture."""
        data = samples.sample(name)
        return Response(data, media_type="image/jpeg") if data else missing()

    async def look_at_sample(self, name: str, request: Request) -> Response:
        """Look at a sample; the answer is a line of JSON for each event, as it happens."""
        data = samples.sample(name)
        return await self._photos.look(self._photos.whose(request), data, f"{name}.jpg") if data else missing()
