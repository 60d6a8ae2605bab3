"""What a batch writes, and where: whole files in a folder, or parts in a folder or an object store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photoscan.batch.local_ledger import LocalLedger
from photoscan.batch.output import FolderOutput, Output, output_of
from photoscan.batch.parts import Parts
from photoscan.batch.parts_ledger import ROWS, PartsLedger
from photoscan.batch.run import Batch
from photoscan.batch.sink import ParquetSink, check_parquet, line, write_table
from photoscan.batch.sinks_outside import sinks_of
from photoscan.batch.source import Shard
from photoscan.batch.summary import Summary


@dataclass(frozen=True, slots=True)
class Writing:
    """`parts`: reports in a part; None for whole files, where the output is a folder and there are no sinks. `sink`:
    each NAME=ADDRESS. `settings`: what of a project had a say, for the summary."""

    out: Path | str
    part: Shard
    parquet: bool
    parts: int | None
    sink: Sequence[str] = ()
    settings: Mapping[str, Any] | None = None

    @property
    def in_parts(self) -> bool:
        """Whether answers leave as they come."""
        return self.parts is not None or bool(self.sink) or isinstance(self.out, str)

    @contextmanager
    def ledger(self, fingerprint: str) -> Iterator[LocalLedger | PartsLedger]:
        """What remembers the answers, open until the end. Raises as the ledgers, outputs and sinks do."""
        if self.parquet:
            check_parquet()
        with ExitStack() as stack:
            sinks = stack.enter_context(sinks_of(self.sink))
            output = output_of(self.out)
            folder = output.folder if isinstance(output, FolderOutput) else None
            if isinstance(output, FolderOutput):
                output.make()
            if folder is not None and not self.in_parts:
                yield stack.enter_context(LocalLedger(folder / f"ledger{self.part.suffix}.sqlite", fingerprint))
                return
            if self.parquet:
                sinks = {"parquet": ParquetSink(output), **sinks}
            parts = Parts(output, self.part, fingerprint, sinks, alone=folder is not None)
            file = folder / f"pending{self.part.suffix}.sqlite" if folder is not None else None
            yield stack.enter_context(PartsLedger(parts, self.parts or ROWS, file))

    def write(self, work: Batch, ledger: LocalLedger | PartsLedger, summary: Summary) -> list[str]:
        """Write what is left to write, and the summary, which counts all there is; what was written.

        Whole files are written by a run that finished: with a million rows behind it a stop has to be quick, and what
        is known is in the ledger.
        """
        output = output_of(self.out)
        written = [output.address(f"summary{self.part.suffix}.json")]
        ledger.flush()
        if isinstance(ledger, PartsLedger):
            written.insert(0, output.address("reports/"))
            summary.include(ledger.summary())
        elif summary.finished:
            written.insert(0, self._whole(work, output, summary))
            written += [self._table(work, output)] if self.parquet else []
        else:
            summary.photos = ledger.count()
        output.put(f"summary{self.part.suffix}.json", self._summary(summary, ledger))
        return written

    def _whole(self, work: Batch, output: Output, summary: Summary) -> str:

        name = f"reports{self.part.suffix}.jsonl"
        with output.stream(name) as stream:
            stream.writelines(map(line, work.reports(summary)))
        return output.address(name)

    def _table(self, work: Batch, output: Output) -> str:

        name = f"reports{self.part.suffix}.parquet"
        with output.stream(name) as stream:
            write_table(stream, work.reports())
        return output.address(name)

    def _summary(self, summary: Summary, ledger: LocalLedger | PartsLedger) -> bytes:

        parts = isinstance(ledger, PartsLedger)
        rows = summary.to_dict() | {
            "shard": f"{self.part.number}/{self.part.count}",
            "fingerprint": ledger.parts.fingerprint if isinstance(ledger, PartsLedger) else ledger.fingerprint,
            "parts": parts,
        }
        rows |= {} if self.settings is None else {"settings": self.settings}
        return (json.dumps(rows, indent=2) + "\n").encode()
