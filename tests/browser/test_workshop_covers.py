"""The workshop's page says what is so: covers hide, gaps are told, what a copy still shows has a switch."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photoscan.catalog import text
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.report import Status
from tests.browser.harness import assert_accessible
from tests.browser.on_page import opened
from tests.workshop import stub
from tests.workshop.stub import FIRST, HEIGHT, SECOND, SECRET, THIRD, WIDTH, Gap, Script, StubScanner, Thing

COVER = (0x1B, 0x2A, 0x38)
"""The colour of covers on the page (shot.js)."""
PASSWORD = Thing(Kind.TEXT_SECRET, SECRET, FIRST)
FACE = Thing(Kind.FACE, None, SECOND)
PHONE = Thing(Kind.TEXT_PHONE, "+60 12-345 6789", THIRD, late=True)


@pytest.fixture(scope="module")
def scanner() -> StubScanner:
    return StubScanner()


@pytest.fixture(scope="module")
def address(browser: Any, scanner: StubScanner) -> Iterator[str]:
    with stub.served(scanner) as at:
        yield at


@pytest.fixture
def served(address: str) -> str:
    return address


@pytest.fixture
def visit(page: Any, served: str) -> Any:
    return opened(page, served)


def look(page: Any, name: str = "photo.jpg") -> None:
    page.set_input_files("#file", {"name": name, "mimeType": "image/jpeg", "buffer": stub.drawn()})
    page.wait_for_selector(".judgement")
    painted(page, ".frame .shot")


def painted(page: Any, shot: str) -> None:
    """Wait for the pictures in canvases. The page's policy forbids Playwright's own way to wait."""
    for _ in range(200):
        if page.evaluate(f"[...document.querySelectorAll('{shot}')].every(c => c.width > 1)"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("there is no picture")


def copy(page: Any) -> None:
    page.click("[data-key=make]")
    page.wait_for_selector(".receipt")
    page.wait_for_selector("[data-key=make][aria-disabled=true]", state="detached")
    painted(page, ".compare .shot")


def colours(picture: Any, box: Box, across: float, down: float, rim: int = 8) -> set[tuple[int, ...]]:
    """The colours inside a box of the photo, in a picture that shows it so many times as large."""
    x, y, x2, y2 = box.x * across, box.y * down, box.x2 * across, box.y2 * down
    inside = picture[int(y) + rim : int(y2) - rim, int(x) + rim : int(x2) - rim, :3]
    assert inside.size
    return {tuple(map(int, colour)) for colour in np.unique(inside.reshape(-1, 3), axis=0)}


def on_screen(page: Any, box: Box) -> set[tuple[int, ...]]:
    """The colours that are seen inside a box of the photo. The badge stands at a corner, and is taken away for it."""
    seen = np.asarray(Image.open(io.BytesIO(_frame(page))).convert("RGB"))
    return colours(seen, box, seen.shape[1] / WIDTH, seen.shape[0] / HEIGHT)


def _frame(page: Any) -> bytes:
    """The picture of the photo's frame; taken again where the page puts a new one in its place meanwhile."""
    from playwright.sync_api import Error

    for _ in range(20):
        page.evaluate("for (const e of document.querySelectorAll('.badge,.side,.line')) e.style.visibility = 'hidden'")
        frame = page.locator(".frame")
        try:
            frame.scroll_into_view_if_needed()
            return bytes(frame.screenshot())
        except Error as error:
            if "not attached" not in str(error):
                raise
    raise AssertionError("the frame is never still")


def in_pdf(page: Any) -> list[Any]:
    """The pictures of the photo's shape that the page's PDF holds, whatever is drawn over them."""
    data = page.pdf(print_background=False)
    found = []
    for match in re.finditer(rb"<<(?:[^<>]|<<[^<>]*>>)*?/Subtype\s*/Image.*?>>\s*stream\r?\n", data, re.DOTALL):
        head = match.group()
        width, height, length = (int(_number(head, name)) for name in (b"Width", b"Height", b"Length"))
        body = data[match.end() : match.end() + length]
        if width * HEIGHT != height * WIDTH:
            continue
        raw = zlib.decompress(body) if b"FlateDecode" in head else None
        found.append(
            np.frombuffer(raw, np.uint8).reshape(height, width, -1)
            if raw is not None
            else np.asarray(Image.open(io.BytesIO(body)).convert("RGB"))
        )
    return found


def _number(head: bytes, name: bytes) -> bytes:
    found = re.search(rb"/" + name + rb"\s+(\d+)", head)
    assert found is not None
    return found.group(1)


# Covers


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_cover_is_opaque(media: str, scheme: str, visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD, FACE))
    look(visit)
    visit.emulate_media(media=media, color_scheme=scheme)
    assert on_screen(visit, FIRST) == on_screen(visit, SECOND) == {COVER}
    assert COVER not in on_screen(visit, THIRD)


def test_a_cover_is_opaque_for_those_who_force_colours(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD,))
    visit.emulate_media(forced_colors="active")
    look(visit)
    assert on_screen(visit, FIRST) == {COVER}


def test_paper_holds_nothing_below_a_cover(visit: Any, scanner: StubScanner) -> None:
    """Printed without backgrounds into a PDF, whose pictures anybody can take out."""
    scanner.script = Script((PASSWORD, FACE))
    look(visit)
    (printed,) = in_pdf(visit)
    across, down = printed.shape[1] / WIDTH, printed.shape[0] / HEIGHT
    assert colours(printed, FIRST, across, down) == colours(printed, SECOND, across, down) == {COVER}
    assert len(colours(printed, THIRD, across, down)) > 1
    copy(visit)
    pictures = in_pdf(visit)
    assert len(pictures) == 2
    for picture in pictures:
        (colour,) = {max(c) <= max(COVER) for c in colours(picture, FIRST, across, down)}
        assert colour


def test_what_is_before_the_copy_is_covered_until_values_are_shown(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD, FACE))
    look(visit)
    copy(visit)
    visit.locator(".slide").evaluate("e => { e.value = 100; e.dispatchEvent(new Event('input')); }")
    assert on_screen(visit, FIRST) == on_screen(visit, SECOND) == {COVER}
    visit.locator("label", has=visit.locator("[data-key=reveal]")).click()
    assert COVER not in on_screen(visit, FIRST)
    visit.locator("label", has=visit.locator("[data-key=reveal]")).click()
    assert on_screen(visit, FIRST) == {COVER}


def test_what_is_not_covered_shows_and_so_does_all_when_values_do(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD, FACE))
    look(visit)
    visit.locator(".box").first.click()
    pressed = [box.get_attribute("aria-pressed") for box in visit.locator(".box").all()]
    assert sorted(map(str, pressed)) == ["false", "true"]
    uncovered = FIRST if pressed[0] == "false" else SECOND
    shown = {box: on_screen(visit, box) for box in (FIRST, SECOND)}
    assert [box for box, seen in shown.items() if COVER not in seen] == [uncovered]
    visit.locator("label", has=visit.locator("[data-key=reveal]")).click()
    assert all(COVER not in on_screen(visit, box) for box in (FIRST, SECOND))


def test_the_class_guesses_with_the_photo_itself(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD,))
    visit.locator("label.guess").click()
    visit.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": stub.drawn()})
    visit.wait_for_selector("[data-key=show]")
    painted(visit, ".frame .shot")
    assert COVER not in on_screen(visit, FIRST)
    visit.click("[data-key=show]")
    assert on_screen(visit, FIRST) == {COVER}


def test_a_telling_file_name_is_not_shown_beside_its_masked_value(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script()
    look(visit, "beach.jpg")
    assert "beach.jpg" in visit.locator(".caption").inner_text()
    visit.click("[data-key=another]")
    scanner.script = Script((PASSWORD,), named=True)
    look(visit, "Joana Prado 12345678909.jpg")
    assert "Joana" not in visit.locator("body").inner_text()
    visit.locator("label", has=visit.locator("[data-key=reveal]")).click()
    visit.locator(".caption", has_text="Joana").wait_for()


# Gaps

FAILED: Gap = (Status.FAILED, "crash: ValueError")
GAPS: dict[str, Gap] = {
    "failed": FAILED,
    "not installed": (Status.SKIPPED, "not_installed"),
    "budget": (Status.SKIPPED, "budget"),
}
INCOMPLETE = text("verdict.incomplete").casefold()


@pytest.mark.parametrize("gap", GAPS.values(), ids=list(GAPS))
@pytest.mark.parametrize("things", [(), (PASSWORD,)], ids=["nothing", "something"])
def test_an_incomplete_answer_looks_incomplete(
    gap: Gap, things: tuple[Thing, ...], visit: Any, scanner: StubScanner
) -> None:
    scanner.script = Script(things, {"face": gap})
    look(visit)
    for media in ("screen", "print"):
        visit.emulate_media(media=media)
        said = visit.locator(".judgement").inner_text().casefold()
        assert INCOMPLETE in said
        assert text("detector.face").casefold() in said
        assert visit.locator(".dial").count() == len(things)
        for dial in visit.locator(".dial").all():
            assert re.search(r"\d\+", str(dial.text_content()))
            assert "or more" in str(dial.get_attribute("aria-label"))
        page = visit.locator("#main").inner_text()
        assert not [
            key for key in ("workshop.nothing", "workshop.covers_nothing", "report.nothing") if text(key) in page
        ]
    visit.emulate_media(media="screen")
    assert text("workshop.covers_unseen") in visit.locator(".bar").inner_text()
    assert INCOMPLETE in visit.locator("#live").inner_text().casefold()
    assert_accessible(visit, widths=[360])


@pytest.mark.parametrize("gap", GAPS.values(), ids=list(GAPS))
def test_the_guess_is_not_told_that_all_was_found(gap: Gap, visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD,), {"plate": gap})
    visit.locator("label.guess").click()
    visit.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": stub.drawn()})
    visit.wait_for_selector("[data-key=show]")
    assert INCOMPLETE in visit.locator(".ask").inner_text().casefold()


def test_a_photo_that_can_t_be_seen_is_told_so(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script(error="corrupt")
    look(visit)
    said = visit.locator(".right").inner_text().casefold()
    assert text("headline.unseen") in said
    assert text("headline.uninspected") in said
    assert text("error.corrupt") in said
    assert text("workshop.nothing").casefold() not in said


@pytest.mark.parametrize("gap", GAPS.values(), ids=list(GAPS))
def test_a_copy_that_was_not_wholly_looked_at_is_not_called_safe(gap: Gap, visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script(late_gaps={"face": gap})
    look(visit)
    copy(visit)
    for media in ("screen", "print"):
        visit.emulate_media(media=media)
        said = visit.locator(".right").inner_text()
        assert text("workshop.unsure_title") in said
        assert text("detector.face").casefold() in said.casefold()
        assert text("workshop.safe_title") not in said
    assert text("workshop.safe_title") not in visit.locator("#live").inner_text()
    assert "+" in str(visit.locator(".risk .dial").nth(1).text_content())
    visit.emulate_media(media="screen")
    assert text("workshop.download_anyway") in visit.locator("[data-key=copy]").inner_text()
    assert_accessible(visit, widths=[360])


# What a copy still shows


def test_what_the_second_look_finds_is_named_and_can_be_covered(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD, PHONE))
    look(visit)
    assert visit.locator(".box").count() == 1
    copy(visit)
    phone = text("kind.text.phone.title")
    heading = visit.locator("h1").inner_text()
    assert heading == text("workshop.still_title", what=phone)
    assert visit.locator("#live").inner_text() == heading
    row = visit.locator(".more li")
    said = row.inner_text()
    assert phone in said
    assert text("workshop.left_new") in said
    assert text("report.where.region", place=text("place.bottom.right")) in said
    assert "345" not in visit.locator("#main").inner_text()
    assert visit.locator(".marks .box").count() == 1
    # It is proposed to be covered, and until that is done nobody can read it here.
    assert row.locator("[role=switch]").is_checked()
    assert on_screen(visit, THIRD) == {COVER}
    assert_accessible(visit, widths=[1280, 360])
    row.locator("label").click()
    assert visit.locator("[data-key=make]").is_disabled()
    row.locator("label").click()
    copy(visit)
    assert visit.locator("h1").inner_text() == text("workshop.safe_title")
    assert visit.locator(".more").count() == 0
    assert phone in visit.locator(".receipt").inner_text()
    # It belongs to what was found from now on.
    visit.click("[data-key=back]")
    assert visit.locator(".box[aria-pressed=true]").count() == 2


def test_what_was_left_on_purpose_is_told_as_such(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD, FACE))
    look(visit)
    face = visit.locator(".card", has_text=text("kind.face.title"))
    face.locator("label.switch").click()
    copy(visit)
    assert visit.locator("h1").inner_text() == text("workshop.still_title", what=text("kind.face.title"))
    assert text("workshop.left_known") in visit.locator(".more").inner_text()
    assert not visit.locator(".more [role=switch]").is_checked()
    visit.locator(".more label").click()
    copy(visit)
    assert visit.locator("h1").inner_text() == text("workshop.safe_title")


def test_values_of_a_later_find_are_shown_with_the_others(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD, PHONE))
    look(visit)
    visit.locator("label", has=visit.locator("[data-key=reveal]")).click()
    visit.locator(".cards", has_text=SECRET).wait_for()
    copy(visit)
    assert "345 6789" in visit.locator(".more").inner_text()
    visit.locator("label", has=visit.locator("[data-key=reveal]")).click()
    assert "345 6789" not in visit.locator("#main").inner_text()


def test_a_doubtful_trace_is_told_as_doubtful(visit: Any, scanner: StubScanner) -> None:
    scanner.script = Script((PASSWORD, Thing(Kind.FACE, None, THIRD, late=True, confidence=0.3)))
    look(visit)
    copy(visit)
    assert visit.locator("h1").inner_text() == text("workshop.perhaps_title", what=text("kind.face.title"))


def test_a_faint_trace_is_counted_and_not_claimed(visit: Any, scanner: StubScanner) -> None:
    faint = Thing(Kind.PLATE, None, SECOND, late=True, confidence=0.02)
    scanner.script = Script((PASSWORD, FACE, faint))
    look(visit)
    visit.locator(".card", has_text=text("kind.face.title")).locator("label.switch").click()
    copy(visit)
    assert visit.locator("h1").inner_text() == text("workshop.still_title", what=text("kind.face.title"))
    assert text("kind.plate.title") not in visit.locator("#main").inner_text()
    visit.click("[data-key=uncertain]")
    row = visit.locator(".uncertain li", has_text=text("kind.plate.title"))
    row.locator("label").click()
    visit.locator(".more label").click()
    copy(visit)
    assert visit.locator("h1").inner_text() == text("workshop.safe_title")
    assert visit.locator(".uncertain").count() == 0
