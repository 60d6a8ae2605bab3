"""Spot the leak in a real browser: every round by keyboard and by touch, in all languages, widths and themes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, count, product
from typing import Any, NamedTuple

import pytest

from photoscan.catalog import LANGUAGES, text
from photoscan.workshop.game import rounds
from photoscan.workshop.game.rounds import Leak, Round
from tests.browser.fitting import assert_fits
from tests.browser.harness import SCHEMES, Watch, assert_accessible
from tests.properties import thorough
from tests.workshop import stub

WIDTHS = {360: 780, 390: 844, 1366: 768, 1920: 1080}
"""Width and height of windows, in CSS pixels: two phones, a laptop, a projector."""
BAR = 0.1
"""The largest part of the screen that a bar may take, where there is a projector."""
OURS = {"x-photoscan": "workshop"}
LESSON = {"teams": ["Otters", "Owls"], "seconds": None}
VISITS = count()
STEP = 0.02
"""Of the photo's long side: how far an arrow key moves (marker.js)."""


class View(NamedTuple):
    """How a round is looked at."""

    language: str
    width: int
    scheme: str


def _views(number: int) -> list[View]:
    """All ways to look in a thorough run; else one: in 24 numbers each two of language, width and theme meet."""
    if thorough():
        return [View(lang, width, scheme) for lang in LANGUAGES for width in WIDTHS for scheme in SCHEMES]
    turn, at = divmod(number, len(LANGUAGES))
    return [View(LANGUAGES[at], list(WIDTHS)[(at + turn) % len(WIDTHS)], SCHEMES[(at + turn // 2) % 2])]


ALBUM = rounds.album()
KEYS = [(one, view) for number, one in enumerate(ALBUM.rounds) for view in _views(number)]
TAPS = [(one, view) for number, one in enumerate(ALBUM.rounds) for view in _views(12 + (number + 5) % 12)]


def _name(value: object) -> str:
    return value.name if isinstance(value, Round) else "-".join(map(str, value))  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:
    with stub.served(stub.StubScanner()) as at:
        yield at


@pytest.fixture
def served(address: str) -> str:
    return address


@pytest.fixture(scope="module")
def screen(browser: Any, address: str) -> Iterator[Any]:
    """One page for all rounds, with a keyboard and a touchscreen; what it complains about is told at the end."""
    context = browser.new_context(has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    watch = Watch(context, address)
    yield context.new_page()
    context.close()
    watch.verify()


def begin(page: Any, address: str, names: list[str], view: View) -> None:
    """A lesson of these rounds, at its first question, in that view."""
    page.goto("about:blank")  # what the last test marked is not told any more
    api = page.context.request
    opened = api.post(f"{address}/api/lesson", data=LESSON | {"rounds": names}, headers=OURS)
    assert opened.ok, opened.text()
    assert api.post(f"{address}/api/lesson/start", headers=OURS).ok
    page.set_viewport_size({"width": view.width, "height": WIDTHS[view.width]})
    page.emulate_media(color_scheme=view.scheme, reduced_motion="reduce")
    page.goto(f"{address}/?{next(VISITS)}#game")  # another address, so that nothing is left of the last visit
    page.wait_for_selector(".asking .pad")
    if page.locator("[data-key=language]").input_value() != view.language:
        page.select_option("[data-key=language]", view.language)
    page.locator("html[lang='" + view.language + "']").wait_for()
    page.wait_for_selector(f".asking h1:has-text({text(f'workshop.round.{names[0]}.title', view.language)!r})")


def key_to(page: Any, photo: Round, at: tuple[float, float], target: tuple[float, float]) -> tuple[float, float]:
    """Move the cursor by arrow keys; gives back where it is then."""
    here = list(at)
    step = STEP * photo.long_side
    for axis, (less, more) in enumerate((("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"))):
        steps = round((target[axis] - here[axis]) / step)
        fast, slow = divmod(abs(steps), 5)
        for press in [f"Shift+{more if steps > 0 else less}"] * fast + [more if steps > 0 else less] * slow:
            page.keyboard.press(press)
        here[axis] += steps * step
    return here[0], here[1]


def by_keyboard(page: Any, photo: Round) -> None:
    """Mark everything, with the doubt that is right."""
    page.focus(".pad")
    at = (photo.width / 2, photo.height / 2)
    for leak in photo.leaks:
        if leak.box is not None:
            at = key_to(page, photo, at, leak.box.centre)
            page.keyboard.press("Enter")
            if not leak.certain:
                page.keyboard.press("u")
                page.keyboard.press("Enter")  # let go of it, so that the next one is sure again
    if any(leak.box is None for leak in photo.leaks):
        page.keyboard.press("f")
    if not photo.leaks:
        page.keyboard.press("n")


def by_touch(page: Any, photo: Round) -> None:
    """The same by taps on the photo and on buttons."""
    page.locator(".pad").scroll_into_view_if_needed()
    pad = page.locator(".pad").bounding_box()
    for leak in photo.leaks:
        if leak.box is not None:
            x, y = leak.box.centre
            page.touchscreen.tap(pad["x"] + x * pad["width"] / photo.width, pad["y"] + y * pad["height"] / photo.height)
            page.locator(f"[data-key=mark-{'sure' if leak.certain else 'unsure'}]").tap()
            page.locator(".pad").scroll_into_view_if_needed()
            pad = page.locator(".pad").bounding_box()
    if any(leak.box is None for leak in photo.leaks):
        page.locator("[data-key=mark-file]").tap()
    if not photo.leaks:
        page.locator("[data-key=mark-nothing]").tap()


def told(leak: Leak, photo: Round, language: str) -> str:
    return text(f"workshop.leak.{photo.name}.{leak.name}", language)


def play(page: Any, photo: Round, view: View, mark: Callable[[Any, Round], None], on: Callable[[], None]) -> None:
    """A round from the question to its rule; `on`: the key or the button that goes on.

    Whether all fits is asked for answers in one half of the rounds, and for questions and rules in the other.
    """
    mark(page, photo)
    answers = thorough() or mark is by_keyboard
    edges = thorough() or not answers
    places = sum(leak.box is not None for leak in photo.leaks)
    rows = page.locator(".mark-list li")
    assert rows.count() == places + (places < len(photo.leaks) or not photo.leaks)
    if edges:
        look_at(page, view, f"{photo.name} asking")
    on()  # to the other team
    assert rows.count() == 0, "marks of another team are not shown"
    on()
    page.wait_for_selector(".telling")
    if places:
        assert page.locator("h2.told").inner_text() == text("workshop.game.your_marks", view.language)
        on()
    for leak in photo.leaks:
        assert page.locator("h2.told").inner_text() == told(leak, photo, view.language)
        assert page.locator(".who strong").all_inner_texts() == ["+3"]
        assert page.locator(".shade").count() == (leak.box is not None)
        assert told(leak, photo, view.language) in page.locator("#live").inner_text()
        if leak.name == "place":
            page.locator(".evidence .maps").wait_for()
        if answers:
            look_at(page, view, f"{photo.name} {leak.name}")
        on()
    if not photo.leaks:
        assert page.locator(".who strong").all_inner_texts() == ["+2"]
        if answers:
            look_at(page, view, photo.name)
        on()
    if photo.decoys:
        key = "workshop.game.decoys" if len(photo.decoys) > 1 else "workshop.game.decoy"
        assert page.locator("h2.told").inner_text() == text(key, view.language)
        on()
    assert page.locator(".game-rule p").inner_text() == text(f"workshop.round.{photo.name}.rule", view.language)
    assert page.locator(".scores .sum").all_inner_texts() == [str(3 * len(photo.leaks) or 2), "0"]
    if edges:
        look_at(page, view, f"{photo.name} rule")


def look_at(page: Any, view: View, where: str) -> None:
    """Every text fits, and no bar takes the photo's room."""
    assert_fits(page, f"{where} {view}")
    if view.width > 1000:
        bars = page.evaluate("[...document.querySelectorAll('.top, .game-head')].map(e => e.offsetHeight)")
        assert max(bars) <= BAR * WIDTHS[view.width], where


def test_each_two_of_language_width_and_theme_meet_in_a_round() -> None:
    played = [view for _, view in KEYS + TAPS]
    for one, other in combinations((LANGUAGES, tuple(WIDTHS), SCHEMES), 2):
        met = {(a, b) for view in played for a in view for b in view}
        assert set(product(one, other)) <= met


@pytest.mark.parametrize(("photo", "view"), KEYS, ids=_name)
def test_every_round_is_played_by_keyboard(photo: Round, view: View, screen: Any, address: str) -> None:
    begin(screen, address, [photo.name], view)
    play(screen, photo, view, by_keyboard, lambda: screen.keyboard.press("PageDown"))
    screen.keyboard.press("PageDown")
    screen.wait_for_selector(".podium")


@pytest.mark.parametrize(("photo", "view"), TAPS, ids=_name)
def test_every_round_is_played_by_touch(photo: Round, view: View, screen: Any, address: str) -> None:
    def on() -> None:
        screen.locator("[data-key=turn-next], [data-key=step-next]").tap()

    begin(screen, address, [photo.name], view)
    play(screen, photo, view, by_touch, on)


PAIRS = [View(lang, list(WIDTHS)[n % len(WIDTHS)], SCHEMES[(n + n // 2) % 2]) for n, lang in enumerate(LANGUAGES)]
JUDGED = {"pt-BR": ("set-up", "asking", "podium"), "zh-Hans": ("scores", "answer")}
"""Which state of the game axe judges in which language: it has the same elements in all of them."""


def judge(page: Any, view: View, state: str) -> None:
    look_at(page, view, state)
    if thorough() or state in JUDGED.get(view.language, ()):
        assert_accessible(page, [view.width], [view.scheme])


@pytest.mark.parametrize("view", PAIRS if thorough() else PAIRS[3:5], ids=_name)
def test_the_whole_game_from_its_tile_to_the_podium(view: View, screen: Any, address: str) -> None:
    page = screen
    page.goto("about:blank")
    page.context.request.delete(f"{address}/api/lesson", headers=OURS)
    page.set_viewport_size({"width": view.width, "height": WIDTHS[view.width]})
    page.emulate_media(color_scheme=view.scheme, reduced_motion="reduce")
    page.goto(f"{address}/?{next(VISITS)}")
    page.select_option("[data-key=language]", view.language)
    page.locator("html[lang='" + view.language + "']").wait_for()
    page.click("[data-key=way-game]")
    page.wait_for_selector(".game-form")
    for _ in range(5):
        page.click("[data-key=teams-more]")
    page.check("[data-key=length-choice]", force=True)
    judge(page, view, "set-up")
    page.check("[data-key=length-3]", force=True)
    page.check("[data-key=seconds-60]", force=True)
    page.fill("[data-key=team-0]", "The Very Long Named Ones")
    page.click("[data-key=begin]")
    page.wait_for_selector(".asking")
    assert re.fullmatch(r"(1:00|0:5\d)", page.locator(".game-clock").inner_text())
    judge(page, view, "asking")
    names = [text(f"workshop.game.team.{number}", view.language) for number in range(2, 9)]
    for team in ["The Very Long Named Ones", *names]:
        assert team in page.locator(".whose").inner_text()
        page.focus(".pad")
        page.keyboard.press("Enter")
        page.click("[data-key=turn-next]")
    page.wait_for_selector(".telling")
    page.click("[data-key=step-next]")
    judge(page, view, "answer")
    while not page.locator(".game-rule").count():
        page.click("[data-key=step-next]")
    judge(page, view, "scores")
    page.click("[data-key=finish]")
    page.wait_for_selector(".podium")
    assert page.locator(".all-rules li").count() == 1
    judge(page, view, "podium")
    page.click("[data-key=again]")
    page.wait_for_selector(".game-form")
    assert page.input_value("[data-key=team-0]") == "The Very Long Named Ones"


# What a marker can do


@pytest.fixture
def pad(screen: Any, address: str) -> Any:
    begin(screen, address, [ALBUM.rounds[0].name], View("en", 1366, "light"))
    return screen


def marks(page: Any, address: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = page.context.request.get(f"{address}/api/lesson").json()["teams"][0]["marks"]
    return told


def spot(page: Any, across: float, down: float) -> tuple[float, float]:
    box = page.locator(".pad").bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def settled(page: Any, count: int) -> None:
    page.locator(".mark-list li").nth(count - 1).wait_for()
    page.wait_for_timeout(100)  # the program is told


def test_a_frame_is_drawn_by_drag_and_a_mark_is_picked_doubted_removed_and_undone(pad: Any, address: str) -> None:
    photo = ALBUM.rounds[0]
    pad.mouse.move(*spot(pad, 0.2, 0.2))
    pad.mouse.down()
    pad.mouse.move(*spot(pad, 0.4, 0.5), steps=3)
    pad.mouse.up()
    pad.mouse.click(*spot(pad, 0.8, 0.8))
    settled(pad, 2)
    frame, point = marks(pad, address)
    wide, high = photo.width, photo.height
    assert frame["box"] == pytest.approx([0.2 * wide, 0.2 * high, 0.2 * wide, 0.3 * high], abs=3)
    assert point["at"] == pytest.approx([0.8 * wide, 0.8 * high], abs=2)
    pad.mouse.click(*spot(pad, 0.3, 0.35))  # the middle of the frame: it is picked, not marked again
    pad.click("[data-key=mark-unsure]")
    pad.wait_for_timeout(100)
    assert [mark["sure"] for mark in marks(pad, address)] == [False, True]
    pad.click("[data-key=mark-off-1]")
    assert pad.locator(".mark-list li").count() == 1
    pad.click("[data-key=mark-undo]")
    settled(pad, 2)
    assert [mark["sure"] for mark in marks(pad, address)] == [False, True]


def test_a_finger_draws_a_frame(pad: Any, address: str) -> None:
    cdp = pad.context.new_cdp_session(pad)
    for kind, at in (("touchStart", (0.2, 0.2)), ("touchMove", (0.3, 0.4)), ("touchMove", (0.5, 0.6))):
        x, y = spot(pad, *at)
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(pad, 1)
    assert list(marks(pad, address)[0]) == ["box", "sure"]
    cdp.detach()


def test_the_cursor_says_where_it_is_and_marks_stay_few(pad: Any, address: str) -> None:
    pad.focus(".pad")
    pad.keyboard.press("Shift+ArrowLeft")
    pad.keyboard.press("Shift+ArrowLeft")
    pad.keyboard.press("Shift+ArrowUp")
    pad.keyboard.press("Shift+ArrowUp")
    assert pad.locator("#live").inner_text() == text("workshop.game.place.upper_left")
    for _ in range(14):
        pad.keyboard.press("Enter")
        pad.keyboard.press("ArrowRight")
        pad.keyboard.press("ArrowRight")
    assert pad.locator(".mark-list li").count() == 12
    pad.keyboard.press("Enter")
    assert pad.locator("#live").inner_text() == text("workshop.game.full", count=12)
    pad.keyboard.press("n")
    assert pad.locator(".mark-list li").count() == 1, "'nothing' stands alone"
    pad.keyboard.press("z")
    assert pad.locator(".mark-list li").count() == 12
    for _ in range(6):
        pad.keyboard.press("ArrowLeft")
    pad.keyboard.press("Delete")
    assert pad.locator(".mark-list li").count() == 11


def test_back_leaves_the_game_and_it_goes_on(pad: Any, address: str) -> None:
    pad.mouse.click(*spot(pad, 0.5, 0.5))
    settled(pad, 1)
    pad.click("[data-key=brand]")
    pad.wait_for_selector(".sample")
    pad.go_back()
    pad.wait_for_selector(".mark-list li")
    pad.reload()
    pad.wait_for_selector(".mark-list li")
    pad.click("[data-key=brand]")
    pad.click("[data-key=game]")
    pad.wait_for_selector(".asking")


def test_the_program_looks_at_the_round_and_there_is_a_way_back(pad: Any, address: str) -> None:
    for _ in range(3):
        pad.keyboard.press("PageDown")
    while not pad.locator(".game-rule").count():
        pad.keyboard.press("PageDown")
    pad.click("[data-key=program-look]")
    pad.wait_for_selector(".judgement")
    pad.click("[data-key=game]")
    pad.wait_for_selector(".game-rule")
    pad.keyboard.press("PageUp")
    assert pad.locator(".game-rule").count() == 0


@pytest.mark.skipif("cat" not in {one.name for one in ALBUM.rounds}, reason="there is no such round")
def test_what_only_the_file_tells_is_shown(screen: Any, address: str) -> None:
    begin(screen, address, ["cat", "cropped"], View("en", 1366, "light"))
    for _ in range(2):
        screen.keyboard.press("PageDown")
    screen.locator(".evidence .maps").wait_for()
    while not screen.locator(".asking").count():
        screen.keyboard.press("PageDown")
        screen.wait_for_timeout(30)
    for _ in range(2):
        screen.keyboard.press("PageDown")
    picture = screen.locator(".evidence img").first
    picture.wait_for()
    screen.wait_for_timeout(200)
    assert picture.evaluate("img => img.complete && img.naturalWidth > 0")


def test_a_class_that_wants_motion_gets_it_and_no_other(browser: Any, address: str) -> None:
    moving = "() => document.getAnimations().length"
    for wish, some in (("no-preference", True), ("reduce", False)):
        context = browser.new_context(reduced_motion=wish, viewport={"width": 1366, "height": 768})
        page = context.new_page()
        page.context.request.post(f"{address}/api/lesson", data=LESSON | {"rounds": ["uniform"]}, headers=OURS)
        page.context.request.post(f"{address}/api/lesson/start", headers=OURS)
        page.goto(f"{address}/#game")
        page.wait_for_selector(".asking")
        for _ in range(2):
            page.keyboard.press("PageDown")
        page.wait_for_selector(".telling .told")
        assert (page.evaluate(moving) > 0) == some
        context.close()
