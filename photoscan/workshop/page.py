"""What every page of the workshop is made of: its files, its texts, the map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

import photoscan
from photoscan import catalog, groups, languages, shipped
from photoscan.catalog import LANGUAGES
from photoscan.detectors import REGISTRY
from photoscan.formats import Format
from photoscan.kind import families
from photoscan.risk.policy import Policy
from photoscan.workshop.answers import missing

STATIC = shipped.HOME / "workshop" / "static"
TEXTS = (
    "kind", "rule", "linddun", "law", "country", "level", "severity", "verdict", "report", "detector", "reason",
    "error", "html", "workshop",
)  # fmt: skip
"""First words of the keys that the page needs."""


class Page:
    """A page: its `file` in the folder of the page, and what it has to know before it shows anything.

    `held_back`: beginnings of the keys of texts that this page does not get; `more`: what it has to know beyond that.
    """

    def __init__(
        self, file: str, policy: Policy, language: str, max_bytes: int, held_back: tuple[str, ...] = (), **more: Any
    ) -> None:
        self.file = file
        self.policy = policy
        self.language = language
        self.max_bytes = max_bytes
        self.held_back = held_back
        self.more = more

    def mount(self, app: FastAPI) -> None:
        """Add the page to an application."""
        for path, answer in self._routes():
            app.add_api_route(path, answer, methods=["GET"], response_model=None)
        app.mount("/static", StaticFiles(directory=STATIC), name="static")

    def _routes(self) -> Iterator[tuple[str, Any]]:
        yield "/", self.page
        yield "/api/start", self.start
        yield "/api/texts/{language}", self.texts
        yield "/api/world", self.world

    async def page(self) -> Response:
        """The page itself."""
        return FileResponse(STATIC / self.file, media_type="text/html; charset=utf-8")

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
                "policy": {"name": self.policy.name, "version": self.policy.version},
                "max_bytes": self.max_bytes,
                "detectors": [detector.name for detector in REGISTRY],
                "families": {f.name: {"colour": f.colour, "icon": f.icon} for f in families()},
                "stay": groups.left_by(groups.named("gps")),
                **self.more,
            }
        )

    async def texts(self, language: str) -> Response:
        """The catalogue of a language."""
        if language not in LANGUAGES:
            return missing()
        rows = catalog.rows(language)
        told = (key for key in rows if key.split(".")[0] in TEXTS and not key.startswith(self.held_back))
        return JSONResponse({key: rows[key] for key in told})

    async def world(self) -> Response:
        """Outlines of countries, as the path of an SVG of 3600 x 1800."""
        outlines = shipped.text("render/assets/world.txt")
        return Response(outlines.strip(), media_type="text/plain")
