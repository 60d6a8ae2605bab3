"""The photos of a folder, a pattern, or a list of paths and addresses. Read as it is needed, never held."""

from __future__ import annotations

import glob
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from photoscan.addresses import refuse_address
from photoscan.batch.lists import Kept, entries
from photoscan.batch.source import File, Item, Shard, unreadable
from photoscan.batch.store import Stored, StoreSource, is_store
from photoscan.errors import NotReadableError
from photoscan.folder import looks_like_photo, photos_in, unsorted_photos_in
from photoscan.ignoring import NOTHING, Ignored
from photoscan.kind import only_in_file
from photoscan.options import ScanOptions
from photoscan.passed import Passed
from photoscan.risk.policy import Policy

STANDARD_INPUT = "-"
_AHEAD = 64
"""Entries of a list that are read ahead where objects are among them."""
_ASKING = 16
"""Objects whose versions are asked for at a time."""


class FileSource:
    """`where`: a folder, a photo, a pattern (`**` for any depth), a file with a path a line, or '-' for such a list.

    Paths in a list may end with NUL instead (`find -print0`) and are taken from the current folder; addresses of
    objects in stores may stand among them. Whatever a list names is an item, there or not. `ignored`: what is passed
    over in a folder. `beside`: whether files that tell about a photo belong to it. `unread`: workers read the photos
    and tell their keys, which the driver makes otherwise. `passed`: what the last complete walk of a folder passed
    over.
    """

    def __init__(
        self,
        where: str,
        shard: Shard | None = None,
        whole_path: bool = False,
        ignored: Ignored = NOTHING,
        beside: bool = True,
        unread: bool = False,
    ) -> None:
        refuse_address(where)
        self.where = where
        self.shard = shard or Shard()
        self.whole_path = whole_path
        self.ignored = ignored
        self.beside = beside
        self.unread = unread
        self.passed = Passed(beside)
        self.is_list = where == STANDARD_INPUT or (Path(where).is_file() and not looks_like_photo(Path(where)))
        if where != STANDARD_INPUT and not Path(where).exists() and not glob.has_magic(where):
            raise NotReadableError("problem.photo.missing", path=where)
        self._given = Kept(sys.stdin.buffer) if where == STANDARD_INPUT else None

    def __iter__(self) -> Iterator[Item]:
        """The items of this shard."""
        if self.is_list:
            yield from _ahead(self._mine(), self._file)
        else:
            yield from map(self._file, self._mine())

    def count(self) -> int:
        """How many items this shard has; of a folder, without holding its names a second time."""
        if self.is_list or not Path(self.where).is_dir():
            return sum(1 for _ in self._mine())
        found = unsorted_photos_in(Path(self.where), self.ignored)
        return sum(1 for path in found if self._has(path))

    def _file(self, path: str) -> File:
        return File(path, self.whole_path, self.beside, self.unread)

    def _mine(self) -> Iterator[str]:
        return filter(self._has, self._paths())

    def _has(self, path: str) -> bool:
        return self.shard.count == 1 or self.shard.holds(self._below(path))

    def _paths(self) -> Iterator[str]:
        if self._given is not None:
            yield from entries(self._given.open())
        elif self.is_list:
            try:
                with Path(self.where).open("rb") as stream:
                    yield from entries(stream)
            except OSError as error:
                raise unreadable(self.where, error) from None
        elif Path(self.where).is_dir():
            passed = Passed(self.beside)
            yield from photos_in(Path(self.where), self.ignored, passed)
            self.passed = (
                passed if self.shard.count == 1 else passed.only(lambda path: self.shard.holds(self._below(path)))
            )
        elif Path(self.where).exists():
            yield self.where
        else:
            for path in sorted(glob.iglob(self.where, recursive=True)):  # noqa: PTH207 - the pattern may be absolute
                if not Path(path).is_dir():
                    yield path

    def _below(self, path: str) -> str:
        """The path below the source's folder, so that shards agree on computers that mount it elsewhere: below that
        part of a pattern which has no wildcard. Of a list the paths themselves."""
        if self.is_list:
            return path
        folder = Path(self.where)
        while glob.has_magic(str(folder)) or not folder.is_dir():
            folder = folder.parent
        return Path(os.path.relpath(path, folder)).as_posix()


@dataclass(frozen=True, slots=True)
class Unfound:
    """An object that a list names and that can't be had now: the error says why."""

    path: str
    error: NotReadableError
    version: None = None

    def stamp(self) -> str:
        """Raises the error."""
        raise self.error

    def key(self, stamp: str) -> str:
        """Raises the error."""
        raise self.error

    def renewed(self) -> Self:
        """Raises the error."""
        raise self.error


def _ahead(paths: Iterable[str], file: Callable[[str], Item]) -> Iterator[Item]:
    """What a list names, in its order. The versions of the next objects are asked for at the same time: each answer
    takes a store as long as many photos."""
    with ThreadPoolExecutor(_ASKING, "photoscan-versions") as pool:
        waiting: deque[Item | Future[Item]] = deque()
        for path in paths:
            waiting.append(pool.submit(_found, path) if is_store(path) else file(path))
            # A file is asked for nothing here: it waits for none but those objects before it.
            while waiting and (len(waiting) > _AHEAD or not isinstance(waiting[0], Future)):
                yield _had(waiting.popleft())
        while waiting:
            yield _had(waiting.popleft())


def _had(item: Item | Future[Item]) -> Item:
    return item.result() if isinstance(item, Future) else item


def _found(address: str) -> Item:
    """The object of an address in the version that it has now."""
    try:
        return Stored(address, "").renewed()
    except NotReadableError as error:
        return Unfound(address, error)


def source_of(
    where: str,
    shard: Shard,
    options: ScanOptions,
    policy: Policy,
    ignored: Ignored = NOTHING,
    spread: bool = False,
) -> FileSource | StoreSource:
    """The source that an argument means, as such a scan wants it. Raises as the sources do.

    Where a look costs little, or many machines share the work (`spread`), the driver reads no photo, so that it never
    keeps its workers waiting; otherwise it reads each to know the same one again, which is looked at once.
    """
    if is_store(where):
        return StoreSource(where, shard, ignored)
    unread = spread or only_in_file(options.only)
    return FileSource(where, shard, policy.names_photos, ignored, options.sidecars, unread)
