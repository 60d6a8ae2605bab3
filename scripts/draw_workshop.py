"""Draw docs/workshop/*.webp, a picture of every view of the workshop: `python scripts/draw_workshop.py [NAME ...]`.

Needs the models, Chromium, the development tools, and fonts for Chinese and Tamil (on Debian fonts-noto-cjk and
fonts-taml). Only the package's drawn samples are shown, and for what they don't have (a gap, a find in the copy) a
scanner that sees what it is told to. Phones are pages of the same browser: nothing listens but on loopback, at port
8090.
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

from photoscan.catalog import text  # noqa: E402
from photoscan.kind import Kind  # noqa: E402
from photoscan.options import ScanOptions  # noqa: E402
from photoscan.report import Report, Status  # noqa: E402
from photoscan.scanner import Scanner  # noqa: E402
from photoscan.workshop import samples  # noqa: E402
from photoscan.workshop.lan.addresses import Offer  # noqa: E402
from photoscan.workshop.lan.remote import Remote  # noqa: E402
from photoscan.workshop.lan.settings import ScannerOf, Settings  # noqa: E402
from tests.browser import harness, phones  # noqa: E402
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
    who: str = "teacher"
    """Whose page is drawn: 'teacher', or with phones 'door' (the teacher's) or 'phone' (a pupil's)."""


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
            page.locator(f"[data-key={key}]").dispatch_event("click")
            page.wait_for_timeout(100)
        page.evaluate("scrollTo(0, 0)")

    return act


def story(*until: str) -> Callable[[Any, Any], None]:
    """The story from its first photo on, and what is clicked there by `data-key`."""
    return entered("story", *["story-next"] * 4, *until)


SOLVED = ("story-solve",) * 5 + ("story-next",)
"""All clues at their questions, and on to what a stranger knows."""


def played(name: str, step: int = 0, *, marks: bool = True) -> Callable[[Any, Any], None]:
    """A round of two teams: the question, or as many steps of the answer as `step` says."""

    def act(page: Any, scanner: Any) -> None:
        language = page.input_value("[data-key=language]")
        teams = [text(f"workshop.game.team.{number}", language) for number in (1, 2)]
        lesson = asked(page, "POST", "", {"teams": teams, "rounds": [name, "nothing"], "seconds": 60})
        asked(page, "POST", "/start")
        if step:
            for team, told in zip(lesson["teams"], MARKS[name], strict=True):
                asked(page, "PUT", "/marks", {"team": team["id"], "marks": told})
            asked(page, "POST", "/show")
        page.click("[data-key=way-game]")
        if step:
            page.wait_for_selector(".strokes")
            for _ in range(step - 1):
                page.click("[data-key=step-next]")
            return
        page.wait_for_selector(".asking .pad")
        if marks:
            marked(page)

    return act


def marked(page: Any) -> None:
    """Two marks on the photo that is asked about, one of them doubted."""
    pad = page.locator(".pad")
    box = pad.bounding_box()
    for x, y in ((0.5, 0.21), (0.55, 0.4)):
        pad.click(position={"x": x * box["width"], "y": y * box["height"]})
    page.click("[data-key=mark-unsure]")


def won(page: Any, scanner: Any) -> None:
    """The podium, after one round."""
    played("parcel", 1)(page, scanner)
    asked(page, "POST", "/finish")
    page.click("[data-key=brand]")
    page.click("[data-key=way-game]")
    page.wait_for_selector(".podium")


def asked(page: Any, method: str, path: str, body: Any = None) -> Any:
    """Have the program do something with the lesson, as the page does; the lesson as it is then."""
    address = "/".join(page.url.split("/")[:3])
    answer = page.context.request.fetch(
        f"{address}/api/lesson{path}", method=method, data=body, headers={"x-photoscan": "workshop"}
    )
    if not answer.ok:
        raise RuntimeError(answer.text())
    return answer.json()


def joined(page: Any, class_: phones.Class) -> None:
    """A pupil's phone that has come in."""
    page.goto(class_.link)
    page.click("[data-key=join]")
    page.wait_for_selector(".lobby")


def joining(page: Any, class_: phones.Class) -> None:
    """A phone that scanned the code."""
    page.goto(class_.link)
    page.wait_for_selector(".join")
    page.fill("#name", NAMES[0])


def answering(page: Any, class_: phones.Class) -> None:
    """A round on a phone."""
    joined(page, class_)
    class_.ask("start")
    page.wait_for_selector(".question")
    page.wait_for_timeout(500)
    marked(page)


def answered(page: Any, class_: phones.Class) -> None:
    """What a phone shows of a round when the answer is shown."""
    answering(page, class_)
    page.wait_for_selector("[data-sent=saved]")
    class_.ask("show")
    page.wait_for_selector(".shown")


def own_photo(page: Any, class_: phones.Class) -> None:
    """What a phone shows of a photo of one's own."""
    joined(page, class_)
    page.click("[data-key=tab-photo]")
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": samples.sample("identity_card")}
    page.set_input_files("#own-choose", photo)
    page.wait_for_selector(".judgement")


def door(page: Any, class_: phones.Class) -> None:
    """The teacher's page while the class comes in."""
    pupils(page, class_)
    page.click("[data-key=way-game]")
    page.wait_for_selector(".class-pupil")


def wiped(page: Any, class_: phones.Class) -> None:
    """The end of a lesson with phones."""
    door(page, class_)
    page.click("[data-key=end-lesson]")
    page.click("[data-key=end-yes]")
    page.wait_for_selector(".class-wiped")


def pupils(page: Any, class_: phones.Class) -> None:
    """Some who have joined."""
    with page.context.new_page() as other:
        other.goto(class_.address)
        for name in NAMES:
            other.evaluate(JOIN, [class_.code, name])


JOIN = """
async ([code, name]) => fetch('/api/join', {method: 'POST', body: JSON.stringify({code, name}),
  headers: {'content-type': 'application/json', 'x-photoscan': 'workshop'}})
"""
NAMES = ("Quiet Owl 7", "Tiny Dragon 3", "Wild Durian 5", "Brave Gecko 12", "Kind Otter 9")


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
SURE, DOUBTED = {"sure": True}, {"sure": False}
MARKS = {
    "uniform": ([{"at": [630, 180]} | SURE, {"at": [700, 340]} | SURE], [{"at": [700, 350]} | DOUBTED]),
    "parcel": ([{"at": [1056, 128]} | SURE, {"at": [1010, 320]} | SURE], [{"at": [700, 650]} | SURE]),
    "cat": ([{"what": "file"} | SURE], [{"at": [558, 676]} | SURE]),
    "cropped": ([{"what": "file"} | SURE], [{"what": "nothing"} | SURE]),
}
"""What either team marks in a round that is drawn."""
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
    "letter": View(scrolled(looked("class_trip"), ".portrait")),
    "letter-dark-ta": View(scrolled(looked("parcel"), ".portrait"), "ta", dark=True),
    "game": View(played("uniform"), size=PROJECTOR),
    "game-dark-zh": View(played("uniform", marks=False), "zh-Hans", dark=True, size=PROJECTOR),
    "reveal": View(played("parcel", 2), size=PROJECTOR),
    "reveal-map-ms": View(played("cat", 2), "ms", size=PROJECTOR),
    "reveal-preview-dark-pt": View(played("cropped", 1), "pt-BR", dark=True, size=PROJECTOR),
    "podium-ta": View(won, "ta", size=PROJECTOR),
    "story": View(story("story-solve", "story-solve", "story-solve"), size=PROJECTOR),
    "story-profile": View(story(*SOLVED), size=PROJECTOR),
    "story-profile-dark-zh": View(story(*SOLVED), "zh-Hans", dark=True, size=PROJECTOR),
    "story-acts-ms": View(story(*SOLVED, "story-next", "act-unposted"), "ms", size=PROJECTOR),
    "join": View(door, size=PROJECTOR, who="door"),
    "join-dark-ta": View(door, "ta", dark=True, size=PROJECTOR, who="door"),
    "wiped-id": View(wiped, "id", size=PROJECTOR, who="door"),
    "phone-join-zh": View(joining, "zh-Hans", size=PHONE, who="phone"),
    "phone-round": View(answering, size=PHONE, who="phone"),
    "phone-shown-dark-ms": View(answered, "ms", dark=True, size=PHONE, who="phone"),
    "phone-photo-pt": View(own_photo, "pt-BR", size=PHONE, who="phone"),
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
        browser = playwright.chromium.launch(executable_path=harness.chromium(), args=[*harness.ARGUMENTS, NEAR])
        alone = {name: view for name, view in wanted.items() if view.who == "teacher"}
        for scanner in (HeldScanner(), stub.StubScanner()):
            mine = {name: v for name, v in alone.items() if (name in TOLD) == isinstance(scanner, stub.StubScanner)}
            with stub.served(scanner) as address:
                for name, view in mine.items():
                    draw(browser, address, scanner, name, view)
        if with_phones := {name: view for name, view in wanted.items() if view.who != "teacher"}:
            with a_class() as class_, phones.taught(class_) as teacher:
                for name, view in with_phones.items():
                    class_.open("uniform", "parcel", "cat")
                    class_.empty()
                    draw(browser, teacher if view.who == "door" else class_.address, class_, name, view)
        browser.close()


HOME = "192.168.1.20"
"""What the phones' page is called in the pictures."""
NEAR = f"--host-resolver-rules=MAP {HOME} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


@contextmanager
def a_class() -> Iterator[phones.Class]:
    """Phones' part of the program, on loopback alone, with our scanner."""
    found = ScannerOf(ScanOptions(policy="workshop"))
    remote = Remote(Settings((Offer(HOME, ("127.0.0.1",)),), found, workers=1))
    remote.begin()
    yield phones.Class(remote, ROOT / "none")
    remote.close()


def draw(browser: Any, address: str, what: Any, name: str, view: View) -> None:
    """Draw one view. `what`: the scanner, or with phones the class."""
    with opened(browser, view) as page:
        if view.who != "phone":
            page.goto(f"{address}/")
            page.wait_for_selector(".sample")
            page.select_option("[data-key=language]", view.language)
            page.locator(f"html[lang={view.language}]").wait_for(state="attached")
        view.act(page, what)
        page.emulate_media(media=view.media)
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement?.blur()")
        page.wait_for_timeout(700)
        shown = page.screenshot(full_page=view.whole)
        if isinstance(what, HeldScanner):
            what.free.set()
        Image.open(io.BytesIO(shown)).convert("RGB").save(TARGET / f"{name}.webp", quality=80, method=6)
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()


@contextmanager
def opened(browser: Any, view: View) -> Iterator[Any]:
    """An empty page of a view's kind."""
    width, height = view.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if view.dark else "light",
        reduced_motion="reduce",
        locale=view.language,
        has_touch=view.who == "phone",
    )
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
