"""Writing the reports out of the ledger: whole files, put in place in one step, so that they always agree with it.

Nothing is appended while photos are being inspected: a file that grows beside a ledger disagrees with it whenever
somebody pulls the plug.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from photoscan.batch.table import row, schema, shown
from photoscan.errors import NotInstalledError, NotReadableError, reason

__all__ = ["check_parquet", "shown", "write_jsonl", "write_parquet"]

Reports = Iterable[dict[str, Any]]
_GROUP = 1000
"""Reports that are held at a time on the way to Parquet."""


def write_jsonl(file: Path, reports: Reports) -> None:
    """One report a line in UTF-8, as `photoscan scan --format jsonl` writes it."""
    with _in_one_step(file) as stream:
        for report in reports:
            # Bytes of a file's name that are no text become JSON's own escapes, and read back as the name.
            stream.write(json.dumps(report, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")


def check_parquet() -> None:
    """NotInstalledError when Parquet can't be written here."""
    if importlib.util.find_spec("pyarrow") is None:
        raise NotInstalledError("problem.needs.pyarrow")


def write_parquet(file: Path, reports: Reports) -> None:
    """A table with a row for each report: what one filters by as columns, and the report itself as JSON."""
    check_parquet()
    import pyarrow
    from pyarrow import parquet

    columns = schema()
    with _in_one_step(file) as stream, parquet.ParquetWriter(stream, columns) as writer:
        group: list[dict[str, Any]] = []
        for report in reports:
            group.append(row(report))
            if len(group) == _GROUP:
                writer.write_table(pyarrow.Table.from_pylist(group, columns))
                group.clear()
        writer.write_table(pyarrow.Table.from_pylist(group, columns))


@contextmanager
def _in_one_step(file: Path) -> Iterator[IO[bytes]]:
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
        raise NotReadableError("problem.unwritable", path=file, why=reason(error)) from None
    finally:
        part.unlink(missing_ok=True)
