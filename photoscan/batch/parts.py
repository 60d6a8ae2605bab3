"""The parts of one shard: reports as JSON Lines, the same for each sink, and the index that says that all is there.

| name | contents |
| --- | --- |
| `reports/part-2-of-4-000017.jsonl` | the reports |
| `index/2-of-4/part-2-of-4-000017.json` | what the part holds (`index.py`); written last |
| `drivers/2-of-4` | who writes this shard: the one that began last |

Only stores have the last: in a folder the ledger's file is locked.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from photoscan.batch.index import Entry, Index, digest_of
from photoscan.batch.output import Output
from photoscan.batch.sink import Part, Sink, line
from photoscan.batch.source import Shard
from photoscan.batch.summary import Summary
from photoscan.errors import NotReadableError, PhotoscanError, UsageError

REPORTS, INDEX, DRIVERS = "reports", "index", "drivers"


class Parts:
    """`sinks`: by name, what else gets each part. `alone`: nobody else can write here, which a lock sees to.

    Raises UsageError when the output holds parts made otherwise: with another fingerprint, or of another number of
    shards.
    """

    def __init__(
        self, output: Output, shard: Shard, fingerprint: str, sinks: Mapping[str, Sink], alone: bool = False
    ) -> None:
        self.output = output
        self.shard = shard
        self.fingerprint = fingerprint
        self.sinks = sinks
        self.folder = f"{shard.number}-of-{shard.count}"
        for name in output.names(INDEX):
            if name.partition("-of-")[2] != str(shard.count):
                raise UsageError("problem.batch.parts.count", path=output.address(INDEX), found=name, count=shard.count)
        self._token = b"" if alone else secrets.token_hex(16).encode()
        if self._token:
            output.put(f"{DRIVERS}/{self.folder}", self._token)

    def indexes(self) -> Iterator[Index]:
        """Of every part that is whole, in their order. A last one that another driver was at is passed over."""
        names = [name for name in self.output.names(f"{INDEX}/{self.folder}") if name.endswith(".json")]
        names = [f"{INDEX}/{self.folder}/{name}" for name in names]
        for name, data in self.output.get(names):
            try:
                index = index_at(name, self.shard, data)
            except ValueError:
                # Half of one, which only a file system shows that is none of a store's, or somebody's copy.
                continue
            if index.fingerprint != self.fingerprint:
                raise UsageError("problem.batch.parts.fingerprint", path=self.output.address(""))
            if name == names[-1] and self.output.size(self._reports(index.number)) != index.size:
                continue
            yield index

    def is_begun(self, number: int) -> bool:
        """Whether there are reports that no index speaks of: somebody was killed between the two."""
        return self.output.size(self._reports(number)) is not None

    def write(self, number: int, rows: Sequence[tuple[Entry, dict[str, Any]]]) -> Index:
        """Put a part in place: in all sinks, and in the index last. UsageError where another driver has begun."""
        part = Part(self.shard, number)
        reports = [report for _, report in rows]
        data = b"".join(map(line, reports))
        summary = Summary()
        for entry, report in rows:
            summary.add(report["photo"]["path"], report, entry.state)
        self._check()
        self.output.put(self._reports(number), data)
        for name, sink in self.sinks.items():
            written(name, sink, part, reports)
        entries = tuple(entry for entry, _ in rows)
        index = Index(
            self.fingerprint, f"{self.shard.number}/{self.shard.count}", number, len(data), digest_of(data),
            tuple(self.sinks), summary.to_dict(), entries,
        )  # fmt: skip
        self.output.put(index_name(part), index.to_bytes())
        return index

    def read(self, number: int) -> list[dict[str, Any]]:
        """The reports of a part; NotReadableError where it is gone."""
        name = self._reports(number)
        for _, data in self.output.get([name]):
            if data is not None:
                return [json.loads(row) for row in data.split(b"\n") if row]
        raise NotReadableError("problem.batch.parts.gone", path=self.output.address(name))

    def _reports(self, number: int) -> str:
        return f"{REPORTS}/{Part(self.shard, number).name}.jsonl"

    def _check(self) -> None:
        name = f"{DRIVERS}/{self.folder}"
        if self._token and dict(self.output.get([name]))[name] != self._token:
            raise UsageError("problem.batch.parts.taken", path=self.output.address(""), shard=self.folder)


def index_name(part: Part) -> str:
    """Where a part's index lies."""
    return f"{INDEX}/{part.shard.number}-of-{part.shard.count}/{part.name}.json"


def index_at(name: str, shard: Shard, data: bytes | None) -> Index:
    """The index that lies under a name; ValueError where there is none, or that of another part, such as a copy."""
    index = Index.from_bytes(data or b"")
    if index.shard != f"{shard.number}/{shard.count}" or name != index_name(Part(shard, index.number)):
        raise ValueError("of another part")
    return index


def written(name: str, sink: Sink, part: Part, reports: Sequence[dict[str, Any]]) -> None:
    """Hand a part to a sink; what a sink from outside raises is told by its type, since its text may hold keys."""
    try:
        sink.write(part, reports)
    except PhotoscanError:
        raise
    except Exception as error:  # noqa: BLE001 - of somebody else's
        raise NotReadableError("problem.batch.sink", name=name, why=type(error).__name__) from None
