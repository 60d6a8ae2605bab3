"""A class with phones: the process for phones with a scanner that sees what it is told to, and who teaches."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from PIL import Image, ImageDraw

from photoscan.geometry import Box
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.workshop import assembled
from photoscan.workshop.game.rounds import Leak, Round
from photoscan.workshop.lan.remote import Remote
from photoscan.workshop.lan.settings import Settings
from photoscan.workshop.serving import hosts
from tests.browser.harness import Watch
from tests.workshop import lan_stub, stub

WIDTH, HEIGHT = 1280, 853
SCHOOL = Box(500, 420, 160, 60)
UNIFORM = (
    Leak("school", "text.school", SCHOOL, True, False),
    Leak("face", "face", Box(540, 160, 120, 140), False, False),
)
ROUNDS = (
    Round("uniform", WIDTH, HEIGHT, UNIFORM, ()),
    Round("cat", WIDTH, HEIGHT, (Leak("place", "metadata.gps", None, True, False),), ()),
    Round("nothing", WIDTH, HEIGHT, (), ()),
)
"""Named as those that come with the package, so that there are texts for them."""
TEAMS = ("Geckos", "Orang-utans by the river")


def drawn(one: Round) -> bytes:
    picture = Image.new("RGB", (one.width, one.height), (150, 190, 205))
    pen = ImageDraw.Draw(picture)
    for leak in one.leaks:
        if leak.box is not None:
            pen.rectangle((leak.box.x, leak.box.y, leak.box.x2, leak.box.y2), fill=(240, 225, 190))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def draw(folder: Path) -> None:
    """The photos of the rounds, with what is in them."""
    rows = [one.told() | {"leaks": [leak.told() for leak in one.leaks], "decoys": []} for one in ROUNDS]
    (folder / "truth.json").write_text(json.dumps({"rounds": rows, "story": []}), "utf-8")
    for one in ROUNDS:
        (folder / f"{one.name}.jpg").write_bytes(drawn(one))


class Class:
    """The teacher's side of a class. A browser's loop runs in the thread of the test: ours runs in another."""

    def __init__(self, remote: Remote, gate: Path) -> None:
        """`gate`: a file; while there is one, no photo is looked at."""
        self.remote = remote
        self.gate = gate
        self._thread = ThreadPoolExecutor(1)

    def ask(self, action: str, **body: Any) -> dict[str, Any]:
        """What the teacher's page asks; what it is told."""
        told = self._thread.submit(lambda: asyncio.run(self.remote.ask(action, body))).result(60)
        assert told is not None
        return told

    def open(self, *rounds: str, seconds: int | None = None) -> None:
        """Begin another lesson with these rounds."""
        names = list(rounds) or [one.name for one in ROUNDS]
        self.ask("open", teams=list(TEAMS), rounds=names, seconds=seconds)

    def pupils(self) -> list[dict[str, Any]]:
        """What the teacher is told of them."""
        found: list[dict[str, Any]] = self.ask("state")["pupils"]
        return found

    def empty(self) -> None:
        """Send everybody out."""
        for pupil in self.pupils():
            self.ask("remove", id=pupil["id"])

    @property
    def code(self) -> str:
        return str(self.remote.door()["code"])

    @property
    def address(self) -> str:
        """Of the phones' page, without the code."""
        return str(self.remote.door()["addresses"][0]).rstrip("/")

    @property
    def link(self) -> str:
        """What the QR code says."""
        return str(self.remote.door()["ways"][0]["link"])


class GatedScanner(lan_stub.SlowStub):
    """Sees what the stub sees, once the gate is open: while there is no file of that name."""

    def __init__(self, gate: Path) -> None:
        super().__init__(lan_stub.scanner().script)
        self.gate = gate

    def scan(self, source: Any, *more: Any, **named: Any) -> Report:
        end = monotonic() + 60
        # A worker that warms up gives bytes.
        while isinstance(source, Photo) and self.gate.exists() and monotonic() < end:
            sleep(0.05)
        return super().scan(source, *more, **named)


@contextmanager
def begun(folder: Path, **more: Any) -> Iterator[Class]:
    """A class whose door is open. `more`: of Settings."""
    draw(folder)
    album = partial(lan_stub.album, str(folder))
    gate = folder / "closed"
    made = Settings(lan_stub.HERE, partial(GatedScanner, gate), port=0, workers=1, album=album)
    remote = Remote(replace(made, **more))
    remote.begin()
    try:
        yield Class(remote, gate)
    finally:
        remote.close()


@contextmanager
def taught(class_: Class) -> Iterator[str]:
    """The teacher's page of a class, in a thread of this process; its address."""
    workshop = assembled.Workshop(lan_stub.scanner(), "en", phones=class_.remote)
    workshop.lesson.album = class_.remote.settings.album
    with stub.running(lambda port: assembled.guarded(workshop, hosts(port))) as address:
        yield address
    workshop.desk.close()


EXPECTED = (
    "ERR_CONNECTION_REFUSED",
    "status of 415",
    "ERR_INTERNET_DISCONNECTED",
    "status of 401",
    "status of 403",
    "status of 404",
    "status of 410",
)
"""What a browser notes on its console where a phone is told that it is out, or has no connection."""


@contextmanager
def phone(browser: Any, address: str, width: int = 390, height: int = 780, **more: Any) -> Iterator[Any]:
    """An empty page of a phone that talks to nobody but `address`. `more`: of the browser's context."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, reduced_motion="reduce", **more
    )
    context.set_default_timeout(15_000)
    watch = Watch(context, address)
    yield context.new_page()
    context.close()
    watch.complaints = [line for line in watch.complaints if not any(known in line for known in EXPECTED)]
    watch.verify()
