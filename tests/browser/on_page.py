"""What is done on the workshop's page in more than one test."""

from __future__ import annotations

from typing import Any

from tests.browser.harness import SCHEMES
from tests.properties import thorough
from tests.workshop import stub

SIZES = {360: 740, 390: 844, 1366: 768, 1920: 1080}
"""Width and height of windows, in CSS pixels: two phones, a laptop, a projector."""
PROJECTORS = ((1366, 768), (1280, 720), (1920, 1080))
BAR = 0.1
"""The largest part of a projector's screen that a bar may take."""


def opened(page: Any, served: str) -> Any:
    """The page at its start, with nothing moving."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{served}/")
    page.wait_for_selector(".sample")
    return page


def look(page: Any, name: str = "photo.jpg") -> None:
    """Have the stub's photo looked at."""
    page.set_input_files("#file", {"name": name, "mimeType": "image/jpeg", "buffer": stub.drawn()})
    page.wait_for_selector(".judgement")


def copy(page: Any) -> None:
    """Have the copy made."""
    page.click("[data-key=make]")
    page.wait_for_selector(".receipt")
    page.wait_for_selector("[data-key=make][aria-disabled=true]", state="detached")


def speak(page: Any, language: str) -> None:
    """Choose a language."""
    page.select_option("[data-key=language]", language)
    page.locator(f"html[lang={language}]").wait_for(state="attached")


def covered(page: Any) -> int:
    """How many boxes will be covered."""
    return int(page.locator(".box[aria-pressed=true]").count())


def ways_to_look(languages: Any) -> list[tuple[str, int, str]]:
    """Language, width and theme: all of them in a thorough run; else few, so that each is among them."""
    if thorough():
        return [(language, width, scheme) for language in languages for width in SIZES for scheme in SCHEMES]
    widths = list(SIZES)
    return [(language, widths[i % 4], SCHEMES[(i // 2) % 2]) for i, language in enumerate(languages)]


def bars(page: Any) -> dict[str, float]:
    """Which part of the screen's height each bar takes."""
    script = "[...document.querySelectorAll('.top, .bar')].map(e => [e.classList[0], e.offsetHeight / innerHeight])"
    return dict(page.evaluate(script))
