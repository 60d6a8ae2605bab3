"""One file of what all shards wrote: whole files, parts, or both. Streamed: memory does not grow with the photos."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import IO, Any

from photoscan.batch.database import temporary_folder, told
from photoscan.batch.index import STATES, Index, digest_of, id_of
from photoscan.batch.output import Output
from photoscan.batch.parts import INDEX, REPORTS, index_at
from photoscan.batch.sink import Part, check_parquet, line, write_table
from photoscan.batch.source import Shard
from photoscan.batch.summary import Summary
from photoscan.errors import NotReadableError, UsageError
from photoscan.patterns import pattern

_OF = pattern(r"(?:(?:summary|reports)-)?(\d+)-of-(\d+)(?:\.json|\.jsonl)?")
_GIVEN_UP = frozenset(("worker_lost", "timeout", "crash"))
"""Error codes of photos that were set aside; in parts it is noted which they are."""
_SEEN = """
CREATE TABLE seen (id BLOB PRIMARY KEY, shard INTEGER NOT NULL, part INTEGER NOT NULL, state INTEGER) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What one shard wrote. `summary` is None where it has none; `fingerprints` those under which it was made."""

    shard: Shard
    summary: dict[str, Any] | None
    parts: tuple[str, ...]
    whole: bool

    @property
    def finished(self) -> bool:
        """Whether its last run finished, and said what it was made with."""
        return self.summary is not None and bool(self.summary["finished"]) and "fingerprint" in self.summary


@dataclass(slots=True)
class Merged:
    """What was written, what it comes to, and how many rows were left out since another one has their path."""

    written: list[str]
    summary: Summary
    doubled: int
    missing: list[str] = field(default_factory=list)


def merge(output: Output, to: Output, parquet: bool = False, partial: bool = False) -> Merged:
    """Write `reports.jsonl`, `summary.json` and with `parquet` `reports.parquet` to `to`, of all that `output` holds.

    One row for each path: the one written last. In the order of the shards. `partial`: go on without shards that are
    missing or not finished.

    Raises UsageError where there is nothing, shards are missing or not finished, or they were made with other options,
    and NotReadableError where something can't be read, or is not what its index says.
    """
    if parquet:
        check_parquet()
    shards = found(output)
    missing = [f"{one.shard.number}/{one.shard.count}" for one in shards if not one.finished]
    if missing and not partial:
        raise UsageError("problem.merge.missing", path=output.address(""), shards=", ".join(missing))
    with told(temporary_folder()), closing(sqlite3.connect("", isolation_level=None)) as seen, ExitStack() as stack:
        seen.execute("PRAGMA journal_mode = OFF")
        seen.execute(_SEEN)
        fingerprint = _survey(output, shards, seen)
        merged = Merged([to.address("reports.jsonl")], _begun(shards), 0, missing)
        stream = stack.enter_context(to.stream("reports.jsonl"))
        rows = _counted(output, shards, seen, merged)
        if parquet:
            merged.written.append(to.address("reports.parquet"))
            table = stack.enter_context(to.stream("reports.parquet"))
            write_table(table, _passed_on(rows, stream))
        else:
            stream.writelines(map(line, rows))
    count = shards[0].shard.count
    own = {"shard": "1/1", "parts": bool(shards[0].parts)} if count == 1 else {"shards": count}
    document = merged.summary.to_dict() | own | {"fingerprint": fingerprint}
    to.put("summary.json", (json.dumps(document, indent=2) + "\n").encode())
    merged.written.append(to.address("summary.json"))
    return merged


def found(output: Output) -> list[Found]:
    """What each shard wrote, in their order. UsageError where there is nothing, or of more than one division."""
    names = set(output.names(""))
    folders = output.names(INDEX)
    counts = {int(match[2]) for name in (*names, *folders) if (match := _OF.fullmatch(name))}
    if not counts and {"reports.jsonl", "summary.json"} <= names:
        counts = {1}
    if not counts:
        raise UsageError("problem.merge.nothing", path=output.address(""))
    if len(counts) > 1:
        some = ", ".join(map(str, sorted(counts)))
        raise UsageError("problem.merge.counts", path=output.address(""), counts=some)
    (count,) = counts
    shards = [Shard(number, count) for number in range(1, count + 1)]
    summaries = dict(output.get(f"summary{shard.suffix}.json" for shard in shards))
    rows = []
    for shard in shards:
        folder = f"{shard.number}-of-{count}"
        parts = output.names(f"{INDEX}/{folder}") if folder in folders else []
        rows.append(
            Found(
                shard,
                _summary(output, f"summary{shard.suffix}.json", summaries[f"summary{shard.suffix}.json"]),
                tuple(f"{INDEX}/{folder}/{name}" for name in parts if name.endswith(".json")),
                not parts and f"reports{shard.suffix}.jsonl" in names,
            )
        )
    return rows


def _summary(output: Output, name: str, data: bytes | None) -> dict[str, Any] | None:
    if data is None:
        return None
    try:
        rows = json.loads(data)
        Summary.from_dict(rows)
    except (ValueError, KeyError, TypeError, AttributeError):
        # Of an earlier version: it counts as one that is not finished, and running it again costs little.
        return None
    return dict(rows)


def _survey(output: Output, shards: list[Found], seen: sqlite3.Connection) -> str:
    """Note which part has the last row of each path; the fingerprint of all. UsageError where there are several."""
    summaries = ((one, one.summary or {}) for one in shards)
    made = {str(rows["fingerprint"]): one.shard for one, rows in summaries if "fingerprint" in rows}
    for one in shards:
        for name, data in output.get(one.parts):
            try:
                index = index_at(name, one.shard, data)
            except ValueError:
                raise NotReadableError("problem.merge.damaged", path=output.address(name)) from None
            made.setdefault(index.fingerprint, one.shard)
            seen.executemany(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
                [(row.id, one.shard.number, index.number, STATES.index(row.state)) for row in index.entries],
            )
    if len(made) > 1:
        some = ", ".join(f"{shard.number}/{shard.count}" for shard in made.values())
        raise UsageError("problem.merge.fingerprints", path=output.address(""), shards=some)
    return next(iter(made), "")


def _begun(shards: list[Found]) -> Summary:
    """What the shards' summaries say beside counts of reports."""
    whole = Summary(finished=all(one.finished for one in shards))
    for one in shards:
        if one.summary is not None:
            own = Summary.from_dict(one.summary)
            whole.include(
                Summary(answered=own.answered, seconds=own.seconds, finished=whole.finished, passed=own.passed)
            )
    return whole


def _counted(output: Output, shards: list[Found], seen: sqlite3.Connection, merged: Merged) -> Iterator[dict[str, Any]]:
    """Each path's report; counted as it goes by."""
    for shard, number, data in _files(output, shards):
        for row in data:
            report = json.loads(row)
            path = report["photo"]["path"]
            own = (shard.number, number)
            error = report["error"] and report["error"]["code"]
            guess = STATES.index("set_aside" if error in _GIVEN_UP else "whole")
            row_of_own = (id_of(path), *own, guess)
            is_first = seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", row_of_own).rowcount > 0
            where = "SELECT shard, part, state FROM seen WHERE id = ?"
            *last, state = seen.execute(where, (id_of(path),)).fetchone()
            # A whole file says no more than once where a path's row is: it has been put together by hand.
            if tuple(last) != own or (number == 0 and not is_first):
                merged.doubled += 1
                continue
            merged.summary.add(path, report, STATES[state])
            yield report


def _passed_on(reports: Iterable[dict[str, Any]], stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The reports, each written as it goes by."""
    for report in reports:
        stream.write(line(report))
        yield report


def _files(output: Output, shards: list[Found]) -> Iterator[tuple[Shard, int, Iterator[bytes]]]:
    """Shard, number of the part (0 of a whole file) and lines of all that was written."""
    for one in shards:
        for name, data in output.get(one.parts):
            index = Index.from_bytes(data or b"")  # as _survey found it
            part = f"{REPORTS}/{Part(one.shard, index.number).name}.jsonl"
            ((_, reports),) = output.get([part])
            if reports is None or digest_of(reports) != index.digest:
                raise NotReadableError("problem.merge.damaged", path=output.address(name))
            yield one.shard, index.number, (row for row in reports.split(b"\n") if row)
        if one.whole:
            with output.lines(f"reports{one.shard.suffix}.jsonl") as lines:
                yield one.shard, 0, lines
