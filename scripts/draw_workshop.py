"""Draw docs/workshop/*.webp, a picture of every view of the workshop: `python scripts/draw_workshop.py [NAME ...]`.

Needs the models, Chromium, and the development tools. Only the package's drawn samples are shown, and for what they
don't have (a gap, a find in the copy) a scanner that sees what it is told to.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from photoscan.kind import Kind  # noqa: E402
from photoscan.options import ScanOptions  # noqa: E402
from photoscan.report import Report, Status  # noqa: E402
from photoscan.scanner import Scanner  # noqa: E402
from photoscan.workshop import samples  # noqa: E402
from tests.browser import harness  # noqa: E402
from tests.workshop import stub  # noqa: E402

TARGET = ROOT / "docs" / "workshop"
DESK, PHONE, PROJECTOR = (1280, 800), (360, 740), (1366, 768)
HELD_AT = "plate"
"""The detector behind which a look stands still, to be drawn."""


class HeldScanner(Scanner):
    """Stands still in the middle of a look while `free` is not set."""

    def __init__(self) -> None:
        super().__init__(ScanOptions(policy="workshop"))
        self.free = Event()
        self.free.set()

    def scan(self, source: Any, name: str | None = None, progress: Any = None) -> Report:
        """As every scanner does, but for the pause."""

        def held(outcome: Any, findings: Any) -> None:
            if progress is not None:
                progress(outcome, findings)
            if outcome.name == HELD_AT:
                self.free.wait(120)

        return super().scan(source, name, held)


@dataclass(frozen=True)
class View:
    """How one picture is made: what happens on the page, whose language, theme and width it has."""

    act: Callable[[Any, Any], None]
    language: str = "en"
    dark: bool = False
    size: tuple[int, int] = DESK
    whole: bool = False
    media: str = "screen"


def start(page: Any, scanner: Any) -> None:
    """The first view."""


def looked(sample: str) -> Callable[[Any, Any], None]:
    """A sample, looked at."""

    def act(page: Any, scanner: Any) -> None:
        page.click(f"[data-key=sample-{sample}]")
        page.wait_for_selector(".judgement")

    return act


def guess(page: Any, scanner: Any) -> None:
    """A sample that the class is asked about."""
    page.locator("label.guess").click()
    page.click("[data-key=sample-class_trip]")
    page.wait_for_selector("[data-key=show]")


def looking(page: Any, scanner: HeldScanner) -> None:
    """A look that is not over."""
    scanner.free.clear()
    page.click("[data-key=sample-class_trip]")
    page.locator(".card").first.wait_for()
    page.wait_for_timeout(1000)


def hiding(page: Any, scanner: HeldScanner) -> None:
    """A copy that is being made."""
    looked("whiteboard")(page, scanner)
    scanner.free.clear()
    page.click("[data-key=make]")
    page.wait_for_selector(".button.busy")


def copied(sample: str) -> Callable[[Any, Any], None]:
    """A sample's copy."""

    def act(page: Any, scanner: Any) -> None:
        looked(sample)(page, scanner)
        page.click("[data-key=make]")
        page.wait_for_selector(".receipt")

    return act


def scrolled(act: Callable[[Any, Any], None], to: str) -> Callable[[Any, Any], None]:
    """What `act` shows, from an element on."""

    def scrolled_act(page: Any, scanner: Any) -> None:
        act(page, scanner)
        page.locator(to).evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 16)")

    return scrolled_act


def entered(view: str, *then: str) -> Callable[[Any, Any], None]:
    """A view that begins at its tile (game, story), and what is clicked there by `data-key`, one after the other."""

    def act(page: Any, scanner: Any) -> None:
        for key in (f"way-{view}", *then):
            page.click(f"[data-key={key}]")

    return act


def presented(act: Callable[[Any, Any], None], *keys: str) -> Callable[[Any, Any], None]:
    """What `act` shows, presented to a class, after these keys."""

    def presented_act(page: Any, scanner: Any) -> None:
        act(page, scanner)
        for key in ("p", *keys):
            page.keyboard.press(key)
            page.wait_for_timeout(150)

    return presented_act


def back_at_start(page: Any, scanner: Any) -> None:
    """The start while a photo lies on the desk."""
    looked("landscape")(page, scanner)
    page.click("[data-key=brand]")
    page.wait_for_selector(".lying")


def uploaded(data: bytes, name: str, until: str) -> Callable[[Any, Any], None]:
    """A file, given to the page."""

    def act(page: Any, scanner: Any) -> None:
        page.set_input_files("#file", {"name": name, "mimeType": "image/jpeg", "buffer": data})
        page.wait_for_selector(until)

    return act


def told(script: stub.Script, *, copy: bool = False) -> Callable[[Any, Any], None]:
    """The whiteboard, seen by eyes that see what they are told to."""

    def act(page: Any, scanner: stub.StubScanner) -> None:
        scanner.script = script
        (copied if copy else looked)("whiteboard")(page, scanner)

    return act


PASSWORD = stub.Thing(Kind.TEXT_SECRET, stub.SECRET, stub.Box(155, 430, 800, 80))
PHONE_NUMBER = stub.Thing(Kind.TEXT_PHONE, "+60 12-345 6789", stub.Box(160, 285, 630, 75), late=True)
HALF = (samples.sample("parcel") or b"")[:30_000]
VIEWS: dict[str, View] = {
    "start": View(start),
    "start-lying-id": View(back_at_start, "id"),
    "start-dark-ms": View(start, "ms", dark=True),
    "start-phone-ms": View(start, "ms", size=PHONE),
    "guess": View(guess),
    "looking-dark-id": View(looking, "id", dark=True),
    "found": View(looked("class_trip")),
    "found-dark-id": View(looked("parcel"), "id", dark=True),
    "found-phone-ms": View(looked("car_malaysia"), "ms", size=PHONE),
    "found-print": View(looked("whiteboard"), media="print", whole=True),
    "map": View(scrolled(looked("holiday"), ".card:has(.map)")),
    "presenting": View(presented(looked("class_trip"), "PageDown", "PageDown"), size=PROJECTOR),
    "presenting-dark-ms": View(presented(looked("parcel"), "n", "PageDown"), "ms", dark=True, size=PROJECTOR),
    "presenting-map-pt": View(presented(looked("holiday"), "PageDown"), "pt-BR", size=PROJECTOR),
    "keys-id": View(presented(start, "?"), "id", size=PROJECTOR),
    "hiding-pt": View(hiding, "pt-BR"),
    "safe": View(copied("parcel")),
    "safe-dark-id": View(copied("whiteboard"), "id", dark=True),
    "safe-phone-id": View(copied("whiteboard"), "id", size=PHONE, whole=True),
    "still": View(told(stub.Script((PASSWORD, PHONE_NUMBER)), copy=True)),
    "incomplete-ms": View(told(stub.Script((PASSWORD,), {"face": (Status.FAILED, "crash: ValueError")})), "ms"),
    "nothing-pt": View(looked("landscape"), "pt-BR"),
    "unseen-pt": View(uploaded(HALF, "half.jpg", ".judgement"), "pt-BR"),
    "problem-dark-id": View(uploaded(b"no photo", "diary.jpg", "[role=alert]"), "id", dark=True),
}
TOLD = ("still", "incomplete-ms")
"""Views of the scanner that sees what it is told to."""


def main(names: list[str]) -> None:
    """Draw the views of these names; all of them where none is named."""
    wanted = {name: VIEWS[name] for name in names or VIEWS}
    stub.drawn = lambda: samples.sample("whiteboard") or b""  # type: ignore[assignment]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=harness.chromium(), args=list(harness.ARGUMENTS))
        for scanner in (HeldScanner(), stub.StubScanner()):
            mine = {name: v for name, v in wanted.items() if (name in TOLD) == isinstance(scanner, stub.StubScanner)}
            with stub.served(scanner) as address:
                for name, view in mine.items():
                    draw(browser, address, scanner, name, view)
        browser.close()


def draw(browser: Any, address: str, scanner: Any, name: str, view: View) -> None:
    """Draw one view."""
    with opened(browser, view) as page:
        page.goto(f"{address}/")
        page.wait_for_selector(".sample")
        page.select_option("[data-key=language]", view.language)
        page.locator(f"html[lang={view.language}]").wait_for(state="attached")
        view.act(page, scanner)
        page.emulate_media(media=view.media)
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement?.blur()")
        page.wait_for_timeout(700)
        shown = page.screenshot(full_page=view.whole)
        if isinstance(scanner, HeldScanner):
            scanner.free.set()
        Image.open(io.BytesIO(shown)).convert("RGB").save(TARGET / f"{name}.webp", quality=80, method=6)
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()


@contextmanager
def opened(browser: Any, view: View) -> Iterator[Any]:
    """An empty page of a view's kind."""
    width, height = view.size
    scheme = "dark" if view.dark else "light"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    context.set_default_timeout(180_000)
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
