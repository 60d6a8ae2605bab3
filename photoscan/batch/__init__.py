"""Batch: thousands of photos, each inspected once, none lost, whatever is killed on the way.

`source.py` says what a photo to be is (`file_source.py` names those of this computer, `store.py` those in an object
store), an executor (`executor.py`; `local.py` on this computer) runs the task (`task.py`, as `setup.py` says) on those
that are new, a ledger (`ledger.py`) remembers every answer: `local_ledger.py` the reports themselves, `parts_ledger.py`
where they went once they left in parts (`parts.py`, with an `index.py` each). `output.py` is where all of it lies,
`sink.py` what reports become, `summary.py` what they come to, `writing.py` puts these together. `run.py` ties all
together, `merging.py` makes one of all shards.
"""

from photoscan.batch.executor import Answer, Executor, Job, Outcome
from photoscan.batch.file_source import FileSource
from photoscan.batch.ledger import Ledger
from photoscan.batch.local import LocalExecutor
from photoscan.batch.local_ledger import LocalLedger
from photoscan.batch.output import FolderOutput, Output, StoreOutput
from photoscan.batch.parts import Parts
from photoscan.batch.parts_ledger import PartsLedger
from photoscan.batch.run import Batch, Progress
from photoscan.batch.setup import Setup
from photoscan.batch.sink import ParquetSink, Part, Sink
from photoscan.batch.source import Item, Shard, Source
from photoscan.batch.store import StoreSource
from photoscan.batch.summary import Summary

__all__ = [
    "Answer",
    "Batch",
    "Executor",
    "FileSource",
    "FolderOutput",
    "Item",
    "Job",
    "Ledger",
    "LocalExecutor",
    "LocalLedger",
    "Outcome",
    "Output",
    "ParquetSink",
    "Part",
    "Parts",
    "PartsLedger",
    "Progress",
    "Setup",
    "Shard",
    "Sink",
    "Source",
    "StoreOutput",
    "StoreSource",
    "Summary",
]
