"""Work on pupils' photos in processes of their own: what is asked of a worker, and both ends of its answer.

Bytes, reports and copies travel by the pool's pipes, between processes of ours alone.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from threading import Event
from typing import Any, Literal

from PIL import Image

from photoscan.finding import Finding
from photoscan.options import Limits, Profile
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.scanner import Scanner
from photoscan.workers import tell
from photoscan.workers.sizing import extra
from photoscan.workshop import saved, work
from photoscan.workshop.desk import Copy, Item
from photoscan.workshop.hands import shown
from photoscan.workshop.lan.queue import Queue

NICE = 15
"""How much later workers have their turn than the game, where processors are short."""
Kind = Literal["look", "copy", "page", "picture"]


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is asked for, with all it needs to know of the photo. `language`: of a page."""

    kind: Kind
    data: bytes = field(repr=False)
    name: str = field(repr=False)
    limits: Limits
    pixels: int
    report: Report | None = field(default=None, repr=False)
    later: tuple[Finding, ...] = field(default=(), repr=False)
    hide: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    copied: Copy | None = field(default=None, repr=False)
    language: str = "en"

    def item(self) -> Item:
        """The photo as it lies on a shelf. Raises as Photo.open."""
        item = Item(Photo.open(self.data, self.limits, self.name), 0.0, self.report)
        item.later, item.copy = self.later, self.copied
        return item


@dataclass(frozen=True, slots=True)
class Seen:
    """What a worker tells while it looks: an event for the page, and what lies on the shelf from then on."""

    event: dict[str, Any] = field(repr=False)
    picture: bytes | None = field(default=None, repr=False)
    report: Report | None = field(default=None, repr=False)


def weigh(profile: Profile, job: Job) -> int:
    """Bytes that a job takes beside what its process has."""
    return extra(job.pixels, len(job.data), profile)


# In the worker


def set_up(make: Callable[[], Scanner]) -> Callable[[Job], Any]:
    """The task of a worker: its scanner, with all models loaded. It gives way to the game."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    scanner = make()
    blank = BytesIO()
    Image.new("RGB", (64, 64), "white").save(blank, "PNG")
    scanner.scan(blank.getvalue())
    return partial(done, scanner)


def done(scanner: Scanner, job: Job) -> Any:
    """Do a job: None for a look, which tells what it sees; a copy with what its look saw; bytes for the others."""
    item = job.item()
    if job.kind == "look":
        work.look(item, scanner, partial(_tell, item), Event())
        return None
    if job.kind == "copy":
        copy = work.copy(item, scanner, job.hide, Event(), job.remove)
        return copy, item.later
    if job.kind == "picture":
        return shown(item)
    assert item.report is not None
    return saved.page(item.photo, item.report, scanner.policy, job.language)


def _tell(item: Item, event: dict[str, Any]) -> None:
    what = event["event"]
    tell(Seen(event, item.picture if what == "picture" else None, item.report if what == "report" else None))


# In the process for phones


class PooledHands:
    """The hands that work on one pupil's photos: processes, when it is that pupil's turn.

    `changed` is called, in the loop, when a look has got on.
    """

    def __init__(self, queue: Queue, owner: Hashable, changed: Callable[[], None] = lambda: None) -> None:
        self.queue = queue
        self.owner = owner
        self.changed = changed
        self._last: asyncio.Future[None] | None = None

    def ahead(self) -> int:
        """How many photos wait or are being looked at."""
        return self.queue.ahead()

    def look(self, item: Item, tell: work.Tell) -> asyncio.Future[None]:
        """As `Hands.look`. A pupil's last photo is not gone on with."""
        self.queue.check()
        self.stop()
        self._last = asyncio.ensure_future(self._look(item, tell))
        self._last.add_done_callback(lambda _: self.changed())
        return self._last

    def stop(self) -> None:
        """Do no more for the last photo."""
        if self._last is not None:
            self._last.cancel()

    async def _look(self, item: Item, tell: work.Tell) -> None:
        loop = asyncio.get_running_loop()

        def seen(what: Seen) -> None:
            item.picture = what.picture or item.picture
            item.report = what.report or item.report
            if what.event["event"] == "picture" and not loop.is_closed():
                loop.call_soon_threadsafe(self.changed)
            tell(what.event)

        def ahead(count: int) -> None:
            tell({"event": "waiting", "ahead": count})

        await self.queue.done(self.owner, _job("look", item), seen, ahead)

    async def copy(self, item: Item, hide: Sequence[str], remove: Sequence[str]) -> Copy:
        """As `Hands.copy`."""
        job = _job("copy", item, hide=tuple(hide), remove=tuple(remove))
        copy, item.later = await self.queue.done(self.owner, job)
        return copy  # type: ignore[no-any-return]

    async def page(self, item: Item, language: str) -> bytes:
        """As `Hands.page`."""
        return await self.queue.done(self.owner, _job("page", item, language=language))  # type: ignore[no-any-return]

    async def copy_picture(self, item: Item) -> bytes | None:
        """As `Hands.copy_picture`."""
        job = _job("picture", item, copied=item.copy)
        return await self.queue.done(self.owner, job)  # type: ignore[no-any-return]


def _job(kind: Kind, item: Item, **more: Any) -> Job:
    photo = item.photo
    pixels = photo.width * photo.height
    return Job(kind, photo.data, photo.name, photo.limits, pixels, item.report, item.later, **more)
