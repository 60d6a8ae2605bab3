"""Everybody joins, without any model: processes whose scanner sees what it is told to, on loopback alone.

`python -m tests.workshop.lan_stub [FOLDER]` serves it: the teacher's page, and the phones' on another port of loopback.
FOLDER has the game's photos, else grey ones are drawn.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from photoscan.kind import Kind
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.workshop import assembled
from photoscan.workshop.game import rounds
from photoscan.workshop.game.rounds import Album
from photoscan.workshop.lan.addresses import Offer
from photoscan.workshop.lan.remote import Remote
from photoscan.workshop.lan.settings import Settings
from photoscan.workshop.serving import hosts
from tests.workshop import stub
from tests.workshop.game import drawing

HERE = (Offer("127.0.0.1", ("127.0.0.1",)),)
SLOW = b"slow"
"""Behind the end of a photo: the look at it takes a second."""
DIES = b"dies"


class SlowStub(stub.StubScanner):
    """Sees a secret, after a while where the photo says so."""

    def scan(self, source: Any, *more: Any, **named: Any) -> Report:
        data = source.data if isinstance(source, Photo) else b""
        if data.endswith(SLOW):
            time.sleep(1)
        if data.endswith(DIES):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().scan(source, *more, **named)


def scanner() -> SlowStub:
    return SlowStub(stub.Script((stub.Thing(Kind.TEXT_SECRET, stub.SECRET, stub.FIRST),)))


def album(folder: str) -> Album:
    return rounds.read(Path(folder))


def settings(folder: Path, **more: Any) -> Settings:
    """For a process that listens on loopback alone, on any port; the game's photos are drawn into the folder."""
    drawing.album(folder)
    drawn: Callable[[], Album] = partial(album, str(folder))
    return replace(Settings(HERE, scanner, port=0, workers=1, album=drawn), **more)


def main() -> None:
    with tempfile.TemporaryDirectory() as made, socket.socket() as listener:
        chosen = settings(Path(made))
        if sys.argv[1:]:
            chosen = replace(chosen, album=partial(album, sys.argv[1]))
        remote = Remote(chosen)
        workshop = assembled.Workshop(scanner(), "en", phones=remote)
        workshop.lesson.album = chosen.album
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        app = assembled.guarded(workshop, hosts(port))
        try:
            remote.begin()
            door = remote.door()
            sys.stdout.write(f"TEACHER http://127.0.0.1:{port}/\nPHONES {door['ways'][0]['link']}\nPID {remote.pid}\n")
            sys.stdout.flush()
            server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", access_log=False))
            server.run(sockets=[listener])
        finally:
            remote.close()


if __name__ == "__main__":
    main()
