"""The harness sees what it is there to see: a judge that passes everything is none."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.browser.harness import Watch, assert_accessible

GOOD = (
    '<!DOCTYPE html><html lang="en"><head><title>A page</title></head>'
    "<body><main><h1>A page</h1>{}</main></body></html>"
)
POLICY = "default-src 'none'; img-src * data:; style-src 'unsafe-inline'"


class _Server(ThreadingHTTPServer):
    body = ""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def served(server: _Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def visit(page: Any, server: _Server, served: str, inside: str) -> None:
    server.body = GOOD.format(inside)
    page.goto(f"{served}/")


def test_a_good_page_passes_under_a_strict_policy(page: Any, server: _Server, served: str) -> None:
    visit(page, server, served, "<p>Plain words.</p>")
    assert_accessible(page)


DARK = "<style>@media (prefers-color-scheme: dark) {p {color:#333; background:#000}}</style><p>Plain words.</p>"
BAD = {
    "image-alt": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "color-contrast": '<p style="color:#bbb;background:#fff">Plain words.</p>',
    "360 pixels wide, dark": DARK,
    "label": "<input type=text>",
    "sideways at 360": '<div style="width:900px">wide</div>',
}


@pytest.mark.parametrize("why", BAD)
def test_a_bad_page_fails(why: str, page: Any, server: _Server, served: str) -> None:
    visit(page, server, served, BAD[why])
    with pytest.raises(AssertionError, match=why):
        assert_accessible(page, widths=[360])


STRANGERS = {
    "picture": '<img alt="" src="http://example.org/track.gif">',
    "other port": '<img alt="" src="http://127.0.0.1:9/track.gif">',
    "style": '<link rel="stylesheet" href="https://example.org/style.css">',
}


@pytest.mark.parametrize("inside", STRANGERS.values(), ids=list(STRANGERS))
def test_reaching_out_is_seen(inside: str, browser: Any, server: _Server, served: str) -> None:
    watched = browser.new_context()
    watch = Watch(watched, served)
    visit(watched.new_page(), server, served, inside)
    watched.close()
    with pytest.raises(AssertionError):
        watch.verify()


def test_complaints_and_uncaught_errors_are_seen(browser: Any) -> None:
    for script in ("console.error('no')", "setTimeout(() => {throw new Error('no')}, 0)"):
        watched = browser.new_context()
        watch = Watch(watched)
        page = watched.new_page()
        page.evaluate(script)
        page.wait_for_timeout(100)
        watched.close()
        with pytest.raises(AssertionError, match="complaints"):
            watch.verify()
