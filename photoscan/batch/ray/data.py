"""For those whose archive is a Dataset of Ray Data: a class for its `map_batches`, without a batch's ledger."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from photoscan.batch.executor import Answer, ChangedError, Job
from photoscan.batch.run import CHANCES
from photoscan.batch.setup import Setup
from photoscan.batch.source import unread_key
from photoscan.batch.store import Stored, is_store
from photoscan.batch.table import row, schema
from photoscan.batch.task import set_up
from photoscan.errors import NotReadableError, PhotoscanError, WorkerLostError, WorkerTimeoutError
from photoscan.workers import Workers

if TYPE_CHECKING:
    import pyarrow

_PASSES = 3
"""How often an object is looked at anew because it was replaced meanwhile."""


class Inspector:
    """Looks at the photos whose paths, or addresses in an object store, are a column of each batch.

    `setup`: the text of a `photoscan.batch.Setup`, made where the Dataset is made; so policy and people travel with it,
    and a machine with another photoscan is refused. `column`: which one holds the paths; a column `version` says which
    version of an object is meant, otherwise it is the one that is there. `timeout`: seconds for one photo.

    Every photo is looked at in a process of its own: one that kills it, or takes too long, twice, is a row that says
    so, and the actor goes on. Ray Data gives a batch again whose actor was lost: a sink that may hold rows twice has to
    know them by `path`, or by `key`, which is the same for the same photo.
    """

    def __init__(self, setup: str, column: str = "path", timeout: float = 120.0, recycle: int = 1000) -> None:
        self._unseen = Setup.read(setup).scanner().unseen
        self._column = column
        self._workers: Workers[Job, Answer] = Workers(partial(set_up, setup), 1, timeout=timeout, recycle=recycle)

    def __call__(self, batch: Any) -> pyarrow.Table:
        """A row for each path, as `photoscan batch --parquet` writes it, and with its `key`: the hash of the content
        and of what the name tells, null where it was not read.

        Raises what keeps every photo from being looked at, such as a missing model.
        """
        import pyarrow

        paths = _texts(batch[self._column])
        versions = _texts(batch["version"]) if "version" in _names(batch) else [None] * len(paths)
        rows = [self._row(path, version) for path, version in zip(paths, versions, strict=True)]
        columns = schema().insert(1, pyarrow.field("key", pyarrow.string()))
        return pyarrow.Table.from_pylist(rows, columns)

    def _row(self, path: str | None, version: str | None) -> dict[str, Any]:
        path = path or ""
        try:
            answer = self._answer(path, version)
        except PhotoscanError as error:
            if self._workers.broken is not None:
                raise
            return row(self._unseen(path, error).to_dict()) | {"key": None}
        return row(json.loads(answer.report)) | {"key": answer.content}

    def _answer(self, path: str, version: str | None) -> Answer:
        if not is_store(path):
            return self._look(Job(unread_key(path, ""), path))
        if version is not None:
            return self._look(Job(unread_key(path, version), path, version))
        for _ in range(_PASSES):
            found = Stored(path, "").renewed().version
            try:
                return self._look(Job(unread_key(path, found), path, found))
            except ChangedError:
                continue
        raise NotReadableError("problem.photo.restless", path=path)

    def _look(self, job: Job) -> Answer:
        for _ in range(CHANCES - 1):
            try:
                return self._workers.submit(job).result()
            except (WorkerLostError, WorkerTimeoutError):
                if self._workers.broken is not None:
                    raise
        return self._workers.submit(job).result()


def _names(batch: Any) -> list[str]:
    """Of the columns of a batch of any form that Ray Data has: numpy's arrays by name, pandas, pyarrow."""
    return list(batch.column_names if hasattr(batch, "column_names") else batch)


def _texts(column: Any) -> list[str | None]:
    """A column's values; None for what is missing there, however that form says it."""
    values = column.to_pylist() if hasattr(column, "to_pylist") else column.tolist()
    return [str(value) if value is not None and value == value else None for value in values]
