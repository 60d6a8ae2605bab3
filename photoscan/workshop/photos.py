"""The routes for photos, of the teacher's page and of phones: look, show, copy, forget.

A photo goes by one unguessable name, on the shelf of whoever sent it: for everybody else there is none of that name.
Nothing is written to disk.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from photoscan import groups
from photoscan.catalog import LANGUAGES
from photoscan.errors import CleaningError, PhotoscanError
from photoscan.formats import Format
from photoscan.options import Limits
from photoscan.photo import Photo
from photoscan.workshop import bodies, plain, view
from photoscan.workshop.answers import as_json, download, missing, problem
from photoscan.workshop.desk import FullError, Item, Shelf
from photoscan.workshop.hands import Hands

LONGEST_NAME = 200
UNNAMED = "photo"
"""Stands for a file's name where there is none, or where it must not be told."""
CHOICE = 1 << 20
"""Bytes of what is chosen for a copy."""


@dataclass(frozen=True)
class Place:
    """Where one owner's photos lie and who works on them. `receive` takes a photo in, of so many bytes at most.

    `stays`: whether a photo is looked at to its end though its owner hears no more: a phone that sleeps comes back.
    """

    shelf: Shelf
    hands: Hands
    receive: Callable[[Request, int], Awaitable[bytes]] = bodies.read
    stays: bool = False


class PhotoRoutes:
    """`whose`: the place of whoever asks; it raises for whoever has none."""

    def __init__(self, limits: Limits, whose: Callable[[Request], Place]) -> None:
        self.limits = limits
        self.whose = whose
        self._looks: dict[str, asyncio.Future[None]] = {}

    def mount(self, app: FastAPI) -> None:
        """Add the routes to an application."""
        for method, path, answer in (
            ("POST", "", self.look_at_photo),
            ("GET", "/{name}", self.told),
            ("DELETE", "/{name}", self.forget),
            ("GET", "/{name}/picture", self.picture),
            ("GET", "/{name}/values", self.values),
            ("GET", "/{name}/report", self.report),
            ("POST", "/{name}/copy", self.make_copy),
            ("GET", "/{name}/copy", self.copy),
            ("GET", "/{name}/copy/picture", self.copy_picture),
            ("GET", "/{name}/copy/receipt", self.receipt),
        ):
            app.add_api_route(f"/api/photos{path}", answer, methods=[method], response_model=None)

    # Looking

    async def look_at_photo(self, request: Request) -> Response:
        """Look at the photo that is the body; the answer is a line of JSON for each event, as it happens."""
        place = self.whose(request)
        data = await place.receive(request, self.limits.max_bytes)
        name = unquote(request.headers.get("x-photoscan-name", ""))[-LONGEST_NAME:]
        return await self.look(place, data, Path(name.replace("\\", "/")).name or UNNAMED)

    async def look(self, place: Place, data: bytes, name: str) -> Response:
        """Look at these bytes, in the same way."""
        photo = await asyncio.to_thread(Photo.open, data, self.limits, name)
        shelf = place.shelf
        key = shelf.put(photo)
        item = shelf.get(key)
        assert item is not None
        ahead, events = place.hands.ahead(), _Events()
        try:
            future = place.hands.look(item, events.tell)
        except FullError:
            shelf.forget(key)
            raise
        self._looks[key] = future

        def ended(look: asyncio.Future[None]) -> None:
            del self._looks[key]
            if look.cancelled() or look.exception() is not None:
                shelf.forget(key)

        future.add_done_callback(ended)
        first = {"event": "opened", "id": key, "photo": view.photo(photo), "ahead": ahead}

        def end() -> None:
            # The page may have left before it was told the photo's name: nobody else could have it forgotten.
            if not place.stays:
                future.cancel()

        return StreamingResponse(_lines(first, events, future, end), media_type="application/x-ndjson")

    async def told(self, name: str, request: Request) -> Response:
        """What a look told of a photo, for a page that was loaded anew; 202 while it waits. Values are masked."""
        item = self._item(name, request)
        if item is None:
            return missing()
        if item.report is None:
            return Response(status_code=202)
        return JSONResponse(await asyncio.to_thread(view.told, item))

    async def picture(self, name: str, request: Request) -> Response:
        """The photo as the page shows it."""
        item = self._item(name, request)
        return Response(item.picture, media_type="image/jpeg") if item and item.picture else missing()

    async def values(self, name: str, request: Request) -> Response:
        """What was read, in clear."""
        item = self._looked(name, request)
        return JSONResponse(view.values(item.known)) if item else missing()

    async def report(self, name: str, request: Request, lang: str = "en") -> Response:
        """The report as a page of its own, masked; what a copy would hide is black in its picture."""
        item = self._looked(name, request)
        if item is None:
            return missing()
        language = lang if lang in LANGUAGES else "en"
        page = await self.whose(request).hands.page(item, language)
        return download(page, "text/html; charset=utf-8", "photoscan-report.html")

    async def forget(self, name: str, request: Request) -> Response:
        """Forget a photo and all that was made of it."""
        shelf = self.whose(request).shelf
        if shelf.get(name) is not None and (look := self._looks.get(name)) is not None:
            look.cancel()
        shelf.forget(name)
        return Response(status_code=204)

    # The safe copy

    async def make_copy(self, name: str, request: Request) -> Response:
        """Make a safe copy in which the findings with the given ids are hidden; tells what became of it."""
        item = self._looked(name, request)
        if item is None or item.report is None:
            return missing()
        body = await bodies.read(request, CHOICE)
        hide = _ids(body, item)
        remove = None if hide is None else _groups(body)
        if hide is None or remove is None:
            return problem(422, "usage", "'hide' has to be a list of ids of findings, 'remove' one of groups.")
        try:
            item.copy = await self.whose(request).hands.copy(item, hide, remove)
        except CleaningError as error:
            # Its words name parts of files and pictures, never what was read.
            return problem(error.http_status, error.code, "There is no copy.", said=plain.refusal(error))
        return JSONResponse(view.copied(item.copy, item.report))

    async def copy(self, name: str, request: Request) -> Response:
        """The safe copy, to be saved under a name that tells nothing."""
        item = self._item(name, request)
        if item is None or item.copy is None:
            return missing()
        row = Format(item.copy.report.photo.format or item.photo.format).row
        return download(item.copy.result.data, row.media, f"safe-copy{row.suffixes[0]}")

    async def copy_picture(self, name: str, request: Request) -> Response:
        """The safe copy as the page shows it."""
        item = self._item(name, request)
        if item is None or item.copy is None:
            return missing()
        shown = await self.whose(request).hands.copy_picture(item)
        return Response(shown, media_type="image/jpeg") if shown else missing()

    async def receipt(self, name: str, request: Request, lang: str = "en") -> Response:
        """The receipt of the safe copy, its sentences in a language."""
        item = self._item(name, request)
        if item is None or item.copy is None:
            return missing()
        # What is handed out with a copy must not give its old name away.
        receipt = replace(item.copy.result.receipt, source=UNNAMED)
        return download(
            as_json(receipt.to_dict(lang if lang in LANGUAGES else "en")),
            "application/json",
            "safe-copy-receipt.json",
        )

    def _item(self, name: str, request: Request) -> Item | None:
        return self.whose(request).shelf.get(name)

    def _looked(self, name: str, request: Request) -> Item | None:
        """A photo whose look has ended."""
        item = self._item(name, request)
        return item if item and item.report else None


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


async def _lines(
    first: dict[str, Any], events: _Events, future: asyncio.Future[None], end: Callable[[], None]
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
        end()


def _line(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode() + b"\n"


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
