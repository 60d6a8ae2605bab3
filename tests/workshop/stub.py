"""A scanner that sees what it is told to, without any model, and a photo for it to look at."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Thread
from time import monotonic, sleep
from typing import Any

import numpy as np
from PIL import ExifTags, Image

import photoscan
from photoscan.detectors import REGISTRY
from photoscan.finding import Field, Finding, Region, with_ids
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.looking import Progress
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.report import DetectorOutcome, Report, ReportError, Status
from photoscan.risk import assess
from photoscan.scanner import PhotoSource, Scanner
from photoscan.stage import Told, nobody
from photoscan.workshop.app import Workshop
from photoscan.workshop.game import rounds
from photoscan.workshop.game.rounds import Album
from photoscan.workshop.guard import Guard
from photoscan.workshop.lesson import LessonRoutes
from photoscan.workshop.serving import hosts

WIDTH, HEIGHT = 960, 640
SECRET = "mango#Kite47"
FIRST = Box(96, 96, 400, 64)
SECOND = Box(96, 320, 400, 64)
THIRD = Box(560, 480, 240, 64)
PAINT = 60
"""Grey level below which a place counts as painted over."""

Gap = tuple[Status, str]


@dataclass(frozen=True)
class Thing:
    """Something to be seen. `late`: only in a copy, as if the first look had missed it."""

    kind: Kind
    value: str | None
    box: Box
    late: bool = False
    confidence: float = 0.9


@dataclass(frozen=True)
class Script:
    """What there is to see, and which detectors don't look, in the photo and in its copies.

    `named`: its name tells. `placed`: the position in the file, such as '3.139000, 101.686900'.
    """

    things: tuple[Thing, ...] = ()
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    late_gaps: Mapping[str, Gap] = field(default_factory=dict)
    error: str | None = None
    named: bool = False
    placed: str | None = None


class StubScanner(Scanner):
    """Sees the things of its script where they are not painted over."""

    def __init__(self, script: Script | None = None) -> None:
        super().__init__(ScanOptions(policy="workshop"))
        self.script = script or Script()

    def scan(
        self,
        source: PhotoSource | Any | Photo,
        name: str | None = None,
        progress: Progress | None = None,
        stage: Told = nobody,
    ) -> Report:
        photo = source if isinstance(source, Photo) else Photo.open(source, name=name)
        first = photo.data == drawn()
        script = self.script
        seen = [_seen(t) for t in script.things if not (t.late and first) and _bright(t.box, photo)]
        found = with_ids([*seen, *([_name(photo)] if script.named else []), *_places(script, first)])
        gaps = {**script.gaps, **({} if first else script.late_gaps)}
        outcomes = []
        for detector in REGISTRY:
            status, reason = gaps.get(detector.name, (Status.OK, None))
            outcomes.append(DetectorOutcome(detector.name, status, reason))
            mine = tuple(f for f in found if f.detector == detector.name)
            if progress is not None:
                progress(outcomes[-1], mine)
        report = Report(
            photo=photo.info(),
            tool_version=photoscan.__version__,
            findings=found,
            detectors=tuple(outcomes),
            error=ReportError(script.error, "it can't be seen") if script.error else None,
        )
        return assess(report, self.policy)


def _seen(thing: Thing) -> Finding:
    return Finding(thing.kind, thing.confidence, Region(thing.box), _detector(thing.kind), "told to", thing.value)


def _name(photo: Photo) -> Finding:
    kind = Kind.METADATA_FILENAME
    return Finding(kind, 0.9, Field("file", "name"), _detector(kind), "told to", photo.name)


def _places(script: Script, first: bool) -> list[Finding]:
    kind = Kind.METADATA_GPS
    field = Field("jpeg/exif/gps", "GPSLatitude")
    found = Finding(kind, 0.99, field, _detector(kind), "told to", script.placed, {"town": "Kuala Lumpur"})
    return [found] if script.placed and first else []


def _detector(kind: Kind) -> str:
    return next(detector.name for detector in REGISTRY if kind in detector.kinds)


def _bright(box: Box, photo: Photo) -> bool:
    return bool(np.median(photo.pixels()[box.y : box.y2, box.x : box.x2]) > PAINT)


@cache
def drawn() -> bytes:
    """A JPEG whose every part is bright and uneven, so that whatever shows can be told from a cover.

    It says who took it, so that no copy is the same file.
    """
    across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    checks = ((across // 8 + down // 8) % 2)[..., None] * np.array([40, 25, 60]) + np.array([190, 200, 180])
    out = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Joana Prado"
    Image.fromarray(checks.astype(np.uint8)).save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


@contextmanager
def served(scanner: Scanner, album: Callable[[], Album] = rounds.album) -> Iterator[str]:
    """A workshop with that scanner and those rounds, in a thread of this process; its address."""
    import uvicorn

    workshop = Workshop(scanner, "en")
    workshop.lesson = LessonRoutes(album=album)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        app = Guard(workshop.app(), hosts(port))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", timeout_graceful_shutdown=2))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        end = monotonic() + 20
        while not server.started and monotonic() < end:
            sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(20)
    workshop.desk.close()
