"""What ledgers have in common: one SQLite file with one writer, and what SQLite has against it as errors of ours."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photoscan.errors import NotReadableError, UsageError


def held(file: Path) -> sqlite3.Connection:
    """A connection that nobody else has as long as it is open; the system releases it when its process dies.

    Raises UsageError when another one has the file.
    """
    base = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        # Held from the first write to the end; and no file in shared memory, which network drives lack.
        base.execute("PRAGMA locking_mode = EXCLUSIVE")
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        base.close()
        raise
    return base


@contextmanager
def told(file: Path) -> Iterator[None]:
    """UsageError where the file is in use or no ledger, NotReadableError where it can't be written."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise UsageError("problem.batch.busy", path=file) from None
        raise NotReadableError("problem.batch.ledger", path=file, why=str(error)) from None
    except sqlite3.DatabaseError:
        raise UsageError("problem.batch.no_ledger", path=file) from None


def temporary_folder() -> Path:
    """Where files without a name lie, for messages."""
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        # There is none in which anything can be written.
        return Path("/tmp")
