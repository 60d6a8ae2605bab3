"""Back goes back, a reload keeps the photo of this session and no value, and what is gone is said kindly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from photoscan.catalog import text
from photoscan.kind import Kind
from tests.browser.harness import Watch
from tests.browser.on_page import copy, covered, look, opened, speak
from tests.workshop import stub
from tests.workshop.stub import FIRST, SECOND, SECRET, THIRD, Script, StubScanner, Thing

LATE = Thing(Kind.TEXT_PHONE, "+60 12-345 6789", THIRD, late=True)
SCRIPT = Script((Thing(Kind.TEXT_SECRET, SECRET, FIRST), Thing(Kind.FACE, None, SECOND), LATE))


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:
    with stub.served(StubScanner(SCRIPT)) as at:
        yield at


@pytest.fixture
def served(address: str) -> str:
    return address


@pytest.fixture
def visit(page: Any, served: str) -> Any:
    look(opened(page, served))
    return page


def view(page: Any) -> str:
    return str(page.evaluate("document.body.dataset.view"))


def test_back_and_forward_go_through_all_views(visit: Any) -> None:
    copy(visit)
    for way, expected in (("back", "look"), ("back", "start"), ("forward", "look"), ("forward", "safe")):
        visit.go_back() if way == "back" else visit.go_forward()
        visit.wait_for_selector(f"body[data-view={expected}]")
    assert visit.locator(".receipt").is_visible()


def test_the_language_that_was_chosen_outlives_a_reload(visit: Any) -> None:
    speak(visit, "ms")
    visit.reload()
    visit.locator("html[lang=ms]").wait_for(state="attached")
    assert visit.locator("[data-key=language]").input_value() == "ms"
    visit.evaluate("sessionStorage.photoscan = JSON.stringify({...JSON.parse(sessionStorage.photoscan), spoken: 'xx'})")
    visit.reload()
    visit.locator("html[lang=en]").wait_for(state="attached")


def test_back_does_not_lead_to_a_forgotten_photo(visit: Any) -> None:
    copy(visit)
    visit.click("[data-key=forget]")
    visit.wait_for_selector(".sample")
    visit.go_back()
    visit.wait_for_timeout(100)
    assert view(visit) == "start"
    assert "#" not in visit.url
    assert visit.evaluate("JSON.parse(sessionStorage.photoscan).photo") is None


def test_a_reload_keeps_photo_choices_and_copy(visit: Any) -> None:
    visit.locator(".box").first.click()
    cards = visit.locator(".cards").inner_text()
    visit.reload()
    visit.wait_for_selector(".judgement")
    assert covered(visit) == 1
    assert visit.locator(".cards").inner_text() == cards
    copy(visit)
    receipt, more = visit.locator(".receipt").inner_text(), visit.locator(".more").inner_text()
    assert text("workshop.left_new") in more
    visit.reload()
    visit.wait_for_selector(".receipt")
    assert (visit.locator(".receipt").inner_text(), visit.locator(".more").inner_text()) == (receipt, more)
    visit.click("[data-key=back]")
    assert visit.locator(".box").count() == 3


def test_what_the_browser_keeps_has_no_value_in_it(visit: Any) -> None:
    visit.locator("label", has=visit.locator("[data-key=reveal]")).click()
    visit.locator(".cards", has_text=SECRET).wait_for()
    kept = visit.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
    assert SECRET not in kept
    assert "photo.jpg" not in kept
    visit.reload()
    visit.wait_for_selector(".judgement")
    assert SECRET not in visit.content()  # shown values are masked again


def test_forgotten_in_one_tab_is_forgotten_in_the_other(visit: Any, context: Any) -> None:
    kept = visit.evaluate("sessionStorage.photoscan")
    other = context.new_page()
    other.add_init_script(f"sessionStorage.photoscan ??= {json.dumps(kept)}")  # as in a tab that was doubled
    other.goto(visit.url)
    other.wait_for_selector(".judgement")
    visit.click("[data-key=brand]")
    visit.click("[data-key=forget]")
    other.wait_for_selector(".notice")
    assert other.locator(".notice").inner_text() == text("workshop.session_gone")
    assert other.locator(".judgement").count() == 0


@pytest.mark.parametrize("how", ["reload", "copy"])
def test_a_photo_that_the_program_forgot_is_said_to_be_gone(how: str, browser: Any, served: str) -> None:
    """In a context of its own: the browser itself notes the 404 on its console."""
    context = browser.new_context()
    watch = Watch(context, served)
    page = opened(context.new_page(), served)
    look(page)
    name = page.evaluate("JSON.parse(sessionStorage.photoscan).photo.id")
    context.request.delete(f"{served}/api/photos/{name}", headers={"x-photoscan": "workshop", "origin": served})
    if how == "reload":
        page.reload()
    else:
        page.click("[data-key=make]")
    page.wait_for_selector(".notice")
    assert page.locator(".notice").inner_text() == text("workshop.session_gone")
    assert page.locator("[role=alert]").count() == 0
    assert view(page) == "start"
    look(page)
    context.close()
    assert not watch.strangers
    assert [line for line in watch.complaints if "404" not in line] == []
