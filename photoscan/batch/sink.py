"""Writing reports: as JSON Lines and as a table, whole files or parts, each put in place in one step.

Nothing is appended to: a file that grows beside a ledger disagrees with it whenever somebody pulls the plug.
"""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from photoscan.batch.output import Output, in_one_step
from photoscan.batch.source import Shard
from photoscan.batch.table import row, schema
from photoscan.errors import NotInstalledError

Reports = Iterable[dict[str, Any]]
_GROUP = 1000
"""Reports that are held at a time on the way to Parquet."""


@dataclass(frozen=True, slots=True)
class Part:
    """Part `number` (from 1) of what a shard has come to. It keeps its name however often it is written."""

    shard: Shard
    number: int

    @property
    def name(self) -> str:
        """'part-2-of-4-000017'."""
        return f"part-{self.shard.number}-of-{self.shard.count}-{self.number:06}"


class Sink(Protocol):
    """Where each part goes. Written by somebody else: an entry point of the group `photoscan.sinks`."""

    def write(self, part: Part, reports: Sequence[dict[str, Any]]) -> None:
        """Put a part in place, all of it or nothing. The same part again takes the place of what it held before, also
        where it has fewer rows now. A path is in one part only, once the part that has it last is written.

        What it raises ends the batch: a PhotoscanError with its text, anything else by its type alone.
        """

    def close(self) -> None:
        """Let go of connections; called once, whatever happened."""


class ParquetSink:
    """A table for each part, `parquet/part-....parquet`. NotInstalledError when Parquet can't be written here."""

    def __init__(self, output: Output) -> None:
        check_parquet()
        self._output = output

    def write(self, part: Part, reports: Sequence[dict[str, Any]]) -> None:
        """As `Sink.write`."""
        table = io.BytesIO()
        write_table(table, reports)
        self._output.put(f"parquet/{part.name}.parquet", table.getvalue())

    def close(self) -> None:
        """Nothing is open."""


def line(report: dict[str, Any]) -> bytes:
    """A report as a line in UTF-8, as `photoscan scan --format jsonl` writes it."""
    # Bytes of a file's name that are no text become JSON's own escapes, and read back as the name.
    return json.dumps(report, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def write_jsonl(file: Path, reports: Reports) -> None:
    """One report a line."""
    with in_one_step(file) as stream:
        for report in reports:
            stream.write(line(report))


def check_parquet() -> None:
    """NotInstalledError when Parquet can't be written here."""
    if importlib.util.find_spec("pyarrow") is None:
        raise NotInstalledError("problem.needs.pyarrow")


def write_parquet(file: Path, reports: Reports) -> None:
    """A table with a row for each report: what one filters by as columns, and the report itself as JSON."""
    check_parquet()
    with in_one_step(file) as stream:
        write_table(stream, reports)


def write_table(stream: IO[bytes], reports: Reports) -> None:
    """The same into a stream."""
    import pyarrow
    from pyarrow import parquet

    columns = schema()
    with parquet.ParquetWriter(stream, columns) as writer:
        group: list[dict[str, Any]] = []
        for report in reports:
            group.append(row(report))
            if len(group) == _GROUP:
                writer.write_table(pyarrow.Table.from_pylist(group, columns))
                group.clear()
        writer.write_table(pyarrow.Table.from_pylist(group, columns))
