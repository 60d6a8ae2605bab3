"""One run of a batch: what is new goes to the executor, every answer to the ledger, and in the end all to the sink.

A path gets one row. Work is done once: photos with the same bytes, and names that tell the same, share one answer.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from photoscan.batch.executor import Answer, ChangedError, Executor, Job, Outcome
from photoscan.batch.ledger import Ledger
from photoscan.batch.source import Item, Source
from photoscan.batch.summary import Summary
from photoscan.batch.task import inspected, renamed
from photoscan.errors import NotReadableError, PhotoscanError
from photoscan.report import Report

CHANCES = 2
"""So many processes may die over a photo, or be ended for taking too long, before it is set aside."""
_PASSES = 3
"""How often a photo is looked at anew because its file changed meanwhile."""

Unseen = Callable[[str, PhotoscanError], Report]
"""Makes the report of a photo that nobody could report on, from its path and the reason."""


@dataclass(slots=True)
class Progress:
    """Where a run is. `passed`: paths come past; `answered`: photos inspected; `total` is None until it is counted."""

    passed: int = 0
    answered: int = 0
    waiting: int = 0
    total: int | None = None
    started: float = field(default_factory=monotonic)

    @property
    def done(self) -> int:
        """Paths that need nothing more."""
        return self.passed - self.waiting

    @property
    def rate(self) -> float:
        """Photos inspected a second; 0 before the first."""
        return self.answered / max(monotonic() - self.started, 1e-9)

    @property
    def seconds_left(self) -> float | None:
        """At this rate, were all that remain new; None when nothing is known yet."""
        return None if self.total is None or not self.answered else max(self.total - self.done, 0) / self.rate


class Batch:
    """A source, an executor and a ledger. `unseen` makes the report of a photo that the task could not report on."""

    def __init__(self, source: Source, executor: Executor, ledger: Ledger, unseen: Unseen) -> None:
        self.source = source
        self.executor = executor
        self.ledger = ledger
        self.unseen = unseen
        self.progress = Progress()
        self.stopping = False
        self._inside: dict[str, list[tuple[Item, str]]] = {}
        self._changed: list[Item] = []

    def run(self) -> Iterator[Progress]:
        """Work until every path has its answer in the ledger, or `stop`; yields after each answer.

        Raises what keeps the executor from working at all, such as a missing model.
        """
        counting = threading.Thread(target=self._count, daemon=True)
        work: Iterable[Item] = self.source
        for _ in range(_PASSES):
            for outcome in self.executor.run(self._new(work), self._again):
                if counting.ident is None:
                    # Not before: it would keep the first photo waiting.
                    counting.start()
                self._take(outcome)
                yield self.progress
            work, self._changed = self._changed, []
            if not work or self.stopping:
                return
            self.progress.passed -= len(work)
        for item in work:
            self._refuse(item, NotReadableError("problem.photo.restless", path=item.path))
            self.progress.passed += 1

    def stop(self) -> None:
        """Finish what is being looked at and no more. May be called from a signal handler."""
        self.stopping = True
        self.executor.stop()

    def reports(self, summary: Summary | None = None) -> Iterator[dict[str, Any]]:
        """Each path's report: of a finished run in the order of the source, otherwise all that there are so far.

        Each is counted in `summary` as it goes by.
        """
        for path, report, state in self.ledger.reports(of_this_run=not self.stopping):
            row = renamed(report, path)
            if summary is not None:
                summary.add(path, row, state)
            yield row

    def _new(self, work: Iterable[Item]) -> Iterator[Job]:
        """What has no answer yet, as jobs; all else is noted on the way. Pulled by the executor when it has room."""
        for item in work:
            if self.stopping:
                return
            self.progress.passed += 1
            try:
                stamp = item.stamp()
                key = self.ledger.known(item.path, stamp) or item.key(stamp)
            except NotReadableError as error:
                self._refuse(item, error)
                continue
            self.ledger.place(item.path, stamp, key, self.progress.passed)
            if self.ledger.answered(key):
                continue
            self.progress.waiting += 1
            if key in self._inside:
                self._inside[key].append((item, stamp))
                continue
            self._inside[key] = [(item, stamp)]
            yield Job(key, item.path, item.version)

    def _take(self, outcome: Outcome) -> None:
        job = outcome.job
        items = self._inside.pop(job.key)
        self.progress.waiting -= len(items)
        if isinstance(outcome.error, ChangedError):
            for item, _ in items:
                self._renew(item)
            return
        if isinstance(outcome.error, NotReadableError):
            # As of a file that can't be read: the next run tries again, since a store may be out of reach for a while.
            for item, _ in items:
                self._refuse(item, outcome.error)
            return
        if outcome.error is not None:
            self.ledger.answer(job.key, json.dumps(self.unseen(job.path, outcome.error).to_dict()), "set_aside")
        elif not _unchanged(*items[0]):
            # The key says what the file was, the report what it became.
            self._changed += [item for item, _ in items]
            return
        else:
            assert outcome.answer is not None
            self._keep(job, items, outcome.answer)
        self.progress.answered += 1

    def _keep(self, job: Job, items: list[tuple[Item, str]], answer: Answer) -> None:
        """Note an answer under the key of what was read."""
        key = answer.content or job.key
        if key != job.key:
            # Before the answer, which commits it: whatever is killed between them, no answer is without its path.
            for item, stamp in items:
                self.ledger.place(item.path, stamp, key, self.progress.passed)
            if self.ledger.answered(key):
                # The same photo under another name or version: one answer for both.
                return
        whole = inspected(json.loads(answer.report))
        self.ledger.answer(key, answer.report, "whole" if whole else "partial")

    def _renew(self, item: Item) -> None:
        """Look at an item once more, as it is now."""
        try:
            self._changed.append(item.renewed())
        except NotReadableError as error:
            self._refuse(item, error)

    def _refuse(self, item: Item, error: NotReadableError) -> None:
        """A row for what can't be read. It has no stamp, and is looked at again in the next run."""
        key = f"path {json.dumps(item.path)}"
        self.ledger.answer(key, json.dumps(self.unseen(item.path, error).to_dict()), "partial")
        self.ledger.place(item.path, "", key, self.progress.passed)

    def _again(self, job: Job, error: PhotoscanError) -> bool:
        return self.ledger.died(job.key) < CHANCES

    def _count(self) -> None:
        with suppress(PhotoscanError):
            self.progress.total = self.source.count()


def _unchanged(item: Item, stamp: str) -> bool:
    try:
        return item.stamp() == stamp
    except NotReadableError:
        return False
