"""Where a batch writes: a folder, or a prefix of an object store. Each name is put in place whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from photoscan.batch.database import temporary_folder
from photoscan.batch.store import is_store, opened
from photoscan.errors import NotReadableError, Phrase, reason
from photoscan.files import write_atomically

_TOGETHER = 64
"""Objects that are asked for at a time."""


class Output(Protocol):
    """Names, with `/` between folders, and bytes. All raise NotReadableError where it can't be read or written."""

    def address(self, name: str) -> str:
        """What people are told of a name."""

    def put(self, name: str, data: bytes) -> None:
        """Write it anew, whole or not at all."""

    def get(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Each name with its bytes; None where there is nothing. Read as they are asked for."""

    def names(self, folder: str) -> list[str]:
        """The last parts of the names in a folder (of its folders too), sorted; none where there is no such folder."""

    def size(self, name: str) -> int | None:
        """Bytes of a name; None where there is nothing."""

    def stream(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A stream of bytes that becomes the name once all is written; else the old one stays."""

    def lines(self, name: str) -> AbstractContextManager[Iterator[bytes]]:
        """The lines of a name, read as they are asked for."""


class FolderOutput:
    """A folder on this computer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def address(self, name: str) -> str:
        """The file."""
        return str(self.folder / name)

    def put(self, name: str, data: bytes) -> None:
        """By way of a temporary file beside it."""
        file = self.folder / name
        self._make(file.parent)
        try:
            write_atomically(file, data)
        except NotReadableError as error:
            raise NotReadableError("problem.batch.unwritable", **error.phrase.values) from None

    def get(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """As `Output.get`."""
        for name in names:
            try:
                yield name, (self.folder / name).read_bytes()
            except FileNotFoundError:
                yield name, None
            except OSError as error:
                raise NotReadableError("problem.unreadable", path=self.address(name), why=reason(error)) from None

    def names(self, folder: str) -> list[str]:
        """As `Output.names`; without files that begin with a dot, such as what a killed writer leaves."""
        try:
            return sorted(row.name for row in (self.folder / folder).iterdir() if not row.name.startswith("."))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise NotReadableError("problem.unreadable", path=self.address(folder), why=reason(error)) from None

    def size(self, name: str) -> int | None:
        """As `Output.size`."""
        try:
            return (self.folder / name).stat().st_size
        except OSError:
            return None

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """As `Output.stream`."""
        self._make((self.folder / name).parent)
        with in_one_step(self.folder / name) as stream:
            yield stream

    @contextmanager
    def lines(self, name: str) -> Iterator[Iterator[bytes]]:
        """As `Output.lines`."""
        try:
            with (self.folder / name).open("rb") as stream:
                yield iter(stream)
        except OSError as error:
            raise NotReadableError("problem.unreadable", path=self.address(name), why=reason(error)) from None

    def make(self) -> None:
        """Have the folder."""
        self._make(self.folder)

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotReadableError("problem.batch.unwritable", path=folder, why=reason(error)) from None


class StoreOutput:
    """A prefix of an object store: one put for each name."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._files, root = opened(address)
        self._root = root.rstrip("/")

    def address(self, name: str) -> str:
        """The object's address."""
        return f"{self._address}/{name}"

    def put(self, name: str, data: bytes) -> None:
        """One object; a store shows it whole or not at all."""
        try:
            self._files.pipe_file(self._at(name), data)
        except Exception as error:  # noqa: BLE001 - each store raises errors of its own
            raise _refused("problem.batch.unwritable", self.address(name), error) from None

    def get(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """As `Output.get`: several at a time, where the store can."""
        waiting: list[str] = []
        for name in names:
            waiting.append(name)
            if len(waiting) == _TOGETHER:
                yield from self._got(waiting)
                waiting.clear()
        yield from self._got(waiting)

    def _got(self, names: list[str]) -> Iterator[tuple[str, bytes | None]]:
        if not names:
            return
        try:
            found = self._files.cat([self._at(name) for name in names], on_error="return")
        except Exception as error:  # noqa: BLE001 - as above
            raise _refused("problem.batch.store", self.address(names[0]), error) from None
        by_path = {str(path): data for path, data in found.items()} if isinstance(found, dict) else {}
        for name in names:
            data = by_path.get(self._at(name), found if isinstance(found, bytes) else FileNotFoundError())
            if isinstance(data, FileNotFoundError):
                yield name, None
            elif isinstance(data, Exception):
                raise _refused("problem.batch.store", self.address(name), data)
            else:
                yield name, bytes(data)

    def names(self, folder: str) -> list[str]:
        """As `Output.names`."""
        try:
            found = self._files.ls(self._at(folder), detail=False)
        except FileNotFoundError:
            return []
        except Exception as error:  # noqa: BLE001 - as above
            raise _refused("problem.batch.store", self.address(folder), error) from None
        return sorted(name for path in found if (name := str(path).rstrip("/").rpartition("/")[2]))

    def size(self, name: str) -> int | None:
        """As `Output.size`."""
        try:
            return int(self._files.info(self._at(name))["size"])
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001 - as above
            raise _refused("problem.batch.store", self.address(name), error) from None

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """As `Output.stream`: a temporary file that is uploaded once it is whole. What was begun never shows."""
        with _temporary() as stream:
            yield stream
            stream.flush()
            try:
                self._files.put_file(stream.name, self._at(name))
            except Exception as error:  # noqa: BLE001 - as above
                raise _refused("problem.batch.unwritable", self.address(name), error) from None

    @contextmanager
    def lines(self, name: str) -> Iterator[Iterator[bytes]]:
        """As `Output.lines`."""
        try:
            with self._files.open(self._at(name), "rb") as stream:
                yield iter(stream)
        except NotReadableError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            raise _refused("problem.batch.store", self.address(name), error) from None

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root


@contextmanager
def in_one_step(file: Path) -> Iterator[IO[bytes]]:
    """A stream whose content is the file's once all is written; otherwise the old file stays.

    One writer at a time: the ledger's lock is held. A part left by one that was killed is overwritten.
    """
    part = file.with_name(f"{file.name}.partial")
    try:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        raise NotReadableError("problem.batch.unwritable", path=file, why=reason(error)) from None
    finally:
        # Where it could not be written it can't be removed either, and why has been told.
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def _temporary() -> Iterator[IO[bytes]]:
    """A temporary file; NotReadableError names its folder where there is no room for it."""
    try:
        with tempfile.NamedTemporaryFile(prefix="photoscan-") as stream:
            yield stream
    except OSError as error:
        raise NotReadableError("problem.batch.unwritable", path=temporary_folder(), why=reason(error)) from None


def output_of(where: str | Path) -> FolderOutput | StoreOutput:
    """The folder, or the store that an address names. Raises as these do."""
    if isinstance(where, Path) or not is_store(where):
        return FolderOutput(Path(where))
    if where.startswith("file://"):
        return FolderOutput(Path(where.removeprefix("file://")))
    return StoreOutput(where)


def _refused(key: str, address: str, error: Exception) -> NotReadableError:
    """What a store has against it, by the kind of the error alone: its text may hold keys."""
    why: object = type(error).__name__
    if isinstance(error, (PermissionError, FileNotFoundError)) or getattr(error, "errno", None):
        known = reason(error)
        why = known if known.key.startswith("system.") and known.key != "system.unusable" else why
        if isinstance(error, PermissionError):
            why = Phrase("system.EACCES")
    return NotReadableError(key, path=address, why=why)
