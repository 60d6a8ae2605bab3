"""Pupils: each with a key, a name, and a shelf of their own for a photo. In memory only."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from time import monotonic

from photoscan.photo import Photo
from photoscan.workshop.desk import Shelf
from photoscan.workshop.game.lesson import LONGEST_NAME, LessonError, name_of
from photoscan.workshop.lan.queue import Queue
from photoscan.workshop.lan.settings import MOST_PUPILS
from photoscan.workshop.lan.task import PooledHands


class OwnShelf(Shelf):
    """A shelf for one photo at a time, which tells when that changes."""

    def __init__(self, changed: Callable[[], None], clock: Callable[[], float] = monotonic) -> None:
        super().__init__(clock, kept=1)
        self._changed = changed

    def put(self, photo: Photo) -> str:
        """As `Shelf.put`."""
        name = super().put(photo)
        self._changed()
        return name

    def forget(self, name: str) -> None:
        """As `Shelf.forget`."""
        super().forget(name)
        self._changed()

    @property
    def state(self) -> str | None:
        """What becomes of the photo: 'waiting' or 'looking', None after that and where there is none."""
        item = next(iter(self._items.values()), None)
        if item is None or item.report is not None:
            return None
        return "looking" if item.picture else "waiting"


@dataclass(slots=True, eq=False)
class Pupil:
    """`key` proves to us who asks; `seat` is what the lesson knows this pupil by, `id` what it tells the teacher.

    `coming`: whether a photo is on its way.
    """

    name: str
    shelf: OwnShelf
    hands: PooledHands
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    seat: str | None = field(default=None, repr=False)
    id: str | None = None
    coming: bool = False


class Pupils:
    """All who joined and are still here. For one event loop."""

    def __init__(self, queue: Queue, changed: Callable[[], None], most: int = MOST_PUPILS) -> None:
        self._queue = queue
        self._changed = changed
        self._most = most
        self._by_key: dict[str, Pupil] = {}

    def join(self, name: object) -> Pupil:
        """Take somebody in. Raises LessonError: wrong for what is no name, late where there are too many."""
        fine = name_of(name)
        if len(self._by_key) >= self._most:
            raise LessonError("late", "There is no room for more pupils.")
        fine = numbered(fine, {pupil.name for pupil in self})
        key = secrets.token_urlsafe(24)
        pupil = Pupil(fine, OwnShelf(self._changed), PooledHands(self._queue, key, self._changed), key)
        self._by_key[key] = pupil
        return pupil

    def of(self, key: str) -> Pupil | None:
        """The pupil with that key."""
        return self._by_key.get(key)

    def leave(self, pupil: Pupil) -> None:
        """Let somebody go: the key is good for nothing from now on, the photo is forgotten."""
        self._by_key.pop(pupil.key, None)
        pupil.hands.stop()
        pupil.shelf.clear()

    def __iter__(self) -> Iterator[Pupil]:
        return iter(tuple(self._by_key.values()))

    def __len__(self) -> int:
        return len(self._by_key)

    @property
    def photos(self) -> int:
        """How many photos there are."""
        return sum(len(pupil.shelf) for pupil in self)

    @property
    def bytes(self) -> int:
        """How many bytes all photos take."""
        return sum(pupil.shelf.bytes for pupil in self)


def numbered(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where somebody is called alike already."""
    known = {_alike(one) for one in taken}
    number, found = 1, name
    while _alike(found) in known:
        number += 1
        behind = f" {number}"
        found = name[: LONGEST_NAME - len(behind)].rstrip() + behind
    return found


def _alike(name: str) -> str:
    """What names have in common that people would take for one."""
    return unicodedata.normalize("NFKC", name).casefold()
