"""The workshop in a real browser: the whole way by keyboard, in four languages, in both themes, on a phone's width."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures import corrupt
from photoscan.catalog import LANGUAGES, text
from photoscan.options import ScanOptions
from photoscan.scanner import Scanner
from tests.browser.harness import Watch, assert_accessible

LONG = 180_000
"""Milliseconds that a look may take on a busy machine."""


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:
    """A running workshop; none is started where there is no browser."""
    command = [sys.executable, "-m", "tests.program", "workshop", "--no-browser", "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        assert found
        yield found.group()
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        # Whatever went wrong in there would stand here.
        assert rest == text("workshop.cli.goodbye") + "\n"


@pytest.fixture
def served(address: str) -> str:
    return address


@pytest.fixture
def visit(page: Any, served: str) -> Any:
    """The page, opened, with nothing moving."""
    page.set_default_timeout(LONG)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{served}/")
    page.wait_for_selector(".sample")
    return page


def look(page: Any, name: str) -> None:
    page.click(f"[data-key=sample-{name}]")
    page.wait_for_selector(".judgement")


def upload(page: Any, data: bytes, name: str) -> None:
    page.set_input_files("#file", {"name": name, "mimeType": "image/jpeg", "buffer": data})


def kind(name: str, language: str = "en") -> str:
    return text(f"kind.{name}.title", language)


# Accessible


def test_every_view_of_a_photo_is_accessible(visit: Any) -> None:
    assert_accessible(visit)  # the start
    look(visit, "class_trip")
    for name in ("laws", "coverage"):
        visit.click(f"[data-key={name}]")
    visit.locator("label", has=visit.locator("[data-key=reveal]")).click()
    visit.locator(".cards", has_text="Bayu").wait_for()
    assert visit.locator(".maps").is_visible()
    assert_accessible(visit)
    visit.click("[data-key=make]")
    visit.wait_for_selector(".receipt")
    visit.click(".receipt summary")
    assert_accessible(visit)


def test_looking_guessing_and_finding_nothing_are_accessible(visit: Any) -> None:
    visit.locator("label.guess").click()
    visit.click("[data-key=sample-landscape]")
    visit.wait_for_selector(".progress")
    visit.wait_for_selector("[data-key=show]")
    assert visit.locator(".box, .card").count() == 0
    assert_accessible(visit)
    visit.click("[data-key=show]")
    assert visit.locator(".judgement h2").inner_text() == text("workshop.nothing")
    assert_accessible(visit)


def test_what_can_t_be_looked_at_is_told_and_accessible(browser: Any, served: str) -> None:
    """In a context of its own: the browser itself notes a refused upload on its console."""
    context = browser.new_context(reduced_motion="reduce")
    watch = Watch(context, served)
    page = context.new_page()
    page.goto(f"{served}/")
    upload(page, b"no photo", "diary.jpg")
    page.wait_for_selector("[role=alert]")
    assert text("error.unsupported_format") in page.locator("[role=alert]").inner_text().casefold()
    assert_accessible(page)
    upload(page, corrupt.files()["half_a_scan.jpg"][0], "half.jpg")
    page.wait_for_selector(".judgement")
    said = page.locator(".right").inner_text()
    assert text("headline.unseen") in said
    assert text("workshop.nothing") not in said
    assert page.locator("[data-key=make]").count() == 0
    assert_accessible(page)
    context.close()
    assert not watch.strangers
    assert [line for line in watch.complaints if "415" not in line] == []


# The whole way


def press_until(page: Any, key: str, press: str = "Tab", most: int = 120) -> None:
    """Press a key until the element of that data-key has the focus, and can be seen to have it."""
    for _ in range(most):
        page.keyboard.press(press)
        if page.evaluate("document.activeElement.dataset.key") == key:
            break
    else:
        raise AssertionError(f"{key} can't be reached by keyboard")
    ring = "(e => getComputedStyle(e).outlineStyle + getComputedStyle(e.nextElementSibling ?? e).outlineStyle)"
    assert "solid" in page.evaluate(f"{ring}(document.activeElement)"), f"{key}: the focus can't be seen"


def test_the_whole_way_by_keyboard(visit: Any, tmp_path: Path) -> None:
    press_until(visit, "sample-class_trip")
    visit.keyboard.press("Enter")
    visit.wait_for_selector(".judgement")
    spoken = visit.locator("#live")
    assert re.search(r"\d+ of 100", spoken.inner_text())
    faces = visit.locator(".card", has_text=kind("face")).locator("[role=switch]")
    keys = [faces.nth(i).get_attribute("data-key") for i in range(faces.count())]
    assert all(faces.nth(i).is_checked() for i in range(len(keys)))
    # One face stays: its switch and its box agree, and the focus stays where it is.
    spared = str(keys[0])
    press_until(visit, spared)
    visit.keyboard.press("Space")
    assert visit.evaluate("document.activeElement.dataset.key") == spared
    box = visit.locator(f"[data-key={spared.replace('switch', 'box')}]")
    assert box.get_attribute("aria-pressed") == "false"
    press_until(visit, "make")
    visit.keyboard.press("Enter")
    visit.wait_for_selector(".receipt")
    assert spoken.inner_text() == text("workshop.still_title", what=kind("face"))
    press_until(visit, "slide")
    at = "getComputedStyle(document.querySelector('.compare')).getPropertyValue('--at')"
    before = visit.evaluate(at)
    visit.keyboard.press("ArrowRight")
    assert visit.evaluate(at) != before
    press_until(visit, "copy")
    with visit.expect_download() as waiting:
        visit.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "safe-copy.jpg"
    waiting.value.save_as(tmp_path / "copy.jpg")
    report = Scanner(ScanOptions()).scan(tmp_path / "copy.jpg")
    left = [f.kind.value for f in report.findings if f.likely and not f.kind.within("metadata.filename")]
    assert left == ["face"]
    press_until(visit, "receipt")
    with visit.expect_download() as waiting:
        visit.keyboard.press("Enter")
    receipt = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert receipt["output"]["sha256"] == report.photo.sha256
    press_until(visit, "forget")
    visit.keyboard.press("Enter")
    visit.wait_for_selector(".sample")


def test_another_language_at_once_with_what_was_found(visit: Any) -> None:
    visit.evaluate("window.stayed = true")
    look(visit, "holiday")
    value = visit.locator(".card .value").first.inner_text()
    for language in (*LANGUAGES[1:], "en"):
        visit.focus("[data-key=language]")
        visit.select_option("[data-key=language]", language)
        visit.locator(f"html[lang={language}]").wait_for(state="attached")
        card = visit.locator(".card").first.inner_text()
        assert kind("metadata.gps", language) in card
        assert text("kind.metadata.gps.why", language) in card
        assert "Kuah" in card
        assert text("rule.routine", language) in visit.locator(".together").inner_text()
        assert text("workshop.make", language) in visit.locator(".bar").inner_text()
        assert visit.locator(".card .value").first.inner_text() == value
        assert visit.evaluate("document.activeElement.dataset.key") == "language"
    assert visit.evaluate("window.stayed")


def test_boxes_switches_and_the_sum_agree(visit: Any) -> None:
    look(visit, "whiteboard")
    boxes = visit.locator(".box")
    count = boxes.count()
    assert count >= 2
    pressed = "[...document.querySelectorAll('.box')].filter(b => b.ariaPressed === 'true').length"
    switched = "document.querySelectorAll('.items [role=switch]:checked').length"

    def agree(expected: int) -> None:
        assert visit.evaluate(pressed) == visit.evaluate(switched) == expected
        assert text("workshop.covers", count=expected, all=count) in visit.locator(".bar").inner_text()

    agree(count)
    boxes.first.click()
    agree(count - 1)
    visit.click("[data-key=none]")
    agree(0)
    visit.click("[data-key=all]")
    agree(count)
    # Values are masked until somebody wants to see them, and masked again when not.
    cards = visit.locator(".cards")
    assert "mango" not in cards.inner_text()
    switch = visit.locator("label", has=visit.locator("[data-key=reveal]"))
    switch.click()
    visit.locator(".cards", has_text="mango").wait_for()
    switch.click()
    assert "mango" not in cards.inner_text()


def picture_of(page: Any) -> str:
    """The address of the photo's picture, which the program answers while the photo is on its desk."""
    loaded = "performance.getEntriesByType('resource').map(e => e.name).filter(n => n.endsWith('/picture')).pop()"
    for _ in range(100):
        if address := page.evaluate(loaded):
            return str(address)
        page.wait_for_timeout(50)
    raise AssertionError("there is no picture")


def test_a_copy_that_comes_too_late_is_not_shown_for_another_photo(visit: Any) -> None:
    look(visit, "class_trip")
    visit.click("[data-key=make]")
    visit.click("[data-key=another]")
    look(visit, "landscape")
    # The copy would be ready long before the second look's judgement: one worker does both.
    visit.wait_for_timeout(500)
    assert visit.locator(".judgement").is_visible()
    assert visit.locator(".receipt").count() == 0
    assert visit.locator("[data-key=make]").get_attribute("aria-disabled") == "false"


def test_nothing_is_chosen_anew_while_the_copy_is_made(visit: Any) -> None:
    look(visit, "class_trip")
    count = visit.locator(".box[aria-pressed=true]").count()
    visit.click("[data-key=make]")
    visit.click("[data-key=none]")
    assert visit.locator(".box[aria-pressed=true]").count() == count
    visit.wait_for_selector(".receipt")
    left = text("workshop.receipt.left", what="").strip()
    hidden = visit.locator(".receipt").inner_text()
    assert kind("face") not in hidden.partition(left)[2]


def test_what_is_no_picture_leaves_the_photo_where_it_is(visit: Any) -> None:
    look(visit, "landscape")
    picture = picture_of(visit)
    visit.evaluate(DROP, ["drop", [104, 105], "note.txt", "text/plain"])
    assert text("workshop.error.not_image") in visit.locator("[role=alert]").inner_text()
    assert visit.locator(".judgement").is_visible()
    assert visit.request.get(picture).ok
    # To the start and back it is still there; forgotten there, it is gone.
    visit.click("[data-key=another]")
    visit.wait_for_selector(".sample")
    assert visit.request.get(picture).ok
    visit.click("[data-key=forget]")
    visit.wait_for_selector("[data-key=forget]", state="detached")
    visit.wait_for_timeout(300)
    assert visit.request.get(picture).status == 404


def test_a_photo_that_nobody_could_inspect_is_not_spoken_of_as_clean(visit: Any) -> None:
    upload(visit, corrupt.files()["half_a_scan.jpg"][0], "half.jpg")
    visit.wait_for_selector(".judgement")
    spoken = visit.locator("#live").inner_text()
    assert spoken
    assert text("workshop.nothing") not in spoken
    visit.click("[data-key=another]")
    visit.locator("label.guess").click()
    upload(visit, corrupt.files()["half_a_scan.jpg"][0], "half.jpg")
    visit.wait_for_selector("[data-key=show]")
    assert visit.locator(".ask .problem").is_visible()


DROP = """([kind, bytes, name = 'dropped.jpg', type = 'image/jpeg']) => {
    const given = new DataTransfer();
    given.items.add(new File([new Uint8Array(bytes)], name, {type}));
    const event = kind === 'drop' ? new DragEvent('drop', {dataTransfer: given, bubbles: true, cancelable: true})
        : new ClipboardEvent('paste', {clipboardData: given, bubbles: true});
    document.querySelector('main').dispatchEvent(event);
}"""


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_photo_can_be_dropped_or_pasted(way: str, visit: Any) -> None:
    visit.evaluate(DROP, [way, list(corrupt.files()["named_wrongly.jpg"][0])])
    visit.wait_for_selector(".judgement")
    assert "dropped.jpg" in visit.locator(".caption").inner_text()


def test_it_works_at_the_width_of_a_phone(browser: Any, served: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce", has_touch=True)
    watch = Watch(context, served)
    page = context.new_page()
    page.set_default_timeout(LONG)
    page.goto(f"{served}/")
    page.locator("[data-key=sample-class_trip]").tap()
    page.wait_for_selector(".judgement")
    page.locator(".box").first.tap()
    page.locator("[data-key=all]").tap()
    page.locator("[data-key=make]").tap()
    page.wait_for_selector(".receipt")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
    watch.verify()
