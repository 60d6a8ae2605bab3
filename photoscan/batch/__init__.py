"""Batch: thousands of photos, each inspected once, none lost, whatever is killed on the way.

`source.py` says what a photo to be is (`file_source.py` names those of this computer, `store.py` those in an object
store), an executor (`executor.py`; `local.py` on this computer) runs the task (`task.py`, as `setup.py` says) on those
that are new, `ledger.py` remembers every answer, `sink.py` writes the reports out of it, `run.py` ties them together.
"""

from photoscan.batch.executor import Answer, Executor, Job, Outcome
from photoscan.batch.file_source import FileSource
from photoscan.batch.ledger import Ledger
from photoscan.batch.local import LocalExecutor
from photoscan.batch.run import Batch, Progress
from photoscan.batch.setup import Setup
from photoscan.batch.source import Item, Shard, Source
from photoscan.batch.store import StoreSource

__all__ = [
    "Answer",
    "Batch",
    "Executor",
    "FileSource",
    "Item",
    "Job",
    "Ledger",
    "LocalExecutor",
    "Outcome",
    "Progress",
    "Setup",
    "Shard",
    "Source",
    "StoreSource",
]
