"""The room: the lesson, the pupils and the queue of their photos, in the process for phones. Without HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

from photoscan.workshop.desk import FullError
from photoscan.workshop.game import rounds
from photoscan.workshop.game.host import LONGEST_WAIT, Host
from photoscan.workshop.game.lesson import LOBBY, Lesson, LessonError
from photoscan.workshop.game.rounds import Album
from photoscan.workshop.lan.code import Turnstile, new_code
from photoscan.workshop.lan.pupils import Pupil, Pupils
from photoscan.workshop.lan.queue import Queue
from photoscan.workshop.lan.settings import MOST_BYTES
from photoscan.workshop.lan.veil import Veil


class OutError(Exception):
    """Whoever asks has no key that is good for anything here."""


class OverError(Exception):
    """The teacher has ended all."""


class Room:
    """What the routes and the teacher's program share. For one event loop.

    `joined` is called when somebody came in. Versions go on where a lesson follows another, so that no phone has to
    know of that.
    """

    def __init__(
        self,
        queue: Queue,
        album: Callable[[], Album] = rounds.album,
        joined: Callable[[], object] = lambda: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.album = album
        self.host = Host(album)
        self.turnstile = Turnstile(new_code(), clock)
        self.pupils = Pupils(queue, self.touch)
        self._veil: Veil | None = None
        self._joined = joined
        self._clock = clock
        self._base = 1
        self._begun = asyncio.Event()
        self._coming = 0
        self.used = clock()
        self.over = False

    def touch(self) -> None:
        """Somebody did something of which the teacher is told."""
        self.used = self._clock()
        if self.host.lesson is not None:
            self.host.lesson.touch()

    @property
    def idle(self) -> float:
        """Seconds since anybody did anything; to wait for news is nothing."""
        return self._clock() - self.used

    # The teacher

    async def ask(self, action: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """As `Host.ask`; 'end' tells what was forgotten: {"pupils", "photos"}. Raises LessonError."""
        if action == "end":
            self.over = True
            wiped = {"pupils": len(self.pupils), "photos": self.pupils.photos}
            for pupil in self.pupils:
                self.leave(pupil)  # which wakes the phones that wait for news
            self._begun.set()
            return wiped
        if action == "state":
            since = body.get("since")
            body = {"since": since - self._base if isinstance(since, int) else None}
        else:
            self.used = self._clock()
        before = self.host.lesson
        told = await self.host.ask(action, body)
        if action == "open":
            self._move(before)
        elif action == "remove":
            self._see_off()
        elif action == "state" and self.host.lesson is not before:
            return await self.ask("state", {})  # another lesson has begun meanwhile
        lesson = self.host.lesson
        return None if told is None or lesson is None else self._for_teacher(lesson.for_teacher())

    def _move(self, before: Lesson | None) -> None:
        """All pupils go on into the lesson that has begun."""
        if self.host.lesson is not None:
            self._veil = Veil(self.host.lesson)
        if before is not None:
            self._base += before.version + 1
        for pupil in self.pupils:
            if before is not None and pupil.seat is not None and before.knows(pupil.seat):
                before.leave(pupil.seat)  # which wakes whoever waits for news of it
            self._seat(pupil)
        self._begun.set()

    def _for_teacher(self, told: dict[str, Any]) -> dict[str, Any]:
        photos = {pupil.id: pupil.shelf.state for pupil in self.pupils}
        told["pupils"] = [row | {"photo": photos.get(row["id"])} for row in told["pupils"]]
        return told | {"version": told["version"] + self._base}

    def _seat(self, pupil: Pupil) -> None:
        lesson = self.host.lesson
        if lesson is not None:
            pupil.seat = lesson.join(pupil.name)
            pupil.id = lesson.for_teacher()["pupils"][-1]["id"]

    def _see_off(self) -> None:
        lesson = self.host.lesson
        for pupil in self.pupils:
            if lesson is not None and pupil.seat is not None and not lesson.knows(pupil.seat):
                self.pupils.leave(pupil)

    # Pupils

    def join(self, name: object) -> Pupil:
        """Take somebody in whose code was right. Raises LessonError, and OverError."""
        if self.over:
            raise OverError
        pupil = self.pupils.join(name)
        try:
            self._seat(pupil)
        except LessonError:
            self.pupils.leave(pupil)
            raise
        self.touch()
        self._joined()
        return pupil

    def pupil(self, key: str) -> Pupil:
        """The pupil with that key. Raises OutError, or OverError once the teacher has ended all."""
        if self.over:
            raise OverError
        found = self.pupils.of(key)
        if found is None:
            raise OutError
        return found

    def leave(self, pupil: Pupil) -> None:
        """Let somebody go."""
        lesson = self.host.lesson
        if lesson is not None and pupil.seat is not None and lesson.knows(pupil.seat):
            lesson.leave(pupil.seat)
        self.pupils.leave(pupil)

    def mark(self, pupil: Pupil, rows: object) -> None:
        """Set all marks of a pupil. Raises LessonError and MarkError."""
        if self.host.lesson is None or pupil.seat is None:
            raise LessonError("late", "The lesson has not begun.")
        self.used = self._clock()
        self.host.lesson.mark_as(pupil.seat, rows)

    async def news(self, pupil: Pupil, since: int | None) -> bytes | None:
        """What a pupil's phone shows, as JSON, once it is newer than `since`; None where it stays as it is.

        Raises OutError for one who was sent out meanwhile.
        """
        lesson = self.host.lesson
        if lesson is None or pupil.seat is None:
            if since is None or since < self._base:
                return json.dumps(self._before(pupil), ensure_ascii=False).encode()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._begun.wait(), LONGEST_WAIT)
            newer = self._begun.is_set()
        else:
            newer = since is None or await lesson.changed(since - self._base, LONGEST_WAIT, pupil.seat)
        self.pupil(pupil.key)
        lesson = self.host.lesson
        if not newer or lesson is None or pupil.seat is None or self._veil is None:
            return None
        told = self._veil.over(lesson.for_pupil(pupil.seat))
        told["version"] += self._base
        return json.dumps(told, ensure_ascii=False).encode()

    def picture(self, name: str) -> bytes | None:
        """The photo of a round that has been asked for, by the name that phones know it by."""
        found = self._veil.named(name) if self._veil is not None and not self.over else None
        return None if found is None else self.album().picture(found)

    def _before(self, pupil: Pupil) -> dict[str, Any]:
        """What is shown before there is a lesson."""
        mine: dict[str, Any] = {"name": pupil.name, "team": None, "marks": [], "points": 0, "gained": 0}
        nothing: dict[str, Any] = {"round": None, "rounds": [], "played": [], "shown": None, "teams": [], "said": {}}
        return {"version": self._base, "phase": LOBBY, **nothing, "mine": mine}

    # Photos

    @contextmanager
    def coming(self, pupil: Pupil) -> Iterator[Callable[[int], None]]:
        """While a photo comes: gives what is to be told of its bytes. Raises FullError, and so does that."""
        if pupil.coming:
            raise FullError
        mine = 0

        def grow(count: int) -> None:
            nonlocal mine
            if self._coming + self.pupils.bytes + count > MOST_BYTES:
                raise FullError
            mine += count
            self._coming += count

        pupil.coming = True
        try:
            yield grow
        finally:
            pupil.coming = False
            self._coming -= mine
