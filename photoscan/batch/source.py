"""Where the photos of a batch come from: a folder, a pattern, or a list of paths. Read as it is needed, never held."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from photoscan import sidecars
from photoscan.addresses import refuse_address
from photoscan.detectors.filename import tells
from photoscan.errors import NotReadableError, UsageError, reason
from photoscan.folder import looks_like_photo, photos_in
from photoscan.ignoring import NOTHING, Ignored
from photoscan.metadata import origin
from photoscan.passed import Passed
from photoscan.sidecars import Sidecar

STANDARD_INPUT = "-"
JOB = "job"
"""Instead of a part's number: the one that the scheduler of the computers gives."""
JOB_VARIABLES = ("JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX")
"""Where schedulers say which job this is, from 0: of an Indexed Job of Kubernetes, of an array of AWS Batch."""
_CHUNK = 1 << 16


class Item(Protocol):
    """One photo to be: its path as the report will name it, and what tells whether it is the one seen before."""

    @property
    def path(self) -> str:
        """The path that the report names and that the task opens."""

    def stamp(self) -> str:
        """Changes when the content does, and costs no reading; NotReadableError when there is no plain file."""

    def content(self) -> str:
        """The hash of all that a report depends on: the bytes, and what the name and its notes tell.

        NotReadableError when it can't be read.
        """


class Source(Protocol):
    """Any number of items, the same ones in the same order each time as long as nothing changes."""

    def __iter__(self) -> Iterator[Item]:
        """Each item in turn."""


@dataclass(frozen=True, slots=True)
class File:
    """A file on this computer. `whole_path`: the path's folders matter too (a policy that names photos). `sidecars`:
    what lies beside it and tells about it as well."""

    path: str
    whole_path: bool = False
    sidecars: bool = True

    def stamp(self) -> str:
        """Size, and the times at which content and entry were last changed, in nanoseconds."""
        refuse_address(self.path)
        try:
            found = Path(self.path).stat()
        except (OSError, ValueError) as error:
            raise _unreadable(self.path, error) from None
        if not stat.S_ISREG(found.st_mode):
            kind = "problem.photo.folder" if stat.S_ISDIR(found.st_mode) else "problem.batch.special"
            raise NotReadableError(kind, path=self.path)
        own = f"{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}"
        return " ".join((own, *(f"{one.path.name} {one.state}" for one in self._beside())))

    def content(self) -> str:
        """The hash in hexadecimal. The same photo under another name that tells nothing has the same."""
        try:
            with Path(self.path).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256")
        except OSError as error:
            raise _unreadable(self.path, error) from None
        name = Path(self.path).name
        if self.whole_path:
            digest.update(b"\0path " + os.fsencode(self.path))
        elif tells(name):
            digest.update(b"\0name " + os.fsencode(name))
        for note in sorted(origin.read(Path(self.path)).items()):
            digest.update(repr(note).encode())
        for one in self._beside():
            # What it says of a photo may depend on the photo's name: one file tells of all in its folder.
            digest.update(b"\0beside " + os.fsencode(f"{name}/{one.path.name}"))
            digest.update(hashlib.sha256(sidecars.content(one) or repr(one.problem).encode()).digest())
        return digest.hexdigest()

    def _beside(self) -> list[Sidecar]:
        return sidecars.beside(Path(self.path)) if self.sidecars else []


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` (from 1) of `count`: an item belongs to one part by the hash of its path below the source."""

    number: int = 1
    count: int = 1

    @classmethod
    def parse(cls, word: str) -> Self:
        """From 'i/N', or from 'job/N' where a scheduler's variable says the number; UsageError for anything else."""
        number, _, count = word.partition("/")
        if number == JOB:
            number = _scheduled(word)
        if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
            raise UsageError("problem.batch.shard", word=word)
        return cls(int(number), int(count))

    def holds(self, path: str) -> bool:
        """Whether a path is in this part."""
        digest = hashlib.sha256(os.fsencode(path)).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1

    @property
    def suffix(self) -> str:
        """What tells the parts' files apart; empty where there is only one."""
        return f"-{self.number}-of-{self.count}" if self.count > 1 else ""


def _scheduled(word: str) -> str:
    """The number of this job, from 1; UsageError where no scheduler says one."""
    for name in JOB_VARIABLES:
        if (index := os.environ.get(name)) is not None:
            # Whatever else it says is left as it is, and refused as a part that does not exist.
            return str(int(index) + 1) if index.isascii() and index.isdecimal() else index
    raise UsageError("problem.batch.shard.job", word=word, names=", ".join(JOB_VARIABLES))


class FileSource:
    """`where`: a folder, a photo, a pattern (`**` for any depth), a file with a path a line, or '-' for such a list.

    Paths in a list may end with NUL instead (`find -print0`) and are taken from the current folder. Whatever a list
    names is an item, there or not. `ignored`: what is passed over in a folder. `beside`: whether files that tell about
    a photo belong to it. `passed`: what the last complete walk of a folder passed over.
    """

    def __init__(
        self,
        where: str,
        shard: Shard | None = None,
        whole_path: bool = False,
        ignored: Ignored = NOTHING,
        beside: bool = True,
    ) -> None:
        refuse_address(where)
        self.where = where
        self.shard = shard or Shard()
        self.whole_path = whole_path
        self.ignored = ignored
        self.beside = beside
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
                yield File(path, self.whole_path, self.beside)

    def _paths(self) -> Iterator[str]:
        if self.where == STANDARD_INPUT:
            yield from self._given
        elif self.is_list:
            try:
                with Path(self.where).open("rb") as stream:
                    yield from _listed(stream)
            except OSError as error:
                raise _unreadable(self.where, error) from None
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


def _unreadable(path: str, error: Exception) -> NotReadableError:
    if isinstance(error, FileNotFoundError):
        return NotReadableError("problem.photo.missing", path=path)
    return NotReadableError("problem.unreadable", path=path, why=reason(error))
