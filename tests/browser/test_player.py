"""Pupils' phones in a real browser: join, mark, see what was found, a photo of one's own, and the end of it all."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest
import zxingcpp

from photoscan.catalog import LANGUAGES, text
from photoscan.workshop import samples
from tests.browser import phones
from tests.browser.fitting import assert_fits
from tests.browser.harness import SCHEMES, assert_accessible
from tests.browser.phones import SCHOOL, TEAMS, Class, phone
from tests.properties import thorough
from tests.workshop import stub

HEIGHTS = {320: 568, 360: 740, 390: 844, 820: 1180}
"""Height by width of phones and a tablet, in CSS pixels."""


SMALL = """
() => [...document.querySelectorAll('button, select, .button, summary')]
  .filter((e) => !e.matches('.box')) // a finding's place is as large as it is; its switch does the same
  .map((e) => [e, e.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < 43.5).map(([e, height]) => `${height} ${e.outerHTML.slice(0, 120)}`)
"""
"""What is too low for a thumb: less than 44 CSS pixels."""
PAINTED = """
(name) => {
  const { width, height } = document.querySelector(name);
  const pen = document.querySelector(name).getContext('2d');
  return width > 1 && pen.getImageData(width / 2, height / 2, 1, 1).data[3] > 0;
}
"""


ANSWER = """
async ([id, key]) => (await fetch(`/api/photos/${id}`, {headers: {'x-photoscan-pupil': key}})).status
"""


class View(NamedTuple):
    """How a phone is held: `number` rotates what is done differently."""

    number: int
    language: str
    width: int
    scheme: str

    @property
    def context(self) -> dict[str, Any]:
        """What the browser is told."""
        return {
            "width": self.width, "height": HEIGHTS[self.width], "locale": self.language, "color_scheme": self.scheme,
        }  # fmt: skip


def views() -> list[View]:
    """All in a thorough run; else each language once, each width and theme among them."""
    widths = list(HEIGHTS)
    if thorough():
        every = [(language, width, scheme) for language in LANGUAGES for width in widths for scheme in SCHEMES]
        return [View(number, *row) for number, row in enumerate(every)]
    return [View(n, lang, widths[n % 4], SCHEMES[n // 2 % 2]) for n, lang in enumerate(LANGUAGES)]


VIEWS = views()
ANY = VIEWS[2]


def named(view: object) -> str:
    return "-".join(map(str, view[1:])) if isinstance(view, View) else str(view)


@pytest.fixture(scope="module")
def begun(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    with phones.begun(tmp_path_factory.mktemp("rounds")) as class_:
        yield class_


@pytest.fixture
def lesson(begun: Class) -> Class:
    """A lesson in its lobby, with nobody in it."""
    begun.open()
    begun.empty()
    return begun


def judge(page: Any, view: View, state: int, where: str) -> None:
    """Everything fits; every other state of four views is asked to be accessible, so that all are in either theme."""
    page.evaluate("scrollTo(0, 0)")
    assert_fits(page, f"{where}, {view.language}, {view.width}")
    if thorough() or (view.number < len(HEIGHTS) and state % 2 == view.number % 2):
        assert_accessible(page, (view.width,), (view.scheme,))
        page.set_viewport_size({"width": view.width, "height": HEIGHTS[view.width]})
    small = page.evaluate(SMALL)
    assert not small, f"{where}: too small for a thumb: {small}"


def join(page: Any, lesson: Class, name: str | None = None) -> None:
    """By the address that the QR code holds."""
    page.goto(lesson.link)
    if name is not None:
        page.fill("#name", name)
    page.click("[data-key=join]")
    page.wait_for_selector(".lobby")


def tap(page: Any, x: float, y: float) -> None:
    """Touch a place of the photo, in its own pixels."""
    pad = page.locator(".pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.touchscreen.tap(box["x"] + x / phones.WIDTH * box["width"], box["y"] + y / phones.HEIGHT * box["height"])


MIDDLE = (SCHOOL.x + SCHOOL.w / 2, SCHOOL.y + SCHOOL.h / 2)


def mark_by_keyboard(page: Any, x: float, y: float) -> None:
    """Move the cursor from the photo's middle, and set a mark."""
    page.focus("[data-key=pad]")
    step = 0.02 * phones.WIDTH
    for distance, keys in (
        (x - phones.WIDTH / 2, ("ArrowLeft", "ArrowRight")),
        (y - phones.HEIGHT / 2, ("ArrowUp", "ArrowDown")),
    ):
        for _ in range(round(abs(distance) / step)):
            page.keyboard.press(keys[distance > 0])
    page.keyboard.press("Enter")


# The game


@pytest.mark.parametrize("view", VIEWS, ids=named)
def test_a_phone_goes_the_whole_way(browser: Any, lesson: Class, view: View) -> None:
    lang = view.language
    with phone(browser, lesson.address, **view.context) as page:
        by_hand = view.number % 2 == 1
        page.goto(f"{lesson.address}/" if by_hand else lesson.link)
        page.wait_for_selector(".join")
        assert page.evaluate("document.documentElement.lang") == lang
        assert lesson.code not in page.url, "the code has to leave the address"
        assert page.locator("#code").count() == by_hand
        assert page.input_value("#name"), "a name is proposed"
        page.fill("#name", "Wildly Curious Cats 24")  # as long as names are that we propose
        judge(page, view, 0, "join")
        if by_hand:
            page.fill("#code", f"{lesson.code[:3]} {lesson.code[3:]}")
        page.click("[data-key=join]")
        page.wait_for_selector(".lobby")
        judge(page, view, 1, "lobby")
        lesson.ask("start")
        page.wait_for_selector(".question")
        judge(page, view, 2, "round")
        (mark_by_keyboard if by_hand else tap)(page, *MIDDLE)
        assert page.locator(".mark-list li").count() == 1
        page.wait_for_selector("[data-sent=saved]")
        assert [pupil["answered"] for pupil in lesson.pupils()] == [True]
        judge(page, view, 3, "marked")
        page.click("[data-key=done]")
        page.wait_for_selector("[data-key=change]")
        judge(page, view, 4, "done")
        lesson.ask("show")
        page.wait_for_selector(".shown")
        gained = lesson.ask("state")["teams"][0]["gained"]
        assert gained == 3, "found, and by nobody else"
        assert page.locator("h1").inner_text() == text("workshop.player.gained", lang, count=gained)
        said = page.locator("main").inner_text()
        for key in ("workshop.leak.uniform.school", "workshop.leak.uniform.face", "workshop.round.uniform.rule"):
            assert text(key, lang) in said
        assert page.locator(".leak-box").count() == 2
        judge(page, view, 5, "shown")
        lesson.ask("finish")
        page.wait_for_selector(".finale")
        assert TEAMS[0] in page.locator(".ranks .mine").inner_text()
        judge(page, view, 6, "podium")


def test_what_is_told_of_others_is_their_team_alone(browser: Any, lesson: Class) -> None:
    """And nothing is told of what is in a photo before the answer is shown."""
    with phone(browser, lesson.address) as page, phone(browser, lesson.address) as other:
        told: list[str] = []
        page.on(
            "response", lambda answer: told.append(answer.text()) if "/api/play" in answer.url and answer.ok else None
        )
        join(other, lesson, "Quiet Owl 7")
        join(page, lesson)
        lesson.ask("start")
        other.wait_for_selector(".question")
        tap(other, *MIDDLE)
        other.wait_for_selector("[data-sent=saved]")
        page.wait_for_selector(".question")
        assert told
        assert not [answer for answer in told if "Quiet Owl" in answer or "text.school" in answer]
        photos = [
            url
            for url in page.evaluate("performance.getEntriesByType('resource').map((row) => row.name)")
            if "/rounds/" in url
        ]
        assert len(photos) == 1, "the photo of a round is fetched once"


def test_a_round_without_a_leak_and_one_in_the_file(browser: Any, lesson: Class) -> None:
    lesson.open("cat", "nothing", seconds=90)
    with phone(browser, lesson.address) as page:
        join(page, lesson)
        lesson.ask("start")
        page.click("[data-key=mark-file]")
        assert re.fullmatch(r"1:[0-3]\d", page.locator("[data-clock]").inner_text())
        page.wait_for_selector("[data-sent=saved]")
        lesson.ask("show")
        page.wait_for_selector(".leaks .found")
        assert text("workshop.player.in_file") in page.locator(".leaks").inner_text()
        lesson.ask("next")
        page.click("[data-key=mark-nothing]")
        page.wait_for_selector("[data-sent=saved]")
        lesson.ask("show")
        page.wait_for_selector(".shown")
        assert text("workshop.player.was_nothing") in page.locator("main").inner_text()
        assert lesson.ask("state")["teams"][0]["points"] == 5


# Coming and going


def test_a_wrong_code_is_told_and_can_be_mended(browser: Any, lesson: Class) -> None:
    wrong = "222222" if lesson.code != "222222" else "333333"
    with phone(browser, lesson.address) as page:
        page.goto(f"{lesson.address}/")
        page.click("[data-key=join]")
        assert page.locator("[role=alert]").inner_text() == text("workshop.player.error.no_code")
        page.fill("#code", wrong)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"[role=alert]:has-text('{text('workshop.player.error.code')}')")
        judge(page, ANY, 0, "wrong code")
        page.fill("#code", lesson.code)
        page.fill("#name", "   ")
        page.click("[data-key=join]")
        assert page.locator("[role=alert]").inner_text() == text("workshop.player.error.name")
        page.fill("#name", "Tiny Dragon 3")
        page.keyboard.press("Enter")
        page.wait_for_selector(".lobby")
        assert [pupil["name"] for pupil in lesson.pupils()] == ["Tiny Dragon 3"]


def test_a_wrong_code_of_an_address_can_be_typed_instead(browser: Any, lesson: Class) -> None:
    wrong = "222222" if lesson.code != "222222" else "333333"
    with phone(browser, lesson.address) as page:
        page.goto(f"{lesson.address}/#{wrong}")
        page.click("[data-key=join]")
        page.fill("#code", lesson.code)
        page.click("[data-key=join]")
        page.wait_for_selector(".lobby")


def test_a_reload_keeps_the_seat_the_marks_and_the_photo(browser: Any, lesson: Class) -> None:
    with phone(browser, lesson.address) as page:
        join(page, lesson)
        own(page)
        lesson.ask("start")
        page.click("[data-key=tab-game]")
        tap(page, *MIDDLE)
        page.wait_for_selector("[data-sent=saved]")
        page.reload()
        page.wait_for_selector(".mark-list li")
        assert len(lesson.pupils()) == 1
        page.click("[data-key=tab-photo]")
        page.wait_for_selector(".card")
        page.go_back()
        page.wait_for_selector(".question")


def test_whoever_is_taken_out_is_told_and_can_come_again(browser: Any, lesson: Class) -> None:
    with phone(browser, lesson.address) as page:
        join(page, lesson)
        own(page)
        lesson.empty()
        page.wait_for_selector("[data-out=removed]")
        judge(page, ANY, 0, "removed")
        assert page.locator(".card, .tab").count() == 0
        page.click("[data-key=join]")
        page.wait_for_selector(".lobby")
        page.click("[data-key=leave]")
        page.wait_for_selector("[data-out=left]")
        assert lesson.pupils() == []
        page.reload()
        page.wait_for_selector(".join")


def test_without_a_connection_marks_wait_and_go_by_themselves(browser: Any, lesson: Class) -> None:
    with phone(browser, lesson.address) as page:
        join(page, lesson)
        lesson.ask("start")
        page.wait_for_selector(".question")
        page.context.set_offline(True)
        page.wait_for_selector("#link:not(:empty)")
        tap(page, *MIDDLE)
        page.wait_for_selector("[data-sent=unsaved]")
        judge(page, ANY, 0, "offline")
        assert [pupil["answered"] for pupil in lesson.pupils()] == [False]
        page.context.set_offline(False)
        page.wait_for_selector("[data-sent=saved]")
        page.wait_for_selector("#link:empty", state="attached")
        assert [pupil["answered"] for pupil in lesson.pupils()] == [True]


def test_the_end_of_the_lesson_is_told_and_nothing_is_left(browser: Any, lesson: Class) -> None:
    with phone(browser, lesson.address) as page:
        join(page, lesson)
        own(page)
        assert lesson.ask("end") == {"pupils": 1, "photos": 1}
        page.wait_for_selector("[data-out=over]")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        said = page.locator("main").inner_text()
        assert text("workshop.player.out.over") in said
        assert page.locator("form, .card, .tab, canvas").count() == 0
        assert page.evaluate("sessionStorage.getItem('photoscan-pupil')") is None
        assert '"id"' not in (page.evaluate("sessionStorage.getItem('photoscan')") or "")
        judge(page, ANY, 0, "over")
        assert [url for url in asked if "/api/" in url] == []


# A photo of one's own


def own(page: Any, data: bytes | None = None) -> None:
    """Have a photo looked at."""
    send(page, data)
    page.wait_for_selector(".judgement")


def key(page: Any) -> str:
    """What proves to the server who asks."""
    found: str = page.evaluate("JSON.parse(sessionStorage.getItem('photoscan-pupil')).key")
    return found


def send(page: Any, data: bytes | None = None) -> None:
    page.click("[data-key=tab-photo]")
    page.wait_for_selector(".own")
    photo = {"name": "diary.jpg", "mimeType": "image/jpeg", "buffer": data or stub.drawn()}
    page.set_input_files("#own-choose", photo)


@pytest.mark.parametrize("view", VIEWS if thorough() else VIEWS[1:3], ids=named)
def test_the_own_photo_goes_through_to_a_safe_copy(browser: Any, lesson: Class, view: View, tmp_path: Path) -> None:
    with phone(browser, lesson.address, accept_downloads=True, **view.context) as page:
        join(page, lesson)
        page.click("[data-key=tab-photo]")
        page.wait_for_selector(".own")
        assert page.get_attribute("#own-camera", "capture") == "environment"
        judge(page, view, 0, "own")
        own(page)
        assert text("kind.text.secret.title", view.language) in page.locator(".cards").inner_text()
        assert stub.SECRET not in page.content()
        page.wait_for_function(PAINTED, arg=".frame .shot")
        judge(page, view, 1, "own, looked at")
        page.click("[data-key=make]")
        page.wait_for_selector("a[data-key=copy][href]")
        page.click("[data-key=receipt]")
        page.wait_for_selector(".receipt")
        judge(page, view, 2, "own, safe copy")
        with page.expect_download() as saved:
            page.click("[data-key=copy]")
        assert saved.value.suggested_filename == "safe-copy.jpg"
        saved.value.save_as(tmp_path / "copy.jpg")
        copy = (tmp_path / "copy.jpg").read_bytes()
        assert copy.startswith(b"\xff\xd8\xff")
        assert b"Joana" not in copy
        page.click("[data-key=forget]")
        page.wait_for_selector(".own")
        assert lesson.ask("end")["photos"] == 0


def test_photos_wait_in_a_queue_that_is_told_while_the_game_goes_on(browser: Any, lesson: Class) -> None:
    lesson.gate.touch()
    with phone(browser, lesson.address) as first, phone(browser, lesson.address) as second:
        for page in (first, second):
            join(page, lesson)
        send(first)
        first.wait_for_selector(".frame")  # its turn has come
        send(second)
        second.wait_for_selector(".ahead")
        assert second.locator(".ahead").inner_text() == "1"
        judge(second, ANY, 0, "in the queue")
        assert {pupil["photo"] for pupil in lesson.pupils()} == {"looking", "waiting"}
        lesson.ask("start")
        second.wait_for_selector(".news")
        second.click("[data-key=tab-game]")
        tap(second, *MIDDLE)
        second.wait_for_selector("[data-sent=saved]")
        second.click("[data-key=tab-photo]")
        lesson.gate.unlink()
        for page in (first, second):
            page.wait_for_selector(".judgement")
        # Nobody else's: an own key opens an own photo alone.
        photo = first.evaluate("JSON.parse(sessionStorage.getItem('photoscan')).photo.id")
        assert [second.evaluate(ANSWER, [photo, key(page)]) for page in (first, second)] == [200, 404]


def test_what_is_no_photo_is_told_and_another_can_be_chosen(browser: Any, lesson: Class) -> None:
    with phone(browser, lesson.address) as page:
        join(page, lesson)
        send(page, b"no photo at all")
        page.wait_for_selector("[role=alert]")
        judge(page, ANY, 0, "no photo")
        own(page)


# The teacher's screen


@pytest.fixture
def teacher(browser: Any, lesson: Class) -> Iterator[Any]:
    """The teacher's page, in the lobby of a lesson with phones."""
    with phones.taught(lesson) as address, phone(browser, address, 1366, 768) as page:
        page.goto(f"{address}/#game")
        page.wait_for_selector(".class-door")
        yield page


def test_the_teacher_sees_who_is_here_and_never_a_photo(browser: Any, lesson: Class, teacher: Any) -> None:
    asked: list[str] = []
    teacher.on("request", lambda request: asked.append(request.url))
    code = teacher.locator(".class-code").inner_text()
    assert code.replace(" ", "") == lesson.code
    square = cv2.imdecode(np.frombuffer(teacher.locator(".class-qr").screenshot(), np.uint8), cv2.IMREAD_COLOR)
    assert [found.text for found in zxingcpp.read_barcodes(square)] == [lesson.link]
    with phone(browser, lesson.address) as one, phone(browser, lesson.address) as other:
        join(one, lesson, "Tiny Dragon 3")
        join(other, lesson, "Wild Durian 5")
        teacher.locator(".class-name", has_text="Wild Durian 5").wait_for()
        lesson.gate.touch()
        send(one)
        teacher.wait_for_selector(".class-photo")
        teacher.click("[data-key=start]")
        teacher.wait_for_selector(".game-play")
        one.click("[data-key=tab-game]")
        tap(one, *MIDDLE)
        teacher.locator(".class-pupil.done", has_text="Tiny Dragon 3").wait_for()
        assert teacher.locator(".class-pupil.done").count() == 1
        row = teacher.locator(".class-pupil", has_text="Wild Durian 5")
        row.locator("[data-key^=off-]").click()
        assert other.locator("[data-out]").count() == 0, "it is asked first"
        teacher.click("[data-key^=keep-]")
        row.locator("[data-key^=off-]").click()
        teacher.keyboard.press("Enter")
        other.wait_for_selector("[data-out=removed]")
        teacher.wait_for_selector(".class-pupil:only-child")
        assert [pupil["name"] for pupil in lesson.pupils()] == ["Tiny Dragon 3"]
        lesson.gate.unlink()
    assert [url for url in asked if "/api/photos" in url] == []


def test_the_end_is_asked_for_and_what_was_wiped_is_told(browser: Any, lesson: Class, teacher: Any) -> None:
    with phone(browser, lesson.address) as page:
        join(page, lesson)
        teacher.wait_for_selector(".class-pupil")
        gone = lesson.remote.pid
        teacher.click("[data-key=end-lesson]")
        assert_accessible(teacher, (1366,), ("light",))
        teacher.click("[data-key=end-no]")
        assert teacher.locator("dialog").count() == 0
        assert len(lesson.pupils()) == 1
        teacher.click("[data-key=end-lesson]")
        teacher.keyboard.press("Tab")
        teacher.keyboard.press("Enter")
        teacher.wait_for_selector(".class-wiped")
        page.wait_for_selector("[data-out=over]")
    assert text("workshop.lan.wiped", pupils=1, photos=0) in teacher.locator("main").inner_text()
    assert lesson.remote.pid is None
    assert not Path(f"/proc/{gone}").exists()
    assert_fits(teacher, "wiped")
    teacher.click("[data-key=wiped-on]")
    teacher.wait_for_selector(".sample")


@pytest.mark.parametrize(("number", "language"), list(enumerate(LANGUAGES))[None if thorough() else -3 :])
def test_the_door_fits_every_screen(lesson: Class, teacher: Any, number: int, language: str) -> None:
    teacher.select_option("[data-key=language]", language)
    teacher.locator("h1", has_text=text("workshop.class.join", language)).wait_for()
    for width, height in ((1920, 1080), (1366, 768), (360, 740)):
        teacher.set_viewport_size({"width": width, "height": height})
        assert_fits(teacher, f"door, {language}, {width}")
    if number >= len(LANGUAGES) - len(SCHEMES) or thorough():
        assert_accessible(teacher, (1366, 360), (SCHEMES[number % 2],))


# The whole class, with nothing in the place of anything


@pytest.fixture(scope="module")
def program(browser: Any) -> Iterator[tuple[str, str, str]]:
    """A running workshop with phones: the teacher's address, the phones', the code."""
    command = [sys.executable, "-m", "tests.program", "workshop", "--no-browser", "--lang", "en", "--lan"]
    command += ["--lan-address", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(3)]
        teacher, phones_ = (found.group() for line in told if (found := re.search(r"http://[\d.]+:\d+", line)))
        code = next(found.group() for line in told if (found := re.search(r"\b\d{6}\b", line)))
        yield teacher, phones_, code
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        assert rest == text("workshop.cli.goodbye") + "\n"


def test_a_whole_class_in_small(browser: Any, program: tuple[str, str, str]) -> None:
    teachers, address, code = program
    with ExitStack() as stack:
        teacher = stack.enter_context(phone(browser, teachers, 1366, 768))
        pupils = [stack.enter_context(phone(browser, address)) for _ in range(3)]
        for page in (teacher, *pupils):
            page.set_default_timeout(300_000)  # a real look at a photo, on a busy machine
        teacher.goto(f"{teachers}/#game")
        teacher.click("label:has([data-key=length-choice])")
        while (checked := teacher.locator(".round-list input:checked")).count() > 2:
            checked.first.click()
        teacher.click("[data-key=begin-phones]")
        teacher.wait_for_selector(".class-door")
        for page in pupils:
            page.goto(f"{address}/#{code}")
            page.click("[data-key=join]")
            page.wait_for_selector(".lobby")
        samples_ = ("identity_card", "parcel", "landscape")
        for page, name in zip(pupils, samples_, strict=True):
            send(page, samples.sample(name))
            page.wait_for_selector("[data-key=forget]")
        teacher.click("[data-key=start]")
        for number in range(2):
            for page in pupils:
                page.click("[data-key=tab-game]")
                page.wait_for_selector(".question")
                page.click("[data-key=mark-nothing]" if number else "[data-key=mark-file]")
                page.wait_for_selector("[data-sent=saved]")
            teacher.locator(".class-pupil.done").nth(2).wait_for()
            teacher.click("[data-key=turn-next]")
            for page in pupils:
                page.wait_for_selector(".shown")
            teacher.wait_for_selector(".strokes")
            while teacher.locator(".strokes").count():
                # By its button, which asking has none of: a key too many would show the next answer.
                teacher.evaluate("document.querySelector('[data-key=step-next]')?.click()")
        for page in pupils:
            page.wait_for_selector(".finale")
        ids = []
        for page in pupils:
            page.click("[data-key=tab-photo]")
            page.wait_for_selector(".judgement")
            ids.append(page.evaluate("JSON.parse(sessionStorage.getItem('photoscan')).photo.id"))
        table = [[page.evaluate(ANSWER, [one, key(page)]) for one in ids] for page in pupils]
        assert table == [[200, 404, 404], [404, 200, 404], [404, 404, 200]]
        teacher.click("[data-key=end-lesson]")
        teacher.click("[data-key=end-yes]")
        teacher.wait_for_selector(".class-wiped")
        assert text("workshop.lan.wiped", pupils=3, photos=3) in teacher.locator("main").inner_text()
        for page in pupils:
            page.wait_for_selector("[data-out=over]")
    host, port = urlsplit(address).hostname, urlsplit(address).port
    with pytest.raises(ConnectionRefusedError), socket.create_connection((str(host), int(port or 0)), 5):
        pass
