"""Photos in an object store: `s3://`, `gs://`, `az://`, or any other address of fsspec that names one.

The driver lists names and versions and reads no photo. A worker reads the very version that was listed, or says that it
is gone. fsspec and the package of a store (s3fs, gcsfs, adlfs) are the user's; keys come from their usual places.
"""

from __future__ import annotations

import importlib.util
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from photoscan.batch.dialects import Dialect, dialect
from photoscan.batch.executor import ChangedError
from photoscan.batch.source import Shard, unread_key
from photoscan.errors import NotInstalledError, NotReadableError, PhotoscanError
from photoscan.folder import SUFFIXES
from photoscan.ignoring import NOTHING, Ignored
from photoscan.options import Limits
from photoscan.passed import Passed
from photoscan.patterns import pattern

SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "r2", "file", "memory")
"""Of stores that hold objects. What only serves pages (http) is refused: photoscan opens no web page."""
_ADDRESS = pattern(r"([a-z][a-z0-9+.-]+)://")
_VERSIONS = (
    ("generation",), ("ETag", "etag"), ("md5Hash",), ("VersionId", "version_id"),
    ("mtime", "LastModified", "last_modified", "updated", "created"),
)  # fmt: skip
"""What tells one version of an object from the next, the surest first, by the names that stores have for it."""
_TOGETHER = 1000
"""Objects beside photos that are counted at a time."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One object: its address and its version. As `Item`, but nothing of it is read by who lists it."""

    path: str
    version: str

    def stamp(self) -> str:
        """The version, as it was listed."""
        return self.version

    def key(self, stamp: str) -> str:
        """Stands for the bytes, which nobody has read yet."""
        return unread_key(self.path, stamp)

    def renewed(self) -> Stored:
        """The object as it is now; NotReadableError where it is gone."""
        files, path = opened(self.path)
        try:
            info = files.info(path)
        except Exception as error:  # noqa: BLE001 - each store raises errors of its own
            raise unreadable(self.path, error) from None
        if info["type"] != "file":
            raise NotReadableError("problem.photo.folder", path=self.path)
        return Stored(self.path, version_of(info))


def is_store(where: str) -> bool:
    """Whether an argument is the address of an object store."""
    found = _ADDRESS.match(where)
    return found is not None and found[1] in SCHEMES


def opened(address: str) -> tuple[Any, str]:
    """A file system of fsspec and the path in it; nothing is remembered of what it lists.

    Raises NotInstalledError where fsspec, or the package for this store, is missing.
    """
    if importlib.util.find_spec("fsspec") is None:
        raise NotInstalledError("problem.needs.fsspec")
    from fsspec.core import url_to_fs

    try:
        files, path = url_to_fs(address, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise NotInstalledError("problem.needs.store", scheme=address.partition(":")[0], why=str(error)) from None
    return files, str(path)


def version_of(info: Mapping[str, Any]) -> str:
    """What tells this version of an object from any other one, from what its store says of it; its size comes first.

    Empty where the store says nothing that would change: a size alone is no version.
    """
    for names in _VERSIONS:
        for name in names:
            if info.get(name) not in (None, ""):
                found = info[name]
                # A listing and a look at one object may give the same time in two ways.
                return f"{info.get('size')}-{found.timestamp() if isinstance(found, datetime) else found}"
    return ""


def read(address: str, version: str, limits: Limits) -> bytes:
    """The bytes of this version of an object.

    Raises ChangedError where it is another one by now, TooLargeError before anything is read, NotReadableError.
    """
    files, path = opened(address)
    size, _, mark = version.partition("-")
    for last in (False, True):
        try:
            if mark and size.isdecimal():
                limits.check_bytes(int(size), address)
                if (spoken := dialect(files)) is not None:
                    return spoken.read(path, int(size), mark)
            return _read_between(files, path, version, limits, address)
        except ChangedError:
            raise ChangedError("problem.photo.restless", path=address) from None
        except PhotoscanError:
            raise
        except Exception as error:  # noqa: BLE001 - each store raises errors of its own
            # Of so many photos some meet a connection that breaks.
            if last or isinstance(error, (FileNotFoundError, PermissionError)):
                raise unreadable(address, error) from None
    raise AssertionError


def _read_between(files: Any, path: str, version: str, limits: Limits, address: str) -> bytes:
    """The bytes between two looks at what they are, where a store can't be asked for one version."""
    info = files.info(path)
    if version_of(info) != version:
        raise ChangedError("problem.photo.restless", path=address)
    limits.check_bytes(int(info["size"]), address)
    # No more than it was said to hold: it may have been replaced by a larger one.
    data = bytes(files.cat_file(path, 0, int(info["size"]))) if info["size"] else b""
    if len(data) != info["size"] or version_of(files.info(path)) != version:
        raise ChangedError("problem.photo.restless", path=address)
    return data


def unreadable(address: str, error: Exception) -> NotReadableError:
    """What kept an object from being had, by the kind of the error alone: its text may hold keys."""
    if isinstance(error, FileNotFoundError):
        return NotReadableError("problem.photo.missing", path=address)
    return NotReadableError("problem.unreadable", path=address, why=type(error).__name__)


def _fitting(spoken: Dialect, wanted: str) -> Iterator[Mapping[str, Any]]:
    """The objects whose names fit a pattern, of those that begin like it."""
    from fsspec.utils import glob_translate

    start = re.split(r"[*?\[]", wanted, maxsplit=1)[0]
    fits = re.compile(glob_translate(wanted)).match
    rest = wanted[len(start) :]
    yield from (info for info in spoken.objects(start, "/" in rest or "**" in rest) if fits(str(info["name"])))


class StoreSource:
    """`where`: the address of a prefix (at any depth), of one object, or a pattern (`**` for any depth).

    Objects whose names end like photos' are items, in the order in which the store lists them: S3, Google's and Azure's
    by name, a page at a time; others prefix by prefix. All others are counted in `passed` after a complete walk.
    `shard` and `ignored` as of `FileSource`.
    """

    def __init__(self, where: str, shard: Shard | None = None, ignored: Ignored = NOTHING) -> None:
        self.where = where
        self.shard = shard or Shard()
        self.ignored = ignored
        self.passed = Passed(apart=False)
        self._files, self._root = opened(where)

    def __iter__(self) -> Iterator[Stored]:
        """The items of this shard; NotReadableError where the store can't be listed."""
        passed = Passed(apart=False)
        others: list[str] = []
        above = ""
        try:
            for info in self._found():
                path = str(info["name"])
                folder, name = posixpath.split(path)
                if not name or self._passes_over(path):
                    continue
                if posixpath.splitext(name)[1].lower() in SUFFIXES:
                    if self.shard.count == 1 or self.shard.holds(self._below(path)):
                        yield Stored(self._files.unstrip_protocol(path), version_of(info))
                    continue
                if folder != above or len(others) == _TOGETHER:
                    passed.add(Path(self._root), Path(above), (), others)
                    above, others = folder, []
                others.append(name)
        except PhotoscanError:
            raise
        except Exception as error:  # noqa: BLE001 - each store raises errors of its own
            raise unreadable(self.where, error) from None
        passed.add(Path(self._root), Path(above), (), others)
        self.passed = passed

    def count(self) -> None:
        """Nobody knows before all are listed, and listing them twice would cost as much again."""
        return

    def _found(self) -> Iterator[Mapping[str, Any]]:
        """What the store says of each object."""
        spoken = dialect(self._files)
        if "*" in self._root:
            yield from _fitting(spoken, self._root) if spoken is not None else self._globbed()
            return
        if "/" in self._root.strip("/") or spoken is None:
            info = self._files.info(self._root)
            if info["type"] == "file":
                yield info
                return
        if spoken is not None:
            yield from spoken.objects(f"{self._root.rstrip('/')}/", deep=True)
            return
        for _, _, files in self._files.walk(self._root, detail=True):
            yield from (files[name] for name in sorted(files))

    def _globbed(self) -> Iterator[Mapping[str, Any]]:
        found = self._files.glob(self._root, detail=True)
        yield from (found[name] for name in sorted(found) if found[name]["type"] == "file")

    def _passes_over(self, path: str) -> bool:
        """Whether an object, or a prefix above it, is passed over."""
        rules = self.ignored.below
        if not rules.rules:
            return False
        below = PurePosixPath(self._below(path))
        above = (folder for folder in below.parents if folder.name)
        return rules.fit(str(below), False) or any(rules.fit(str(folder), True) for folder in above)

    def _below(self, path: str) -> str:
        """The name below the source's prefix: below that part of a pattern which has no wildcard."""
        root = self._root.partition("*")[0]
        root = root if root == self._root else root.rpartition("/")[0]
        return path.removeprefix(root).lstrip("/") or path
