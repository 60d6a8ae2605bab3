"""The start says what there is to do: give a photo, play, take a sample, go on with what lies here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from photoscan.catalog import LANGUAGES, text
from photoscan.workshop.samples import NAMES
from tests.browser.fitting import assert_fits
from tests.browser.harness import Watch, assert_accessible
from tests.browser.on_page import BAR, PROJECTORS, SIZES, bars, look, opened, speak, ways_to_look
from tests.workshop import stub
from tests.workshop.stub import StubScanner


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:
    with stub.served(StubScanner()) as at:
        yield at


@pytest.fixture
def served(address: str) -> str:
    return address


@pytest.fixture
def visit(page: Any, served: str) -> Any:
    return opened(page, served)


def test_it_says_what_there_is_to_do_on_one_screen(visit: Any) -> None:
    """On a laptop, without scrolling: the place for a photo, something to play, and where the samples begin."""
    visit.set_viewport_size({"width": 1366, "height": 768})
    for seen in ("h1", "label[for=file]", ".way", "#samples-h"):
        box = visit.locator(seen).first.bounding_box()
        assert box is not None, seen
        assert box["y"] + box["height"] <= 768, seen
    assert visit.locator(".sample").count() == len(NAMES)
    assert visit.locator("[data-key=go-on]").count() == 0


def test_a_camera_is_offered_where_one_opens(browser: Any, served: str) -> None:
    """On a phone the system's own camera does; on a desk the attribute would only open the same list of files twice."""
    for phone in (True, False):
        context = browser.new_context(has_touch=phone, is_mobile=phone, viewport={"width": 390, "height": 844})
        watch = Watch(context, served)
        page = opened(context.new_page(), served)
        camera = page.locator("#camera")
        assert camera.count() == int(phone)
        if phone:
            assert camera.get_attribute("capture") == "environment"
            assert camera.get_attribute("accept") == "image/*"
            camera.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": stub.drawn()})
            page.wait_for_selector(".judgement")
        context.close()
        watch.verify()


def test_what_lies_here_can_be_gone_on_with_or_forgotten(visit: Any) -> None:
    look(visit)
    visit.click("[data-key=brand]")
    visit.click("[data-key=go-on]")
    visit.wait_for_selector(".judgement")
    visit.click("[data-key=another]")
    assert_accessible(visit, widths=[360])
    visit.click("[data-key=forget]")
    visit.wait_for_selector(".lying", state="detached")
    visit.go_back()
    assert visit.locator(".judgement").count() == 0
    assert visit.locator(".sample").first.is_visible()


@pytest.mark.parametrize(("language", "width", "scheme"), ways_to_look(LANGUAGES))
def test_it_fits(language: str, width: int, scheme: str, visit: Any) -> None:
    speak(visit, language)
    visit.set_viewport_size({"width": width, "height": SIZES[width]})
    visit.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert visit.locator("h1").inner_text() == text("workshop.title", language)
    assert_fits(visit, f"the start, {language}, {width}, {scheme}")
    for size in PROJECTORS:
        visit.set_viewport_size({"width": size[0], "height": size[1]})
        assert max(bars(visit).values()) <= BAR, (language, size)
