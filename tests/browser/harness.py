"""Pages before two outside judges: a real browser, and axe-core in it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests import properties

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    # Nothing but this machine has an address: a page that tries to reach out fails before it is reported.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
OWN = ("file:", "data:", "blob:", "about:")
"""Addresses that reach no other machine."""
WIDTHS = (1280, 360)
"""Of a desk and of a small phone, in CSS pixels."""
SCHEMES = ("light", "dark")
GRAVE = ("serious", "critical")
NEEDED = "PHOTOSCAN_REQUIRE_BROWSER"
"""Where this variable is set, a browser that can't be had is a failure."""


@cache
def missing() -> str | None:
    """What keeps pages from being tested here; None where nothing does."""
    for module in ("playwright", "axe_playwright_python"):
        if importlib.util.find_spec(module) is None:
            return f"the package {module.replace('_', '-')} is not installed"
    return None if chromium() else f"no Chromium: none of {', '.join(PROGRAMS)}, and PHOTOSCAN_CHROMIUM names none"


@cache
def chromium() -> str | None:
    """The browser: the program that PHOTOSCAN_CHROMIUM names, else the first on the path."""
    named = os.environ.get("PHOTOSCAN_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, PROGRAMS)), None)


class Watch:
    """What pages of one browser context did that no page may: reach out, complain, crash.

    Only addresses of `served`, such as 'http://127.0.0.1:8000', and those that reach no other machine are let through.
    """

    def __init__(self, context: Any, served: str | None = None) -> None:
        self.served = served
        self.requests: list[str] = []
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        context.route("**/*", self._route)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._address(socket.url)))

    def verify(self) -> None:
        """Raise AssertionError for anything that was not as it should be."""
        assert not self.strangers, f"requests to strangers: {self.strangers}"
        assert not self.complaints, f"complaints on the console: {self.complaints}"

    def _own(self, url: str) -> bool:
        if url.startswith(OWN):
            return True
        return self.served is not None and urlsplit(url).netloc == urlsplit(self.served).netloc

    def _address(self, url: str) -> None:
        self.requests.append(url)
        if not self._own(url):
            self.strangers.append(url)

    def _request(self, request: Any) -> None:
        self._address(request.url)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "assert"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _route(self, route: Any) -> None:
        if self._own(route.request.url):
            route.continue_()
        else:
            route.abort()


def views(widths: Sequence[int], schemes: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Each width with the schemes that it is judged in: each in each in a thorough run, else each once.

    Colours don't hang on the width, nor what fits in it on the scheme.
    """
    if properties.thorough() or len(widths) != len(schemes):
        return [(width, tuple(schemes)) for width in widths]
    return [(width, (scheme,)) for width, scheme in zip(widths, schemes, strict=True)]


def assert_accessible(page: Any, widths: Sequence[int] = WIDTHS, schemes: Sequence[str] = SCHEMES) -> None:
    """No serious or critical violation by axe-core and nothing to scroll sideways, in each of the `views`.

    Scripts are evaluated by the browser's own debugging port, so that no policy of the page stops them.
    """
    page.evaluate(_axe())
    for width, judged in views(widths, schemes):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in judged:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
            grave = [
                f"{violation['id']} ({violation['impact']}): {node['html'][:200]} {node.get('failureSummary', '')}"
                for violation in found
                if violation["impact"] in GRAVE
                for node in violation["nodes"][:3]
            ]
            assert not grave, f"{width} pixels wide, {scheme}: {'; '.join(grave)}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"scrolls sideways at {width} pixels"


@cache
def _axe() -> str:
    return Path(str(resources.files("axe_playwright_python"))).joinpath("axe.min.js").read_text("utf-8")
