"""The findings: what is chosen can be had back, the bars are low, and the map comes close without telling more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from photoscan.catalog import LANGUAGES, text
from photoscan.kind import Kind
from tests.browser.fitting import assert_fits
from tests.browser.harness import assert_accessible
from tests.browser.on_page import BAR, PROJECTORS, SIZES, bars, copy, covered, look, opened, speak, ways_to_look
from tests.workshop import stub
from tests.workshop.stub import FIRST, SECOND, SECRET, Script, StubScanner, Thing

SCRIPT = Script((Thing(Kind.TEXT_SECRET, SECRET, FIRST), Thing(Kind.FACE, None, SECOND)), placed="3.137713, 101.684429")


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


# Undo


def test_choices_are_taken_back_and_made_again(visit: Any) -> None:
    assert visit.locator("[data-key=undo]").count() == 0
    visit.locator(".box").first.click()
    visit.click("[data-key=none]")
    visit.click("[data-key=strips-place]")
    assert (covered(visit), visit.locator("[data-key=strips-place]").is_checked()) == (0, True)
    visit.keyboard.press("Control+z")
    assert not visit.locator("[data-key=strips-place]").is_checked()
    visit.click("[data-key=undo]")
    assert covered(visit) == 1
    visit.keyboard.press("Control+z")
    assert covered(visit) == 2
    visit.keyboard.press("Control+z")  # nothing more to take back
    assert covered(visit) == 2
    visit.keyboard.press("Control+y")
    assert covered(visit) == 1
    visit.keyboard.press("Control+Shift+Z")
    assert covered(visit) == 0
    assert text("workshop.redone") in visit.locator("#live").inner_text()


def test_a_new_choice_ends_what_could_be_made_again(visit: Any) -> None:
    visit.click("[data-key=none]")
    visit.keyboard.press("Control+z")
    visit.locator(".box").first.click()
    visit.keyboard.press("Control+y")
    assert covered(visit) == 1


def test_what_was_chosen_before_a_copy_is_not_taken_back_behind_it(visit: Any) -> None:
    visit.locator(".box").first.click()
    copy(visit)
    visit.click("[data-key=back]")
    assert visit.locator("[data-key=undo]").count() == 0
    visit.keyboard.press("Control+z")
    assert covered(visit) == 1


# It fits


@pytest.mark.parametrize(("language", "width", "scheme"), ways_to_look(LANGUAGES))
def test_it_fits(language: str, width: int, scheme: str, visit: Any) -> None:
    speak(visit, language)
    visit.click("[data-key=none]")  # so that there is something to undo
    visit.set_viewport_size({"width": width, "height": SIZES[width]})
    visit.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    visit.wait_for_timeout(100)
    assert_fits(visit, f"the findings, {language}, {width}, {scheme}")
    for size in PROJECTORS:
        visit.set_viewport_size({"width": size[0], "height": size[1]})
        assert bars(visit).keys() == {"top", "bar"}
        assert max(bars(visit).values()) <= BAR, (language, size)


def test_letters_may_be_twice_as_large(visit: Any) -> None:
    visit.set_viewport_size({"width": 1366, "height": 768})
    visit.evaluate("document.documentElement.style.fontSize = '32px'")
    for language in ("id", "pt-BR"):
        speak(visit, language)
        visit.wait_for_timeout(100)
        assert_fits(visit, f"twice as large, {language}")


# The map


def test_the_map_names_what_is_around_and_has_a_scale(visit: Any) -> None:
    assert visit.locator(".maps").get_attribute("data-near") == "around"
    names = visit.locator(".settlement span").all_inner_texts()
    assert "Kuala Lumpur" in names
    assert len(names) >= 5
    assert visit.locator(".scale").inner_text().endswith("km")
    assert "Brickfields" in str(visit.locator(".maps").get_attribute("aria-label"))
    # In one go: names that would lie over others are taken away as soon as the map has its size.
    visit.wait_for_timeout(200)
    boxes = visit.evaluate(
        "[...document.querySelectorAll('.settlement:not(.full) span')].map(e => e.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) >= 3
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = one["x"] >= other["x"] + other["width"] or other["x"] >= one["x"] + one["width"]
            assert apart or one["y"] >= other["y"] + other["height"] or other["y"] >= one["y"] + one["height"]


def test_the_map_goes_out_to_the_world_and_stays_there(visit: Any) -> None:
    for near in ("region", "world"):
        visit.click(f"[data-key^=near-{near}]")
        assert visit.locator(f"[data-key^=near-{near}]").get_attribute("aria-pressed") == "true"
        assert visit.locator(".maps").get_attribute("data-near") == near
        assert not visit.locator(".settlement").first.is_visible()
    visit.locator(".box").first.click()  # all is drawn anew
    assert visit.locator(".maps").get_attribute("data-near") == "world"
    assert_accessible(visit, widths=[360])


def test_a_masked_position_stays_masked_on_the_map(visit: Any) -> None:
    """Its mark stands where the mask says, within a circle; the exact one only while values are shown."""
    where = "document.querySelector('.close .pin').getAttribute('transform')"
    masked = visit.evaluate(where)
    assert masked.startswith("translate(2816.8000 868.7000)")  # 101.68 and 3.13 degrees
    assert visit.locator(".rounded").count() == 1
    assert "3.1377" not in visit.content()
    switch = visit.locator("label", has=visit.locator("[data-key=reveal]"))
    switch.click()
    visit.locator(".cards", has_text=SECRET).wait_for()
    assert visit.evaluate(where) != masked
    assert visit.locator(".rounded").count() == 0
    switch.click()
    assert visit.evaluate(where) == masked
