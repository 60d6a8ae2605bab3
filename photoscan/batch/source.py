"""What a photo of a batch is before anybody looks at it, and where such items come from."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol, Self

from photoscan import sidecars
from photoscan.addresses import refuse_address
from photoscan.batch.executor import UNREAD
from photoscan.detectors.filename import tells
from photoscan.errors import NotReadableError, UsageError, reason
from photoscan.metadata import origin
from photoscan.sidecars import Sidecar

JOB = "job"
"""Instead of a part's number: the one that the scheduler of the computers gives."""
JOB_VARIABLES = ("JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX")
"""Where schedulers say which job this is, from 0: of an Indexed Job of Kubernetes, of an array of AWS Batch."""


class Item(Protocol):
    """One photo to be: its path as the report will name it, and what tells whether it is the one seen before."""

    @property
    def path(self) -> str:
        """The path that the report names and that the task opens."""

    @property
    def version(self) -> str | None:
        """Of an object in a store, which its worker reads by itself: the one to read. None for a file."""

    def stamp(self) -> str:
        """Changes when the content does, and costs no reading; NotReadableError when there is no plain file.

        Empty where nobody can tell whether it changes.
        """

    def key(self, stamp: str) -> str:
        """The hash of all that a report depends on: the bytes, and what the name and its notes tell.

        Or where whoever reads it is to tell that hash: `unread_key`. NotReadableError when it can't be read.
        """

    def renewed(self) -> Self:
        """The item as it is now, where it changed since it was named; NotReadableError where it is gone."""


class Source(Protocol):
    """Any number of items, the same ones in the same order each time as long as nothing changes."""

    def __iter__(self) -> Iterator[Item]:
        """Each item in turn."""

    def count(self) -> int | None:
        """How many there are, where that costs little; None otherwise. Asked by another thread than the one that lists
        them; PhotoscanError where they can't be had."""


def unread_key(path: str, stamp: str) -> str:
    """Stands for the content of what nobody has read yet: another one for each path and stamp.

    Without a stamp it is another one each time: nobody can say that it is the one seen before.
    """
    known = f"{path}\0{stamp or secrets.token_hex()}"
    return UNREAD + hashlib.sha256(known.encode("utf-8", "surrogateescape")).hexdigest()


def content_of(data: bytes, path: str, whole_path: bool = False) -> str:
    """The key of a photo's bytes, and of what its path tells: that of a file beside which nothing lies."""
    digest = hashlib.sha256(data)
    digest.update(_told_by(path, whole_path))
    return digest.hexdigest()


def _told_by(path: str, whole_path: bool) -> bytes:
    """What a report depends on beside the bytes: the path where a policy names photos, a name that tells something."""
    name = PurePath(path).name
    if whole_path:
        return b"\0path " + os.fsencode(path)
    return b"\0name " + os.fsencode(name) if tells(name) else b""


@dataclass(frozen=True, slots=True)
class File:
    """A file on this computer. `whole_path`: the path's folders matter too (a policy that names photos). `sidecars`:
    what lies beside it and tells about it as well. `unread`: its worker reads it and tells the key."""

    path: str
    whole_path: bool = False
    sidecars: bool = True
    unread: bool = False

    @property
    def version(self) -> None:
        """Files have none."""
        return None

    def key(self, stamp: str) -> str:
        """That of its content, or one that stands for it."""
        return unread_key(self.path, stamp) if self.unread else self.content()

    def renewed(self) -> Self:
        """Itself: a file has no version."""
        return self

    def stamp(self) -> str:
        """Size, and the times at which content and entry were last changed, in nanoseconds."""
        refuse_address(self.path)
        try:
            found = Path(self.path).stat()
        except (OSError, ValueError) as error:
            raise unreadable(self.path, error) from None
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
            raise unreadable(self.path, error) from None
        name = Path(self.path).name
        digest.update(_told_by(self.path, self.whole_path))
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


def unreadable(path: str, error: Exception) -> NotReadableError:
    """What kept a file from being read."""
    if isinstance(error, FileNotFoundError):
        return NotReadableError("problem.photo.missing", path=path)
    return NotReadableError("problem.unreadable", path=path, why=reason(error))
