"""Batch: thousands of photos, each inspected once, none lost, whatever is killed on the way.

`source.py` names the photos (`store.py` those in an object store), an executor (`executor.py`; `local.py` on this
computer) runs the task (`task.py`) on those that are new, `ledger.py` remembers every answer, `sink.py` writes the
reports out of it, `run.py` ties them together.
"""

from photoscan.batch.executor import Executor, Job, Outcome
from photoscan.batch.ledger import Ledger
from photoscan.batch.local import LocalExecutor
from photoscan.batch.run import Batch, Progress
from photoscan.batch.source import FileSource, Item, Shard, Source
from photoscan.batch.store import StoreSource

__all__ = [
    "Batch",
    "Executor",
    "FileSource",
    "Item",
    "Job",
    "Ledger",
    "LocalExecutor",
    "Outcome",
    "Progress",
    "Shard",
    "Source",
    "StoreSource",
]
