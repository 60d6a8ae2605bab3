"""Presenting: by keys alone through all that was found, with timer and notes, and nothing taken from who writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from photoscan.catalog import text
from photoscan.kind import Kind
from photoscan.workshop import notes
from tests.browser.fitting import assert_fits
from tests.browser.harness import assert_accessible
from tests.browser.on_page import BAR, PROJECTORS, SIZES, bars, look, opened, speak
from tests.workshop import stub
from tests.workshop.stub import FIRST, SECOND, SECRET, Script, StubScanner, Thing

SCRIPT = Script((Thing(Kind.TEXT_SECRET, SECRET, FIRST), Thing(Kind.FACE, None, SECOND)), placed="3.137713, 101.684429")
FOUND = 3


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:
    with stub.served(StubScanner(SCRIPT)) as at:
        yield at


@pytest.fixture
def served(address: str) -> str:
    return address


@pytest.fixture
def visit(page: Any, served: str) -> Any:
    return opened(page, served)


def presenting(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.hasAttribute('data-presenting')"))


def part(page: Any) -> str:
    return str(page.locator(".part").get_attribute("class")).removeprefix("part part-")


def test_a_clicker_goes_through_a_photo_to_its_copy_and_back(visit: Any) -> None:
    look(visit)
    visit.keyboard.press("p")
    assert presenting(visit)
    assert part(visit) == "whole"
    lit = []
    for key in ("PageDown", "Space", "ArrowRight"):
        visit.keyboard.press(key)
        assert part(visit) == "finding"
        assert visit.locator(".card").count() == 1
        lit.append(visit.locator(".spot-on").get_attribute("data-for") if visit.locator(".spot-on").count() else None)
    # Each box stood out once; what only the file says has its map in the photo's place.
    assert len(set(lit)) == FOUND
    assert lit.count(None) == 1
    visit.keyboard.press("PageUp")
    visit.keyboard.press("PageDown")
    visit.keyboard.press("PageDown")
    assert part(visit) == "together"
    visit.keyboard.press("PageDown")
    assert part(visit) == "stranger"
    visit.keyboard.press("PageDown")
    assert part(visit) == "copy"
    visit.keyboard.press("PageDown")
    visit.wait_for_selector(".receipt", state="attached")
    share = "document.querySelector('.compare').style.getPropertyValue('--at')"
    visit.keyboard.press("PageDown")
    assert visit.evaluate(share) == "0%"
    for _ in range(3):
        visit.keyboard.press("PageUp")
    visit.wait_for_selector(".part")
    visit.keyboard.press("Escape")
    assert not presenting(visit)
    assert visit.locator(".bar").is_visible()


def test_the_class_guesses_before_the_clicker_shows(visit: Any) -> None:
    visit.locator("label.guess").click()
    visit.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": stub.drawn()})
    visit.wait_for_selector("[data-key=show]")
    visit.keyboard.press("p")
    visit.keyboard.press("PageDown")
    assert part(visit) == "whole"


def test_the_keys_do_nothing_without_it_nor_where_somebody_writes(visit: Any) -> None:
    look(visit)
    visit.keyboard.press("PageDown")
    assert visit.locator(".part").count() == 0
    visit.focus("[data-key=language]")
    visit.keyboard.press("p")
    assert not presenting(visit)
    visit.click("[data-key=present]")
    visit.click("[data-key=timer]")
    visit.fill("[data-key=minutes]", "7")
    visit.focus("[data-key=minutes]")
    for key in ("n", "t", "PageDown"):
        visit.keyboard.press(key)
    assert part(visit) == "whole"
    assert not visit.locator("#notes").is_visible()
    # A control keeps Space and arrows for itself.
    visit.focus("[data-key=present]")
    visit.keyboard.press("Space")
    assert not presenting(visit)


def test_it_is_kept_for_the_session_and_the_keys_are_told(visit: Any) -> None:
    visit.keyboard.press("p")
    visit.reload()
    visit.wait_for_selector(".sample")
    assert presenting(visit)
    visit.keyboard.press("?")
    dialog = visit.locator("dialog[open]")
    assert text("workshop.key.next") in dialog.inner_text()
    assert_accessible(visit, widths=[360])
    visit.keyboard.press("p")  # nothing else hears keys meanwhile
    visit.keyboard.press("Escape")
    assert visit.locator("dialog").count() == 0
    assert presenting(visit)


def test_notes_are_those_of_the_view_and_can_be_put_away(visit: Any) -> None:
    visit.keyboard.press("p")
    visit.keyboard.press("n")
    panel = visit.locator("#notes")
    panel.locator("li").first.wait_for()
    assert panel.locator("li").all_inner_texts() == notes.told("en")["views"]["start"]
    speak(visit, "ms")
    panel.locator("li", has_text=notes.told("ms")["views"]["start"][0]).wait_for()
    look(visit)
    assert panel.locator("li").all_inner_texts() == notes.told("ms")["views"]["look"]
    visit.click("[data-key=notes-close]")
    assert not panel.is_visible()


def test_the_timer_ends_quietly_in_words_and_colour(page: Any, served: str) -> None:
    page.clock.install()
    visit = opened(page, served)
    visit.evaluate("void (window.AudioContext = () => { throw new Error('a sound that nobody wanted'); })")
    visit.keyboard.press("p")
    visit.click("[data-key=timer]")
    visit.locator("[data-key=step-0]").wait_for()
    first = notes.told("en")["plans"][4]["steps"][0]["minutes"]
    visit.click("[data-key=step-0]")
    assert visit.locator(".rest").inner_text() == f"{first}:00"
    visit.keyboard.press("t")
    visit.clock.run_for(62_500)
    visit.keyboard.press("t")  # it stands still
    left = visit.locator(".rest").inner_text()
    assert re.fullmatch(rf"{first - 2}:5[0-8]", left), "the page's own time goes on beside the one that is made to run"
    visit.clock.run_for(60_000)
    assert visit.locator(".rest").inner_text() == left
    visit.keyboard.press("t")
    visit.clock.run_for(60_000 * first)
    assert visit.locator(".rest").inner_text() == text("workshop.timer.over")
    assert visit.locator("#live").inner_text() == text("workshop.timer.over")
    assert visit.locator(".clock.over").count() == 1
    visit.keyboard.press("t")
    assert visit.locator(".rest").inner_text() == f"{first}:00"


@pytest.mark.parametrize(("language", "width"), [("pt-BR", 360), ("id", 390), ("ta", 1366), ("zh-Hans", 1920)])
def test_it_fits_and_is_accessible(language: str, width: int, visit: Any) -> None:
    speak(visit, language)
    look(visit)
    visit.set_viewport_size({"width": width, "height": SIZES[width]})
    visit.keyboard.press("p")
    for at in range(FOUND + 3):
        visit.wait_for_timeout(50)
        assert_fits(visit, f"part {at}, {language}, {width}")
        if at == 1:
            for size in PROJECTORS:
                visit.set_viewport_size({"width": size[0], "height": size[1]})
                assert max(bars(visit).values()) <= BAR, (language, size)
            visit.set_viewport_size({"width": width, "height": SIZES[width]})
        visit.keyboard.press("PageDown")
    visit.keyboard.press("n")
    visit.click("[data-key=timer]")
    assert_accessible(visit, widths=[width], schemes=["light" if width < 1000 else "dark"])
