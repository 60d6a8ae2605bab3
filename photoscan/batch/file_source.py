"""The photos of this computer: a folder, a pattern, or a list of paths. Read as it is needed, never held."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from photoscan.addresses import refuse_address
from photoscan.batch.source import File, Shard, unreadable
from photoscan.batch.store import StoreSource, is_store
from photoscan.errors import NotReadableError
from photoscan.folder import looks_like_photo, photos_in
from photoscan.ignoring import NOTHING, Ignored
from photoscan.kind import only_in_file
from photoscan.options import ScanOptions
from photoscan.passed import Passed
from photoscan.risk.policy import Policy

STANDARD_INPUT = "-"
_CHUNK = 1 << 16


class FileSource:
    """`where`: a folder, a photo, a pattern (`**` for any depth), a file with a path a line, or '-' for such a list.

    Paths in a list may end with NUL instead (`find -print0`) and are taken from the current folder. Whatever a list
    names is an item, there or not. `ignored`: what is passed over in a folder. `beside`: whether files that tell about
    a photo belong to it. `unread`: workers read the photos and tell their keys, which the driver makes otherwise.
    `passed`: what the last complete walk of a folder passed over.
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
        # Standard input can be read only once.
        self._given = list(_listed(sys.stdin.buffer)) if where == STANDARD_INPUT else []

    def __iter__(self) -> Iterator[File]:
        """The items of this shard."""
        for path in self._paths():
            if self.shard.count == 1 or self.shard.holds(self._below(path)):
                yield File(path, self.whole_path, self.beside, self.unread)

    def count(self) -> int:
        """How many items this shard has."""
        return sum(1 for _ in self)

    def _paths(self) -> Iterator[str]:
        if self.where == STANDARD_INPUT:
            yield from self._given
        elif self.is_list:
            try:
                with Path(self.where).open("rb") as stream:
                    yield from _listed(stream)
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


def _listed(stream: BinaryIO) -> Iterator[str]:
    """The entries of a list, decoded as file names are; empty ones are none."""
    rest, end = b"", b""
    while chunk := stream.read(_CHUNK):
        rest += chunk
        end = end or (b"\0" if b"\0" in rest else b"\n" if b"\n" in rest else b"")
        if end:
            *whole, rest = rest.split(end)
            yield from (os.fsdecode(path) for path in map(_bare, whole) if path)
    if last := _bare(rest):
        yield os.fsdecode(last)


def _bare(line: bytes) -> bytes:
    return line.removesuffix(b"\r")


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
