"""<photoscan-check> where things go another way: a strict policy, a look given up, a wrong address, a refusal.

A stand-in answers as the service does, at once or when it is told to, so that each case is exact.
"""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from photoscan.service.documents import EXAMPLE_CHECK
from tests.browser.harness import assert_accessible

SOURCE = Path(__file__).parents[2] / "clients" / "js" / "src"
POLICY = "default-src 'none'; script-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'"
"""A site's content security policy at its strictest: not even a style of its own."""
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A site</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<script type="module" src="/client/element.js"></script><main><h1>A site</h1><form method="post" action="/share">
<photoscan-check name="photo" {attributes}></photoscan-check>
<p><label>Caption <input id="caption"></label></p><button type="reset">Reset</button></form></main></html>"""
PARTS = "document.querySelector('photoscan-check').shadowRoot"


def picture(color: str) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (400, 300), color).save(stream, "PNG")
    return stream.getvalue()


def finding(kind: str, confidence: float, box: list[int]) -> dict[str, Any]:
    row = EXAMPLE_CHECK["report"]["findings"][0]
    return {**row, "id": kind, "kind": kind, "confidence": confidence, "location": {"type": "region", "box": box}}


def answer(decision: str) -> dict[str, Any]:
    """What a check with `copy` answers: a face for sure, and perhaps a number plate."""
    findings = [finding("face", 0.9, [40, 30, 100, 120]), finding("plate", 0.2, [250, 220, 90, 40])]
    photo = {**EXAMPLE_CHECK["report"]["photo"], "width": 400, "height": 300}
    card = {"why": "It can.", "do": "Hide it."}
    copy = {"media_type": "image/png", "photo": b64encode(picture("teal")).decode(), "preview": None, "receipt": {}}
    return {
        **EXAMPLE_CHECK,
        "decision": decision,
        "report": {**EXAMPLE_CHECK["report"], "findings": findings, "photo": photo},
        "kinds": {"face": {"title": "Face", **card}, "plate": {"title": "Number plate", **card}},
        "copy": None if decision == "allow" else copy,
    }


class Site(ThreadingHTTPServer):
    """A site whose way to the service answers `status` and `document` once `open` is set."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.attributes = ""
        self.status = 200
        self.document: Any = answer("review")
        self.headers: dict[str, str] = {}
        self.open = threading.Event()
        self.open.set()
        self.asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.path.startswith("/client/"):
            return self._send(200, "text/javascript", (SOURCE / Path(self.path).name).read_bytes())
        return self._send(200, "text/html; charset=utf-8", PAGE.format(attributes=self.server.attributes).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.asked += 1
        self.server.open.wait(60)
        kind = "application/problem+json" if self.server.status >= 400 else "application/json"
        body = self.server.document
        self._send(self.server.status, kind, body if isinstance(body, bytes) else json.dumps(body).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        try:
            self.send_response(status)
            headers = {"content-type": kind, "content-length": str(len(body)), "content-security-policy": POLICY}
            for name, value in {**headers, **self.server.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            # Whoever asked has given up.
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.open.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def served(site: Site) -> str:
    return site.url


def visited(page: Any, site: Site, attributes: str = "") -> Any:
    site.attributes = attributes
    page.emulate_media(reduced_motion="reduce")
    page.goto(site.url)
    page.wait_for_function("Boolean(customElements.get('photoscan-check'))")
    return page


def choose(page: Any) -> None:
    page.set_input_files(
        "photoscan-check input", {"name": "a.png", "mimeType": "image/png", "buffer": picture("salmon")}
    )


def judged(page: Any) -> str:
    page.wait_for_selector("photoscan-check h3")
    return str(page.inner_text("photoscan-check h3"))


def acts(page: Any) -> list[str]:
    return list(page.locator("photoscan-check [data-act]").evaluate_all("all => all.map(one => one.dataset.act)"))


@pytest.mark.parametrize("width", [360, 1366])
def test_it_has_its_look_under_the_strictest_policy(width: int, page: Any, site: Site) -> None:
    visited(page, site)
    choose(page)
    judged(page)
    assert page.evaluate(f"getComputedStyle({PARTS}.querySelector('.frame')).display") == "grid"
    for scheme in ("light", "dark"):
        assert_accessible(page, (width,), (scheme,))
    page.click("photoscan-check summary")
    assert_accessible(page, (width,), ("light", "dark"))
    page.click("photoscan-check [data-act=use]")
    assert_accessible(page, (width,), ("light", "dark"))


def test_the_gravest_is_told_first(page: Any, site: Site) -> None:
    severities = ["low", "critical", "medium", "high", "medium"]
    rows = [{**finding(f"kind.{n}", 0.9, [n, n, 9, 9]), "severity": name} for n, name in enumerate(severities)]
    site.document["report"] = {**site.document["report"], "findings": rows}
    visited(page, site)
    choose(page)
    judged(page)
    told = page.locator("photoscan-check .findings strong").all_inner_texts()
    assert told == ["kind.1", "kind.3", "kind.2", "kind.4", "kind.0"]


def test_what_is_unsure_is_folded_away(page: Any, site: Site) -> None:
    visited(page, site)
    choose(page)
    judged(page)
    seen = "photoscan-check rect:visible"
    assert page.locator(seen).evaluate_all("all => all.map(one => one.dataset.kind)") == ["face"]
    assert not page.is_visible("photoscan-check >> text=Number plate")
    # By keyboard: the fold comes before the choices.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("photoscan-check >> text=Number plate")
    assert page.locator(seen).count() == 2


@pytest.mark.parametrize(
    ("attributes", "decision", "offered"),
    [
        ("", "review", ["use", "another", "anyway"]),
        ("", "incomplete", ["use", "another"]),
        ("", "block", ["use", "another"]),
        ('post-anyway="never"', "review", ["use", "another"]),
        ('post-anyway="review incomplete"', "incomplete", ["use", "another", "anyway"]),
        ('post-anyway="review incomplete"', "block", ["use", "another"]),
    ],
)
def test_post_anyway_is_the_site_s_to_allow(
    attributes: str, decision: str, offered: list[str], page: Any, site: Site
) -> None:
    site.document = answer(decision)
    visited(page, site, attributes)
    choose(page)
    judged(page)
    assert acts(page) == offered


def test_a_look_can_be_given_up(page: Any, site: Site) -> None:
    site.open.clear()
    visited(page, site, "required")
    choose(page)
    page.wait_for_selector("photoscan-check [data-part=wait]:visible")
    page.click("[type=reset]")
    page.wait_for_selector("photoscan-check [data-part=wait]", state="hidden")
    assert page.get_attribute("photoscan-check [data-part=frame]", "aria-busy") == "false"
    # Another photo is looked at as if the first had never been, whose answer comes to nobody.
    choose(page)
    site.open.set()
    assert judged(page) == "Look at this before you share"


def test_another_photo_can_be_chosen_while_one_is_looked_at(page: Any, site: Site) -> None:
    site.open.clear()
    visited(page, site)
    choose(page)
    page.wait_for_selector("photoscan-check [data-part=wait]:visible")
    assert page.is_enabled("photoscan-check input")
    choose(page)
    site.open.set()
    judged(page)
    assert page.locator("photoscan-check h3").count() == 1


def test_whoever_writes_elsewhere_is_not_torn_away(page: Any, site: Site) -> None:
    site.open.clear()
    visited(page, site)
    choose(page)
    page.focus("#caption")
    site.open.set()
    judged(page)
    assert page.evaluate("document.activeElement.id") == "caption"
    assert page.inner_text("photoscan-check [role=status]") == "Look at this before you share"


def test_a_moved_element_keeps_what_it_holds_and_a_removed_one_forgets(page: Any, site: Site) -> None:
    visited(page, site)
    choose(page)
    judged(page)
    page.click("photoscan-check [data-act=use]")
    page.evaluate(
        "() => { window.it = document.querySelector('photoscan-check'); document.forms[0].append(window.it); }"
    )
    assert judged(page) == "The safe copy will be sent"
    assert page.evaluate("() => window.it.value.name") == "photo.png"
    page.evaluate("() => { window.it.remove(); }")
    assert page.evaluate("() => window.it.value") is None


def test_a_disabled_fieldset_stays_so(page: Any, site: Site) -> None:
    site.open.clear()
    visited(page, site)
    choose(page)
    page.evaluate("document.querySelector('photoscan-check').setAttribute('disabled', '')")
    site.open.set()
    judged(page)
    assert page.is_disabled("photoscan-check input")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9/photoscan", "//localhost:9/", "http://localhost/photoscan"])
def test_a_photo_is_sent_to_no_other_site(endpoint: str, page: Any, site: Site) -> None:
    visited(page, site, f'endpoint="{endpoint}" required')
    choose(page)
    assert judged(page) == "Your photo could not be checked, so it is not sent yet"
    assert site.asked == 0
    assert page.evaluate("document.querySelector('photoscan-check').value") is None


# A browser complains of every answer that is a refusal: contexts of their own.


@pytest.fixture
def outspoken(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    context.set_default_timeout(10_000)
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    page = context.new_page()
    page.requests = requests
    yield page
    context.close()


def test_nor_by_way_of_a_redirection(outspoken: Any, site: Site) -> None:
    site.status, site.headers, site.document = 307, {"location": "http://127.0.0.1:9/photoscan"}, b""
    visited(outspoken, site)
    choose(outspoken)
    assert judged(outspoken) == "Your photo could not be checked, so it is not sent yet"
    assert not [address for address in outspoken.requests if not address.startswith((site.url, "blob:"))]


@pytest.mark.parametrize(
    ("status", "document", "said", "offered", "why"),
    [
        (422, {"code": "corrupt", "title": "This photo is broken"}, "This file can’t be checked", ["another"], 1),
        (413, b"<html>too large", "This file can’t be checked", ["another"], 0),
        (404, b"<html>nothing", "Your photo could not be checked, so it is not sent yet", ["again", "another"], 0),
        (401, {"code": "unauthorized", "title": "A key"}, "Your photo could not be checked", ["again", "another"], 1),
        (504, {"code": "timeout", "title": "Too long"}, "Your photo could not be checked", ["again", "another"], 1),
    ],
)
def test_a_refusal_is_told_in_words_and_never_sent(
    status: int, document: Any, said: str, offered: list[str], why: int, outspoken: Any, site: Site
) -> None:
    site.status, site.document = status, document
    visited(outspoken, site)
    choose(outspoken)
    assert judged(outspoken).startswith(said)
    assert acts(outspoken) == offered
    assert outspoken.locator("photoscan-check .caveat").count() == why
    assert outspoken.evaluate("document.querySelector('photoscan-check').checkValidity()") is False
