"""The routes of the workshop. A photo goes by one unguessable name; nothing is written to disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles

import photoscan
from photoscan import catalog, groups, languages, shipped
from photoscan.amounts import in_bytes
from photoscan.catalog import LANGUAGES
from photoscan.detectors import REGISTRY
from photoscan.errors import CleaningError, PhotoscanError, TooLargeError
from photoscan.formats import Format
from photoscan.kind import families
from photoscan.photo import Photo
from photoscan.scanner import Scanner
from photoscan.web import PROBLEM
from photoscan.workshop import notes, plain, samples, saved, story, view, work
from photoscan.workshop.desk import Desk, FullError, Item, picture
from photoscan.workshop.guard import problem_members
from photoscan.workshop.lesson import LessonRoutes

STATIC = shipped.HOME / "workshop" / "static"
TEXTS = (
    "kind", "rule", "linddun", "law", "country", "level", "severity", "verdict", "report", "detector", "reason",
    "error", "html", "workshop",
)  # fmt: skip
"""First words of the keys that the page needs."""
LONGEST_NAME = 200
UNNAMED = "photo"
"""Stands for a file's name where there is none, or where it must not be told."""


class Workshop:
    """What the routes share: the scanner, the desk, the language to begin with."""

    def __init__(self, scanner: Scanner, language: str, desk: Desk | None = None) -> None:
        self.scanner = scanner
        self.language = language
        self.desk = desk or Desk()
        self.limits = scanner.options.limits
        self.lesson = LessonRoutes()

    def app(self) -> FastAPI:
        """The application, without the guard at its door."""
        app = FastAPI(title="photoscan workshop", openapi_url=None, docs_url=None, redoc_url=None)
        for method, path, answer in (
            ("GET", "/", self.page),
            ("GET", "/api/start", self.start),
            ("GET", "/api/texts/{language}", self.texts),
            ("GET", "/api/notes/{language}", self.notes),
            ("GET", "/api/world", self.world),
            ("GET", "/api/samples/{name}", self.sample),
            ("POST", "/api/samples/{name}", self.look_at_sample),
            ("GET", "/api/story", self.story),
            ("GET", "/api/story/{name}", self.story_photo),
            ("POST", "/api/photos", self.look_at_photo),
            ("GET", "/api/photos/{name}", self.told),
            ("DELETE", "/api/photos/{name}", self.forget),
            ("GET", "/api/photos/{name}/picture", self.picture),
            ("GET", "/api/photos/{name}/values", self.values),
            ("GET", "/api/photos/{name}/portrait", self.portrait),
            ("GET", "/api/photos/{name}/report", self.report),
            ("POST", "/api/photos/{name}/copy", self.make_copy),
            ("GET", "/api/photos/{name}/copy", self.copy),
            ("GET", "/api/photos/{name}/copy/picture", self.copy_picture),
            ("GET", "/api/photos/{name}/copy/receipt", self.receipt),
        ):
            app.add_api_route(path, answer, methods=[method], response_model=None)
        self.lesson.join(app)
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
        app.add_exception_handler(PhotoscanError, _refused)
        app.add_exception_handler(FullError, _full)
        app.add_exception_handler(404, _missing)
        app.add_exception_handler(Exception, _failed)
        return app

    # The page and what it is made of

    async def page(self) -> Response:
        """The page itself."""
        return FileResponse(STATIC / "index.html", media_type="text/html; charset=utf-8")

    async def start(self) -> Response:
        """What the page has to know before it shows anything."""
        return JSONResponse(
            {
                "version": photoscan.__version__,
                "suffixes": [suffix for format_ in Format for suffix in format_.row.suffixes],
                "language": self.language,
                "languages": [
                    {"code": row.code, "name": row.name, "machine_made": row.machine_made}
                    for row in languages.LANGUAGES.values()
                ],
                "policy": {"name": self.scanner.policy.name, "version": self.scanner.policy.version},
                "max_bytes": self.limits.max_bytes,
                "detectors": [detector.name for detector in REGISTRY],
                "families": {f.name: {"colour": f.colour, "icon": f.icon} for f in families()},
                "stay": groups.left_by(groups.named("gps")),
                "samples": samples.NAMES,
            }
        )

    async def texts(self, language: str) -> Response:
        """The catalogue of a language."""
        if language not in LANGUAGES:
            return _missing()
        rows = catalog.rows(language)
        return JSONResponse({key: line for key, line in rows.items() if key.split(".")[0] in TEXTS})

    async def notes(self, language: str) -> Response:
        """What a teacher may want to say, view by view, and the lesson's steps in minutes."""
        return JSONResponse(notes.told(language)) if language in LANGUAGES else _missing()

    async def world(self) -> Response:
        """Outlines of countries, as the path of an SVG of 3600 x 1800."""
        outlines = shipped.text("render/assets/world.txt")
        return Response(outlines.strip(), media_type="text/plain")

    async def sample(self, name: str) -> Response:
        """A sample, as a picture."""
        data = samples.sample(name)
        return Response(data, media_type="image/jpeg") if data else _missing()

    async def story(self) -> Response:
        """The story: posts, questions, clues, and what follows from them."""
        return JSONResponse(story.story())

    async def story_photo(self, name: str) -> Response:
        """A photo of the story."""
        data = story.photo(name)
        return Response(data, media_type="image/jpeg") if data else _missing()

    # Looking

    async def look_at_sample(self, name: str) -> Response:
        """Look at a sample; the answer is a line of JSON for each event, as it happens."""
        data = samples.sample(name)
        return await self._look(data, f"{name}.jpg") if data else _missing()

    async def look_at_photo(self, request: Request) -> Response:
        """Look at the photo that is the body of the request, in the same way."""
        data = await self._body(request, self.limits.max_bytes)
        name = unquote(request.headers.get("x-photoscan-name", ""))[-LONGEST_NAME:]
        return await self._look(data, Path(name.replace("\\", "/")).name or UNNAMED)

    async def _look(self, data: bytes, name: str) -> Response:
        photo = await asyncio.to_thread(Photo.open, data, self.limits, name)
        key = self.desk.put(photo)
        item = self.desk.get(key)
        assert item is not None
        ahead, events, gone = self.desk.ahead(), _Events(), Event()
        task = partial(work.look, item, self.scanner, events.tell, _Either(gone, self.desk.closing))
        try:
            future = self.desk.work(task)
        except FullError:
            self.desk.forget(key)
            raise
        first = {"event": "opened", "id": key, "photo": view.photo(photo), "ahead": ahead}

        def end() -> None:
            # The page may have left before it was told the photo's name: nobody else could have it forgotten.
            if item.report is None:
                self.desk.forget(key)

        return StreamingResponse(_lines(first, events, future, gone, end), media_type="application/x-ndjson")

    async def told(self, name: str) -> Response:
        """What a look told of a photo, for a page that was loaded anew; values are masked."""
        item = self.desk.get(name)
        if item is None or item.report is None:
            return _missing()
        return JSONResponse(await asyncio.to_thread(view.told, item))

    async def picture(self, name: str) -> Response:
        """The photo as the page shows it."""
        item = self.desk.get(name)
        return Response(item.picture, media_type="image/jpeg") if item and item.picture else _missing()

    async def values(self, name: str) -> Response:
        """What was read, in clear."""
        item = self.desk.get(name)
        return JSONResponse(view.values(item.known)) if item and item.report else _missing()

    async def portrait(self, name: str) -> Response:
        """What a stranger would write, with values in clear, by language."""
        item = self.desk.get(name)
        return JSONResponse(view.portrait(item.report, clear=True)) if item and item.report else _missing()

    async def report(self, name: str, lang: str = "en") -> Response:
        """The report as a page of its own, masked; what a copy would hide is black in its picture."""
        item = self.desk.get(name)
        if item is None or item.report is None:
            return _missing()
        language = lang if lang in LANGUAGES else "en"
        page = await asyncio.to_thread(saved.page, item.photo, item.report, self.scanner.policy, language)
        return _download(page, "text/html; charset=utf-8", "photoscan-report.html")

    async def forget(self, name: str) -> Response:
        """Forget a photo and all that was made of it."""
        self.desk.forget(name)
        return Response(status_code=204)

    # The safe copy

    async def make_copy(self, name: str, request: Request) -> Response:
        """Make a safe copy in which the findings with the given ids are hidden; tells what became of it."""
        item = self.desk.get(name)
        if item is None or item.report is None:
            return _missing()
        body = await self._body(request, 1 << 20)
        hide = _ids(body, item)
        remove = None if hide is None else _groups(body)
        if hide is None or remove is None:
            return problem(422, "usage", "'hide' has to be a list of ids of findings, 'remove' one of groups.")
        task = partial(work.copy, item, self.scanner, hide, self.desk.closing, remove)
        try:
            item.copy = await asyncio.wrap_future(self.desk.work(task))
        except CleaningError as error:
            # Its words name parts of files and pictures, never what was read.
            return problem(error.http_status, error.code, "There is no copy.", said=plain.refusal(error))
        return JSONResponse(view.copied(item.copy, item.report))

    async def copy(self, name: str) -> Response:
        """The safe copy, to be saved under a name that tells nothing."""
        item = self.desk.get(name)
        if item is None or item.copy is None:
            return _missing()
        row = Format(item.copy.report.photo.format or item.photo.format).row
        return _download(item.copy.result.data, row.media, f"safe-copy{row.suffixes[0]}")

    async def copy_picture(self, name: str) -> Response:
        """The safe copy as the page shows it."""
        item = self.desk.get(name)
        if item is None or item.copy is None:
            return _missing()
        shown = await asyncio.to_thread(_shown, item.copy.result.data)
        return Response(shown, media_type="image/jpeg") if shown else _missing()

    async def receipt(self, name: str, lang: str = "en") -> Response:
        """The receipt of the safe copy, its sentences in a language."""
        item = self.desk.get(name)
        if item is None or item.copy is None:
            return _missing()
        # What is handed out with a copy must not give its old name away.
        receipt = replace(item.copy.result.receipt, source=UNNAMED)
        return _download(
            _json(receipt.to_dict(lang if lang in LANGUAGES else "en")),
            "application/json",
            "safe-copy-receipt.json",
        )

    async def _body(self, request: Request, most: int) -> bytes:
        """The body, read no further than its limit. Raises TooLargeError."""
        told = request.headers.get("content-length", "")
        body = bytearray()
        if told.isdigit() and int(told) > most:
            raise TooLargeError("problem.photo.bytes", name="photo", limit=in_bytes(most), lift="")
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise TooLargeError("problem.photo.bytes", name="photo", limit=in_bytes(most), lift="")
        return bytes(body)


class _Events:
    """Events from the working thread to the loop that this was made in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def tell(self, event: dict[str, Any] | None) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody listens
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        while (event := await self._queue.get()) is not None:
            yield event


class _Either(Event):
    """Set when one of two events is."""

    def __init__(self, own: Event, other: Event) -> None:
        super().__init__()
        self._both = own, other

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._both)


async def _lines(
    first: dict[str, Any], events: _Events, future: Future[None], gone: Event, end: Callable[[], None]
) -> AsyncIterator[bytes]:
    """A line of JSON for each event; the last is a report or a problem. `end` is called whatever happens."""
    future.add_done_callback(lambda _: events.tell(None))
    try:
        yield _line(first)
        async for event in events:
            yield _line(event)
        if future.cancelled() or (error := future.exception()) is not None:
            code = error.code if not future.cancelled() and isinstance(error, PhotoscanError) else "error"
            yield _line({"event": "problem", "code": code})
    finally:
        gone.set()
        future.cancel()
        end()


def _line(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode() + b"\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _ids(body: bytes, item: Item) -> list[str] | None:
    """The ids in {"hide": [...]}; None for anything else, and for ids that the report doesn't have."""
    try:
        hide = json.loads(body)["hide"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    known = {finding.id for finding in item.known}
    fine = isinstance(hide, list) and all(isinstance(name, str) and name in known for name in hide)
    return hide if fine else None


def _groups(body: bytes) -> tuple[str, ...] | None:
    """The groups in {"remove": [...]}, none where there is no such list; None for anything else."""
    wanted = json.loads(body).get("remove", [])
    fine = isinstance(wanted, list) and all(isinstance(name, str) and name in groups.groups() for name in wanted)
    return tuple(wanted) if fine else None


def _shown(data: bytes) -> bytes | None:
    return picture(Photo.open(data))


def _download(data: bytes, media_type: str, name: str) -> Response:
    return Response(data, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


def problem(
    status: int, code: str, title: str, headers: Mapping[str, str] | None = None, said: Mapping[str, str] | None = None
) -> Response:
    """A problem document (RFC 9457). `code` names the text that the page shows, `said` is one by language."""
    row = problem_members(status, code, title) | ({"said": said} if said else {})
    return JSONResponse(row, status, headers=headers, media_type=PROBLEM)


def _missing(*_: object) -> Response:
    return problem(404, "gone", "There is no such thing here, or it was forgotten.")


def _full(*_: object) -> Response:
    return problem(503, "busy", "Too many photos are waiting: try again in a moment.", {"retry-after": "5"})


def _failed(*_: object) -> Response:
    return problem(500, "error", "Something went wrong.")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, PhotoscanError)
    # The sentence may name the file; the code tells the page what to say.
    return problem(error.http_status, error.code, error.code.replace("_", " "))
