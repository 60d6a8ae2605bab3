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
from typing import Any

from PIL import Image, ImageDraw

from photoscan.geometry import Box
from photoscan.workshop.game.rounds import Leak, Round
from photoscan.workshop.lan.remote import Remote
from photoscan.workshop.lan.settings import Settings
from tests.workshop import lan_stub

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

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
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

    def empty(self) -> None:
        """Send everybody out."""
        for pupil in self.ask("state")["pupils"]:
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


@contextmanager
def begun(folder: Path, **more: Any) -> Iterator[Class]:
    """A class whose door is open. `more`: of Settings."""
    draw(folder)
    album = partial(lan_stub.album, str(folder))
    remote = Remote(replace(Settings(lan_stub.HERE, lan_stub.scanner, port=0, workers=1, album=album), **more))
    remote.begin()
    try:
        yield Class(remote)
    finally:
        remote.close()
