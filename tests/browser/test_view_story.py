"""The story and what a stranger would write, before a browser: by keyboard, finger and mouse, in all languages, widths
and both themes. No network of ours is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from photoscan.catalog import LANGUAGES, text
from photoscan.kind import Kind
from photoscan.workshop import story
from tests.browser import harness
from tests.browser.fitting import assert_fits
from tests.properties import sample, thorough
from tests.workshop.stub import FIRST, SECOND, Script, StubScanner, Thing, drawn
from tests.workshop.stub import served as serving

TOLD = story.story()
ANSWERS = {clue["id"]: clue["question"] for clue in TOLD["clues"]}
LOOKS = [(width, scheme, said) for width in (360, 390, 1366, 1920) for scheme in harness.SCHEMES for said in LANGUAGES]
SEEN = [
    (360, "dark", "ms"), (390, "light", "id"), (1366, "light", "en"), (1920, "dark", "pt-BR"),
    (390, "dark", "zh-Hans"), (360, "light", "ta"),
]  # fmt: skip
HEIGHTS = {360: 740, 390: 844, 1366: 768, 1920: 1080}
SCHOOL = "SK Taman Melur"


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    things = (Thing(Kind.FACE_CHILD, None, FIRST), Thing(Kind.TEXT_SCHOOL, SCHOOL, SECOND))
    with serving(StubScanner(Script(things))) as address:
        yield address


def opened(page: Any, address: str, language: str = "en", width: int = 1366, scheme: str = "light") -> Any:
    """The story's first photo."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(address)
    if language != "en":
        page.select_option("[data-key=language]", language)
        page.wait_for_selector(f"html[lang={language}]")
    page.click("[data-key=way-story]")
    page.wait_for_selector(".post")
    return page


def heading(page: Any) -> str:
    return str(page.inner_text("h1"))


def title(part: str, language: str = "en") -> str:
    return text(f"workshop.story.{part}.title", language)


def to_profile(page: Any) -> None:
    """From the first photo to what a stranger knows."""
    for _ in range(4):
        page.click("[data-key=story-next]")
    for _ in ANSWERS:
        page.click("[data-key=story-solve]")
    page.click("[data-key=story-next]")
    at_step(page, "profile")


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.dataset.key ?? ''"))


def at_step(page: Any, part: str) -> None:
    page.wait_for_selector(f".at-{part}")


def posted(page: Any, count: int) -> None:
    """Wait until so many photos are shown."""
    page.locator(".post").nth(count - 1).wait_for()
    page.locator(".post").nth(count).wait_for(state="detached")


def go_by_key(page: Any, key: str) -> None:
    """Come to a control by Tab alone."""
    for _ in range(60):
        if focused(page) == key:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {key}")


def test_by_keyboard_alone(page: Any, served: str) -> None:
    opened(page, served)
    assert page.locator(".post").count() == 1
    for shown in (2, 3, 4):
        go_by_key(page, "story-next")
        page.keyboard.press("Enter")
        assert page.locator(".post").count() == shown
    go_by_key(page, "story-next")
    page.keyboard.press("Enter")
    at_step(page, "board")
    assert page.locator("[data-key=story-next]").is_disabled()
    go_by_key(page, "clue-number")
    page.keyboard.press("Enter")
    assert focused(page) == "put-home", "picked up: the focus is at the first question"
    assert page.inner_text("#live") == text("workshop.story.picked", clue=text("workshop.story.clue.number"))
    page.keyboard.press("Escape")
    assert focused(page) == "clue-number", "put back"
    for name, question in ANSWERS.items():
        go_by_key(page, f"clue-{name}")
        page.keyboard.press("Space")
        go_by_key(page, f"put-{question}")
        page.keyboard.press("Enter")
    assert page.inner_text("#live") == text("workshop.story.solved")
    assert focused(page) == "story-next"
    page.keyboard.press("Enter")
    at_step(page, "profile")
    assert heading(page) == title("profile")
    assert page.locator(".statement").count() == len(TOLD["statements"])
    go_by_key(page, "story-next")
    page.keyboard.press("Enter")
    at_step(page, "acts")
    go_by_key(page, "act-unposted")
    page.keyboard.press("Space")
    gone = {"home", "way", "now"}
    assert focused(page) == "act-unposted"
    faded = page.locator(".town .part.gone")
    assert {faded.nth(n).get_attribute("data-part") for n in range(faded.count())} == gone
    assert page.locator(".statement.gone").count() == len(gone)
    all_ = len(TOLD["statements"])
    assert page.inner_text(".left-over") == text("workshop.story.left", count=all_ - len(gone), all=all_)
    go_by_key(page, "story-next")
    page.keyboard.press("Enter")
    at_step(page, "rule")
    assert heading(page) == title("rule")


def test_back_goes_back_in_the_story_and_then_leaves_it(page: Any, served: str) -> None:
    opened(page, served)
    for _ in range(4):
        page.click("[data-key=story-next]")
    at_step(page, "board")
    for shown in (4, 3, 2, 1):
        page.go_back()
        posted(page, shown)
    page.go_forward()
    posted(page, 2)
    page.go_back()
    page.go_back()
    page.wait_for_selector(".hero")
    page.go_forward()
    page.wait_for_selector(".post")


def test_what_needs_all_clues_is_not_there_without_them(page: Any, served: str) -> None:
    opened(page, served)
    to_profile(page)
    page.reload()
    at_step(page, "board")
    assert page.locator(".tray .clue").count() == len(ANSWERS)


def test_by_finger(browser: Any, served: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    watch = harness.Watch(context, served)
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(served)
    page.tap("[data-key=way-story]")
    page.wait_for_selector(".post")
    for name in ("monday", "wednesday", "friday"):
        page.tap(f"[data-key=vote-{name}-yes]")
        page.tap("[data-key=story-next]")
    page.tap("[data-key=vote-sunday-unsure]")
    page.tap("[data-key=story-next]")
    # A wrong one gets a kind word, and one that is nearly right a better one.
    page.tap("[data-key=clue-number]")
    page.tap("[data-key=put-school]")
    assert page.inner_text(".hint") == text("workshop.story.not_here")
    page.tap("[data-key=clue-street]")
    page.tap("[data-question=way]")
    assert page.inner_text(".hint") == text("workshop.story.nearly.street")
    for name, question in ANSWERS.items():
        page.tap(f"[data-key=clue-{name}]")
        page.tap(f"[data-question={question}]")
    page.tap("[data-key=story-next]")
    at_step(page, "profile")
    assert text("workshop.story.votes", count=3, all=4) in page.inner_text("main")
    page.tap("[data-key=story-next]")
    for act in TOLD["acts"]:
        page.tap(f".acts label:has([data-key=act-{act['id']}])")
    assert page.locator(".statement:not(.gone)").count() == 1, "a face that was posted stays known"
    page.tap("[data-key=story-next]")
    page.tap("[data-key=story-again]")
    page.wait_for_selector(".post")
    assert page.locator(".post").count() == 1
    context.close()
    watch.verify()


def test_by_dragging(page: Any, served: str) -> None:
    opened(page, served)
    for _ in range(4):
        page.click("[data-key=story-next]")
    page.drag_and_drop("[data-key=clue-bus]", "[data-question=when]")
    page.wait_for_selector(".hint.wrong")
    assert page.inner_text(".hint") == text("workshop.story.nearly.bus")
    page.drag_and_drop("[data-key=clue-bus]", "h1")
    assert page.locator(".tray .clue").count() == len(ANSWERS), "dropped beside the questions, it lies where it lay"
    for placed, (name, question) in enumerate(reversed(ANSWERS.items()), 1):
        page.drag_and_drop(f"[data-key=clue-{name}]", f"[data-question={question}]")
        page.locator(".clue.placed").nth(placed - 1).wait_for()
    page.wait_for_selector("[data-key=story-next]:enabled")


def test_the_clicker_goes_through_all_of_it(page: Any, served: str) -> None:
    opened(page, served)
    module = "import('/static/views/story.js').then(({ story }) => story.steps.{})"
    steps = 0
    while page.evaluate(module.replace("{}", "next()")):
        steps += 1
        assert steps < 30
    assert heading(page) == title("rule")
    assert steps == 3 + 1 + len(ANSWERS) + 3
    page.evaluate(module.replace("{}", "previous()"))
    at_step(page, "acts")


JUDGED = {"posts": (0, 1), "board": (2, 3), "profile": (0, 1), "acts": (2, 3), "rule": (0, 2)}
"""Which rows of SEEN a step is judged in by axe-core, once in each theme; all are in a thorough run."""


@pytest.mark.parametrize(("width", "scheme", "language"), sample(SEEN, LOOKS))
def test_every_step_fits_and_can_be_used_by_all(page: Any, served: str, width: int, scheme: str, language: str) -> None:
    opened(page, served, language, width, scheme)

    def look(step: str) -> None:
        assert_fits(page, f"{step}, {language}, {width}")
        if thorough() or SEEN.index((width, scheme, language)) in JUDGED[step]:
            harness.assert_accessible(page, (width,), (scheme,))
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})

    for _ in range(3):
        page.click("[data-key=story-next]")
    look("posts")
    page.click("[data-key=story-next]")
    # The longest words of the board: a clue in the hand, and the hint for one that is nearly right.
    page.click("[data-key=clue-bus]")
    look("board")
    page.keyboard.press("Escape")
    for clue in TOLD["clues"]:
        if clue["nearly"]:
            page.click(f"[data-key=clue-{clue['id']}]")
            page.click(f"[data-key=put-{clue['nearly']}]")
            assert_fits(page, f"{clue['id']}, {language}, {width}")
    for _ in ANSWERS:
        page.click("[data-key=story-solve]")
    assert_fits(page, f"solved, {language}, {width}")
    page.click("[data-key=story-next]")
    at_step(page, "profile")
    look("profile")
    page.click("[data-key=story-next]")
    for act in TOLD["acts"]:
        page.click(f".acts label:has([data-key=act-{act['id']}])")
    look("acts")
    page.click("[data-key=story-next]")
    look("rule")


def test_no_label_of_the_map_stands_over_its_edge(page: Any, served: str) -> None:
    opened(page, served)
    to_profile(page)
    for language in LANGUAGES:
        page.select_option("[data-key=language]", language)
        page.wait_for_selector(f"html[lang={language}]")
        for width in (360, 1366):
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            over = page.evaluate("""() => {
              const map = document.querySelector('.town').getBoundingClientRect();
              return [...document.querySelectorAll('.town .label')].filter((one) => {
                const box = one.getBoundingClientRect();
                return box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom;
              }).map((one) => one.textContent);
            }""")
            assert over == [], f"{language}, {width}"


def test_it_is_drawn_in_stroke_by_stroke_unless_less_motion_is_wanted(page: Any, served: str) -> None:
    opened(page, served)
    to_profile(page)
    running = "document.querySelector('.town').getAnimations({ subtree: true }).length"
    assert page.evaluate(running) == 0
    page.emulate_media(reduced_motion="no-preference")
    page.click("[data-key=replay]")
    assert page.evaluate(running) > 10


def test_a_phrase_of_a_stranger_lights_up_its_box_and_back(page: Any, served: str) -> None:
    page.goto(served)
    page.emulate_media(reduced_motion="reduce")
    page.set_input_files("#file", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": drawn()})
    page.wait_for_selector(".portrait")
    said = page.inner_text(".letter")
    assert SCHOOL not in said
    phrases = page.locator(".phrase")
    assert phrases.count() == 3
    ids = [phrases.nth(n).get_attribute("data-for").split(" ") for n in range(3)]
    for n, ours in enumerate(ids):
        phrases.nth(n).focus()
        lit = page.evaluate("[...document.querySelectorAll('.box.lit')].map((one) => one.dataset.for)")
        assert sorted(lit) == sorted(ours)
    page.keyboard.press("Enter")
    page.focus(".box >> nth=0")
    first = page.get_attribute(".box >> nth=0", "data-for")
    assert page.evaluate("[...document.querySelectorAll('.phrase.lit')].length") == sum(first in ours for ours in ids)
    phrases.nth(1).hover()
    assert page.locator(f".box.lit[data-for='{ids[1][0]}']").count() == 1
    page.click("label:has([data-key=reveal])")
    page.wait_for_selector(f".letter:has-text('{SCHOOL}')")
    assert page.inner_text(".letter").count(SCHOOL) == 1
    page.click("label:has([data-key=reveal])")
    assert SCHOOL not in page.inner_text(".letter")
    harness.assert_accessible(page)
    page.set_viewport_size({"width": 360, "height": 740})
    for language in LANGUAGES:
        page.select_option("[data-key=language]", language)
        page.wait_for_selector(f"html[lang={language}]")
        assert_fits(page, language)
        assert page.inner_text(".portrait h2") == text("html.portrait", language)
