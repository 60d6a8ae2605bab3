"""A ledger whose answers leave for parts: what it keeps of a photo is its key, its state and where it went.

What has not left yet lies in `pending` and `answers`: in a file, so that a kill loses none of it; without one (a store)
in a temporary one, so that a kill costs one more look at what was not yet full. What has left is read from the parts'
indexes at each start.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from photoscan.batch.database import held, temporary_folder, told
from photoscan.batch.index import STATES, Entry, Index, id_of, key_of, mark_of
from photoscan.batch.parts import REPORTS, Parts
from photoscan.batch.summary import State, Summary
from photoscan.batch.task import renamed
from photoscan.errors import NotReadableError, UsageError

ROWS = 1000
"""Reports in a part, by default."""
LATEST = 600.0
"""Seconds after which answers leave even if they fill no part: what a kill may cost where there is no file."""
_VERSION = 1
_WAITING = """
CREATE TABLE IF NOT EXISTS pending (
    id BLOB PRIMARY KEY, path BLOB NOT NULL, mark BLOB NOT NULL, key BLOB NOT NULL, place INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS pending_key ON pending (key);
CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, report TEXT NOT NULL, state INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deaths (key BLOB PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS made (fingerprint TEXT PRIMARY KEY);
"""
_LEFT = """
CREATE TEMP TABLE gone (
    id BLOB PRIMARY KEY, mark BLOB NOT NULL, key BLOB NOT NULL, state INTEGER NOT NULL, part INTEGER NOT NULL
    ) WITHOUT ROWID;
CREATE INDEX temp.gone_key ON gone (key);
CREATE TEMP TABLE parts (number INTEGER PRIMARY KEY, summary TEXT NOT NULL);
"""
_READY = "FROM pending JOIN answers USING (key)"


class PartsLedger:
    """As `Ledger`. `rows`: reports in a part. `file`: keeps what has not left yet; None where nothing local outlives
    the driver.

    Raises UsageError when another batch is at work here, or what lies here was made otherwise, and NotReadableError
    when the output or the file can't be written.
    """

    others, forgotten = 0, False

    def __init__(self, parts: Parts, rows: int = ROWS, file: Path | None = None) -> None:
        self.parts = parts
        self.rows = rows
        self.file = file
        self._where_kept = file or temporary_folder()
        self._ready = 0
        self._since = 0.0
        # Numbers of parts that are not there, or only begun; the last stands for all that follow.
        self._free = [1]
        self._last: tuple[int, list[dict[str, Any]]] = 0, []
        with self._told():
            self._base = sqlite3.connect("", isolation_level=None) if file is None else held(file)
        try:
            with self._told():
                self._open()
            self._load()
            with self._told():
                self._base.execute("DELETE FROM pending WHERE key NOT IN (SELECT key FROM answers)")
                self._ready = self._count(f"SELECT count(*) {_READY}")
                self._since = monotonic()
        except BaseException:
            self._base.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file. What `flush` was not called for stays in it."""
        self._base.close()

    def known(self, path: str, stamp: str) -> str | None:
        """As `Ledger.known`."""
        if not stamp:
            return None
        values = {"id": id_of(path), "mark": mark_of(stamp)}
        with self._told():
            row = self._base.execute(
                "SELECT key FROM gone WHERE id = :id AND mark = :mark"
                # Of what waits only what is answered: its key may have been one that stands for what nobody has read.
                f" UNION ALL SELECT key {_READY} WHERE id = :id AND mark = :mark",
                values,
            ).fetchone()
        return None if row is None else bytes(row[0]).hex()

    def answered(self, key: str) -> bool:
        """As `Ledger.answered`."""
        return self._is_waiting(key_of(key)) or self._where(key_of(key)) is not None

    def place(self, path: str, stamp: str, key: str, place: int) -> None:
        """As `Ledger.place`. A photo whose answer has left in the row of another path gets a row of its own."""
        row, mark, work = id_of(path), mark_of(stamp), key_of(key)
        with self._told():
            same = "SELECT 1 FROM pending WHERE id = ? AND mark = ? AND key = ?"
            if self._base.execute(same, (row, mark, work)).fetchone():
                return
            same = "SELECT 1 FROM gone WHERE id = ? AND mark = ? AND key = ?"
            if self._base.execute(same, (row, mark, work)).fetchone():
                # It has its row, which says the same: of what can't be read, the reason that was first told.
                self._base.execute("DELETE FROM pending WHERE id = ?", (row,))
                return
            with self._at_once():
                if not self._is_waiting(work) and (found := self._where(work)) is not None:
                    self._base.execute("INSERT INTO answers VALUES (?, ?, ?)", (work, *self._fetched(*found)))
                self._base.execute(
                    "INSERT INTO pending VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET mark = excluded.mark, key = excluded.key",
                    (row, path.encode("utf-8", "surrogatepass"), mark, work, place),
                )
                self._ready += self._is_waiting(work)
        self._leave_in_time()

    def answer(self, key: str, report: str, state: State = "whole") -> None:
        """As `Ledger.answer`; with the last row of a part, the part is written."""
        work = key_of(key)
        with self._told():
            self._base.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (work, report, STATES.index(state)))
            self._ready += self._count("SELECT count(*) FROM pending WHERE key = ?", work)
        self._leave_in_time()

    def died(self, key: str) -> int:
        """As `Ledger.died`; where there is no file, as often as this driver has seen."""
        with self._told():
            self._base.execute(
                "INSERT INTO deaths VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1", (key_of(key),)
            )
            return self._count("SELECT count FROM deaths WHERE key = ?", key_of(key))

    def count(self) -> int:
        """How many photos have their row."""
        with self._told():
            return self._count("SELECT count(*) FROM gone") + self._count(f"SELECT count(*) {_READY}")

    def forget_partial(self) -> int:
        """As `Ledger.forget_partial`: their rows stay until there are new ones."""
        with self._told(), self._at_once():
            self._base.execute("DELETE FROM deaths")
            waiting = self._base.execute("DELETE FROM answers WHERE state <> 0").rowcount
            self._base.execute("DELETE FROM pending WHERE key NOT IN (SELECT key FROM answers)")
            self._ready = self._count(f"SELECT count(*) {_READY}")
            return waiting + self._base.execute("UPDATE gone SET mark = x'', key = x'' WHERE state <> 0").rowcount

    def reports(self, of_this_run: bool = True) -> Iterator[tuple[str, dict[str, Any], State]]:
        """As `Ledger.reports`: all rows there are, of earlier runs too, in the order of the parts."""
        self.flush()
        for (number,) in self._base.execute("SELECT number FROM parts ORDER BY number").fetchall():
            for report in self.parts.read(number):
                path = report["photo"]["path"]
                yield path, report, STATES[self._count("SELECT state FROM gone WHERE id = ?", id_of(path))]

    def flush(self) -> None:
        """As `Ledger.flush`: the last answers leave, in a part that may be smaller."""
        while self._leave():
            pass
        while len(self._free) > 1:
            # Reports of photos that are there no more, or have their rows elsewhere by now.
            index = self.parts.write(self._free[0], [])
            with self._told(), self._at_once():
                self._note(index)
            self._free.pop(0)
        with self._told():
            self._base.execute("DELETE FROM answers WHERE key NOT IN (SELECT key FROM pending)")

    def summary(self) -> Summary:
        """What all rows come to, by the parts' own counts."""
        whole = Summary()
        with self._told():
            for (part,) in self._base.execute("SELECT summary FROM parts ORDER BY number"):
                whole.include(Summary.from_dict(json.loads(part)))
        return whole

    def _open(self) -> None:
        if self.file is None:
            self._base.execute("PRAGMA journal_mode = MEMORY")
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise UsageError("problem.batch.version", path=self.file)
        self._base.executescript(f"BEGIN IMMEDIATE; {_WAITING} PRAGMA user_version = {_VERSION}; COMMIT;")
        self._base.executescript(_LEFT)
        # What waits was answered under these options, or else it is worth nothing.
        if not self._base.execute("SELECT 1 FROM made WHERE fingerprint = ?", (self.parts.fingerprint,)).fetchone():
            self._base.executescript("DELETE FROM pending; DELETE FROM answers; DELETE FROM deaths; DELETE FROM made;")
            self._base.execute("INSERT INTO made VALUES (?)", (self.parts.fingerprint,))

    def _load(self) -> None:
        """Take in what the parts say. Rows that a later part replaces are taken out, and what a sink lacks
        is handed to it."""
        replaced: set[int] = set()
        for index in self.parts.indexes():
            with self._told(), self._at_once():
                replaced |= self._note(index)
            if not self.parts.sinks.keys() <= set(index.sinks):
                # A sink that came later.
                replaced.add(index.number)
            self._free[-1:] = [*range(self._free[-1], index.number), index.number + 1]
        if self.parts.is_begun(self._free[-1]):
            self._free.append(self._free[-1] + 1)
        self._shrink(replaced)
        with self._told():
            # A driver that was killed after it wrote a part, and before it took note.
            self._base.execute(
                "DELETE FROM pending WHERE EXISTS (SELECT 1 FROM gone"
                " WHERE gone.id = pending.id AND gone.mark = pending.mark AND gone.key = pending.key)"
            )

    def _note(self, index: Index) -> set[int]:
        """The rows of a part are known from now on; the earlier parts that held some of them."""
        rows = [(one.id, one.mark, one.key, STATES.index(one.state), index.number) for one in index.entries]
        earlier: set[int] = set()
        for row in rows:
            found = self._base.execute("SELECT part FROM gone WHERE id = ?", row[:1]).fetchone()
            earlier |= {found[0]} if found else set()
        self._base.executemany("INSERT OR REPLACE INTO gone VALUES (?, ?, ?, ?, ?)", rows)
        self._base.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (index.number, json.dumps(index.summary)))
        return earlier - {index.number}

    def _shrink(self, numbers: set[int]) -> None:
        """Write parts anew without the rows that later ones have. What should be there and is not is forgotten."""
        for number in sorted(numbers):
            with self._told():
                entries = {
                    row: Entry(row, mark, key, STATES[state])
                    for row, mark, key, state in self._base.execute(
                        "SELECT id, mark, key, state FROM gone WHERE part = ?", (number,)
                    )
                }
            reports = [(id_of(report["photo"]["path"]), report) for report in self.parts.read(number)]
            index = self.parts.write(number, [(entries[row], report) for row, report in reports if row in entries])
            with self._told():
                lost = entries.keys() - {row for row, _ in reports}
                self._base.executemany("DELETE FROM gone WHERE id = ?", [(row,) for row in lost])
                self._base.execute("UPDATE parts SET summary = ? WHERE number = ?", (json.dumps(index.summary), number))

    def _leave_in_time(self) -> None:
        if self._ready and (self._ready >= self.rows or monotonic() - self._since > LATEST):
            self._leave()

    def _leave(self) -> bool:
        """Write one part of what is answered; whether there was any."""
        with self._told():
            found = self._base.execute(
                f"SELECT id, path, mark, key, report, state {_READY} ORDER BY place LIMIT ?", (self.rows,)
            ).fetchall()
        self._since = monotonic()
        if not found:
            self._ready = 0
            return False
        rows = []
        for row, path, mark, key, report, state in found:
            name = bytes(path).decode("utf-8", "surrogatepass")
            rows.append((Entry(row, mark, key, STATES[state]), renamed(json.loads(report), name)))
        index = self.parts.write(self._free[0], rows)
        number = self._free.pop(0)
        self._free = self._free or [number + 1]
        with self._told(), self._at_once():
            self._forget_waiting([row[:4:3] for row in found])
            replaced = self._note(index)
            self._ready = self._count(f"SELECT count(*) {_READY}")
        self._shrink(replaced)
        return True

    def _forget_waiting(self, left: Sequence[tuple[bytes, bytes]]) -> None:
        self._base.executemany("DELETE FROM pending WHERE id = ?", [(row,) for row, _ in left])
        self._base.executemany(
            "DELETE FROM answers WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM pending WHERE key = ?1)",
            [(key,) for _, key in left],
        )

    def _is_waiting(self, key: bytes) -> bool:
        with self._told():
            return self._base.execute("SELECT 1 FROM answers WHERE key = ?", (key,)).fetchone() is not None

    def _where(self, key: bytes) -> tuple[bytes, int, int] | None:
        """Of a piece of work that has left: a path's id, its part, and the state."""
        with self._told():
            found = self._base.execute("SELECT id, part, state FROM gone WHERE key = ? LIMIT 1", (key,)).fetchone()
        return None if found is None else (bytes(found[0]), int(found[1]), int(found[2]))

    def _fetched(self, row: bytes, number: int, state: int) -> tuple[str, int]:
        """A report that has left, and its state. The last part that was read is held: what is alike lies together."""
        if self._last[0] != number:
            self._last = number, self.parts.read(number)
        for report in self._last[1]:
            if id_of(report["photo"]["path"]) == row:
                return json.dumps(report), state
        raise NotReadableError("problem.batch.parts.gone", path=self.parts.output.address(REPORTS))

    def _count(self, question: str, *values: object) -> int:
        return int(self._base.execute(question, values).fetchone()[0])

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """All of it or, where something is raised, nothing."""
        self._base.execute("BEGIN")
        try:
            yield
        except BaseException:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def _told(self) -> AbstractContextManager[None]:
        return told(self._where_kept)
