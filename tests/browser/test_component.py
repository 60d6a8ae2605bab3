"""<photoscan-check> in a real browser, before the real service, on the page of a site that hands its requests on."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers

from photoscan import Photo
from photoscan.catalog import LANGUAGES, text
from tests.browser.harness import assert_accessible
from tests.service.stub import Service, running

CLIENT = Path(__file__).parents[2] / "clients" / "js"
LONG = 180_000
"""Milliseconds that a look may take on a busy machine."""
LIMIT = 20 * 1024
"""Bytes of all that a page loads for the component, compressed."""
PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>A site</title>
<meta name="viewport" content="width=device-width">
<style>:root{{color-scheme:light dark}}body{{margin:1rem;font-family:sans-serif}}</style>
<script type="module" src="/client/element.js"></script>
<main><h1>A site</h1><form method="post" action="/share" enctype="multipart/form-data">
<photoscan-check name="photo" required {attributes}></photoscan-check><button id="share">Share</button></form></main>
</html>"""
TYPES = {".js": "text/javascript"}


class Site(ThreadingHTTPServer):
    """A site's own server: a page, the component's files, and a way to the service with what browsers add taken off."""

    def __init__(self, service: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.service = service
        self.attributes = ""
        self.language = "en"
        self.shared: list[tuple[str, bytes]] = []
        """What was sent with the form: media type and bytes."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.path.startswith("/client/"):
            file = CLIENT / "src" / Path(self.path).name
            return self._send(200, TYPES[file.suffix], file.read_bytes())
        if self.path == "/favicon.ico":
            return self._send(204, "image/x-icon", b"")
        page = PAGE.format(language=self.server.language, attributes=self.server.attributes)
        return self._send(200, "text/html; charset=utf-8", page.encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        kind = self.headers["content-type"]
        if self.path == "/share":
            self.server.shared.append(_photo_of(kind, body))
            return self._send(200, "text/html", b"<title>Thanks</title><h1>Thanks</h1>")
        address = urlsplit(self.server.service)
        line = http.client.HTTPConnection(str(address.hostname), address.port, timeout=LONG / 1000)
        try:
            line.request("POST", self.path.removeprefix("/photoscan"), body, {"content-type": kind})
            answer = line.getresponse()
            return self._send(answer.status, str(answer.getheader("content-type")), answer.read())
        except OSError:
            return self._send(502, "text/plain", b"")
        finally:
            line.close()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _photo_of(kind: str, body: bytes) -> tuple[str, bytes]:
    """Media type and bytes of the only part of a form."""
    boundary = parse_options_header(kind)[1][b"boundary"]
    _, part, _ = body.split(b"--" + boundary)
    head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    rows = [line.split(b": ", 1) for line in head.split(b"\r\n")]
    headers = Headers(raw=[(name.lower(), value) for name, value in rows])
    assert 'name="photo"' in headers["content-disposition"]
    return headers["content-type"], data.removesuffix(b"\r\n")


@pytest.fixture(scope="module")
def service(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The real one; none is started where there is no browser."""
    command = ["-m", "tests.program", "serve", "--port", "0", "--workers", "1", "--timeout", "600"]
    with running(tmp_path_factory.mktemp("service"), command, "Models loaded") as found:
        yield found


@pytest.fixture
def site(service: Service) -> Iterator[Site]:
    with Site(service.url) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def served(site: Site) -> str:
    return site.url


@pytest.fixture
def visit(page: Any, site: Site) -> Any:
    """The page, opened, with nothing moving."""
    page.set_default_timeout(LONG)
    page.emulate_media(reduced_motion="reduce")
    page.goto(site.url)
    page.wait_for_function("Boolean(customElements.get('photoscan-check'))")
    return page


def choose(page: Any, file: Path) -> str:
    """Choose a photo and wait for what is said of it: the heading."""
    page.set_input_files("photoscan-check input", file)
    page.wait_for_selector("photoscan-check h3")
    return str(page.inner_text("photoscan-check h3"))


def test_a_photo_that_may_be_shared_is_sent_as_it_is(visit: Any, site: Site, demo: Path) -> None:
    assert choose(visit, demo / "landscape.jpg") == "Nothing was found that speaks against sharing it"
    assert visit.locator("photoscan-check button").count() == 0
    assert_accessible(visit)
    visit.click("#share")
    visit.wait_for_selector("text=Thanks")
    assert site.shared == [("image/jpeg", (demo / "landscape.jpg").read_bytes())]


def test_a_photo_that_must_not_be_shared_can_be_sent_only_as_its_safe_copy(visit: Any, site: Site, demo: Path) -> None:
    assert choose(visit, demo / "identity_card.jpg") == "This photo should not be shared as it is"
    assert visit.locator("photoscan-check [data-act]").evaluate_all("all => all.map(one => one.dataset.act)") == [
        "use",
        "another",
    ]
    kinds = visit.locator("photoscan-check rect").evaluate_all("all => all.map(one => one.dataset.kind)")
    assert "text.national_id" in kinds
    assert text("kind.text.national_id.title", "en") in visit.inner_text("photoscan-check .findings")
    # Boxes lie over what they mean: within the picture that is shown, which has the photo's shape.
    inside = visit.evaluate(
        """() => { const root = document.querySelector('photoscan-check').shadowRoot;
        const frame = root.querySelector('.picture').getBoundingClientRect();
        const image = root.querySelector('.picture img').getBoundingClientRect();
        const all = [...root.querySelectorAll('rect')].map(one => one.getBoundingClientRect());
        return Math.abs(frame.width - image.width) < 2 && Math.abs(frame.height - image.height) < 2 && all.every(box =>
          box.left >= image.left - 4 && box.right <= image.right + 4 && box.top >= image.top - 4
          && box.bottom <= image.bottom + 4); }"""
    )
    assert inside
    assert_accessible(visit)
    # Without a choice the form is not sent.
    visit.click("#share")
    assert site.shared == []
    visit.click("photoscan-check [data-act=use]")
    assert visit.inner_text("photoscan-check h3") == "The safe copy will be sent"
    assert_accessible(visit)
    visit.click("#share")
    visit.wait_for_selector("text=Thanks")
    ((kind, data),) = site.shared
    assert kind == "image/jpeg"
    copy, photo = Photo.open(data), Photo.open((demo / "identity_card.jpg").read_bytes())
    assert (copy.width, copy.height) == (photo.width, photo.height)
    assert data != photo.data
    assert b"Exif" not in data


def test_the_whole_way_by_keyboard_alone(visit: Any, site: Site, demo: Path) -> None:
    focused = "document.querySelector('photoscan-check').shadowRoot.activeElement"
    visit.keyboard.press("Tab")
    assert visit.evaluate(f"{focused}.type") == "file"
    # The browser has to know that somebody waits for its dialogue, before the dialogue is asked for.
    opened: list[Any] = []
    visit.on("filechooser", lambda chooser: opened.append(chooser))
    visit.wait_for_timeout(500)
    visit.keyboard.press("Enter")
    for _ in range(400):
        if opened:
            break
        visit.wait_for_timeout(50)
    opened[0].set_files(demo / "holiday.jpg")
    visit.wait_for_selector("photoscan-check h3.review")
    # Whoever hears the page is at what is said of the photo, and comes to the choices from there.
    assert visit.evaluate(f"{focused}.tagName") == "H3"
    acts = []
    for _ in range(3):
        visit.keyboard.press("Tab")
        acts.append(visit.evaluate(f"{focused}.dataset.act"))
    assert acts == ["use", "another", "anyway"]
    visit.keyboard.press("Enter")
    assert visit.inner_text("photoscan-check h3") == "Your photo will be sent as it is"
    visit.keyboard.press("Tab")
    visit.keyboard.press("Tab")
    visit.keyboard.press("Enter")
    visit.wait_for_selector("text=Thanks")
    assert site.shared == [("image/jpeg", (demo / "holiday.jpg").read_bytes())]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_on_a_phone(language: str, page: Any, site: Site, demo: Path) -> None:
    site.language = language
    page.set_default_timeout(LONG)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site.url)
    choose(page, demo / "holiday.jpg")
    assert text("kind.metadata.gps.title", language) in page.inner_text("photoscan-check .findings")
    spilled = page.evaluate(
        """() => [...document.querySelector('photoscan-check').shadowRoot.querySelectorAll('*')]
        .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline'
          && !one.matches('.status, svg *, input')).map(one => one.outerHTML.slice(0, 90))"""
    )
    assert spilled == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_post_anyway_can_be_forbidden(page: Any, site: Site, demo: Path) -> None:
    site.attributes = 'post-anyway="never"'
    page.set_default_timeout(LONG)
    page.goto(site.url)
    choose(page, demo / "holiday.jpg")
    assert page.locator("photoscan-check [data-act=use]").count() == 1
    assert page.locator("photoscan-check [data-act=anyway]").count() == 0


@pytest.fixture
def outspoken(browser: Any, site: Site) -> Iterator[Any]:
    """The page in a context of its own: a browser complains of every answer that is a refusal."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url)
    yield page
    context.close()


def test_what_is_no_photo_is_told_and_not_sent(outspoken: Any, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "words.jpg"
    file.write_bytes(b"words, and no photo at all")
    assert choose(outspoken, file) == "This file can\u2019t be checked"
    assert outspoken.locator("photoscan-check [data-act]").count() == 1
    outspoken.click("#share")
    assert site.shared == []


@pytest.mark.parametrize("otherwise", ["closed", "open"])
def test_what_nobody_could_look_at_waits_unless_the_site_says_otherwise(
    otherwise: str, outspoken: Any, site: Site, demo: Path
) -> None:
    site.service = "http://127.0.0.1:1"
    site.attributes = f'otherwise="{otherwise}"'
    outspoken.goto(site.url)
    said = choose(outspoken, demo / "landscape.jpg")
    outspoken.click("#share")
    if otherwise == "open":
        outspoken.wait_for_selector("text=Thanks")
        assert len(site.shared) == 1
    else:
        assert said == "Your photo could not be checked, so it is not sent yet"
        assert site.shared == []


def test_all_that_a_page_loads_is_small() -> None:
    files = sorted((CLIENT / "src").glob("*.js"))
    assert {file.name for file in files} == {"client.js", "element.js", "style.js", "words.js"}
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < LIMIT
