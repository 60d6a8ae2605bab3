"""The ledger of one computer: what is known of every photo, in one SQLite file that outlives whoever writes it.

Three tables, each by fingerprint (`photoscan.fingerprint`; the column is called `engine`), so that answers under other
options, models or policies are kept apart. `answers`: a report for each piece of work. `rows`: which paths stand for
which work, and what each file was when it was last looked at. `deaths`: how often a process died over a piece of work.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from photoscan.batch.database import held, told
from photoscan.batch.summary import State
from photoscan.errors import UsageError

VERSION = 2
"""Raised when what was kept may not stand here any longer: up to 1 values were masked by their length, and parts of
secrets could show.
"""
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    engine TEXT NOT NULL, key TEXT NOT NULL, report TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (engine, key));
CREATE TABLE IF NOT EXISTS rows (
    engine TEXT NOT NULL, path BLOB NOT NULL, stamp TEXT NOT NULL, key TEXT NOT NULL,
    run INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (engine, path));
CREATE TABLE IF NOT EXISTS deaths (
    engine TEXT NOT NULL, key TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (engine, key));
CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY, engine TEXT NOT NULL);
"""
_TOGETHER = 500
"""Rows of photos known before are committed so many at a time: losing them costs a look, not an answer."""


class LocalLedger:
    """As `Ledger`. One writer at a time, enforced by SQLite's own lock, which the system releases when the writer dies.

    `others`: how many answers it holds under other fingerprints. `forgotten`: whether it held some of an earlier
    version.

    Raises UsageError when another batch is at work on the file or it is no ledger, NotReadableError when it can't be
    written.
    """

    def __init__(self, file: Path, fingerprint: str) -> None:
        self.file = file
        self.fingerprint = fingerprint
        self._pending = 0
        with self._told():
            self._base = held(file)
        try:
            with self._told():
                (version,) = self._base.execute("PRAGMA user_version").fetchone()
                if version not in range(VERSION + 1):
                    raise UsageError("problem.batch.version", path=file)
                self.forgotten = 0 < version < VERSION and self._forget()
                self._base.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
                self._base.execute("INSERT INTO runs (engine) VALUES (?)", (fingerprint,))
                (self.run,) = self._base.execute("SELECT max(number) FROM runs").fetchone()
        except BaseException:
            self._base.close()
            raise
        self.others = self._count("SELECT count(*) FROM answers WHERE engine <> ?", fingerprint)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Commit and release the file."""
        try:
            with self._told():
                self._commit()
        finally:
            self._base.close()

    def known(self, path: str, stamp: str) -> str | None:
        """The key of the work that a path stood for when its file was last looked at; None when it has changed."""
        with self._told():
            row = self._base.execute(
                "SELECT key FROM rows WHERE engine = ? AND path = ? AND stamp = ? AND stamp <> ''",
                (self.fingerprint, os.fsencode(path), stamp),
            ).fetchone()
        return None if row is None else str(row[0])

    def answered(self, key: str) -> bool:
        """Whether a piece of work is done."""
        with self._told():
            found = self._base.execute("SELECT 1 FROM answers WHERE engine = ? AND key = ?", (self.fingerprint, key))
            return found.fetchone() is not None

    def place(self, path: str, stamp: str, key: str, place: int) -> None:
        """Note which work a path stands for, and its place in the order of this run."""
        with self._told():
            if not self._pending:
                self._base.execute("BEGIN")
            self._base.execute(
                "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET stamp = excluded.stamp,"
                " key = excluded.key, run = excluded.run,"
                " place = CASE WHEN run = excluded.run THEN place ELSE excluded.place END",
                (self.fingerprint, os.fsencode(path), stamp, key, self.run, place),
            )
            self._pending += 1
            if self._pending >= _TOGETHER:
                self._commit()

    def answer(self, key: str, report: str, state: State = "whole") -> None:
        """Keep a report, as JSON in ASCII; when this returns, it outlives the process."""
        with self._told():
            self._commit()
            self._base.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
                (self.fingerprint, key, report, state),
            )

    def died(self, key: str) -> int:
        """Note that a process died over a piece of work, or was ended for taking too long; how often by now."""
        with self._told():
            self._commit()
            self._base.execute(
                "INSERT INTO deaths VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
                (self.fingerprint, key),
            )
        return self._count("SELECT count FROM deaths WHERE engine = ? AND key = ?", self.fingerprint, key)

    def count(self) -> int:
        """How many pieces of work are done."""
        return self._count("SELECT count(*) FROM answers WHERE engine = ?", self.fingerprint)

    def forget_partial(self) -> int:
        """Give what was set aside or not wholly inspected another chance; how many there were."""
        with self._told():
            self._commit()
            self._base.execute("DELETE FROM deaths WHERE engine = ?", (self.fingerprint,))
            gone = self._base.execute("DELETE FROM answers WHERE engine = ? AND state <> 'whole'", (self.fingerprint,))
            return gone.rowcount

    def flush(self) -> None:
        """As `Ledger.flush`."""
        with self._told():
            self._commit()

    def reports(self, of_this_run: bool = True) -> Iterator[tuple[str, dict[str, Any], State]]:
        """Path, report (with the path under which it was made) and its state, in the order of the run.

        `of_this_run`: only paths that this run has come past, otherwise all that were ever answered under this
        fingerprint.
        A path that came twice stands at its first place.
        """
        with self._told():
            self._commit()
            # Reports are fetched one by one: sorting takes what is sorted along, and these are gigabytes.
            for path, key in self._base.execute(
                "SELECT path, key FROM rows WHERE engine = ? AND run >= ? ORDER BY run, place",
                (self.fingerprint, self.run if of_this_run else 0),
            ):
                for report, state in self._base.execute(
                    "SELECT report, state FROM answers WHERE engine = ? AND key = ?", (self.fingerprint, key)
                ):
                    yield os.fsdecode(path), json.loads(report), state

    def _forget(self) -> bool:
        """Delete all answers of an earlier version, from the file's free pages as well; whether there were any."""
        self._base.execute("PRAGMA secure_delete = ON")
        gone = self._base.execute("DELETE FROM answers").rowcount
        self._base.execute("VACUUM")
        self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone > 0

    def _count(self, question: str, *values: object) -> int:
        with self._told():
            return int(self._base.execute(question, values).fetchone()[0])

    def _commit(self) -> None:
        self._pending = 0
        # On a full disk SQLite takes back by itself what was begun.
        if self._base.in_transaction:
            self._base.execute("COMMIT")

    def _told(self) -> AbstractContextManager[None]:
        return told(self.file)
